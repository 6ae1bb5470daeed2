"""Beginnings of stories, made through actions so that a journey starts where it becomes interesting."""

from datetime import datetime
from typing import Any

from linli.cases import actions
from linli.cases.models import Case, Order
from linli.duties.models import Category
from linli.people.models import Person
from tests.cast import Willow

LAMP_OUT = "lighting.lamp_out"
DARK = "3幢门前路灯不亮三天了，老人出门怕摔。"


def lamp_case(house: Willow, at: datetime, by: Person | None = None, **more: Any) -> Case:
    """张阿姨 says that the lamp is out; the category is known."""
    fields = {"text": DARK, "place": house.lamp, "category": Category.objects.get(code=LAMP_OUT)} | more
    return actions.file(actions.Said(**fields), by=by or house.zhang, at=at)


def lamp_order(house: Willow, at: datetime, **more: Any) -> tuple[Case, Order]:
    """The lamp, looked over for the public and given to the property company."""
    case = lamp_case(house, at, **more)
    actions.moderate(case, by=house.sun, at=at)
    order = actions.dispatch(case, house.property, by=house.sun, at=at)
    return case, order


def lamp_resolved(house: Willow, at: datetime, **more: Any) -> Case:
    """The property company says that it is done."""
    case, order = lamp_order(house, at, **more)
    actions.sign(order, by=house.zhao, at=at)
    return actions.resolve(case, "灯泡换好了，晚上试过会亮。", by=house.zhao, at=at)
