"""The ledgers of our own making: what they ask, on what basis, and the workbook they are filled into."""

import io
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import save_workbook

NUMBER = "#"
TITLE_ROW, NOTE_ROW, GROUP_ROW, NAME_ROW, FIRST_ROW, FOOT_ROW = 1, 2, 3, 4, 5, 8
THIN = Side(style="thin", color="999999")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)


@dataclass(frozen=True)
class LedgerColumn:
    """A column: the group over it ("" none), its name, the fact it holds ("#" counts), its width in signs."""

    group: str
    name: str
    fact: str
    width: int


@dataclass(frozen=True)
class Ledger:
    """A template that ships with the house. `who` is a rules.Who as JSON, with `tag_names` for tags by name."""

    code: str
    name: str
    subject: str
    who: dict[str, Any]
    basis: str
    columns: tuple[LedgerColumn, ...]


@lru_cache
def ledgers() -> tuple[Ledger, ...]:
    """Return the ledgers that ship with the house."""
    path = Path(__file__).resolve().parents[1] / "ledgers.json"
    return tuple(
        Ledger(**row | {"columns": tuple(LedgerColumn(*column) for column in row["columns"])})
        for row in json.loads(path.read_text(encoding="utf-8"))
    )


def workbook_of(ledger: Ledger) -> bytes:
    """Return the empty workbook of a ledger: title, merged two-row header, rows, a foot, print settings."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = ledger.name[:28]
    last = len(ledger.columns)
    sheet.cell(TITLE_ROW, 1, ledger.name).font = Font(size=18, bold=True)
    sheet.cell(TITLE_ROW, 1).alignment = MIDDLE
    sheet.merge_cells(start_row=TITLE_ROW, end_row=TITLE_ROW, start_column=1, end_column=last)
    sheet.cell(NOTE_ROW, 1, "填表单位：")
    sheet.row_dimensions[TITLE_ROW].height = 32
    for number, column in enumerate(ledger.columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        _head(sheet, number, column)
        for row in range(FIRST_ROW, FOOT_ROW):
            sheet.cell(row, number).border = BOX
            sheet.cell(row, number).alignment = Alignment(vertical="center", wrap_text=True)
    _merge_groups(sheet, ledger.columns)
    sheet.cell(FOOT_ROW, 1, "填表人：")
    sheet.cell(FOOT_ROW, max(2, last - 1), "审核：")
    sheet.freeze_panes = sheet.cell(FIRST_ROW, 3)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{GROUP_ROW}:{NAME_ROW}"
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    out = io.BytesIO()
    save_workbook(book, out)
    return out.getvalue()


def _head(sheet: Any, number: int, column: LedgerColumn) -> None:
    for row, words in ((GROUP_ROW, column.group or column.name), (NAME_ROW, column.name)):
        cell = sheet.cell(row, number, words)
        cell.font, cell.alignment, cell.border = Font(bold=True), MIDDLE, BOX
        cell.fill = PatternFill("solid", fgColor="E7F1EA")


def _merge_groups(sheet: Any, columns: tuple[LedgerColumn, ...]) -> None:
    start = 1
    for number in range(1, len(columns) + 1):
        group = columns[number - 1].group
        is_last = number == len(columns) or columns[number].group != group
        if not group:
            sheet.merge_cells(start_row=GROUP_ROW, end_row=NAME_ROW, start_column=number, end_column=number)
            start = number + 1
        elif is_last:
            if number > start:
                sheet.merge_cells(
                    start_row=GROUP_ROW, end_row=GROUP_ROW, start_column=start, end_column=number
                )
            start = number + 1
