"""Every way in: pages, family, counter, telephone, chat, patrol; what is refused and what is kept from the public."""

import pytest

from linli.base.errors import Refused
from linli.cases import actions
from linli.cases.actions import Voice
from linli.cases.models import Case, Event
from linli.cases.rules import State, Visibility, chat_voices
from linli.cases.tests.rows import DAY, HOUR, dispatched, filed, lamp_out, resolved, said
from linli.duties.models import Category, Gap, Matter
from linli.notices.models import Notice
from linli.organisations import actions as organisations
from linli.people import actions as people
from linli.people.models import Proxy
from linli.todos.models import Todo
from linli.transparency.models import Entry
from tests.cast import MONDAY, Willow

pytestmark = pytest.mark.django_db


def test_anyone_may_speak_without_being_known_and_read_on_by_the_receipt(willow: Willow) -> None:
    case = actions.file(said(willow), by=None, at=MONDAY)
    assert case.reporter is None
    assert case in Case.objects.asked_by(None, [case.receipt], MONDAY)
    assert case not in Case.objects.asked_by(None, [], MONDAY)
    assert case not in Case.objects.asked_by(willow.zhang, [], MONDAY)


def test_what_is_refused_says_what_to_do(willow: Willow) -> None:
    for text in ("", "  \n", "字" * 10_001):
        with pytest.raises(Refused) as refused:
            actions.file(said(willow, text=text), by=willow.zhang, at=MONDAY)
        assert len(str(refused.value.reason)) > 8
    with pytest.raises(Refused, match="东岸区"):
        actions.file(said(willow, place=willow.district), by=willow.zhang, at=MONDAY)
    assert not Case.objects.exists()


def test_ten_thousand_characters_emoji_and_rare_characters_are_kept(willow: Willow) -> None:
    text = "䶮𬱖👨‍👩‍👧<script>alert(1)</script>" + "字" * 9_900
    case = filed(willow, text=text)
    case.refresh_from_db()
    assert case.text == text


def test_a_photo_may_come_before_its_words(willow: Willow) -> None:
    case = actions.file(said(willow, text="", has_attachment=True), by=willow.zhang, at=MONDAY)
    assert case.title == willow.lamp.name


def test_an_answer_that_stops_the_form_is_heard_unless_one_files_despite_it(willow: Willow) -> None:
    leaf = lamp_out()
    leaf.questions = [
        {"code": "spark", "ask": "有火花吗？", "answers": ["是", "否"], "stops": {"是": "先打 119。"}}
    ]
    leaf.save()
    with pytest.raises(Refused, match="119"):
        filed(willow, category=leaf, answers={"spark": "是"})
    assert filed(willow, category=leaf, answers={"spark": "否"}).pk
    assert filed(willow, category=leaf, answers={"spark": "是", "despite": "1"}).pk


def test_family_speaks_for_an_elder_only_with_a_proxy(willow: Willow) -> None:
    with pytest.raises(Refused, match="授权"):
        actions.file(said(willow), by=willow.daughter, at=MONDAY, reporter=willow.chen)
    people.grant_proxy(willow.chen, willow.daughter, Proxy.Scope.CASES, by=willow.chen, at=MONDAY)
    case = actions.file(said(willow), by=willow.daughter, at=MONDAY + HOUR, reporter=willow.chen)
    assert (case.reporter, case.filed_by) == (willow.chen, willow.daughter)
    assert case in Case.objects.seen_by(willow.daughter, [], MONDAY + HOUR)
    assert case not in Case.objects.seen_by(willow.neighbour, [], MONDAY + HOUR)
    assert Notice.objects.filter(person=willow.chen, key__endswith=":filed").exists()


def test_a_worker_files_for_an_elder_by_telephone_at_their_own_place_only(willow: Willow) -> None:
    spoken = said(willow, channel="telephone")
    case = actions.file_for(spoken, resident=willow.chen, by=willow.li, at=MONDAY)
    assert (case.reporter, case.filed_by, case.channel) == (willow.chen, willow.li, "telephone")
    for person in (willow.stranger, willow.zhao, willow.zhang):
        with pytest.raises(Refused):
            actions.file_for(spoken, resident=willow.chen, by=person, at=MONDAY)


def test_what_was_solved_on_the_spot_has_no_clock_no_rating_and_is_on_nobodys_list(willow: Willow) -> None:
    case = actions.solve_on_the_spot(
        said(willow, channel="visit"),
        resident=willow.chen,
        by=willow.li,
        at=MONDAY,
        words="拧紧了灯泡",
        once="o",
    )
    again = actions.solve_on_the_spot(
        said(willow, channel="visit"),
        resident=willow.chen,
        by=willow.li,
        at=MONDAY,
        words="拧紧了灯泡",
        once="o",
    )
    assert case == again
    assert (case.state, case.due, case.remind_at, case.lead) == (State.ON_SPOT, None, None, willow.desk)
    assert not Todo.objects.filter(subject=case.subject).exists()
    assert not case.verdicts.exists()


def test_a_forwarded_chat_becomes_the_cases_a_worker_chose_and_an_answer_to_paste(willow: Willow) -> None:
    chat = "[2026-03-09 09:03] 张三: 3幢门口的灯又不亮了\n[2026-03-09 09:05] 王五: 地下车库漏水了，淹到车轮"
    voices = chat_voices(chat, MONDAY)
    chosen = [said(willow, text=voice.text, nickname=voice.nickname, category=None) for voice in voices]
    cases = actions.take_chat(chosen, by=willow.sun, at=MONDAY, once="chat-1")
    assert cases == actions.take_chat(chosen, by=willow.sun, at=MONDAY, once="chat-1")
    assert [case.channel for case in cases] == ["chat", "chat"]
    reply = actions.chat_reply(cases)
    assert all(case.number in reply for case in cases)
    assert "张三" not in reply
    with pytest.raises(Refused):
        actions.take_chat([], by=willow.sun, at=MONDAY)


def test_the_public_text_is_masked_before_anyone_sees_it_and_nothing_is_public_unchecked(
    willow: Willow,
) -> None:
    case = filed(willow, text="我是张阿姨，住3幢502室，电话13812345678，门口路灯不亮。")
    assert case.visibility == Visibility.CHECKING
    assert "13812345678" not in case.public_text
    assert "502" not in case.public_text
    assert case not in Case.objects.public()
    actions.moderate(case, by=willow.sun, at=MONDAY)
    assert case in Case.objects.public()


def test_a_call_for_help_and_a_private_wish_are_never_public(willow: Willow) -> None:
    hidden = filed(willow, is_private=True)
    asked = filed(willow, matter=Matter.HELP)
    for case in (hidden, asked):
        assert case.visibility == Visibility.PRIVATE
        with pytest.raises(Refused):
            actions.moderate(case, by=willow.sun, at=MONDAY)
    with pytest.raises(Refused):
        actions.show(asked, by=willow.sun, at=MONDAY, reason="大家都该看看")


def test_moderation_keeps_what_was_there_before_and_who_changed_it(willow: Willow) -> None:
    case = filed(willow)
    before = case.public_text
    with pytest.raises(Refused):
        actions.moderate(case, by=willow.zhao, at=MONDAY, public_text="x")
    actions.moderate(case, by=willow.sun, at=MONDAY, reason="去掉楼号", public_text="小区路灯不亮。")
    row = case.moderations.get(field="public_text")
    assert (row.before, row.after, row.by, row.reason) == (before, "小区路灯不亮。", willow.sun, "去掉楼号")
    actions.hide(case, by=willow.sun, at=MONDAY + HOUR, reason="有争议")
    assert case not in Case.objects.public()
    actions.show(case, by=willow.sun, at=MONDAY + 2 * HOUR, reason="核实过了")
    assert case in Case.objects.public()


def test_the_asker_may_hide_at_any_time_and_the_desk_cannot_undo_that(willow: Willow) -> None:
    case = filed(willow)
    actions.moderate(case, by=willow.sun, at=MONDAY)
    actions.hide(case, by=willow.zhang, at=MONDAY + HOUR, reason="不想让人知道")
    with pytest.raises(Refused):
        actions.show(case, by=willow.sun, at=MONDAY + 2 * HOUR, reason="大家想看")
    with pytest.raises(Refused):
        actions.hide(filed(willow), by=willow.neighbour, at=MONDAY, reason="x")


def test_a_matter_nobody_leads_here_is_owned_by_the_desk_and_the_gap_is_kept(willow: Willow) -> None:
    service = Category.objects.get(code="energy.gas_service")  # no gas company is registered here
    case = filed(willow, category=service)
    assert (case.owner, case.proposed_lead) == (willow.desk, willow.desk)
    assert Gap.objects.get(subject=case.subject).category == service
    assert not Gap.objects.filter(subject=filed(willow).subject).exists()


def test_single_intake_routes_back_office_while_the_resident_sees_one_case(willow: Willow) -> None:
    """S02 前台一口受理、后台分工协同: one voice, one number, several bodies behind it."""
    case, _order = dispatched(willow)
    actions.add_assist(case, willow.urban_management, by=willow.sun, at=MONDAY + HOUR)
    assert Case.objects.of_person(willow.zhang).count() == 1
    assert case.orders.open().count() == 2


def test_an_exact_repeat_by_the_same_person_is_offered_the_old_case(willow: Willow) -> None:
    case = filed(willow)
    assert actions.repeat_of(willow.zhang, case.text + " ", MONDAY + DAY) == case
    assert actions.repeat_of(willow.neighbour, case.text, MONDAY + DAY) is None
    assert actions.repeat_of(willow.zhang, "电梯坏了，按了没反应", MONDAY + DAY) is None


def public_lamp(willow: Willow, **more: object) -> Case:
    case = filed(willow, **more)
    return actions.moderate(case, by=willow.sun, at=MONDAY)


def test_duplicates_are_offered_with_reasons_three_at_most_and_never_block(willow: Willow) -> None:
    for _n in range(5):
        public_lamp(willow)
    mine = filed(willow, by=willow.neighbour, at=MONDAY + DAY)
    found = actions.alike_to(mine, MONDAY + DAY)
    assert len(found) == 3
    assert all("同一个地点" in one.because for one in found)
    assert mine.pk
    assert mine not in [one.case for one in found]


def test_a_stranger_is_not_offered_what_is_not_public_but_the_desk_is(willow: Willow) -> None:
    earlier = filed(willow)
    mine = filed(willow, by=willow.neighbour, at=MONDAY + DAY)
    assert actions.alike_to(mine, MONDAY + DAY) == []
    assert [one.case for one in actions.alike_for_staff(mine, MONDAY + DAY)] == [earlier]


def test_the_middle_of_an_estate_is_no_position_and_a_near_point_is(willow: Willow) -> None:
    middle = (willow.estate.latitude, willow.estate.longitude)
    public_lamp(willow, place=willow.estate, position=middle, text="楼下花坛里有积水")
    beside = (willow.estate.latitude + 0.0001, willow.estate.longitude)
    public_lamp(willow, place=willow.estate, position=beside, text="井盖松了一踩就响")
    voice = Voice(willow.estate, "井盖会动，走上去咣当响", lamp_out(), beside)
    (found,) = actions.possible_duplicates(voice, MONDAY + HOUR)
    assert (found.metres, found.case.text) == (0, "井盖松了一踩就响")
    at_the_middle = Voice(willow.estate, "没有相近的字", lamp_out(), middle)
    assert all(one.metres is None for one in actions.possible_duplicates(at_the_middle, MONDAY + HOUR))


def test_a_case_closed_lately_is_still_offered_and_an_old_one_is_not(willow: Willow) -> None:
    case = resolved(willow)
    actions.moderate(case, by=willow.sun, at=MONDAY)
    actions.confirm(case, willow.zhang, actions.Verdict("solved"), by=willow.zhang, at=MONDAY + DAY)
    voice = Voice(willow.lamp, case.text, case.category)
    assert [one.case for one in actions.possible_duplicates(voice, MONDAY + 10 * DAY)] == [case]
    assert actions.possible_duplicates(voice, MONDAY + 30 * DAY) == []


def test_feedback_about_linli_has_a_desk_and_may_be_answered_in_public(willow: Willow) -> None:
    """G08 应在政务应用程序中提供投诉建议功能."""
    platform = organisations.create("邻里平台运营", "platform", "district", [willow.district], at=MONDAY)
    case = filed(willow, category=None, matter=Matter.FEEDBACK, text="字太小了，看不清")
    assert (case.owner, case.matter, case.visibility) == (platform, Matter.FEEDBACK, Visibility.CHECKING)


def test_the_first_line_of_a_timeline_says_why_and_is_recorded(willow: Willow) -> None:
    case = filed(willow)
    event = Event.objects.get(case=case)
    assert any("权责清单" in reason for reason in event.details["because"])
    assert Entry.objects.get(subject=case.subject).ref == case.number
