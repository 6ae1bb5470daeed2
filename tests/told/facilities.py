"""The lamp before 3幢 has a file: 安居物业 answers for it, and it was looked at once."""

from datetime import timedelta
from typing import TYPE_CHECKING

from linli.facilities import actions
from linli.facilities.actions import Facts, Found

if TYPE_CHECKING:
    from tests.world import LivedIn


def tell(world: "LivedIn") -> None:
    cast, begun = world.willow, world.now - timedelta(days=5)
    facts = Facts("路灯", "common", cast.property, payer="fee")
    lamp = actions.enrol(cast.lamp, facts, by=cast.sun, at=begun)
    plan = lamp.kind.plans.get()
    actions.inspect(lamp, plan, Found(), by=cast.zhao, at=begun)
    world.names["facility_plan"] = plan.token
