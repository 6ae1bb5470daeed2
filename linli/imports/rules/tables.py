"""What may be read as a table, and how its text is told apart: sizes, separators."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.base.workbooks import Limits, check_kind

IN_THE_PAGE = 500 * 1024**2  # bytes of an uploaded file
BY_COMMAND = 2 * 1024**3
MOST_COLUMNS = 200
LONGEST_CELL = 2_000  # signs; a quotation mark without its twin would otherwise swallow the file
HEADER_WITHIN = 10  # rows from the top: a title may stand above the headings

WORKBOOK = Limits(parts=5_000, unpacked=8 * 1024**3, largest_part=8 * 1024**3, small=20 * 1024**2)
NAMED_CELLS = 20
LONGEST_LINE = 10_000  # signs that are looked at to tell the separator
SEPARATORS = ",\t;|，"


@dataclass
class Found:
    """What a person should know of a sheet before it is loaded; cells by name, "B2", the first NAMED_CELLS of them."""

    formulas: list[str] = field(default_factory=list)
    formula_count: int = 0
    without_result: list[str] = field(default_factory=list)
    without_result_count: int = 0
    merged: list[str] = field(default_factory=list)
    merged_count: int = 0


def check_size(size: int, limit: int) -> None:
    """Refuse an empty file and one over the limit (bytes)."""
    require(size > 0, _("这个文件是空的，请检查后重新选择。"))
    words = f"{limit // 1024**3} GB" if limit >= 1024**3 else f"{limit // 1024**2} MB"
    require(
        size <= limit,
        _("文件超过 %(limit)s。请拆成几个文件，或请系统管理员用命令 linli import-people 导入（最大 2 GB）。")
        % {"limit": words},
    )


def kind_of(name: str, head: bytes) -> str:
    """Return "xlsx" or "csv" by what the file begins with, not by its name alone. Refuses what is neither."""
    check_kind(name, head)
    if head.startswith(b"PK"):
        return "xlsx"
    save_as = _("请在表格软件里另存为 .xlsx 或 .csv 再上传。")
    require(not name.lower().endswith(".xlsx"), _("文件名是 .xlsx，内容却不是工作簿。") + save_as)
    require(not head.startswith((b"%PDF", b"<html", b"<!DOCTYPE")), _("这不是表格文件。") + save_as)
    return "csv"


def separator_of(text: str, known: frozenset[str]) -> str:
    """Return what separates the cells in the first full lines of a table: comma, tab, semicolon, bar or ，; what parts
    the most headings among `known`, else the most cells. A title above may be full of commas.
    """
    lines = [line[:LONGEST_LINE] for line in text.splitlines()[:HEADER_WITHIN] if line.strip()]

    def fits(sign: str) -> tuple[int, int, int]:
        rows = list(csv.reader(lines, delimiter=sign))
        return known_words(rows, known), max(map(len, rows), default=0), -SEPARATORS.index(sign)

    return max(SEPARATORS, key=fits)


def header_row(rows: Iterable[Sequence[str]], known: frozenset[str]) -> int:
    """Return which of the first rows holds the headings: the one with most words among `known`, else the first
    with two filled cells. Counted from 0.
    """
    shown = list(rows)[:HEADER_WITHIN]
    scores = [sum(key_of(cell) in known for cell in row) for row in shown]
    if scores and max(scores) > 0:
        return scores.index(max(scores))
    return next((number for number, row in enumerate(shown) if sum(map(bool, row)) > 1), 0)


def known_words(rows: Iterable[Sequence[str]], known: frozenset[str]) -> int:
    """Return how many words among `known` stand in the row that has the most of them."""
    return max((len(known & set(map(key_of, row))) for row in list(rows)[:HEADER_WITHIN]), default=0)


def key_of(heading: str) -> str:
    """Return a heading without what differs between tables: spaces, brackets and what is in them, stars, case."""
    bare = re.sub(r"[（(【\[].*?[)）】\]]", "", heading)
    return re.sub(r"[\s*＊:：、_\-—/]+", "", bare).lower()


def numbered(headings: Sequence[str]) -> list[str]:
    """Return the headings with names for nameless columns and numbers for those that come twice: 电话, 电话 2."""
    seen: dict[str, int] = {}
    named: list[str] = []
    for number, heading in enumerate(headings, start=1):
        name = " ".join(heading.split()) or _("第 %(n)d 列") % {"n": number}
        seen[name] = seen.get(name, 0) + 1
        named.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return named


_MOBILE = r"1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
_IDENTITY = r"[1-9]\d{5}[- ]?\d{8}[- ]?\d{3}[\dXx]|[1-9]\d{14}"
PERSONAL = re.compile(rf"(?<!\d)(?:\+?86)?(?:{_MOBILE}|{_IDENTITY})(?!\d)")


def check_headings(headings: Sequence[str]) -> None:
    """Refuse a table without headings or with too many columns.

    Headings are kept in clear and remembered with their source; where the first row is a resident already, a number
    would be.
    """
    require(any(headings), _("没有找到表头。请让第一行写上各列的名称（姓名、身份证号……）。"))
    require(
        not any(PERSONAL.search(unicodedata.normalize("NFKC", cell)) for cell in headings),
        _("第一行是居民的资料，不是表头。请在上面加一行，写上各列的名称（姓名、身份证号……）。"),
    )
    require(
        len(headings) <= MOST_COLUMNS,
        _("这张表有 %(n)d 列，最多 %(most)d 列。请删去用不到的列。")
        % {"n": len(headings), "most": MOST_COLUMNS},
    )
