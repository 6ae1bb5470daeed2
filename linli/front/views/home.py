"""首页: where a resident comes home to and what a stranger sees at the door; 长辈版 has four big doors."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from linli.base.access import open_to_all, staff
from linli.base.addresses import address_for
from linli.base.asked import Asked
from linli.cases.models import Case
from linli.front.rules import RECENT, greeting
from linli.front.views.lines import own_lines, public_lines, recent_figures
from linli.notices.models import Notice
from linli.organisations.models import Organisation, Tier
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.places.models import Kind, Place
from linli.todos.models import Todo

NEWEST = 5
AT_THE_DOOR = 12  # communities named to a stranger; the rest are found by search


@open_to_all
@never_cache
def home(request: Asked) -> HttpResponse:
    """What waits for me, what is said around me, and the way to say something."""
    now = timezone.localtime()
    person = concerned(request)
    place = _home_of(person, now)
    context: dict[str, Any] = {"now": now, "greeting": greeting(now.hour), "concerned": person}
    context |= _around(place, now) if place else _at_the_door()
    if person is not None:
        context |= _mine(person, now)
    return render(request, "front/home_elder.html" if request.elder else "front/home.html", context)


@open_to_all
def around(request: Asked) -> HttpResponse:
    """大家说: my own estate's public page, or the communities to choose from."""
    place = _home_of(concerned(request), timezone.localtime())
    if place is not None and place.estate is not None:
        return HttpResponseRedirect(address_for("front:estate", place.estate.token))
    if place is not None and place.community is not None:
        return HttpResponseRedirect(address_for("front:community", place.community.token))
    return render(request, "front/around.html", _at_the_door())


@staff(*Power.values)
def work(request: Asked) -> HttpResponse:
    """All doors of the workbench, for the phone whose bar holds only four of them."""
    return render(request, "front/work.html")


def concerned(request: Asked) -> Person | None:
    """Return whose matters the page is about: the one acted for, else the one who is here."""
    person: Person | None = request.acting_for or request.person
    return person


def desk_of(place: Place) -> Organisation | None:
    """Return the service desk of the community of `place`, whose telephone every page may name."""
    return Organisation.objects.serving(place).filter(is_desk=True).first()


def _home_of(person: Person | None, now: datetime) -> Place | None:
    found = person.home_now(now.date()) if person else None
    if found is None:
        return None
    return Place.objects.select_related("estate", "community").get(pk=found.pk)


def _around(place: Place, now: datetime) -> dict[str, Any]:
    """Return what is said where this home is: in the estate, or in the community where there is none."""
    shown = place.estate or place.community or place
    newest = (
        Case.objects.public().within(shown).select_related("lead", "owner", "estate").order_by("-id")[:NEWEST]
    )
    desk = desk_of(place)
    return {
        "estate": shown,
        "community": place.community,
        "desk": desk,
        "telephone": desk.telephone if desk else "",
        "lines": public_lines(newest, now),
        "figures": recent_figures(shown, RECENT),
    }


def _at_the_door() -> dict[str, Any]:
    """Return the communities where Linli is switched on: those with a desk of their own."""
    communities = (
        Place.objects.filter(kind=Kind.COMMUNITY, served_by__is_desk=True, served_by__tier=Tier.COMMUNITY)
        .filter(served_by__retired_at=None)
        .select_related("street")
        .distinct()
        .order_by("name", "id")[: AT_THE_DOOR + 1]
    )
    found = list(communities)
    return {"communities": found[:AT_THE_DOOR], "has_more": len(found) > AT_THE_DOOR}


def _mine(person: Person, now: datetime) -> dict[str, Any]:
    """Return what waits for this person, what they said last and what they have not read."""
    own = Case.objects.of_person(person).select_related("lead", "owner", "estate").order_by("-id")[:3]
    return {
        "waiting": Todo.objects.open_of(person, []).order_by("due", "id")[:NEWEST],
        "own": own_lines(own, now),
        "notices": Notice.objects.of(person).unread().order_by("-at", "-id")[:3],
    }
