"""Consents, assessments, break-glass, rights, purges, incidents and findings: the yes and the no in one test.

Policy rules: G08 (personal data), G03 (asked once).
"""

import json
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django_q.models import Failure, Success

from linli.base.errors import Refused
from linli.organisations.models import Membership
from linli.people import actions as people
from linli.people.models import Account, Person, Residency
from linli.privacy import actions
from linli.privacy.models import (
    BreakGlass,
    Consent,
    ConsentNotice,
    Finding,
    Incident,
    Purge,
    RightsRequest,
    has_consented,
)
from linli.privacy.rules import Outcome, Right
from linli.privacy.tests.conftest import Office
from linli.trail.models import Look, Seen
from linli.transparency.models import Entry
from tests.cast import MONDAY, Willow

# Neighbours and higher floors, whom a lower one names by words alone.
Notice: Any = apps.get_model("notices.Notice")
Todo: Any = apps.get_model("todos.Todo")
Case: Any = apps.get_model("cases.Case")
cases: Any = import_module("linli.cases.actions")
HOUR = timedelta(hours=1)
REASON = "楼上漏水淹了电箱，联系不上住户"
PARTS = {
    "purpose": "导入居委会的居民台账，建立登记",
    "necessity": "逐户手工录入做不完，而且容易出错",
    "risks": "台账里的身份证号可能泄露，或被张冠李戴",
    "measures": "加密存放，导入前预演，逐条核对，用后清除",
}


def assessed(office: Office, feature: str = "register.import") -> Any:
    made = actions.assess(feature, PARTS, date(2027, 3, 1), by=office.officer, at=MONDAY)
    return actions.approve(made, by=office.second, at=MONDAY)


def test_a_feature_stays_shut_until_somebody_else_approved_its_assessment(
    willow: Willow, office: Office
) -> None:
    with pytest.raises(Refused, match=r"导入居民台账.*影响评估"):
        actions.require_assessed("register.import", MONDAY)
    made = actions.assess("register.import", PARTS, date(2027, 3, 1), by=office.officer, at=MONDAY)
    with pytest.raises(Refused, match="自己写的"):
        actions.approve(made, by=office.officer, at=MONDAY)
    with pytest.raises(Refused, match="数据官或审计员"):
        actions.approve(made, by=willow.li, at=MONDAY)
    with pytest.raises(Refused):
        actions.require_assessed("register.import", MONDAY)
    actions.approve(made, by=willow.auditor, at=MONDAY)
    actions.require_assessed("register.import", MONDAY)
    with pytest.raises(Refused):
        actions.require_assessed("register.import", MONDAY + timedelta(days=400))
    actions.end_assessment(made, "换了做法", by=office.officer, at=MONDAY + HOUR)
    with pytest.raises(Refused):
        actions.require_assessed("register.import", MONDAY + HOUR)


def test_an_assessment_says_all_four_things_and_when_it_is_looked_at_again(
    willow: Willow, office: Office
) -> None:
    with pytest.raises(Refused, match="十个字"):
        actions.assess(
            "register.import", PARTS | {"risks": "没有"}, date(2027, 3, 1), by=office.officer, at=MONDAY
        )
    with pytest.raises(Refused, match="一年以内"):
        actions.assess("register.import", PARTS, date(2029, 3, 1), by=office.officer, at=MONDAY)
    with pytest.raises(Refused, match="清单"):
        actions.assess("moon.shot", PARTS, date(2027, 3, 1), by=office.officer, at=MONDAY)


def text(office: Office, words: str = "我们想请志愿者上门时知道您的听力情况。") -> ConsentNotice:
    return actions.publish_notice(
        "hearing", "上门关怀", words, "照样上门，只是不提前知道", by=office.officer, at=MONDAY
    )


def test_a_consent_holds_for_its_words_and_is_taken_back_with_one_tap(willow: Willow, office: Office) -> None:
    first = text(office)
    assert text(office) == first
    entry = Entry.objects.get(type="privacy.notice")
    assert entry.payload is not None
    assert entry.payload["sha256"] == first.digest
    given = actions.consent(willow.zhang, first, by=willow.zhang, at=MONDAY)
    assert actions.consent(willow.zhang, first, by=willow.zhang, at=MONDAY + HOUR) == given
    assert has_consented(willow.zhang, "hearing")
    assert willow.zhang.pending_notices.filter(body__contains=given.token).exists()
    with pytest.raises(Refused, match="本人"):
        actions.consent(willow.chen, first, by=willow.zhang, at=MONDAY)
    second = text(office, "我们想请志愿者上门时知道您的听力和视力情况。")
    assert second.version == 2
    assert not has_consented(willow.zhang, "hearing")
    with pytest.raises(Refused, match="新版本"):
        actions.consent(willow.chen, first, by=willow.chen, at=MONDAY)
    with pytest.raises(Refused):
        actions.withdraw(given, by=willow.chen, at=MONDAY + HOUR)
    assert actions.withdraw(given, by=willow.zhang, at=MONDAY + HOUR).withdrawn_at == MONDAY + HOUR
    assert actions.withdraw(given, by=willow.zhang, at=MONDAY + 2 * HOUR).withdrawn_at == MONDAY + HOUR
    assert Consent.objects.count() == 1


def test_a_text_says_what_happens_without_consent(willow: Willow, office: Office) -> None:
    with pytest.raises(Refused, match="不同意"):
        actions.publish_notice("x", "题", "文", " ", by=office.officer, at=MONDAY)
    with pytest.raises(Refused, match="数据官"):
        actions.publish_notice("x", "题", "文", "照办", by=willow.sun, at=MONDAY)


@pytest.fixture
def outside(willow: Willow) -> Membership:
    """The community worker next door, for whom 柳树社区 is beyond her places."""
    return Membership.objects.get(person=willow.stranger)


def test_breaking_the_glass_opens_for_15_minutes_before_everybodys_eyes(
    willow: Willow, office: Office, outside: Membership
) -> None:
    with pytest.raises(Refused, match="六个字"):
        actions.break_glass(outside, "有急事", MONDAY, person=willow.zhang)
    with pytest.raises(Refused, match="六个字"):
        actions.break_glass(outside, "啊啊啊啊啊啊啊啊", MONDAY, person=willow.zhang)
    grant = actions.break_glass(outside, REASON, MONDAY, person=willow.zhang)
    assert actions.break_glass(outside, REASON, MONDAY + timedelta(minutes=14), person=willow.zhang) == grant
    assert grant.ends_at == MONDAY + timedelta(minutes=15)
    todo = Todo.objects.get(key__startswith=f"privacy.BreakGlass:{grant.pk}:review")
    assert (todo.due, todo.power) == (MONDAY + timedelta(days=3), "protect")
    assert office.officer.pending_notices.filter(body__contains=REASON).exists()
    assert willow.zhang.pending_notices.filter(body__contains=REASON).exists()
    assert actions.seen_under(grant, MONDAY + HOUR / 10) == [willow.zhang]
    assert actions.reveal_under(grant, willow.zhang, MONDAY + HOUR / 10) is not None
    assert Look.objects.filter(seen__subject=willow.zhang.subject, under=grant.subject).count() == 2
    with pytest.raises(Refused, match="不在"):
        actions.reveal_under(grant, willow.chen, MONDAY + HOUR / 10)
    for late in (MONDAY + timedelta(minutes=15), MONDAY + HOUR):
        with pytest.raises(Refused, match="15 分钟"):
            actions.seen_under(grant, late)
        with pytest.raises(Refused, match="15 分钟"):
            actions.reveal_under(grant, willow.zhang, late)
    again = actions.break_glass(outside, REASON, MONDAY + HOUR, person=willow.zhang)
    assert again != grant


def test_within_ones_own_places_the_work_is_the_reason_and_no_glass_is_broken(
    willow: Willow, office: Office
) -> None:
    with pytest.raises(Refused, match="工作范围内"):
        actions.break_glass(office.li, REASON, MONDAY, person=willow.zhang)
    with pytest.raises(Refused, match="工作范围内"):
        actions.break_glass(office.li, REASON, MONDAY, place=willow.building)
    with pytest.raises(Refused, match="小一点"):
        actions.break_glass(office.li, REASON, MONDAY, place=willow.elsewhere)
    assert not BreakGlass.objects.exists()


def test_a_place_opens_whoever_lives_there_and_each_reads_of_it(
    willow: Willow, office: Office, outside: Membership
) -> None:
    grant = actions.break_glass(outside, REASON, MONDAY, place=willow.building)
    shown = actions.seen_under(grant, MONDAY)
    assert set(shown) == {willow.zhang, willow.chen, willow.neighbour}
    assert Seen.objects.filter(look__under=grant.subject).count() == 3
    assert Look.objects.get(under=grant.subject).purpose == "emergency"


def test_a_grant_is_reviewed_by_another_and_a_wrong_one_is_told(
    willow: Willow, office: Office, outside: Membership
) -> None:
    grant = actions.break_glass(outside, REASON, MONDAY, person=willow.zhang)
    assert grant.is_overdue(MONDAY + timedelta(days=3))
    with pytest.raises(Refused, match="数据官"):
        actions.review(grant, True, "正当", by=willow.li, at=MONDAY)
    with pytest.raises(Refused, match="意见"):
        actions.review(grant, True, " ", by=office.officer, at=MONDAY)
    done = actions.review(grant, False, "可以先打物业电话", by=office.officer, at=MONDAY + HOUR)
    assert done.was_right is False
    assert not Todo.objects.filter(key__contains=":review", closed_at=None).exists()
    assert willow.zhang.pending_notices.filter(key__endswith=":wrong").exists()
    assert actions.review(grant, True, "改主意", by=office.second, at=MONDAY + 2 * HOUR).was_right is False


def test_everything_held_is_shown_to_its_subject_and_a_proxys_look_is_seen(willow: Willow) -> None:
    people.open_phone_account(willow.zhang, MONDAY)
    chapters = actions.holdings(willow.zhang, willow.zhang, "", "", MONDAY)
    said = json.dumps([chapter.rows for chapter in chapters], ensure_ascii=False)
    for fact in ("张秀英", "13800000001", willow.home.full_name, "业主"):
        assert fact in said
    assert "!" not in said  # the digest of a password is nobody's to read
    assert "何建军" not in said  # the neighbour in the same home
    assert not Look.objects.exists()
    people.grant_proxy(willow.chen, willow.daughter, "everything", by=willow.chen, at=MONDAY)
    chapters = actions.holdings(
        willow.chen, willow.daughter, "陈** （亲情代办）", "替本人查看", MONDAY + HOUR
    )
    assert "陈小梅" in json.dumps([chapter.rows for chapter in chapters], ensure_ascii=False)
    assert Look.objects.get(seen__subject=willow.chen.subject).purpose == "family"


def test_what_a_worker_reads_at_the_counter_names_nobody_else(willow: Willow) -> None:
    people.grant_proxy(willow.chen, willow.daughter, "everything", by=willow.chen, at=MONDAY)
    chapters = actions.holdings(willow.chen, willow.sun, "孙* · 社区工作者", "本人来窗口", MONDAY + HOUR)
    said = json.dumps([chapter.rows for chapter in chapters], ensure_ascii=False)
    assert "陈福生" in said
    assert "陈小梅" not in said
    assert willow.daughter.masked in said


def test_what_is_shown_takes_as_many_queries_for_many_rows(
    willow: Willow, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(60):
        actions.holdings(willow.zhang, willow.zhang, "", "", MONDAY)


def test_a_request_has_a_day_of_answer_and_is_asked_once(willow: Willow, office: Office) -> None:
    asked = actions.ask(willow.zhang, Right.CORRECT, "门牌号写错了", by=willow.zhang, at=MONDAY)
    assert actions.ask(willow.zhang, Right.CORRECT, "再说一次", by=willow.zhang, at=MONDAY + HOUR) == asked
    assert asked.due.date() == date(2026, 3, 30)  # 15 working days after Monday 9 March
    assert Todo.objects.filter(
        key__startswith=f"privacy.RightsRequest:{asked.pk}:answer", closed_at=None
    ).exists()
    with pytest.raises(Refused, match="本人"):
        actions.ask(willow.zhang, Right.ERASE, "删掉", by=willow.neighbour, at=MONDAY)
    with pytest.raises(Refused, match="理由"):
        actions.answer(asked, Outcome.REFUSED, " ", by=office.officer, at=MONDAY)
    with pytest.raises(Refused, match="数据官"):
        actions.answer(asked, Outcome.REFUSED, "门牌号没错", by=willow.sun, at=MONDAY)
    done = actions.answer(asked, Outcome.REFUSED, "公安门牌就是这个号", by=office.officer, at=MONDAY + HOUR)
    assert done.answered_at is not None
    assert not Todo.objects.filter(key__contains=":answer", closed_at=None).exists()
    told = willow.zhang.pending_notices.get(key__endswith=":answered")
    assert "没有照办" in told.body
    assert "公安门牌" not in told.body, "the reason stands on the page, not in a message"


def ask_erasure(willow: Willow, person: Person) -> RightsRequest:
    return actions.ask(person, Right.ERASE, "请全部删除", by=person, at=MONDAY)


def test_who_still_lives_here_is_told_what_stays_and_why(willow: Willow, office: Office) -> None:
    done = actions.answer(
        ask_erasure(willow, willow.zhang), Outcome.GRANTED, "照办", by=office.officer, at=MONDAY + HOUR
    )
    assert done.outcome == Outcome.PARTLY
    assert any("搬走后" in part["stays"] for part in done.done)
    assert Person.objects.get(pk=willow.zhang.pk).phone == "13800000001"


def test_who_moved_away_is_forgotten_and_the_record_of_cases_stays(willow: Willow, office: Office) -> None:
    people.open_phone_account(willow.zhang, MONDAY)
    for home in Residency.objects.filter(person=willow.zhang):
        people.move_out(home, date(2026, 3, 1), by=willow.zhang, at=MONDAY)
    done = actions.answer(
        ask_erasure(willow, willow.zhang), Outcome.GRANTED, "照办", by=office.officer, at=MONDAY + HOUR
    )
    row = Person.objects.get(pk=willow.zhang.pk)
    assert (row.name, row.phone, row.phone_index, row.called) == ("", "", "", "")
    assert not Account.objects.filter(persons=row).exists()
    assert not Notice.objects.filter(person=row).exists()
    assert any("档案" in part["stays"] for part in done.done)
    assert not Person.objects.of_phone("13800000001").exists()


def test_an_erasure_waits_for_what_is_open_for_a_role_and_for_the_law(willow: Willow, office: Office) -> None:
    cases.file(cases.Said("楼道灯不亮，晚上看不见", place=willow.building), by=willow.neighbour, at=MONDAY)
    number = Case.objects.get().number
    with pytest.raises(Refused, match=number):
        actions.erase(willow.neighbour, by=office.officer, at=MONDAY)
    with pytest.raises(Refused, match="离岗"):
        actions.erase(willow.li, by=office.officer, at=MONDAY)
    held = actions.hold(willow.chen, "（2026）江民初1号", by=office.officer, at=MONDAY)
    with pytest.raises(Refused, match="依法保留"):
        actions.erase(willow.chen, by=office.officer, at=MONDAY)
    actions.lift(held, by=office.officer, at=MONDAY)
    assert actions.erase(willow.chen, by=office.officer, at=MONDAY)


def notice(person: Person, at: Any, key: str = "x") -> Any:
    return Notice.objects.create(
        person=person, key=key, kind="x", title="x", body="x", address="", because="x", at=at
    )


def test_what_is_past_its_time_goes_once_and_what_the_law_holds_stays(willow: Willow, office: Office) -> None:
    old = MONDAY - timedelta(days=731)
    notice(willow.zhang, old), notice(willow.chen, old), notice(willow.zhang, MONDAY, "new")
    actions.hold(willow.chen, "（2026）江民初1号", by=office.officer, at=MONDAY)
    done = actions.purge_all(MONDAY)
    assert done["notices.Notice"] == 1
    assert set(Notice.objects.values_list("person", "key")) == {
        (willow.chen.pk, "x"),
        (willow.zhang.pk, "new"),
    }
    assert actions.purge_all(MONDAY)["notices.Notice"] == 0
    kept = Purge.objects.get(table="notices.Notice")
    entry = Entry.objects.get(type="privacy.purged", ref="notices.Notice")
    assert entry.payload == {"table": "notices.Notice", "days": 730, "count": kept.count}


def test_finished_jobs_go_at_night_and_failed_ones_after_30_days(willow: Willow) -> None:
    for kind, days in ((Success, 1), (Failure, 1), (Failure, 31)):
        when = MONDAY - timedelta(days=days)
        kind.objects.create(
            id=f"{kind.__name__}{days}",
            name=f"{days}",
            func="x",
            started=when,
            stopped=when,
            success=kind is Success,
        )
    actions.purge_all(MONDAY)
    assert list(Failure.objects.values_list("id", flat=True)) == ["Failure1"]
    assert not Success.objects.exists()


SAID = {
    "kinds": "姓名、手机号",
    "causes": "一台工作电脑被盗",
    "harm": "可能接到骚扰电话",
    "remedies": "当天改了全部密码",
    "advice": "陌生来电请先核实",
    "contact": "社区 0577-12345",
}


def incident(willow: Willow, office: Office, *, is_drill: bool = False) -> Incident:
    return actions.record_incident(
        willow.estate, SAID, "low", MONDAY - HOUR, by=office.officer, at=MONDAY, is_drill=is_drill
    )


def test_an_incident_says_what_the_law_wants_and_tells_those_concerned(
    willow: Willow, office: Office
) -> None:
    with pytest.raises(Refused, match="写全"):
        actions.record_incident(
            willow.estate, SAID | {"advice": ""}, "low", MONDAY, by=office.officer, at=MONDAY
        )
    row = incident(willow, office)
    assert incident(willow, office) == row
    for words in SAID.values():
        assert words in actions.letter(row)
    with pytest.raises(Refused, match="通知本人"):
        actions.close_incident(row, "加密硬盘", "", by=office.officer, at=MONDAY)
    listed = actions.contacts(row, office.officer, "卫** · 数据官", MONDAY)
    assert ("张秀英", "13800000001", willow.home.full_name) in listed
    assert Seen.objects.filter(subject=willow.zhang.subject, look__purpose="export").exists()
    with pytest.raises(Refused, match="数据官"):
        actions.contacts(row, willow.li, "李* · 网格员", MONDAY)
    assert actions.tell_concerned(row, by=office.officer, at=MONDAY).told_count == 3
    actions.tell_concerned(row, by=office.officer, at=MONDAY)
    assert Notice.objects.filter(person=willow.zhang, body__contains="骚扰电话").count() == 1
    assert actions.close_incident(row, "加密硬盘", "", by=office.officer, at=MONDAY).closed_at == MONDAY


def test_a_drill_tells_nobody(willow: Willow, office: Office) -> None:
    row = actions.tell_concerned(incident(willow, office, is_drill=True), by=office.officer, at=MONDAY)
    assert row.told_count == 3
    assert not Notice.objects.exists()


def test_a_body_is_heard_before_it_loses_access_and_the_finding_is_public(
    willow: Willow, office: Office
) -> None:
    what, why = "把业主电话给了装修公司推销", "有聊天记录为证，单位自己也承认了"
    row = actions.open_finding(willow.property, what, by=office.officer, at=MONDAY)
    with pytest.raises(Refused, match="听该单位说明"):
        actions.decide_finding(row, True, why, by=office.officer, at=MONDAY)
    with pytest.raises(Refused, match="期限也没到"):
        actions.decide_finding(row, True, why, by=office.second, at=MONDAY)
    with pytest.raises(Refused, match="该单位的人"):
        actions.hear(row, "没有的事", by=willow.li, at=MONDAY)
    actions.hear(row, "是一名员工私自给的", by=willow.zhao, at=MONDAY + HOUR)
    done = actions.decide_finding(row, True, why, by=office.officer, at=MONDAY + 2 * HOUR)
    assert done.ended_roles == 1
    assert not Membership.objects.on(date(2026, 3, 9)).filter(organisation=willow.property).exists()
    entry = Entry.objects.get(type="privacy.misuse")
    assert entry.payload is not None
    assert entry.payload["body"] == "安居物业"
    assert Finding.objects.published().get() == done


def test_a_body_that_stays_silent_is_decided_about_after_its_time(willow: Willow, office: Office) -> None:
    row = actions.open_finding(willow.property, "把业主电话给了装修公司推销", by=office.officer, at=MONDAY)
    late = row.hearing_due + HOUR
    assert (
        actions.decide_finding(
            row, False, "查了通话和系统记录，查无实据，予以澄清", by=office.second, at=late
        ).published_at
        is None
    )
    assert Membership.objects.on(late.date()).filter(organisation=willow.property).exists()


def test_a_question_about_a_look_waits_on_the_officers_list_until_it_is_answered(
    willow: Willow, office: Office
) -> None:
    trail: Any = import_module("linli.trail.actions")
    trail.looked(willow.zhang.subject, willow.sun.subject, "孙*", "电话", "回电", MONDAY)
    asked = trail.ask(
        Seen.objects.get(subject=willow.zhang.subject), "我没有打过电话", willow.zhang.subject, MONDAY
    )
    assert [actions.list_questions(MONDAY), actions.list_questions(MONDAY)] == [1, 1]
    todo = Todo.objects.open().get(key__startswith=f"trail.Query:{asked.pk}:")
    assert (todo.due, todo.power, todo.organisation) == (asked.due, "protect", willow.district_centre)
    assert Notice.objects.filter(person=office.officer, key__startswith="trail.Query").count() <= 1
    officer = office.officer
    trail.answer(asked, "查实是误拨，已提醒。", False, officer.subject, "卫*", MONDAY + HOUR)
    assert actions.list_questions(MONDAY + HOUR) == 0
    assert not Todo.objects.open().filter(key__startswith="trail.Query").exists()
