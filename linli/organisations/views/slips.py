"""A code or password that is shown once, to be handed over on paper."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from linli.base.access import staff
from linli.base.crypto import seal, unseal
from linli.organisations.rules import Power

SLIP_LIFE = timedelta(minutes=10)
BOUND_TO = "organisations.slip"


def hand_over(
    request: HttpRequest, kind: str, code: str, whom: str, at: datetime, username: str = ""
) -> HttpResponse:
    """Keep a clear code for ten minutes, sealed, in the worker's own session, and lead to the slip that shows
    it.

    `kind` is "password", "paper" or "home"; `whom` says for whom or which home it is, `username` what a worker signs in
    with.
    """
    request.session["slip"] = {
        "kind": kind,
        "code": seal(code, bound_to=BOUND_TO).hex(),
        "whom": whom,
        "username": username,
        "ends_at": (at + SLIP_LIFE).timestamp(),
    }
    return redirect("organisations:slip")


@staff(Power.INTAKE, Power.ADMINISTER)
def slip(request: HttpRequest) -> HttpResponse:
    """Show it, printable; after ten minutes it is gone, here as everywhere."""
    kept: dict[str, Any] = request.session.get("slip", {})
    is_gone = not kept or timezone.now().timestamp() >= kept["ends_at"]
    if is_gone:
        return render(request, "organisations/slip.html")
    context = {
        "kind": kept["kind"],
        "whom": kept["whom"],
        "username": kept.get("username", ""),
        "code": unseal(bytes.fromhex(kept["code"]), bound_to=BOUND_TO),
        "address": request.build_absolute_uri("/")[:-1],
    }
    return render(request, "organisations/slip.html", context)
