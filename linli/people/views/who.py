"""Who is using this phone, and what is theirs."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.base.access import open_to_all, signed_in
from linli.base.asked import Asked, tried
from linli.people import actions
from linli.people.forms import NameForm
from linli.people.models import Account
from linli.people.views.entering import safe_next, start_page


@open_to_all
@never_cache
def who(request: Asked) -> HttpResponse:
    """Let those who share a phone say which of them is here; they may switch at any time."""
    if not isinstance(request.user, Account):
        return redirect("people:sign_in")
    return _who_page(request, NameForm())


@open_to_all
@require_POST
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """Be one of the persons who use this account."""
    if not isinstance(request.user, Account):
        return redirect("people:sign_in")
    person = get_object_or_404(request.user.persons, token=token)
    return _be(request, person.pk)


@open_to_all
@require_POST
def add_person(request: Asked) -> HttpResponse:
    """Let one more person of the household use this phone, and be that person."""
    if not isinstance(request.user, Account):
        return redirect("people:sign_in")
    account, form = request.user, NameForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        person = tried(form, lambda: actions.add_person_to_account(account, name, timezone.now()))
        if person is not None:
            return _be(request, person.pk)
    return _who_page(request, form)


@open_to_all
@require_POST
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """Say that one of the persons has nothing to do with this number."""
    if not isinstance(request.user, Account):
        return redirect("people:sign_in")
    person = get_object_or_404(request.user.persons, token=token)
    actions.leave_account(request.user, person, timezone.now())
    if request.session.get("person") == person.pk:
        request.session.pop("person")
    return redirect("people:who")


@signed_in
def me(request: Asked) -> HttpResponse:
    """Show what Linli holds about who is here, and the ways to change it."""
    form = NameForm(request.POST or None, initial={"name": request.person.name})
    if request.method == "POST" and form.is_valid():
        name, by = form.cleaned_data["name"], request.person
        if tried(form, lambda: actions.rename(by, name, by, timezone.now())) is not None:
            return redirect("people:me")
    now = timezone.now()
    context = {
        "form": form,
        "home": request.person.home_now(timezone.localdate(now)),
        "shares_phone": isinstance(request.user, Account) and bool(request.user.phone_index),
        "is_staff_account": isinstance(request.user, Account) and request.user.username is not None,
    }
    return render(request, "people/me.html", context, status=422 if form.errors else 200)


def _be(request: HttpRequest, person: int) -> HttpResponse:
    """Remember the choice; acting for family was somebody else's and ends."""
    request.session["person"] = person
    request.session.pop("acting_for", None)
    wanted = safe_next(request, request.session.pop("next", ""))
    return HttpResponseRedirect(wanted or start_page(is_staff=False))


def _who_page(request: Asked, form: NameForm) -> HttpResponse:
    can_add = isinstance(request.user, Account) and bool(request.user.phone_index)
    context = {"form": form, "persons": request.persons, "can_add": can_add}
    return render(request, "people/who.html", context, status=422 if form.errors else 200)
