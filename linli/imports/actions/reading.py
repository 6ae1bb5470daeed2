"""Reading a table row by row: CSV in any usual encoding and XLSX, in memory that does not grow with the file."""

import codecs
import csv
import io
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from django.utils.translation import gettext as _

from linli.base.errors import Refused
from linli.base.tables import encoding_of
from linli.imports.actions import workbooks
from linli.imports.rules.tables import (
    HEADER_WITHIN,
    Found,
    check_headings,
    header_row,
    kind_of,
    known_words,
    numbered,
    separator_of,
)

SAMPLE = 256 * 1024
MOST_TRIED = 20  # sheets of a workbook
LONGEST_CELL = 128 * 1024  # longer, and a quote has no twin
Row = tuple[int, list[str]]  # number of the row in the file, from 1, and its cells


@dataclass(frozen=True)
class Shape:
    """How a file is read; kept on the run, so that each reading is the same."""

    kind: str
    encoding: str = ""
    separator: str = ","
    sheet: str = ""
    header: int = 0  # rows above the headings


@dataclass
class Opened:
    """What a first look at a file found."""

    shape: Shape
    headings: list[str]
    samples: list[list[str]]
    sheets: list[tuple[str, bool]] = field(default_factory=list)  # name, is hidden
    found: Found = field(default_factory=Found)


def look(file: BinaryIO, name: str, known: frozenset[str], sheet: str = "") -> Opened:
    """Look at the beginning of a table: how it is to be read, its headings (numbered where they repeat) and some rows.

    `known` are words of headings (`rules.columns`), by which the row of headings is found. Raises Refused with a
    sentence where this is no table, or a dangerous one.
    """
    head = file.read(8)
    file.seek(0)
    kind = kind_of(name, head)
    opened = _look_at_workbook(file, sheet, known) if kind == "xlsx" else _look_at_text(file, known)
    at = header_row(opened.samples, known)
    headings = _trimmed(opened.samples[at]) if opened.samples else []
    check_headings(headings)
    shape = Shape(kind, opened.shape.encoding, opened.shape.separator, opened.shape.sheet, at)
    return Opened(shape, numbered(headings), opened.samples[at + 1 :], opened.sheets, opened.found)


def _look_at_workbook(file: BinaryIO, wanted: str, known: frozenset[str]) -> Opened:
    with closing(workbooks.Workbook(file)) as book:
        sheets = book.sheets()
        sheet = wanted or _likeliest(book, sheets, known)
        rows = _top(book, sheet)
        found = book.found(sheet, header_row(rows, known) + 1)
        return Opened(Shape("xlsx", sheet=sheet), [], rows, sheets, found)


def _likeliest(book: workbooks.Workbook, sheets: Sequence[tuple[str, bool]], known: frozenset[str]) -> str:
    """Return the first visible sheet with headings, else the first with anything on it: a cover may stand first."""
    shown = [name for name, is_hidden in sheets if not is_hidden][:MOST_TRIED] or [sheets[0][0]]
    tops = {name: _top(book, name) for name in shown}
    with_headings = (name for name in shown if known_words(tops[name], known) > 1)
    filled = (name for name in shown if any(map(any, tops[name])))
    return next(with_headings, next(filled, shown[0]))


def _top(book: workbooks.Workbook, sheet: str) -> list[list[str]]:
    return [cells for _number, cells in _first(book.rows(sheet))]


def _look_at_text(file: BinaryIO, known: frozenset[str]) -> Opened:
    sample = file.read(SAMPLE)
    file.seek(0)
    encoding = encoding_of(sample)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample)
    if "\0" in text:
        raise Refused(_("这不像表格文件（里面有不是文字的内容）。请另存为 .xlsx 或 .csv 再上传。"))
    shape = Shape("csv", encoding, separator_of(text, known))
    return Opened(shape, [], [cells for _number, cells in _first(_lines(file, shape))])


def _first(rows: Iterator[Row]) -> list[Row]:
    return [row for row, _number in zip(rows, range(HEADER_WITHIN + 5), strict=False)]


def _trimmed(cells: Sequence[str]) -> list[str]:
    """Headings without the empty ones that trail."""
    last = max((number for number, cell in enumerate(cells) if cell.strip()), default=-1)
    return list(cells[: last + 1])


def rows_of(file: BinaryIO, shape: Shape, *, after: int = 0) -> Generator[Row, None, None]:
    """Yield the rows below the headings that come after row number `after`, empty ones passed over."""
    if shape.kind == "csv":
        yield from _from(_lines(file, shape), shape.header, after)
        return
    with closing(workbooks.Workbook(file)) as book:
        yield from _from(book.rows(shape.sheet), shape.header, after)


def _from(rows: Iterator[Row], header: int, after: int) -> Iterator[Row]:
    for place, (number, cells) in enumerate(rows):
        if place > header and number > after and any(cells):
            yield number, cells


def _lines(file: BinaryIO, shape: Shape) -> Iterator[Row]:
    """Yield the rows of a CSV; a cell may hold line breaks. Bytes that are no text become �, and the row says so."""
    text = io.TextIOWrapper(file, shape.encoding, errors="replace", newline="")
    csv.field_size_limit(LONGEST_CELL)  # one for the whole process, and others read longer texts
    try:
        reader = csv.reader(text, delimiter=shape.separator)
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as broken:
                words = _("第 %(n)d 行的引号没有配对，后面的内容读不了。请改好这一行再上传。")
                raise Refused(words % {"n": reader.line_num}) from broken
            yield number, cells
    finally:
        with suppress(ValueError):  # closed by whoever opened it, before this generator was
            text.detach()
