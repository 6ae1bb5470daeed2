"""Codes, money, papers, terms, judging: tables of cases, no database."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from linli.base.errors import Refused
from linli.organisations.rules import Power
from linli.partners.rules import (
    MOVES,
    Kind,
    PaperKind,
    State,
    TermState,
    Validity,
    credit_code,
    ends_on,
    may_follow,
    orders_until,
    renewal_due,
    stage_reached,
    sum_of_money,
    term_state,
    validity,
    why_not_judged,
    why_not_standard,
)
from linli.partners.rules.codes import check_sign
from linli.partners.rules.contracts import require_instalments
from linli.partners.rules.rights import WORDS, rights

pytestmark = pytest.mark.once

STANDARD_EXAMPLE = "91350100M000100Y43"  # the example of GB 32100-2015


@pytest.mark.parametrize(
    "typed",
    [
        STANDARD_EXAMPLE,
        "91350100m000100y43",
        " 9135 0100 M000 100Y 43 ",
        "９１３５０１００Ｍ０００１００Ｙ４３",
        "91350100-M000100Y4-3",
    ],
)
def test_a_code_is_read_however_it_was_typed(typed: str) -> None:
    assert credit_code(typed) == STANDARD_EXAMPLE


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "18 位"),
        ("91350100M000100Y4", "17 位"),
        ("91350100M000100Y4Z", "没有字母"),
        ("91350100M000100Y44", "校验码对不上"),
        ("9135010OM000100Y43", f"是不是 {STANDARD_EXAMPLE}"),  # O for 0
        ("9I350100M000100Y43", f"是不是 {STANDARD_EXAMPLE}"),  # I for 1
        ("91350100M0001?0Y43", "不能是“?”"),
        ("9135A100M000100Y43", "区划代码"),
        ("91350100М000100Y43", "不能是"),  # a Cyrillic М
    ],
)
def test_a_wrong_code_is_answered_by_what_is_wrong(typed: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        credit_code(typed)
    assert said in refused.value.reason
    assert "32100" in refused.value.rule


def test_every_single_slip_is_seen() -> None:
    """The modulus is prime and the weights are not 0 of it: one changed sign never checks out."""
    for place in range(8, 17):
        for sign in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            changed = STANDARD_EXAMPLE[:place] + sign + STANDARD_EXAMPLE[place + 1 :]
            if changed != STANDARD_EXAMPLE:
                assert check_sign(changed[:-1]) != changed[-1]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12800.50", "12800.50"),
        ("12,800.5 元", "12800.50"),
        ("0", "0.00"),
        ("9999999999.99", "9999999999.99"),
    ],
)
def test_money_is_exact(typed: str, amount: str) -> None:
    assert sum_of_money(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["", "一万", "1.005", "-1", "NaN", "Infinity", "1e30", "99999999999"])
def test_what_is_no_sum_is_refused_not_rounded(typed: str) -> None:
    with pytest.raises(Refused):
        sum_of_money(typed)


def test_instalments_stay_within_the_contract() -> None:
    require_instalments(Decimal("100.00"), [Decimal("60.00"), Decimal("40.00")])
    with pytest.raises(Refused, match="超过合同总额"):
        require_instalments(Decimal("100.00"), [Decimal("60.00"), Decimal("40.01")])


TODAY = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("expires", "replaced", "warned_from", "worth"),
    [
        (None, False, None, Validity.GOOD),
        (date(2027, 1, 1), False, date(2026, 10, 1), Validity.GOOD),
        (date(2026, 4, 1), False, date(2026, 3, 9), Validity.ENDING),
        (TODAY, False, date(2026, 1, 1), Validity.ENDING),  # its last day
        (date(2026, 3, 8), False, date(2026, 1, 1), Validity.LAPSED),
        (date(2026, 3, 8), True, None, Validity.REPLACED),
    ],
)
def test_what_a_paper_is_worth(
    expires: date | None, replaced: bool, warned_from: date | None, worth: Validity
) -> None:
    assert validity(expires, replaced, warned_from, TODAY) == worth


def test_the_smallest_stage_whose_moment_has_come_counts() -> None:
    stages = [(60, datetime(2026, 1, 5, tzinfo=UTC)), (30, datetime(2026, 2, 5, tzinfo=UTC))]
    assert stage_reached(datetime(2026, 1, 1, tzinfo=UTC), stages) is None
    assert stage_reached(datetime(2026, 1, 5, tzinfo=UTC), stages) == 60
    assert stage_reached(datetime(2026, 3, 1, tzinfo=UTC), stages) == 30


def test_no_new_orders_once_a_needed_paper_has_lapsed_is_missing_or_it_is_suspended() -> None:
    needed = {PaperKind.BUSINESS_LICENCE}
    held = [(PaperKind.BUSINESS_LICENCE, date(2026, 5, 1)), (PaperKind.FOOD_PERMIT, date(2020, 1, 1))]
    assert orders_until(needed, held, None, TODAY) == date(2026, 5, 1)
    assert orders_until(needed, [*held, (PaperKind.BUSINESS_LICENCE, None)], None, TODAY) is None
    assert orders_until(needed, [], None, TODAY) == date(2026, 3, 8)
    assert orders_until(needed, held, TODAY, TODAY) == date(2026, 3, 8)
    assert orders_until(set(), [], None, TODAY) is None


def test_a_term_lasts_to_the_day_before_and_its_renewal_begins_three_months_ahead() -> None:
    assert ends_on(date(2021, 6, 12), 5) == date(2026, 6, 11)
    assert ends_on(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert renewal_due(date(2026, 6, 11)) == date(2026, 3, 11)
    assert renewal_due(date(2026, 5, 31)) == date(2026, 2, 28)
    assert renewal_due(date(2026, 2, 10)) == date(2025, 11, 10)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 3, 10), TermState.IN_OFFICE),
        (date(2026, 3, 11), TermState.RENEWAL_DUE),
        (date(2026, 6, 11), TermState.RENEWAL_DUE),
        (date(2026, 6, 12), TermState.OVERDUE),
    ],
)
def test_where_a_term_stands_follows_from_the_day(today: date, state: TermState) -> None:
    assert term_state(date(2021, 6, 12), date(2026, 6, 11), None, today) == state
    assert term_state(None, None, None, today) == TermState.PREPARING
    assert term_state(date(2021, 6, 12), date(2026, 6, 11), today, today) == TermState.ENDED


@pytest.mark.parametrize("word", ["点赞", "安装率", "打卡", "在线时长", "排名"])
def test_no_criterion_counts_installs_likes_or_hours_g04_g05_g06(word: str) -> None:
    assert word in why_not_standard([f"本月{word}情况"])
    assert why_not_standard(["电梯困人 30 分钟内到场"]) == ""
    assert why_not_standard([])


def test_every_criterion_has_a_reason_and_none_judges_what_came_before_it() -> None:
    criteria = ["到场及时", "账目公开"]
    whole = {"0": ("met", "抽查 6 次都在 30 分钟内"), "1": ("partly", "三月的迟了五天")}
    day = date(2026, 1, 1)
    assert why_not_judged(criteria, whole, day, day) == ""
    assert "理由" in why_not_judged(criteria, whole | {"1": ("met", " ")}, day, day)
    assert "还没有选" in why_not_judged(criteria, whole | {"1": ("best", "很好")}, day, day)
    assert "才公布" in why_not_judged(criteria, whole, date(2026, 1, 2), day)


def test_every_state_but_the_first_follows_some_other_and_leaving_needs_admission() -> None:
    reached = {state for after in MOVES.values() for state in after}
    assert set(State.values) == reached
    assert not may_follow(State.APPLIED, State.LEFT)
    assert not may_follow(State.REFUSED, State.ADMITTED)
    assert set(MOVES) == set(State.values)
    assert len(Kind.values) == 6


def test_every_power_is_said_in_words() -> None:
    assert set(WORDS) == set(Power.values)
    assert len(rights({"handle"})) == 1
