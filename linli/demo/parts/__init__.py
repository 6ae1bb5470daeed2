"""What else the demo community has: one file per domain, one line here, called once its twelve weeks are told.

`fill(world, cast, at, say)` acts through the domain's actions, at times within those weeks.
"""

from collections.abc import Callable
from datetime import datetime

from linli.demo.parts import (
    burden,
    facilities,
    imports,
    lettings,
    partners,
    privacy,
    register,
    reports,
    trail,
)
from linli.demo.world import Say, World
from linli.people.models import Person

PARTS: list[Callable[[World, dict[str, Person], datetime, Say], None]] = [
    register.fill,  # first: the others find people by what is held of them
    privacy.fill,  # first: its assessments open what the others use
    partners.fill,
    facilities.fill,  # after partners: they answer for the facilities
    imports.fill,
    lettings.fill,
    burden.fill,
    trail.fill,
    reports.fill,  # last: it reports what the others told
]
