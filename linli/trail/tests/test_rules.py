from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from linli.trail.rules import (
    Disclosure,
    Purpose,
    are_days_fit,
    is_complete,
    is_household,
    is_within_task,
    reveal_ends,
    shown_from,
    without_names,
)

NOW = datetime(2026, 3, 9, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("looker_words", "fields", "reason", "complete"),
    [
        ("孙* · 居委会", "电话", "回电", True),
        ("", "电话", "回电", False),
        ("孙* · 居委会", " ", "回电", False),
        ("孙* · 居委会", "电话", "\u3000", False),
    ],
)
def test_a_line_of_the_trail_says_who_what_and_why(
    looker_words: str, fields: str, reason: str, complete: bool
) -> None:
    assert is_complete(looker_words, fields, reason) is complete


@pytest.mark.parametrize(
    ("disclosure", "days", "holds_until", "shown"),
    [
        (Disclosure.IMMEDIATE, 0, None, NOW),
        (Disclosure.AFTER_DAYS, 30, None, NOW + timedelta(days=30)),
        (Disclosure.AT_CLOSE, 90, None, NOW + timedelta(days=90)),
        (Disclosure.NEVER, 0, NOW + timedelta(days=200), NOW + timedelta(days=200)),
    ],
)
def test_each_class_says_from_when_the_subject_may_read(
    disclosure: str, days: int, holds_until: datetime | None, shown: datetime
) -> None:
    assert shown_from(disclosure, NOW, days, holds_until) == shown


def test_nothing_is_kept_from_its_subject_without_a_basis() -> None:
    with pytest.raises(ValueError, match="withholding"):
        shown_from(Disclosure.NEVER, NOW, 0, None)


@pytest.mark.parametrize(
    ("disclosure", "days", "fit"),
    [
        (Disclosure.IMMEDIATE, 0, True),
        (Disclosure.IMMEDIATE, 3, False),
        (Disclosure.AFTER_DAYS, 0, False),
        (Disclosure.AFTER_DAYS, 365, True),
        (Disclosure.AT_CLOSE, 0, False),  # a latest date is set at the start
        (Disclosure.AT_CLOSE, 366, False),
        (Disclosure.NEVER, 0, True),
    ],
)
def test_what_waits_has_a_latest_date(disclosure: str, days: int, fit: bool) -> None:
    assert are_days_fit(disclosure, days) is fit


def test_only_a_typed_reason_and_an_emergency_are_outside_tasks() -> None:
    assert {purpose for purpose in Purpose if not is_within_task(purpose)} == {
        Purpose.TYPED,
        Purpose.EMERGENCY,
    }


def test_a_field_stays_open_for_sixty_seconds() -> None:
    assert reveal_ends(NOW) - NOW == timedelta(seconds=60)


def test_a_household_is_told_of_each_other_without_names() -> None:
    assert is_household("register.Household:7")
    assert not is_household("cases.Case:7")
    assert (
        without_names("核对陈福生和陈福的户口", ["陈福", "陈福生", ""], "同户家人")
        == "核对同户家人和同户家人的户口"
    )
