"""Staff come in: user name and password, a new password where one was given out, then the second factor."""

from datetime import datetime, timedelta

import pyotp
import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from linli.base.access import open_to_all
from linli.base.asked import tried
from linli.people import actions
from linli.people.forms import CodeForm, NewPasswordForm, StaffForm
from linli.people.models import Account
from linli.people.rules import SECOND_FACTOR_LIFE
from linli.people.views.entering import address_of_asker, enter, safe_next

WAITING = "staff_sign_in"


@open_to_all
@never_cache
def sign_in_staff(request: HttpRequest) -> HttpResponse:
    """Ask for user name and password; the second factor follows, whoever it is."""
    wanted = safe_next(request, request.POST.get("next", "") or request.GET.get("next", ""))
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed, now = form.cleaned_data, timezone.now()
        account = tried(
            form,
            lambda: actions.check_password(
                typed["username"], typed["password"], address_of_asker(request), now
            ),
        )
        if account is not None:
            _wait(request, account, wanted, now)
            return _second_step(account)
    context = {"form": form, "next": wanted}
    return render(request, "people/sign_in_staff.html", context, status=422 if form.errors else 200)


@open_to_all
@never_cache
def new_password(request: HttpRequest) -> HttpResponse:
    """Have the password that an administrator gave out replaced before anything opens."""
    now = timezone.now()
    account = _waiting(request, now)
    if account is None:
        return redirect("people:sign_in_staff")
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["password"]
        changed = tried(form, lambda: actions.change_password(account, password, now))
        if changed is not None:
            _wait(request, changed, request.session[WAITING]["next"], now)
            return _second_step(changed)
    context = {"form": form, "username": account.username}
    return render(request, "people/new_password.html", context, status=422 if form.errors else 200)


@open_to_all
@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the authenticator; show the secret once, as QR and text, until the first code
    enrols it.
    """
    now = timezone.now()
    account = _waiting(request, now)
    if account is None or account.must_change_password:
        return redirect("people:sign_in_staff")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if tried(form, lambda: actions.check_totp(account, code, now)) is not None:
            wanted = request.session.pop(WAITING)["next"]
            return enter(request, account, "staff", wanted, now)
    context = {"form": form, "username": account.username, **_enrolment(account)}
    return render(request, "people/second_factor.html", context, status=422 if form.errors else 200)


def _enrolment(account: Account) -> dict[str, str]:
    if account.totp_enrolled_at is not None:
        return {}
    secret = account.totp_secret
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.username or "", issuer_name=_("邻里"))
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return {"secret": grouped, "picture": segno.make(uri).svg_data_uri(scale=5, border=4)}


def _second_step(account: Account) -> HttpResponse:
    if account.must_change_password:
        return redirect("people:new_password")
    actions.prepare_totp(account)
    return redirect("people:second_factor")


def _wait(request: HttpRequest, account: Account, wanted: str, at: datetime) -> None:
    """Remember for ten minutes who gave the right password; it opens nothing yet."""
    request.session[WAITING] = {
        "account": account.pk,
        "password": account.get_session_auth_hash(),
        "at": at.timestamp(),
        "next": wanted,
    }


def _waiting(request: HttpRequest, at: datetime) -> Account | None:
    waiting = request.session.get(WAITING)
    if not waiting or at.timestamp() - waiting["at"] > SECOND_FACTOR_LIFE / timedelta(seconds=1):
        return None
    account = Account.objects.filter(pk=waiting["account"], is_active=True).first()
    if account is None or not constant_time_compare(account.get_session_auth_hash(), waiting["password"]):
        return None
    return account
