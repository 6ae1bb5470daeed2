"""Shelves, figures, greetings, and what search knows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from linli.cases.rules import State
from linli.front.rules import FEWEST_FOR_MEDIAN, SHELVES, figures, found, greeting

MONDAY = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)


def rows(state: str, count: int, *, days: int | None = None) -> list[tuple[str, datetime, datetime | None]]:
    resolved = MONDAY + timedelta(days=days) if days is not None else None
    return [(state, MONDAY, resolved)] * count


def test_every_state_that_the_public_sees_stands_on_exactly_one_shelf() -> None:
    shown = set(State.values) - {State.WITHDRAWN, State.MERGED}
    shelved = [state for shelf in SHELVES.values() for state in shelf]
    assert sorted(shelved) == sorted(shown)


def test_resolved_and_unconfirmed_are_never_counted_as_solved() -> None:
    counted = figures(
        rows(State.RESOLVED, 3, days=1)
        + rows(State.UNCONFIRMED, 2, days=1)
        + rows(State.CONFIRMED, 4, days=2)
    )
    assert counted.total == 9
    assert counted.solved == 4
    assert counted.unconfirmed == 2
    assert counted.under_way == 3


def test_a_median_needs_enough_solved_matters() -> None:
    assert figures(rows(State.CONFIRMED, FEWEST_FOR_MEDIAN - 1, days=3)).median is None
    enough = figures(rows(State.CONFIRMED, 3, days=3) + rows(State.CHECKED, 2, days=9))
    assert enough.median == timedelta(days=3)


def test_nothing_said_gives_zeroes_and_no_median() -> None:
    assert figures([]).total == 0
    assert figures([]).median is None


@pytest.mark.parametrize(
    ("hour", "words"), [(0, "晚上好"), (5, "早上好"), (11, "中午好"), (13, "下午好"), (18, "晚上好")]
)
def test_one_is_greeted_by_the_hour(hour: int, words: str) -> None:
    with translation.override("zh-hans"):
        assert greeting(hour) == words


@pytest.mark.parametrize("asked", ["长辈版", "亲情版", "关爱版", "关怀版", "适老", "怎么打开长辈版", "Elder"])
def test_the_elder_edition_is_found_by_all_its_names(asked: str) -> None:
    """E09: a search for 长辈版, 亲情版, 关爱版 or 关怀版 leads to it."""
    with translation.override("zh-hans"):
        assert any(post.is_elder_switch for post in found(asked))


@pytest.mark.parametrize("asked", ["", "   ", "量子力学"])
def test_what_linli_has_no_page_for_finds_none(asked: str) -> None:
    with translation.override("zh-hans"):
        assert found(asked) == []


def test_a_page_is_found_by_a_word_people_use_for_it() -> None:
    with translation.override("zh-hans"):
        assert [post.names[0] for post in found("报修")] == ["cases:speak"]
        assert {"register:mine", "privacy:mine"} <= {
            name for post in found("个人信息 登记 导出") for name in post.names
        }
