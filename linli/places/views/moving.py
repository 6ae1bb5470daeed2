"""Hanging a place under another parent: first what would move, then the move."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.access import staff
from linli.base.errors import Refused
from linli.places import actions as places
from linli.places.models import Kind, Place
from linli.places.rules import CHANGES_TREE, full_name, may_hold
from linli.places.views.tree import seen


@staff(*CHANGES_TREE)
def move(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the new parent (GET), show what follows from it (GET with an answer), and move (POST)."""
    found = seen(request, token, CHANGES_TREE)
    kinds = may_hold(found.kind)
    if not kinds:
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    among = Place.objects.seen_by(request.memberships, CHANGES_TREE)  # type: ignore[attr-defined]
    is_asked = request.method == "POST" or "parent_words" in asked or "parent" in asked
    choice = (
        places.choose(asked, "parent", among, kinds) if is_asked else places.Choice("parent", kinds=kinds)
    )
    context: dict[str, Any] = {"place": found, "choice": choice}
    if choice.place is not None:
        context |= preview(found, choice.place)
    if request.method == "POST" and choice.place is not None and not context["refusal"]:
        moved = places.move(found, choice.place, by=request.person, at=timezone.now())  # type: ignore[attr-defined]
        messages.success(request, _("移好了，现在是「%(name)s」。") % {"name": moved.full_name})
        return redirect("places:place", token=moved.token)
    is_refused = request.method == "POST" or bool(choice.problem)
    return render(request, "places/move.html", context, status=422 if is_refused else 200)


def preview(place: Place, parent: Place) -> dict[str, Any]:
    """Return what moving `place` under `parent` changes: names, counts of what goes along, or why it cannot be."""
    try:
        places.check_move(place, parent)
        refusal = "" if place.parent_id != parent.pk else _("它已经在那里了，不用移。")
    except Refused as refused:
        refusal = str(refused.reason)
    beneath = Place.objects.live().within(place).exclude(pk=place.pk)
    counts = beneath.values("kind").annotate(count=Count("id")).order_by("kind")
    return {
        "parent": parent,
        "refusal": refusal,
        "new_name": full_name(place.kind, place.name, parent.full_name),
        "beneath": [(Kind(row["kind"]).label, row["count"]) for row in counts],
        "changes_community": place.community_id != parent.community_id,
        "leaves_grid": place.grid if place.community_id != parent.community_id else None,
    }
