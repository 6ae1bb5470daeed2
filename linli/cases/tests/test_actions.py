"""The main path, and who may take each step of it: the yes and the no."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from linli.base.errors import Refused
from linli.cases import actions
from linli.cases.actions import Verdict
from linli.cases.models import Case, DayCount, Event, Order
from linli.cases.record import differing, facts_of
from linli.cases.rules import OrderState, State, Verb
from linli.cases.tests.rows import DAY, DONE, HOUR, MINUTE, dispatched, filed, lamp_out, resolved, said
from linli.duties.models import Category
from linli.notices.models import Notice
from linli.organisations import actions as organisations
from linli.organisations.models import Membership, Organisation
from linli.todos.models import Todo
from linli.transparency.models import Entry
from tests.cast import MONDAY, Willow

pytestmark = pytest.mark.django_db


def open_todos(case: Case) -> set[str]:
    return set(Todo.objects.filter(subject=case.subject).open().values_list("key", flat=True))


def test_a_lamp_goes_from_said_to_confirmed_by_the_one_who_asked(willow: Willow) -> None:
    case = filed(willow)
    assert (case.state, case.owner, case.proposed_lead, case.lead) == (
        State.FILED,
        willow.desk,
        willow.property,
        None,
    )
    assert case.because
    assert case.due > MONDAY
    order = actions.dispatch(case, willow.property, by=willow.sun, at=MONDAY + 20 * MINUTE)
    assert (case.state, case.lead, order.state) == (State.ASSIGNED, willow.property, OrderState.DISPATCHED)
    actions.sign(order, by=willow.zhao, at=MONDAY + 30 * MINUTE)
    actions.start(order, by=willow.zhao, at=MONDAY + HOUR, words="我是物业维修，明天上午来换灯。")
    case.refresh_from_db()
    assert (case.state, case.responded_at) == (State.UNDER_WAY, MONDAY + HOUR)
    actions.resolve(case, DONE, by=willow.zhao, at=MONDAY + 5 * HOUR)
    assert (case.state, case.closed_at) == (State.RESOLVED, None)
    order.refresh_from_db()
    assert (order.state, order.ended_at) == (OrderState.ANSWERED, MONDAY + 5 * HOUR)
    actions.confirm(case, willow.zhang, Verdict("solved", 5), by=willow.zhang, at=MONDAY + DAY)
    assert (case.state, case.closed_at) == (State.CONFIRMED, MONDAY + DAY)
    assert open_todos(case) <= {f"{case.subject}:moderate"}


def test_what_waits_for_whom_moves_with_the_case(willow: Willow) -> None:
    case = filed(willow)
    assert f"{case.subject}:intake:0" in open_todos(case)
    order = actions.dispatch(case, willow.property, by=willow.sun, at=MONDAY + MINUTE)
    assert f"{order.key}:sign" in open_todos(case)
    assert f"{case.subject}:intake:0" not in open_todos(case)
    actions.sign(order, by=willow.zhao, at=MONDAY + HOUR)
    assert f"{order.key}:work" in open_todos(case)
    actions.resolve(case, DONE, by=willow.zhao, at=MONDAY + 5 * HOUR)
    answer = case.verdicts.get()
    confirm = Todo.objects.get(key=f"{answer.key}:confirm")
    assert confirm.person == willow.zhang
    assert [act["fields"]["outcome"] for act in confirm.acts] == ["solved", "partly", "not_solved"]
    assert f"{order.key}:work" not in open_todos(case)


def test_the_form_posted_twice_files_once(willow: Willow) -> None:
    first = actions.file(said(willow), by=willow.zhang, at=MONDAY, once="form-1")
    again = actions.file(said(willow), by=willow.zhang, at=MONDAY + MINUTE, once="form-1")
    other = actions.file(said(willow), by=willow.zhang, at=MONDAY + MINUTE, once="form-2")
    assert first == again
    assert other != first
    assert Event.objects.filter(case=first).count() == 1


def test_numbers_are_counted_per_day_and_do_not_break_after_ten_thousand(willow: Willow) -> None:
    first = filed(willow)
    assert first.number == "20260309-000001"
    DayCount.objects.update(last=9_999)
    assert [filed(willow).number for _n in range(2)] == ["20260309-010000", "20260309-010001"]
    DayCount.objects.update(last=999_999)
    assert filed(willow).number == "20260309-1000000"
    assert filed(willow).number == "20260309-1000001"
    assert filed(willow, at=MONDAY + DAY).number == "20260310-000001"


def test_only_the_desk_that_owns_a_case_dispatches_it(willow: Willow) -> None:
    case = filed(willow)
    for person in (willow.zhang, willow.zhao, willow.li, willow.stranger, willow.auditor, willow.checker):
        with pytest.raises(Refused):
            actions.dispatch(case, willow.property, by=person, at=MONDAY)
    assert actions.dispatch(case, willow.property, by=willow.wang, at=MONDAY).organisation == willow.property


def test_a_second_dispatch_to_the_same_body_gives_the_order_that_is_there(willow: Willow) -> None:
    case, order = dispatched(willow)
    assert actions.dispatch(case, willow.property, by=willow.wang, at=MONDAY + HOUR) == order
    with pytest.raises(Refused, match="转办"):
        actions.dispatch(case, willow.urban_management, by=willow.sun, at=MONDAY + HOUR)
    assert Order.objects.filter(case=case).count() == 1


def test_a_body_that_takes_no_orders_is_neither_proposed_nor_given_any(willow: Willow) -> None:
    case, today = filed(willow), MONDAY.date()
    proposed = [each.choice for each in actions.proposed_units(case, today)]
    assert willow.property in proposed
    organisations.let_take_orders(willow.property, today - timedelta(days=1), MONDAY)
    case = Case.objects.get(pk=case.pk)
    assert willow.property not in [each.choice for each in actions.proposed_units(case, today)]
    body = Organisation.objects.get(pk=willow.property.pk)
    with pytest.raises(Refused, match="安居物业”现在不接新单"):
        actions.dispatch(case, body, by=willow.wang, at=MONDAY)
    order = actions.dispatch(case, willow.urban_management, by=willow.wang, at=MONDAY)
    with pytest.raises(Refused, match="不接新单"):
        actions.add_assist(case, body, by=willow.wang, at=MONDAY)
    assert order.case.state == State.ASSIGNED


def test_only_the_bound_body_signs_works_and_resolves(willow: Willow) -> None:
    case, order = dispatched(willow)
    for person in (willow.sun, willow.zhang, willow.urban, willow.stranger):
        with pytest.raises(Refused):
            actions.sign(order, by=person, at=MONDAY + HOUR)
        with pytest.raises(Refused):
            actions.resolve(case, DONE, by=person, at=MONDAY + HOUR)
    actions.resolve(case, DONE, by=willow.zhao, at=MONDAY + HOUR)
    assert case.state == State.RESOLVED


def test_a_worker_who_left_may_no_longer_act(willow: Willow) -> None:
    _case, order = dispatched(willow)
    role = Membership.objects.get(person=willow.zhao)
    organisations.dismiss(role, MONDAY.date(), by=willow.wang, at=MONDAY)
    with pytest.raises(Refused):
        actions.sign(order, by=willow.zhao, at=MONDAY + DAY)


def test_a_wrong_category_is_one_tap_and_the_clock_keeps_running_from_filing(willow: Willow) -> None:
    case = filed(willow, category=None)
    assert (case.category, case.duty_line) == (None, None)
    actions.categorise(case, lamp_out(), by=willow.sun, at=MONDAY + DAY)
    straight = filed(willow)
    assert case.due == straight.due
    assert (case.proposed_lead, case.duty_line) == (straight.proposed_lead, straight.duty_line)
    assert case.text == straight.text
    with pytest.raises(Refused):
        actions.categorise(case, Category.objects.leaves().last(), by=willow.zhao, at=MONDAY + DAY)


def test_transfer_gives_the_lead_away_with_a_reason_and_the_residents_clock_runs_on(willow: Willow) -> None:
    case, order = dispatched(willow)
    due = case.due
    with pytest.raises(Refused, match="原因"):
        actions.transfer(case, willow.urban_management, by=willow.sun, at=MONDAY + HOUR, reason=" ")
    to = actions.transfer(case, willow.urban_management, by=willow.sun, at=MONDAY + HOUR, reason="灯杆归城管")
    order.refresh_from_db()
    assert (order.state, to.part, case.lead, case.due) == (
        OrderState.RECALLED,
        "lead",
        willow.urban_management,
        due,
    )


def test_each_co_unit_answers_for_itself_before_the_lead_can_end_the_case(willow: Willow) -> None:
    case, lead = dispatched(willow)
    helper = actions.add_assist(case, willow.urban_management, by=willow.sun, at=MONDAY + HOUR)
    again = actions.add_assist(case, willow.urban_management, by=willow.sun, at=MONDAY + HOUR)
    assert helper == again
    with pytest.raises(Refused, match=willow.urban_management.name):
        actions.resolve(case, DONE, by=willow.zhao, at=MONDAY + 2 * HOUR)
    with pytest.raises(Refused):
        actions.answer_order(helper, "挖沟的已经回填好。", by=willow.zhao, at=MONDAY + 2 * HOUR)
    actions.answer_order(helper, "挖沟的已经回填好。", by=willow.urban, at=MONDAY + 2 * HOUR)
    actions.resolve(case, DONE, by=willow.zhao, at=MONDAY + 3 * HOUR)
    helper.refresh_from_db()
    assert (helper.state, helper.answer, case.state) == (
        OrderState.ANSWERED,
        "挖沟的已经回填好。",
        State.RESOLVED,
    )
    lead.refresh_from_db()
    assert lead.answer == DONE


def test_the_lead_may_end_it_without_a_co_unit_if_it_is_noted_why(willow: Willow) -> None:
    case, _lead = dispatched(willow)
    helper = actions.add_assist(case, willow.urban_management, by=willow.sun, at=MONDAY + HOUR)
    actions.resolve(case, DONE, by=willow.zhao, at=MONDAY + 2 * HOUR, missing="现场看过，不用城管来")
    helper.refresh_from_db()
    assert helper.state == OrderState.RECALLED


@pytest.mark.parametrize("words", ["已收悉", "收到，谢谢", "", "   "])
def test_a_reply_that_only_acknowledges_neither_resolves_nor_counts_as_a_response(
    willow: Willow, words: str
) -> None:
    case, _order = dispatched(willow)
    with pytest.raises(Refused):
        actions.resolve(case, words, by=willow.zhao, at=MONDAY + HOUR)
    with pytest.raises(Refused):
        actions.reply(case, words, by=willow.zhao, at=MONDAY + HOUR)
    case.refresh_from_db()
    assert (case.responded_at, case.state) == (None, State.ASSIGNED)


def test_signing_and_bare_acceptance_are_no_response(willow: Willow) -> None:
    case = filed(willow)
    actions.accept(case, by=willow.sun, at=MONDAY)
    order = actions.dispatch(case, willow.property, by=willow.sun, at=MONDAY)
    actions.start(order, by=willow.zhao, at=MONDAY)
    case.refresh_from_db()
    assert case.responded_at is None
    actions.reply(case, "今天下午三点师傅到现场。", by=willow.zhao, at=MONDAY + HOUR)
    assert case.responded_at == MONDAY + HOUR


def test_a_desk_declines_only_with_reason_and_the_proper_channel(willow: Willow) -> None:
    case = filed(willow)
    with pytest.raises(Refused):
        actions.decline(case, by=willow.sun, at=MONDAY, reason="不归我们", channel="")
    with pytest.raises(Refused):
        actions.decline(case, by=willow.zhao, at=MONDAY, reason="不归我们", channel="电话 12345")
    actions.decline(case, by=willow.sun, at=MONDAY + HOUR, reason="这是供电公司的杆", channel="电话 95598")
    assert (case.state, case.closed_at, case.responded_at) == (State.DECLINED, MONDAY + HOUR, MONDAY + HOUR)
    told = Notice.objects.get(person=willow.zhang, key__contains="declined")
    assert "95598" in told.body


def test_a_declined_case_may_come_back_within_the_window_only(willow: Willow) -> None:
    case = filed(willow)
    actions.decline(case, by=willow.sun, at=MONDAY, reason="不归我们", channel="电话 95598")
    with pytest.raises(Refused):
        actions.reopen(case, "供电公司说归物业", by=willow.neighbour, at=MONDAY + DAY)
    with pytest.raises(Refused, match="重新办理的时间"):
        actions.reopen(case, "供电公司说归物业", by=willow.zhang, at=MONDAY + 16 * DAY)
    actions.reopen(case, "供电公司说归物业", by=willow.zhang, at=MONDAY + 14 * DAY)
    assert (case.state, case.closed_at, case.round) == (State.ACCEPTED, None, 2)
    assert case.due > MONDAY + 14 * DAY


def test_a_reporter_withdraws_before_it_is_resolved_and_nobody_else_does(willow: Willow) -> None:
    case, order = dispatched(willow)
    for person in (willow.neighbour, willow.sun, willow.zhao):
        with pytest.raises(Refused):
            actions.withdraw(case, by=person, at=MONDAY + HOUR)
    actions.withdraw(case, by=willow.zhang, at=MONDAY + HOUR)
    order.refresh_from_db()
    assert (case.state, order.state) == (State.WITHDRAWN, OrderState.RECALLED)
    assert not open_todos(case)
    with pytest.raises(Refused):
        actions.withdraw(resolved(willow), by=willow.zhang, at=MONDAY + DAY)


def test_asking_for_more_and_telling_more(willow: Willow) -> None:
    case, _order = dispatched(willow)
    actions.ask_more(case, "是哪一盏？灯杆上有编号吗？", by=willow.zhao, at=MONDAY + HOUR)
    assert (case.asked_more_at, case.responded_at) == (MONDAY + HOUR, MONDAY + HOUR)
    assert Todo.objects.filter(person=willow.zhang, key__contains=":more:").open().exists()
    with pytest.raises(Refused):
        actions.tell_more(case, "我看看", by=willow.neighbour, at=MONDAY + 2 * HOUR)
    actions.tell_more(case, "东边第二盏，没有编号。", by=willow.zhang, at=MONDAY + 2 * HOUR)
    assert case.asked_more_at is None
    assert not Todo.objects.filter(person=willow.zhang, key__contains=":more:").open().exists()


def test_the_update_clock_runs_only_while_the_resident_waits_for_us(willow: Willow) -> None:
    """Clock tests 4 and 5: not after we answered, and never instead of the first response."""
    case, _order = dispatched(willow)
    actions.tell_more(case, "今天又摔了一个人。", by=willow.zhang, at=MONDAY + HOUR)
    assert case.update_due is None  # the first response is still owed
    actions.reply(case, "下午三点来修。", by=willow.zhao, at=MONDAY + 2 * HOUR)
    assert case.update_due is None
    actions.tell_more(case, "三点没人来。", by=willow.zhang, at=MONDAY + 7 * HOUR)
    owed = case.update_due
    assert owed is not None
    actions.tell_more(case, "现在也没人来。", by=willow.zhang, at=MONDAY + DAY)
    assert case.update_due == owed  # writing again does not put it off
    actions.reply(case, "配件今天到，晚上修。", by=willow.zhao, at=MONDAY + DAY + HOUR)
    assert case.update_due is None


def test_every_public_act_is_recorded_and_an_altered_field_is_named(willow: Willow) -> None:
    case = resolved(willow)
    actions.confirm(case, willow.zhang, Verdict("solved", 4), by=willow.zhang, at=MONDAY + DAY)
    entries = list(Entry.objects.filter(subject=case.subject).order_by("id"))
    assert [entry.type for entry in entries][:2] == ["case.filed", "case.dispatched"]
    assert {entry.log for entry in entries} == {willow.community.code}
    newest = entries[-1].payload
    case.refresh_from_db()
    assert differing(newest, case) == []
    Case.objects.filter(pk=case.pk).update(resolved_at=MONDAY, state=State.PARTLY)
    case.refresh_from_db()
    assert differing(newest, case) == ["state", "resolved_at"]


def test_the_record_holds_no_personal_data(willow: Willow) -> None:
    case = resolved(willow, text="我是张秀英，住502室，电话13800000001，路灯不亮。")
    names = [person.name for person in willow.everyone().values()]
    for entry in Entry.objects.filter(subject=case.subject):
        text = str(entry.payload)
        assert not [name for name in names if name in text]
        assert "13800000001" not in text
    assert facts_of(case)["lead"] == willow.property.token
    Organisation.objects.filter(pk=willow.property.pk).update(name="柳河物业服务有限公司")
    newest = Entry.objects.filter(subject=case.subject).order_by("-id")[0].payload
    assert differing(newest, Case.objects.get(pk=case.pk)) == []  # a new name is no alteration


def test_each_act_moves_the_version_by_which_pages_are_cached(willow: Willow) -> None:
    case = filed(willow)
    seen = [case.version]
    order = actions.dispatch(case, willow.property, by=willow.sun, at=MONDAY)
    seen.append(case.version)
    actions.start(order, by=willow.zhao, at=MONDAY + HOUR, words="下午来修。")
    case.refresh_from_db()
    seen.append(case.version)
    actions.resolve(case, DONE, by=willow.zhao, at=MONDAY + timedelta(hours=2))
    seen.append(case.version)
    assert seen == sorted(set(seen))


def test_a_note_is_read_by_handlers_alone(willow: Willow) -> None:
    case, _order = dispatched(willow)
    with pytest.raises(Refused):
        actions.note(case, "自言自语", by=willow.zhang, at=MONDAY)
    event = actions.note(case, "钥匙在门卫", by=willow.zhao, at=MONDAY)
    assert (event.verb, event.is_public, event.public_words) == (Verb.NOTED, False, "")
    assert event not in Event.objects.public()


def test_a_worker_who_reads_english_tells_the_neighbours_in_chinese(willow: Willow) -> None:
    with override("en"):
        case, order = dispatched(willow)
        actions.start(order, by=willow.zhao, at=MONDAY + HOUR)
    told = [
        *Notice.objects.values_list("title", "because"),
        *Todo.objects.values_list("title", "place_words"),
    ]
    assert (f"{case.number} 已请安居物业办理", "这件事是您提出的。") in told
    latin = [words for words in sum(told, ()) if any("a" <= sign <= "z" for sign in words)]
    assert latin == []


def test_a_notice_says_which_matter_it_is_and_to_another_asker_its_public_words_alone(willow: Willow) -> None:
    case = filed(willow, text="3幢门前路灯不亮三天了，老人出门怕摔。")
    actions.accept(case, by=willow.sun, at=MONDAY + MINUTE, words="记下了，马上派人。")
    notice = Notice.objects.filter(person=willow.zhang, title__startswith=case.number).latest("id")
    assert notice.body.startswith(case.title)
    assert case.title not in notice.title  # which may leave the house
    other = filed(willow, by=willow.chen, at=MONDAY + HOUR)
    actions.merge(other, into=case, by=willow.sun, at=MONDAY + 2 * HOUR)
    Case.objects.filter(pk=case.pk).update(public_title="路灯不亮")
    case.refresh_from_db()
    actions.dispatch(case, willow.property, by=willow.sun, at=MONDAY + 3 * HOUR)
    told = Notice.objects.filter(key__startswith=f"{case.subject}:", title__contains="已请")
    assert {row.person_id: row.body.partition("\n")[0] for row in told} == dict.fromkeys(
        [willow.zhang.pk, willow.chen.pk], "路灯不亮"
    )
