"""Limits, days and public words. Statutes by article. Policy rule: G07 (no business in a government application)."""

from datetime import date, timedelta

import pytest

from linli.base.errors import Refused
from linli.lettings import rules
from linli.lettings.rules import Recent
from tests.cast import MONDAY

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "words",
    ["加我微信看房", "电话13800138000", "１３８ ００１３ ８０００", "1380-0138-000", "vx同号", "QQ 12345"],
)
def test_public_words_hold_no_way_to_reach_the_owner(words: str) -> None:
    with pytest.raises(Refused, match="服务台"):
        rules.check_public_words(words)


@pytest.mark.parametrize("words", ["免中介费", "本店推广", "有看房费", "首付低"])
def test_public_words_sell_nothing(words: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_public_words(words)
    assert "12号" in str(refused.value.rule)


@pytest.mark.parametrize("words", ["", "朝南，六楼，有电梯", "89.6平方米，两个阳台", "2026年3月后可住"])
def test_words_about_the_home_pass(words: str) -> None:
    rules.check_public_words(words)


def test_a_letting_is_at_most_twenty_years() -> None:
    """《民法典》第七百零五条."""
    since = date(2026, 3, 9)
    rules.check_period(since, date(2046, 3, 9))
    with pytest.raises(Refused, match="二十年") as refused:
        rules.check_period(since, date(2046, 3, 10))
    assert "七百零五" in str(refused.value.rule)
    with pytest.raises(Refused, match="起租之后"):
        rules.check_period(since, since)
    rules.check_period(date(2024, 2, 29), date(2044, 2, 29))


@pytest.mark.parametrize(
    ("recent", "word"),
    [
        (Recent(3, 0, 0, 0), "手机号"),
        (Recent(0, 6, 0, 0), "次数太多"),
        (Recent(0, 0, 5, 0), "次数太多"),
        (Recent(0, 0, 0, 30), "次数太多"),
    ],
)
def test_one_registration_too_many_is_refused_in_words_that_tell_nothing_of_the_home(
    recent: Recent, word: str
) -> None:
    with pytest.raises(Refused, match=word):
        rules.check_recent(recent)
    rules.check_recent(Recent(2, 5, 4, 29))


def test_nobody_has_moved_in_tomorrow() -> None:
    today = MONDAY.date()
    rules.check_since(today, today)
    with pytest.raises(Refused, match="住进来那天"):
        rules.check_since(today + timedelta(days=1), today)
    with pytest.raises(Refused, match="太早"):
        rules.check_since(date(1900, 1, 1), today)


def test_tenants_are_others_and_each_once() -> None:
    rules.check_tenants([("甲", "1")], "2")
    for tenants, landlord, word in (
        ([], "2", "至少写一位"),
        ([("甲", "1"), ("乙", "1")], "2", "同一个手机号"),
        ([("甲", "2")], "2", "您自己的"),
        ([("甲", str(n)) for n in range(9)], "", "一次最多"),
    ):
        with pytest.raises(Refused, match=word):
            rules.check_tenants(tenants, landlord)


def test_what_waits_lapses_by_time_and_what_was_answered_does_not() -> None:
    assert rules.is_lapsed("waiting", MONDAY, MONDAY)
    assert not rules.is_lapsed("waiting", MONDAY, MONDAY - timedelta(seconds=1))
    assert not rules.is_lapsed("agreed", MONDAY, MONDAY)
