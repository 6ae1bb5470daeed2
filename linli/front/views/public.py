"""What anyone may see without signing in: a community, an estate, and the place where a code hangs."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from linli.base.access import open_to_all
from linli.base.addresses import address_for
from linli.base.asked import Asked
from linli.base.pages import page_of
from linli.cases.models import Case
from linli.cases.rules import OPEN
from linli.front.rules import RECENT, SHELVES, Standing
from linli.front.views.home import desk_of
from linli.front.views.lines import public_lines, recent_figures
from linli.places.models import Kind, Place, PlaceCode
from linli.transparency.models import Log

SAID_HERE = 5


@open_to_all
def community(request: Asked, token: str) -> HttpResponse:
    """A community: its estates, what is said, under way and solved, and how to check it."""
    place = get_object_or_404(Place.objects.select_related("street"), token=token, kind=Kind.COMMUNITY)
    estates = Place.objects.live().filter(community=place, kind=Kind.ESTATE).order_by("name", "id")
    return render(request, "front/place.html", _shelves(request, place) | {"estates": estates[:60]})


@open_to_all
def estate(request: Asked, token: str) -> HttpResponse:
    """回家: an estate's page, open to anyone."""
    place = get_object_or_404(Place.objects.select_related("community"), token=token, kind=Kind.ESTATE)
    return render(request, "front/place.html", _shelves(request, place))


@open_to_all
def code(request: Asked, token: str) -> HttpResponse:
    """Where a sticker leads: it knows the place, shows what was said there, and offers to say something.

    A home's code shows nothing of the home: it leads to the estate. An old sticker says so and leads on.
    """
    found = PlaceCode.objects.select_related("place__estate", "place__community").filter(token=token).first()
    if found is None:
        return render(request, "front/code_unknown.html", status=404)
    place = found.place
    cases = Case.objects.none()
    if not place.shows_residents:
        cases = (
            Case.objects.public()
            .filter(place=place, state__in=OPEN)
            .select_related("lead", "owner", "estate")
        )
    now = timezone.localtime()
    context = {
        "now": now,
        "code": found,
        "place": place,
        "is_home": place.shows_residents,
        "is_old": not found.is_live or place.retired_at is not None,
        "lines": public_lines(cases.order_by("-id")[:SAID_HERE], now),
        "desk": desk_of(place),
        "facility": _facility_page(place),
    }
    return render(request, "front/code.html", context)


def _facility_page(place: Place) -> str:
    """Return the page of a facility that has a file, "" for any other place."""
    if place.kind != Kind.FACILITY or not hasattr(place, "facility"):
        return ""
    return address_for("facilities:facility", place.token)


def _record_of(community: Place) -> str:
    """Return the page of a community's log, "" before anything of it was recorded."""
    name = community.code or f"place-{community.token}"
    return address_for("transparency:log", name) if Log.objects.filter(name=name).exists() else ""


def _shelves(request: Asked, place: Place) -> dict[str, Any]:
    """Return one shelf of a place's public matters, the figures and where else to look."""
    now = timezone.localtime()
    show = request.GET.get("show", "")
    cases = Case.objects.public().within(place).select_related("lead", "owner", "estate")
    if show in Standing.values:
        cases = cases.filter(state__in=SHELVES[show])
    page = page_of(cases, request, ["-id"], size=15)
    desk = desk_of(place)
    above = place.community or place
    return {
        "now": now,
        "place": place,
        "show": show if show in Standing.values else "",
        "shelves": Standing.choices,
        "page": page,
        "lines": public_lines(page.rows, now, with_photos=True),
        "figures": recent_figures(place, RECENT),
        "desk": desk,
        "telephone": desk.telephone if desk else "",
        "facilities": address_for("facilities:around", place.token) if place.kind == Kind.ESTATE else "",
        "open_data": address_for("insights:open_data", above.token),
        "record": _record_of(above),
    }
