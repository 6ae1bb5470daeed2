"""Workbooks that may be opened, and those that may not."""

import io
import zipfile

import pytest

from linli.base.errors import Refused
from linli.base.tests.zips import packed
from linli.base.workbooks import Limits, check_kind, check_package, check_parts

pytestmark = pytest.mark.once
LIMITS = Limits(parts=20, unpacked=8 * 1024**3, largest_part=4 * 1024**3, small=1024**2)
BOMB = "大得不正常"
TYPES = "[Content_Types].xml"
PLAIN = {TYPES: b"<Types/>", "xl/workbook.xml": b"<workbook/>"}


def part(name: str, unpacked: int = 10, packed_size: int = 10) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.file_size, info.compress_size = unpacked, packed_size
    return info


def check(content: bytes) -> frozenset[str]:
    return check_package(io.BytesIO(content), LIMITS, BOMB)


def test_a_plain_workbook_may_be_opened() -> None:
    check_kind("表.xlsx", packed(PLAIN))
    assert check(packed(PLAIN)) == {"[content_types].xml", "xl/workbook.xml"}


def test_what_lies_beside_the_sheets_may_be_utf_16() -> None:
    check(packed(PLAIN | {"customXml/item1.xml": "<a/>".encode("utf-16")}))


@pytest.mark.parametrize(
    ("name", "head", "words"),
    [("a.xlsm", b"PK", "宏"), ("a.XLSB", b"PK", "宏"), ("a.xls", b"\xd0\xcf\x11\xe0", "旧格式")],
)
def test_what_no_workbook_of_today_is_called_is_refused(name: str, head: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        check_kind(name, head)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ([part("xl/worksheets/sheet1.xml", 10**11, 10**8)], BOMB),
        ([part("xl/worksheets/sheet1.xml", 5 * 1024**3, 10**9)], BOMB),
        ([part("xl/worksheets/sheet1.xml", 10**9, 10**6)], BOMB),
        ([part("xl/media/x.bin", 2 * 1024**2, 0)], BOMB),
        ([part(f"xl/{number}.xml") for number in range(20)], BOMB),
        ([part("xl/vbaProject.bin")], "宏"),
        ([part("xl/macrosheets/sheet1.xml")], "宏"),
    ],
)
def test_bombs_and_macros_are_refused_by_the_directory_alone(more: list[zipfile.ZipInfo], words: str) -> None:
    plain = [part(TYPES), part("xl/workbook.xml")]
    check_parts(plain, LIMITS, BOMB)
    with pytest.raises(Refused, match=words):
        check_parts([*plain, *more], LIMITS, BOMB)


ENTITY = '<!DOCTYPE x [<!ENTITY a "b">]><x/>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (packed({"word/document.xml": b"<w/>", TYPES: b"<Types/>"}), "没有表格"),
        (packed({"xl/workbook.xml": b"<workbook/>"}), "没有表格"),
        (packed(PLAIN | {"xl/x.xml": ENTITY.encode()}), "不该有的定义"),
        (packed(PLAIN | {"xl/x.xml": ENTITY.lower().encode()}), "不该有的定义"),
        (packed(PLAIN | {"customXml/item1.xml": ENTITY.encode("utf-16")}), "不该有的定义"),
        (packed(PLAIN | {"xl/x.xml": "<a/>".encode("utf-16")}), "不该有的定义"),
        (packed(PLAIN | {TYPES: b'ContentType="application/vnd.ms-excel.sheet.macroEnabled"'}), "宏"),
        (packed(PLAIN)[:60], "打不开"),
        (b"", "打不开"),
        ("姓名,性别".encode(), "不是能读的"),
    ],
)
def test_traps_and_damage_are_refused_with_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        check(content)


def test_a_part_whose_bytes_are_damaged_is_refused_with_a_sentence() -> None:
    whole = packed(PLAIN | {"xl/x.xml": bytes(range(65, 91)) * 40})
    at = whole.index(b"xl/x.xml") + len("xl/x.xml")
    with pytest.raises(Refused, match="损坏"):
        check(whole[:at] + b"\xff" * 8 + whole[at + 8 :])


def test_a_workbook_with_a_password_is_refused() -> None:
    content = bytearray(packed(PLAIN))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Refused, match="密码"):
        check(bytes(content))
