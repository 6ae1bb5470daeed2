"""Who is here: `request.person` (None for a stranger), and for which family member they act."""

from collections.abc import Callable
from datetime import datetime

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from linli.base.compiled import Compiled
from linli.people.models import Person, Proxy
from linli.people.rules import Scope

PERSONS = Compiled(
    lambda accounts: Person.objects.filter(accounts=accounts).order_by("pk"),
    accounts=models.BigIntegerField(),
)
Answer = Callable[[HttpRequest], HttpResponse]


def present_person(get_response: Answer) -> Answer:
    """Set `request.persons`, `request.person`, `request.acting_for` and `request.acting_scope`, afresh for
    each request.

    Where one account serves several people, nobody is here until one of them was chosen. `acting_for` is the
    family member for whom this session speaks and follows under a proxy in force now (`acting_scope` says
    whether it covers more), else None.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        present(request, timezone.now())
        return get_response(request)

    return middleware


def present(request: HttpRequest, at: datetime) -> None:
    """Read who is here at that moment: one query for the persons, one more while acting for family."""
    persons = PERSONS.read(accounts=request.user.pk) if request.user.is_authenticated else []
    person = _chosen(persons, request.session.get("person")) if persons else None
    proxy = _proxy(person, request.session.get("acting_for"), at) if person else None
    request.persons = persons  # type: ignore[attr-defined]
    request.person = person  # type: ignore[attr-defined]
    request.acting_for = proxy.principal if proxy else None  # type: ignore[attr-defined]
    request.acting_scope = proxy.scope if proxy else ""  # type: ignore[attr-defined]
    request.acting_until = proxy.until if proxy else None  # type: ignore[attr-defined]


def _chosen(persons: list[Person], chosen: int | None) -> Person | None:
    if len(persons) == 1:
        return persons[0]
    return next((person for person in persons if person.pk == chosen), None)


def _proxy(person: Person, token: str | None, at: datetime) -> Proxy | None:
    if not token:
        return None
    held = Proxy.objects.in_force(at).covering(Scope.CASES).select_related("principal")
    return held.filter(agent=person, token=token).first()
