"""XLSX as the imports read it: checked before anything is unpacked, strings kept small, rows one by one."""

import re
from array import array
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError, iterparse

from django.utils.translation import gettext as _
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from linli.base.errors import Refused, require
from linli.base.workbooks import UNREADABLE, broken, check_package
from linli.imports.rules.tables import NAMED_CELLS, WORKBOOK, Found

PIECE = 1024 * 1024
_FORMULA = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3}[0-9]+)"[^>]*>\s*<f\b(.*?)</c>', re.DOTALL)
_MERGED = re.compile(rb'<mergeCell\b[^>]*?\bref="([A-Z0-9:]+)"')
# Formats of days by number alone in Chinese, Japanese and Korean spreadsheets (ECMA-376 18.8.30); openpyxl knows
# only those of English ones.
EAST_ASIAN_DAYS = frozenset({*range(27, 37), *range(50, 59)})
EXACT = 15  # digits that a spreadsheet keeps of a number
_OVERLAP = 4096  # bytes kept between pieces, so that no cell is cut in two


class Strings:
    """A workbook's shared strings in one block of bytes: a few million of them in a few dozen megabytes."""

    def __init__(self) -> None:
        self.block = bytearray()
        self.ends = array("Q")

    def add(self, text: str) -> None:
        """Put one more at the end."""
        self.block += text.encode("utf-8", "surrogatepass")
        self.ends.append(len(self.block))

    def __getitem__(self, number: int) -> str:
        start = self.ends[number - 1] if number else 0
        return self.block[start : self.ends[number]].decode("utf-8", "surrogatepass")


class _Reader(ExcelReader):  # type: ignore[misc]
    """openpyxl's reader with shared strings that do not fill the memory, and without what a table needs not."""

    def read_strings(self) -> None:
        """Read xl/sharedStrings.xml; ruby (phonetic) text beside a string is not part of it."""
        self.shared_strings = Strings()
        names = [name for name in self.valid_files if name.lower().endswith("sharedstrings.xml")]
        if not names:
            return
        with self.archive.open(names[0]) as source:
            text: list[str] = []
            events = iterparse(source, events=("start", "end"))  # noqa: S314 (entities were refused)
            _event, root = next(events)
            for event, element in events:
                tag = element.tag.rpartition("}")[2] if event == "end" else ""
                if tag == "t":
                    text.append(element.text or "")
                elif tag == "rPh" and text:
                    text.pop()
                elif tag == "si":
                    self.shared_strings.add("".join(text))
                    text.clear()
                    root.clear()  # what was read is let go of

    def read_theme(self) -> None:
        """Colours tell nothing."""

    def read_properties(self) -> None:
        """Who wrote it tells nothing either."""

    def read_custom(self) -> None:
        """Nor does what else they noted."""


class Workbook:
    """One workbook, open for reading. Raises Refused with a sentence where it is broken or dangerous."""

    def __init__(self, file: BinaryIO) -> None:
        bomb = _("这个文件解开后大得不正常，为了安全没有打开。请检查文件来源，或另存为 CSV 再传。")
        names = check_package(file, WORKBOOK, bomb)
        require(
            not any("/externallinks/" in name for name in names),
            _("工作簿引用了别的文件。请在表格软件里“断开链接”，或另存为 CSV 再上传。"),
        )
        try:
            reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
            reader.read()
        except _UNREADABLE as cause:
            raise broken() from cause
        self.book = reader.wb
        styles = enumerate(self.book._cell_styles)
        self.book._date_formats |= {number for number, style in styles if style.numFmtId in EAST_ASIAN_DAYS}
        self.archive = reader.archive
        tables = [sheet for sheet in self.book.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
        self.tables = {sheet.title: sheet for sheet in tables}
        require(bool(self.tables), _("工作簿里没有表。"))

    def sheets(self) -> list[tuple[str, bool]]:
        """Return the names of the sheets and whether each is hidden."""
        return [(name, sheet.sheet_state != "visible") for name, sheet in self.tables.items()]

    def _sheet(self, name: str) -> Any:
        require(name in self.tables, _("工作簿里没有「%(name)s」这张表，请重新选择。") % {"name": name})
        return self.tables[name]

    def rows(self, name: str) -> Iterator[tuple[int, list[str]]]:
        """Yield (number of the row, its cells as text) of a sheet."""
        sheet = self._sheet(name)
        sheet.reset_dimensions()  # what the file says of its own size is not believed
        try:
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield number, ["" if cell is None else text_of(cell) for cell in row]
        except _UNREADABLE as cause:
            words = _("工作簿读到一半坏了。请在表格软件里打开、另存为 .xlsx 再上传。")
            raise Refused(words) from cause

    def found(self, name: str, headings: int) -> Found:
        """Return which cells of a sheet are formulas, which of those carry no result, and which below the row of the
        headings are merged: a title above it may be.
        """
        found = Found()
        with self.archive.open(self._sheet(name)._worksheet_path) as source:
            kept = b""
            while piece := source.read(PIECE):
                window = kept + piece
                done = _note(window, found, headings)
                kept = window[max(done, len(window) - _OVERLAP) :]
        return found

    def close(self) -> None:
        """Let go of the archive; the file stays open for whoever opened it."""
        self.archive.close()


_UNREADABLE = (*UNREADABLE, InvalidFileException, ParseError, KeyError, TypeError, IndexError, AttributeError)


def _note(window: bytes, found: Found, headings: int) -> int:
    """Count what `window` holds; return the offset after the last thing counted."""
    done = 0
    for match in _FORMULA.finditer(window):
        done = match.end()
        cell, has_result = match[1].decode(), re.search(rb"<v>[^<]", match[2]) is not None
        found.formula_count += 1
        _name(found.formulas, cell)
        if not has_result:
            found.without_result_count += 1
            _name(found.without_result, cell)
    for match in _MERGED.finditer(window):
        done = max(done, match.end())
        if int(re.findall(rb"[0-9]+", match[1])[-1]) <= headings:
            continue
        found.merged_count += 1
        _name(found.merged, match[1].decode())
    return done


def _name(names: list[str], cell: str) -> None:
    if len(names) < NAMED_CELLS:
        names.append(cell)


def text_of(cell: Any) -> str:
    """Return a cell's value as a person would have typed it: dates as 2026-03-09, whole numbers without .0."""
    if isinstance(cell, str):
        return _unescaped(cell).strip()
    if isinstance(cell, bool):
        return _("是") if cell else _("否")
    if isinstance(cell, (int, float)) and _lost_digits(cell):
        return f"{float(cell):.{EXACT}g}".upper()
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _unescaped(text: str) -> str:
    """_x000D_ is how a workbook writes signs that XML has not."""
    if "_x" not in text:
        return text
    return str(unescape(text)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _lost_digits(number: float) -> bool:
    """Whether digits of a long number are gone: as whole digits it would look like one that somebody typed."""
    if abs(number) < 10**EXACT:
        return False
    return isinstance(number, float) or number % 1000 == 0
