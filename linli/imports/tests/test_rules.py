"""How tables, columns, rows and days are read; no database."""

from datetime import date

import pytest

from linli.base.errors import Refused
from linli.imports.rules import making
from linli.imports.rules.addresses import building_key, community_key, room_key, taken_apart, unit_key
from linli.imports.rules.columns import (
    HEADING_WORDS,
    IGNORED,
    REASON,
    check_mapping,
    forgotten,
    lost,
    places_of,
    propose,
)
from linli.imports.rules.dates import read_day
from linli.imports.rules.exports import cell_of, told_apart
from linli.imports.rules.rows import Broken, Draft, RowReader
from linli.imports.rules.runs import overrules
from linli.imports.rules.tables import (
    check_headings,
    check_size,
    header_row,
    kind_of,
    numbered,
    separator_of,
)

pytestmark = pytest.mark.once
TODAY = date(2026, 3, 9)
HEADINGS = (
    "姓名",
    "证件号码",
    "证件种类",
    "性别",
    "出生日期",
    "电话",
    "小区",
    "楼栋",
    "室号",
    "人员标签",
    "入住日期",
)
GOOD = {"姓名": "王小明", "证件号码": "11010519491231002X", "小区": "杨柳苑", "楼栋": "3幢", "室号": "502室"}


def read(order: str = "auto", **cells: str) -> Draft | Broken:
    mapping = propose(HEADINGS, {})
    reader = RowReader(places_of(HEADINGS, mapping), len(HEADINGS), TODAY, order=order)
    row = GOOD | cells
    return reader.read(2, [row.get(heading, "") for heading in HEADINGS])


def reason(**cells: str) -> str:
    row = read(**cells)
    assert isinstance(row, Broken)
    return row.reason


def facts(**cells: str) -> dict[str, str]:
    row = read(**cells)
    assert isinstance(row, Draft), row
    return row.facts


def test_a_number_carries_birth_date_and_sex() -> None:
    row = read()
    assert isinstance(row, Draft)
    assert (row.facts["birth_date"], row.facts["sex"]) == ("1949-12-31", "2")
    assert row.derived == ("birth_date", "sex")


@pytest.mark.parametrize(
    "typed", ["１１０１０５１９４９１２３１００２ｘ", "110105 19491231 002x", "110105491231002"]
)
def test_full_width_spaced_and_fifteen_digit_numbers_are_read(typed: str) -> None:
    assert facts(证件号码=typed)["identity"] == "11010519491231002X"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"证件号码": "110105194912310021"}, "校验码"),
        ({"证件号码": "11010519490631002X"}, "不存在"),
        ({"证件号码": "1101051949123100"}, "18 位"),
        ({"证件号码": "1.10105E+17"}, "科学计数"),
        ({"证件号码": "110105194912310000"}, "末三位是 000"),
        ({"证件号码": "EA1234567"}, "证件种类"),
        ({"性别": "男"}, "性别写的是男"),
        ({"出生日期": "1950-01-01"}, "出生日期"),
        ({"出生日期": "1949年6月31日"}, "没有 1949年6月31日"),
        ({"姓名": ""}, "没有写姓名"),
        ({"姓名": "王\ufffd"}, "编码"),
        ({"小区": "杨\0柳苑"}, "编码"),
        ({"楼栋": "3" * 41}, "“楼栋”最多 40 个字"),
        ({"楼栋": "#N/A"}, "算不出来的公式（#N/A）"),
        ({"电话": "1380013800"}, "11 位"),
        ({"室号": ""}, "没有写室号"),
        ({"入住日期": "2030-01-01"}, "不能晚于今天"),
        ({"证件号码": "", "出生日期": ""}, "新生儿"),
    ],
)
def test_a_broken_row_says_why(cells: dict[str, str], words: str) -> None:
    assert words in reason(**cells)


def test_all_faults_of_a_row_are_told_at_once() -> None:
    told = reason(姓名="", 电话="123", 证件号码="110105194912310021").split("；")
    assert len(told) == 2  # the missing name is looked for once the rest is right
    assert read(电话="123", 入住日期="2020-13-01").reason.count("；") == 1


def test_a_baby_without_a_number_and_a_foreigner_s_passport_are_read() -> None:
    baby = facts(姓名="王宝", 证件号码="", 出生日期="2026-02-11")
    assert baby == {"name": "王宝", "birth_date": "2026-02-11"}
    guest = facts(姓名="John Smith", 证件号码="EA1234567", 证件种类="护照")
    assert (guest["identity"], guest["identity_kind"]) == ("EA1234567", "passport")


@pytest.mark.parametrize(
    ("typed_kind", "typed", "kind"),
    [
        ("", "810000199408230021", "permit"),
        ("台湾居民居住证", "830000199201300022", "permit"),
        ("", "911124198108030024", "foreign"),
        ("", "usa123456789012", "foreign"),
        ("身份证", "11010519491231002X", "resident"),
    ],
)
def test_a_paper_is_told_by_its_number_or_by_what_people_call_it(
    typed_kind: str, typed: str, kind: str
) -> None:
    found = facts(证件种类=typed_kind, 证件号码=typed)
    assert (found["identity"], found["identity_kind"]) == (typed.upper(), kind)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("王　明", "王明"),
        ("欧 阳 𬱖", "欧阳𬱖"),
        ("古丽 • 买买提", "古丽·买买提"),
        ("John  Smith", "John Smith"),
    ],
)
def test_names_that_were_pulled_apart_are_put_together(typed: str, name: str) -> None:
    assert facts(姓名=typed)["name"] == name


def test_signs_that_nobody_sees_and_words_for_nothing_are_passed_over() -> None:
    row = read(
        电话="\u202d13900000001\u202c", 证件号码="\u200b11010519491231002X\ufeff", 人员标签="无", 入住日期="/"
    )
    assert isinstance(row, Draft), row
    assert (row.facts["phone"], row.facts["identity"]) == ("13900000001", "11010519491231002X")
    assert (row.tags, row.since, row.cells[5]) == ((), "", "\u202d13900000001\u202c")
    assert "没有写姓名" in reason(姓名="—")


@pytest.mark.parametrize("name", ["䶮", "李𬱖", "古丽·买买提", "欧阳锋"])
def test_rare_names_pass_whole(name: str) -> None:
    assert facts(姓名=name)["name"] == name


def test_tags_are_told_apart() -> None:
    row = read(人员标签="低保、残疾，独居老人")
    assert isinstance(row, Draft)
    assert row.tags == ("低保", "残疾", "独居老人")


def test_more_cells_than_headings_are_a_fault() -> None:
    mapping = propose(HEADINGS, {})
    row = RowReader(places_of(HEADINGS, mapping), len(HEADINGS), TODAY).read(9, ["王", *[""] * 10, "x"])
    assert isinstance(row, Broken)
    assert "多出 1 格" in row.reason


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("1990-6-1", "auto", date(1990, 6, 1)),
        ("1990年06月01日", "auto", date(1990, 6, 1)),
        ("19900601", "auto", date(1990, 6, 1)),
        ("１９９０/6/1", "auto", date(1990, 6, 1)),
        ("1990-06-01 00:00:00", "auto", date(1990, 6, 1)),
        ("01/06/1990", "dmy", date(1990, 6, 1)),
        ("06/01/1990", "mdy", date(1990, 6, 1)),
        ("33025", "serial", date(1990, 6, 1)),
    ],
)
def test_days_are_read_as_they_are_written(text: str, order: str, day: date) -> None:
    assert read_day(text, order) == day


@pytest.mark.parametrize("text", ["01/06/1990", "33025", "6-31", "1990-06-31", "明天"])
def test_what_could_be_two_days_or_none_is_asked(text: str) -> None:
    with pytest.raises(Refused):
        read_day(text)


def test_homes_are_one_however_they_are_written() -> None:
    assert {building_key(words) for words in ("3幢", "3号楼", "３栋", "三幢", " 03幢 ", "3")} == {"3"}
    assert {room_key(words) for words in ("502室", "502", "0502", "５０２室")} == {"502"}
    assert {unit_key(words) for words in ("2单元", "二单元", "2")} == {"2"}
    assert building_key("东楼") == "东"
    assert building_key("十二幢") == "12"
    assert community_key("柳树社区居民委员会") == community_key("柳树社区") == "柳树"


@pytest.mark.parametrize(
    ("sentence", "home"),
    [
        ("柳树社区杨柳苑3幢502室", ("杨柳苑", "3", "", "502")),
        ("杨柳苑3号楼2单元502", ("杨柳苑", "3", "2", "502")),
        ("杨柳苑3-2-502", ("杨柳苑", "3", "2", "502")),
        ("杨柳苑3-502室", ("杨柳苑", "3", "", "502")),
    ],
)
def test_an_address_in_one_sentence_is_taken_apart(sentence: str, home: tuple[str, ...]) -> None:
    assert taken_apart(sentence)[2:] == home


def test_an_address_without_a_door_is_refused() -> None:
    with pytest.raises(Refused, match="几幢几室"):
        taken_apart("就在河边那家")


def test_columns_are_proposed_by_their_words_and_as_they_were_read_before() -> None:
    mapping = propose(["姓 名*", "身份证号码（18位）", "联系电话", "电话", "网格"], {"网格": IGNORED})
    assert list(mapping.values()) == ["name", "identity", "phone", "", IGNORED]
    assert lost(mapping, mapping) == ["电话"]
    assert propose([REASON], {})[REASON] == IGNORED
    assert forgotten({"姓名": "name"}, {"姓名": "name", "学历": "schooling"}) == ["文化程度"]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"a": "name", "b": "name"}, "两列都对应到"),
        ({"a": "identity", "b": IGNORED}, "没有哪一列是姓名"),
        ({"a": "name", "b": "phone"}, "认人要有证件号码"),
        ({"a": "name", "b": "identity", "c": ""}, "还没有去处：c"),
        ({"a": "name", "b": "identity", "c": "nonsense"}, "没有这样的栏目"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused(mapping: dict[str, str], words: str) -> None:
    with pytest.raises(Refused, match=words):
        check_mapping(list(mapping), mapping)


def test_separators_are_found() -> None:
    line = "姓名,电话\n王小明,13900000001\n"
    assert [separator_of(line.replace(",", sign), HEADING_WORDS) for sign in ",\t;|，"] == [
        ",",
        "\t",
        ";",
        "|",
        "，",
    ]
    assert separator_of('说明\n姓名;"地址,门牌,室";电话\n', HEADING_WORDS) == ";"
    assert separator_of(f"柳树社区，2026年，人口，台账\n{line}", HEADING_WORDS) == ","


def test_the_row_of_headings_is_found_below_a_title() -> None:
    assert header_row([["柳树社区人口台账", ""], ["", ""], ["序号", "姓名", "身份证号"]], HEADING_WORDS) == 2
    assert numbered(["电话", "", "电话"]) == ["电话", "第 2 列", "电话 2"]


@pytest.mark.parametrize(
    ("name", "head", "words"),
    [
        ("a.xlsm", b"PK", "宏"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "旧格式"),
        ("a.xlsx", b"hello", "不是工作簿"),
        ("a.csv", b"%PDF-1.7", "不是表格"),
    ],
)
def test_what_is_no_table_is_refused(name: str, head: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        kind_of(name, head)


@pytest.mark.parametrize(
    "cell",
    [
        "13800000001", "138 0000 0001", "１３８０００００００１", "电话13800000001",
        "11010519491231002X", "110105 19491231 002x", "440524880101001",
    ],
)  # fmt: skip
def test_a_first_row_that_is_a_resident_is_no_heading(cell: str) -> None:
    """Headings are kept in clear: a number there would be one in the database."""
    with pytest.raises(Refused, match="不是表头"):
        check_headings(["张秀英", cell])
    check_headings(["姓名", "电话（2025-12-31至2026-12-31）", "2026年3月9日的住处", "编号20231012000123"])


def test_size_has_a_limit_in_the_page_and_by_command() -> None:
    check_size(500 * 1024**2, 500 * 1024**2)
    with pytest.raises(Refused, match="500 MB"):
        check_size(500 * 1024**2 + 1, 500 * 1024**2)
    with pytest.raises(Refused, match="空的"):
        check_size(0, 1)


def test_numbers_are_told_apart_without_being_shown() -> None:
    assert told_apart("phone", "13911112222", "13922223333") == ("139****2222", "139****3333")
    assert told_apart("phone", "13911112222", "13911132222") == ("139***12222", "139***32222")
    assert told_apart("identity", "11010519491231002X", "11010519491231012X") == (
        "1101**********002X", "1101**********012X",
    )  # fmt: skip


def test_masked_lists_stop_at_the_building() -> None:
    home = "柳树社区 · 杨柳苑 · 3幢 · 502室"
    assert cell_of("home", home, is_clear=False) == "柳树社区 · 杨柳苑 · 3幢"
    assert cell_of("home", home, is_clear=True) == home
    assert cell_of("tags", ["低保", "残疾"], is_clear=False) == "有 2 个"
    assert cell_of("identity", "11010519491231002X", is_clear=False) == "1101**********002X"


def test_a_ledger_overrules_only_older_ledgers_and_never_who_somebody_is() -> None:
    old, new = date(2026, 1, 1), date(2026, 2, 1)
    assert overrules("phone", "import", old, new)
    assert not overrules("phone", "import", new, new)
    assert not overrules("phone", "import", new, old)
    assert not overrules("phone", "self", old, new)
    assert not overrules("name", "import", old, new)


def test_invented_people_are_the_same_each_time_and_broken_in_ten_nameable_ways() -> None:
    rows = list(making.people(10_500, 7, stated_on=TODAY))
    assert rows[:50] == list(making.people(50, 7, stated_on=TODAY))
    assert rows[:50] != list(making.people(50, 8, stated_on=TODAY))
    mapping = propose(making.HEADINGS, {})
    check_mapping(making.HEADINGS, mapping)
    reader = RowReader(places_of(making.HEADINGS, mapping), len(making.HEADINGS), TODAY)
    read = [reader.read(number, row) for number, row in enumerate(rows)]
    broken = [row for row in read if isinstance(row, Broken)]
    assert [row.number for row in broken] == list(range(499, 10_500, 1_000))
    for row, (_way, words) in zip(broken, making.BREAKS, strict=False):
        assert words in row.reason
    numbers = [row.facts["identity"] for row in read if isinstance(row, Draft)]
    assert len(numbers) == len(set(numbers))
