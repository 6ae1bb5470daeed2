"""Writing tables: CSV and XLSX piece by piece, in which no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from linli.base.tables import harmless
from linli.imports.models import Run
from linli.imports.rules.columns import REASON

LOT = 500
IN_MEMORY = 8 * 1024 * 1024


def csv_pieces(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield a CSV (UTF-8 with mark, so that spreadsheets know it) in pieces."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    for number, row in enumerate(rows, start=1):
        writer.writerow([harmless(cell) for cell in row])
        if number % LOT == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def workbook_pieces(rows: Iterable[Sequence[str]], title: str) -> Iterator[bytes]:
    """Yield a workbook of one sheet in pieces; all cells are text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in rows:
        sheet.append([_text(sheet, harmless(cell)) for cell in row])
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(1024 * 1024):
            yield piece


def _text(sheet: Any, value: str) -> Any:
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    cell.number_format = "@"  # 身份证号 stays text when somebody edits the file
    return cell


def pieces(rows: Iterable[Sequence[str]], kind: str, title: str) -> Iterator[bytes]:
    """Yield a table of that kind ("csv" or "xlsx") in pieces."""
    return workbook_pieces(rows, title) if kind == "xlsx" else csv_pieces(rows)


def error_rows(run: Run) -> Iterator[list[str]]:
    """Yield the headings and the broken rows of a run in the columns of its file, each with its reason at the end."""
    width = len(run.headings)
    yield [*run.headings, REASON]
    for page in run.broken_rows.order_by("first").iterator(chunk_size=20):
        for number, reason, cells in page.rows:
            padded = [*cells, *[""] * (width - len(cells))]
            yield [*padded[:width], f"第 {number} 行：{reason}"]


def error_file(run: Run, kind: str) -> Iterator[bytes]:
    """Yield the file of broken rows: to be mended and loaded again, in the same columns."""
    return pieces(error_rows(run), kind, REASON)
