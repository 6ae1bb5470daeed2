"""Changing one's own telephone number, and (staff) one's own password."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from linli.base.access import signed_in
from linli.base.asked import Asked, tried
from linli.people import actions
from linli.people.forms import CodeForm, NewPhoneForm, OwnPasswordForm
from linli.people.models import SignIn, SignInCode
from linli.people.views.entering import address_of_asker, enter

WAITING = "new_phone"


@signed_in
def phone(request: Asked) -> HttpResponse:
    """Ask for the new number and send a code to it; show what is signed in by the old one."""
    person, now = request.person, timezone.now()
    has_totp = person.staff_account is not None
    form = NewPhoneForm(request.POST or None, has_totp=has_totp)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        address = address_of_asker(request)
        row = tried(
            form,
            lambda: actions.ask_phone_change(person, typed["phone"], typed.get("totp", ""), address, now),
        )
        if row is not None:
            request.session[WAITING] = {"code": row.token, "person": person.pk}
            return redirect("people:phone_code")
    devices = SignIn.objects.open_of_phone(person, now)
    context = {"form": form, "devices": devices, "present": request.session.session_key, "now": now}
    return render(request, "people/phone.html", context, status=422 if form.errors else 200)


@signed_in
def phone_code(request: Asked) -> HttpResponse:
    """Ask for the code that went to the new number; with it the number is the person's own."""
    waiting = request.session.get(WAITING, {})
    row = SignInCode.objects.filter(token=waiting.get("code", "")).first()
    if row is None or waiting["person"] != request.person.pk:
        return redirect("people:phone")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _change(request, row, form)
        if answer is not None:
            return answer
    context = {"form": form, "asked": row, "phone": row.phone}
    return render(request, "people/phone_code.html", context, status=422 if form.errors else 200)


def _change(request: Asked, row: SignInCode, form: CodeForm) -> HttpResponse | None:
    """Change the number; whoever came in by the old one goes on by the new one on this device."""
    person, code, now = request.person, form.cleaned_data["code"], timezone.now()
    account = tried(
        form, lambda: actions.change_phone(person, row.token, code, address_of_asker(request), now)
    )
    if account is None:
        return None
    request.session.pop(WAITING, None)
    if request.user.phone_index is None:
        return redirect("people:me")
    actions.end_session(request.session.session_key or "", now)
    answer = enter(request, account, "phone", "", now)
    request.session["person"] = person.pk
    answer["Location"] = reverse("people:me")
    return answer


@signed_in
def password(request: Asked) -> HttpResponse:
    """Replace the password of a staff account by another; this device stays signed in, the others do not."""
    account = request.user
    if account.username is None:
        raise Http404
    form = OwnPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed, address, now = form.cleaned_data, address_of_asker(request), timezone.now()
        changed = tried(
            form,
            lambda: actions.change_own_password(account, typed["present"], typed["password"], address, now),
        )
        if changed is not None:
            return enter(request, changed, "staff", reverse("people:me"), now)
    context = {"form": form, "username": account.username}
    return render(request, "people/password.html", context, status=422 if form.errors else 200)
