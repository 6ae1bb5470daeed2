"""Cases of the cast, made through actions, for the tests of this domain."""

from datetime import datetime, timedelta
from typing import Any

from linli.cases import actions
from linli.cases.actions import Said
from linli.cases.models import Case, Order
from linli.duties.models import Category
from tests.cast import MONDAY, Willow

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DONE = "灯泡已经换好，晚上试过会亮。"


def lamp_out() -> Category:
    """A leaf that the property company leads in 柳树社区 and that may be public."""
    return Category.objects.get(code="lighting.lamp_out")


def said(willow: Willow, **more: Any) -> Said:
    fields: dict[str, Any] = {
        "text": "3幢门前路灯不亮三天了，老人出门怕摔。",
        "place": willow.lamp,
        "category": lamp_out(),
    }
    return Said(**(fields | more))


def filed(willow: Willow, *, by: Any = None, at: datetime = MONDAY, **more: Any) -> Case:
    return actions.file(said(willow, **more), by=by or willow.zhang, at=at)


def dispatched(willow: Willow, *, at: datetime = MONDAY, **more: Any) -> tuple[Case, Order]:
    case = filed(willow, at=at, **more)
    return case, actions.dispatch(case, willow.property, by=willow.sun, at=at + 20 * MINUTE)


def resolved(willow: Willow, *, at: datetime = MONDAY, **more: Any) -> Case:
    case, order = dispatched(willow, at=at, **more)
    actions.start(order, by=willow.zhao, at=at + HOUR)
    return actions.resolve(case, DONE, by=willow.zhao, at=at + 5 * HOUR)
