"""What the tests of facilities share."""

from typing import Any

from linli.facilities import actions
from linli.facilities.actions import Facts
from linli.facilities.models import Facility, Plan
from linli.places import actions as places
from linli.places.models import Kind, Place
from tests.cast import MONDAY, Willow


def lift_at(w: Willow, name: str = "3幢电梯") -> Place:
    return places.plant(Kind.FACILITY, name, w.building, facility_class="utility", facility_kind="电梯")


def enrolled(w: Willow, kind: str = "电梯", place: Place | None = None, **more: Any) -> Facility:
    facts = Facts(kind, responsible=w.property, ownership="common", **more)
    return actions.enrol(place or lift_at(w), facts, by=w.sun, at=MONDAY)


def plan_of(facility: Facility, words: str) -> Plan:
    return facility.kind.plans.get(name__contains=words)
