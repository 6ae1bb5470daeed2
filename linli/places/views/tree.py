"""The tree of places as staff see it: what lies in their own, adding to it and changing it."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from linli.base.access import staff
from linli.base.pages import page_of
from linli.places import actions as places
from linli.places.forms import AddForm, ChangeForm, KindForm, shown_position
from linli.places.models import Kind, Place, PlaceCode, grounds
from linli.places.rules import CHANGES_TREE, FACILITY_KINDS, LACKS, SEES_TREE, may_be_added_under, may_hold


def seen(request: HttpRequest, token: str, powers: frozenset[str] = SEES_TREE) -> Place:
    """Return the place of `token` where the caller holds one of `powers`, or raise Http404."""
    mine = Place.objects.seen_by(request.memberships, powers)  # type: ignore[attr-defined]
    return get_object_or_404(mine.select_related("parent", "grid", "community"), token=token)


def may_change(request: HttpRequest, place: Place) -> bool:
    """Tell whether the caller may change `place`."""
    return any(ground.holds(place) for ground in grounds(request.memberships, CHANGES_TREE))  # type: ignore[attr-defined]


@staff(*SEES_TREE)
def tree(request: HttpRequest) -> HttpResponse:
    """Where the caller's places begin, and a search in them."""
    mine = grounds(request.memberships)  # type: ignore[attr-defined]
    words = request.GET.get("q", "").strip()
    choice = places.Choice("q", words)
    if words:
        places.find(choice, Place.objects.within_any(mine).live())
    return render(request, "places/tree.html", {"grounds": mine, "words": words, "choice": choice})


@staff(*SEES_TREE)
def place(request: HttpRequest, token: str) -> HttpResponse:
    """One place: where it is, what is known of it, its code, and what lies under it."""
    found = seen(request, token)
    kind = request.GET.get("kind", "")
    children = Place.objects.filter(parent=found).live()
    counts = list(children.values("kind").annotate(count=Count("id")).order_by("kind"))
    shown = children.filter(kind=kind) if kind in Kind.values else children
    mine = grounds(request.memberships)  # type: ignore[attr-defined]
    context = {
        "place": found,
        "above": [(step, any(ground.holds(step) for ground in mine)) for step in reversed(found.chain()[1:])],
        "page": page_of(shown, request, ["kind", "sort_name", "id"], size=50),
        "kinds": [(row["kind"], Kind(row["kind"]).label, row["count"]) for row in counts],
        "kind": kind,
        "code": PlaceCode.objects.live().filter(place=found).first(),
        "aliases": list(found.aliases.order_by("code")),
        "position": shown_position(found),
        "lacks": [LACKS.get(word, word) for word in found.lacks],
        "may_change": may_change(request, found),
        "may_move": bool(may_hold(found.kind)),
        "may_add": bool(may_be_added_under(found.kind)) and found.retired_at is None,
    }
    return render(request, "places/place.html", context)


@staff(*CHANGES_TREE)
def change(request: HttpRequest, token: str) -> HttpResponse:
    """Change what is known of a place."""
    found = seen(request, token, CHANGES_TREE)
    form = ChangeForm(request.POST or None, place=found)
    if request.method == "POST" and form.is_valid():
        person: Any = request.person  # type: ignore[attr-defined]
        now = timezone.now()
        name = form.cleaned_data.get("name", found.name)
        places.change_place(found, name, by=person, at=now, **form.facts)
        messages.success(request, _("改好了。"))
        return redirect("places:place", token=found.token)
    context = {"place": found, "form": form, "facility_kinds": facility_kinds()}
    return render(request, "places/change.html", context, status=422 if form.is_bound else 200)


@staff(*CHANGES_TREE)
def add(request: HttpRequest, token: str) -> HttpResponse:
    """Add one or many places of a kind (`?kind=`) under a place; without the kind it is asked first."""
    parent = seen(request, token, CHANGES_TREE)
    asked = KindForm(request.GET if "kind" in request.GET else None, parent=parent)
    if not asked.is_valid():
        return render(
            request, "places/add_kind.html", {"place": parent, "kinds": may_be_added_under(parent.kind)}
        )
    kind = Kind(asked.cleaned_data["kind"])
    form = AddForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        names = form.cleaned_data["names"]
        places.plant_many(kind, parent, [form.facts | {"name": name} for name in names])
        done = ngettext("添加了 %(n)s 个。", "添加了 %(n)s 个。", len(names)) % {"n": len(names)}
        messages.success(request, done)
        return redirect(reverse("places:place", args=[parent.token]) + f"?kind={kind}")
    context = {"place": parent, "kind": kind, "form": form, "facility_kinds": facility_kinds()}
    return render(request, "places/add.html", context, status=422 if form.is_bound else 200)


@staff(*CHANGES_TREE)
def retire(request: HttpRequest, token: str) -> HttpResponse:
    """Say what taking a place out of use means (GET), then do it (POST): two steps, for it is final."""
    found = seen(request, token, CHANGES_TREE)
    if request.method != "POST":
        beneath = Place.objects.live().within(found).exclude(pk=found.pk).count()
        return render(request, "places/retire.html", {"place": found, "beneath": beneath})
    places.retire(found, by=request.person, at=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, _("「%(name)s」已经停用，过去的记录都还在。") % {"name": found.name})
    return redirect("places:place", token=found.parent.token if found.parent else found.token)


def facility_kinds() -> list[str]:
    """Return the words offered for what a facility is; any other may be written."""
    return [word for words in FACILITY_KINDS.values() for word in words]


@staff(*CHANGES_TREE)
@require_POST
def lay(request: HttpRequest, token: str) -> HttpResponse:
    """Lay a grid over the ticked of the buildings that were shown, and lift it from the others of them."""
    grid = seen(request, token, CHANGES_TREE)
    ticked = set(request.POST.getlist("building"))
    shown = Place.objects.seen_by(request.memberships, CHANGES_TREE).filter(  # type: ignore[attr-defined]
        token__in=request.POST.getlist("shown"), community=grid.community_id
    )
    in_or_out: tuple[list[Place], list[Place]] = [], []
    for building in shown:
        in_or_out[building.token not in ticked].append(building)
    places.draw_grid(grid, in_or_out[0], in_or_out[1], by=request.person, at=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, _("网格划好了。"))
    back = request.POST.get("estate", "")
    return redirect(reverse("places:grid", args=[grid.token]) + (f"?estate={back}" if back else ""))


@staff(*SEES_TREE)
def grid(request: HttpRequest, token: str) -> HttpResponse:
    """The buildings of the grid's community, those in it ticked; `?estate=` narrows them to one estate."""
    found = seen(request, token)
    if found.kind != Kind.GRID:
        return redirect("places:place", token=found.token)
    around = Place.objects.live().filter(community=found.community_id)
    estates = list(around.filter(kind=Kind.ESTATE).order_by("sort_name", "id"))
    estate = next((row for row in estates if row.token == request.GET.get("estate")), None)
    buildings = around.filter(kind=Kind.BUILDING).select_related("grid", "estate")
    if estate is not None:
        buildings = buildings.filter(estate=estate)
    context = {
        "place": found,
        "estates": estates,
        "estate": estate,
        "page": page_of(buildings, request, ["sort_name", "id"], size=60),
        "homes": Place.objects.live().filter(grid=found, kind=Kind.HOME).count(),
        "may_change": may_change(request, found),
    }
    return render(request, "places/grid.html", context)
