"""What the person who is here may do today: `request.memberships`, `request.powers`, `request.assisting`."""

from collections.abc import Callable
from datetime import datetime

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from linli.base.compiled import Compiled
from linli.organisations.models import AssistedSession, Membership, remember_roles
from linli.organisations.rules import Power

ROLES = Compiled(Membership.objects.current, person=models.BigIntegerField(), on=models.DateField())
ASSISTING = Compiled(
    lambda worker, at: (
        AssistedSession.objects.running(at).filter(worker=worker).select_related("resident", "organisation")
    ),
    worker=models.BigIntegerField(),
    at=models.DateTimeField(),
)
Answer = Callable[[HttpRequest], HttpResponse]


def present_powers(get_response: Answer) -> Answer:
    """Set the memberships in force today, their powers, and the assisted session running now, afresh for each
    request.

    Powers need a staff account (password and second factor): the same person signed in by SMS code is a
    resident. While a session runs, `request.acting_for` is the resident it assists.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        present(request, timezone.now())
        return get_response(request)

    return middleware


def present(request: HttpRequest, at: datetime) -> None:
    """Read the powers of who is here at that moment: one query for staff, one more for who may assist."""
    person = request.person  # type: ignore[attr-defined]
    memberships = []
    if person is not None and request.user.username is not None:
        today = timezone.localdate(at)
        memberships = ROLES.read(person=person.pk, on=today)
        remember_roles(person, today, memberships)
    powers = frozenset[str]().union(*(row.powers for row in memberships))
    taking_in = {row.organisation_id for row in memberships if Power.INTAKE in row.powers}
    sessions = ASSISTING.read(worker=person.pk, at=at) if taking_in else []
    assisting = next((session for session in sessions if session.organisation_id in taking_in), None)
    request.memberships = memberships  # type: ignore[attr-defined]
    request.powers = powers  # type: ignore[attr-defined]
    request.assisting = assisting  # type: ignore[attr-defined]
    if assisting is not None:
        request.acting_for = assisting.resident  # type: ignore[attr-defined]
        request.acting_scope = ""  # type: ignore[attr-defined]
        request.acting_until = assisting.ends_at  # type: ignore[attr-defined]
