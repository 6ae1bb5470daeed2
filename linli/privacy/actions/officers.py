"""Who guards personal data for a place, and how they hear of something at once."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from linli.organisations.models import Membership
from linli.organisations.rules import Power, roles_with
from linli.people import actions as people
from linli.people.models import Person
from linli.places.models import Place
from linli.privacy import told

LOG = "privacy"  # the log of the record for what concerns no single community


def officers_of(place: Place | None, at: datetime) -> list[Membership]:
    """Return the data officers whose places cover `place`; where it is unknown or nobody's, all of them."""
    held = Membership.objects.on(localdate(at)).filter(role__in=roles_with(Power.PROTECT))
    all_of_them = list(held.select_related("organisation", "place", "person").order_by("pk"))
    covering = [row for row in all_of_them if place is not None and row.covers(place)]
    return covering or all_of_them


def alert(
    place: Place | None, key: str, title: Any, body: Any, address: str, due: datetime, at: datetime
) -> int:
    """Put a to-do before the data officers of a place and tell each; returns how many there are. Again changes nothing.

    One to-do for each body, one notice for each person.
    """
    officers = officers_of(place, at)
    for organisation in {row.organisation_id: row.organisation for row in officers}.values():
        told.open_todo(
            f"{key}:{organisation.token}",
            title,
            due,
            address,
            at,
            organisation=organisation,
            power=str(Power.PROTECT),
            origin="privacy",
        )
    for person in {row.person_id: row.person for row in officers}.values():
        people.notify(person, key, str(title), str(body), address, at)
    return len(officers)


def guards(by: Person, place: Place | None, at: datetime) -> bool:
    """Whether `by` is a data officer for `place` at that moment."""
    roles = [row for row in Membership.objects.current(by, localdate(at)) if Power.PROTECT in row.powers]
    return bool(roles) if place is None else any(row.covers(place) for row in roles)


def audits(by: Person, at: datetime) -> bool:
    """Whether `by` is an auditor at that moment."""
    return any(Power.AUDIT in row.powers for row in Membership.objects.current(by, localdate(at)))
