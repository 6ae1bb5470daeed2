"""Admission, papers, suspension, exit: the yes and the no in one test."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from linli.base.errors import Refused
from linli.organisations.models import Membership
from linli.partners import actions
from linli.partners.actions import Certified
from linli.partners.models import Partner
from linli.partners.rules import Kind, PaperKind, State
from linli.partners.tests.rows import DAY, LICENCE, admitted, applied, code, contracted, person, worker_of
from linli.todos.models import Todo
from linli.transparency.models import Entry
from tests.cast import MONDAY, Willow

pytestmark = pytest.mark.django_db


def test_one_checks_another_approves_and_neither_applied(willow: Willow) -> None:
    partner = applied(willow, by=willow.sun)
    with pytest.raises(Refused, match="另一位同事"):
        actions.check(partner, by=willow.sun, at=MONDAY)
    with pytest.raises(Refused, match="营业执照"):
        actions.check(partner, by=willow.wang, at=MONDAY)
    actions.add_paper(partner, LICENCE, by=willow.sun, at=MONDAY)
    with pytest.raises(Refused, match="还没有人核对"):
        actions.admit(partner, by=willow.wang, at=MONDAY)
    actions.check(partner, by=willow.wang, at=MONDAY)
    with pytest.raises(Refused, match="两个人"):
        actions.admit(partner, by=willow.wang, at=MONDAY)
    partner = actions.admit(partner, by=willow.qian, at=MONDAY)
    assert partner.state == State.ADMITTED
    assert partner.organisation is not None
    assert list(partner.organisation.serves.all()) == [willow.estate]
    assert partner.organisation.function == "property"
    again = actions.admit(partner, by=willow.qian, at=MONDAY)
    assert again.organisation == partner.organisation
    assert not Todo.objects.open().keyed(f"{partner.subject}:check").exists()


def test_the_database_itself_wants_two_people(willow: Willow) -> None:
    partner = admitted(willow)
    with pytest.raises(IntegrityError), transaction.atomic():
        Partner.objects.filter(pk=partner.pk).update(admitted_by=partner.checked_by)


def test_a_body_that_works_here_already_is_joined_not_doubled(willow: Willow) -> None:
    partner = admitted(willow, name="安居物业")
    assert partner.organisation == willow.property
    assert actions.admit(partner, by=willow.qian, at=MONDAY).organisation == willow.property


def test_a_refusal_says_what_is_missing_and_the_applicant_may_mend_it(willow: Willow) -> None:
    partner = applied(willow)
    with pytest.raises(Refused, match="理由"):
        actions.refuse(partner, " ", by=willow.sun, at=MONDAY)
    with pytest.raises(Refused, match="当地社区"):
        actions.refuse(partner, "缺执照", by=willow.stranger, at=MONDAY)
    partner = actions.refuse(partner, "缺营业执照，补了再来。", by=willow.sun, at=MONDAY)
    assert partner.refused_because == "缺营业执照，补了再来。"
    assert Todo.objects.open().filter(person=partner.applied_by).exists()
    profile = actions.Profile(partner.kind, partner.name, "做得更好", partner.credit_code)
    with pytest.raises(Refused, match="自己的人"):
        actions.change_profile(partner, profile, by=willow.zhang, at=MONDAY)
    partner = actions.change_profile(partner, profile, by=partner.applied_by, at=MONDAY)
    assert partner.state == State.APPLIED
    assert Todo.objects.open().filter(organisation=willow.desk, title__contains="核对").exists()


def test_the_same_code_is_registered_once_at_a_place(willow: Willow) -> None:
    first = applied(willow)
    assert applied(willow, by=first.applied_by) == first
    with pytest.raises(Refused, match="已经登记过"):
        applied(willow, kind=Kind.ENTERPRISE, name="冒名公司")


def test_a_service_area_lies_where_it_is_registered(willow: Willow) -> None:
    profile = actions.Profile(Kind.ENTERPRISE, "远方公司", "送货", code(77))
    with pytest.raises(Refused, match="不在"):
        actions.apply(profile, willow.community, [willow.elsewhere], by=person("甲"), at=MONDAY)
    with pytest.raises(Refused, match="不在"):
        actions.apply(profile, willow.community, [willow.home], by=person("甲"), at=MONDAY)


def test_a_new_paper_takes_the_place_of_the_old_and_orders_follow_its_last_day(willow: Willow) -> None:
    partner = admitted(willow)
    assert partner.organisation is not None
    assert partner.organisation.orders_until is None
    until = date(2026, 4, 30)
    shorter = Certified(PaperKind.BUSINESS_LICENCE, "新证", "市场监管局", date(2026, 1, 1), until)
    paper = actions.add_paper(partner, shorter, by=willow.sun, at=MONDAY)
    assert actions.add_paper(partner, shorter, by=willow.sun, at=MONDAY) == paper
    assert partner.papers.filter(replaced_at=None).count() == 1
    partner = Partner.objects.get(pk=partner.pk)
    assert partner.takes_orders(until)
    assert not partner.takes_orders(until + DAY)
    later = MONDAY.replace(month=5)
    with pytest.raises(Refused, match="不能接新的合同"):
        actions.sign_contract(partner, agreed(willow, later.date()), by=willow.sun, at=later)
    bad = Certified(PaperKind.FOOD_PERMIT, "1", "局", date(2026, 1, 2), date(2026, 1, 1))
    with pytest.raises(Refused, match="早于发证"):
        actions.add_paper(partner, bad, by=willow.sun, at=MONDAY)
    actions.drop_paper(paper, "发证机关吊销", by=willow.sun, at=MONDAY)
    assert not Partner.objects.get(pk=partner.pk).takes_orders(MONDAY.date())


def agreed(willow: Willow, day: date) -> actions.Agreed:
    return actions.Agreed(
        "HT-9", "保洁", "柳树社区居民委员会", "保洁", Decimal("1.00"), "fiscal", day, day, day + 30 * DAY
    )


def test_warnings_come_at_60_30_and_7_working_days_once_each(willow: Willow) -> None:
    partner = admitted(willow)
    until = date(2026, 8, 31)
    actions.add_paper(
        partner,
        Certified(PaperKind.BUSINESS_LICENCE, "新", "局", date(2026, 1, 1), until),
        by=willow.sun,
        at=MONDAY,
    )

    def stages(day: date) -> set[str]:
        at = MONDAY.replace(year=day.year, month=day.month, day=day.day)
        actions.warn(at)
        actions.warn(at)
        keys = Todo.objects.filter(key__contains=":paper:business:").values_list("key", flat=True)
        return {key.removesuffix(":own").rpartition(":")[2] for key in keys}

    assert stages(date(2026, 5, 20)) == set()
    assert stages(date(2026, 6, 10)) == {"60"}
    assert stages(date(2026, 7, 22)) == {"60", "30"}
    assert stages(date(2026, 8, 24)) == {"60", "30", "7"}
    assert stages(date(2026, 9, 2)) == {"60", "30", "7", "lapsed"}
    own = Todo.objects.filter(key__endswith="lapsed:own").get()
    assert own.organisation == partner.organisation
    assert "已停接新单" in own.title
    renewed = Certified(PaperKind.BUSINESS_LICENCE, "换", "局", date(2026, 9, 1), None)
    actions.add_paper(partner, renewed, by=willow.sun, at=MONDAY.replace(month=9, day=2))
    assert not Todo.objects.open().filter(key__contains=":paper:business:").exists()


def test_suspended_heard_then_resumed_by_somebody_else(willow: Willow) -> None:
    partner = admitted(willow)
    manager = worker_of(willow, partner)
    with pytest.raises(Refused, match="书记主任或街道"):
        actions.suspend(partner, "连续停梯", "合同第 8 条", by=willow.sun, at=MONDAY)
    stop = actions.suspend(partner, "连续停梯", "合同第 8 条", by=willow.wang, at=MONDAY)
    assert actions.suspend(partner, "再来", "一次", by=willow.wang, at=MONDAY) == stop
    partner = Partner.objects.get(pk=partner.pk)
    assert not partner.takes_orders(MONDAY.date())
    assert Membership.objects.on(MONDAY.date()).filter(person=manager).exists(), "手上的事还要办完"
    with pytest.raises(Refused, match="最后决定"):
        actions.resume(partner, "整改好了", by=willow.wang, at=MONDAY)
    with pytest.raises(Refused, match="自己的人"):
        actions.state_case(partner, "……", by=willow.zhang, at=MONDAY)
    actions.state_case(partner, "已换钢丝绳，附检验报告。", by=manager, at=MONDAY + DAY)
    partner = actions.resume(partner, "整改属实", by=willow.qian, at=MONDAY + 2 * DAY)
    assert partner.state == State.ADMITTED
    assert Partner.objects.get(pk=partner.pk).takes_orders((MONDAY + 2 * DAY).date())


def test_nobody_is_sent_away_unheard_and_leaving_settles_everything_the_same_day(willow: Willow) -> None:
    partner = admitted(willow)
    manager = worker_of(willow, partner)
    contract = contracted(willow, partner)
    with pytest.raises(Refused, match="先暂停"):
        actions.let_go(partner, "换一家", by=willow.wang, at=MONDAY)
    actions.suspend(partner, "挪用公共收益", "《物业管理条例》第六十条", by=willow.wang, at=MONDAY)
    with pytest.raises(Refused, match="听取"):
        actions.let_go(partner, "退出", by=willow.qian, at=MONDAY + DAY)
    late = MONDAY + timedelta(days=30)  # they let the time to answer pass
    partner = actions.let_go(partner, "逾期未说明，退出", by=willow.qian, at=late)
    assert partner.state == State.LEFT
    contract.refresh_from_db()
    assert contract.ended_on == late.date()
    assert not Membership.objects.current(manager, late.date()).exists()
    assert Membership.objects.filter(person=manager).exists(), "办过的事还在"
    assert partner.handover.count() == 6
    assert actions.let_go(partner, "再退", by=willow.qian, at=late).pk == partner.pk
    for item in partner.handover.all():
        actions.hand_over(item, "杨柳苑业主委员会", by=willow.sun, at=late + DAY)
    assert not Todo.objects.open().keyed(f"{partner.subject}:handover").exists()


def test_who_asks_to_leave_may_go_and_may_come_again(willow: Willow) -> None:
    partner = admitted(willow)
    manager = worker_of(willow, partner)
    actions.ask_to_leave(partner, "合同到期，下月底撤场", by=manager, at=MONDAY)
    partner = actions.let_go(partner, "合同到期", by=willow.wang, at=MONDAY + DAY)
    assert partner.state == State.LEFT
    again = applied(willow)
    assert again != partner


def test_what_concerns_everybody_is_in_the_record_without_anybodys_name(willow: Willow) -> None:
    partner = admitted(willow)
    contracted(willow, partner)
    entries = Entry.objects.filter(subject=partner.subject)
    assert [entry.type for entry in entries.order_by("pk")] == ["partner.admitted", "partner.signed"]
    text = str([entry.payload for entry in entries])
    assert "36000.00" in text
    assert "王建国" not in text
    assert "申请人" not in text
