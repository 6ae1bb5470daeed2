"""Numbers, codes, names and days as people type them; no database."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.base.errors import Refused
from linli.register.rules import (
    FIELDS,
    IdentityKind,
    are_similar,
    birth_of,
    check_digit,
    checked_identity,
    clean_value,
    code_of,
    codes,
    contradictions,
    identity_number,
    is_stale,
    masked,
    read_day,
    sex_of,
    shown,
)
from linli.register.rules import words as finding

pytestmark = pytest.mark.once
TODAY = date(2026, 3, 9)
SHARED = Path(__file__).resolve().parents[4] / "shared/data/codes/gb_person_codes.json"


def number(area: str, born: date, order: int) -> str:
    first = f"{area}{born:%Y%m%d}{order:03d}"
    return first + check_digit(first)


areas = st.sampled_from(["110105", "330304", "440106", "512081", "654003", "980101", "830000"])
days = st.dates(date(1900, 1, 1), TODAY)
orders = st.integers(1, 995)


@given(areas, days, orders)
def test_every_number_with_its_own_check_digit_is_read_back(area: str, born: date, order: int) -> None:
    whole = number(area, born, order)
    assert identity_number(whole, TODAY) == whole
    assert birth_of(whole) == born
    assert sex_of(whole) == ("1" if order % 2 else "2")
    # 1 modulo 11 by the definition of ISO 7064, not by our own table
    values = [10 if sign == "X" else int(sign) for sign in whole]
    assert sum(value * 2 ** (17 - place) for place, value in enumerate(values)) % 11 == 1


@given(areas, days, orders, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_never_accepted(area: str, born: date, order: int, place: int, step: int) -> None:
    whole = number(area, born, order)
    wrong = whole[:place] + str((int(whole[place]) + step) % 10) + whole[place + 1 :]
    with pytest.raises(Refused):
        identity_number(wrong)


@given(areas, days, orders)
def test_full_width_digits_spaces_and_a_small_x_are_the_same_number(
    area: str, born: date, order: int
) -> None:
    whole = number(area, born, order)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in whole)
    assert identity_number(wide) == whole
    assert identity_number(f" {whole[:6]} {whole[6:14]} {whole[14:].lower()} ") == whole


@given(areas, st.dates(date(1900, 1, 1), date(1999, 12, 31)), orders)
def test_a_number_of_15_digits_is_brought_up_to_18(area: str, born: date, order: int) -> None:
    assert identity_number(f"{area}{born:%y%m%d}{order:03d}") == number(area, born, order)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("11010519491231002", "18 位，您写了 17 位"),
        ("110105194912310021", "校验码"),
        ("11010519490631002X", "1949年06月31日 不存在"),
        ("110105202702290020", "不存在"),
        ("990101194912310021", "地区码 990101"),
        ("000000194912310021", "地区码"),
        ("1101051949123100２Ａ", "最后一位可以是 X"),
        ("", "18 位，您写了 0 位"),
    ],
)
def test_a_wrong_number_is_answered_by_the_part_that_is_wrong(typed: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        identity_number(typed, TODAY)


def test_nobody_is_born_tomorrow_or_before_1850() -> None:
    with pytest.raises(Refused, match="还没有到"):
        identity_number(number("330304", date(2026, 3, 10), 1), TODAY)
    assert identity_number(number("330304", TODAY, 1), TODAY)
    with pytest.raises(Refused, match="太早"):
        identity_number(number("330304", date(1820, 1, 1), 1), TODAY)


def test_a_number_that_contradicts_what_was_stated_says_how() -> None:
    whole = number("330304", date(1956, 4, 2), 2)
    assert contradictions(whole, "2", date(1956, 4, 2)) == []
    assert contradictions(whole, "9", None) == []
    first, second = contradictions(whole, "1", date(1956, 4, 3))
    assert "身份证号是女，性别写的是男" in first
    assert "1956-04-02，写的是 1956-04-03" in second


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        (IdentityKind.PASSPORT, "c01x 00t47", "C01X00T47"),
        (IdentityKind.HONG_KONG_MACAO, "h12345678", "H12345678"),
        (IdentityKind.TAIWAN, "０12345678", ""),
        (IdentityKind.TAIWAN, "01234567", "01234567"),
        (
            IdentityKind.RESIDENCE_PERMIT,
            number("830000", date(1990, 5, 6), 3),
            number("830000", date(1990, 5, 6), 3),
        ),
        (IdentityKind.RESIDENCE_PERMIT, number("330304", date(1990, 5, 6), 3), ""),
        (IdentityKind.FOREIGN_RESIDENT, "USA110062091510", "USA110062091510"),
        (
            IdentityKind.FOREIGN_RESIDENT,
            number("911124", date(1981, 3, 1), 3),
            number("911124", date(1981, 3, 1), 3),
        ),
        (IdentityKind.NONE, "", ""),
    ],
)
def test_papers_of_every_kind_are_read_or_refused(kind: str, typed: str, stored: str) -> None:
    if stored or kind == IdentityKind.NONE:
        assert checked_identity(kind, typed, TODAY) == stored
    else:
        with pytest.raises(Refused):
            checked_identity(kind, typed, TODAY)


def test_a_baby_without_papers_has_no_number() -> None:
    with pytest.raises(Refused, match="选择是哪一种证件"):
        checked_identity(IdentityKind.NONE, "11010519491231002X", TODAY)


@pytest.mark.parametrize(
    "typed", ["1990-06-01", "1990/6/1", "1990.6.1", "1990年6月1日", "19900601", "１９９０-06-01"]
)
def test_days_are_read_as_people_write_them(typed: str) -> None:
    assert read_day(typed) == date(1990, 6, 1)


@pytest.mark.parametrize(
    ("typed", "says"), [("1990-06-31", "没有 1990年6月31日 这一天"), ("去年", "1990-06-01 这样")]
)
def test_the_31st_of_june_is_no_day(typed: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read_day(typed)


def test_names_have_rare_signs_and_dots_and_no_digits() -> None:
    assert clean_value("name", " 𬱖䶮 ", TODAY) == "𬱖䶮"
    assert clean_value("name", "古丽•买买提", TODAY) == "古丽·买买提"
    assert clean_value("name", "Anna-Maria O'Neill", TODAY) == "Anna-Maria O'Neill"
    assert masked("name", "𬱖䶮") == "𬱖*"
    with pytest.raises(Refused, match="不能有“3”"):
        clean_value("name", "张3", TODAY)


def test_codes_are_taken_as_code_label_or_as_people_say_it() -> None:
    assert clean_value("ethnicity", "1", TODAY) == "01"
    assert clean_value("ethnicity", "汉", TODAY) == clean_value("ethnicity", "汉族", TODAY) == "01"
    assert clean_value("politics", "中共党员", TODAY) == "01"
    assert clean_value("sex", "女", TODAY) == "2"
    assert shown("marriage", "40") == "离婚"
    assert code_of("relation", "户主") == "02"
    with pytest.raises(Refused, match="没有“火星族”这一项"):
        clean_value("ethnicity", "火星族", TODAY)


def test_what_is_sensitive_is_masked_and_codes_are_not() -> None:
    assert masked("identity", "11010519491231002X") == "1101**********002X"
    assert masked("phone", "13812341234") == "138****1234"
    assert masked("birth_date", date(1949, 12, 31)) == "1949年"
    assert masked("health", "62") == "***"
    assert masked("marriage", "20") == "已婚"


def test_a_fact_is_stale_after_its_shelf_life() -> None:
    assert is_stale(365, date(2025, 3, 9), TODAY) is False
    assert is_stale(365, date(2025, 3, 8), TODAY) is True
    assert is_stale(365, None, TODAY) is True
    assert is_stale(None, None, TODAY) is False
    assert FIELDS["phone"].shelf_life is not None


def test_people_who_share_a_telephone_are_similar_only_by_name() -> None:
    assert are_similar("张秀英", "张秀瑛")
    assert are_similar("张秀英", "秀英")
    assert not are_similar("王芳", "李强")
    assert not are_similar("王芳", "王强")


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the published code lists are not beside the checkout")
def test_code_lists_are_those_of_the_standards() -> None:
    published = json.loads(SHARED.read_text(encoding="utf-8"))
    names = {
        "2261.2": "marriage",
        "2261.4": "employment",
        "3304": "ethnicity",
        "4762": "politics",
        "4658": "schooling",
    }
    for title, rows in published.items():
        name = next((name for standard, name in names.items() if standard in title), None)
        if name is not None:
            assert dict(rows).items() <= codes(name).items(), title
        if title.endswith("(全)"):
            assert dict(rows).items() <= codes("health").items()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("张", [("n", "张")]),
        ("张伟", [("nn", "张伟")]),
        ("𬱖䶮", [("nn", "𬱖䶮")]),
        ("古丽·买", [("nn", "古丽"), ("nn", "丽买")]),
        ("3幢301", [("b", "3"), ("r", "301")]),
        ("3-1-301", [("b", "3"), ("u", "1"), ("r", "301")]),
        ("３幢２单元 301室", [("b", "3"), ("u", "2"), ("r", "301")]),
        ("0017", [("p", "0017")]),
        ("低保", [("t", "低保")]),
        ("杨柳苑3幢", [("e", "杨柳"), ("e", "柳苑"), ("b", "3")]),
        ("杨柳苑小区二十三幢", [("e", "杨柳"), ("e", "柳苑"), ("b", "23")]),
        ("三单元 301", [("u", "3"), ("r", "301")]),
        ("ＶＩＰ", [("t", "vip")]),
    ],
)
def test_what_is_typed_is_understood(typed: str, words: list[tuple[str, str]]) -> None:
    ways = finding.wanted(typed, ["低保", "VIP"]).ways
    assert any(set(words) == set(way) for way in ways), ways


def test_whole_numbers_are_looked_up_whole() -> None:
    assert finding.wanted("110105194912 31002x").identity == "11010519491231002X"
    assert finding.wanted("110105491231002").identity == "11010519491231002X"
    assert finding.wanted("+86 138-0000-0001").phone == "13800000001"
    assert finding.wanted("E12345678").identity == "E12345678"
    assert finding.wanted("0577-8888 1234").phone == "057788881234"
    assert finding.wanted("+49 30 123456").phone == "+4930123456"


def test_the_number_of_a_building_is_found_however_it_is_written() -> None:
    assert finding.door_words("二十三幢", "一单元", "301室") == {("b", "23"), ("u", "1"), ("r", "301")}
