"""What is counted, and which sums others may read. Policy rules: G03, G04, G11 (no online time, no ranking)."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from linli.base.worktime import Calendar
from linli.burden import rules
from linli.burden.models import Errand, Load
from linli.burden.rules import LEAST_WORKERS, Asker, count, likeness, shown_groups, shown_places

pytestmark = pytest.mark.once
TEMPLATES = sorted(Path(__file__).resolve().parents[2].glob("*/templates/**/*.html"))
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')


def many(first: int, number: int) -> frozenset[int]:
    return frozenset(range(first, first + number))


@pytest.mark.parametrize(
    ("posted", "files", "held", "counted"),
    [
        ({"answer": ["修好了"], "csrfmiddlewaretoken": ["x"], "next": ["/todos/"]}, [], {}, (1, 0)),
        ({"answer": ["  "], "note": [""]}, [], {}, (0, 0)),
        ({"since": ["2026-03-09"]}, [], {"since": likeness("2026-03-09")}, (0, 1)),
        ({"since": ["2026-03-10"]}, [], {"since": likeness("2026-03-09")}, (1, 0)),
        ({"words": ["一\r\n二"]}, [], {"words": likeness("一\n二")}, (0, 1)),
        ({"tick": ["a", "b"]}, ["photo"], {}, (2, 0)),
        ({"granted": ["1"], "decision": ["yes"]}, [], {}, (0, 0)),
    ],
)
def test_what_somebody_filled_in_counts_and_what_the_page_put_there_does_not(
    posted: dict[str, list[str]], files: list[str], held: dict[str, str], counted: tuple[int, int]
) -> None:
    assert count(posted, files, held) == counted


def test_every_hidden_field_of_every_page_is_known_as_machinery_or_as_asked_elsewhere() -> None:
    names = {
        name
        for page in TEMPLATES
        for tag in HIDDEN.findall(page.read_text(encoding="utf-8"))
        for name in re.findall(r'name="(\w+)"', tag)
    }
    unknown = names - rules.MACHINERY - rules.ASKED_ELSEWHERE - rules.BUTTONS
    assert not unknown, f"say in burden/rules.py what these hidden fields are: {sorted(unknown)}"


def test_nothing_that_a_page_asks_in_the_open_is_left_out_as_machinery() -> None:
    asked = {
        name
        for page in TEMPLATES
        for tag in re.findall(r"<(?:textarea|select)[^>]*>", page.read_text(encoding="utf-8"))
        for name in re.findall(r'name="(\w+)"', tag)
    }
    assert not asked & rules.MACHINERY


@pytest.mark.parametrize(
    ("mark", "assists", "counted"),
    [
        ("staff:handle", False, True),
        ("everyone", False, False),
        ("signed_in", False, False),
        ("everyone", True, True),
        ("signed_in", True, True),
        ("token", True, False),
    ],
)
def test_only_what_is_done_in_a_staff_role_counts(mark: str, assists: bool, counted: bool) -> None:
    assert rules.is_counted(mark, assists=assists) is counted


def test_a_form_is_called_by_its_name_or_by_its_part_of_the_house() -> None:
    assert rules.form_words("cases:resolve") == "办结"
    assert (rules.domain_words("register:some_thing"), rules.form_words("register:some_thing")) == (
        "居民登记", "some thing",
    )  # fmt: skip
    assert [rules.asker_of(form) for form in ("cases:sign", "reports:fill", "places:add")] == [
        Asker.RESIDENTS, Asker.ABOVE, Asker.OWN,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": 10, "b": 10}, {"a", "b"}),
        ({"a": 9, "b": 30}, set()),  # 30 shown, and the total would tell of the 9
        ({"a": 9, "b": 12, "c": 40}, {"c"}),
        ({"a": 5, "b": 5, "c": 40}, {"c"}),  # the five and five are ten together
        ({"a": 9}, set()),
        ({"a": 10, "b": 0}, {"a"}),
    ],
)
def test_what_would_uncover_fewer_than_ten_by_subtraction_is_hidden_too(
    sizes: dict[str, int], shown: set[str]
) -> None:
    groups, first = {}, 0
    for name, size in sizes.items():
        groups[name] = many(first, size)
        first += size
    found = shown_groups(groups)
    assert found - {"b"} == shown - {"b"}
    hidden = frozenset[int]().union(*(people for name, people in groups.items() if name not in found))
    assert not hidden or len(hidden) >= LEAST_WORKERS or not found


def test_a_street_is_not_shown_its_communities_where_one_of_them_is_small() -> None:
    street, big, small, own = 1, 2, 3, many(100, 3)
    workers = {street: own, big: many(0, 12), small: many(50, 4)}
    assert shown_places(street, {street: [big, small]}, workers) == {street}
    workers[small] = many(50, 8)  # the small one and the street's own are eleven together
    assert shown_places(street, {street: [big, small]}, workers) == {street, big}


def test_what_lies_beneath_a_hidden_place_is_hidden() -> None:
    district, street, community, other = 1, 2, 3, 4
    workers = {community: many(0, 11), street: many(20, 2), other: many(40, 3), district: frozenset[int]()}
    beneath = {district: [street, other], street: [community]}
    assert shown_places(district, beneath, workers) == {district}


def test_fewer_than_ten_in_all_show_nothing() -> None:
    assert shown_places(1, {}, {1: many(0, 9)}) == set()


@pytest.mark.parametrize(
    ("opened", "due", "is_short"),
    [
        ("2026-03-09T02:00", "2026-03-09T08:00", True),  # Monday ten, wanted at four
        ("2026-03-09T02:00", "2026-03-10T02:00", False),  # a whole working day
        ("2026-03-13T09:00", "2026-03-16T02:00", True),  # Friday at five, wanted on Monday at ten
        ("2026-03-09T02:00", "2026-03-20T02:00", False),
    ],
)
def test_less_than_a_working_day_between_coming_and_limit_is_short_notice(
    opened: str, due: str, is_short: bool
) -> None:
    at, limit = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (opened, due))
    assert rules.is_short_notice(at, limit, Calendar()) is is_short


def test_months_go_back_two_years_and_no_further() -> None:
    today = date(2026, 3, 9)
    assert rules.months(today)[0] == date(2026, 3, 1)
    assert rules.months(today)[-1] == date(2024, 3, 1)
    assert rules.month_of("2025-12", today) == date(2025, 12, 1)
    for text in ("", "x", "2023-01", "2027-01", "2026-13"):
        assert rules.month_of(text, today) == date(2026, 3, 1)
    assert (rules.before_month(date(2026, 1, 1)), rules.after_month(date(2025, 12, 1))) == (
        date(2025, 12, 1), date(2026, 1, 1),
    )  # fmt: skip


def test_the_ledger_knows_no_time_of_day_and_no_rank() -> None:
    """G04, G11 (国办函〔2026〕12号): no column from which online time, presence, order or speed could be read."""
    for model in (Load, Errand):
        kinds = {type(column) for column in model._meta.concrete_fields}
        assert not kinds & {models.DateTimeField, models.TimeField, models.DurationField}, model
        names = {column.name for column in model._meta.concrete_fields}
        assert not [
            name for name in names if re.search("online|hour|minute|second|rank|score|last_|first_", name)
        ]
    assert "burden" not in {model._meta.app_label for model in _tables()}


def _tables() -> list[type[models.Model]]:
    from django.contrib import admin  # noqa: PLC0415 — reads what apps registered

    assert apps.ready
    return list(admin.site._registry)
