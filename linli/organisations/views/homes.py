"""A resident's home, proved at the counter; codes for homes."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.organisations import actions
from linli.organisations.forms import DayForm, SettleForm
from linli.organisations.rules import Power
from linli.organisations.views.residents import intake_role, resident_of
from linli.organisations.views.slips import hand_over
from linli.people.rules import grouped
from linli.places.models import Kind, Place, inside

WAYS_DOWN = (Kind.COMMUNITY, Kind.ESTATE, Kind.BUILDING, Kind.UNIT, Kind.HOME)


@staff(Power.INTAKE)
def settle(request: Asked, token: str) -> HttpResponse:
    """Find the home within one's own places and record that the resident proved it."""
    person, place = resident_of(request, token), _picked(request)
    form = SettleForm(request.POST or None, initial={"since": timezone.localdate()})
    if request.method == "POST" and place is not None and form.is_valid():
        typed, by = form.cleaned_data, request.person
        settled = tried(
            form,
            lambda: actions.settle_at_counter(
                person, place, typed["tenure"], typed["since"], by, timezone.now()
            ),
        )
        if settled is not None:
            return redirect("organisations:resident", token)
    context = {"resident": person, "form": form, **_picker(request, place)}
    return render(request, "organisations/settle.html", context, status=422 if form.errors else 200)


@staff(Power.INTAKE)
def verify(request: Asked, token: str, residency: str) -> HttpResponse:
    """Vouch for a home that the resident had named themselves."""
    person = resident_of(request, token)
    row = get_object_or_404(person.residencies.select_related("home"), token=residency)
    if request.method == "POST":
        actions.verify_at_counter(row, by=request.person, at=timezone.now())
        return redirect("organisations:resident", token)
    actions.shown_home(row, request.person, intake_role(request), timezone.now())
    return render(request, "organisations/verify.html", {"resident": person, "row": row})


@staff(Power.INTAKE)
def move_out(request: Asked, token: str, residency: str) -> HttpResponse:
    """End a residency because the resident says so."""
    person = resident_of(request, token)
    row = get_object_or_404(person.residencies.with_building(), token=residency, until=None)
    form = DayForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        on, by = form.cleaned_data["on"], request.person
        if tried(form, lambda: actions.move_out_at_counter(row, on, by, timezone.now())) is not None:
            return redirect("organisations:assist_start")
    context = {"resident": person, "row": row, "form": form}
    return render(request, "organisations/move_out.html", context, status=422 if form.errors else 200)


@staff(Power.INTAKE)
def home_code(request: Asked) -> HttpResponse:
    """Make a verification code for one home, to be handed over or put into its letter box."""
    place = _picked(request)
    if request.method == "POST" and place is not None:
        now = timezone.now()
        _row, code = actions.issue_home_code_at_counter(place, by=request.person, at=now)
        return hand_over(request, "home", grouped(code), place.full_name, now)
    return render(request, "organisations/home_code.html", _picker(request, place))


def _own(request: Asked) -> list[Place]:
    return [row.place for row in request.memberships if Power.INTAKE in row.powers]


def _picked(request: Asked) -> Place | None:
    token = request.GET.get("at", "")
    return (
        get_object_or_404(Place.objects.live().filter(inside(_own(request))), token=token) if token else None
    )


def _picker(request: Asked, place: Place | None) -> dict[str, object]:
    """Return one step on the way from the caller's places down to a home."""
    live = Place.objects.live().filter(inside(_own(request)))
    choices = (
        live.filter(parent=place, kind__in=WAYS_DOWN).order_by("kind", "name", "pk")
        if place is not None
        else live.filter(kind=Kind.ESTATE).order_by("full_name", "pk")
    )
    return {
        "place": place,
        "choices": list(choices[:300]),
        "is_home": place is not None and place.kind == Kind.HOME,
    }
