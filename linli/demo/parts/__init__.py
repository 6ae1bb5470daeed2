"""What else the demo community has: one file per domain, one line here, called once its twelve weeks are told.

`fill(world, cast, at, say)` acts through the domain's actions, at times within those weeks.
"""

from collections.abc import Callable
from datetime import datetime

from linli.demo.parts import facilities, partners, reports
from linli.demo.world import Say, World
from linli.people.models import Person

PARTS: list[Callable[[World, dict[str, Person], datetime, Say], None]] = [
    partners.fill,
    facilities.fill,  # after partners: they answer for the facilities
    reports.fill,  # last: it reports what the others told
]
