"""Tables as people bring them; no database."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from linli.base.errors import Refused
from linli.imports.actions.reading import Opened, Row, look, rows_of
from linli.imports.rules.columns import HEADING_WORDS
from linli.imports.tests.books import book, changed, with_part

pytestmark = pytest.mark.once
HEAD = ["姓名", "身份证号", "出生日期"]
SHEET = "xl/worksheets/sheet1.xml"


def opened(content: bytes, name: str = "a.csv", sheet: str = "") -> Opened:
    return look(io.BytesIO(content), name, HEADING_WORDS, sheet)


def rows(content: bytes, name: str = "a.csv", sheet: str = "", after: int = 0) -> list[Row]:
    found = opened(content, name, sheet)
    return list(rows_of(io.BytesIO(content), found.shape, after=after))


def test_csv_is_read_in_each_encoding_with_line_breaks_in_cells() -> None:
    words = '姓名,身份证号,住址\r\n"李𬱖","1","杨柳苑\n3幢"\r\n,,\r\n王,2,"a,b"\r\n'
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert rows(words.encode(encoding)) == [(2, ["李𬱖", "1", "杨柳苑\n3幢"]), (4, ["王", "2", "a,b"])]
    assert rows(words.encode(), after=2) == [(4, ["王", "2", "a,b"])]


def test_a_quote_without_its_twin_is_told() -> None:
    words = '姓名,身份证号\n王,1\n"李,2\n' + "张,3\n" * 200_000
    with pytest.raises(Refused, match="引号没有配对"):
        rows(words.encode())


def test_a_workbook_is_read_as_it_would_be_typed() -> None:
    day = datetime(1990, 6, 1)  # noqa: DTZ001 (a spreadsheet knows no zone)
    content = book(
        [
            ["台账"],
            HEAD,
            ["王小明", "11010519491231002X", day],
            ["李", 110105194912310, date(1990, 6, 2)],
            [],
            ["张", 12.0, "1990年"],
        ]
    )
    assert opened(content, "a.xlsx").headings == HEAD
    assert [cells[:3] for _number, cells in rows(content, "a.xlsx")] == [
        ["王小明", "11010519491231002X", "1990-06-01"],
        ["李", "110105194912310", "1990-06-02"],
        ["张", "12", "1990年"],
    ]


def test_a_number_that_lost_its_last_digits_is_not_read_as_a_whole_one() -> None:
    """3.30302199001011E+17 would be 330302199001011008, whose check digit happens to be right."""
    lost = "3.30302199001011E+17"
    for written, read in ((lost, lost), ("330302199001011000", lost), ("110105194912310029",) * 2):
        cell = f"<v>{written}</v>".encode()
        content = changed(
            book([HEAD, ["王", 1, ""]]), SHEET, lambda xml, cell=cell: xml.replace(b"<v>1</v>", cell)
        )
        assert rows(content, "a.xlsx")[0][1][1] == read


@pytest.mark.parametrize("number", [27, 31, 36, 50, 57, 58])
def test_the_days_of_chinese_spreadsheets_are_days(number: int) -> None:
    content = book([HEAD, ["王", "1", datetime(1990, 6, 1)]])  # noqa: DTZ001 (a spreadsheet knows no zone)
    fmt = f'numFmtId="{number}"'.encode()
    content = changed(content, "xl/styles.xml", lambda xml: re.sub(rb'numFmtId="1[0-9]+"', fmt, xml))
    assert rows(content, "a.xlsx")[0][1][2] == "1990-06-01"


def test_days_are_counted_from_1904_where_the_workbook_says_so() -> None:
    def from_1904(made: Any) -> None:
        made.epoch = CALENDAR_MAC_1904

    content = book([HEAD, ["王", "1", datetime(1990, 6, 1)]], from_1904)  # noqa: DTZ001
    assert b"date1904" in zipfile.ZipFile(io.BytesIO(content)).read("xl/workbook.xml")
    assert rows(content, "a.xlsx")[0][1][2] == "1990-06-01"


def test_signs_that_a_workbook_writes_by_their_number_are_read() -> None:
    assert rows(book([HEAD, ["王_x000D_", "_x0000_1", "_xD842__xDFB7_"]]), "a.xlsx") == [
        (2, ["王", "\x001", "\U00020bb7"])
    ]


def test_empty_columns_beside_the_headings_count_for_nothing() -> None:
    content = book([[*HEAD, *[""] * 300, " "], ["王", "1", ""]])
    assert opened(content, "a.xlsx").headings == HEAD


def test_the_table_is_found_behind_a_cover_and_an_empty_sheet() -> None:
    def covered(made: Any) -> None:
        made.create_sheet("空", 0)
        made.create_sheet("封面", 0).append(["柳树社区", "2026 年"])
        made.create_sheet("旧", 0).append(HEAD)
        made["旧"].sheet_state = "hidden"

        made["Sheet"].merge_cells("A1:C2")

    content = book([["台账"], [], HEAD, ["王", "1", ""]], covered)
    assert opened(content, "a.xlsx").found.merged_count == 0
    assert opened(content, "a.xlsx").shape.sheet == "Sheet"
    assert rows(content, "a.xlsx") == [(4, ["王", "1", ""])]
    assert opened(content, "a.xlsx", "封面").headings == ["柳树社区", "2026 年"]


def test_a_file_that_says_it_is_utf_8_is_read_as_such_with_a_sign_cut_in_two() -> None:
    words = b"\xef\xbb\xbf" + "姓名,身份证号\n".encode() + b"\xe7\x8e,1\n"
    assert rows(words) == [(2, ["\ufffd", "1"])]


def test_formulas_merged_cells_and_hidden_sheets_are_named() -> None:
    def odd(made: Any) -> None:
        made.active["B3"] = "=1+1"
        made.active.merge_cells("A2:A3")
        made.create_sheet("旧的").sheet_state = "hidden"
        made.create_sheet("别的").append(HEAD)

    found = opened(book([HEAD, ["王", "1", ""], ["", "2", ""]], odd), "a.xlsx")
    assert found.sheets == [("Sheet", False), ("旧的", True), ("别的", False)]
    assert (found.found.formulas, found.found.without_result, found.found.merged) == (
        ["B3"],
        ["B3"],
        ["A2:A3"],
    )
    assert opened(book([HEAD], odd), "a.xlsx", "别的").shape.sheet == "别的"
    content = book([HEAD, ["王", "1", ""], ["", "2", ""]], odd)
    stored = changed(content, SHEET, lambda xml: re.sub(rb"<v>\s*</v>|<v\s*/>", b"<v>2</v>", xml))
    assert opened(stored, "a.xlsx").found.without_result_count == 0


def test_shared_strings_as_spreadsheets_write_them_are_read() -> None:
    """Phonetic text beside a string (rPh) is no part of it; a string may be in several runs."""
    inline = b'<c r="A2" t="inlineStr"><is><t>&#29579;</t></is></c>'
    content = book([HEAD, ["王", "x", "y"]])
    content = changed(content, SHEET, lambda xml: xml.replace(inline, b'<c r="A2" t="s"><v>1</v></c>'))
    strings = "<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>零</t></si>"
    strings += "<si><r><t>王小</t></r><r><t>明</t></r><rPh sb='0' eb='1'><t>wang</t></rPh></si></sst>"
    content = with_part(content, "xl/sharedStrings.xml", strings.encode())
    assert rows(content, "a.xlsx") == [(2, ["王小明", "x", "y"])]


def dangers() -> Iterator[tuple[str, bytes, str]]:
    good = book([HEAD, ["王", "1", ""]])
    yield "bomb.xlsx", with_part(good, "xl/media/x.bin", b"\0" * 25_000_000), "大得不正常"
    yield "macro.xlsx", with_part(good, "xl/vbaProject.bin", b"x"), "宏"
    yield "macro.xlsm", good, "宏"
    yield "link.xlsx", with_part(good, "xl/externalLinks/externalLink1.xml", b"<x/>"), "引用了别的文件"
    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    yield "entity.xlsx", changed(good, SHEET, lambda xml: entity + xml), "外部实体"
    yield "cut.xlsx", good[: len(good) // 2], "打不开"
    yield "zip.xlsx", b"PK\x05\x06" + b"\0" * 18, "不是 Excel"
    yield "broken.xlsx", changed(good, SHEET, lambda xml: xml[:300]), "坏了"


@pytest.mark.parametrize(
    ("name", "content", "words"), list(dangers()), ids=[name for name, _c, _w in dangers()]
)
def test_dangerous_and_broken_workbooks_are_refused(name: str, content: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        rows(content, name)


def test_a_lying_directory_does_not_unpack_more_than_it_says() -> None:
    content = bytearray(book([HEAD, ["王", "1", ""]]))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = (1).to_bytes(4, "little")
    with pytest.raises(Refused):
        rows(bytes(content), "lie.xlsx")
