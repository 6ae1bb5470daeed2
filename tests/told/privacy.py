"""The data officer's desk: a request, a grant to review, a text agreed to, an incident, a body that is heard."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from linli.organisations import actions as organisations
from linli.organisations.models import Membership
from linli.organisations.rules import Role
from linli.people import actions as people
from linli.people.models import Person
from linli.privacy import actions
from linli.privacy.rules import Right
from tests.cast import LONG_AGO

if TYPE_CHECKING:
    from tests.world import LivedIn

SAID = {
    "kinds": "姓名、手机号",
    "causes": "一台工作电脑被盗",
    "harm": "可能接到骚扰电话",
    "remedies": "当天改了全部密码",
    "advice": "陌生来电请先核实",
    "contact": "柳树社区",
}
PARTS = dict.fromkeys(("purpose", "necessity", "risks", "measures"), "导入居委会的居民台账，逐条核对")


def tell(world: "LivedIn") -> None:
    cast, now = world.willow, world.now
    officer = people.register("卫书吉", "", at=now)
    organisations.appoint(
        officer, cast.district_centre, Role.DATA_OFFICER, cast.district, LONG_AGO, by=officer, at=now
    )
    world.appointed["data_officer"] = officer
    text = actions.publish_notice(
        "hearing", "上门关怀", "提前知道您的听力情况。", "照样上门", by=officer, at=now
    )
    given = actions.consent(cast.zhang, text, by=cast.zhang, at=now)
    asked = actions.ask(cast.zhang, Right.EXPLAIN, "为什么要出生年份", by=cast.zhang, at=now)
    grant = actions.break_glass(
        Membership.objects.get(person=cast.li),
        "深夜求助电话中断，要回拨核实",
        timezone.now(),
        person=cast.checker,
    )
    review = timezone.localdate(now).replace(day=1) + timedelta(days=200)
    assessment = actions.assess("register.tags", PARTS, review, by=officer, at=now)
    world.names |= {
        "consent_text": text.token,
        "consent": given.token,
        "rights_request": asked.token,
        "glass": grant.token,
        "glass_person": cast.checker.token,
        "assessment": assessment.token,
        "legal_hold": hold(cast.chen, officer, world),
        "incident": actions.record_incident(cast.estate, SAID, "low", now, by=officer, at=now).token,
        "finding": actions.open_finding(
            cast.property, "把业主电话给了装修公司推销", by=officer, at=now
        ).token,
    }


def hold(person: Person, by: Person, world: "LivedIn") -> str:
    return actions.hold(person, "（2026）江民初1号", by=by, at=world.now).token
