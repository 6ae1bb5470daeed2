"""租房登记: a landlord registers, a tenant confirms, and either ends it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.base.access import signed_in
from linli.base.asked import Asked, tried
from linli.lettings import actions, rules
from linli.lettings.forms import EndForm, LettingForm, UntilForm
from linli.lettings.models import Inquiry, Letting, Newcomer, Offer, Tenant, owned_homes
from linli.lettings.rules import LettingState, TenantState
from linli.lettings.standing import sentence_of
from linli.people.models import Person
from linli.places.models import Place

SHOWN = 40


@signed_in
@require_GET
def mine(request: Asked) -> HttpResponse:
    """Everything of one's own here: who wants to live in one's home, what one lets, rents and offers."""
    person, now = whose(request), timezone.now()
    today = timezone.localdate(now)
    arrivals = list(
        Newcomer.objects.for_occupant(person, now, today).select_related("home").order_by("pk")[:SHOWN]
    )
    lettings = Letting.objects.of_landlord(person, today).select_related("home").prefetch_related("tenants")
    rented = Letting.objects.of_tenant(person).select_related("home").prefetch_related("tenants")
    inquiries = list(
        Inquiry.objects.waiting()
        .for_owner(person)
        .select_related("person", "offer__home")
        .order_by("pk")[:SHOWN]
    )
    if arrivals:
        actions.shown_to_occupant(arrivals, request.person, now)
    if inquiries:
        actions.shown_inquiries(inquiries, request.person, _("业主"), now)
    context = {
        "now": now,
        "whose": person,
        "arrivals": arrivals,
        "lettings": _lines(lettings.order_by("-pk")[:SHOWN], person, today),
        "rented": _lines(rented.order_by("-pk")[:SHOWN], person, today),
        "inquiries": inquiries,
        "homes": _homes(person, now),
        "asked": list(
            Newcomer.objects.filter(registered_by=person).select_related("home").order_by("-pk")[:5]
        ),
    }
    return render(request, "lettings/mine.html", context)


def _lines(rows: Any, person: Person, today: Any) -> list[tuple[Letting, str, str]]:
    return [(row, *sentence_of(row, person, today)) for row in rows]


def _homes(person: Person, now: Any) -> list[tuple[Place, Offer | None]]:
    """Return the homes one may let or offer, each with its offer that stands."""
    homes = list(owned_homes(person, timezone.localdate(now)).order_by("full_name", "pk")[:SHOWN])
    offers = {row.home_id: row for row in Offer.objects.shown(now).filter(home__in=homes)}
    return [(home, offers.get(home.pk)) for home in homes]


@signed_in
@require_http_methods(["GET", "POST"])
def register(request: Asked, home: str) -> HttpResponse:
    """Register a letting of a home that one owns."""
    person, now = whose(request), timezone.now()
    place = get_object_or_404(owned_homes(person, timezone.localdate(now)), token=home)
    lines = 8 if request.GET.get("more") else 3
    form = LettingForm(request.POST or None, initial={"since": timezone.localdate(now)}, lines=lines)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        terms = actions.Terms(typed["since"], typed["until"], typed["purpose"], form.tenants)
        row = tried(form, lambda: actions.register_letting(place, person, terms, by=request.person, at=now))
        if row is not None:
            messages.success(request, _("登记了，等承租人确认。"))
            return redirect("lettings:letting", row.token)
    context = {"form": form, "place": place, "rules": rules, "has_more": lines == 3}
    return render(request, "lettings/let.html", context, status=422 if form.errors else 200)


@signed_in
@require_GET
def letting(request: Asked, token: str) -> HttpResponse:
    """One letting, to its landlord or to one of its tenants."""
    row, tenant = _row(request, token)
    return _page(request, row, tenant, {})


def _page(
    request: Asked, row: Letting, tenant: Tenant | None, forms_shown: dict[str, forms.Form]
) -> HttpResponse:
    person, now = whose(request), timezone.now()
    today = timezone.localdate(now)
    words = _("出租人") if tenant is None else _("承租人")
    actions.shown_letting(row, request.person, words, now)
    is_landlord = tenant is None
    sentence, tone = sentence_of(row, person, today)
    is_live = row.state in rules.LIVE_LETTINGS
    context = {
        "row": row,
        "tenant": tenant,
        "is_landlord": is_landlord,
        "sentence": sentence,
        "tone": tone,
        "rules": rules,
        "may_answer": tenant is not None and tenant.state == TenantState.WAITING and is_live,
        "may_extend": is_landlord and is_live,
        "may_withdraw": is_landlord and row.state == LettingState.WAITING,
        "may_end": row.state == LettingState.RUNNING
        and (is_landlord or (tenant is not None and tenant.state == TenantState.LIVES_THERE)),
        "until_form": UntilForm(auto_id="until_%s"),
        "end_form": EndForm(initial={"on": today}, auto_id="end_%s"),
    } | forms_shown
    status = 422 if any(form.errors for form in forms_shown.values()) else 200
    return render(request, "lettings/letting.html", context, status=status)


@signed_in
@require_POST
def act(request: Asked, token: str, verb: str) -> HttpResponse:
    """Confirm, decline, extend, end or withdraw."""
    row, tenant = _row(request, token)
    if verb in {"confirm", "decline"} and tenant is not None:
        return _answer(request, tenant, verb)
    if verb == "withdraw" and tenant is None:
        actions.withdraw(row, by=whose(request), at=timezone.now())
        messages.success(request, _("记下了：没有租成。"))
        return redirect("lettings:letting", token)
    if verb == "extend" and tenant is None:
        until = UntilForm(request.POST, auto_id="until_%s")
        return _changed(
            request, row, tenant, "until_form", until,
            lambda: actions.extend(row, until.cleaned_data["until"], by=whose(request), at=timezone.now()),
        )  # fmt: skip
    if verb == "end":
        ending = EndForm(request.POST, auto_id="end_%s")
        return _changed(
            request, row, tenant, "end_form", ending,
            lambda: actions.end(row, ending.cleaned_data["on"], by=whose(request), at=timezone.now()),
        )  # fmt: skip
    raise Http404


def _answer(request: Asked, tenant: Tenant, verb: str) -> HttpResponse:
    by, now = whose(request), timezone.now()
    if verb == "confirm":
        actions.confirm(tenant, by=by, at=now)
        messages.success(request, _("确认好了。"))
    else:
        actions.decline(tenant, by=by, at=now)
        messages.success(request, _("记下了，不会登记您。"))
    return redirect("lettings:letting", tenant.letting.token)


def _changed(
    request: Asked, row: Letting, tenant: Tenant | None, name: str, form: forms.Form, act: Callable[[], Any]
) -> HttpResponse:
    if form.is_valid() and tried(form, act) is not None:
        messages.success(request, _("办好了，对方会收到通知。"))
        return redirect("lettings:letting", row.token)
    return _page(request, row, tenant, {name: form})


def _row(request: Asked, token: str) -> tuple[Letting, Tenant | None]:
    """Return a letting of the caller's, and the tenant they are in it (None: its landlord); else 404."""
    person, today = whose(request), timezone.localdate()
    rows = Letting.objects.select_related("home", "landlord").prefetch_related("tenants")
    theirs = rows.filter(token=token)
    owned = theirs.of_landlord(person, today).first()
    if owned is not None:
        return owned, None
    row = get_object_or_404(theirs.of_tenant(person))
    return row, Tenant.objects.of_person(person).select_related("letting").get(letting=row)


def whose(request: Asked) -> Person:
    """Return whose lettings these pages show: the assisted resident's, else one's own."""
    person: Person = request.acting_for if request.assisting is not None else request.person
    return person
