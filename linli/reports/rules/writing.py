"""Filling a superior's sheet: rows go between header and foot, everything else stays theirs."""

import io
import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.formula import Tokenizer
from openpyxl.formula.translate import Translator
from openpyxl.styles.numbers import FORMAT_TEXT
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.writer.excel import save_workbook

from linli.base.errors import require
from linli.base.workbooks import broken
from linli.reports.rules.formats import CellValue, Kind
from linli.reports.rules.guarding import Warned

MOST_ROWS = 200_000
REFERENCE = re.compile(r"^(\$?)([A-Z]{1,3})(\$?)(\d{1,7})$")
AS_TEXT = frozenset({Kind.IDENTITY, Kind.PHONE, Kind.TEXT, Kind.CODE, Kind.NAME})


@dataclass(frozen=True)
class Spot:
    """Where rows go: sheet, first row, first row of the foot (0: none)."""

    sheet: str
    data_first: int
    foot: int


@dataclass(frozen=True)
class Filled:
    """The filled workbook and what a person should look at."""

    content: bytes
    warnings: tuple[Warned, ...]


def open_workbook(content: bytes) -> Any:
    """Open a workbook that `guarding.checked` let in. Raises Refused where its inside is broken."""
    try:
        return load_workbook(io.BytesIO(content))
    except Exception:  # a broken package fails in as many ways as it has parts
        raise broken() from None


def sheet_of(book: Any, title: str) -> Any:
    """Return the sheet of that name. Raises Refused where the workbook has none."""
    require(title in book.sheetnames, _("表格里没有“%(sheet)s”这一页。") % {"sheet": title})
    return book[title]


def fill(
    content: bytes,
    spot: Spot,
    columns: Sequence[tuple[int, str]],
    rows: Sequence[Sequence[CellValue]],
    stamp: str,
) -> Filled:
    """Write `rows` into the workbook and return it; nothing but the rows, the foot's place and the stamp changes.

    `columns` are (column number, kind of value), in the order of each row's values; None leaves a cell empty.
    Rows beyond those prepared push the foot down: its formulas, merged cells, data validations, conditional
    formats and the print area follow. `stamp` goes into a free part of the page's footer. Raises Refused for
    a sheet that is not there or more rows than a sheet can hold.
    """
    require(len(rows) <= MOST_ROWS, _("超过 %(most)s 行，请按网格或小区分开填。") % {"most": MOST_ROWS})
    book = open_workbook(content)
    sheet = sheet_of(book, spot.sheet)
    warnings = _make_room(book, sheet, spot, len(rows))
    _clear(sheet, spot, [column for column, _kind in columns], len(rows))
    _write(sheet, spot.data_first, columns, rows)
    _stamp(sheet, stamp)
    book.active = book.sheetnames.index(spot.sheet)
    out = io.BytesIO()
    save_workbook(book, out)
    return Filled(out.getvalue(), tuple(warnings))


def _prepared(sheet: Any, spot: Spot) -> int:
    return (spot.foot - spot.data_first) if spot.foot else 0


def _make_room(book: Any, sheet: Any, spot: Spot, count: int) -> list[Warned]:
    """Push the foot down where more rows come than were prepared, and let what points at the rows follow."""
    prepared = _prepared(sheet, spot)
    if not spot.foot or count <= prepared:
        return []
    extra = count - prepared
    _move_foot(sheet, spot.foot, extra)
    shift = Shift(sheet.title, spot.data_first, spot.foot, extra)
    failed = sum(_follow(other, shift) for other in book.worksheets)
    _stretch_ranges(sheet, shift)
    if not failed:
        return []
    return [Warned("formulas", _("有 %(count)s 个公式没法自动改行号，请核对合计。") % {"count": failed})]


def _move_foot(sheet: Any, foot: int, extra: int) -> None:
    moved = {place: cell for place, cell in sheet._cells.items() if place[0] >= foot}
    for place in moved:
        del sheet._cells[place]
    for (row, column), cell in moved.items():
        cell.row = row + extra
        sheet._cells[row + extra, column] = cell
    heights = {row: sheet.row_dimensions[row].height for row in list(sheet.row_dimensions) if row >= foot}
    for row in sorted(heights, reverse=True):
        sheet.row_dimensions[row + extra].height = heights[row]
        sheet.row_dimensions[row].height = None
    for area in list(sheet.merged_cells.ranges):
        if area.min_row >= foot:
            sheet.merged_cells.remove(area)
            area.shift(row_shift=extra)
            sheet.merged_cells.add(area)


@dataclass(frozen=True)
class Shift:
    """Rows were put in before `foot` of `sheet`, whose data begins at `first`."""

    sheet: str
    first: int
    foot: int
    extra: int

    def start(self, row: int) -> int:
        """Where a reference to this row, or the upper end of a range, leads now."""
        return row + self.extra if row >= self.foot else row

    def end(self, row: int, start: int) -> int:
        """Where the lower end of a range leads now: one over the prepared rows takes in the new ones."""
        if row >= self.foot:
            return row + self.extra
        covers = start <= self.first and row >= self.first
        return self.foot - 1 + self.extra if covers else row


def shifted(formula: str, own_sheet: str, shift: Shift) -> str:
    """Return a formula after rows were put into another (or its own) sheet. Raises ValueError where unreadable."""
    tokens = Tokenizer(formula)
    for token in tokens.items:
        if token.type == "OPERAND" and token.subtype == "RANGE":
            token.value = _shifted_reference(token.value, own_sheet, shift)
    return str(tokens.render())


def _shifted_reference(text: str, own_sheet: str, shift: Shift) -> str:
    prefix, sign, inner = text.rpartition("!")
    if (prefix.strip("'").replace("''", "'") if sign else own_sheet) != shift.sheet:
        return text
    ends = [REFERENCE.match(part) for part in inner.split(":")]
    if not all(ends) or len(ends) > 2:
        return text  # whole columns, names, tables: nothing to move
    rows = [int(end[4]) for end in ends if end]
    moved = [shift.start(rows[0])]
    if len(rows) == 2:
        moved.append(shift.end(rows[1], rows[0]))
    parts = [f"{end[1]}{end[2]}{end[3]}{row}" for end, row in zip(ends, moved, strict=True) if end]
    return prefix + sign + ":".join(parts)


def _follow(sheet: Any, shift: Shift) -> int:
    """Let the formulas of a sheet follow; return how many could not be read."""
    failed = 0
    for cell in list(sheet._cells.values()):
        if cell.data_type != "f":
            continue
        try:
            if isinstance(cell.value, str):
                cell.value = shifted(cell.value, sheet.title, shift)
            else:
                failed += 1  # array formulas keep their own range
        except (ValueError, IndexError, AttributeError):
            failed += 1
    return failed


def _stretched(ranges: Iterable[Any], shift: Shift) -> MultiCellRange:
    parts = []
    for area in ranges:
        left, top, right, bottom = range_boundaries(str(area))
        if top is None or bottom is None:
            parts.append(str(area))
            continue
        start, end = shift.start(top), shift.end(bottom, min(top, shift.first))
        parts.append(f"{get_column_letter(left)}{start}:{get_column_letter(right)}{end}")
    return MultiCellRange(" ".join(parts))


def _stretch_ranges(sheet: Any, shift: Shift) -> None:
    for rule in sheet.data_validations.dataValidation:
        rule.sqref = _stretched(rule.sqref.ranges, shift)
    kept = [(area, rules) for area, rules in sheet.conditional_formatting._cf_rules.items()]
    sheet.conditional_formatting = type(sheet.conditional_formatting)()
    for area, rules in kept:
        for rule in rules:
            sheet.conditional_formatting.add(str(_stretched(area.sqref.ranges, shift)), rule)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = str(_stretched([sheet.auto_filter.ref], shift))
    if sheet.print_area:
        areas = [part.rpartition("!")[2].replace("$", "") for part in _print_areas(sheet)]
        sheet.print_area = [str(_stretched([area], shift)) for area in areas]


def _print_areas(sheet: Any) -> list[str]:
    area = sheet.print_area
    return area.split(",") if isinstance(area, str) else list(area)


def _clear(sheet: Any, spot: Spot, columns: list[int], count: int) -> None:
    """Take out what stood in the mapped columns between header and foot: an example, last month's rows."""
    wanted = set(columns)
    end = spot.foot + max(0, count - _prepared(sheet, spot)) if spot.foot else 10**7
    for area in list(sheet.merged_cells.ranges):
        if spot.data_first <= area.min_row and area.max_row < end:
            sheet.unmerge_cells(str(area))
    for (row, column), cell in list(sheet._cells.items()):
        is_theirs = cell.data_type == "f" and column not in wanted  # a formula of every row stays
        if spot.data_first <= row < end and cell.value is not None and not is_theirs:
            cell.value = None


def _write(
    sheet: Any, first: int, columns: Sequence[tuple[int, str]], rows: Sequence[Sequence[CellValue]]
) -> None:
    styles = {column: _style(sheet, first, column, kind) for column, kind in columns}
    others = {
        column: sheet.cell(first, column)
        for column in range(1, max((c for c, _kind in columns), default=0) + 1)
        if column not in styles and (first, column) in sheet._cells
    }
    others |= {c: cell for (r, c), cell in list(sheet._cells.items()) if r == first and c not in styles}
    formulas = {
        c: cell.value for c, cell in others.items() if cell.data_type == "f" and isinstance(cell.value, str)
    }
    height = sheet.row_dimensions[first].height if first in sheet.row_dimensions else None
    order = [column for column, _kind in columns]
    for number, values in enumerate(rows):
        row = first + number
        for column, value in zip(order, values, strict=True):
            _put(sheet, row, column, value, styles[column])
        if number:
            for column, model in others.items():
                _repeat(sheet, model, row, column, formulas.get(column))
            if height:
                sheet.row_dimensions[row].height = height


def _style(sheet: Any, first: int, column: int, kind: str) -> Any:
    """Return the style of a column's first cell, shared by all its rows; numbers that are names stay text."""
    model = sheet.cell(first, column)
    if kind in AS_TEXT:
        model.number_format = FORMAT_TEXT
    elif kind == Kind.DATE and model.number_format == "General":
        model.number_format = "yyyy-mm-dd"
    return copy(model._style)


def _put(sheet: Any, row: int, column: int, value: CellValue, style: Any) -> None:
    if value is None and (row, column) in sheet._cells:
        sheet._cells[row, column]._style = style
        return
    cell = Cell(sheet, row=row, column=column)
    cell._style = style
    if isinstance(value, str):
        cell._value, cell.data_type = clean_text(value), "s"  # never a formula, whatever it begins with
    elif isinstance(value, date):
        cell._value, cell.data_type = value, "d"
    elif value is not None:
        cell._value, cell.data_type = value, "n"
    sheet._cells[row, column] = cell


def clean_text(text: str) -> str:
    """Return a text without the control signs that a workbook cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)[:32_767]


def _repeat(sheet: Any, model: Any, row: int, column: int, formula: str | None) -> None:
    """Give a row its own copy of what the first row has: the style, and a formula for its own cells."""
    cell = sheet._cells.get((row, column))
    if cell is None:
        cell = sheet._cells[row, column] = Cell(sheet, row=row, column=column)
    cell._style = model._style
    if formula and cell.value is None:
        cell.value = Translator(formula, origin=model.coordinate).translate_formula(cell.coordinate)


def _stamp(sheet: Any, stamp: str) -> None:
    """Put the stamp into the first free part of the printed footer, else behind what stands in the right one."""
    footer = sheet.oddFooter
    free = next((part for part in (footer.right, footer.left, footer.center) if not part.text), None)
    text = stamp.replace("&", "&&")
    if free is not None:
        free.text, free.size = text, 8
    else:
        footer.right.text = f"{footer.right.text}\n{text}"


def blank_book() -> Workbook:
    """Return a new, empty workbook."""
    return Workbook()
