"""Taking in, reading, matching, writing, filling and comparing a superior's workbook; no database."""

from datetime import date

import pytest

from linli.base.errors import Refused
from linli.base.tests.zips import packed
from linli.reports.rules import (
    DateFormat,
    Heading,
    Kind,
    Source,
    Subject,
    Unit,
    Who,
    Writing,
    age_on,
    check_demand,
    checked,
    compare,
    facts_for,
    known_words,
    layout_of,
    overlaps,
    propose,
    propose_layout,
    saved_minutes,
    written,
)
from linli.reports.rules.books import open_workbook
from linli.reports.rules.coding import propose_codes
from linli.reports.rules.following import Shift, shifted
from linli.reports.rules.formats import (
    date_format_in,
    read_codes,
    unit_in,
    written_date,
)
from linli.reports.rules.guarding import LARGEST_FILE
from linli.reports.rules.ledgers import ledgers, workbook_of
from linli.reports.rules.lists import code_list
from linli.reports.rules.writing import Spot, fill
from linli.reports.tests.books import content_of, elders, read, repacked

pytestmark = pytest.mark.once
FACTS = facts_for(Subject.PERSON, [("low_income", "低保")])
WORDS = known_words(FACTS)


# ---- what may come in ----


def test_a_plain_workbook_comes_in_without_a_warning() -> None:
    assert checked("表.xlsx", content_of(elders())) == []


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("表.xlsx", b"", "空的"),
        ("表.xlsm", content_of(elders()), "宏"),
        ("表.xlsx", repacked(content_of(elders()), {"xl/vbaProject.bin": b"x"}), "宏"),
        ("表.xlsx", repacked(content_of(elders()), {"xl/activeX/activeX1.xml": b"<x/>"}), "控件"),
        ("表.xls", b"\xd0\xcf\x11\xe0" + b"0" * 600, "旧版"),
        ("表.xlsx", "姓名,性别".encode(), "不是能读的"),
        ("表.xlsx", packed({"word/document.xml": b"<w/>"}), "没有表格"),
        ("表.xlsx", b"0" * (LARGEST_FILE + 1), "超过"),
        ("表.xlsx", repacked(content_of(elders()), {"xl/x.xml": b"<a>" + b"0" * 9_000_000}), "大得不正常"),
        (
            "表.xlsx",
            repacked(content_of(elders()), {"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}),
            "不该有的定义",
        ),
        ("表.xlsx", repacked(content_of(elders()), {f"xl/{n}.xml": b"" for n in range(2100)}), "大得不正常"),
    ],
)  # fmt: skip
def test_what_is_no_plain_workbook_is_refused_with_what_to_do(name: str, content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        checked(name, content)


def test_what_cannot_be_kept_is_said_before() -> None:
    charts = repacked(content_of(elders()), {"xl/charts/chart1.xml": b"<c/>"})
    assert [warned.code for warned in checked("表.xlsx", charts)] == ["charts"]


def test_a_workbook_broken_inside_is_refused_with_a_sentence() -> None:
    broken = repacked(content_of(elders()), {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData>"})
    with pytest.raises(Refused, match="损坏"):
        open_workbook(broken)


# ---- reading a sheet ----


def test_the_header_is_found_under_the_title_with_its_groups_and_ends_before_the_column_numbers() -> None:
    layout = propose_layout(elders().active, WORDS)
    assert layout is not None
    assert (layout.header_first, layout.header_last, layout.data_first, layout.foot) == (3, 4, 6, 9)
    assert [heading.words for heading in layout.headings] == [
        "序号", "基本信息 / 姓 名", "基本信息 / 性别", "基本信息 / 公民身份 号码", "基本信息 / 出生年月",
        "监护人 / 姓名", "监护人 / 联系电话", "现居住地址", "建筑面积（百平方米）", "审核意见",
    ]  # fmt: skip


def test_one_header_row_without_groups_and_old_rows_beneath_is_found() -> None:
    book = elders()
    sheet = book.create_sheet("名单")
    for row, values in enumerate(
        [["2026年名单"], ["姓名", "性别", "电话"], ["张三", "男", "138"], ["李四", "女", "139"]], 1
    ):
        for column, value in enumerate(values, 1):
            sheet.cell(row, column, value)
    layout = propose_layout(sheet, WORDS)
    assert layout is not None
    assert (layout.header_first, layout.header_last, layout.data_first, layout.foot) == (2, 2, 3, 0)
    assert layout.used_rows == 2


def test_a_sheet_without_a_header_has_no_layout() -> None:
    book = elders()
    assert propose_layout(book["分析"], WORDS) is None
    assert propose_layout(book["字典"], WORDS) is None


def test_a_person_may_say_where_the_header_stands() -> None:
    layout = layout_of(elders().active, 4, 4)
    assert [heading.path[-1] for heading in layout.headings][1:4] == ["姓 名", "性别", "公民身份 号码"]


@pytest.mark.parametrize(
    ("words", "source", "fact"),
    [
        (("序号",), Source.NUMBER, ""),
        (("姓名",), Source.FACT, "name"),
        (("基本信息", "姓  名*"), Source.FACT, "name"),
        (("身份证号码（18位）",), Source.FACT, "identity"),
        (("出生年月",), Source.FACT, "birth_date"),
        (("户主", "姓名"), Source.FACT, "head"),
        (("监护人", "姓名"), Source.QUESTION, ""),
        (("配偶", "联系电话"), Source.QUESTION, ""),
        (("紧急联系人电话",), Source.QUESTION, ""),
        (("与户主关系",), Source.FACT, "relation"),
        (("是否低保",), Source.FACT, "tag:low_income"),
        (("是否独居",), Source.FACT, "lives_alone"),
        (("审核意见",), Source.BLANK, ""),
        (("备注",), Source.BLANK, ""),
        (("是否有电动自行车",), Source.QUESTION, ""),
        (("常住人口居住地址",), Source.FACT, "address"),
    ],
)  # fmt: skip
def test_a_columns_words_say_which_held_fact_it_asks_for(
    words: tuple[str, ...], source: str, fact: str
) -> None:
    assert propose(Heading(2, words), FACTS) == (source, fact)


def test_a_landlords_columns_are_the_owners_and_a_tenants_the_persons() -> None:
    facts = facts_for(Subject.LETTING)
    assert propose(Heading(1, ("出租人", "姓名")), facts) == (Source.FACT, "owner")
    assert propose(Heading(1, ("房东", "联系电话")), facts) == (Source.FACT, "owner_phone")
    assert propose(Heading(1, ("承租人", "姓名")), facts) == (Source.FACT, "name")


# ---- writing values ----


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (DateFormat.ISO, "2026-03-01"),
        (DateFormat.DOTS, "2026.3.1"),
        (DateFormat.PADDED_DOTS, "2026.03.01"),
        (DateFormat.DIGITS, "20260301"),
        (DateFormat.MONTH_WORDS, "2026年3月"),
        (DateFormat.DAY_WORDS, "2026年3月1日"),
        (DateFormat.SLASHES, "2026/3/1"),
        (DateFormat.CELL, date(2026, 3, 1)),
    ],
)  # fmt: skip
def test_dates_are_written_as_they_want_them(form: str, expected: object) -> None:
    assert written_date(date(2026, 3, 1), form) == expected


@pytest.mark.parametrize(
    ("words", "form"),
    [
        ("出生日期（格式：2026-03-01）", DateFormat.ISO),
        ("出生日期(yyyy.m.d)", DateFormat.DOTS),
        ("出生日期（如20260301）", DateFormat.DIGITS),
        ("时间（2026年3月）", DateFormat.MONTH_WORDS),
        ("yyyy/mm/dd", DateFormat.SLASHES),
        ("出生日期", ""),
    ],
)
def test_the_date_format_is_read_from_the_header(words: str, form: str) -> None:
    assert date_format_in(words) == form


@pytest.mark.parametrize(
    ("value", "how", "expected"),
    [
        (None, Writing(), None),
        ("", Writing(), None),
        ("1", Writing(Kind.CODE, codes={"1": "男性"}), "男性"),
        ("89.60", Writing(Kind.NUMBER), 89.6),
        ("89.60", Writing(Kind.NUMBER, unit=Unit.HUNDRED), 0.896),
        (3, Writing(Kind.NUMBER, unit=Unit.MONTHS), 36),
        (True, Writing(Kind.YES), "是"),
        (False, Writing(Kind.YES, codes={"1": "√", "0": "×"}), "×"),
        ("11010519491231002X", Writing(Kind.IDENTITY), "11010519491231002X"),
        ("11010519491231002X", Writing(Kind.IDENTITY, is_whole=False), "1101**********002X"),
        ("13800000001", Writing(Kind.PHONE, is_whole=False), "138****0001"),
        ("䶮𬱖", Writing(Kind.NAME), "䶮𬱖"),
    ],
)  # fmt: skip
def test_values_are_written_in_their_unit_and_words(value: object, how: Writing, expected: object) -> None:
    assert written(value, how) == expected


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1+1"])
def test_what_a_spreadsheet_would_run_is_neutralised(text: str) -> None:
    assert written(text, Writing()) == "'" + text


@pytest.mark.parametrize("text", ["+4930123456", "-12.5", "张三", "3幢"])
def test_what_no_spreadsheet_runs_stays(text: str) -> None:
    assert written(text, Writing()) == text


def test_their_list_of_choices_names_our_codes() -> None:
    sex = code_list("sex")
    assert propose_codes("sex", sex, ["男性", "女性"]) == {"1": "男性", "2": "女性"}
    assert read_codes("女=2\n男＝1", sex) == {"2": "2", "1": "1"}
    assert read_codes("女=", sex) == {"2": ""}
    for wrong, says in (("女", "写成"), ("雌=2", "不是我们"), ("女=1\n女=2", "两次")):
        with pytest.raises(Refused, match=says):
            read_codes(wrong, sex)
    assert unit_in("面积（百平方米）") == Unit.HUNDRED
    assert unit_in("年收入(万元)") == Unit.TEN_THOUSAND


# ---- filling ----

COLUMNS = [(1, Kind.NUMBER), (2, Kind.NAME), (3, Kind.CODE), (4, Kind.IDENTITY), (9, Kind.NUMBER)]
SPOT = Spot("汇总表", 6, 9)


def filled(rows: int, book: object = None) -> object:
    values = [[n, f"张{n}", "男性", "11010519491231002X", 0.9] for n in range(1, rows + 1)]
    return read(fill(content_of(book or elders()), SPOT, COLUMNS, values, "邻里填报 第1版").content)


def test_more_rows_than_prepared_push_the_foot_down_and_all_that_points_at_it_follows() -> None:
    book = filled(10)
    sheet = book["汇总表"]
    assert [sheet.cell(row, 2).value for row in (6, 15)] == ["张1", "张10"]
    assert sheet["A16"].value == "合计"
    assert sheet["I16"].value == "=SUM(I6:I15)"
    assert book["分析"]["A1"].value == "=SUM(汇总表!I6:I15)/汇总表!I16"
    areas = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A1:J1", "B3:E3", "A17:D17"} <= areas
    assert str(sheet.data_validations.dataValidation[0].sqref) == "C6:C15"
    assert [str(area.sqref) for area in sheet.conditional_formatting] == ["I6:I15"]
    assert sheet.print_area == "'汇总表'!$A$1:$J$17"


def test_fewer_rows_than_prepared_leave_the_foot_where_it_is() -> None:
    sheet = filled(2)["汇总表"]
    assert sheet["A9"].value == "合计"
    assert sheet["I9"].value == "=SUM(I6:I8)"
    assert sheet["B8"].value is None


def test_styles_widths_hidden_sheets_and_print_settings_are_kept_and_every_row_looks_like_the_first() -> None:
    book = filled(10)
    sheet = book["汇总表"]
    assert sheet.column_dimensions["D"].width == 23.5
    assert (sheet["B15"].font.name, sheet["B15"].fill.fgColor.rgb) == ("仿宋", "00FFF2CC")
    assert sheet["F12"].border.left.style == "thin"
    assert sheet.row_dimensions[15].height == 24
    assert book["字典"].sheet_state == "hidden"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$3:$4"
    assert sheet.oddFooter.right.text == "街道印"
    assert sheet.oddFooter.left.text == "邻里填报 第1版"


def test_identity_numbers_are_text_and_a_text_is_never_a_formula() -> None:
    sheet = filled(1)["汇总表"]
    assert (sheet["D6"].value, sheet["D6"].data_type, sheet["D6"].number_format) == (
        "11010519491231002X", "s", "@",
    )  # fmt: skip
    values = [[1, "=1+1", "男性", "1", 1.0]]
    raw = read(fill(content_of(elders()), SPOT, COLUMNS, values, "").content)["汇总表"]
    assert raw["B6"].data_type == "s"


def test_a_formula_of_every_row_is_repeated_for_every_row() -> None:
    book = elders()
    for row in (6, 7, 8):
        book.active.cell(row, 10, f"=I{row}*2")
    sheet = filled(5, book)["汇总表"]
    assert [sheet.cell(row, 10).value for row in (6, 8, 10)] == ["=I6*2", "=I8*2", "=I10*2"]


def test_an_example_and_old_rows_are_taken_out() -> None:
    book = elders()
    book.active["B6"], book.active["F7"], book.active["H8"] = "例：张三", "旧监护人", "旧地址"
    sheet = filled(1, book)["汇总表"]
    assert (sheet["B6"].value, sheet["F7"].value, sheet["H8"].value) == ("张1", None, None)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=SUM(I6:I8)", "=SUM(I6:I15)"),
        ("=SUM($I$6:$I$8)+I9", "=SUM($I$6:$I$15)+I16"),
        ("=I7*2", "=I7*2"),
        ("=SUM(I6:I7)", "=SUM(I6:I15)"),
        ("=SUM(A1:A2)", "=SUM(A1:A2)"),
        ("=SUM(I:I)", "=SUM(I:I)"),
        ('=IF(I9>0,"合计",其他!I9)', '=IF(I16>0,"合计",其他!I9)'),
        ("='汇总表'!I9", "='汇总表'!I16"),
    ],
)
def test_references_follow_the_rows_that_were_put_in(formula: str, expected: str) -> None:
    assert shifted(formula, "汇总表", Shift("汇总表", 6, 15, 9, 7)) == expected


def test_a_sheet_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="没有"):
        fill(content_of(elders()), Spot("别的", 6, 0), COLUMNS, [], "")


# ---- comparing, demanding, saving ----


def test_two_fillings_are_compared_cell_by_cell_by_the_rows_own_names() -> None:
    columns = ["序号", "姓名", "电话"]
    before = {"p:1": ["1", "张三", "138"], "p:2": ["2", "李四", ""], "p:3": ["3", "王五", "137"]}
    after = {"p:2": ["1", "李四", "139"], "p:3": ["2", "王五", "137"], "p:4": ["3", "赵六", ""]}
    found = compare(before, after, columns, columns, frozenset({"序号"}))
    assert (found.came, found.left) == (("p:4",), ("p:1",))
    assert [(c.row, c.column, c.before, c.after) for c in found.changes] == [("p:2", "电话", "", "139")]
    assert compare(before, before, columns, columns).is_empty


def test_a_demand_says_who_on_what_basis_and_until_when() -> None:
    """C03: each template names who demanded it, the basis and an end date; without them it is not filled."""
    day = date(2026, 3, 9)
    check_demand("民政科", "柳民〔2026〕3号", day, date(2026, 12, 31), day)
    for demander, basis, since, until in (
        ("", "文", day, day),
        ("民政科", " ", day, day),
        ("民政科", "文", day, date(2026, 3, 8)),
        ("民政科", "文", date(2026, 1, 1), date(2026, 3, 8)),
        ("民政科", "文", day, date(2036, 1, 1)),
    ):
        with pytest.raises(Refused):
            check_demand(demander, basis, since, until, day)


def test_the_same_fact_demanded_by_several_bodies_is_an_overlap() -> None:
    """G03: 不得随意或重复要求基层填表报数; the report of duplicate fields."""
    asked = [
        ("phone", "电话", "民政"),
        ("phone", "电话", "公安"),
        ("sex", "性别", "民政"),
        ("sex", "性别", "民政"),
    ]
    assert [(row.fact, row.demanders, row.demands) for row in overlaps(asked)] == [
        ("phone", ("民政", "公安"), 2)
    ]


def test_ages_are_full_years_and_who_is_in_it_is_decided_by_them() -> None:
    assert age_on(date(1966, 3, 10), date(2026, 3, 9)) == 59
    assert age_on(date(1966, 3, 9), date(2026, 3, 9)) == 60
    elder = Who(youngest=60)
    assert elder.takes({"age": 60}, ())
    assert not elder.takes({"age": 59}, ())
    assert not elder.takes({"age": None}, ())
    assert Who(tags=("a", "b")).takes({}, ["b"])
    assert not Who(lives_alone=True).takes({"lives_alone": False}, ())
    assert Who.of(Who(tags=("a",), youngest=80).kept()) == Who(tags=("a",), youngest=80)


def test_what_was_saved_is_cells_times_seconds() -> None:
    assert saved_minutes(100, 6) == 10
    assert saved_minutes(9, 6) == 0


# ---- ledgers of our own ----


def test_the_shipped_ledgers_ask_for_facts_that_are_held() -> None:
    """C03: at least six templates for the commonest ledgers."""
    codes = {ledger.code for ledger in ledgers()}
    assert {"people", "lettings", "disabled", "allowance", "elders", "hazards"} <= codes
    for ledger in ledgers():
        facts = facts_for(ledger.subject)
        for column in ledger.columns:
            assert column.fact == "#" or ":" in column.fact or column.fact in facts, (
                ledger.code,
                column.fact,
            )


@pytest.mark.parametrize("ledger", ledgers(), ids=lambda ledger: ledger.code)
def test_a_shipped_workbook_is_read_as_it_was_laid_out(ledger) -> None:
    book = read(workbook_of(ledger))
    assert checked("台账.xlsx", workbook_of(ledger)) == []
    facts = facts_for(ledger.subject, [("d", "残疾"), ("l", "低保")])
    layout = propose_layout(book.active, known_words(facts))
    assert layout is not None
    assert (layout.header_first, layout.header_last, layout.data_first, layout.foot) == (3, 4, 5, 8)
    assert [heading.path[-1] for heading in layout.headings] == [column.name for column in ledger.columns]
    for heading, column in zip(layout.headings, ledger.columns, strict=True):
        if column.fact != "#" and ":" not in column.fact:
            assert propose(heading, facts) == (Source.FACT, column.fact), heading.words
