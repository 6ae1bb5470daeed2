"""A workbook is filled in one click: for a place, as the facts were on a day; each person in it can read that."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from linli.base.errors import require
from linli.burden import actions as burden
from linli.people.models import Person
from linli.places.models import Place
from linli.privacy import actions as privacy
from linli.reports.actions.making import facts_of
from linli.reports.actions.standing import registers, trace
from linli.reports.models import Column, Demand, Filling, Template, Wanted, columns_of
from linli.reports.models.gathering import Row, homes, lettings, persons
from linli.reports.models.hazards import hazards
from linli.reports.rules import CellValue, Fact, Kind, Source, Subject, Who, Writing, written
from linli.reports.rules.writing import Spot
from linli.reports.rules.writing import fill as fill_workbook

GATHERERS: dict[str, Callable[[Place, date, Who, frozenset[str]], list[Row]]] = {
    Subject.PERSON: persons,
    Subject.HOME: homes,
    Subject.LETTING: lettings,
    Subject.HAZARD: hazards,
}
STAMP_DIGITS = 16


@dataclass
class Cells:
    """What stands in the rows, what is missing, and whom it shows."""

    rows: list[Row]
    columns: list[Column]
    values: list[list[CellValue]] = field(default_factory=list)
    missing: list[tuple[Row, Column]] = field(default_factory=list)
    filled: int = 0

    def missing_counts(self) -> dict[str, int]:
        """Return how many cells of each column nobody has been asked for yet."""
        counts: dict[str, int] = {}
        for _row, column in self.missing:
            counts[column.words] = counts.get(column.words, 0) + 1
        return counts

    def table(self) -> dict[str, Any]:
        """Return the cells as text, by the rows' names, for comparing."""
        texts = {
            row.name: ["" if value is None else str(value) for value in values]
            for row, values in zip(self.rows, self.values, strict=True)
        }
        return {
            "columns": [column.words for column in self.columns],
            "numbers": [column.words for column in self.columns if column.source == Source.NUMBER],
            "names": {row.name: row.called for row in self.rows},
            "rows": texts,
            "missing": [[row.name, column.words] for row, column in self.missing],
            "others": [pk for pk in self.shows() if f"people.Person:{pk}" not in texts],
        }

    def shows(self) -> list[int]:
        """Return the ids of all persons whose data stand in it."""
        return list(dict.fromkeys(pk for row in self.rows for pk in row.shows))


def writing_of(column: Column, fact: Fact | None, *, is_whole: bool) -> Writing:
    """Return how the values of a column are written."""
    kind = fact.kind if fact else (Kind.NUMBER if column.source == Source.NUMBER else Kind.TEXT)
    return Writing(kind, column.date_format, column.unit, column.codes, is_whole)


def gather(template: Template, place: Place, on: date, *, is_whole: bool) -> Cells:
    """Return the cells of a template for a place and a day; reads only, in a constant number of queries."""
    facts, columns = facts_of(template.subject), columns_of(template)
    who = Who.of(template.who)
    wanted = {facts[column.fact].field or column.fact for column in columns if column.fact in facts}
    wanted |= {column.fact for column in columns if column.fact}
    rows = GATHERERS[template.subject](place, on, who, frozenset(wanted))
    said = _said(columns)
    cells = Cells(rows, [column for column in columns if column.source not in {Source.BLANK, Source.FORMULA}])
    ways = {
        column.pk: writing_of(column, facts.get(column.fact), is_whole=is_whole) for column in cells.columns
    }
    for number, row in enumerate(rows, start=1):
        values = []
        for column in cells.columns:
            held = _held(column, row, number, said)
            value = written(held, ways[column.pk])
            values.append(value)
            if value is not None:
                cells.filled += 1
            elif _nobody_asked(column, row, facts):
                cells.missing.append((row, column))
        cells.values.append(values)
    return cells


def _held(column: Column, row: Row, number: int, said: Mapping[tuple[str, int], str]) -> Any:
    if column.source == Source.NUMBER:
        return number
    if column.source == Source.CONSTANT:
        return column.constant
    if column.source == Source.QUESTION:
        return said.get((row.name, column.pk))
    value = row.facts.get(column.fact)
    if value is None and column.fact.startswith("tag:"):
        return False
    return value


def _nobody_asked(column: Column, row: Row, facts: Mapping[str, Fact]) -> bool:
    if column.source == Source.QUESTION:
        return row.home is not None
    fact = facts.get(column.fact)
    return fact is not None and fact.may_be_missing and row.person_id is not None


def _said(columns: Sequence[Column]) -> dict[tuple[str, int], str]:
    """Return {(row name, column): answer} of what was answered to these columns' questions."""
    asked = [column.pk for column in columns if column.source == Source.QUESTION]
    if not asked:
        return {}
    rows = Wanted.objects.filter(column__in=asked).exclude(answered_at=None)
    return {(row.subject, row.column_id or 0): row.said for row in rows}


@transaction.atomic
def fill(
    template: Template, place: Place, on: date, *, is_whole: bool, by: Person, at: datetime, typed: int = 0
) -> Filling:
    """Fill the workbook for `place` as of the day `on` and keep it as the next version.

    `by` must keep the register of `place`, which lies in the template's community. Identity numbers and
    telephones are covered in the middle unless `is_whole`. Everyone in it gets a line in their trail, with the
    demand as the reason; `typed` is how many fields `by` filled in to ask for it. Raises Refused where no demand
    holds any more (past its end a workbook is not filled without a new basis) and while no assessment is in force.
    """
    privacy.require_assessed("reports.fill", at)
    role = registers(by, place, at)
    row = Template.objects.select_for_update().get(pk=template.pk)
    today = localdate(at)
    require(row.retired_at is None and row.is_ready, _("这张表还没对好列，请先到“对列”里存一次。"))
    require(row.place.holds(place), _("这张表是%(place)s的，填不了别处。") % {"place": row.place.name})
    require(on <= today, _("还没到的日子填不了，请选今天或以前的日子。"))
    demand = row.demand_on(today)
    require(
        demand is not None,
        _("这张表的依据已经到期，不再填报。上级还要的话，请他们给出新的依据，登记后再填。"),
    )
    assert demand is not None  # noqa: S101 — for the type checker
    cells = gather(row, place, on, is_whole=is_whole)
    filling = _kept(row, demand, place, on, cells, by, at, is_whole=is_whole)
    burden.note(by, role.organisation, "reports:fill", typed, cells.filled, at, demanded_by=demand.demander)
    trace(
        cells.shows(),
        by,
        role,
        _("报表里的%(columns)s") % {"columns": "、".join(column.words for column in cells.columns)},
        reason_of(demand, row.name),
        at,
        f"reports.Filling:{filling.pk}",
    )
    return filling


@override(settings.LANGUAGE_CODE)
def reason_of(demand: Demand, name: str) -> str:
    """Return in words why somebody's data are in a report."""
    words = _("填报“%(name)s”：%(demander)s要求，依据%(basis)s，至%(until)s")
    return words % {
        "name": name,
        "demander": demand.demander,
        "basis": demand.basis,
        "until": demand.until.isoformat(),
    }


@override(settings.LANGUAGE_CODE)  # what is kept is in the deployment's language
def _kept(
    template: Template, demand: Demand, place: Place, on: date, cells: Cells, by: Person, at: datetime, *,
    is_whole: bool,
) -> Filling:  # fmt: skip
    table = cells.table()
    last = Filling.objects.filter(template=template, place=place).aggregate(last=Max("version"))["last"] or 0
    filling = Filling(
        template=template, demand=demand, place=place, on=on, version=last + 1, is_whole=is_whole,
        rows=len(cells.rows), filled=cells.filled, missing=cells.missing_counts(), made_by=by, made_at=at,
    )  # fmt: skip
    stamp = _("邻里填报 %(number)s 第%(version)d版 %(on)s %(place)s %(who)s 校验%(digest)s") % {
        "number": filling.token,
        "version": filling.version,
        "on": on.isoformat(),
        "place": place.name,
        "who": by.masked,
        "digest": digest_of(table)[:STAMP_DIGITS],
    }
    facts = facts_of(template.subject)
    kinds = [
        (column.number, writing_of(column, facts.get(column.fact), is_whole=True).kind)
        for column in cells.columns
    ]
    spot = Spot(template.sheet, template.data_first, template.foot)
    filled = fill_workbook(template.book, spot, kinds, cells.values, stamp)
    filling.book, filling.table = filled.content, table
    filling.digest = hashlib.sha256(filled.content).hexdigest()
    filling.warnings = [*template.warnings, *(warned.words for warned in filled.warnings)]
    filling.save()
    return filling


def digest_of(table: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the cells, as the footer of each printed page carries its beginning."""
    told = json.dumps([table["columns"], table["rows"]], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


@transaction.atomic
def hand_out(filling: Filling, *, by: Person, at: datetime) -> bytes:
    """Return a filled workbook, leaving a look for everyone in it. Raises Refused once it was purged."""
    role = registers(by, filling.place, at)
    content = filling.book
    require(bool(content), _("这一版的内容已按保存期限清除，只留下数量。需要的话请重新填一次。"))
    _look_at(filling, filling.table, _("下载填好的报表"), by, role, at)
    return content


@transaction.atomic
def read_table(filling: Filling, *, by: Person, at: datetime) -> dict[str, Any]:
    """Return the cells of a filling as text, leaving a look for everyone in it."""
    role = registers(by, filling.place, at)
    table = filling.table
    _look_at(filling, table, _("查看填好的报表"), by, role, at)
    return table


@transaction.atomic
def read_missing(
    filling: Filling, start: int, size: int, *, by: Person, at: datetime
) -> tuple[list[dict[str, Any]], int]:
    """Return a page of the cells that nobody has been asked for ({who, column}) and how many there are in all.

    Those who are shown get a look.
    """
    role = registers(by, filling.place, at)
    table = filling.table
    every = table.get("missing", [])
    shown = every[start : start + size]
    ids = [int(name.rpartition(":")[2]) for name, _words in shown if name.startswith("people.Person:")]
    reason = reason_of(filling.demand, filling.template.name)
    trace(ids, by, role, _("姓名、还缺哪些信息"), reason, at, f"reports.Filling:{filling.pk}")
    return [{"who": table["names"].get(name, ""), "column": words} for name, words in shown], len(every)


def _look_at(
    filling: Filling, table: Mapping[str, Any], what: str, by: Person, role: Any, at: datetime
) -> None:
    ids = [int(name.rpartition(":")[2]) for name in table["rows"] if name.startswith("people.Person:")]
    ids += table.get("others", [])
    fields = _("%(what)s：%(columns)s") % {"what": what, "columns": "、".join(table["columns"])}
    reason = reason_of(filling.demand, filling.template.name)
    trace(ids, by, role, fields, reason, at, f"reports.Filling:{filling.pk}")


@transaction.atomic
def answer_held(demand: Demand, filling: Filling, *, by: Person, at: datetime) -> Demand:
    """Answer a demand with "already held, here it is": a filling of the same template stands as the answer.

    Only where all its columns are held facts: then nobody has to type anything. Again changes nothing.
    """
    registers(by, filling.place, at)
    row = Demand.objects.select_for_update().get(pk=demand.pk)
    require(filling.template_id == row.template_id, _("请用这张表填好的一版来答复。"))
    require(
        is_all_held(row.template),
        _("这张表还有要去问的列，不能答复“已经有了”。"),
    )
    if row.answered_at is None:
        row.answered_at, row.answered_by, row.answer = at, by, filling
        row.save(update_fields=["answered_at", "answered_by", "answer"])
    return row


def is_all_held(template: Template) -> bool:
    """Whether filling it needs no typing: no column asks for what is not held."""
    return not template.columns.filter(source=Source.QUESTION).exists()


@transaction.atomic
def purge(before: datetime, *, at: datetime) -> int:
    """Take the content out of fillings made before that moment; counts and digests stay. Returns how many."""
    old = Filling.objects.filter(made_at__lt=before, purged_at=None)
    return old.update(book_sealed=b"", table_sealed=b"", purged_at=at)
