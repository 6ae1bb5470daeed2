"""Which line of the duty list decides, what a line must say, and when a year's holiday list is whole."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.base.errors import Refused, require
from linli.base.worktime import Stage, Unit

# Where the list says nothing, not even for 其他: the limits of a district that has not yet written its own.
# 咨询、求助 3 工作日, 建议、投诉 13 工作日 are the usual local limits; repairs and hazards wait less.
DESK_SIGN = (4, Unit.WORKING_HOUR)
DESK_RESPONSE = (1, Unit.WORKING_DAY)
STATUTORY_REST = [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]
ADMINISTRATIVE_YEARS = range(2000, 2100)
HANDLING = _("办理")
UNIT_WORDS = {
    "紧急工作时": Unit.URGENT_HOUR.value,
    "工作时": Unit.WORKING_HOUR.value,
    "工作日": Unit.WORKING_DAY.value,
    "自然日": Unit.NATURAL_DAY.value,
}
ENGLISH_UNIT = re.compile(r"(urgent|working|natural|calendar) (hour|day)s?")
STAGE = re.compile(r"(?P<name>.*?)[\s:：]*(?P<amount>\d{1,4})\s*个?\s*(?P<unit>\S.*)")
RESTS = {"休": False, "放假": False, "off": False, "班": True, "上班": True, "working": True}
MOST_DAYS = 31  # of one line of a holiday table


class Matter(models.TextChoices):
    CONSULTATION = "consultation", _("咨询")
    COMPLAINT = "complaint", _("投诉")
    SUGGESTION = "suggestion", _("建议")
    REPAIR = "repair", _("报修")
    HELP = "help", _("求助")
    HAZARD = "hazard", _("隐患")
    FEEDBACK = "feedback", _("对平台的意见")


class Sort(models.TextChoices):
    """部件 is a thing that somebody owns, 事件 something that happens somewhere (GB/T 30428)."""

    PART = "part", _("部件")
    EVENT = "event", _("事件")


@dataclass(frozen=True)
class Clause:
    """A line of the duty list, as far as choosing needs it: ids, place None anywhere, ownership "" any."""

    key: int
    category: int
    place: int | None
    ownership: str


def ranked(
    clauses: Iterable[Clause],
    categories: Sequence[int],
    places: Sequence[int],
    ownership: str,
    sort: str,
) -> list[int]:
    """Return the keys of the clauses that apply, the deciding one first.

    `categories` is the leaf and its parent, `places` the place and its ancestors, both nearest first. A line
    for the leaf beats one for the group. Then 部件先属主、后属地: for a part, who owns it decides before
    where it is; 事件先属地、后属主: for an event, where it happened decides before who owns the ground.
    """
    standing: list[tuple[tuple[int, int, int], int]] = []
    anywhere = len(places)
    for clause in clauses:
        if clause.category not in categories or clause.ownership not in ("", ownership):
            continue
        if clause.place is not None and clause.place not in places:
            continue
        by_category = categories.index(clause.category)
        by_place = anywhere if clause.place is None else places.index(clause.place)
        by_owner = 0 if clause.ownership else 1
        order = (by_owner, by_place) if sort == Sort.PART else (by_place, by_owner)
        standing.append(((by_category, *order), clause.key))
    return [key for _order, key in sorted(standing)]


def desk_limits(matter: str) -> list[Stage]:
    """Return the limit of what no line covers: 咨询、求助 3 working days, 建议、投诉 13, the rest 5."""
    days = {
        Matter.CONSULTATION: 3,
        Matter.HELP: 3,
        Matter.COMPLAINT: 13,
        Matter.SUGGESTION: 13,
        Matter.FEEDBACK: 13,
    }
    return [(str(HANDLING), days.get(Matter(matter), 5) if matter else 5, Unit.WORKING_DAY)]


def principle_words(sort: str) -> str:
    """Say by which principle lines were ordered."""
    if sort == Sort.PART:
        return gettext("这是部件：先看归谁所有，再看在什么地方（部件先属主、后属地）。")
    return gettext("这是事件：先看发生在什么地方，再看归谁所有（事件先属地、后属主）。")


def line_order(number: str) -> list[int]:
    """Sort "3.2" before "3.12"."""
    return [int(part) for part in re.findall(r"\d+", number)] or [0]


def next_number(group: str, taken: Iterable[str]) -> str:
    """Return the next free number of a group: "3" with 3.1 and 3.4 taken → "3.5"."""
    used = [line_order(number)[-1] for number in taken if number.startswith(f"{group}.")]
    return f"{group}.{max(used, default=0) + 1}"


def check_line(lead: str, basis: str, limits: Sequence[tuple[int, str]], stages: Sequence[Stage]) -> None:
    """Refuse a line that binds nobody, cites nothing or has no time."""
    require(bool(lead), gettext("请选主办职能：没有主办，就没有人必须办。"))
    require(bool(basis.strip()), gettext("请写依据：哪部法律、哪一条，或哪份文件。"))
    require(bool(stages), gettext("请至少写一个办理阶段和它的时限。"))
    every = [*limits, *((amount, str(unit)) for _name, amount, unit in stages)]
    require(all(amount >= 1 for amount, _unit in every), gettext("时限至少是 1。"))
    require(all(unit in Unit.values for _amount, unit in every), gettext("请给每个时限选一个单位。"))


def check_holidays(year: int, days: Sequence[tuple[date, bool]]) -> None:
    """Refuse a list of (day, is_working) that cannot be the whole notice of `year`.

    《全国年节及纪念日放假办法》（2024 年修订）第二条: 1 January, 1–2 May and 1–3 October are always days off.
    """
    rule = "《全国年节及纪念日放假办法》第二条"
    require(year in ADMINISTRATIVE_YEARS, gettext("年份应在 2000 到 2099 之间。"))
    require(len({day for day, _working in days}) == len(days), gettext("同一天写了两次，请删去一行。"))
    stray = [day for day, _working in days if abs(day.year - year) > 1]
    require(not stray, gettext("有些日期不在 %(year)d 年前后，请核对。") % {"year": year})
    off = {(day.month, day.day) for day, working in days if not working and day.year == year}
    for month, day in STATUTORY_REST:
        require(
            (month, day) in off,
            gettext("没有 %(month)d 月 %(day)d 日放假，这份名单不完整。请按国务院办公厅通知补齐后再导入。")
            % {"month": month, "day": day},
            rule=rule,
        )
    for when, working in days:
        require(
            not working or when.isoweekday() > 5,
            gettext("%(day)s 本来就是工作日，不能是调休上班日。") % {"day": when.isoformat()},
        )


def read_stages(text: str) -> list[dict[str, Any]]:
    """Read stages as people write them, one a line: "修复 3 个工作日" → {"name", "amount", "unit"}.

    English units are read too: "repair 3 working days".
    """
    stages = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        found = STAGE.fullmatch(line)
        unit = _unit(found["unit"].strip()) if found else None
        require(
            unit is not None,
            gettext("看不懂「%(line)s」。请写成「修复 3 工作日」，单位用紧急工作时、工作时、工作日或自然日。")
            % {"line": line[:40]},
        )
        assert found is not None  # noqa: S101 (the line above refused it)
        name = found["name"].strip() or str(HANDLING)
        stages.append({"name": name, "amount": int(found["amount"]), "unit": unit})
    return stages


def _unit(words: str) -> str | None:
    english = ENGLISH_UNIT.fullmatch(words.lower())
    if english is None:
        return UNIT_WORDS.get(words)
    unit = f"{english[1].replace('calendar', 'natural')}_{english[2]}"
    return unit if unit in Unit.values else None


def read_holidays(text: str) -> list[tuple[date, bool, str]]:
    """Read a table of (day, is_working, name), one line "2027-10-01~2027-10-07,国庆节,休" or "2027-10-09,调休,班".

    Blanks, tabs and Chinese commas separate too; a first line without a date is a heading.
    """
    rows: list[tuple[date, bool, str]] = []
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines()]
    for number, line in enumerate(lines, start=1):
        if not line or (number == 1 and not line[0].isdigit()):
            continue
        rows += _holiday_line(number, _cells(line))
    return rows


def _cells(line: str) -> list[str]:
    """Cut at commas and tabs; where there are none, at blanks."""
    separators = r"[,，\t]+" if re.search(r"[,，\t]", line) else r" +"
    return [cell.strip() for cell in re.split(separators, line) if cell.strip()]


def _holiday_line(number: int, cells: list[str]) -> list[tuple[date, bool, str]]:
    wrong = gettext(
        "第 %(number)d 行看不懂。请写成「2027-10-01~2027-10-07,国庆节,休」或「2027-10-09,调休,班」。"
    )
    require(len(cells) == 3 and cells[2].lower() in RESTS, wrong % {"number": number})
    try:
        ends = [date.fromisoformat(part) for part in re.split("[~～至]", cells[0])]
    except ValueError:
        raise Refused(wrong % {"number": number}) from None
    first, last = ends[0], ends[-1]
    require(len(ends) <= 2 and timedelta() <= last - first < timedelta(MOST_DAYS), wrong % {"number": number})
    days = [first + timedelta(step) for step in range((last - first).days + 1)]
    return [(day, RESTS[cells[2].lower()], cells[1]) for day in days]
