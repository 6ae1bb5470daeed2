"""Gaps: matters that the duty list gives to nobody here. The desk owns them; the list's keeper is told."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.duties.actions.deciding import Decision, decide
from linli.duties.models import Gap
from linli.organisations.models import Membership
from linli.organisations.rules import Power, roles_with
from linli.people.models import Person
from linli.places.models import Place


@transaction.atomic
def note_gap(decision: Decision, subject: str, at: datetime) -> Gap | None:
    """Keep what the list lacked for `subject` ("cases.Case:7"), once per case and category; None if nothing."""
    if not decision.gap:
        return None
    gap, _is_new = Gap.objects.get_or_create(
        subject=subject,
        category=decision.category,
        closed_at=None,
        defaults={"place": decision.place, "reason": decision.gap[:200], "at": at},
    )
    return gap


def keepers_of(place: Place, at: datetime) -> QuerySet[Person]:
    """Return who keeps the duty list that counts at `place`, to be told of gaps and rulings."""
    roles = Membership.objects.on(localdate(at)).filter(
        role__in=roles_with(Power.EDIT_DUTIES), place__in=place.ancestor_ids()
    )
    return Person.objects.filter(pk__in=roles.values("person")).order_by("pk")


@transaction.atomic
def review_gaps(places: Iterable[Place], at: datetime) -> int:
    """Decide each open gap at or under `places` again; close what is decided now. Returns how many."""
    closed = 0
    rows = Gap.objects.open().within(places).select_related("category", "place")
    pairs = {(gap.category_id, gap.place_id): gap for gap in rows}
    for gap in pairs.values():
        if not decide(gap.category, gap.place, at).gap:
            same = Gap.objects.open().filter(category=gap.category, place=gap.place)
            closed += same.update(closed_at=at)
    return closed


@transaction.atomic
def close_gap(gap: Gap, *, by: Person, at: datetime) -> Gap:
    """Set a gap aside by hand: it was looked at and needs no line. Closing again changes nothing."""
    row = Gap.objects.select_for_update().get(pk=gap.pk)
    require(row.at <= at, _("这条缺口还没有发生。"))
    if row.closed_at is None:
        row.closed_at = at
        row.save(update_fields=["closed_at"])
    return row
