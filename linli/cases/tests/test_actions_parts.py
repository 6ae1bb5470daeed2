"""Who leads and who helps: one lead whatever is asked and granted, and clocks that stand still for all."""

from datetime import date, datetime

import pytest

from linli.cases import actions
from linli.cases.models import Case
from linli.cases.rules import State
from linli.cases.tests.rows import DAY, DONE, HOUR, dispatched, filed
from linli.organisations.models import Organisation
from tests.cast import MONDAY, Willow

pytestmark = pytest.mark.django_db


def leads(case: Case) -> list[Organisation]:
    return [order.organisation for order in case.orders.open().filter(part="lead")]


def test_the_street_that_leads_already_helps_its_co_unit_and_goes_on_leading(willow: Willow) -> None:
    case, _order = dispatched(willow)
    actions.transfer(case, willow.street_office, by=willow.sun, at=MONDAY + HOUR, reason="街道来办")
    helper = actions.add_assist(case, willow.property, by=willow.sun, at=MONDAY + HOUR)
    asking = actions.ask_help(helper, "要登高车", by=willow.zhao, at=MONDAY + HOUR)
    assert asking.arbiter == willow.street_office
    actions.rule_on(asking, True, "车下午到", by=willow.qian, at=MONDAY + HOUR)
    assert leads(case) == [willow.street_office]


def test_what_a_co_unit_gave_back_may_fall_to_the_lead_which_goes_on_leading(willow: Willow) -> None:
    case = filed(willow)
    actions.dispatch(case, willow.property, [willow.urban_management], by=willow.sun, at=MONDAY)
    helper = case.orders.get(organisation=willow.urban_management)
    asking = actions.ask_return(helper, "not_our_duty", "灯归物业", by=willow.urban, at=MONDAY + HOUR)
    actions.rule_on(asking, True, "由物业一起办", by=willow.qian, at=MONDAY + HOUR, lead=willow.property)
    assert leads(case) == [willow.property]
    assert case.orders.open().count() == 1


def test_a_street_that_helped_and_then_leads_owns_the_case_it_had_signed_for(willow: Willow) -> None:
    case, _order = dispatched(willow)
    helping = actions.add_assist(case, willow.street_office, by=willow.sun, at=MONDAY)
    actions.sign(helping, by=willow.qian, at=MONDAY + HOUR)
    actions.transfer(case, willow.street_office, by=willow.sun, at=MONDAY + HOUR, reason="街道来办")
    assert (leads(case), case.owner) == ([willow.street_office], willow.street_office)


def test_a_unit_called_while_a_case_is_parked_has_its_whole_limit_when_it_goes_on(willow: Willow) -> None:
    case, _order = dispatched(willow)
    actions.pause(case, "等配件", date(2026, 3, 20), by=willow.zhao, at=MONDAY + HOUR)
    helper = actions.add_assist(case, willow.urban_management, by=willow.sun, at=MONDAY + 2 * HOUR)
    due = helper.due
    actions.resume(case, by=willow.zhao, at=MONDAY + 7 * DAY)
    helper.refresh_from_db()
    assert due is not None
    assert helper.due is not None
    assert helper.due - due >= 6 * DAY


@pytest.mark.parametrize(("words", "is_answer"), [("已收悉，谢谢", False), ("师傅下午两点来看", True)])
def test_a_bare_receipt_is_no_first_answer_when_accepting_or_starting(
    willow: Willow, words: str, is_answer: bool
) -> None:
    case = filed(willow)
    actions.accept(case, by=willow.sun, at=MONDAY, words=words)
    assert (case.responded_at is not None) == is_answer
    case, order = dispatched(willow)
    actions.start(order, by=willow.zhao, at=MONDAY + HOUR, words=words)
    case.refresh_from_db()
    assert (case.state, case.responded_at is not None) == (State.UNDER_WAY, is_answer)


def test_what_became_a_co_units_is_answered_from_the_same_page(willow: Willow) -> None:
    case, order = dispatched(willow)
    actions.sign(order, by=willow.zhao, at=MONDAY + HOUR)
    at = MONDAY
    while case.tier == "community":
        at += DAY / 4
        actions.run_clocks(at)
        case.refresh_from_db()
    order.refresh_from_db()
    assert (leads(case), order.part) == ([willow.street_office], "assist")
    actions.answer_order(order, DONE, by=willow.zhao, at=at)
    assert order.ended_at == at


def test_what_a_co_unit_is_granted_moves_its_own_limit_alone(willow: Willow) -> None:
    case = filed(willow)
    lead = actions.dispatch(case, willow.property, [willow.urban_management], by=willow.sun, at=MONDAY)
    helper = case.orders.get(organisation=willow.urban_management)
    dues = [case.due, helper.due]
    for order, by in ((helper, willow.urban), (lead, willow.zhao)):
        asking = actions.ask_extension(order, 2, "working_day", "等配件", by=by, at=MONDAY + HOUR)
        actions.rule_on(asking, True, "同意", by=willow.qian, at=MONDAY + HOUR)
        case.refresh_from_db()
        helper.refresh_from_db()
        assert helper.due != dues[1]
        assert (case.due == dues[0]) == (order == helper)
    assert (case.due, helper.due) == (lead_due(case), lead_due(case))  # two days each, not four


def lead_due(case: Case) -> datetime | None:
    return case.orders.get(part="lead").due


def test_what_goes_up_names_the_obstacle_and_no_person(willow: Willow) -> None:
    case, order = dispatched(willow)
    actions.ask_help(order, "住户王建国不肯开门，要登高车", by=willow.zhao, at=MONDAY + HOUR)
    at = MONDAY
    while case.tier == "community":
        at += DAY / 4
        actions.run_clocks(at)
        case.refresh_from_db()
    words = case.events.get(verb="whistled").words
    assert "登高车" in words
    assert "王建国" not in words
