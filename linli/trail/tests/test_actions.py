from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from linli.base.errors import Refused
from linli.trail import actions as trail
from linli.trail.actions import Offer, looked, looked_at_many
from linli.trail.circumstances import PRESENT, Circumstances
from linli.trail.models import DisclosureRule, Look, Query, Reveal, Seen, Withholding, subjects_of
from linli.trail.rules import Disclosure, Purpose

NOW = datetime(2026, 3, 9, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
ZHANG, SUN, WANG, QIAN = (f"people.Person:{number}" for number in (1, 2, 3, 4))
WORDS = "孙* · 柳树社区居委会 · 社区工作者"

pytestmark = pytest.mark.django_db


def look(subject: str = ZHANG, at: datetime = NOW, **more: Any) -> Look:
    told = {"looker_words": WORDS, "fields": "姓名、电话", "reason": "回电核实"} | more
    made = looked(subject, SUN, at=at, **told)
    assert made is not None
    return made


def shown(subject: str, at: datetime) -> int:
    return Seen.objects.about(subjects_of(subject)).shown(at).count()


def withholding(at: datetime = NOW) -> Withholding:
    asked = trail.ask_to_withhold("反恐怖主义法第五十一条", "办案期间", WANG, "王* · 居委会", at)
    return trail.approve(asked, QIAN, "钱* · 街道", at)


def test_a_look_names_who_what_why_and_under_which_matter() -> None:
    look(under="cases.Case:7")
    (held,) = Look.objects.about(ZHANG)
    assert (held.looker, held.looker_words, held.fields, held.reason) == (
        SUN,
        WORDS,
        "姓名、电话",
        "回电核实",
    )
    assert (held.at, held.under, held.purpose) == (NOW, "cases.Case:7", Purpose.TASK)
    assert not Look.objects.about(SUN).exists()


def test_a_look_carries_the_request_and_the_role_in_which_it_was_made() -> None:
    before = PRESENT.set(Circumstances("a1b2", "desk", "1.2."))
    look()
    PRESENT.reset(before)
    held = Look.objects.get()
    assert (held.request_id, held.body, held.path, held.purpose) == ("a1b2", "desk", "1.2.", Purpose.TYPED)
    assert held.body_words == "柳树社区居委会"


def test_the_latest_look_comes_first() -> None:
    for reason in ("第一次", "第二次"):
        look(reason=reason)
    assert [held.reason for held in Look.objects.about(ZHANG)] == ["第二次", "第一次"]


@pytest.mark.parametrize("missing", ["looker_words", "fields", "reason"])
def test_a_look_that_cannot_be_explained_is_refused(missing: str) -> None:
    with pytest.raises(Refused, match="请先写明为什么要看"):
        look(**{missing: " "})
    assert not Look.objects.exists()


def test_looking_at_oneself_leaves_no_line() -> None:
    assert looked(ZHANG, ZHANG, WORDS, "电话", "看自己的", NOW) is None
    assert not Look.objects.exists()


def test_long_reasons_are_cut_by_what_readers_see_and_never_refused() -> None:
    held = look(reason="𬱖" * 500)
    assert (len(held.reason), held.reason[-1]) == (200, "…")


def test_a_look_that_failed_leaves_no_line() -> None:
    @transaction.atomic
    def show_then_fail() -> None:
        look()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        show_then_fail()
    assert not Look.objects.exists()


def test_a_list_is_one_look_and_each_finds_their_own_line(django_assert_max_num_queries: Any) -> None:
    listed = [f"people.Person:{number}" for number in range(1, 41)]
    with django_assert_max_num_queries(5):  # two of them savepoints
        held = looked_at_many([*listed, ZHANG, SUN], SUN, WORDS, "名单中的一行", "走访", NOW)
    assert held is not None
    assert (Look.objects.count(), held.count) == (1, 39)  # once each, and the looker not
    assert [line.look for line in Seen.objects.about([ZHANG])] == [held]
    assert looked_at_many([SUN], SUN, WORDS, "名单中的一行", "走访", NOW) is None


def test_a_household_does_not_read_each_others_names(willow: Any) -> None:
    both = [willow.chen.subject, willow.daughter.subject]
    words = ("people.Person:99999", WORDS, "户内成员", "核对陈福生的低保", NOW)
    household = looked_at_many(both, *words, under="register.Household:7")
    matter = looked_at_many(both, *words, under="cases.Case:7")
    assert household is not None
    assert matter is not None
    assert household.reason == "核对同户家人的低保"
    assert matter.reason == "核对陈福生的低保"


def test_what_waits_is_shown_by_the_time_alone() -> None:
    trail.set_rule(Purpose.TASK, Disclosure.AFTER_DAYS, 30, None, WANG, NOW)
    look(under="cases.Case:7")
    look()  # a typed reason has no rule: at once
    assert (shown(ZHANG, NOW), shown(ZHANG, NOW + 30 * DAY - MINUTE)) == (1, 1)
    assert shown(ZHANG, NOW + 30 * DAY) == 2
    trail.set_rule(Purpose.TASK, Disclosure.IMMEDIATE, 0, None, WANG, NOW)
    assert not DisclosureRule.objects.exists()
    assert shown(ZHANG, NOW) == 1  # rules are for looks to come


def test_what_waits_for_the_close_is_shown_then_and_at_the_latest_date() -> None:
    trail.set_rule(Purpose.TASK, Disclosure.AT_CLOSE, 90, None, WANG, NOW)
    look(under="cases.Case:7")
    look(under="cases.Case:8")
    assert shown(ZHANG, NOW + 89 * DAY) == 0
    assert trail.closed("cases.Case:7", NOW + DAY) == 1
    assert trail.closed("cases.Case:7", NOW + 2 * DAY) == 0
    assert (shown(ZHANG, NOW + DAY), shown(ZHANG, NOW + 90 * DAY)) == (1, 2)


@pytest.mark.parametrize(
    ("disclosure", "days"), [("at_close", 0), ("after_days", 400), ("immediate", 5), ("x", 0)]
)
def test_a_rule_without_a_fit_date_is_refused(disclosure: str, days: int) -> None:
    with pytest.raises(Refused):
        trail.set_rule(Purpose.TASK, disclosure, days, None, WANG, NOW)


def test_nothing_is_withheld_without_basis_and_second_person() -> None:
    with pytest.raises(Refused, match="法律依据"):
        trail.set_rule(Purpose.TASK, Disclosure.NEVER, 0, None, WANG, NOW)
    with pytest.raises(Refused, match="法律依据"):
        trail.ask_to_withhold(" ", "办案", WANG, "王*", NOW)
    asked = trail.ask_to_withhold("反恐怖主义法第五十一条", "办案期间", WANG, "王*", NOW)
    with pytest.raises(Refused, match="第二个人"):
        trail.set_rule(Purpose.TASK, Disclosure.NEVER, 0, asked, WANG, NOW)
    with pytest.raises(Refused, match="提出人以外"):
        trail.approve(asked, WANG, "王*", NOW)
    approved = trail.approve(asked, QIAN, "钱*", NOW)
    assert trail.set_rule(Purpose.TASK, Disclosure.NEVER, 0, approved, WANG, NOW) is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        Look.objects.create(looker=SUN, at=NOW, shown_from=NOW, disclosure=Disclosure.NEVER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Withholding.objects.filter(pk=approved.pk).update(approved_by=WANG)


def test_what_is_withheld_is_shown_when_nobody_reviews_it_within_a_year() -> None:
    basis = withholding()
    trail.set_rule(Purpose.TASK, Disclosure.NEVER, 0, basis, WANG, NOW)
    look(under="cases.Case:7")
    assert Look.objects.count() == 1  # counted like any other
    assert (shown(ZHANG, NOW + 364 * DAY), shown(ZHANG, NOW + 365 * DAY)) == (0, 1)
    assert list(Withholding.objects.due_for_review(NOW + 340 * DAY)) == [basis]
    trail.approve(basis, QIAN, "钱*", NOW + 340 * DAY)
    assert (shown(ZHANG, NOW + 365 * DAY), shown(ZHANG, NOW + 705 * DAY)) == (0, 1)
    with pytest.raises(Refused, match="过期"):
        trail.approve(basis, QIAN, "钱*", NOW + 705 * DAY)
    look(under="cases.Case:7", at=NOW + 705 * DAY)  # the rule no longer holds: at once
    assert shown(ZHANG, NOW + 705 * DAY) == 2


def test_an_ended_basis_shows_its_looks_at_once() -> None:
    basis = withholding()
    trail.set_rule(Purpose.TASK, Disclosure.NEVER, 0, basis, WANG, NOW)
    look(under="cases.Case:7")
    trail.end_withholding(basis, NOW + DAY)
    trail.end_withholding(basis, NOW + 2 * DAY)
    assert (shown(ZHANG, NOW), shown(ZHANG, NOW + DAY)) == (0, 1)
    with pytest.raises(Refused, match="终止"):
        trail.approve(basis, QIAN, "钱*", NOW + 3 * DAY)


def test_a_field_opens_for_sixty_seconds_and_leaves_one_line() -> None:
    field = "register.Profile.identity"
    words = (WORDS, "身份证号", "核对证件")
    opened = trail.reveal(ZHANG, field, SUN, *words, NOW)
    again = trail.reveal(ZHANG, field, SUN, *words, NOW + 30 * timedelta(seconds=1))
    assert opened == again
    assert opened is not None
    assert Look.objects.about(ZHANG).count() == 1
    almost, over = NOW + timedelta(seconds=59), NOW + timedelta(seconds=60)
    assert trail.is_open(ZHANG, field, SUN, almost)
    assert not trail.is_open(ZHANG, field, SUN, over)
    assert not trail.is_open(ZHANG, "people.Person.phone", SUN, NOW)
    assert not trail.is_open(ZHANG, field, WANG, NOW)
    assert not trail.is_open(WANG, field, SUN, NOW)
    assert (opened.refresh(NOW), opened.refresh(almost)) == ("60", "1")
    assert trail.reveal(SUN, field, SUN, *words, NOW) is None
    with pytest.raises(Refused):
        trail.reveal(ZHANG, field, WANG, WORDS, "身份证号", " ", NOW)
    assert Reveal.objects.count() == 1


def offer(**more: str) -> Offer:
    told = {"subject": ZHANG, "field": "people.Person.phone", "fields": "电话", "looker": SUN}
    return Offer(**(told | {"looker_words": WORDS, "back": "/register/x/"} | more))


def test_within_a_task_one_tap_opens_and_outside_a_reason_is_typed() -> None:
    task = trail.read_offer(offer(under="cases.Case:7", reason="办理您说的事").signed, SUN)
    assert trail.take(task, "", NOW) is not None
    assert Look.objects.about(ZHANG).get().reason == "办理您说的事"
    outside = trail.read_offer(offer(field="people.Person.home").signed, SUN)
    with pytest.raises(Refused, match="请写明为什么要看"):
        trail.take(outside, "  ", NOW)
    trail.take(outside, "上门看望", NOW)
    assert Look.objects.about(ZHANG)[0].purpose == Purpose.TYPED


def test_an_offer_opens_for_its_looker_alone_and_cannot_be_written_by_hand() -> None:
    with pytest.raises(Refused, match="另一位"):
        trail.read_offer(offer().signed, WANG)
    with pytest.raises(Refused, match="刷新"):
        trail.read_offer(offer().signed[:-1], SUN)
    with pytest.raises(Refused, match="刷新"):
        trail.read_offer("", SUN)


def asked() -> Query:
    look()
    return trail.ask(Seen.objects.get(subject=ZHANG), "我没有办过这件事", ZHANG, NOW)


def test_a_question_has_a_deadline_and_is_answered_by_somebody_else() -> None:
    query = asked()
    assert query.due == NOW + 15 * DAY
    assert trail.ask(query.seen, "再问一次", ZHANG, NOW) == query
    assert [query.is_overdue(at) for at in (NOW, NOW + 15 * DAY)] == [False, True]
    with pytest.raises(Refused, match="查看人"):
        trail.answer(query, "没问题", True, SUN, WORDS, NOW)
    with pytest.raises(Refused, match="自己的疑问"):
        trail.answer(query, "没问题", True, ZHANG, "张**", NOW)
    with pytest.raises(Refused, match="写明"):
        trail.answer(query, " ", True, WANG, "王*", NOW)
    answered = trail.answer(query, "回电核实路灯的事", True, WANG, "王* · 数据官", NOW)
    assert trail.answer(query, "回电核实路灯的事", True, WANG, "王* · 数据官", NOW + DAY).answered_at == NOW
    with pytest.raises(Refused, match="答复过"):
        trail.answer(answered, "改口", False, QIAN, "钱*", NOW)
    assert not Query.objects.unanswered().exists()


def test_an_empty_question_is_refused() -> None:
    look()
    for words in (" ", "长" * 501):
        with pytest.raises(Refused):
            trail.ask(Seen.objects.get(), words, ZHANG, NOW)


def test_after_a_merge_the_survivor_reads_both_trails_and_undoing_parts_them() -> None:
    look(ZHANG)
    look(WANG)
    look(QIAN)
    trail.follow(ZHANG, WANG, NOW)
    trail.follow(WANG, QIAN, NOW)
    trail.follow(WANG, QIAN, NOW)
    assert (shown(QIAN, NOW), shown(WANG, NOW)) == (3, 2)
    trail.unfollow(WANG)
    assert (shown(QIAN, NOW), shown(WANG, NOW), shown(ZHANG, NOW)) == (1, 2, 1)
