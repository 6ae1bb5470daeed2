"""What the tests of partners share: codes that check out, and bodies as they come in through actions."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from linli.organisations import actions as organisations
from linli.organisations.rules import Role
from linli.partners import actions
from linli.partners.actions import Agreed, Certified, Profile
from linli.partners.models import Contract, Partner
from linli.partners.rules import Budget, Kind, PaperKind
from linli.partners.rules.codes import check_sign
from linli.people import actions as people
from linli.people.models import Person
from tests.cast import MONDAY, Willow

DAY = timedelta(days=1)
LICENCE = Certified(PaperKind.BUSINESS_LICENCE, "33030012345", "东岸区市场监督管理局", date(2020, 1, 6), None)
REGISTRATION = Certified(
    PaperKind.SOCIAL_REGISTRATION, "民证 1", "东岸区民政局", date(2022, 1, 6), date(2027, 1, 5)
)


def code(number: int = 1, first: str = "91") -> str:
    """A credit code of 东岸区 that checks out."""
    body = f"{first}330302MA{number:07}"
    return body + check_sign(body)


def person(name: str, at: datetime = MONDAY) -> Person:
    return people.register(name, "", at=at)


def applied(
    w: Willow, kind: str = Kind.PROPERTY, name: str = "新家园物业", number: int = 1, **more: Any
) -> Partner:
    by = more.pop("by", None) or person("申请人")
    first = "52" if kind == Kind.SOCIAL_ORGANISATION else "91"
    typed = "" if kind in {Kind.OWNERS_COMMITTEE, Kind.RESIDENTS_GROUP} else code(number, first)
    profile = Profile(kind, name, "做好份内的事", typed, "0577-1")
    return actions.apply(profile, w.community, [w.estate], by=by, at=MONDAY, **more)


def admitted(w: Willow, kind: str = Kind.PROPERTY, name: str = "新家园物业", number: int = 1) -> Partner:
    """Applied by a stranger, papers entered, checked by 孙社工, approved by 王主任."""
    partner = applied(w, kind, name, number)
    papers = {Kind.PROPERTY: LICENCE, Kind.ENTERPRISE: LICENCE, Kind.SOCIAL_ORGANISATION: REGISTRATION}
    if kind in papers:
        actions.add_paper(partner, papers[Kind(kind)], by=partner.applied_by, at=MONDAY)
    if kind == Kind.OWNERS_COMMITTEE:
        filing = Certified(PaperKind.COMMITTEE_FILING, "备 1", "柳河街道办事处", date(2024, 1, 5), None)
        actions.add_paper(partner, filing, by=w.sun, at=MONDAY)
    if kind != Kind.RESIDENTS_GROUP:
        actions.check(partner, by=w.sun, at=MONDAY)
    return actions.admit(partner, by=w.wang, at=MONDAY)


def worker_of(w: Willow, partner: Partner, name: str = "刘经理") -> Person:
    """Somebody who acts for an admitted partner."""
    who = person(name)
    assert partner.organisation is not None
    organisations.appoint(
        who,
        partner.organisation,
        Role.PROPERTY_WORKER,
        w.estate,
        date(2025, 1, 1),
        by=w.administrator,
        at=MONDAY,
    )
    return who


def contracted(w: Willow, partner: Partner, **more: Any) -> Contract:
    agreed = Agreed(
        **{
            "number": "HT-1",
            "title": "居家养老上门服务",
            "buyer_words": "柳树社区居民委员会",
            "delivers": "每月为 30 位老人上门助洁两次",
            "amount": Decimal("36000.00"),
            "budget": Budget.FISCAL,
            "signed_on": date(2026, 3, 1),
            "since": date(2026, 3, 1),
            "until": date(2027, 2, 28),
        }
        | more
    )
    return actions.sign_contract(partner, agreed, by=w.sun, at=MONDAY)
