"""What may come in as a superior's workbook: a plain .xlsx of a sensible size, without macros or traps."""

import io
import re
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.base.errors import Refused, require

LARGEST_FILE = 20 * 1024**2  # bytes; a blank form has a few hundred kB
LARGEST_UNPACKED = 200 * 1024**2
LARGEST_PART = 100 * 1024**2
LARGEST_RATIO = 200  # unpacked : packed; worksheets of repeated cells reach about 60
MOST_PARTS = 2_000
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # OLE2: .xls, and .xlsx that carries a password
DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
MACROS = ("vbaproject.bin", "vbadata.xml", "macrosheets/", "activex/")
# What the writing library cannot keep, by where it lies in the package.
LOST: tuple[tuple[str, str], ...] = (
    ("xl/charts/", "charts"),
    ("xl/pivottables/", "pivots"),
    ("xl/externallinks/", "links"),
    ("xl/embeddings/", "objects"),
    ("xl/slicers/", "slicers"),
)


@dataclass(frozen=True)
class Warned:
    """What a reader should know about a workbook that was taken in."""

    code: str
    words: str


def checked(name: str, content: bytes) -> list[Warned]:
    """Return what will be lost of an uploaded workbook that may come in; nothing of it is unpacked whole.

    Raises Refused with what to do for: macros (.xlsm, or hidden in an .xlsx), the old .xls, a password, a file
    over the limit, a zip bomb, XML with its own entities, and what is no workbook at all.
    """
    require(bool(content), _("文件是空的，请重新选择。"))
    require(
        len(content) <= LARGEST_FILE,
        _("文件超过 %(size)s MB。请只留空白表格再上传，名单不用带上。") % {"size": LARGEST_FILE // 1024**2},
    )
    ending = name.lower().rpartition(".")[2]
    require(ending not in {"xlsm", "xltm", "xlsb", "xlam"}, _macro_words())
    if content.startswith(OLD_OFFICE):
        raise Refused(
            _("这是旧版 .xls 或加了密码的表格，读不了。请在表格软件里去掉密码，“另存为” .xlsx 再上传。")
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _checked_package(package)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError):
        raise Refused(_("这不是能读的 .xlsx 表格，可能已损坏。请在表格软件里打开后另存为 .xlsx。")) from None


def _macro_words() -> str:
    return _("表格里带有宏，为安全不能上传。请“另存为”不带宏的 .xlsx 再上传。")


def _checked_package(package: zipfile.ZipFile) -> list[Warned]:
    parts = package.infolist()
    names = {part.filename.lower() for part in parts}
    require(not any(sign in part for part in names for sign in MACROS), _macro_words())
    require("xl/workbook.xml" in names, _("这个文件里没有表格。请上传上级发来的 .xlsx 文件。"))
    _require_no_bomb(parts)
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with package.open(part) as opened:
                head = opened.read(4096)
            require(not DOCTYPE.search(head), _("表格里夹带了不该有的定义，为安全不能上传。"))
    if "[content_types].xml" in names:
        types = next(part for part in parts if part.filename.lower() == "[content_types].xml")
        require(b"macroEnabled" not in package.read(types), _macro_words())
    words = _lost_words()
    return [
        Warned(code, words[code]) for place, code in LOST if any(part.startswith(place) for part in names)
    ]


def _require_no_bomb(parts: list[zipfile.ZipInfo]) -> None:
    """Sizes are those the package states; reading a part stops at its stated size, so a lie gains nothing."""
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    is_bomb = (
        len(parts) > MOST_PARTS
        or unpacked > LARGEST_UNPACKED
        or any(part.file_size > LARGEST_PART for part in parts)
        or (unpacked > 1024**2 and unpacked / packed > LARGEST_RATIO)
    )
    require(not is_bomb, _("这个文件解开后大得不正常，不能上传。请向发表格的单位要一份空白的原表。"))


def _lost_words() -> dict[str, str]:
    return {
        "charts": _("表里的图表填好后不会保留，请在填好的表里重新插入。"),
        "pivots": _("表里的数据透视表填好后不会保留。"),
        "links": _("表里引用了别的文件，填好后请核对这些单元格。"),
        "objects": _("表里嵌入的文件填好后不会保留。"),
        "slicers": _("表里的切片器填好后不会保留。"),
    }
