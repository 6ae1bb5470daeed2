"""A workbook that somebody brings: whether it may be opened, told before anything of it is unpacked whole."""

import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from linli.base.errors import Refused, require

OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # OLE2: .xls, and .xlsx that carries a password
WITH_MACROS = frozenset({"xlsm", "xltm", "xlsb", "xlam"})
MACROS = ("vbaproject.bin", "vbadata.xml", ".bin.vba", "macrosheets/")
CONTENT_TYPES = "[content_types].xml"
LARGEST_TYPES = 4 * 1024**2  # bytes: the list of parts, read whole
MOST_RATIO = 200  # unpacked : packed; XML of tables packs about twenty to one, repeated cells up to sixty
PROLOG = 64 * 1024  # bytes: only the beginning of a part can declare entities
_TRAP = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
# What reading a package raises where it is damaged.
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """How large a workbook may be; sizes in bytes, as its directory states them."""

    parts: int
    unpacked: int
    largest_part: int
    small: int  # up to here it may be packed however tightly


def check_kind(name: str, head: bytes) -> None:
    """Refuse, by the file's name and first bytes, what may hold macros, the old .xls and what carries a password."""
    require(name.lower().rpartition(".")[2] not in WITH_MACROS, _macros())
    require(
        not head.startswith(OLD_OFFICE),
        _(
            "这是旧格式（旧版 .xls 或加了密码的）工作簿，读不了。请在表格软件里去掉密码、另存为 .xlsx 再上传。"
        ),
    )


def check_package(file: BinaryIO, limits: Limits, bomb: str) -> frozenset[str]:
    """Return the names of a workbook's parts, in small letters.

    Raises Refused for what would blow up when unpacked (with the sentence `bomb`), macros, XML that declares its own
    entities, a password, and what is damaged or no workbook. Reading a part stops at the size that the directory
    states, so that a lie there gains nothing.
    """
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            check_parts(parts, limits, bomb)
            require(not any(part.flag_bits & 1 for part in parts), _broken())
            _check_content(package, parts, bomb)
    except UNREADABLE as cause:
        raise broken() from cause
    return _names(parts)


def check_parts(parts: Sequence[zipfile.ZipInfo], limits: Limits, bomb: str) -> None:
    """Refuse a package by its directory alone: bombs, macros, and what is no workbook."""
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    require(len(parts) <= limits.parts, bomb)
    require(unpacked <= limits.unpacked, bomb)
    require(all(part.file_size <= limits.largest_part for part in parts), bomb)
    require(unpacked <= limits.small or unpacked <= MOST_RATIO * max(packed, 1), bomb)
    names = _names(parts)
    require(not any(sign in name for name in names for sign in MACROS), _macros())
    is_workbook = CONTENT_TYPES in names and any(name.startswith("xl/") for name in names)
    require(is_workbook, _("这不是 Excel 工作簿，里面没有表格（可能是别的压缩文件）。"))


def broken() -> Refused:
    """Return the refusal of a workbook that is damaged, for whoever reads on in it."""
    return Refused(_broken())


def _check_content(package: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo], bomb: str) -> None:
    for part in parts:
        name = part.filename.lower()
        if not name.endswith((".xml", ".rels")):
            continue
        with package.open(part) as opened:
            prolog = opened.read(PROLOG)
        # UTF-16 would hide things from what reads the sheets as bytes; what lies beside them may be written in it.
        is_odd = b"\0" in prolog and name.startswith("xl/")
        is_trap = _TRAP.search(prolog.replace(b"\0", b"")) is not None
        require(not is_odd and not is_trap, _("工作簿里有不该有的定义（外部实体），为了安全没有打开。"))
        if name == CONTENT_TYPES:  # macros may lie in it under another name
            require(part.file_size <= LARGEST_TYPES, bomb)
            require(b"macroEnabled" not in package.read(part), _macros())


def _names(parts: Sequence[zipfile.ZipInfo]) -> frozenset[str]:
    return frozenset(part.filename.lower() for part in parts)


def _macros() -> str:
    return _("工作簿可能带宏，为了安全没有打开。请在表格软件里另存为 .xlsx（不带宏）再上传。")


def _broken() -> str:
    return _(
        "这个文件打不开，不是能读的 .xlsx 工作簿，可能已经损坏或加了密码。请在表格软件里打开、另存为 .xlsx 再上传。"
    )
