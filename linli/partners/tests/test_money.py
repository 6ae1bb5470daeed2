"""Contracts, evaluations, terms, groups, rounds and visits."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from linli.base.errors import Refused
from linli.organisations.models import Membership
from linli.partners import actions
from linli.partners.actions import Certified, Kept, Offered
from linli.partners.models import Booking, Contract, Deliverable
from linli.partners.rules import Budget, Kind, Met, Post, TermState
from linli.partners.tests.rows import DAY, admitted, code, contracted, person, worker_of
from linli.todos.models import Todo
from linli.trail.models import Look
from tests.cast import MONDAY, Willow

pytestmark = pytest.mark.django_db
SOCIAL = Kind.SOCIAL_ORGANISATION
TODAY = MONDAY.date()


def test_money_is_paid_against_what_was_accepted_and_by_another(willow: Willow) -> None:
    partner = admitted(willow, SOCIAL, "夕阳红服务中心")
    manager = worker_of(willow, partner)
    contract = contracted(willow, partner)
    assert contracted(willow, partner) == contract, "the same number is entered once"
    item = actions.promise(
        contract, "一季度服务", date(2026, 3, 31), Decimal("9000.00"), by=willow.sun, at=MONDAY
    )
    with pytest.raises(Refused, match="超过合同总额"):
        actions.promise(contract, "多的", date(2026, 6, 30), Decimal("27000.01"), by=willow.sun, at=MONDAY)
    with pytest.raises(Refused, match="还没有交付"):
        actions.accept(item, "好", by=willow.sun, at=MONDAY)
    with pytest.raises(Refused, match="还没有验收"):
        actions.pay(item, "P1", by=willow.wang, at=MONDAY)
    actions.deliver(item, "上门 60 次", by=manager, at=MONDAY)
    actions.send_back(item, "少签字单", by=willow.sun, at=MONDAY)
    actions.deliver(item, "上门 60 次，附签字单", by=manager, at=MONDAY)
    actions.penalise(item, Decimal("300.00"), "两次没到", "第 9 条", by=willow.sun, at=MONDAY)
    with pytest.raises(Refused, match="超过这一项"):
        actions.penalise(item, Decimal("8700.01"), "还扣", "第 9 条", by=willow.sun, at=MONDAY)
    actions.accept(item, "抽查属实", by=willow.sun, at=MONDAY)
    with pytest.raises(Refused, match="两个人"):
        actions.pay(item, "P1", by=willow.sun, at=MONDAY)
    paid = actions.pay(item, "P1", by=willow.wang, at=MONDAY)
    assert paid.paid_amount == Decimal("8700.00")
    assert actions.pay(item, "P2", by=willow.wang, at=MONDAY).voucher == "P1"
    assert contract.paid() == Decimal("8700.00")
    with pytest.raises(IntegrityError), transaction.atomic():
        Deliverable.objects.filter(pk=item.pk).update(paid_by=willow.sun)


def test_public_money_is_public_and_owners_money_is_read_by_those_it_concerns(willow: Willow) -> None:
    partner = admitted(willow)
    manager = worker_of(willow, partner)
    public = contracted(willow, partner)
    private = contracted(
        willow, partner, number="HT-2", budget=Budget.SERVICE_FEE, buyer_words="杨柳苑业主大会"
    )
    assert list(Contract.objects.opened_by(None, [])) == [public]
    own = list(Membership.objects.current(manager, TODAY))
    assert set(Contract.objects.opened_by(manager, own)) == {public, private}
    elsewhere = list(Membership.objects.current(willow.stranger, TODAY))
    assert set(Contract.objects.opened_by(willow.stranger, elsewhere)) == {public}


def test_a_renewal_is_a_new_contract_and_only_one(willow: Willow) -> None:
    partner = admitted(willow)
    old = contracted(willow, partner)
    terms = {
        "number": "HT-2", "title": "续", "buyer_words": "社区", "delivers": "照旧", "amount": Decimal("1.00"),
        "budget": Budget.FISCAL, "signed_on": TODAY, "since": date(2027, 3, 1), "until": date(2028, 2, 29),
    }  # fmt: skip
    agreed = actions.Agreed(**terms)
    new = actions.sign_contract(partner, agreed, by=willow.sun, at=MONDAY, previous=old)
    assert new.previous == old
    assert new != old
    other = actions.Agreed(**(terms | {"number": "HT-3"}))
    wrong = actions.Agreed(**(terms | {"number": "HT-4", "until": date(2027, 2, 1)}))
    with pytest.raises(Refused, match="已经续签"):
        actions.sign_contract(partner, other, by=willow.sun, at=MONDAY, previous=old)
    with pytest.raises(Refused, match="早于开始"):
        actions.sign_contract(partner, wrong, by=willow.sun, at=MONDAY)


def test_an_evaluation_is_by_published_criteria_heard_first_and_published_by_another(willow: Willow) -> None:
    partner = admitted(willow)
    manager = worker_of(willow, partner)
    with pytest.raises(Refused, match="不能有“点赞”"):
        actions.publish_standard(
            "property", willow.community, "标准", ["点赞多"], 12, by=willow.wang, at=MONDAY
        )
    with pytest.raises(Refused, match="还没有公布"):
        actions.draft_evaluation(partner, TODAY - DAY, TODAY, by=willow.sun, at=MONDAY)
    lines = ["电梯困人 30 分钟内到场", "公共收益每季公布"]
    actions.publish_standard("property", willow.community, "物业标准", lines, 3, by=willow.wang, at=MONDAY)
    end = MONDAY + timedelta(days=90)
    row = actions.draft_evaluation(partner, TODAY, end.date(), by=willow.sun, at=end)
    assert actions.draft_evaluation(partner, TODAY, end.date(), by=willow.sun, at=end) == row
    with pytest.raises(Refused, match="理由"):
        actions.judge(row, {"0": (Met.MET, "6 次都到"), "1": (Met.MET, "")}, "", by=willow.sun, at=end)
    found = {"0": (Met.MET, "6 次都在 30 分钟内"), "1": (Met.NOT_MET, "二季度没有公布")}
    actions.judge(row, found, "总体尚可", by=willow.sun, at=end)
    with pytest.raises(Refused, match="听取"):
        actions.publish_evaluation(row, by=willow.wang, at=end)
    actions.answer_evaluation(row, "账在审计，下周公布。", by=manager, at=end + DAY)
    with pytest.raises(Refused, match="书记主任"):
        actions.publish_evaluation(row, by=willow.sun, at=end + DAY)
    done = actions.publish_evaluation(row, by=willow.wang, at=end + DAY)
    assert done.published_at
    assert done.answer
    with pytest.raises(Refused, match="不能再改"):
        actions.judge(row, found, "改", by=willow.sun, at=end + DAY)


def test_a_committees_term_is_elected_filed_and_followed_and_access_ends_with_it(willow: Willow) -> None:
    partner = admitted(willow, Kind.OWNERS_COMMITTEE, "杨柳苑业主委员会")
    with pytest.raises(Refused, match="最长 5 年"):
        actions.elect(partner, date(2024, 1, 5), 6, 5, by=willow.sun, at=MONDAY)
    with pytest.raises(Refused, match="单数"):
        actions.elect(partner, date(2024, 1, 5), 3, 6, by=willow.sun, at=MONDAY)
    first = actions.elect(partner, date(2023, 5, 5), 3, 5, by=willow.sun, at=MONDAY)
    assert first.state_on(TODAY) == TermState.RENEWAL_DUE
    chair = actions.seat_member(
        first, "钱多多", "13900000001", Post.CHAIR, date(2023, 5, 5), by=willow.sun, at=MONDAY
    )
    with pytest.raises(Refused, match="已经有主任"):
        actions.seat_member(first, "赵六", "13900000002", Post.CHAIR, TODAY, by=willow.sun, at=MONDAY)
    assert Membership.objects.current(chair.person, TODAY).get().role == "committee_member"
    assert actions.warn(MONDAY) > 0
    assert Todo.objects.open().keyed(f"{partner.subject}:renewal").count() == 2
    prepared = actions.prepare_term(partner, by=willow.sun, at=MONDAY)
    assert actions.prepare_term(partner, by=willow.sun, at=MONDAY) == prepared
    later = MONDAY + timedelta(days=20)
    second = actions.elect(partner, later.date(), 5, 5, by=willow.sun, at=later)
    assert second.number == 2
    assert second.pk == prepared.pk
    assert not Membership.objects.current(chair.person, later.date()).exists()
    assert not Todo.objects.open().keyed(f"{partner.subject}:renewal").exists()
    with pytest.raises(Refused, match="早于选举"):
        actions.file_term(second, later.date() - DAY, "备 2", by=willow.sun, at=later)
    actions.file_term(second, later.date(), "备 2", by=willow.sun, at=later)
    assert not Todo.objects.open().keyed(f"{partner.subject}:filing").exists() or Todo.objects.open().filter(
        key__contains=f"filing:{first.pk}"
    )


def test_a_group_registers_on_one_page_gets_mentor_room_and_money_and_grows(willow: Willow) -> None:
    partner = admitted(willow, Kind.RESIDENTS_GROUP, "手机课小组")
    leader = partner.leader
    assert leader == partner.applied_by
    assert partner.organisation is None
    with pytest.raises(Refused, match="本社区"):
        actions.stand_by(partner, willow.stranger, "", by=willow.sun, at=MONDAY)
    actions.stand_by(partner, willow.li, "二楼活动室", by=willow.sun, at=MONDAY)
    with pytest.raises(Refused, match="最多 2000"):
        actions.grant(partner, "买教具", Decimal("2000.01"), by=willow.wang, at=MONDAY)
    given = actions.grant(partner, "买教具", Decimal("600.00"), by=willow.wang, at=MONDAY)
    with pytest.raises(Refused, match="还没有报账"):
        actions.grant(partner, "再买", Decimal("100.00"), by=willow.wang, at=MONDAY)
    with pytest.raises(Refused, match="不能多于"):
        actions.account_for(given, Decimal("600.01"), "教具", by=leader, at=MONDAY)
    actions.account_for(given, Decimal("580.00"), "12 个手机支架", by=leader, at=MONDAY)
    assert not Todo.objects.open().filter(person=leader, key__contains="grant").exists()
    paper = Certified("", "民证 9", "东岸区民政局", date(2026, 3, 1), None)
    grown = actions.grow(partner, code(9, "52"), paper, by=willow.wang, at=MONDAY)
    assert grown.kind == SOCIAL
    assert grown.pk == partner.pk
    assert grown.organisation is not None
    assert grown.takes_orders(TODAY)
    assert grown.events.filter(verb="granted").exists(), "the history stays"


def test_rounds_and_devices_come_due_and_a_defect_waits_until_it_is_settled(willow: Willow) -> None:
    partner = admitted(willow)
    manager = worker_of(willow, partner)
    points = ["1幢消防通道", "地下车库"]
    with pytest.raises(Refused, match="不在您单位"):
        actions.plan_round(partner, willow.elsewhere, "夜巡", points, 7, by=manager, at=MONDAY)
    row = actions.plan_round(partner, willow.estate, "夜巡", points, 7, by=manager, at=MONDAY)
    actions.warn(MONDAY + 6 * DAY)
    assert Todo.objects.open().keyed(f"{partner.subject}:round").count() == 1
    report = actions.walk_round(row, {1: "积水两厘米"}, by=manager, at=MONDAY + 7 * DAY, once="a")
    assert actions.walk_round(row, {}, by=manager, at=MONDAY + 7 * DAY, once="a") == report
    assert report.defects == [{"point": "地下车库", "words": "积水两厘米"}]
    assert not Todo.objects.open().keyed(f"{partner.subject}:round").exists()
    assert Todo.objects.open().keyed(f"{partner.subject}:defects").exists()
    actions.settle_defects(report, "抽干了，换了泵", by=manager, at=MONDAY + 8 * DAY)
    assert not Todo.objects.open().keyed(f"{partner.subject}:defects").exists()
    device = actions.add_device(partner, willow.estate, Kept("排水泵", "抽水", 30), by=manager, at=MONDAY)
    assert device.next_on == TODAY + 30 * DAY
    actions.service_device(device, "换油", by=manager, at=MONDAY + 29 * DAY)
    device.refresh_from_db()
    assert device.next_on == TODAY + 59 * DAY


def test_a_home_books_one_seat_and_who_comes_leaves_a_trace(willow: Willow) -> None:
    partner = admitted(willow)
    manager = worker_of(willow, partner)
    offered = Offered("检查燃气软管", "不收费", MONDAY + DAY, MONDAY + DAY + timedelta(hours=2), 1)
    slot = actions.offer_slot(partner, willow.estate, offered, by=manager, at=MONDAY)
    with pytest.raises(Refused, match="住哪里"):
        actions.book(slot, resident=person("没住处"), by=willow.sun, at=MONDAY, assisted=True)
    with pytest.raises(Refused, match="授权"):
        actions.book(slot, resident=willow.chen, by=willow.daughter, at=MONDAY)
    booking = actions.book(slot, resident=willow.zhang, by=willow.zhang, at=MONDAY, words="厨房")
    assert actions.book(slot, resident=willow.neighbour, by=willow.neighbour, at=MONDAY) == booking, (
        "one home"
    )
    zhang = f"people.Person:{willow.zhang.pk}"
    before = Look.objects.about(zhang).count()
    rows = actions.bookings_shown(slot, manager, "刘** · 新家园物业", MONDAY)
    assert rows == [booking]
    assert Look.objects.about(zhang).count() == before + 1
    with pytest.raises(Refused, match="不是您的"):
        actions.cancel_booking(booking, by=willow.daughter, at=MONDAY)
    actions.cancel_booking(booking, by=willow.zhang, at=MONDAY)
    assert not Booking.objects.filter(cancelled_at=None).exists()
    actions.suspend(partner, "停", "合同", by=willow.wang, at=MONDAY)
    with pytest.raises(Refused, match="不接新的预约"):
        actions.book(slot, resident=willow.zhang, by=willow.zhang, at=MONDAY)
