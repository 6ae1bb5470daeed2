"""What may be read as a table, and how its text is told apart: sizes, separators, parts of a workbook."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from linli.base.errors import require

IN_THE_PAGE = 500 * 1024**2  # bytes of an uploaded file
BY_COMMAND = 2 * 1024**3
MOST_COLUMNS = 200
LONGEST_CELL = 2_000  # signs; a quotation mark without its twin would otherwise swallow the file
HEADER_WITHIN = 10  # rows from the top: a title may stand above the headings

# A workbook is a zip archive; XML of tables packs about twenty to one.
MOST_INFLATED = 8 * 1024**3
MOST_RATIO = 200
SMALL_ENOUGH = 20 * 1024**2  # whatever the ratio
MOST_PARTS = 5_000
NAMED_CELLS = 20


@dataclass(frozen=True)
class Part:
    """One part of a workbook as the archive's directory declares it; sizes in bytes."""

    name: str
    inflated: int
    packed: int


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
    ending = name.rpartition(".")[2].lower()
    save_as = _("请在表格软件里另存为 .xlsx 或 .csv 再上传。")
    require(ending not in {"xlsm", "xltm", "xlsb", "xlam"}, _("这种文件可能带宏，不能导入。") + save_as)
    if head.startswith(b"PK"):
        return "xlsx"
    is_old = head.startswith(b"\xd0\xcf\x11\xe0")
    require(not is_old, _("这是旧格式（.xls 或加了密码的）工作簿，读不了。") + save_as)
    require(ending != "xlsx", _("文件名是 .xlsx，内容却不是工作簿。") + save_as)
    require(not head.startswith((b"%PDF", b"<html", b"<!DOCTYPE")), _("这不是表格文件。") + save_as)
    return "csv"


def check_archive(parts: Sequence[Part]) -> None:
    """Refuse what would blow up when unpacked, what runs programs and what reaches for other files."""
    names = [part.name.lower() for part in parts]
    bomb = _("这个文件解开后大得不正常，为了安全没有打开。请检查文件来源，或另存为 CSV 再传。")
    require(len(parts) <= MOST_PARTS, bomb)
    inflated, packed = sum(part.inflated for part in parts), sum(part.packed for part in parts)
    require(inflated <= MOST_INFLATED, bomb)
    require(inflated <= SMALL_ENOUGH or inflated <= MOST_RATIO * max(packed, 1), bomb)
    require(
        not any(name.endswith(("vbaproject.bin", ".bin.vba")) or "/macrosheets/" in name for name in names),
        _("工作簿里有宏，不能导入。请在表格软件里另存为 .xlsx（不带宏）再上传。"),
    )
    require(
        not any("/externallinks/" in name for name in names),
        _("工作簿引用了别的文件。请在表格软件里“断开链接”，或另存为 CSV 再上传。"),
    )
    require("[content_types].xml" in names, _("这不是 Excel 工作簿（可能是别的压缩文件）。"))


def separator_of(text: str) -> str:
    """Return what separates the cells in the first full lines of a table: comma, tab, semicolon, bar or ，."""
    lines = [line for line in text.splitlines()[:HEADER_WITHIN] if line.strip()]
    counts = {sign: [_outside_quotes(line, sign) for line in lines] for sign in ",\t;|，"}
    # The line with the most cells is the heading or a row; titles above have none.
    return max(counts, key=lambda sign: (max(counts[sign], default=0), -",\t;|，".index(sign)))


def _outside_quotes(line: str, sign: str) -> int:
    return re.sub(r'"[^"]*"', "", line).count(sign)


def header_row(rows: Iterable[Sequence[str]], known: frozenset[str]) -> int:
    """Return which of the first rows holds the headings: the one with most words among `known`, else the first
    with two filled cells. Counted from 0.
    """
    shown = list(rows)[:HEADER_WITHIN]
    scores = [sum(key_of(cell) in known for cell in row) for row in shown]
    if scores and max(scores) > 0:
        return scores.index(max(scores))
    return next((number for number, row in enumerate(shown) if sum(map(bool, row)) > 1), 0)


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


def check_headings(headings: Sequence[str]) -> None:
    """Refuse a table without headings or with too many columns."""
    require(any(headings), _("没有找到表头。请让第一行写上各列的名称（姓名、身份证号……）。"))
    require(
        len(headings) <= MOST_COLUMNS,
        _("这张表有 %(n)d 列，最多 %(most)d 列。请删去用不到的列。")
        % {"n": len(headings), "most": MOST_COLUMNS},
    )
