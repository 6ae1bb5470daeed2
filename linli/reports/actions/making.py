"""A superior's workbook becomes a template: taken in, read, its columns matched, its demand recorded."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from linli.base.errors import Refused, require
from linli.base.text import shorten
from linli.organisations.models import Organisation
from linli.people.models import Person
from linli.places.models import Place
from linli.privacy import actions as privacy
from linli.register.models import TagKind
from linli.reports.actions.standing import registers
from linli.reports.models import Column, Demand, Template
from linli.reports.rules import (
    DateFormat,
    Fact,
    Heading,
    Kind,
    Layout,
    Source,
    Subject,
    Who,
    check_demand,
    checked,
    facts_for,
    known_words,
    layout_of,
    propose,
    propose_all,
    propose_layout,
)
from linli.reports.rules.books import open_workbook, sheet_of
from linli.reports.rules.coding import codes_for
from linli.reports.rules.formats import date_format_in, unit_in
from linli.reports.rules.proposing import OTHERS, bare, is_another

LARGEST_HEADER = 12  # rows


@dataclass(frozen=True)
class Asked:
    """Who demands it, on what basis, how often, from when to when."""

    demander: str
    basis: str
    period: str
    since: date
    until: date
    organisation: Organisation | None = None


@dataclass(frozen=True)
class Upload:
    """A workbook as it came."""

    name: str
    content: bytes


def tag_kinds() -> list[tuple[str, str]]:
    """Return the kinds of tag in use as (code, name)."""
    return list(TagKind.objects.filter(retired_at=None).values_list("code", "name"))


def facts_of(subject: str) -> dict[str, Fact]:
    """Return the facts of which rows about `subject` can speak, tags included."""
    return facts_for(subject, tag_kinds())


@transaction.atomic
def make(
    name: str, place: Place, subject: str, upload: Upload, asked: Asked, by: Person, at: datetime
) -> Template:
    """Take in a superior's workbook for the community `place` and propose how its columns are filled.

    `by` must keep the register there. Raises Refused for a workbook that may not come in, one without a header
    that can be found, and a demand without body, basis or end.
    """
    registers(by, place, at)
    require(bool(name.strip()), _("请给这张表起个名字，例如“老年人情况统计表”。"))
    require(subject in Subject.values, _("请选择一行是一个人、一户、一处出租还是一件隐患。"))
    warnings = checked(upload.name, upload.content)
    facts = facts_of(subject)
    book = open_workbook(upload.content)
    layout = _best_layout(book, facts)
    template = Template(
        name=shorten(name.strip(), 80),
        place=place,
        subject=subject,
        file_name=shorten(upload.name, 120),
        digest=hashlib.sha256(upload.content).hexdigest(),
        is_whole=True,
        warnings=[warned.words for warned in warnings],
        made_by=by,
        made_at=at,
    )
    template.book = upload.content
    _lay_out(template, layout)
    template.save()
    _propose_columns(template, layout, book[layout.sheet], facts)
    demand(template, asked, by=by, at=at)
    return template


def _best_layout(book: Any, facts: dict[str, Fact]) -> Layout:
    """Return the layout of the sheet that most looks like a list, a visible one before a hidden one."""
    words = known_words(facts)
    layouts = [layout for sheet in book.worksheets if (layout := propose_layout(sheet, words)) is not None]
    if not layouts:
        raise Refused(_("表里没找到表头。请确认有一行写着各列的名称，例如“姓名、身份证号”。"))
    return max(layouts, key=lambda layout: (not layout.is_hidden, layout.score))


def _lay_out(template: Template, layout: Layout) -> None:
    template.sheet = layout.sheet
    template.header_first, template.header_last = layout.header_first, layout.header_last
    template.data_first, template.foot = layout.data_first, layout.foot


@override(settings.LANGUAGE_CODE)  # code lists go into the superior's workbook
def _propose_columns(template: Template, layout: Layout, sheet: Any, facts: dict[str, Fact]) -> None:
    template.columns.all().delete()
    offered = offered_lists(sheet, layout)
    Column.objects.bulk_create(
        [
            _proposed(template, heading, (source, code), sheet, layout, offered, facts)
            for heading, source, code in propose_all(layout.headings, facts)
        ]
    )


def _proposed(
    template: Template,
    heading: Heading,
    proposed: tuple[str, str],
    sheet: Any,
    layout: Layout,
    offered: dict[int, list[str]],
    facts: dict[str, Fact],
) -> Column:
    """Return a column as its words, its first cell and its list of choices propose it."""
    first = sheet._cells.get((layout.data_first, heading.column))
    (source, code), words = proposed, heading.words
    if first is not None and first.data_type == "f":
        source, code = Source.FORMULA, ""
    elif heading.column in hidden_columns(sheet):
        source, code, words = Source.BLANK, "", words + _("（隐藏的列）")
    fact = facts.get(code)
    column = Column(
        template=template,
        number=heading.column,
        words=shorten(words, 200),
        source=source,
        fact=code,
        unit=unit_in(heading.words) if fact and fact.kind == Kind.NUMBER else "",
        date_format=_date_format(heading, first) if fact and fact.kind == Kind.DATE else DateFormat.ISO,
    )
    if fact is not None:
        shown = str(first.value) if first is not None and first.value is not None else ""
        column.codes = codes_for(fact, heading.words, offered.get(heading.column, []), shown)
    return column


def _date_format(heading: Heading, first: Any) -> str:
    """Return the format that the header names, the example shows or the cell is set to."""
    shown = date_format_in(heading.words)
    if not shown and first is not None and first.value is not None and not isinstance(first.value, date):
        shown = date_format_in(str(first.value))
    if not shown and first is not None and first.is_date:
        shown = DateFormat.CELL
    if not shown and first is not None and first.number_format not in {"General", "@"}:
        shown = DateFormat.CELL if date_format_in(first.number_format) else ""
    last = bare(heading.path[-1])
    return shown or (DateFormat.MONTH_WORDS if last.endswith("年月") else DateFormat.ISO)


def offered_lists(sheet: Any, layout: Layout) -> dict[int, list[str]]:
    """Return by column the words of its drop-down list (data validation), where the sheet has one."""
    found: dict[int, list[str]] = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type != "list" or not rule.formula1:
            continue
        words = _listed(sheet, str(rule.formula1))
        for area in rule.sqref.ranges:
            if area.min_row <= layout.data_first + 1 and area.max_row >= layout.data_first:
                for column in range(area.min_col, min(area.max_col, area.min_col + 50) + 1):
                    found[column] = words
    return found


def hidden_columns(sheet: Any) -> set[int]:
    """Return the columns that nobody sees who looks at the sheet: what goes there is for a person to decide."""
    spans = [(span.min, span.max) for span in sheet.column_dimensions.values() if span.hidden]
    return {column for first, last in spans for column in range(first or 1, min(last or first or 1, 500) + 1)}


def _listed(sheet: Any, formula: str) -> list[str]:
    """Return the words of a list: written out ("男,女"), or standing in cells (名单!$A$1:$A$9)."""
    if formula.startswith('"'):
        return [word.strip() for word in formula.strip('"').split(",") if word.strip()]
    named = sheet.defined_names.get(formula.lstrip("=")) or sheet.parent.defined_names.get(
        formula.lstrip("=")
    )
    title, sign, area = (named.attr_text if named else formula).lstrip("=").rpartition("!")
    title = title.strip("'")
    source = sheet.parent[title] if sign and title in sheet.parent.sheetnames else sheet
    try:
        cells = source[area.replace("$", "")]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
    rows = cells if isinstance(cells, tuple) else ((cells,),)
    flat = [cell for row in rows for cell in (row if isinstance(row, tuple) else (row,))][:500]
    return [str(cell.value).strip() for cell in flat if cell.value is not None]


@transaction.atomic
def choose_layout(
    template: Template,
    sheet: str,
    header_first: int,
    header_last: int,
    subject: str,
    *,
    by: Person,
    at: datetime,
) -> Template:
    """Let a person say where the header stands and what a row is about; the columns are proposed anew."""
    registers(by, template.place, at)
    row = Template.objects.select_for_update().get(pk=template.pk)
    require(subject in Subject.values, _("请选择一行是什么。"))
    require(
        1 <= header_first <= header_last <= header_first + LARGEST_HEADER,
        _("表头从第几行到第几行请按先后写，最多 %(most)s 行。") % {"most": LARGEST_HEADER},
    )
    worksheet = sheet_of(open_workbook(row.book), sheet)
    layout = layout_of(worksheet, header_first, header_last)
    require(bool(layout.headings), _("第 %(row)s 行没有列名，请看一下表头在第几行。") % {"row": header_first})
    row.subject, row.is_ready = subject, False
    _lay_out(row, layout)
    row.save()
    _propose_columns(row, layout, worksheet, facts_of(subject))
    return row


@dataclass(frozen=True)
class Mapped:
    """What a person chose for one column."""

    number: int
    source: str
    fact: str = ""
    constant: str = ""
    date_format: str = DateFormat.ISO
    unit: str = ""
    codes: dict[str, str] | None = None


@transaction.atomic
def map_columns(
    template: Template, mapped: Iterable[Mapped], who: Who, *, is_whole: bool, by: Person, at: datetime
) -> Template:
    """Keep how each column is filled, who is in it and whether numbers are written whole; then it may be filled.

    A column of the workbook that is left out stays as it was: none is lost. A question that asks for what is
    held already is refused (G03: 不得随意或重复要求基层填表报数).
    """
    registers(by, template.place, at)
    row = Template.objects.select_for_update().get(pk=template.pk)
    facts = facts_of(row.subject)
    columns = {column.number: column for column in row.columns.all()}
    for chosen in mapped:
        column = columns.get(chosen.number)
        require(column is not None, _("表里没有第 %(number)s 列。") % {"number": chosen.number})
        if column is not None:
            _map(column, chosen, facts, row.subject)
    Column.objects.bulk_update(
        columns.values(), ["source", "fact", "constant", "date_format", "unit", "codes"]
    )
    require(
        any(column.source == Source.FACT for column in columns.values()),
        _("还没有一列对上已有的信息，填不出内容。请至少对上一列，例如姓名。"),
    )
    row.who, row.is_whole, row.is_ready = who.kept(), is_whole, True
    row.save(update_fields=["who", "is_whole", "is_ready"])
    return row


def _map(column: Column, chosen: Mapped, facts: dict[str, Fact], subject: str) -> None:
    require(chosen.source in Source.values, _("请选择“%(column)s”填什么。") % {"column": column.words})
    fact = facts.get(chosen.fact)
    if chosen.source == Source.FACT:
        require(fact is not None, _("请选择“%(column)s”对应哪项信息。") % {"column": column.words})
    if chosen.source == Source.CONSTANT:
        require(bool(chosen.constant.strip()), _("请写“%(column)s”固定填什么。") % {"column": column.words})
    if chosen.source == Source.QUESTION:
        held = _held_already(column, facts)
        require(
            not held,
            _("“%(column)s”已经有了（%(held)s），不用再去问，请改选已有的信息。")
            % {"column": column.words, "held": held},
            rule="国办函〔2026〕12号 不得重复要求基层填表报数",
        )
        require(
            subject != Subject.HAZARD,
            _("隐患表里的“%(column)s”没有人可问，请选空着。") % {"column": column.words},
        )
    column.source, column.fact = chosen.source, chosen.fact if chosen.source == Source.FACT else ""
    column.constant = chosen.constant.strip()[:200] if chosen.source == Source.CONSTANT else ""
    column.date_format, column.unit = chosen.date_format, chosen.unit
    if chosen.codes is not None:
        column.codes = chosen.codes


def _held_already(column: Column, facts: dict[str, Fact]) -> str:
    """Return what we hold that a question would ask for again, "" where nothing: our words, then the catalogue."""
    path = tuple(column.words.split(" / "))
    source, code = propose(Heading(column.number, path), facts)
    if source == Source.FACT:
        return str(facts[code].label)
    if len(path) > 1 or OTHERS.search(column.words):
        return ""  # somebody else's: 监护人 / 姓名
    words = bare(path[-1])
    held = (
        found.label
        for found in privacy.duplicates_of(words)
        if not is_another(words, (found.label, *found.synonyms.split()))
    )
    return next(held, "")


@transaction.atomic
def demand(template: Template, asked: Asked, *, by: Person, at: datetime) -> Demand:
    """Record who demands it anew; the newest that holds is the one it is filled for."""
    registers(by, template.place, at)
    check_demand(asked.demander, asked.basis, asked.since, asked.until, localdate(at))
    return Demand.objects.create(
        template=template,
        organisation=asked.organisation,
        demander=shorten(asked.demander.strip(), 80),
        basis=shorten(asked.basis.strip(), 120),
        period=asked.period,
        since=asked.since,
        until=asked.until,
        recorded_by=by,
        recorded_at=at,
    )


@transaction.atomic
def retire(template: Template, *, by: Person, at: datetime) -> Template:
    """Put a template away; what was filled stays. Again changes nothing."""
    registers(by, template.place, at)
    row = Template.objects.select_for_update().get(pk=template.pk)
    if row.retired_at is None:
        row.retired_at, row.shipped = at, ""
        row.save(update_fields=["retired_at", "shipped"])
    return row
