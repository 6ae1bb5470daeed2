"""Times in the words of neighbours."""

from datetime import datetime, timedelta

import pytest
from django.utils import translation

from linli.base.clockwords import due_words, length_words, moment_words

WEDNESDAY = datetime(2026, 3, 11, 15, 20)  # noqa: DTZ001  local already


@pytest.mark.parametrize(
    ("days", "hours", "words"),
    [
        (0, 2, "今天 17:20 前"),
        (1, 2, "明天 17:20 前"),
        (2, 0, "周五前"),
        (4, 0, "周日前"),
        (5, 0, "下周一前"),
        (11, 0, "下周日前"),
        (12, 0, "3月23日前"),
        (300, 0, "2027年1月5日前"),
        (-2, 0, "已过期 2 天"),
        (0, -3, "已过期 3 小时"),
    ],
)
def test_a_deadline_is_said_as_far_away_as_it_is(days: int, hours: int, words: str) -> None:
    with translation.override("zh-hans"):
        assert due_words(WEDNESDAY + timedelta(days=days, hours=hours), WEDNESDAY) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 3, 11, 9, 5), "今天 9:05"),  # noqa: DTZ001
        (datetime(2026, 3, 10, 23, 59), "昨天 23:59"),  # noqa: DTZ001
        (datetime(2026, 3, 9, 10, 0), "3月9日"),  # noqa: DTZ001
        (datetime(2025, 11, 3, 10, 0), "2025年11月3日"),  # noqa: DTZ001
    ],
)
def test_a_moment_is_said_by_the_calendar_not_by_hours(at: datetime, words: str) -> None:
    with translation.override("zh-hans"):
        assert moment_words(at, WEDNESDAY) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "1 分钟"), (2400, "40 分钟"), (3600 * 5, "5 小时"), (86400 * 3 + 9, "3 天")]
)
def test_a_length_is_said_in_its_largest_unit(seconds: int, words: str) -> None:
    with translation.override("zh-hans"):
        assert length_words(seconds) == words
        assert length_words(timedelta(seconds=seconds)) == words


def test_an_unknown_length_says_nothing() -> None:
    assert length_words(None) == ""
