"""What may come in as a superior's workbook: a plain .xlsx of a sensible size, without macros or traps."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.base.workbooks import Limits, check_kind, check_package

LARGEST_FILE = 20 * 1024**2  # bytes; a blank form has a few hundred kB
FORM = Limits(parts=2_000, unpacked=200 * 1024**2, largest_part=100 * 1024**2, small=1024**2)
# What the writing library cannot keep, by where it lies in the package.
LOST: tuple[tuple[str, str], ...] = (
    ("xl/charts/", "charts"),
    ("xl/pivottables/", "pivots"),
    ("xl/externallinks/", "links"),
    ("xl/embeddings/", "objects"),
    ("xl/slicers/", "slicers"),
    ("xl/ctrlprops/", "controls"),
)
SHAPE = re.compile(rb"<(\w+:)?(sp|grpSp|cxnSp)[\s>]")
COLOURS = b"x14:conditionalFormatting "


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
    check_kind(name, content)
    bomb = _("这个文件解开后大得不正常，不能上传。请向发表格的单位要一份空白的原表。")
    names = check_package(io.BytesIO(content), FORM, bomb)
    require(
        not any("activex/" in part for part in names),
        _("表格里有会运行的控件（ActiveX），为安全不能上传。请删掉控件再上传。"),
    )
    words = _lost_words()
    lost = [code for place, code in LOST if any(part.startswith(place) for part in names)]
    return [Warned(code, words[code]) for code in dict.fromkeys([*lost, *_lost_within(content)])]


def _lost_within(content: bytes) -> Iterator[str]:
    """Name what cannot be kept and is told only by the inside of a part; its size is checked by then."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for part in package.namelist():
            if part.lower().startswith("xl/drawings/drawing") and SHAPE.search(package.read(part)):
                yield "shapes"
            elif part.lower().startswith("xl/worksheets/sheet") and COLOURS in package.read(part):
                yield "colours"


def _lost_words() -> dict[str, str]:
    return {
        "charts": _("表里的图表填好后不会保留，请在填好的表里重新插入。"),
        "pivots": _("表里的数据透视表填好后不会保留。"),
        "links": _("表里引用了别的文件，填好后请核对这些单元格。"),
        "objects": _("表里嵌入的文件填好后不会保留。"),
        "slicers": _("表里的切片器填好后不会保留。"),
        "controls": _("表里的按钮、勾选框填好后不会保留。"),
        "shapes": _("表里的文本框和图形填好后不会保留，里面写着填表说明的，请看原表。"),
        "colours": _("表里有的数据条、图标等条件格式填好后不会保留。"),
    }
