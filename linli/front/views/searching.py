"""搜索: pages by what people call them, places by name, public matters by their words."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from linli.base.access import open_to_all
from linli.base.addresses import first_address
from linli.base.asked import Asked
from linli.cases.models import Case
from linli.front.rules import found
from linli.front.views.lines import public_lines
from linli.places.models import Kind, Place

LONGEST = 40  # signs of a search; more is cut
CASES = 20
PLACES = 8
SEARCHED = 5000


@open_to_all
def search(request: Asked) -> HttpResponse:
    """Find pages, places and public matters; 长辈版 and its other names lead to the switch itself."""
    asked = request.GET.get("q", "").strip()[:LONGEST]
    now = timezone.localtime()
    posts = found(asked)
    context = {
        "now": now,
        "asked": asked,
        "finds_elder": any(post.is_elder_switch for post in posts),
        "pages": [(post.title, address) for post in posts if (address := first_address(post.names))],
        "places": _places(asked) if asked else [],
        "lines": public_lines(_cases(asked), now) if asked else [],
        "searched": SEARCHED,
    }
    return render(request, "front/search.html", context)


def _places(asked: str) -> list[Place]:
    rows = Place.objects.live().filter(kind__in=(Kind.COMMUNITY, Kind.ESTATE)).matching(asked)
    return list(rows.select_related("community")[:PLACES])


def _cases(asked: str) -> list[Case]:
    """Return the newest matches among the newest `SEARCHED` public matters, so that the work stays the same."""
    newest = Case.objects.public().order_by("-id").values("pk")[:SEARCHED]
    meets = Q(public_title__contains=asked) | Q(public_text__contains=asked)
    rows = Case.objects.filter(meets, pk__in=newest).select_related("lead", "owner", "estate")
    return list(rows.order_by("-id")[:CASES])
