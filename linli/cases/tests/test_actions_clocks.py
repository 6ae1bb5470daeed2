"""Nobody acts: warned, pressed, supervised, whistled upward. Parked, extended, recomputed, returned and ruled on."""

from datetime import date, time, timedelta

import pytest

from linli.base.errors import Refused
from linli.base.worktime import Unit
from linli.cases import actions
from linli.cases.actions import Verdict, run_clocks
from linli.cases.models import Asking, Case, CaseSettings, Event
from linli.cases.rules import OrderState, Rung, State, Tier, Verb
from linli.cases.tests.rows import DAY, DONE, HOUR, MINUTE, dispatched, filed, resolved
from linli.duties import actions as duties
from linli.duties.actions import Hours
from linli.duties.models import Category, DutyLine
from linli.notices.models import Notice
from linli.organisations.models import Membership
from linli.todos.models import Todo
from tests.cast import MONDAY, Willow

pytestmark = pytest.mark.django_db


def verbs(case: Case) -> list[str]:
    return list(case.events.order_by("id").values_list("verb", flat=True))


def run_through(start: object, end: object, step: timedelta = timedelta(hours=1)) -> None:
    at = start
    while at <= end:  # type: ignore[operator]
        run_clocks(at)  # type: ignore[arg-type]
        at += step  # type: ignore[operator]


def test_nothing_fires_at_creation_nor_at_dispatch(willow: Willow) -> None:
    """Clock test 8."""
    case, _order = dispatched(willow)
    told = run_clocks(MONDAY + 20 * MINUTE)
    assert not told["reminded"]
    assert not {Verb.WARNED, Verb.PRESSED} & set(verbs(case))


def test_nobody_acts_and_the_case_climbs_the_ladder_to_the_street_and_the_district(willow: Willow) -> None:
    case, order = dispatched(willow)
    due = case.due
    run_through(MONDAY, MONDAY + 60 * DAY, timedelta(hours=3))
    case.refresh_from_db()
    climbed = [
        verb for verb in verbs(case) if verb in (Verb.WARNED, Verb.PRESSED, Verb.SUPERVISED, Verb.WHISTLED)
    ]
    assert climbed[:4] == [Verb.WARNED, Verb.PRESSED, Verb.SUPERVISED, Verb.WHISTLED]
    whistles = list(case.events.filter(verb=Verb.WHISTLED).order_by("id"))
    assert [event.organisation for event in whistles[:2]] == [willow.street_office, willow.district_centre]
    assert whistles[0].details["unit"] == willow.property.name
    assert case.tier == Tier.DISTRICT
    assert case.remind_at is None  # at the top it ends
    assert len(whistles) == 3
    order.refresh_from_db()
    assert (order.part, order.ended_at) == ("assist", None)  # the unit stays bound, the desk above leads
    warned = case.events.get(verb=Verb.WARNED, details__due=due.isoformat())
    assert warned.at < due


def test_every_rung_is_told_in_working_time_and_once(willow: Willow) -> None:
    """Clock test 6."""
    case, _order = dispatched(willow)
    run_through(MONDAY, MONDAY + 25 * DAY, timedelta(hours=1))
    rungs = case.events.filter(verb__in=(Verb.WARNED, Verb.PRESSED, Verb.SUPERVISED, Verb.WHISTLED))
    calendar = duties.calendar_of(case.place)
    for event in rungs:
        local = event.at.astimezone(MONDAY.tzinfo)
        assert calendar.works_on(local.date())
        assert time(9) <= local.time() <= time(18)
    keys = list(Notice.objects.filter(key__contains=":rung:").values_list("person", "key"))
    assert len(keys) == len(set(keys))


def test_running_the_clocks_twice_or_late_tells_nothing_twice(willow: Willow) -> None:
    case, _order = dispatched(willow)
    at = case.due + HOUR
    run_clocks(at)
    first = (verbs(case), Notice.objects.count(), Todo.objects.count())
    for _n in range(3):
        run_clocks(at)
    assert (verbs(case), Notice.objects.count(), Todo.objects.count()) == first


def test_after_a_standstill_the_unit_is_still_supervised_before_the_whistle(willow: Willow) -> None:
    case, _order = dispatched(willow)
    run_clocks(MONDAY + 30 * DAY)
    assert Verb.SUPERVISED in verbs(case)
    assert Verb.WHISTLED not in verbs(case)


def test_a_case_the_desk_leaves_lying_climbs_too(willow: Willow) -> None:
    case = filed(willow)
    run_through(MONDAY, MONDAY + 20 * DAY, timedelta(hours=4))
    case.refresh_from_db()
    assert (case.tier, case.state, case.lead) == (Tier.STREET, State.ASSIGNED, willow.street_office)
    assert case.events.filter(verb=Verb.WHISTLED).first().details["unit"] == willow.desk.name


def test_an_urgent_matter_is_pressed_at_night_and_goes_up_within_hours(willow: Willow) -> None:
    leak = Category.objects.get(code="energy.gas_leak")
    night = MONDAY + 12 * HOUR
    case = filed(willow, category=leak, at=night, answers={"despite": "1"})
    assert case.is_urgent
    assert case.due < night + 2 * DAY
    run_through(night, night + 2 * DAY, timedelta(minutes=30))
    pressed = case.events.get(verb=Verb.PRESSED, organisation=willow.desk)
    assert pressed.at - case.due < HOUR
    case.refresh_from_db()
    assert case.tier != Tier.COMMUNITY


def test_a_first_word_that_is_owed_is_pressed_for_once_in_working_time(willow: Willow) -> None:
    case, _order = dispatched(willow)
    run_through(MONDAY, case.response_due - MINUTE, timedelta(hours=2))
    assert Verb.UPDATE_PRESSED not in verbs(case)
    run_through(case.response_due, case.response_due + DAY, timedelta(hours=2))
    assert verbs(case).count(Verb.UPDATE_PRESSED) == 1
    pressed = case.events.get(verb=Verb.UPDATE_PRESSED)
    assert time(9) <= pressed.at.astimezone(MONDAY.tzinfo).time() <= time(17, 30)
    answered, _order = dispatched(willow)
    actions.reply(answered, "下午三点来修。", by=willow.zhao, at=MONDAY + HOUR)
    run_through(case.response_due, case.response_due + DAY, timedelta(hours=4))
    assert Verb.UPDATE_PRESSED not in verbs(answered)


def test_a_new_list_shows_what_it_changes_for_open_work_and_moves_nothing(willow: Willow) -> None:
    case, _order = dispatched(willow)
    before = (case.due, case.duty_line)
    roles = list(Membership.objects.current(willow.zhao, MONDAY.date()))
    assert actions.changed_duties(roles, MONDAY) == []
    draft = duties.draft(willow.district, by=willow.district_officer, at=MONDAY)
    line = draft.lines.get(category=case.category, place=None, ownership=case.duty_line.ownership)
    DutyLine.objects.filter(pk=line.pk).update(stages=[{"name": "修复", "amount": 1, "unit": "working_day"}])
    duties.publish(draft, by=willow.district_officer, at=MONDAY + HOUR)
    (changed,) = actions.changed_duties(roles, MONDAY + 2 * HOUR)
    assert actions.tell_changed_duties(MONDAY + 2 * HOUR)
    told = Notice.objects.get(person=willow.zhao, key__startswith="cases.changed_duties:")
    assert case.number in told.body
    assert changed.words[0] in told.body
    assert not Notice.objects.filter(person=willow.zhang, key=told.key).exists()
    assert actions.tell_changed_duties(MONDAY + 3 * HOUR) == 0  # once
    assert changed.case == case
    assert changed.words
    case.refresh_from_db()
    assert (case.due, case.duty_line) == before


def test_signing_has_its_own_limit_and_lapses_into_signed(willow: Willow) -> None:
    case, order = dispatched(willow)
    run_clocks(order.sign_due - MINUTE)
    order.refresh_from_db()
    assert order.signed_at is None
    due = case.due
    run_clocks(order.sign_due + HOUR)
    order.refresh_from_db()
    case.refresh_from_db()
    assert (order.is_lapsed, order.signed_at, order.state, case.due) == (
        True,
        order.sign_due,
        OrderState.SIGNED,
        due,
    )
    assert Todo.objects.filter(key=f"{order.key}:work").open().exists()


def test_the_clock_stands_still_while_parked_and_goes_on_with_the_rest(willow: Willow) -> None:
    """Clock test 13: pause and resume; all public, with reason and review date."""
    case, order = dispatched(willow)
    due = case.due
    with pytest.raises(Refused):
        actions.pause(case, "", date(2026, 3, 20), by=willow.zhao, at=MONDAY + HOUR)
    for day in (date(2026, 3, 9), date(2026, 7, 1)):
        with pytest.raises(Refused, match="复查日期"):
            actions.pause(case, "等厂家发货", day, by=willow.zhao, at=MONDAY + HOUR)
    with pytest.raises(Refused):
        actions.pause(case, "等厂家发货", date(2026, 3, 20), by=willow.zhang, at=MONDAY + HOUR)
    actions.pause(case, "等厂家发货", date(2026, 3, 20), by=willow.zhao, at=MONDAY + HOUR)
    assert (case.state, case.remind_at) == (State.PAUSED, None)
    assert case not in Case.objects.overdue(due + DAY)
    run_through(MONDAY + HOUR, MONDAY + 7 * DAY, timedelta(hours=6))
    assert Verb.PRESSED not in verbs(case)
    actions.resume(case, by=willow.zhao, at=MONDAY + 7 * DAY + HOUR)
    assert case.due - due == timedelta(days=7)  # five working days and a weekend
    assert case.paused_minutes == 7 * 24 * 60
    order.refresh_from_db()
    assert order.due > due
    event = case.events.get(verb=Verb.PAUSED)
    assert (event.is_public, event.public_words) == (True, "等厂家发货")


def test_on_the_day_after_its_review_a_parked_case_runs_on_by_itself(willow: Willow) -> None:
    case, _order = dispatched(willow)
    actions.pause(case, "等厂家发货", date(2026, 3, 11), by=willow.zhao, at=MONDAY + HOUR)
    run_clocks(MONDAY + 2 * DAY + 8 * HOUR)
    case.refresh_from_db()
    assert case.state == State.PAUSED
    run_clocks(MONDAY + 3 * DAY)
    case.refresh_from_db()
    assert case.state == State.UNDER_WAY


def test_an_extension_is_asked_before_expiry_and_decided_by_another_body(willow: Willow) -> None:
    """Clock test 13: an extension adds to the unexpired limit."""
    case, order = dispatched(willow)
    due = case.due
    with pytest.raises(Refused, match="到期前"):
        actions.ask_extension(order, 2, Unit.WORKING_DAY, "缺配件", by=willow.zhao, at=due + MINUTE)
    with pytest.raises(Refused):
        actions.ask_extension(order, 0, Unit.WORKING_DAY, "缺配件", by=willow.zhao, at=MONDAY + HOUR)
    asking = actions.ask_extension(order, 2, Unit.WORKING_DAY, "缺配件", by=willow.zhao, at=MONDAY + HOUR)
    assert asking == actions.ask_extension(
        order, 2, Unit.WORKING_DAY, "缺配件", by=willow.zhao, at=MONDAY + HOUR
    )
    assert asking.arbiter == willow.street_office
    for person in (willow.zhao, willow.zhang, willow.stranger):
        with pytest.raises(Refused):
            actions.rule_on(asking, True, "", by=person, at=MONDAY + 2 * HOUR)
    actions.rule_on(asking, True, "同意", by=willow.qian, at=MONDAY + 2 * HOUR)
    case.refresh_from_db()
    order.refresh_from_db()
    assert case.due - due == timedelta(days=4)  # Thursday and Friday wait over the weekend: two working days
    assert case.events.filter(verb=Verb.EXTENDED, is_public=True).exists()


def test_a_refused_extension_changes_no_limit(willow: Willow) -> None:
    case, order = dispatched(willow)
    due = case.due
    asking = actions.ask_extension(order, 2, Unit.WORKING_DAY, "忙不过来", by=willow.zhao, at=MONDAY + HOUR)
    with pytest.raises(Refused):
        actions.rule_on(asking, False, "", by=willow.qian, at=MONDAY + 2 * HOUR)
    actions.rule_on(asking, False, "请先办这件", by=willow.qian, at=MONDAY + 2 * HOUR)
    with pytest.raises(Refused, match="裁定过"):
        actions.rule_on(asking, True, "", by=willow.qian, at=MONDAY + 2 * HOUR)
    case.refresh_from_db()
    assert case.due == due


def test_an_order_is_returned_only_with_a_listed_reason_and_by_an_arbiter(willow: Willow) -> None:
    case, order = dispatched(willow)
    with pytest.raises(Refused, match="清单"):
        actions.ask_return(order, "太忙", "不想办", by=willow.zhao, at=MONDAY + HOUR)
    asking = actions.ask_return(order, "not_our_duty", "灯杆产权是城管的", by=willow.zhao, at=MONDAY + HOUR)
    order.refresh_from_db()
    assert order.state == OrderState.RETURN_ASKED
    actions.rule_on(asking, True, "产权证上是城管", by=willow.qian, at=MONDAY + 2 * HOUR)
    case.refresh_from_db()
    order.refresh_from_db()
    assert (order.state, case.state, case.lead) == (OrderState.RETURNED, State.ACCEPTED, None)
    assert (
        Todo.objects.filter(organisation=willow.desk, key__startswith=f"{case.subject}:intake")
        .open()
        .exists()
    )


def test_a_refused_return_must_be_worked_on_and_returns_are_limited(willow: Willow) -> None:
    case, order = dispatched(willow)
    for n in range(2):
        at = MONDAY + (n + 1) * HOUR
        asking = actions.ask_return(order, "unclear_duty", "说不清归谁", by=willow.zhao, at=at)
        actions.rule_on(asking, False, "按清单归物业", by=willow.qian, at=at + MINUTE)
    order.refresh_from_db()
    assert order.ended_at is None
    with pytest.raises(Refused, match="2 次"):
        actions.ask_return(order, "unclear_duty", "还是说不清", by=willow.zhao, at=MONDAY + 4 * HOUR)
    actions.resolve(case, DONE, by=willow.zhao, at=MONDAY + 5 * HOUR)


def test_a_ruling_dispatches_anew_and_may_become_a_line_of_the_duty_list(willow: Willow) -> None:
    case, order = dispatched(willow)
    asking = actions.ask_return(order, "not_our_duty", "灯杆产权是城管的", by=willow.zhao, at=MONDAY + HOUR)
    actions.rule_on(
        asking,
        True,
        "产权证上是城管",
        by=willow.qian,
        at=MONDAY + 2 * HOUR,
        lead=willow.urban_management,
        as_precedent=True,
    )
    case.refresh_from_db()
    assert (case.state, case.lead) == (State.ASSIGNED, willow.urban_management)
    line = DutyLine.objects.get(source__contains=case.number)
    assert (line.lead, line.place) == ("street_urban_management", willow.estate)


def test_help_is_asked_of_the_next_tier_and_counted_against_nobody(willow: Willow) -> None:
    case, order = dispatched(willow)
    due = case.due
    asking = actions.ask_help(order, "要断路施工，需要协调交警", by=willow.zhao, at=MONDAY + HOUR)
    assert asking.sort == Asking.Sort.HELP
    actions.rule_on(asking, True, "街道来协调", by=willow.qian, at=MONDAY + 2 * HOUR)
    case.refresh_from_db()
    helper = case.orders.open().get(organisation=willow.street_office)
    assert (helper.part, case.lead, case.due, case.tier) == ("assist", willow.property, due, Tier.COMMUNITY)


def test_the_whistle_names_the_obstacle_that_the_unit_named(willow: Willow) -> None:
    case, order = dispatched(willow)
    actions.ask_help(order, "缺登高车", by=willow.zhao, at=MONDAY + HOUR)
    run_through(MONDAY + HOUR, MONDAY + 20 * DAY, timedelta(hours=4))
    whistle = case.events.filter(verb=Verb.WHISTLED).first()
    assert "缺登高车" in whistle.words
    names = [person.name for person in willow.everyone().values()]
    assert not [name for name in names if name in whistle.words + str(whistle.details)]


def test_the_street_hands_what_came_up_to_the_unit_that_can(willow: Willow) -> None:
    case, _order = dispatched(willow)
    run_through(MONDAY, MONDAY + 20 * DAY, timedelta(hours=4))
    case.refresh_from_db()
    assert case.tier == Tier.STREET
    at = MONDAY + 20 * DAY
    up = case.orders.open().get(part="lead")
    if up.signed_at is None:
        actions.sign(up, by=willow.qian, at=at)
    actions.transfer(case, willow.urban_management, by=willow.qian, at=at, reason="城管有登高车")
    actions.resolve(case, DONE, by=willow.urban, at=at + HOUR, missing="物业已到场配合")
    actions.confirm(case, willow.zhang, Verdict("solved", 4), by=willow.zhang, at=at + DAY)
    assert case.state == State.CONFIRMED


def test_a_changed_calendar_recounts_open_cases_with_an_event_and_leaves_closed_ones(willow: Willow) -> None:
    """Clock test 2."""
    closed = resolved(willow)
    actions.confirm(closed, willow.zhang, Verdict("solved"), by=willow.zhang, at=MONDAY + DAY)
    case, order = dispatched(willow, at=MONDAY + DAY)
    before, kept = case.due, closed.due
    run_clocks(MONDAY + DAY + HOUR)
    hours = Hours(opens=time(9), closes=time(17, 30), weekdays=frozenset({1, 5}))
    duties.set_hours(willow.community, hours, by=willow.district_officer, at=MONDAY + DAY + HOUR)
    assert run_clocks(MONDAY + DAY + 2 * HOUR)["recomputed"] == 1
    case.refresh_from_db()
    closed.refresh_from_db()
    order.refresh_from_db()
    assert case.due > before
    assert order.due > before
    assert closed.due == kept
    event = case.events.get(verb=Verb.RECOMPUTED)
    assert event.is_public
    assert not run_clocks(MONDAY + DAY + 3 * HOUR)["recomputed"]


def test_a_community_may_tune_its_numbers_and_strangers_may_not(willow: Willow) -> None:
    with pytest.raises(Refused):
        actions.tune(willow.community, {"confirm_days": 3}, by=willow.sun, at=MONDAY)
    with pytest.raises(Refused):
        actions.tune(willow.community, {"points": 3}, by=willow.district_officer, at=MONDAY)
    actions.tune(willow.community, {"confirm_days": 1}, by=willow.district_officer, at=MONDAY)
    assert CaseSettings.objects.get().limits.confirm_days == 1
    case = resolved(willow)
    assert case.verdicts.get().answer_by < MONDAY + 2 * DAY


def test_no_staff_notice_asks_for_a_reply_within_minutes(willow: Willow) -> None:
    """G11 严禁即时响应: workers see a limit of the case, never "reply within n minutes"."""
    case, _order = dispatched(willow)
    run_through(MONDAY, MONDAY + 10 * DAY, timedelta(hours=6))
    staff = Membership.objects.values("person")
    for notice in Notice.objects.filter(person__in=staff):
        assert "分钟" not in notice.title + notice.body
    assert case.reminder in Rung.values


def test_photos_and_positions_are_never_required_of_those_who_work(willow: Willow) -> None:
    """G06 非必要不得强制要求上传工作照片、视频和轨迹; G03: nothing is asked that the case holds already."""
    case, order = dispatched(willow)
    actions.sign(order, by=willow.zhao, at=MONDAY + HOUR)
    actions.resolve(case, DONE, by=willow.zhao, at=MONDAY + 2 * HOUR)
    assert case.state == State.RESOLVED
    columns = {field.name for field in type(order)._meta.get_fields()} | {
        field.name for field in Event._meta.get_fields()
    }
    assert not columns & {"latitude", "longitude", "track", "online_seconds", "check_in"}
