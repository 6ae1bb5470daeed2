"""A newcomer registers by the home's code; those of the home answer."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.base.access import open_to_all, signed_in
from linli.base.asked import Asked, tried
from linli.lettings import actions, rules
from linli.lettings.forms import NewcomerForm, OccupantRefusalForm
from linli.lettings.models import Newcomer
from linli.lettings.network import network_of
from linli.organisations.models import Organisation
from linli.places.models import Kind, PlaceCode

DEVICE_COOKIE = "newcomer"
YEAR = 60 * 60 * 24 * 365


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def register(request: Asked, code: str) -> HttpResponse:
    """我住这里，登记一下: the page is the same whoever lives there, and names nobody."""
    codes = PlaceCode.objects.live().filter(place__kind=Kind.HOME, place__retired_at=None)
    found = get_object_or_404(codes.select_related("place__estate", "place__community"), token=code)
    form, now = NewcomerForm(request.POST or None, initial=_known(request)), timezone.now()
    mark = request.get_signed_cookie(DEVICE_COOKIE, default="") or secrets.token_urlsafe(12)
    if request.method == "POST" and form.is_valid():
        sender = actions.Sender(_sender(request), mark, network_of(request))
        arrival = actions.Arrival(**form.cleaned_data)
        row = tried(form, lambda: actions.register_newcomer(found, arrival, sender, now))
        if row is not None:
            return redirect("lettings:receipt", row.token)
    context = {"form": form, "code": found, "place": found.place, "rules": rules}
    answer = render(request, "lettings/register.html", context, status=422 if form.errors else 200)
    answer.set_signed_cookie(DEVICE_COOKIE, mark, max_age=YEAR, httponly=True, samesite="Lax")
    return answer


@open_to_all
@never_cache
@require_GET
def receipt(request: Asked, token: str) -> HttpResponse:
    """Where a registration stands, for whoever holds its address: no full name, no number, nothing of who answered."""
    row = get_object_or_404(Newcomer.objects.select_related("home__estate", "home__community"), token=token)
    now = timezone.now()
    context = {
        "row": row,
        "now": now,
        "has_lapsed": row.has_lapsed(now),
        "is_waiting": row.state == Newcomer.State.WAITING and not row.has_lapsed(now),
        "desk": Organisation.objects.serving(row.home).filter(is_desk=True).first(),
    }
    return render(request, "lettings/receipt.html", context)


@open_to_all
@require_POST
def withdraw(request: Asked, token: str) -> HttpResponse:
    """Take a registration back."""
    row = get_object_or_404(Newcomer, token=token)
    actions.withdraw_newcomer(row, timezone.now())
    messages.success(request, _("撤回了，您写的电话和证件号已经删掉。"))
    return redirect("lettings:receipt", token)


@signed_in
@require_GET
def arrival(request: Asked, token: str) -> HttpResponse:
    """Who says that they live in one's home, to agree or not."""
    return _arrival_page(request, _waiting(request, token), OccupantRefusalForm())


@signed_in
@require_POST
def agree(request: Asked, token: str) -> HttpResponse:
    """Yes, they live here."""
    row = _waiting(request, token)
    actions.agree_at_home(row, by=request.person, at=timezone.now())
    messages.success(request, _("已同意，对方会收到通知。"))
    return redirect("lettings:mine")


@signed_in
@require_POST
def refuse(request: Asked, token: str) -> HttpResponse:
    """No; the newcomer reads the reason, not who gave it."""
    row, form = _waiting(request, token), OccupantRefusalForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        done = tried(form, lambda: actions.refuse(row, reason, by=request.person, at=timezone.now()))
        if done is not None:
            messages.success(request, _("已退回。对方只看到原因，看不到是谁退回的。"))
            return redirect("lettings:mine")
    return _arrival_page(request, row, form)


def _waiting(request: Asked, token: str) -> Newcomer:
    """Return a registration that the caller, verified in its home, may answer; else 404."""
    now = timezone.now()
    rows = Newcomer.objects.for_occupant(request.person, now, timezone.localdate(now))
    row: Newcomer = get_object_or_404(rows.select_related("home"), token=token)
    return row


def _arrival_page(request: Asked, row: Newcomer, form: OccupantRefusalForm) -> HttpResponse:
    actions.shown_to_occupant([row], request.person, timezone.now())
    return render(
        request, "lettings/arrival.html", {"row": row, "form": form}, status=422 if form.errors else 200
    )


def _sender(request: Asked) -> Any:
    """Return who registers: the one signed in, as resident; who works here registers others at the desk."""
    return None if request.memberships else request.person


def _known(request: Asked) -> dict[str, Any]:
    """What is held of who is signed in arrives filled in (G03)."""
    person = _sender(request)
    held = {"since": timezone.localdate(), "tenure": "tenant"}
    return held | {"name": person.name, "phone": person.phone} if person is not None else held
