"""Reading a superior's sheet: where its header stands, what each column is called, where its rows end."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

DEEPEST_HEADER, WIDEST = 40, 200  # rows and columns that are looked at
LONGEST_NAME = 40
FOOT = re.compile(
    r"^(合\s*计|总\s*计|小\s*计|共\s*计|填表|制表|填报|审核|审批|复核|负责人|经办|联系人[：:]|注[：:1]|备注[：:]|说明|填写说明|单位.{0,6}盖章|日期[：:])"
)
SUM = re.compile(r"^(合计|总计|小计|共计)")
UNIT = re.compile(
    r"^[（(]?(单位[：:])?(人|岁|周岁|元|百元|千元|万元|百?平方米|㎡|m2|m²|亩|户|个|套|间|处|年|月|个月|日|天|小时|年[/\-]?月[/\-]?日|年月|%|％|件|次|吨|公斤|千克|厘米|cm|公里|是[/或]否)[）)]?$",
    re.IGNORECASE,
)
SIGNED = re.compile(r"盖章|公章|签章|签字|[：:]$")
EXAMPLE = re.compile(r"^(例|示例|样例|范例|填写示例|例如|如)[：:）)]?\s*\d*$")
KEYED = re.compile(r"[：:]\s*[_＿\s]*$|[：:].*[：:]")


@dataclass(frozen=True)
class Heading:
    """One column of a sheet: its number (1 = A) and the words above it, outermost first."""

    column: int
    path: tuple[str, ...]

    @property
    def letter(self) -> str:
        """What the spreadsheet calls the column."""
        return str(get_column_letter(self.column))

    @property
    def words(self) -> str:
        """All its words: "家庭成员 / 姓名"."""
        return " / ".join(self.path)


@dataclass(frozen=True)
class Layout:
    """Where on a sheet the header, the rows and the foot stand. Rows count from 1; `foot` 0 means none."""

    sheet: str
    header_first: int
    header_last: int
    data_first: int
    foot: int = 0
    headings: tuple[Heading, ...] = ()
    used_rows: int = 0  # between header and foot something stood already: old rows, an example
    score: float = 0.0
    is_hidden: bool = field(default=False, compare=False)


def plain(value: Any) -> str:
    """Return a cell's text as it is compared: full-width narrowed, blanks and line ends gone."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", "" if value is None else str(value)))


class Sheet:
    """The top of a worksheet with merged cells spread out: what a reader sees above each column."""

    def __init__(self, worksheet: Any) -> None:
        self.worksheet = worksheet
        self.cells: dict[tuple[int, int], Any] = {
            place: cell.value for place, cell in worksheet._cells.items() if cell.value is not None
        }
        self.origin: dict[tuple[int, int], tuple[int, int]] = {}
        self.merged = [
            area.bounds for area in worksheet.merged_cells.ranges if area.max_row - area.min_row < 1000
        ]
        for left, top, right, bottom in self.merged:
            for row in range(top, min(bottom, top + DEEPEST_HEADER) + 1):
                for column in range(left, min(right, WIDEST) + 1):
                    self.origin[row, column] = (top, left)

    def text(self, row: int, column: int) -> str:
        """Return the words a reader sees at a cell, "" where it is empty."""
        value = self.cells.get(self.origin.get((row, column), (row, column)))
        return re.sub(r"\s+", " ", str(value)).strip() if value is not None else ""

    def places_of(self, row: int) -> dict[tuple[int, int], list[int]]:
        """Return by the cell they belong to the columns of a row that show words."""
        found: dict[tuple[int, int], list[int]] = {}
        for column in range(1, self.width + 1):
            if self.text(row, column):
                found.setdefault(self.origin.get((row, column), (row, column)), []).append(column)
        return found

    @property
    def width(self) -> int:
        """The last column that holds something, as far as is looked."""
        return min(max((column for _row, column in self.cells), default=0), WIDEST)

    @property
    def height(self) -> int:
        """The last row that holds something."""
        return max((row for row, _column in self.cells), default=0)

    def reaches_over(self, row: int, column: int) -> bool:
        """Whether the cell there is merged with the row beneath."""
        return self.origin.get((row, column)) is not None and self.origin.get(
            (row, column)
        ) == self.origin.get((row + 1, column))


def is_name(text: str) -> bool:
    """Whether words may be the name of a column: short, no number, no "填表单位：___"."""
    bare = plain(text)
    return 0 < len(bare) <= LONGEST_NAME and not KEYED.search(bare) and not re.fullmatch(r"[\d./\-]+", bare)


def propose_layout(worksheet: Any, known: frozenset[str] = frozenset()) -> Layout | None:
    """Return where header, rows and foot of a sheet stand; None where nothing looks like a header.

    `known` holds the plain words of columns that we know: a row that has them is the header before one that
    has not. A title over the whole width, "填表单位：" lines and the row of column numbers are no header.
    """
    sheet = Sheet(worksheet)
    best, score = 0, 0.0
    for row in range(1, min(sheet.height, DEEPEST_HEADER) + 1):
        points = _points(sheet, row, known)
        if points > score:
            best, score = row, points
    if not best:
        return None
    first = last = best
    while first > 1 and _belongs_above(sheet, first - 1):
        first -= 1
    while _reaches_down(sheet, last) or _is_lower_header(sheet, last + 1, known):
        last += 1
    return layout_of(worksheet, first, last, score=score)


def layout_of(worksheet: Any, header_first: int, header_last: int, *, score: float = 0.0) -> Layout:
    """Return the layout of a sheet whose header rows are given, by us or by a person."""
    sheet = Sheet(worksheet)
    if _names_units(sheet, header_last + 1):
        header_last += 1
    start = header_last + 1
    while _numbers_columns(sheet, start) or _sums_below(sheet, start):
        start += 1
    foot = _foot(sheet, start)
    end = foot or sheet.height + 1
    used = sum(
        1 for row in range(start, end) if any((row, c) in sheet.cells for c in range(1, sheet.width + 1))
    )
    return Layout(
        worksheet.title,
        header_first,
        header_last,
        start,
        foot,
        tuple(headings(sheet, header_first, header_last)),
        used,
        score,
        worksheet.sheet_state != "visible",
    )


def headings(sheet: Sheet, first: int, last: int) -> list[Heading]:
    """Return the columns under header rows `first` to `last`, each with its words from the top down.

    A name that is merged over several columns down to its last row is one column: the first of them.
    """
    found, before = [], None
    for column in range(1, sheet.width + 1):
        places = [sheet.origin.get((row, column), (row, column)) for row in range(first, last + 1)]
        if places == before:
            continue
        path: list[str] = []
        for row in range(first, last + 1):
            text = sheet.text(row, column)
            if path and text and row == last and _names_units(sheet, row):
                path[-1] = f"{path[-1]}（{text.strip('（）()')}）"
            elif text and (not path or path[-1] != text):
                path.append(text)
        before = places
        if path:
            found.append(Heading(column, tuple(path)))
    return found


def _points(sheet: Sheet, row: int, known: frozenset[str]) -> float:
    places = sheet.places_of(row)
    names = [sheet.text(*place) for place in places if is_name(sheet.text(*place))]
    if len(names) < 2 or len(names) < 0.6 * len(places):
        return 0.0
    held = sum(1 for name in names if plain(name) in known)
    # Repeated words are data, not names; a row further down is less likely the header.
    repeated = sum(count - 1 for count in Counter(map(plain, names)).values())
    return len(names) + 3 * held - repeated - 0.05 * row


def _belongs_above(sheet: Sheet, row: int) -> bool:
    """Whether a row over the header groups its columns: two or more cells of words, one of them spread out."""
    places = sheet.places_of(row)
    names = [place for place in places if is_name(sheet.text(*place))]
    if len(names) < 2 or len(names) < len(places):
        return False
    return any(len(columns) > 1 for columns in places.values()) or any(
        sheet.reaches_over(row, columns[0]) for columns in places.values()
    )


def _reaches_down(sheet: Sheet, row: int) -> bool:
    return any(
        sheet.reaches_over(row, column) for column in range(1, sheet.width + 1) if sheet.text(row, column)
    )


def _is_lower_header(sheet: Sheet, row: int, known: frozenset[str]) -> bool:
    """Whether a row names the parts of a group above it."""
    above = {origin: columns for origin, columns in sheet.places_of(row - 1).items() if len(columns) > 1}
    names = [sheet.text(*place) for place in sheet.places_of(row)]
    spread = {column for columns in above.values() for column in columns}
    beneath = [column for column in spread if sheet.text(row, column)]
    if not beneath or not all(map(is_name, names)):
        return False
    return len(beneath) >= 2 or any(plain(name) in known for name in names)


def _numbers_columns(sheet: Sheet, row: int) -> bool:
    """Whether a row only counts the columns: 1 2 3 …, or 甲 乙 1 2 …."""
    texts = [plain(sheet.text(*place)) for place in sheet.places_of(row)]
    if len(texts) < 3:
        return False
    digits = [int(text) for text in texts if text.isdecimal()]
    others = [text for text in texts if not text.isdecimal()]
    return (
        len(digits) >= 2
        and digits == list(range(digits[0], digits[0] + len(digits)))
        and digits[0] <= 2
        and all(len(text) == 1 and text in "甲乙丙丁戊ABCD" for text in others)
    )


def _names_units(sheet: Sheet, row: int) -> bool:
    """Whether a row only names the units of columns: 平方米, （岁）."""
    own = [plain(sheet.text(*place)) for place in sheet.places_of(row) if place[0] == row]
    return bool(own) and all(map(UNIT.match, own))


def _sums_below(sheet: Sheet, row: int) -> bool:
    """Whether a row is a sum that stands over the rows it adds up."""
    places = sheet.places_of(row)
    texts = [plain(sheet.text(*place)) for place in places]
    if not texts or not SUM.match(texts[0]):
        return False
    rows = [number for text in texts if text.startswith("=") for number in _rows_in(text)]
    return bool(rows) and min(rows) > row


def _foot(sheet: Sheet, start: int) -> int:
    """Return the first row of the foot: a sum, a signature line, a note; 0 where there is none."""
    for row in range(start, sheet.height + 1):
        places = sheet.places_of(row)
        texts = [plain(sheet.text(*place)) for place in places]
        if texts and (FOOT.match(texts[0]) or (len(texts) < 5 and SIGNED.search(texts[0]))):
            return row
        if any(_adds_up(text, row) for text in texts) and not _is_row_formula(sheet, row):
            return row
        if len(places) == 1 and row > start and len(texts[0]) > 12 and not texts[0].startswith("="):
            return row
    return 0


def _adds_up(text: str, row: int) -> bool:
    """Whether a formula adds up rows above its own; one of every row speaks of its own row at least."""
    if not re.match(r"=(SUM|COUNT|SUBTOTAL|AVERAGE)", text, re.IGNORECASE):
        return False
    rows = _rows_in(text)
    return not rows or max(rows) < row


def _rows_in(formula: str) -> list[int]:
    """Return the rows of its own sheet of which a formula speaks."""
    own = re.sub(r"('[^']+'|[\w.]+)!\$?[A-Z]+\$?\d+(:\$?[A-Z]+\$?\d+)?", "", formula)
    return [int(row) for row in re.findall(r"(?<![A-Z\d])\$?[A-Z]{1,3}\$?(\d+)", own)]


def _is_row_formula(sheet: Sheet, row: int) -> bool:
    """Whether the next row has the same formulas: a formula of every row, such as a sum of its own cells."""
    own = {column for (r, column), value in sheet.cells.items() if r == row and str(value).startswith("=")}
    below = {
        column for (r, column), value in sheet.cells.items() if r == row + 1 and str(value).startswith("=")
    }
    return bool(own) and own <= below
