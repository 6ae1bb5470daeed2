"""What every way in has in common: where the request is from, what follows, and the signed-in session."""

import secrets
from datetime import datetime

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from linli.base.addresses import address_of, first_address
from linli.people import actions
from linli.people.models import Account
from linli.people.rules import SESSION_LIVES, asked_from, device_words

DEVICE_COOKIE = "device"
YEAR = 60 * 60 * 24 * 365


def address_of_asker(request: HttpRequest) -> str:
    """Return where the request comes from, for counting tries: behind the TLS proxy, what the proxy saw."""
    if settings.SECURE_BEHIND_TLS:
        return asked_from(request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip())
    return asked_from(request.META.get("REMOTE_ADDR", ""))


def safe_next(request: HttpRequest, wanted: str) -> str:
    """Return `wanted` if it is a page of ours, else ""."""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else ""


def start_page(*, is_staff: bool) -> str:
    """Return where somebody begins who asked for no page in particular."""
    wanted = ("todos:mine", "front:home") if is_staff else ("front:home",)
    return first_address(wanted) or address_of("people:me")


def enter(request: HttpRequest, account: Account, way: str, wanted: str, at: datetime) -> HttpResponse:
    """Sign the account in on this device by `way` (a key of `rules.SESSION_LIVES`) and lead on.

    The session gets a new key, so that one planted before is worth nothing. Where several people use the
    account, the next page asks who is here.
    """
    mark = request.get_signed_cookie(DEVICE_COOKIE, default="") or secrets.token_urlsafe(16)
    login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    life = SESSION_LIVES[way]
    request.session.set_expiry(life)
    if not request.session.session_key:
        request.session.create()
    words = device_words(request.headers.get("User-Agent", ""))
    actions.record_sign_in(account, str(request.session.session_key), mark, words, at, at + life)
    goal = safe_next(request, wanted) or start_page(is_staff=way == "staff")
    if account.persons.count() != 1:
        request.session["next"] = goal
        goal = address_of("people:who")
    answer = HttpResponseRedirect(goal)
    answer.set_signed_cookie(
        DEVICE_COOKIE, mark, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SECURE_BEHIND_TLS
    )
    return answer
