"""Bodies and their members, for those who administer or oversee a place."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.base.pages import page_of
from linli.organisations import actions
from linli.organisations.forms import AppointForm, DayForm, OrganisationForm
from linli.organisations.models import Membership, Organisation, administered
from linli.organisations.rules import Power, Role
from linli.organisations.views.slips import hand_over
from linli.people.models import Person


@staff(Power.ADMINISTER, Power.OVERSEE)
def organisations(request: Asked) -> HttpResponse:
    """List the bodies that serve anything within the caller's places."""
    rows = Organisation.objects.seen_by(request.memberships).prefetch_related("serves")
    today = timezone.localdate()
    in_force = Q(memberships__since__lte=today) & (
        Q(memberships__until=None) | Q(memberships__until__gt=today)
    )
    rows = rows.annotate(members=Count("memberships__person", filter=in_force, distinct=True))
    context = {
        "page": page_of(rows, request, ["name", "pk"]),
        "may_administer": Power.ADMINISTER in request.powers,
    }
    return render(request, "organisations/list.html", context)


@staff(Power.ADMINISTER, Power.OVERSEE)
def organisation(request: Asked, token: str) -> HttpResponse:
    """Show one body, what it serves, and to its administrator who acts for it; others see how many, not who."""
    row = get_object_or_404(Organisation.objects.seen_by(request.memberships), token=token)
    today = timezone.localdate()
    members = Membership.objects.on(today).filter(organisation=row).select_related("person", "place")
    may_administer = _administers(request, row)
    own = members.administered_by(request.memberships).order_by("role", "pk") if may_administer else []
    context = {
        "organisation": row,
        "serves": row.serves.order_by("path"),
        "members": own,
        "roles": _head_count(members),
        "may_administer": may_administer,
    }
    return render(request, "organisations/organisation.html", context)


@staff(Power.ADMINISTER)
def create(request: Asked) -> HttpResponse:
    """Set up a body within the places one administers."""
    form = OrganisationForm(request.POST or None, own_places=administered(request.memberships))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        made = tried(
            form,
            lambda: actions.create(
                typed["name"],
                typed["function"],
                typed["tier"],
                typed["serves"],
                timezone.now(),
                telephone=typed["telephone"],
                is_desk=typed["is_desk"],
            ),
        )
        if made is not None:
            return redirect("organisations:organisation", made.token)
    return render(request, "organisations/create.html", {"form": form}, status=422 if form.errors else 200)


@staff(Power.ADMINISTER)
def appoint(request: Asked, token: str) -> HttpResponse:
    """Appoint someone to a role and, where they are new, hand over their first password on paper."""
    row = get_object_or_404(Organisation.objects.administered_by(request.memberships), token=token)
    today, own = timezone.localdate(), administered(request.memberships)
    form = AppointForm(request.POST or None, organisation=row, own_places=own, initial={"since": today})
    if request.method == "POST" and form.is_valid():
        typed, by, now = form.cleaned_data, request.person, timezone.now()
        appointment = (row, typed["role"], typed["place"])
        engaged = tried(
            form,
            lambda: actions.engage(
                typed["name"], typed["phone"], typed["username"], appointment, typed["since"], by, now
            ),
        )
        if engaged is not None and engaged[1]:
            return _hand_password_to(engaged[0].person, engaged[1], request, now)
        if engaged is not None:
            return redirect("organisations:organisation", token)
    context = {"form": form, "organisation": row}
    return render(request, "organisations/appoint.html", context, status=422 if form.errors else 200)


def _hand_password_to(worker: Person, password: str, request: Asked, now: datetime) -> HttpResponse:
    account = worker.staff_account
    username = account.username if account is not None else None
    return hand_over(request, "password", password, worker.name, now, username or "")


@staff(Power.ADMINISTER)
def dismiss(request: Asked, token: str) -> HttpResponse:
    """End a role from a day on."""
    row = _membership(request, token)
    form = DayForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        on, by = form.cleaned_data["on"], request.person
        if tried(form, lambda: actions.dismiss(row, on, by, timezone.now())) is not None:
            return redirect("organisations:organisation", row.organisation.token)
    context = {"form": form, "row": row}
    return render(request, "organisations/dismiss.html", context, status=422 if form.errors else 200)


@staff(Power.ADMINISTER)
@require_POST
def recover(request: Asked, token: str) -> HttpResponse:
    """Give a worker who lost password or authenticator a new way in, on paper."""
    row, now = _membership(request, token), timezone.now()
    password = actions.recover(row, by=request.person, at=now)
    return _hand_password_to(row.person, password, request, now)


@staff(Power.ADMINISTER)
@require_POST
def retire(request: Asked, token: str) -> HttpResponse:
    """Close a body."""
    row = get_object_or_404(Organisation.objects.administered_by(request.memberships), token=token)
    actions.retire(row, by=request.person, at=timezone.now())
    return redirect("organisations:list")


def _membership(request: Asked, token: str) -> Membership:
    rows = Membership.objects.on(timezone.localdate()).administered_by(request.memberships)
    membership: Membership = get_object_or_404(
        rows.select_related("person", "organisation", "place"), token=token
    )
    return membership


def _head_count(members: QuerySet[Membership]) -> list[dict[str, object]]:
    """Return how many persons hold each role."""
    counted = members.values("role").annotate(people=Count("person", distinct=True)).order_by("role")
    return [{"words": Role(row["role"]).label, "people": row["people"]} for row in counted]


def _administers(request: Asked, organisation: Organisation) -> bool:
    return Organisation.objects.administered_by(request.memberships).filter(pk=organisation.pk).exists()
