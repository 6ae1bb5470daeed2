"""Files of facilities come in from a spreadsheet's CSV: tried first, then kept; a bad row never loses a good one."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.errors import Refused, require
from linli.base.tables import decoded
from linli.facilities.actions.enrolling import Facts, enrol, registrar
from linli.facilities.actions.kinds import kind_called
from linli.facilities.models import Facility
from linli.facilities.rules import Payer
from linli.organisations.models import Organisation
from linli.people.models import Person
from linli.places import actions as places
from linli.places.models import Kind, Ownership, Place
from linli.places.rules import clean_name

LARGEST = 5 * 1024 * 1024  # bytes
MOST_ROWS = 5000
NAME, WHERE, KIND = "名称", "位置", "种类"
NEEDED = (NAME, WHERE, KIND)
OPTIONAL = ("归谁", "管理单位", "维保单位", "谁出钱", "启用日期", "型号")
LAST = "上次"  # the rest of the column's title is the name of a plan
COLUMNS = (*NEEDED, *OPTIONAL, LAST + "半月维护保养")
PARENTS = (Kind.COMMUNITY, Kind.ESTATE, Kind.BUILDING, Kind.UNIT, Kind.STREET)


@dataclass(frozen=True)
class Fault:
    """A row that was not taken: its line in the file, why, and what it held."""

    line: int
    reason: str
    cells: dict[str, str]

    @property
    def name(self) -> str:
        """What the row calls its facility."""
        return self.cells.get(NAME, "")


@dataclass
class Imported:
    """What an import did, or would do."""

    made: int = 0
    changed: int = 0
    faults: list[Fault] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # columns that nothing reads


@transaction.atomic
def import_facilities(data: bytes, within: Place, *, by: Person, at: datetime, keep: bool) -> Imported:
    """Read a CSV (UTF-8 or GBK) of facilities under `within`; `keep` False tries it and changes nothing.

    A facility is known by where it stands and its name, so that the same file again makes nothing new.
    """
    registrar(by, within, at)
    done = Imported()
    for line, cells in _rows(data, done):
        try:
            with transaction.atomic():
                made = _take(cells, within, by, at)
            done.made, done.changed = done.made + made, done.changed + (not made)
        except Refused as refused:
            done.faults.append(Fault(line, str(refused.reason), cells))
    if not keep:
        transaction.set_rollback(True)
    return done


def _rows(data: bytes, done: Imported) -> Iterator[tuple[int, dict[str, str]]]:
    require(bool(data.strip()), _("文件是空的，请重新选。"))
    require(len(data) <= LARGEST, _("文件太大，最多 5 MB。请分几份导入。"))
    require(not data.startswith(b"PK"), _("这是 Excel 文件，请另存为 CSV 再导入。"))
    reader = csv.DictReader(io.StringIO(decoded(data), newline=""))
    titles = [clean_name(title) for title in reader.fieldnames or []]
    reader.fieldnames = titles
    missing = [title for title in NEEDED if title not in titles]
    require(not missing, _("缺少“%(columns)s”这几列，第一行请写列名。") % {"columns": "、".join(missing)})
    require(len(titles) == len(set(titles)), _("有两列的名字一样，请改掉一个。"))
    done.unknown = [
        title for title in titles if title not in (*NEEDED, *OPTIONAL) and not title.startswith(LAST)
    ]
    try:
        for number, row in enumerate(reader, start=1):
            require(number <= MOST_ROWS, _("一次最多 %(n)s 行，请分几份导入。") % {"n": MOST_ROWS})
            cells = {key: clean_name(value or "") for key, value in row.items() if isinstance(key, str)}
            if any(cells.values()):
                yield reader.line_num, cells
    except csv.Error:
        raise Refused(_("第 %(n)s 行读不出来，多半是引号没有配对。") % {"n": reader.line_num}) from None


def _take(cells: dict[str, str], within: Place, by: Person, at: datetime) -> bool:
    """Enter one row; return whether its facility is new."""
    for title in NEEDED:
        require(bool(cells.get(title)), _("“%(column)s”是空的。") % {"column": title})
    parent = _parent(cells[WHERE], within)
    kind = kind_called(cells[KIND])
    facts = Facts(
        kind.name,
        _choice(cells, "归谁", dict(Ownership.choices), ""),
        _body(cells.get("管理单位", ""), parent),
        _body(cells.get("维保单位", ""), parent),
        _choice(cells, "谁出钱", dict(Payer.choices), Payer.UNKNOWN),
        _day(cells, "启用日期"),
        cells.get("型号", ""),
        _last_days(cells, {plan.name for plan in kind.plans.all()}),
    )
    place = Place.objects.live().filter(parent=parent, kind=Kind.FACILITY, name=cells[NAME]).first()
    if place is None:
        require(len(cells[NAME]) <= 120, _("名称最多 120 个字。"))
        place = places.plant(Kind.FACILITY, cells[NAME], parent)
    is_new = not Facility.objects.filter(place=place).exists()
    enrol(place, facts, by=by, at=at)
    return is_new


def _parent(words: str, within: Place) -> Place:
    known = Place.objects.live().within(within).filter(kind__in=PARENTS)
    found = list(known.filter(name=words)[:2]) or list(known.filter(full_name__endswith=words)[:2])
    require(bool(found), _("没有找到位置“%(words)s”。") % {"words": words})
    require(len(found) == 1, _("位置“%(words)s”不止一处，请写全称。") % {"words": words})
    return found[0]


def _body(name: str, parent: Place) -> Organisation | None:
    if not name:
        return None
    found = Organisation.objects.serving(parent).filter(name=name).first()
    require(found is not None, _("没有服务这里的单位“%(name)s”。") % {"name": name})
    return found


def _choice(cells: dict[str, str], title: str, choices: dict[str, object], default: str) -> str:
    typed = cells.get(title, "")
    if not typed:
        return default
    value = next((value for value, label in choices.items() if typed in {value, str(label)}), None)
    if value is None:
        labels = "、".join(str(label) for label in choices.values())
        raise Refused(
            _("“%(column)s”写的“%(typed)s”认不出，可以写：%(labels)s。")
            % {"column": title, "typed": typed, "labels": labels}
        )
    return value


def _day(cells: dict[str, str], title: str) -> date | None:
    typed = cells.get(title, "")
    if not typed:
        return None
    plain = typed.replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-").rstrip("日")
    try:
        year, month, day = (int(part) for part in plain.split("-"))
        return date(year, month, day)
    except ValueError:
        raise Refused(
            _("“%(column)s”的“%(typed)s”不是日期，请写成 2026-03-09。") % {"column": title, "typed": typed}
        ) from None


def _last_days(cells: dict[str, str], plans: set[str]) -> dict[str, date]:
    days = {}
    for title, value in cells.items():
        name = title.removeprefix(LAST).strip("：: ")
        if title.startswith(LAST) and value:
            require(name in plans, _("这种部件没有“%(plan)s”这项检验。") % {"plan": name})
            day = _day(cells, title)
            if day is not None:
                days[name] = day
    return days
