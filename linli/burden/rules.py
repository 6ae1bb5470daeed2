"""What counts as typing, whose demand a form serves, and which sums may be read by others.

国办函〔2026〕12号 (G04, G11): no online time, no presence, no order or speed of a worker. Whatever is kept is a sum of
one day and one form, and others read sums over at least ten workers of a month that is over.
"""

import hashlib
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.base.worktime import Calendar, Unit, before

LEAST_WORKERS = 10  # fewer, and a sum would tell about one of them
KEPT_MONTHS = 24
LEDGER_RULE = _("国办函〔2026〕12号：不统计在线时长，不排名")

# What pages put into a form by themselves: names that no form asks anybody for (tests hold them to that).
MACHINERY = frozenset({
    "csrfmiddlewaretoken", "next", "once", "back", "call", "asking", "as", "as_proposed", "despite", "go", "key",
    "offer", "order", "shown", "step", "wanted", "fact", "keep", "into", "filled_in", "with_photos", "after",
})  # fmt: skip
# Hidden on one page and asked on another: counted where they come, since the ledger would rather say too much.
ASKED_ELSEWHERE = frozenset({
    "category", "code", "common", "condition", "estate", "grid", "head", "is_registered", "kind", "lead", "lives_there",
    "matter", "parent", "person", "place", "reason", "to", "username", "plan", "result",
})  # fmt: skip
# What buttons send with their press.
BUTTONS = frozenset({
    "cut", "decision", "elder", "follow", "granted", "is_passed", "language", "on_the_spot", "outcome", "stay",
    "sure", "take", "text_size", "verb", "was_reached",
})  # fmt: skip

# Forms whose action notes itself who demanded it and how many cells were filled: once is enough.
NOTED_BY_ACTION = frozenset({"reports:fill"})


class Asker(models.TextChoices):
    """For whom a form is filled in."""

    RESIDENTS = "residents", _("居民的事")
    OWN = "own", _("社区自己的登记和安排")
    ABOVE = "above", _("上级的报表和任务")


ASKERS: dict[str, Asker] = {
    "cases": Asker.RESIDENTS,
    "organisations": Asker.RESIDENTS,
    "people": Asker.RESIDENTS,
    "lettings": Asker.RESIDENTS,
    "privacy": Asker.RESIDENTS,
    "reports": Asker.ABOVE,
    "todos": Asker.ABOVE,
}

DOMAINS: dict[str, str | Promise] = {
    "cases": _("办件"),
    "organisations": _("窗口和组织"),
    "people": _("居民账号"),
    "places": _("地点"),
    "register": _("居民登记"),
    "lettings": _("租住登记"),
    "facilities": _("公共部件"),
    "partners": _("合作单位"),
    "imports": _("台账导入导出"),
    "reports": _("报表"),
    "duties": _("权责清单"),
    "todos": _("待办"),
    "privacy": _("个人信息保护"),
    "trail": _("查看留痕"),
    "notices": _("通知"),
    "front": _("公开页"),
}

FORMS: dict[str, str | Promise] = {
    "cases:intake": _("登记来件"),
    "cases:speak": _("登记来件"),
    "cases:chat": _("群聊来件"),
    "cases:accept": _("受理"),
    "cases:categorise": _("改类别"),
    "cases:dispatch": _("派单"),
    "cases:transfer": _("转办"),
    "cases:sign": _("签收"),
    "cases:start": _("开工"),
    "cases:reply": _("答复进展"),
    "cases:resolve": _("办结"),
    "cases:pause": _("暂停"),
    "cases:resume": _("恢复办理"),
    "cases:decline": _("不予受理"),
    "cases:moderate": _("公开审校"),
    "cases:merge": _("合并"),
    "cases:split": _("拆分"),
    "cases:check": _("核查"),
    "cases:call_back": _("回访"),
    "cases:rule": _("裁定"),
    "organisations:assist": _("开始代办"),
    "organisations:settle": _("窗口登记住处"),
    "organisations:verify": _("窗口核验住处"),
    "organisations:register": _("窗口登记居民"),
    "register:add_resident": _("登记住户"),
    "register:change": _("改资料"),
    "register:move": _("搬家"),
    "register:birth": _("出生"),
    "register:death": _("去世"),
    "register:letting": _("出租登记"),
    "register:sale": _("过户"),
    "lettings:agree": _("同意来住登记"),
    "lettings:refuse": _("退回来住登记"),
    "reports:fill": _("报表单元格"),
    "todos:finish": _("外部任务打勾"),
    "todos:say_pointless": _("说一件任务没意义"),
}


def asker_of(form: str) -> Asker:
    """Return for whom a form (a URL name) is filled in; what no domain claims is the community's own."""
    return ASKERS.get(form.partition(":")[0], Asker.OWN)


def domain_words(form: str) -> str:
    """Return the part of the house that a form belongs to, in words."""
    space = form.partition(":")[0]
    return str(DOMAINS.get(space, space))


def form_words(form: str) -> str:
    """Return what a form is called; one without a name of its own is called by its part of the house and its verb."""
    named = FORMS.get(form)
    return str(named) if named else form.partition(":")[2].replace("_", " ")


def is_counted(mark: str, *, assists: bool) -> bool:
    """Whether a page is filled in as staff: it asks for a power, or a resident is being assisted there."""
    return mark.startswith("staff:") or (assists and mark in {"everyone", "signed_in"})


def count(
    posted: Mapping[str, Iterable[str]], files: Iterable[str], held: Mapping[str, str]
) -> tuple[int, int]:
    """Return (typed, filled): fields that somebody filled in, and fields that stood there already and were left.

    `posted` are the values of each field as sent, `files` the fields with a file, `held` what the page had filled in,
    by field, in the form of `likeness`. Empty fields, the page's machinery and buttons count as neither; a field with
    several values (ticks) counts once.
    """
    typed = filled = 0
    for name, values in posted.items():
        text = "\n".join(value.strip() for value in values if value.strip())
        if not text or name in MACHINERY or name in BUTTONS:
            continue
        if name in held and held[name] == likeness(text):
            filled += 1
        else:
            typed += 1
    return typed + len(set(files) - MACHINERY), filled


def likeness(text: str) -> str:
    """Return a mark by which two values are compared: spaces and line ends aside, and without giving the value away."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]


def month_of(text: str, today: date) -> date:
    """Return the first day of the month "2026-03"; what is no month, lies ahead or was purged is the present one."""
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return asked if kept_from(today) <= asked <= today else today.replace(day=1)


def after_month(first: date) -> date:
    """Return the first day of the month that follows."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def before_month(first: date) -> date:
    """Return the first day of the month before."""
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)


def kept_from(today: date) -> date:
    """Return the first day that is kept: 24 months back, on the first of its month."""
    return date(today.year - KEPT_MONTHS // 12, today.month, 1)


def months(today: date) -> list[date]:
    """Return the months that are kept, the present one first."""
    found, month = [], today.replace(day=1)
    while month >= kept_from(today):
        found.append(month)
        month = before_month(month)
    return found


def is_short_notice(opened: datetime, due: datetime, calendar: Calendar) -> bool:
    """Whether a task came with less than a working day between its coming and its limit."""
    return before(due, 1, Unit.WORKING_DAY, calendar) < opened


@dataclass(frozen=True)
class Errand:
    """A task from above that came at short notice: to which body, from whom, on which day, due on which."""

    key: str
    organisation_id: int
    task: str
    demanded_by: str
    came_on: date
    due_on: date


@dataclass(frozen=True)
class Sum:
    """How much was typed: forms sent, fields typed, fields that the system had filled in."""

    times: int = 0
    typed: int = 0
    filled: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        """Return both together."""
        return Sum(self.times + other.times, self.typed + other.typed, self.filled + other.filled)


Group = TypeVar("Group", bound=Hashable)


def shown_groups(groups: Mapping[Group, frozenset[int]], least: int = LEAST_WORKERS) -> set[Group]:
    """Return which of the groups that make up a known total may be shown, by the workers in each.

    A group under `least` workers is hidden. Where those hidden together are still fewer, the total less what is shown
    would uncover them: then the smallest shown group is hidden too (complementary suppression), until they are enough.
    """
    shown = {group for group, workers in groups.items() if len(workers) >= least}
    while True:
        hidden = frozenset[int]().union(*(workers for group, workers in groups.items() if group not in shown))
        if not hidden or len(hidden) >= least or not shown:
            return shown
        shown.remove(min(shown, key=lambda group: (len(groups[group]), str(group))))


def shown_places(
    top: int,
    beneath: Mapping[int, list[int]],
    workers: Mapping[int, frozenset[int]],
    least: int = LEAST_WORKERS,
) -> set[int]:
    """Return the places of a tree whose sums may be read, the same whoever asks.

    `workers` are those whose body belongs to a place itself, `beneath` its places. What lies beneath a hidden place is
    hidden: a sum of a part would help to uncover the rest.
    """
    if len(_all_workers(top, beneath, workers)) < least:
        return set()
    shown = {top}
    parts = {place: _all_workers(place, beneath, workers) for place in beneath.get(top, [])}
    itself = workers.get(top, frozenset())  # a group of its own: it is the total less the places beneath
    allowed = shown_groups({**parts, -top: itself} if itself else parts, least)
    for place in allowed & set(parts):
        shown |= shown_places(place, beneath, workers, least)
    return shown


def _all_workers(
    place: int, beneath: Mapping[int, list[int]], workers: Mapping[int, frozenset[int]]
) -> frozenset[int]:
    under = (_all_workers(part, beneath, workers) for part in beneath.get(place, []))
    return workers.get(place, frozenset()).union(*under)
