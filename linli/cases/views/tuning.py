"""办件参数: the numbers of the clocks at a place, what each means, and who changed them when."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.cases import actions
from linli.cases.forms.tuning import NumbersForm
from linli.cases.models import CaseSettings, CaseSettingsChange, settings_at
from linli.cases.rules import NUMBERS, Limits
from linli.organisations.rules import Power
from linli.places import actions as places
from linli.places.models import Kind, Place, grounds

SEES = frozenset({Power.EDIT_DUTIES, Power.OVERSEE, Power.DISPATCH})
TUNED = (Kind.DISTRICT, Kind.STREET, Kind.COMMUNITY)
MOST_SHOWN = 30


@staff(*sorted(SEES))
def numbers(request: Asked) -> HttpResponse:
    """Choose a place, and see which places depart from the default numbers."""
    mine = grounds(request.memberships, SEES)
    within = Place.objects.within_any(mine).filter(kind__in=TUNED)
    choice = places.Choice("place", kinds=TUNED)
    if "place_words" in request.GET:
        choice = places.choose(request.GET, "place", within, TUNED)
        if choice.place is not None:
            return redirect("cases:numbers_at", choice.place.token)
    own = CaseSettings.objects.filter(place__in=within).select_related("place").order_by("place__path")
    context = {
        "choice": choice,
        "mine": [place for place in mine if place.kind in TUNED],
        "own": own[:MOST_SHOWN],
    }
    return render(request, "cases/numbers.html", context, status=422 if choice.problem else 200)


@staff(*sorted(SEES))
def numbers_at(request: Asked, token: str) -> HttpResponse:
    """Show the numbers of a place with their meaning and history; whoever keeps its duty list changes them."""
    within = Place.objects.within_any(grounds(request.memberships, SEES)).live().filter(kind__in=TUNED)
    place = get_object_or_404(within, token=token)
    present = settings_at(place)
    limits = present.limits if present is not None else Limits()
    form = NumbersForm(request.POST or None, limits=limits)
    if request.method == "POST" and _saved(request, place, form):
        messages.success(request, _("记下了。正在办的事也按新的数往下算。"))
        return redirect("cases:numbers_at", place.token)
    may_tune = any(
        ground.holds(place) for ground in grounds(request.memberships, frozenset({Power.EDIT_DUTIES}))
    )
    context = {
        "place": place,
        "form": form,
        "may_tune": may_tune,
        "lines": _lines(limits),
        "source": present.place if present is not None else None,
        "changes": _changes(place),
    }
    return render(request, "cases/numbers_at.html", context, status=422 if form.errors else 200)


def _saved(request: Asked, place: Place, form: NumbersForm) -> bool:
    """Do what the form says: the numbers, or (one button) those of the tier above again."""
    now, by = timezone.now(), request.person
    if "follow" in request.POST:
        actions.untune(place, by=by, at=now, words=request.POST.get("words", ""))
        return True
    if not form.is_valid():
        return False
    words = form.cleaned_data["words"]
    tuned = tried(form, lambda: actions.tune(place, form.numbers, by=by, at=now, words=words))
    return tuned is not None


def _lines(limits: Limits) -> list[dict[str, Any]]:
    present, defaults = asdict(limits), asdict(Limits())
    return [
        {"number": number, "value": present[number.name], "default": defaults[number.name]}
        for number in NUMBERS
    ]


def _changes(place: Place) -> list[dict[str, Any]]:
    """Return the newest changes here and in the tiers above, each with what was set."""
    rows = CaseSettingsChange.objects.filter(place__in=place.ancestor_ids()).select_related("place", "by")
    labels = {number.name: number.label for number in NUMBERS}
    return [
        {
            "change": row,
            "set": [(labels.get(name, name), value) for name, value in (row.numbers or {}).items()],
        }
        for row in rows.order_by("-id")[:MOST_SHOWN]
    ]
