"""Finding places by words, for pickers and for anyone."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from linli.base.access import open_to_all
from linli.places import actions as places
from linli.places.models import Kind, Place, PlaceQuerySet
from linli.places.rules import SEES_TREE


@open_to_all
def find(request: HttpRequest) -> HttpResponse:
    """Places whose full name holds the words of `?q=`, or with that division code.

    htmx gets the choices of the picker named by `?name=`, who asks for JSON gets JSON, everybody else a page.
    `?within=` (a token) and `?kinds=` (several, or with commas) narrow it. Homes are found only by staff
    within their places.
    """
    name = request.GET.get("name", "place")[:40]
    words = (request.GET.get("q") or request.GET.get(f"{name}_words", "")).strip()[:60]
    kinds = tuple(
        kind for typed in request.GET.getlist("kinds") for kind in typed.split(",") if kind in Kind.values
    )
    picker = places.Choice(name, words, kinds=kinds)
    if words:
        found = _open_to(request)
        places.find(picker, found.filter(kind__in=kinds) if kinds else found)
    if "application/json" in request.headers.get("Accept", ""):
        rows = [_named(place) for place in picker.options]
        return JsonResponse({"words": words, "problem": picker.problem, "places": rows})
    template = "places/choices.html" if request.headers.get("HX-Request") else "places/find.html"
    return render(request, template, {"choice": picker})


def _open_to(request: HttpRequest) -> PlaceQuerySet:
    """Return what the caller may find: everything but homes, and for staff the homes of their own places."""
    live = Place.objects.live()
    within = live.filter(token=request.GET.get("within", "")).first()
    if within is not None:
        live = live.within(within)
    open_to_all = live.exclude(kind=Kind.HOME)
    if request.powers & SEES_TREE:  # type: ignore[attr-defined]
        return open_to_all | live.seen_by(request.memberships)  # type: ignore[attr-defined]
    return open_to_all


def _named(place: Place) -> dict[str, str]:
    return {
        "token": place.token,
        "name": place.name,
        "full_name": place.full_name,
        "kind": place.kind,
        "above": place.district.name if place.district and place.kind != Kind.DISTRICT else "",
        "code": place.code or "",
    }
