"""The counter: finding a resident, their card, and acting for them for at most 30 minutes."""

from datetime import datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.base.access import staff
from linli.base.addresses import first_address
from linli.base.asked import Asked, tried
from linli.base.crypto import seal, unseal
from linli.base.errors import Refused
from linli.organisations import actions
from linli.organisations.forms import AssistForm, ResidentForm, RevealForm, SearchForm
from linli.organisations.models import Membership, residents_of
from linli.organisations.rules import SEARCH_LIMIT, Power
from linli.organisations.views.slips import hand_over
from linli.people.models import Person, Residency
from linli.people.rules import grouped, phone_number

MOST_FOUND = 10
SEALED_FOR = "organisations.search"


@staff(Power.INTAKE)
def assist_start(request: Asked) -> HttpResponse:
    """Find a resident by whole number or by name. What was typed stays out of addresses; whoever is shown can
    see it.
    """
    form, now = SearchForm(request.POST or None), timezone.now()
    if request.method == "POST" and form.is_valid():
        typed = seal(form.cleaned_data["wanted"].strip(), bound_to=SEALED_FOR).hex()
        request.session["resident_search"] = {"typed": typed, "ends_at": (now + SEARCH_LIMIT).timestamp()}
        return redirect("organisations:assist_start")
    wanted = _wanted(request, now)
    found: list[Person] = []
    if wanted and request.method == "GET":
        form = SearchForm({"wanted": wanted})
        found = tried(form, lambda: _find(request, wanted, now)) or []
        actions.shown_in_list(found, request.person, intake_role(request), now)
    context = {
        "form": form,
        "found": _with_buildings(found, now),
        "has_more": len(found) == MOST_FOUND,
        "wanted": wanted,
    }
    return render(request, "organisations/assist_start.html", context, status=422 if form.errors else 200)


@staff(Power.INTAKE)
def register_resident(request: Asked) -> HttpResponse:
    """Register someone who is here or on the line for the first time."""
    form = ResidentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed, by = form.cleaned_data, request.person
        person = tried(
            form,
            lambda: actions.register_at_counter(typed["name"], typed["phone"], timezone.now(), by),
        )
        if person is not None:
            request.session["met"] = person.token
            return redirect("organisations:resident", person.token)
    return render(
        request, "organisations/register_resident.html", {"form": form}, status=422 if form.errors else 200
    )


@staff(Power.INTAKE)
def resident(request: Asked, token: str) -> HttpResponse:
    """Show a resident's card, masked, with what a worker can do for them."""
    return card(request, resident_of(request, token), AssistForm(), RevealForm())


@staff(Power.INTAKE)
@require_POST
def assist(request: Asked, token: str) -> HttpResponse:
    """Begin to act for the resident."""
    person, form = resident_of(request, token), AssistForm(request.POST)
    if form.is_valid():
        typed, body = form.cleaned_data, intake_role(request).organisation
        session = tried(
            form,
            lambda: actions.assist(
                request.person, body, person, typed["reason"], typed["channel"], timezone.now()
            ),
        )
        if session is not None:
            goal = first_address(("cases:speak", "front:mine"))
            return HttpResponseRedirect(goal) if goal else redirect("organisations:resident", token)
    return card(request, person, form, RevealForm())


@staff(Power.INTAKE)
@require_POST
def end_assist(request: Asked) -> HttpResponse:
    """Stop acting for the resident; where it ran out already, nothing is left to do."""
    if request.assisting is None:
        return redirect("organisations:assist_start")
    ended = actions.end_assist(request.assisting, timezone.now())
    return redirect("organisations:resident", ended.resident.token)


@staff(Power.INTAKE)
@require_POST
def reveal(request: Asked, token: str) -> HttpResponse:
    """Open name, number and address for 60 seconds, after writing down why."""
    person, form, now = resident_of(request, token), RevealForm(request.POST), timezone.now()
    if form.is_valid():
        why = form.cleaned_data["why"]
        actions.reveal(person, request.person, intake_role(request), why, now)
        return redirect("organisations:resident_in_clear", token)
    return card(request, person, AssistForm(), form)


@staff(Power.INTAKE)
def resident_in_clear(request: Asked, token: str) -> HttpResponse:
    """Show what was opened until the 60 seconds are over; then the browser goes back to the masked card by
    itself.
    """
    person, now = resident_of(request, token), timezone.now()
    left = int(actions.is_open_to(person, request.person, now).total_seconds())
    if left <= 0:
        return redirect("organisations:resident", token)
    context = {"resident": person, "residencies": _residencies(person, now), "left": left}
    answer = render(request, "organisations/resident_in_clear.html", context)
    answer["Refresh"] = f"{left}; url=../"
    return answer


@staff(Power.INTAKE)
@require_POST
def issue_paper_code(request: Asked, token: str) -> HttpResponse:
    """Give a resident without a phone a slip with a code."""
    person, now = resident_of(request, token), timezone.now()
    code = actions.issue_paper_code_at_counter(person, by=request.person, at=now)
    return hand_over(request, "paper", grouped(code), person.masked, now)


@staff(Power.INTAKE)
@require_POST
def revoke_paper_code(request: Asked, token: str) -> HttpResponse:
    """Make a lost slip worthless."""
    person = resident_of(request, token)
    actions.revoke_paper_code_at_counter(person, by=request.person, at=timezone.now())
    return redirect("organisations:resident", token)


def resident_of(request: Asked, token: str) -> Person:
    """Return the resident, where the caller may look them up or just took down their name and number; else 404."""
    if token == request.session.get("met"):
        return get_object_or_404(Person, token=token)
    person: Person = get_object_or_404(residents_of(request.memberships, timezone.localdate()), token=token)
    return person


def intake_role(request: Asked) -> Membership:
    """Return the first role in which the caller takes residents' matters in."""
    role: Membership = next(row for row in request.memberships if Power.INTAKE in row.powers)
    return role


def card(request: Asked, person: Person, assist_form: AssistForm, reveal_form: RevealForm) -> HttpResponse:
    """Render the masked card; being shown leaves a line in the resident's trail."""
    now = timezone.now()
    actions.shown_in_list([person], request.person, intake_role(request), now)
    assisting = request.assisting
    context = {
        "resident": person,
        "residencies": _residencies(person, now),
        "covered": [row.place for row in request.memberships if Power.INTAKE in row.powers],
        "assist_form": assist_form,
        "reveal_form": reveal_form,
        "is_assisted": assisting is not None and assisting.resident == person,
    }
    has_errors = bool(assist_form.errors or reveal_form.errors)
    return render(request, "organisations/resident.html", context, status=422 if has_errors else 200)


def _residencies(person: Person, at: datetime) -> list[Residency]:
    today = timezone.localdate(at)
    return list(person.residencies.on(today).with_building().order_by("-since", "-pk"))


def _wanted(request: Asked, at: datetime) -> str:
    kept = request.session.get("resident_search")
    if not kept or at.timestamp() >= kept["ends_at"]:
        return ""
    return unseal(bytes.fromhex(kept["typed"]), bound_to=SEALED_FOR)


def _find(request: Asked, wanted: str, at: datetime) -> list[Person]:
    """A number finds whom the caller may look up; a name only those who live within the caller's places."""
    today = timezone.localdate(at)
    if any(sign.isdigit() for sign in wanted):
        reachable = residents_of(request.memberships, today)
        return list(reachable.of_phone(phone_number(wanted)).order_by("pk")[:MOST_FOUND])
    if len(wanted) < 2:
        raise Refused(_("姓名请至少写两个字，或者写全手机号。"))
    places = [row.place for row in request.memberships if Power.INTAKE in row.powers]
    near = Person.objects.living_within(places, today).filter(name__contains=wanted)
    return list(near.order_by("name", "pk")[:MOST_FOUND])


def _with_buildings(found: list[Person], at: datetime) -> list[dict[str, object]]:
    """Return each person found with the building they live in: an address is shown down to 幢."""
    rows = Residency.objects.on(timezone.localdate(at)).filter(person__in=found).with_building()
    buildings = {row.person_id: row.building for row in rows}
    return [
        {"person": person, "building": building.full_name if (building := buildings.get(person.pk)) else ""}
        for person in found
    ]
