"""Which line decides, what a line must say, and how holiday tables are read: no database."""

from datetime import date

import pytest

from linli.base.errors import Refused
from linli.base.worktime import Unit
from linli.duties import defaults
from linli.duties.functions import Function, spoken
from linli.duties.rules import (
    UNIT_WORDS,
    Clause,
    Matter,
    Sort,
    check_holidays,
    check_line,
    desk_limits,
    line_order,
    next_number,
    ranked,
    read_holidays,
    read_stages,
)

LEAF, GROUP, OTHER = 1, 2, 3
LAMP, ESTATE, COMMUNITY, DISTRICT, ELSEWHERE = 10, 11, 12, 13, 99
HERE = [LAMP, ESTATE, COMMUNITY, DISTRICT]
ANYWHERE = Clause(1, LEAF, None, "")
COMMON = Clause(2, LEAF, None, "common")
PUBLIC = Clause(3, LEAF, None, "public")
IN_ESTATE = Clause(4, LEAF, ESTATE, "")
IN_DISTRICT = Clause(5, LEAF, DISTRICT, "")
FOR_GROUP = Clause(6, GROUP, LAMP, "common")
FAR_AWAY = Clause(7, LEAF, ELSEWHERE, "")
ANOTHER = Clause(8, OTHER, None, "")


@pytest.mark.parametrize(
    ("clauses", "ownership", "sort", "order"),
    [
        ([ANYWHERE, COMMON, PUBLIC], "common", Sort.EVENT, [2, 1]),  # the exact owner, then any
        ([ANYWHERE, COMMON, PUBLIC], "", Sort.EVENT, [1]),  # nobody knows who owns it
        ([IN_DISTRICT, IN_ESTATE, ANYWHERE], "", Sort.EVENT, [4, 5, 1]),  # the nearest place
        ([COMMON, IN_ESTATE], "common", Sort.PART, [2, 4]),  # 部件先属主、后属地
        ([COMMON, IN_ESTATE], "common", Sort.EVENT, [4, 2]),  # 事件先属地、后属主
        ([FOR_GROUP, ANYWHERE], "common", Sort.PART, [1, 6]),  # the leaf before its group
        ([FAR_AWAY, ANOTHER], "common", Sort.PART, []),  # another place, another matter
    ],
)
def test_the_most_specific_line_decides_parts_by_owner_first_events_by_place_first(
    clauses, ownership, sort, order
):
    assert ranked(clauses, [LEAF, GROUP], HERE, ownership, sort) == order
    assert ranked(clauses[::-1], [LEAF, GROUP], HERE, ownership, sort) == order


@pytest.mark.parametrize(
    ("matter", "days"),
    [(Matter.HELP, 3), (Matter.CONSULTATION, 3), (Matter.COMPLAINT, 13), (Matter.HAZARD, 5), ("", 5)],
)
def test_what_no_line_covers_still_has_a_limit(matter, days):
    """T01, T03: limits exist for every kind, counted in working days."""
    [(name, amount, unit)] = desk_limits(matter)
    assert (name, amount, unit) == ("办理", days, Unit.WORKING_DAY)


def test_numbers_sort_as_numbers_and_the_next_is_free():
    assert sorted(["3.10", "3.2", "12.1", "3.1"], key=line_order) == ["3.1", "3.2", "3.10", "12.1"]
    assert next_number("3", ["3.1", "3.4", "13.9"]) == "3.5"
    assert next_number("7", []) == "7.1"


GOOD = ("property", "《物业管理条例》第三十五条", [(4, "working_hour"), (1, "working_day")])


def test_a_line_that_binds_nobody_cites_nothing_or_has_no_time_is_refused():
    stages = [("修复", 3, "working_day")]
    check_line(*GOOD, stages)
    with pytest.raises(Refused, match="主办"):
        check_line("", GOOD[1], GOOD[2], stages)
    with pytest.raises(Refused, match="依据"):
        check_line(GOOD[0], "  ", GOOD[2], stages)
    with pytest.raises(Refused, match="阶段"):
        check_line(*GOOD, [])
    with pytest.raises(Refused, match="至少是 1"):
        check_line(*GOOD, [("修复", 0, "working_day")])
    with pytest.raises(Refused, match="单位"):
        check_line(*GOOD, [("修复", 3, "fortnight")])


def test_stages_are_read_as_people_write_them():
    """T03: 停工 4 工作时, 处罚 7 工作日, 拆除 20 工作日 in one line of the list."""
    text = "停工 4 工作时\n\n处罚：7个工作日\n 拆除 20 工作日 \n3 自然日"
    assert read_stages(text) == [
        {"name": "停工", "amount": 4, "unit": "working_hour"},
        {"name": "处罚", "amount": 7, "unit": "working_day"},
        {"name": "拆除", "amount": 20, "unit": "working_day"},
        {"name": "办理", "amount": 3, "unit": "natural_day"},
    ]
    assert [stage["unit"] for stage in read_stages("repair 3 working days\nrest 1 calendar day")] == [
        "working_day",
        "natural_day",
    ]
    with pytest.raises(Refused, match="尽快修好"):
        read_stages("尽快修好")


NOTICE = """日期,名称,安排
2027-01-01~2027-01-03,元旦,休
2027-02-05至2027-02-11，春节，休
2027-05-01 劳动节 休
2027-05-02\t劳动节\t休
2027-05-08,Labour Day,working
2027-10-01~2027-10-07,国庆节,休
"""


def test_the_notice_is_read_from_a_small_table_with_any_separator():
    rows = read_holidays("\ufeff" + NOTICE)
    assert len(rows) == 3 + 7 + 1 + 1 + 1 + 7
    assert rows[0] == (date(2027, 1, 1), False, "元旦")
    assert (date(2027, 5, 8), True, "Labour Day") in rows
    check_holidays(2027, [(day, working) for day, working, _name in rows])


@pytest.mark.parametrize(
    "line",
    ["2027-13-01,元旦,休", "2027-10-07~2027-10-01,国庆节,休", "2027-10-01,国庆节", "2027-10-01,国庆节,也许"],
)
def test_a_line_that_cannot_be_read_is_named(line):
    with pytest.raises(Refused, match="第 2 行"):
        read_holidays(f"2027-01-01,元旦,休\n{line}")


def test_a_list_that_cannot_be_the_whole_notice_is_refused():
    rows = [(day, working) for day, working, _name in read_holidays(NOTICE)]
    with pytest.raises(Refused, match="10 月 3 日") as refused:
        check_holidays(2027, [row for row in rows if row[0] != date(2027, 10, 3)])
    assert "全国年节及纪念日放假办法" in refused.value.rule
    with pytest.raises(Refused, match="写了两次"):
        check_holidays(2027, [*rows, rows[0]])
    with pytest.raises(Refused, match="本来就是工作日"):
        check_holidays(2027, [*rows, (date(2027, 3, 3), True)])
    with pytest.raises(Refused, match="前后"):
        check_holidays(2027, [*rows, (date(2031, 1, 1), False)])


ENTRIES = [(group, entry) for group in defaults.groups() for entry in group["entry"]]


def test_the_default_list_has_at_least_80_matters_with_names_of_their_own():
    names = [entry["name"] for _group, entry in ENTRIES]
    assert len(names) >= 80
    assert len(set(names)) == len(names)
    assert any(group["code"] == "platform" for group, _entry in ENTRIES)  # feedback about Linli itself


@pytest.mark.parametrize(
    ("group", "entry"), ENTRIES, ids=[f"{group['code']}.{entry['code']}" for group, entry in ENTRIES]
)
def test_each_default_matter_is_whole(group, entry):
    words = entry["words"].split()
    assert 8 <= len(words) <= 20
    assert len(set(words)) == len(words)
    assert entry["matter"] in Matter.values
    for line in [{}, *entry.get("other", [])]:
        bound = entry | line
        functions = [bound["lead"], *bound.get("assists", [])]
        assert set(functions) <= set(Function.values)
        assert bound["lead"] not in (line or entry).get("assists", [])
        limits = [defaults.limit(bound["sign"]), defaults.limit(bound["response"])]
        stages = [(one["name"], one["amount"], one["unit"]) for one in defaults.stages(bound["stages"])]
        check_line(bound["lead"], bound["basis"], limits, stages)
    for question in entry.get("question", []):
        assert question["ask"]
        assert set(question.get("stops", {})) <= set(question["answers"])


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("gas_leak", "119"),
        ("trapped", "119"),
        ("fire", "119"),
        ("violence", "110"),
        ("dog_bite", "120"),
        ("mental_health", "12356"),
        ("fraud", "96110"),
        ("power_cut", "95598"),
    ],
)
def test_danger_sends_people_to_the_telephone_before_any_form(code, number):
    entry = next(entry for _group, entry in ENTRIES if entry["code"] == code)
    stops = [words for question in entry["question"] for words in question.get("stops", {}).values()]
    assert any(number in words for words in stops)


def test_unit_words_cover_every_unit_and_functions_are_spoken():
    assert set(UNIT_WORDS.values()) == set(Unit.values)
    assert spoken("property") == "物业服务企业"
    assert spoken("river_spirits") == "river_spirits"
