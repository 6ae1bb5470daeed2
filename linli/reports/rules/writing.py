"""Filling a superior's sheet: rows go between header and foot, everything else stays theirs."""

import io
import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.formula.translate import Translator
from openpyxl.styles.numbers import FORMAT_TEXT
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.writer.excel import save_workbook

from linli.base.errors import require
from linli.reports.rules.books import open_workbook, sheet_of
from linli.reports.rules.following import Shift, follow
from linli.reports.rules.formats import CellValue, Kind
from linli.reports.rules.guarding import Warned

MOST_ROWS = 200_000
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


def fill(
    content: bytes,
    spot: Spot,
    columns: Sequence[tuple[int, str]],
    rows: Sequence[Sequence[CellValue]],
    stamp: str,
) -> Filled:
    """Write `rows` into the workbook and return it; nothing but the rows, the foot's place and the stamp changes.

    `columns` are (column number, kind of value), in the order of each row's values; None leaves a cell empty.
    Rows beyond those prepared push the foot down; formulas, merged cells, data validations, conditional formats,
    tables, names and the print area take them in. `stamp` goes into a free part of the page's footer. Raises
    Refused for a sheet that is not there or more rows than a sheet can hold.
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
    extra = max(0, count - _prepared(sheet, spot)) if spot.foot else 0
    had_example = any(
        row == spot.data_first and cell.data_type == "s" for (row, _column), cell in sheet._cells.items()
    )
    if not count or (spot.foot and not extra and not had_example):
        return []
    if extra:
        _move_foot(sheet, spot.foot, extra)
    last = spot.data_first + count - 1
    failed = follow(book, sheet, Shift(sheet.title, spot.data_first, last, spot.foot, extra, had_example))
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


def _clear(sheet: Any, spot: Spot, columns: list[int], count: int) -> None:
    """Take out what stood in the mapped columns between header and foot: an example, last month's rows."""
    wanted = set(columns)
    end = spot.foot + max(0, count - _prepared(sheet, spot)) if spot.foot else 10**7
    kept = {
        (left, right)
        for left, right in _merged_in_row(sheet, spot.data_first)
        if not any(left < column <= right for column in wanted)
    }
    for area in list(sheet.merged_cells.ranges):
        is_kept = area.min_row == area.max_row and (area.min_col, area.max_col) in kept
        if spot.data_first <= area.min_row and area.max_row < end and not is_kept:
            sheet.unmerge_cells(str(area))
    for (row, column), cell in list(sheet._cells.items()):
        is_theirs = cell.data_type == "f" and column not in wanted  # a formula of every row stays
        if spot.data_first <= row < end and cell.value is not None and not is_theirs:
            cell.value = None


def _merged_in_row(sheet: Any, row: int) -> set[tuple[int, int]]:
    """Return the (first, last) columns of cells that are merged within that row: a name over two columns."""
    areas = sheet.merged_cells.ranges
    return {(area.min_col, area.max_col) for area in areas if area.min_row == row == area.max_row}


def _merge_alike(sheet: Any, first: int, count: int) -> None:
    """Merge in every row what is merged in the first."""
    merged = sheet.merged_cells.ranges
    there = {area.bounds for area in merged}
    for left, right in sorted(_merged_in_row(sheet, first)):
        for row in range(first + 1, first + count):
            if (left, row, right, row) not in there:
                merged.add(CellRange(min_col=left, min_row=row, max_col=right, max_row=row))


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
    _merge_alike(sheet, first, len(rows))


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
