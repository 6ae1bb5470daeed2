"""How numbers are read, tries limited and codes cleaned: no database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.base.errors import Refused
from linli.people.rules import (
    LIMITS,
    Limit,
    Scope,
    asked_from,
    clean_code,
    device_words,
    grouped,
    next_try,
    phone_number,
    scope_covers,
    totp_steps,
)

NOON = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("13800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        (" 138-0013 8000 ", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("0577-88881234", "057788881234"),
        ("+852 9123 4567", "+85291234567"),
        ("", ""),
    ],
)
def test_a_number_has_one_stored_form_however_it_is_typed(typed, stored):
    assert phone_number(typed) == stored


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("138001380001", "11 位数字，您写了 12 位"),
        ("1380013800", "11 位数字，您写了 10 位"),
        ("打电话给我", "只写数字"),
        ("12345", "不对"),
        ("+852 1", "不"),
    ],
)
def test_a_wrong_number_is_refused_with_what_to_correct(typed, words):
    with pytest.raises(Refused, match=words):
        phone_number(typed)


def test_a_fixed_line_gets_no_code():
    assert phone_number("0577-88881234") == "057788881234"
    with pytest.raises(Refused, match="收不到短信"):
        phone_number("0577-88881234", mobile=True)


def test_a_limit_allows_so_many_tries_and_says_when_the_next_may_be():
    limits = [Limit(3, timedelta(minutes=10))]
    earlier = [NOON, NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)]
    at = NOON + timedelta(minutes=3)
    assert next_try(earlier[:2], limits, at) == at
    assert next_try(earlier, limits, at) == NOON + timedelta(minutes=10)
    assert next_try(earlier, limits, NOON + timedelta(minutes=10)) == NOON + timedelta(minutes=10)


@given(
    gaps=st.lists(st.integers(0, 4000), max_size=80),
    times=st.integers(1, 6),
    seconds=st.integers(1, 3600),
    burst=st.integers(1, 6),
)
def test_whoever_obeys_never_exceeds_any_stretch_of_time(gaps, times, seconds, burst):
    """Property: whatever the rhythm of tries, those let through fit both limits in every window."""
    limits = [Limit(times, timedelta(seconds=seconds)), Limit(burst + times, timedelta(seconds=seconds * 3))]
    at, passed = NOON, []
    for gap in gaps:
        at += timedelta(seconds=gap)
        if next_try(passed, limits, at) <= at:
            passed.append(at)
    for limit in limits:
        for first in passed:
            window = [time for time in passed if first <= time < first + limit.within]
            assert len(window) <= limit.times


@given(st.lists(st.integers(0, 86_400), max_size=60), st.sampled_from(sorted(LIMITS)))
def test_the_moment_named_by_a_refusal_is_a_moment_that_is_allowed(offsets, kind):
    """Property: nobody is locked out for ever, and the time that the sentence names is true."""
    earlier = [NOON - timedelta(seconds=offset) for offset in offsets]
    allowed = next_try(earlier, LIMITS[kind], NOON)
    assert allowed >= NOON
    assert next_try(earlier, LIMITS[kind], allowed) == allowed


def test_typed_codes_lose_spaces_dashes_capitals_and_full_width():
    assert clean_code(" ABCD-efgh ２３") == "abcdefgh23"
    assert clean_code(grouped("abcdefghjkmn")) == "abcdefghjkmn"


def test_a_totp_code_is_good_for_its_half_minute_and_the_neighbours_only():
    now = int(NOON.timestamp()) // 30
    assert list(totp_steps(NOON)) == [now - 1, now, now + 1]


@pytest.mark.parametrize("wanted", [Scope.CASES, Scope.NOTICES])
def test_a_proxy_covers_its_scope_and_nothing_else(wanted):
    other = Scope.NOTICES if wanted == Scope.CASES else Scope.CASES
    assert scope_covers(wanted, wanted)
    assert scope_covers(Scope.EVERYTHING, wanted)
    assert not scope_covers(other, wanted)
    assert not scope_covers(wanted, Scope.EVERYTHING)


def test_a_device_is_named_so_that_its_owner_knows_it():
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0 Safari/604.1"
    assert device_words(agent) == "苹果手机 · 微信"
    assert device_words("") == "其他设备 · 浏览器"


def test_neighbouring_addresses_of_one_ipv6_connection_count_as_one():
    assert (
        asked_from("2001:db8:1:2::1") == asked_from("2001:db8:1:2:ffff::9") != asked_from("2001:db8:1:3::1")
    )
    assert asked_from("203.0.113.7") == "203.0.113.7"
    assert asked_from("not an address") == "unknown"
