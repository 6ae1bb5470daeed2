"""On whose behalf somebody fills a report, and the trace that they leave."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.timezone import localdate

from linli.base.errors import Refused
from linli.base.words import said as _
from linli.organisations.models import Membership
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.places.models import Place
from linli.trail import actions as trail
from linli.trail.rules import Purpose


def standing(by: Person, place: Place, power: str, at: datetime) -> Membership:
    """Return the role in which `by` may do this at `place`. Raises Refused where there is none."""
    roles = Membership.objects.current(by, localdate(at))
    held = next((role for role in roles if power in role.powers and role.covers(place)), None)
    if held is None:
        raise Refused(_("这个地方不在您负责的范围里，请让负责的同事来办。"))
    return held


def registers(by: Person, place: Place, at: datetime) -> Membership:
    """Return the role in which `by` keeps the register of `place`. Raises Refused where there is none."""
    return standing(by, place, Power.REGISTER, at)


def trace(
    ids: Iterable[int], by: Person, role: Membership, fields: str, reason: str, at: datetime, under: str
) -> None:
    """Leave one look for all persons whose data are shown together."""
    subjects = [f"people.Person:{pk}" for pk in dict.fromkeys(ids)]
    if subjects:
        looker = f"people.Person:{by.pk}"
        trail.looked_at_many(
            subjects, looker, role.looker_words(by), fields, reason, at, under, purpose=Purpose.REPORT
        )
