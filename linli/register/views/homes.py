"""A home and its households: who lives there, who joins, what happened."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.base.errors import require
from linli.organisations.rules import Power
from linli.people import actions as people
from linli.people.models import Person, Residency
from linli.places.models import Kind, Place, inside
from linli.register import actions
from linli.register.forms import RelationForm, ResidentForm
from linli.register.models import Event, Household, HouseholdMember, homes_of, registered_places
from linli.register.record import register_role
from linli.register.views.people import resident_of
from linli.register.views.typed import typed_in

WAYS_DOWN = (Kind.ESTATE, Kind.BUILDING, Kind.UNIT, Kind.HOME)


@staff(Power.REGISTER, Power.INTAKE)
def home(request: Asked, token: str) -> HttpResponse:
    """Show who lives in a home and owns it, its households and what happened there; names masked."""
    place, now = home_of(request, token), timezone.now()
    today = timezone.localdate(now)
    rows = list(
        Residency.objects.on(today)
        .filter(home=place, person__merged_into=None)
        .select_related("person")
        .order_by("-lives_there", "tenure", "pk")
    )
    members = HouseholdMember.objects.on(today).filter(household__home=place).select_related(
        "person", "household"
    )  # fmt: skip
    events = list(Event.objects.filter(place=place).order_by("-on", "-pk")[:20])
    persons = {row.person_id: row.person for row in [*rows, *members]}
    actions.shown_at_home(persons.values(), place, request.person, register_role(request), now)
    context = {
        "place": place,
        "rows": rows,
        "members": list(members.order_by("household", "relation", "pk")),
        "events": events,
        "has_tenants": any(row.tenure == "tenant" for row in rows),
    }
    return render(request, "register/home.html", context)


@staff(Power.REGISTER, Power.INTAKE)
def find_home(request: Asked) -> HttpResponse:
    """Find a home step by step within one's places."""
    own = Place.objects.live().filter(inside(registered_places(request.memberships)))
    token = request.GET.get("at", "")
    place = get_object_or_404(own, token=token) if token else None
    if place is not None and place.kind == Kind.HOME:
        return redirect("register:home", place.token)
    choices = own.filter(parent=place, kind__in=WAYS_DOWN) if place else own.filter(kind=Kind.ESTATE)
    context = {"place": place, "choices": list(choices.order_by("sort_name", "id")[:300])}
    return render(request, "register/find_home.html", context)


@staff(Power.REGISTER, Power.INTAKE)
def add_resident(request: Asked, token: str) -> HttpResponse:
    """Register who lives in a home (or owns it): somebody new, or somebody known by name and number."""
    place, now = home_of(request, token), timezone.now()
    form = ResidentForm(typed_in(request), initial={"since": timezone.localdate(now), "lives_there": True})
    if request.method == "POST" and form.is_valid():
        who = tried(form, lambda: _register(place, form.cleaned_data, request, now))
        if who is not None:
            return redirect("register:person", who.token)
    context = {"place": place, "form": form}
    return render(request, "register/add_resident.html", context, status=422 if form.errors else 200)


def _register(place: Place, typed: dict[str, Any], request: Asked, at: datetime) -> Person:
    return actions.register_at(
        place,
        actions.Resident(
            typed["name"], typed["phone"], typed["identity_kind"], typed["identity"],
            typed["tenure"], typed["since"], typed["lives_there"], typed["in_both"],
        ),
        source=typed["source"],
        by=request.person,
        at=at,
    )  # fmt: skip


@staff(Power.REGISTER, Power.INTAKE)
def household(request: Asked, token: str) -> HttpResponse:
    """Show a household: members with what they are to its head, and those who were."""
    row, now = _household(request, token), timezone.now()
    members = list(row.members.select_related("person").order_by("until", "relation", "pk"))
    inside_it = {member.person_id for member in members if member.until is None}
    at_home = Residency.objects.on(timezone.localdate(now)).filter(home=row.home, lives_there=True)
    others = list(
        at_home.exclude(person__in=inside_it).filter(person__merged_into=None).select_related("person")
    )
    shown = [member.person for member in members] + [row.person for row in others]
    actions.shown_household(shown, row, request.person, register_role(request), now)
    context = {"household": row, "members": members, "others": others, "form": RelationForm()}
    return render(request, "register/household.html", context)


@staff(Power.REGISTER, Power.INTAKE)
@require_POST
def found_household(request: Asked, token: str) -> HttpResponse:
    """Set up a household of a home, with its head."""
    place, now = home_of(request, token), timezone.now()
    head = resident_of(request, request.POST.get("head", ""))
    made = actions.found_household(place, head, timezone.localdate(now), by=request.person, at=now)
    return redirect("register:household", made.token)


@staff(Power.REGISTER, Power.INTAKE)
@require_POST
def set_member(request: Asked, token: str) -> HttpResponse:
    """Let somebody join a household, be something else to its head, be the head, or leave."""
    row, now = _household(request, token), timezone.now()
    who, by = resident_of(request, request.POST.get("person", "")), request.person
    today, verb = timezone.localdate(now), request.POST.get("verb", "join")
    if verb == "leave":
        require(row.members.filter(person=who, until=None).exists(), _("这位居民不在这一户里。"))
        actions.leave(who, today, by=by, at=now)
    elif verb == "head":
        actions.change_head(row, who, by=by, at=now)
    else:
        actions.join(row, who, request.POST.get("relation", ""), today, by=by, at=now)
    return redirect("register:household", token)


@staff(Power.REGISTER, Power.INTAKE)
@require_POST
def describe(request: Asked, token: str) -> HttpResponse:
    """Say in what way somebody belongs to a home: lives there or not, 户口 there or not."""
    own = Residency.objects.within(registered_places(request.memberships)).select_related("person")
    row = get_object_or_404(own, token=token)
    who = resident_of(request, row.person.token)
    said = {"yes": True, "no": False}
    lives = said.get(request.POST.get("lives_there", ""))
    registered = said.get(request.POST.get("is_registered", ""))
    people.describe(row, request.person, timezone.now(), lives_there=lives, is_registered=registered)
    return redirect("register:person", who.token)


def home_of(request: Asked, token: str) -> Place:
    """Return a home where the caller keeps the register; else 404."""
    place: Place = get_object_or_404(homes_of(request.memberships), token=token)
    return place


def _household(request: Asked, token: str) -> Household:
    homes = homes_of(request.memberships)
    row: Household = get_object_or_404(
        Household.objects.filter(home__in=homes.values("pk")).select_related("home"), token=token
    )
    return row
