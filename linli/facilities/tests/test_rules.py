"""Numbers, rhythms and the data of kinds: no database."""

import tomllib
from datetime import date
from importlib.resources import files

import pytest

from linli.base.errors import Refused
from linli.facilities.rules import (
    CLASS_CODES,
    Doer,
    Rhythm,
    Standing,
    Unit,
    after,
    facility_number,
    require_rhythm,
    standing,
)

pytestmark = pytest.mark.once


def test_a_number_has_16_digits_county_class_kind_sequence() -> None:
    assert facility_number("980101000000", "0151", 7) == "9801010151000007"
    assert facility_number("", "0151", 7) == "0000000151000007"
    for serial in (0, 1_000_000):
        with pytest.raises(Refused):
            facility_number("980101", "0151", serial)


@pytest.mark.parametrize(
    ("day", "every", "unit", "next_day"),
    [
        (date(2026, 3, 9), 15, Unit.DAY, date(2026, 3, 24)),
        (date(2026, 1, 31), 1, Unit.MONTH, date(2026, 2, 28)),
        (date(2026, 11, 30), 3, Unit.MONTH, date(2027, 2, 28)),
        (date(2026, 3, 9), 12, Unit.MONTH, date(2027, 3, 9)),
        (date(2024, 2, 29), 12, Unit.MONTH, date(2025, 2, 28)),
    ],
)
def test_the_next_day_is_the_same_day_or_the_months_last(
    day: date, every: int, unit: str, next_day: date
) -> None:
    assert after(day, every, unit) == next_day


def test_an_inspection_is_late_only_after_its_last_day() -> None:
    due = date(2026, 3, 24)
    assert standing(due, 3, date(2026, 3, 20)) == Standing.CALM
    assert standing(due, 3, date(2026, 3, 21)) == Standing.SOON
    assert standing(due, 3, due) == Standing.SOON
    assert standing(due, 3, date(2026, 3, 25)) == Standing.LATE


@pytest.mark.parametrize(
    "wrong",
    [
        {"every": 0}, {"every": 241}, {"unit": "week"}, {"doer": "nobody"}, {"warn_days": 181}, {"basis": " "},
    ],
)  # fmt: skip
def test_a_rhythm_that_cannot_be_or_names_no_basis_is_refused(wrong: dict[str, object]) -> None:
    facts = {"every": 1, "unit": Unit.MONTH, "doer": Doer.RESPONSIBLE, "warn_days": 3, "basis": "建议周期"}
    require_rhythm(Rhythm(**facts))
    with pytest.raises(Refused):
        require_rhythm(Rhythm(**(facts | wrong)))


def test_every_kind_has_a_code_of_its_class_and_every_plan_a_basis() -> None:
    table = tomllib.loads(
        files("linli.facilities.defaults").joinpath("kinds.toml").read_text(encoding="utf-8")
    )
    codes = [row["code"] for row in table["kind"]]
    names = [name for row in table["kind"] for name in row["names"]]
    assert len(codes) == len(set(codes))
    assert len(names) == len(set(names))
    for row in table["kind"]:
        assert row["code"].startswith(CLASS_CODES[row["class"]])
        for _name, every, unit, doer, warn, basis in row["plans"]:
            require_rhythm(Rhythm(every, unit, doer, warn, basis))
    lift = next(row for row in table["kind"] if "电梯" in row["names"])
    assert [(plan[1], plan[2]) for plan in lift["plans"]] == [(15, "day"), (12, "month")]
