"""Cases through their actions: the main path first."""

from datetime import timedelta

import pytest

from linli.cases import actions
from linli.cases.actions import Said, Verdict
from linli.cases.models import Case
from linli.cases.rules import State
from linli.duties.models import Category
from tests.cast import MONDAY, Willow, willow  # noqa: F401

pytestmark = pytest.mark.django_db


def lamp_case(willow: Willow, **more: object) -> Case:
    leaf = Category.objects.leaves().first()
    said = Said(text="3幢门前路灯不亮三天了，老人出门怕摔。", place=willow.lamp, category=leaf, **more)
    return actions.file(said, by=willow.zhang, at=MONDAY)


def test_a_lamp_goes_from_said_to_confirmed(willow: Willow) -> None:
    case = lamp_case(willow)
    assert case.state == State.FILED
    order = actions.dispatch(case, willow.property, by=willow.sun, at=MONDAY + timedelta(minutes=20))
    actions.start(order, by=willow.zhao, at=MONDAY + timedelta(hours=1), words="我是物业赵师傅，明天上午来换灯。")
    actions.resolve(case, "灯泡已经换好，晚上试过会亮。", by=willow.zhao, at=MONDAY + timedelta(days=1))
    assert case.state == State.RESOLVED
    actions.confirm(case, willow.zhang, Verdict("solved", 5), by=willow.zhang, at=MONDAY + timedelta(days=2))
    case.refresh_from_db()
    assert case.state == State.CONFIRMED
