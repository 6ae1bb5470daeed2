"""Partners' own rows: 安居物业 with contract, finding, round and slot, which 张阿姨 booked."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from linli.partners import actions
from linli.partners.actions import Agreed, Certified, Offered, Profile
from linli.partners.rules import Budget, Kind, Met, PaperKind

if TYPE_CHECKING:
    from tests.world import LivedIn

CODE = "91350100M000100Y43"  # the example of GB 32100-2015


def tell(world: "LivedIn") -> None:
    cast, now = world.willow, world.now
    begun, day = now - timedelta(days=5), (now - timedelta(days=5)).date()
    profile = Profile(Kind.PROPERTY, "安居物业", "管杨柳苑的门岗、保洁、电梯", CODE, "0577-00000030")
    partner = actions.apply(profile, cast.community, [cast.estate], by=cast.district_officer, at=begun)
    licence = Certified(PaperKind.BUSINESS_LICENCE, "3301", "东岸区市场监督管理局", day, None)
    actions.add_paper(partner, licence, by=cast.sun, at=begun)
    actions.check(partner, by=cast.sun, at=begun)
    partner = actions.admit(partner, by=cast.wang, at=begun)
    agreed = Agreed(
        "LS-1", "微改造后的公共照明维护", "柳树社区居民委员会", "每月巡查一次", Decimal("1200.00"),
        Budget.COMMUNITY, day, day, day + timedelta(days=364),
    )  # fmt: skip
    contract = actions.sign_contract(partner, agreed, by=cast.sun, at=begun)
    actions.promise(
        contract, "第一季度巡查", day + timedelta(days=90), Decimal("300.00"), by=cast.sun, at=begun
    )
    actions.publish_standard(
        Kind.PROPERTY, cast.community, "物业服务看什么", ["困人 30 分钟内到场"], 12, by=cast.wang, at=begun
    )
    row = actions.draft_evaluation(partner, day, now.date(), by=cast.sun, at=now)
    actions.judge(row, {"0": (Met.MET, "两次都在 20 分钟内")}, "", by=cast.sun, at=now)
    actions.answer_evaluation(row, "没有意见", by=cast.zhao, at=now)
    actions.publish_evaluation(row, by=cast.wang, at=now)
    walked = actions.plan_round(
        partner, cast.estate, "夜间消防通道", ["1幢", "3幢"], 7, by=cast.zhao, at=begun
    )
    offered = Offered("检查燃气软管", "不收费", now + timedelta(days=3), now + timedelta(days=3, hours=2), 6)
    slot = actions.offer_slot(partner, cast.estate, offered, by=cast.zhao, at=now)
    booking = actions.book(slot, resident=cast.zhang, by=cast.zhang, at=now, words="厨房")
    world.names |= {
        "partner": partner.token,
        "partner_contract": contract.token,
        "partner_evaluation": row.token,
        "partner_round": walked.token,
        "partner_slot": slot.token,
        "partner_booking": booking.token,
    }
