"""Counting what staff typed, form by form, after it was taken in."""

import logging
from collections.abc import Callable

from django.core import signing
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from linli.burden import actions, rules
from linli.organisations.models import Membership

Answer = Callable[[HttpRequest], HttpResponse]
SALT = "linli.burden.filled_in"
log = logging.getLogger("linli.burden")


def count_typing(get_response: Answer) -> Answer:
    """Add each form that somebody in a staff role sent with success to that person's sums of the day.

    It stands after the middleware that says in which roles somebody is here. A form that was refused, shown again or
    only read counts nothing. The ledger never stands in the way: where it cannot be written, the work is done all the
    same and the log says so.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "POST" and response.status_code in (302, 303):
            _count(request)
        return response

    return middleware


def _count(request: HttpRequest) -> None:
    memberships: list[Membership] = getattr(request, "memberships", [])
    match = request.resolver_match
    if not memberships or match is None:
        return
    mark = getattr(match.func, "access_mark", "")
    if match.view_name in rules.NOTED_BY_ACTION:
        return
    if not rules.is_counted(mark, assists=request.assisting is not None):  # type: ignore[attr-defined]
        return
    typed, filled = rules.count(
        dict(request.POST.lists()), request.FILES, read_filled_in(request.POST.get("filled_in", ""))
    )
    person, body = request.person, _role(memberships, mark).organisation  # type: ignore[attr-defined]
    try:
        actions.note(person, body, match.view_name, typed, filled, timezone.now())
    except DatabaseError:
        log.exception("a form was not counted")


def _role(memberships: list[Membership], mark: str) -> Membership:
    """Return the role in which the page was used: the first that holds a power it asks for."""
    asked = set(mark.partition(":")[2].split("|"))
    return next((role for role in memberships if role.powers & asked), memberships[0])


def read_filled_in(signed: str) -> dict[str, str]:
    """Return what the page said it had filled in, {} where it said nothing or somebody changed it."""
    if not signed:
        return {}
    try:
        held = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        return {}
    return held if isinstance(held, dict) else {}
