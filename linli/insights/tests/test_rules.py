"""The three rates and hidden cells, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.insights.rules import MINIMUM_CELL, MINIMUM_COUNT, Measure, Rate, suppressed, three_rates


def test_each_rate_is_printed_with_numerator_denominator_and_what_stands_apart() -> None:
    tally = {
        Measure.RESPONSE_DUE: 40, Measure.RESPONSE_MET: 30, Measure.RESPONSE_WITHDRAWN: 2, Measure.RESPONSE_MERGED: 3,
        Measure.SOLVED: 20, Measure.PARTLY: 3, Measure.NOT_SOLVED: 2, Measure.SILENT: 10,
        Measure.RATED: 22, Measure.SATISFIED: 18, Measure.DECLINED: 1, Measure.CHECKED: 4,
    }  # fmt: skip
    response, solution, content = three_rates({str(key): count for key, count in tally.items()})
    assert (response.numerator, response.denominator) == (30, 40)
    assert dict(response.apart) == {"派单前撤回": 2, "并入他件": 3}
    assert (solution.numerator, solution.denominator) == (20, 25)
    assert dict(solution.apart)["没有回音（未确认）"] == 10
    assert (content.numerator, content.denominator) == (18, 22)


def test_silence_and_partly_are_never_counted_as_solved() -> None:
    few = three_rates({Measure.SOLVED: 10, Measure.SILENT: 90, Measure.PARTLY: 0})[1]
    assert few.percent == pytest.approx(100)
    assert three_rates({Measure.SOLVED: 10, Measure.PARTLY: 10})[1].percent == pytest.approx(50)


@pytest.mark.parametrize(
    ("count", "is_shown"), [(0, False), (MINIMUM_COUNT - 1, False), (MINIMUM_COUNT, True)]
)
def test_under_the_minimum_count_no_share_is_given(count: int, is_shown: bool) -> None:
    rate = Rate("", "", count, count, ())
    assert (rate.percent is not None) is is_shown
    assert (rate.interval is not None) is is_shown


@given(st.integers(MINIMUM_COUNT, 5000), st.data())
def test_the_interval_holds_the_share_and_stays_between_0_and_100(n: int, data: st.DataObject) -> None:
    rate = Rate("", "", data.draw(st.integers(0, n)), n, ())
    low, high = rate.interval or (0.0, 0.0)
    assert 0 <= low <= (rate.percent or 0.0) + 1e-9
    assert (rate.percent or 0.0) - 1e-9 <= high <= 100


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 40), max_size=8))
def test_no_published_row_gives_a_small_cell_away(cells: dict[str, int]) -> None:
    shown = suppressed(cells)
    hidden = [name for name, cell in shown.items() if cell is None]
    assert all(cell is None or cell == 0 or cell >= MINIMUM_CELL for cell in shown.values())
    others = [name for name, count in cells.items() if count]
    if len(hidden) == 1:
        assert others == hidden  # nothing else was there that could have been hidden with it
    assert all(shown[name] == 0 for name, count in cells.items() if count == 0)
