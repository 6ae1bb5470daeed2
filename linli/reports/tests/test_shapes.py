"""Superiors' workbooks in the shapes in which they come: read, matched and filled without loss; no database."""

import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Border, Font, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table
from PIL import Image as Picture

from linli.reports.actions.making import hidden_columns, offered_lists
from linli.reports.rules import (
    Heading,
    Kind,
    Layout,
    Source,
    Subject,
    Writing,
    checked,
    facts_for,
    known_words,
    propose,
    propose_all,
    propose_layout,
    written,
)
from linli.reports.rules.books import open_workbook
from linli.reports.rules.coding import codes_for
from linli.reports.rules.writing import Spot, fill
from linli.reports.tests.books import content_of, repacked

pytestmark = pytest.mark.once
TAGS = [("subsistence", "低保"), ("disabled", "残疾"), ("party", "党员"), ("alone", "独居老人")]
FACTS = facts_for(Subject.PERSON, TAGS)
COLUMNS = [(1, Kind.NUMBER), (2, Kind.NAME), (3, Kind.CODE), (4, Kind.NUMBER)]
LINE = Border(left=Side(style="thin"))


def book_of(*names: str, row: int = 2, prepared: int = 3) -> Any:
    """A title, a header in `row` and bordered empty rows beneath, the first column counted."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "名单"
    sheet["A1"] = "花名册"
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(names))
    for column, name in enumerate(names, 1):
        sheet.cell(row, column, name)
        for below in range(row + 1, row + 1 + prepared):
            sheet.cell(below, column).border = LINE
    return book


def layout_of(book: Any) -> Layout:
    layout = propose_layout(book["名单"], known_words(FACTS))
    assert layout is not None
    return layout


def filled(book: Any, count: int, columns: list[tuple[int, Any]] = COLUMNS) -> Any:
    layout = layout_of(book)
    rows = [[n if kind == Kind.NUMBER else f"值{n}" for _c, kind in columns] for n in range(1, count + 1)]
    spot = Spot("名单", layout.data_first, layout.foot)
    content = fill(content_of(book), spot, columns, rows, "").content
    return load_workbook(io.BytesIO(content), rich_text=True)


# ---- where the rows are ----


def test_rows_without_a_foot_take_along_all_that_points_at_them() -> None:
    book = book_of("序号", "姓名", "性别", "年龄")
    sheet = book["名单"]
    sheet.print_area, sheet.auto_filter.ref = "A1:D5", "A2:D5"
    rule = DataValidation(type="list", formula1='"男,女"', sqref="C3:C5")
    sheet.add_data_validation(rule)
    twice = FormulaRule(formula=["COUNTIF($B$3:$B$5,B3)>1"], font=Font(bold=True))
    sheet.conditional_formatting.add("B3:B5", twice)
    sheet.add_table(Table(displayName="表", ref="A2:D5"))
    book.defined_names["人"] = DefinedName("人", attr_text="名单!$B$3:$B$5")
    sums = book.create_sheet("汇总")
    sums["A1"] = '=COUNTIF(名单!C3:C5,"男")'
    sums["A2"] = ArrayFormula("A2", '=SUM((名单!C3:C5="男")*1)')
    made = filled(book, 8)
    sheet = made["名单"]
    assert (sheet.print_area, sheet.auto_filter.ref) == ("'名单'!$A$1:$D$10", "A2:D10")
    assert str(sheet.data_validations.dataValidation[0].sqref) == "C3:C10"
    area = next(iter(sheet.conditional_formatting))
    assert (str(area.sqref), area.rules[0].formula) == ("B3:B10", ["COUNTIF($B$3:$B$10,B3)>1"])
    assert sheet.tables["表"].ref == "A2:D10"
    assert made.defined_names["人"].attr_text == "名单!$B$3:$B$10"
    assert made["汇总"]["A1"].value == '=COUNTIF(名单!C3:C10,"男")'
    assert made["汇总"]["A2"].value.text == '=SUM((名单!C3:C10="男")*1)'


def test_a_sum_over_its_rows_stays_above_them_and_counts_all() -> None:
    book = book_of("序号", "姓名", "性别", "年龄")
    sheet = book["名单"]
    sheet["A3"], sheet["D3"] = "合计", "=SUM(D4:D5)"
    layout = layout_of(book)
    assert (layout.data_first, layout.foot) == (4, 0)
    sheet = filled(book, 5)["名单"]
    assert (sheet["A3"].value, sheet["D3"].value) == ("合计", "=SUM(D4:D8)")
    assert [sheet.cell(row, 4).value for row in (4, 8)] == [1, 5]


def test_a_formula_of_each_row_keeps_to_its_row_when_the_foot_is_pushed_down() -> None:
    book = book_of("序号", "姓名", "性别", "年龄", "合", "累计", "名次")
    sheet = book["名单"]
    for row in (3, 4, 5):
        sheet.cell(row, 5, f"=SUM(A{row}:D{row})")
        sheet.cell(row, 6, f"=SUM($D$3:D{row})")
        sheet.cell(row, 7, f"=RANK(D{row},$D$3:$D$5)")
    sheet["A6"], sheet["D6"] = "合计", "=SUM(D3:D5)"
    sheet = filled(book, 6)["名单"]
    assert [sheet.cell(row, 5).value for row in (3, 8)] == ["=SUM(A3:D3)", "=SUM(A8:D8)"]
    assert [sheet.cell(row, 6).value for row in (3, 8)] == ["=SUM($D$3:D3)", "=SUM($D$3:D8)"]
    assert [sheet.cell(row, 7).value for row in (3, 8)] == ["=RANK(D3,$D$3:$D$8)", "=RANK(D8,$D$3:$D$8)"]
    assert sheet["D9"].value == "=SUM(D3:D8)"


@pytest.mark.parametrize("count", [2, 9])
def test_a_sum_that_passed_over_the_example_counts_the_person_who_stands_there_now(count: int) -> None:
    book = book_of("序号", "姓名", "性别", "年龄")
    sheet = book["名单"]
    sheet["A3"], sheet["B3"], sheet["D3"] = "例", "张三", 60
    sheet["A6"], sheet["D6"] = "合计", "=SUM(D4:D5)"
    sheet = filled(book, count)["名单"]
    assert sheet["B3"].value == "值1"
    assert sheet.cell(max(6, 3 + count), 4).value == f"=SUM(D3:D{max(5, 2 + count)})"


def test_a_row_of_units_belongs_to_the_header() -> None:
    book = book_of("序号", "姓名", "建筑面积", "年龄")
    book["名单"]["C3"], book["名单"]["D3"] = "百平方米", "（周岁）"
    layout = layout_of(book)
    assert (layout.header_last, layout.data_first) == (3, 4)
    assert [heading.words for heading in layout.headings] == [
        "序号",
        "姓名",
        "建筑面积（百平方米）",
        "年龄（周岁）",
    ]


def test_a_name_over_merged_columns_is_one_column_and_each_row_is_merged_like_the_first() -> None:
    book = book_of("序号", "姓名", "", "公民身份号码", "")
    sheet = book["名单"]
    for row in (2, 3, 4, 5):
        sheet.merge_cells(f"B{row}:C{row}")
        sheet.merge_cells(f"D{row}:E{row}")
    sheet["A6"] = "填表人："
    assert [heading.column for heading in layout_of(book).headings] == [1, 2, 4]
    sheet = filled(book, 5, [(2, Kind.NAME), (4, Kind.IDENTITY)])["名单"]
    areas = {str(area) for area in sheet.merged_cells.ranges}
    assert {"B3:C3", "D5:E5", "B7:C7", "D7:E7"} <= areas
    assert (sheet["B7"].value, sheet["D7"].value, sheet["A8"].value) == ("值5", "值5", "填表人：")


def test_cells_merged_over_columns_that_are_filled_are_parted() -> None:
    book = book_of("序号", "姓名", "性别", "年龄")
    book["名单"].merge_cells("A3:D3")
    sheet = filled(book, 2)["名单"]
    assert [sheet.cell(3, column).value for column in (1, 2, 3, 4)] == [1, "值1", "值1", 1]
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:D1"}


# ---- what survives ----


def test_colours_within_a_cell_protection_notes_and_pictures_survive() -> None:
    book = book_of("序号", "姓名", "性别", "年龄")
    sheet = book["名单"]
    sheet["B2"] = CellRichText(TextBlock(InlineFont(color="FFFF0000"), "*"), "姓名")
    sheet["B3"].protection = Protection(locked=False)
    sheet.protection.sheet = True
    sheet["A6"] = "盖章："
    picture = io.BytesIO()
    Picture.new("RGB", (8, 8)).save(picture, "PNG")
    sheet.add_image(Image(picture), "C7")
    made = filled(book, 5)["名单"]
    assert isinstance(made["B2"].value, CellRichText)
    assert made["B2"].value[0].font.color.rgb == "FFFF0000"
    assert (made.protection.sheet, made["B7"].protection.locked) == (True, False)
    assert made._images[0].anchor._from.row == 8, "the seal goes down with the line beside which it stands"


NEWER = """<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidations
xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1"><x14:dataValidation type="list"
allowBlank="1" showErrorMessage="1"><x14:formula1><xm:f>字典!$A$1:$A$2</xm:f></x14:formula1>
<xm:sqref>C3:C5</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>"""


@pytest.mark.filterwarnings("ignore:Data Validation extension")
def test_a_list_on_another_sheet_as_spreadsheets_write_it_now_is_read_and_kept() -> None:
    book = book_of("序号", "姓名", "性别", "年龄")
    for row, word in enumerate(("男性", "女性"), 1):
        book.create_sheet("字典") if row == 1 else None
        book["字典"].cell(row, 1, word)
    content = content_of(book)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        part = package.read("xl/worksheets/sheet1.xml").decode()
    content = repacked(content, {"xl/worksheets/sheet1.xml": part.replace("</worksheet>", NEWER).encode()})
    opened = open_workbook(content)
    layout = layout_of(opened)
    assert offered_lists(opened["名单"], layout) == {3: ["男性", "女性"]}
    made = load_workbook(
        io.BytesIO(fill(content, Spot("名单", 3, 0), COLUMNS, [[1, "张", "男性", 2]] * 5, "").content)
    )
    rule = made["名单"].data_validations.dataValidation[0]
    assert (rule.formula1, str(rule.sqref), rule.type) == ("字典!$A$1:$A$2", "C3:C7", "list")


def test_a_list_that_goes_by_a_name_is_read() -> None:
    book = book_of("序号", "姓名", "性别", "年龄")
    book.create_sheet("字典")["A1"] = "男性"
    book.defined_names["性别表"] = DefinedName("性别表", attr_text="字典!$A$1")
    book["名单"].add_data_validation(DataValidation(type="list", formula1="=性别表", sqref="C3:C5"))
    assert offered_lists(book["名单"], layout_of(book)) == {3: ["男性"]}


@pytest.mark.parametrize(
    ("part", "content", "code"),
    [
        ("xl/drawings/drawing9.xml", b"<xdr:wsDr><xdr:sp macro=''/></xdr:wsDr>", "shapes"),
        ("xl/ctrlProps/ctrlProp1.xml", b"<x/>", "controls"),
    ],
)
def test_text_boxes_and_buttons_that_cannot_be_kept_are_said_before(
    part: str, content: bytes, code: str
) -> None:
    book = content_of(book_of("序号", "姓名"))
    assert [warned.code for warned in checked("表.xlsx", repacked(book, {part: content}))] == [code]


# ---- what a column asks for ----


@pytest.mark.parametrize(
    ("words", "source", "fact"),
    [
        ("残疾等级", Source.QUESTION, ""),
        ("残疾证号", Source.QUESTION, ""),
        ("户主身份证号", Source.FACT, "head_identity"),
        ("户主联系电话", Source.FACT, "head_phone"),
        ("户主性别", Source.BLANK, ""),
        ("业主手机号", Source.BLANK, ""),
        ("单位地址", Source.QUESTION, ""),
        ("手机号码2", Source.QUESTION, ""),
        ("与承租人关系", Source.QUESTION, ""),
        ("楼栋长", Source.BLANK, ""),
        ("网格员", Source.BLANK, ""),
        ("填报单位", Source.BLANK, ""),
        ("是否为低保对象", Source.FACT, "tag:subsistence"),
        ("残疾人", Source.FACT, "tag:disabled"),
        ("是否有残疾证", Source.FACT, "tag:disabled"),
        ("是否独居老人", Source.FACT, "tag:alone"),
        ("有效证件号", Source.FACT, "identity"),
        ("实际居住地址", Source.FACT, "address"),
        ("移动电话", Source.FACT, "phone"),
        ("楼幢号", Source.FACT, "building"),
        ("年龄段", Source.QUESTION, ""),
    ],
)
def test_a_word_that_we_know_within_another_is_not_taken_for_it(words: str, source: str, fact: str) -> None:
    assert propose(Heading(2, (words,)), FACTS) == (source, fact)


def test_under_a_head_of_household_or_a_landlord_nobody_elses_facts_are_put() -> None:
    assert propose(Heading(2, ("户主", "公民身份号码")), FACTS) == (Source.FACT, "head_identity")
    assert propose(Heading(2, ("户主及家庭成员", "姓名")), FACTS) == (Source.FACT, "name")
    lettings = facts_for(Subject.LETTING)
    assert propose(Heading(2, ("出租人", "政治面貌")), lettings) == (Source.BLANK, "")
    assert propose(Heading(2, ("房东手机",)), lettings) == (Source.FACT, "owner_phone")
    assert propose(Heading(2, ("租客手机号",)), lettings) == (Source.FACT, "phone")


def test_what_follows_a_guardians_name_in_a_flat_header_is_the_guardians() -> None:
    names = ("姓名", "身份证号", "联系电话", "监护人姓名", "身份证号", "联系电话", "现住址")
    found = propose_all([Heading(n, (name,)) for n, name in enumerate(names, 1)], FACTS)
    assert [code for _heading, _source, code in found] == ["name", "identity", "phone", "", "", "", "address"]
    assert found[5][0].words == "监护人姓名 / 联系电话"
    assert propose(found[5][0], FACTS) == (Source.QUESTION, ""), (
        "and so it is when somebody keeps the mapping"
    )


def test_columns_of_one_name_are_told_apart() -> None:
    found = propose_all([Heading(n, (name,)) for n, name in enumerate(("姓名", "数量", "数量"), 1)], FACTS)
    assert [heading.words for heading, _source, _code in found] == ["姓名", "数量（B列）", "数量（C列）"]


def test_columns_that_nobody_sees_are_known() -> None:
    book = book_of("序号", "姓名", "性别", "年龄")
    sheet = book["名单"]
    sheet.column_dimensions.group("C", "D", hidden=True)
    assert hidden_columns(open_workbook(content_of(book))["名单"]) == {3, 4}


# ---- what they call our codes ----


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("性别（1男2女）", {"1": "1", "2": "2"}),
        ("性别（男1、女2）", {"1": "1", "2": "2"}),
        ("性别（1.男 2.女）", {"1": "1", "2": "2"}),
    ],
)
def test_codes_named_in_the_header_are_written(words: str, codes: dict[str, str]) -> None:
    assert codes_for(FACTS["sex"], words, []) == codes


@pytest.mark.parametrize(
    ("words", "offered", "example", "yes", "no"),
    [
        ("是否独居", [], "", "是", "否"),
        ("是否独居（1是0否）", [], "", 1, 0),
        ("是否独居（是1否2）", [], "", 1, 2),
        ("独居（√）", [], "", "√", None),
        ("独居", [], "√", "√", None),
        ("独居", ["√", "×"], "", "√", "×"),
        ("独居", ["1", "0"], "", 1, 0),
    ],
)
def test_yes_and_no_are_written_as_they_want_them(
    words: str, offered: list[str], example: str, yes: str | int, no: str | int | None
) -> None:
    how = Writing(Kind.YES, codes=codes_for(FACTS["lives_alone"], words, offered, example))
    assert (written(True, how), written(False, how)) == (yes, no)


def test_a_grandson_is_no_son_and_a_grandparent_in_law_no_spouse() -> None:
    offered = ["户主", "配偶", "子", "女", "孙子、孙女或外孙子、外孙女", "父母", "其他"]
    codes = codes_for(FACTS["relation"], "与户主关系", offered)
    ours = {"02": "户主", "12": "配偶", "22": "子", "31": "女", "41": offered[4], "51": "父母", "93": "其他"}
    assert {code: codes[code] for code in ours} == ours
    assert "65" not in codes, "配偶的祖父母 is not among their choices: left to a person"
    numbered = codes_for(FACTS["relation"], "与户主关系", ["10-配偶", "20-子", "30-女"])
    assert (numbered["11"], numbered["21"], numbered["20"]) == ("10-配偶", "20-子", "20-子")
    assert codes_for(FACTS["schooling"], "学历", ["本科", "大专"])["31"] == "大专"
