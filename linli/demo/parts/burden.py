"""What the community's workers typed in the last months, and two errands at short notice."""

import random
from datetime import datetime, timedelta

from linli.burden import actions
from linli.demo.world import Say, World
from linli.organisations.models import Membership
from linli.people.models import Person

SEED = 20260712
FORMS = (
    ("cases:intake", 4, 2, 3), ("cases:dispatch", 2, 3, 4), ("cases:resolve", 2, 1, 3),
    ("register:add_resident", 6, 3, 1), ("organisations:verify", 1, 2, 2),
)  # fmt: skip


def fill(world: World, cast: dict[str, Person], at: datetime, say: Say) -> None:
    """Note what each worker of the desk typed on working days, and the cells that reports filled for one of them."""
    say("减负账本")
    draw = random.Random(SEED)  # noqa: S311 — invented figures, the same each time
    staff = (
        Membership.objects.on(at.date())
        .filter(organisation__is_desk=True, place=world.community)
        .select_related("person", "organisation")
        .order_by("pk")
    )
    for role in staff:
        for back in range(1, 56, 2):
            day = at - timedelta(days=back)
            if day.isoweekday() > 5:
                continue
            form, typed, filled, most = draw.choice(FORMS)
            for _time in range(draw.randint(1, most)):
                actions.note(role.person, role.organisation, form, typed, filled, day)
    first = staff.first()
    if first is not None:
        street = "柳河街道办事处"
        actions.note(
            first.person, first.organisation, "reports:fill", 0, 864, at - timedelta(days=12), street
        )
    actions.note_errands(at)
