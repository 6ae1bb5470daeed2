"""Only those who asked say that it is solved: asked once, urged by nobody, called back by others."""

import pytest

from linli.base.errors import Refused
from linli.cases import actions
from linli.cases.actions import Verdict, run_clocks
from linli.cases.models import Answer, CallBack, Case, CaseSettings, Check, Event
from linli.cases.rules import Outcome, State, Tier, Verb
from linli.cases.tests.rows import DAY, DONE, HOUR, MINUTE, dispatched, filed, resolved, said
from linli.notices.models import Notice
from linli.organisations import actions as organisations
from linli.organisations.rules import Role
from linli.people import actions as people
from linli.people.models import Proxy
from linli.todos.models import Todo
from tests.cast import LONG_AGO, MONDAY, Willow

pytestmark = pytest.mark.django_db
LATER = MONDAY + DAY
NO = Verdict("not_solved", words="晚上又灭了")


def test_nobody_but_the_asker_confirms_or_rates(willow: Willow) -> None:
    case = resolved(willow)
    for person in (willow.zhao, willow.sun, willow.neighbour, willow.qian, willow.stranger):
        with pytest.raises(Refused):
            actions.confirm(case, willow.zhang, Verdict("solved", 5), by=person, at=LATER)
        with pytest.raises(Refused):
            actions.confirm(case, person, Verdict("solved", 5), by=person, at=LATER)
    case.refresh_from_db()
    assert case.state == State.RESOLVED
    actions.confirm(case, willow.zhang, Verdict("solved", 5), by=willow.zhang, at=LATER)
    answer = case.verdicts.get()
    assert (answer.outcome, answer.rating, answer.taken_by, case.state) == (
        "solved",
        5,
        None,
        State.CONFIRMED,
    )


def test_family_with_a_proxy_confirms_but_not_if_they_work_for_the_body_that_did_it(willow: Willow) -> None:
    people.grant_proxy(willow.zhang, willow.daughter, Proxy.Scope.CASES, by=willow.zhang, at=MONDAY)
    people.grant_proxy(willow.zhang, willow.zhao, Proxy.Scope.CASES, by=willow.zhang, at=MONDAY)
    case = resolved(willow)
    with pytest.raises(Refused, match="自己单位"):
        actions.confirm(case, willow.zhang, Verdict("solved"), by=willow.zhao, at=LATER)
    answer = actions.confirm(case, willow.zhang, Verdict("partly"), by=willow.daughter, at=LATER)
    assert (answer.taken_by, answer.case.state) == (willow.daughter, State.PARTLY)


def test_a_worker_in_an_assisted_session_confirms_only_work_of_other_bodies(willow: Willow) -> None:
    case = resolved(willow)
    organisations.assist(willow.sun, willow.desk, willow.zhang, "来窗口确认", "counter", at=LATER)
    with pytest.raises(Refused, match="自己单位"):  # the desk owns the case
        actions.confirm(case, willow.zhang, Verdict("solved"), by=willow.sun, at=LATER + MINUTE)


def test_an_answer_counts_once_a_round(willow: Willow) -> None:
    case = resolved(willow)
    first = actions.confirm(case, willow.zhang, Verdict("partly", 3), by=willow.zhang, at=LATER)
    again = actions.confirm(case, willow.zhang, Verdict("partly", 3), by=willow.zhang, at=LATER + HOUR)
    assert first == again
    with pytest.raises(Refused, match="已经回答过"):
        actions.confirm(case, willow.zhang, Verdict("solved", 5), by=willow.zhang, at=LATER + HOUR)


def test_before_it_is_resolved_there_is_nothing_to_confirm(willow: Willow) -> None:
    case, _order = dispatched(willow)
    with pytest.raises(Refused):
        actions.confirm(case, willow.zhang, Verdict("solved"), by=willow.zhang, at=LATER)


@pytest.mark.parametrize(
    "verdict", [Verdict("silent"), Verdict(""), Verdict("solved", 6), Verdict("solved", 0)]
)
def test_what_is_no_answer_is_refused(willow: Willow, verdict: Verdict) -> None:
    with pytest.raises(Refused):
        actions.confirm(resolved(willow), willow.zhang, verdict, by=willow.zhang, at=LATER)


def test_not_solved_needs_words_and_makes_work_a_new_clock_and_a_visible_event_by_itself(
    willow: Willow,
) -> None:
    case = resolved(willow)
    before = case.due
    with pytest.raises(Refused):
        actions.confirm(case, willow.zhang, Verdict("not_solved"), by=willow.zhang, at=LATER)
    actions.confirm(case, willow.zhang, NO, by=willow.zhang, at=LATER)
    case.refresh_from_db()
    assert (case.state, case.round, case.resolved_at, case.lead) == (State.ASSIGNED, 2, None, willow.property)
    assert case.due > before
    order = case.orders.open().get()
    assert (order.round, order.organisation) == (2, willow.property)
    event = Event.objects.get(case=case, verb=Verb.REOPENED)
    assert (event.is_public, event.words) == (True, "晚上又灭了")


def test_not_solved_twice_goes_up_to_the_street_with_the_whole_file(willow: Willow) -> None:
    case = resolved(willow)
    actions.confirm(case, willow.zhang, NO, by=willow.zhang, at=LATER)
    actions.resolve(case, DONE, by=willow.zhao, at=LATER + HOUR)
    actions.confirm(case, willow.zhang, NO, by=willow.zhang, at=LATER + 2 * HOUR)
    case.refresh_from_db()
    assert (case.tier, case.lead, case.round) == (Tier.STREET, willow.street_office, 3)
    assert case.owner == willow.desk  # until the street has signed (首接负责)
    order = case.orders.open().get(part="lead")
    actions.sign(order, by=willow.qian, at=LATER + 3 * HOUR)
    case.refresh_from_db()
    assert case.owner == willow.street_office
    assert case in Case.objects.handled_by(list(willow.qian.memberships.select_related("place")))
    event = Event.objects.get(case=case, verb=Verb.WHISTLED)
    assert event.details["unit"] == willow.property.name
    assert not [p.name for p in willow.everyone().values() if p.name in str(event.details) + event.words]


def test_the_handler_cannot_see_who_has_not_answered_until_the_period_closes(willow: Willow) -> None:
    case = resolved(willow)
    answer = case.verdicts.get()
    assert not Answer.objects.filter(case=case).shown_to_handlers(LATER).exists()
    shown = Answer.objects.filter(case=case).shown_to_handlers(answer.answer_by)
    assert shown.exists()
    assert "was_urged" in shown.get().get_deferred_fields()


def test_no_answer_closes_as_unconfirmed_never_as_satisfied(willow: Willow) -> None:
    case = resolved(willow)
    answer = case.verdicts.get()
    run_clocks(answer.answer_by - MINUTE)
    case.refresh_from_db()
    assert case.state == State.RESOLVED
    run_clocks(answer.answer_by)
    run_clocks(answer.answer_by + HOUR)
    case.refresh_from_db()
    answer.refresh_from_db()
    assert (case.state, answer.outcome, answer.rating, answer.answered_at) == (
        State.UNCONFIRMED,
        Outcome.SILENT,
        None,
        None,
    )
    assert Event.objects.filter(case=case, verb=Verb.UNCONFIRMED).count() == 1


def test_the_system_asks_once_and_never_chases(willow: Willow) -> None:
    case = resolved(willow)
    answer = case.verdicts.get()
    for hours in range(0, 240, 6):
        run_clocks(MONDAY + hours * HOUR)
    asked = Notice.objects.filter(person=willow.zhang, key__contains=":asked:")
    assert asked.count() == 1
    assert case.verdicts.get() == answer


def test_a_late_answer_within_the_window_still_counts(willow: Willow) -> None:
    case = resolved(willow)
    over = case.verdicts.get().answer_by
    run_clocks(over)
    actions.confirm(case, willow.zhang, Verdict("solved", 4), by=willow.zhang, at=over + DAY)
    assert case.state == State.CONFIRMED


def test_the_reopen_window_is_counted_on_the_server(willow: Willow) -> None:
    case = resolved(willow)
    actions.confirm(case, willow.zhang, Verdict("solved"), by=willow.zhang, at=LATER)
    last_day = (LATER + 16 * DAY).replace(hour=0, minute=0)  # natural days: the last one to its end
    with pytest.raises(Refused):
        actions.reopen(case, "又灭了", by=willow.zhang, at=last_day + MINUTE)
    actions.reopen(case, "又灭了", by=willow.zhang, at=last_day - MINUTE)
    assert (case.state, case.round, case.closed_at) == (State.ASSIGNED, 2, None)


def all_are_called(willow: Willow, **numbers: int) -> None:
    CaseSettings.objects.create(place=willow.community, numbers={"call_back_share": 100, **numbers})


def test_a_sample_of_the_silent_is_called_by_a_body_that_did_none_of_the_work(willow: Willow) -> None:
    all_are_called(willow)
    case = resolved(willow)
    run_clocks(case.verdicts.get().answer_by)
    call = CallBack.objects.get(answer__case=case)
    assert call.organisation == willow.checkers
    assert Todo.objects.filter(organisation=willow.checkers, key__endswith=":call").open().exists()
    when = call.asked_at + HOUR
    for person in (willow.zhao, willow.sun, willow.zhang):
        with pytest.raises(Refused):
            actions.call_back(call, was_reached=True, by=person, at=when, verdict=Verdict("solved", 4))
    with pytest.raises(Refused):
        actions.call_back(call, was_reached=True, by=willow.checker, at=when)
    actions.call_back(call, was_reached=True, by=willow.checker, at=when, verdict=Verdict("solved", 4))
    case.refresh_from_db()
    answer = case.verdicts.get()
    assert (case.state, answer.channel, answer.taken_by) == (State.CONFIRMED, "call_back", willow.checker)
    with pytest.raises(Refused, match="不用再打"):
        actions.call_back(call, was_reached=False, by=willow.checker, at=when)


def test_a_call_nobody_takes_changes_nothing_and_is_not_repeated(willow: Willow) -> None:
    all_are_called(willow)
    case = resolved(willow)
    run_clocks(case.verdicts.get().answer_by)
    call = CallBack.objects.get()
    actions.call_back(call, was_reached=False, by=willow.checker, at=call.asked_at + HOUR)
    for days in range(1, 30):
        run_clocks(call.asked_at + days * DAY)
    case.refresh_from_db()
    assert (case.state, CallBack.objects.count()) == (State.UNCONFIRMED, 1)


def test_not_solved_on_the_telephone_makes_work_again(willow: Willow) -> None:
    all_are_called(willow)
    case = resolved(willow)
    run_clocks(case.verdicts.get().answer_by)
    call = CallBack.objects.get()
    actions.call_back(call, was_reached=True, by=willow.checker, at=call.asked_at + HOUR, verdict=NO)
    case.refresh_from_db()
    assert (case.state, case.round, case.closed_at) == (State.ASSIGNED, 2, None)


def test_nobody_is_called_beyond_their_budget(willow: Willow) -> None:
    all_are_called(willow, call_back_budget=2)
    for _n in range(4):
        resolved(willow)
    run_clocks(MONDAY + 20 * DAY)
    assert Answer.objects.filter(outcome=Outcome.SILENT).count() == 4
    assert CallBack.objects.filter(answer__person=willow.zhang).count() == 2


def test_an_elder_who_telephoned_is_on_the_call_list_at_once_and_confirms_by_it(willow: Willow) -> None:
    """Telephone intake by a worker for an elder, confirmed by a call from another body."""
    case = actions.file_for(said(willow, channel="telephone"), resident=willow.chen, by=willow.li, at=MONDAY)
    actions.dispatch(case, willow.property, by=willow.sun, at=MONDAY)
    actions.resolve(case, DONE, by=willow.zhao, at=MONDAY + HOUR)
    call = CallBack.objects.get(answer__person=willow.chen)
    actions.call_back(call, was_reached=True, by=willow.checker, at=LATER, verdict=Verdict("solved", 5))
    case.refresh_from_db()
    assert case.state == State.CONFIRMED


def test_where_nobody_asked_another_body_checks_and_it_is_shown_as_such(willow: Willow) -> None:
    case = actions.file_for(said(willow, channel="patrol"), resident=None, by=willow.li, at=MONDAY)
    actions.dispatch(case, willow.property, by=willow.sun, at=MONDAY)
    actions.resolve(case, DONE, by=willow.zhao, at=MONDAY + HOUR)
    check = Check.objects.get(case=case)
    assert check.organisation == willow.checkers
    for person in (willow.zhao, willow.sun, willow.zhang):
        with pytest.raises(Refused):
            actions.check(check, True, "", by=person, at=LATER)
    actions.check(check, True, "灯亮着", by=willow.checker, at=LATER)
    case.refresh_from_db()
    assert (case.state, case.closed_at) == (State.CHECKED, LATER)
    assert not case.verdicts.exists()


def test_a_check_that_finds_it_undone_makes_work_again(willow: Willow) -> None:
    case = actions.file(said(willow), by=None, at=MONDAY)
    actions.dispatch(case, willow.property, by=willow.sun, at=MONDAY)
    actions.resolve(case, DONE, by=willow.zhao, at=MONDAY + HOUR)
    check = Check.objects.get(case=case)
    with pytest.raises(Refused):
        actions.check(check, False, "", by=willow.checker, at=LATER)
    actions.check(check, False, "灯还是不亮", by=willow.checker, at=LATER)
    case.refresh_from_db()
    assert (case.state, case.round) == (State.ASSIGNED, 2)


def test_a_check_the_desk_wants_leaves_the_last_word_to_the_asker(willow: Willow) -> None:
    case = resolved(willow)
    with pytest.raises(Refused):
        actions.ask_check(case, by=willow.zhao, at=LATER)
    check = actions.ask_check(case, by=willow.sun, at=LATER)
    actions.check(check, True, "灯亮着", by=willow.checker, at=LATER + HOUR)
    case.refresh_from_db()
    assert case.state == State.RESOLVED
    actions.confirm(case, willow.zhang, Verdict("solved"), by=willow.zhang, at=LATER + 2 * HOUR)
    assert case.state == State.CONFIRMED


def test_a_checker_who_also_works_for_the_property_company_may_not_check_its_work(willow: Willow) -> None:
    case = actions.file(said(willow), by=None, at=MONDAY)
    actions.dispatch(case, willow.property, by=willow.sun, at=MONDAY)
    actions.resolve(case, DONE, by=willow.zhao, at=MONDAY + HOUR)
    organisations.appoint(
        willow.checker,
        willow.property,
        Role.PROPERTY_WORKER,
        willow.estate,
        LONG_AGO,
        by=willow.wang,
        at=MONDAY,
    )
    with pytest.raises(Refused):
        actions.check(Check.objects.get(case=case), True, "", by=willow.checker, at=LATER)


def test_that_one_was_urged_is_kept_confidential(willow: Willow) -> None:
    case = resolved(willow)
    actions.confirm(case, willow.zhang, Verdict("solved", 5, was_urged=True), by=willow.zhang, at=LATER)
    assert case.verdicts.get().was_urged
    everything = str(list(Event.objects.filter(case=case).values())) + str(list(Notice.objects.values()))
    assert "urged" not in everything
    assert "催着" not in everything


def test_the_rated_work_scores_no_person(willow: Willow) -> None:
    """G04, G06: a rating names a case and a body, never a worker; no points, no ranking, no online time."""
    case = resolved(willow)
    actions.confirm(case, willow.zhang, Verdict("solved", 5), by=willow.zhang, at=LATER)
    columns = {field.name for model in (Answer, CallBack, Check) for field in model._meta.get_fields()}
    assert not columns & {"worker", "points", "score", "rank", "online", "check_in", "track"}
    assert filed(willow).supports == 0


def test_the_same_answer_again_adds_what_was_left_out_and_takes_nothing_back(willow: Willow) -> None:
    case = resolved(willow)
    actions.confirm(case, willow.zhang, Verdict("solved"), by=willow.zhang, at=LATER)
    with pytest.raises(Refused, match="自己单位"):
        actions.confirm(case, willow.zhang, Verdict("solved", 5), by=willow.zhao, at=LATER)
    actions.confirm(case, willow.zhang, Verdict("solved", 2), by=willow.zhang, at=LATER + HOUR)
    actions.confirm(case, willow.zhang, Verdict("solved", 5), by=willow.zhang, at=LATER + HOUR)
    actions.confirm(case, willow.zhang, Verdict("solved", was_urged=True), by=willow.zhang, at=LATER + DAY)
    actions.confirm(case, willow.zhang, Verdict("solved"), by=willow.zhang, at=LATER + DAY)
    answer = case.verdicts.get()
    assert (answer.rating, answer.was_urged, answer.answered_at) == (2, True, LATER)
    with pytest.raises(Refused):
        actions.confirm(case, willow.zhang, Verdict("partly", 2), by=willow.zhang, at=LATER + DAY)


def test_who_comes_back_for_a_relative_answers_what_the_relative_was_asked(willow: Willow) -> None:
    people.grant_proxy(willow.chen, willow.daughter, Proxy.Scope.CASES, by=willow.chen, at=MONDAY)
    case = resolved(willow, by=willow.chen)
    run_clocks(case.verdicts.get().answer_by)
    actions.reopen(case, "还是不亮", by=willow.daughter, at=LATER + 8 * DAY)
    answer = case.verdicts.get(round=1)
    assert (answer.outcome, answer.taken_by) == ("not_solved", willow.daughter)
