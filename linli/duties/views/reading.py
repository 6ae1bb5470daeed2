"""What anyone may read: the lists, their lines, what a version changed, and why a matter goes to whom."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from linli.base.access import open_to_all
from linli.base.asked import Asked
from linli.base.errors import Refused
from linli.base.pages import page_of
from linli.duties import actions
from linli.duties.actions import Decision
from linli.duties.models import Category, DutyLine, DutyList, kept_places
from linli.organisations.rules import Power
from linli.places import actions as places
from linli.places.models import Kind, Place


def readable(request: Asked) -> QuerySet[DutyList]:
    """Published lists for anyone, and drafts for their keepers."""
    kept = DutyList.objects.editable_by(request.memberships).values("pk")
    return DutyList.objects.filter(Q(published_at__isnull=False) | Q(pk__in=kept)).select_related("place")


@open_to_all
def lists(request: Asked) -> HttpResponse:
    """The published versions, newest first; for keepers also their drafts and where they may start one."""
    newer = DutyList.objects.published().filter(place=OuterRef("place"), number__gt=OuterRef("number"))
    rows = DutyList.objects.published().select_related("place").annotate(is_old=Exists(newer))
    kept = kept_places(request.memberships)
    drafts = DutyList.objects.editable_by(request.memberships).filter(published_at=None)
    context = {
        "page": page_of(rows, request, ["-published_at", "-pk"]),
        "drafts": drafts.select_related("place").order_by("pk"),
        "kept": list({place.pk: place for place in kept}.values()),
        "may_import": bool(request.powers & {Power.EDIT_DUTIES, Power.ADMINISTER}),
    }
    return render(request, "duties/lists.html", context)


@open_to_all
def duty_list(request: Asked, token: str) -> HttpResponse:
    """One version in plain words: its groups, or the lines of one group, or those that match words."""
    row = get_object_or_404(readable(request), token=token)
    group = request.GET.get("group", "")
    words = request.GET.get("q", "").strip()[:40]
    groups = Category.objects.filter(parent=None).order_by("order", "id")
    lines = _lines(row, group, words) if group or words else []
    context = {
        "duty_list": row,
        "groups": _counted(row, groups),
        "group": groups.filter(code=group).first() if group else None,
        "words": words,
        "lines": lines,
        "may_edit": row.is_draft,
    }
    return render(request, "duties/list.html", context)


def _lines(row: DutyList, group: str, words: str) -> list[DutyLine]:
    lines = row.ordered_lines()
    if group:
        lines = [line for line in lines if group in (line.category.code, _group_code(line.category))]
    if words:
        lines = [line for line in lines if _speaks_of(line.category, words)]
    return lines


def _group_code(category: Category) -> str:
    return category.parent.code if category.parent else category.code


def _speaks_of(category: Category, words: str) -> bool:
    lowered = words.lower()
    said = [category.name, category.english.lower(), *category.words]
    return any(lowered in saying or saying in lowered for saying in said)


def _counted(row: DutyList, groups: QuerySet[Category]) -> list[dict[str, Any]]:
    counts = dict(
        row.lines.values_list("category__parent").annotate(n=Count("pk")).values_list("category__parent", "n")
    )
    return [{"group": group, "count": counts.get(group.pk, 0)} for group in groups if counts.get(group.pk)]


@open_to_all
def line(request: Asked, token: str) -> HttpResponse:
    """One line, as explanations cite it."""
    lines = DutyLine.objects.select_related("duty_list__place", "category__parent", "place")
    row = get_object_or_404(lines.filter(duty_list__in=readable(request)), token=token)
    return render(request, "duties/line.html", {"line": row, "duty_list": row.duty_list})


@open_to_all
def changes(request: Asked, token: str) -> HttpResponse:
    """What a version changes against the one it was drafted from."""
    row = get_object_or_404(readable(request).select_related("based_on__place"), token=token)
    return render(
        request, "duties/changes.html", {"duty_list": row, "changes": actions.changes(row.based_on, row)}
    )


@open_to_all
def categories(request: Asked) -> HttpResponse:
    """All kinds of matters with what people call them and the questions that are asked first."""
    rows = Category.objects.leaves().order_by("order", "id")
    return render(request, "duties/categories.html", {"groups": _grouped(rows)})


def _grouped(rows: QuerySet[Category]) -> list[dict[str, Any]]:
    groups: dict[int, dict[str, Any]] = {}
    for category in rows:
        assert category.parent is not None  # noqa: S101 (leaves have a parent)
        found = groups.setdefault(category.parent.pk, {"group": category.parent, "leaves": []})
        found["leaves"].append(category)
    return list(groups.values())


@open_to_all
def why(request: Asked) -> HttpResponse:
    """Who would act on a matter at a place and until when, and why: `?category=` and a place."""
    found = Place.objects.live().exclude(kind=Kind.HOME)
    asked = "place" in request.GET or "place_words" in request.GET
    choice = places.choose(request.GET, "place", found) if asked else places.Choice("place")
    if choice.place is None and request.GET.get("place"):
        choice.place = found.filter(token=request.GET["place"]).first()
    leaves = Category.objects.leaves().order_by("order", "id")
    category = leaves.filter(code=request.GET.get("category", "")).first()
    decision, refusal = _decided(category, choice.place)
    context = {
        "groups": _grouped(leaves),
        "category": category,
        "choice": choice,
        "decision": decision,
        "refusal": refusal,
        "now": timezone.now(),
    }
    return render(request, "duties/why.html", context)


def _decided(category: Category | None, place: Place | None) -> tuple[Decision | None, str]:
    if category is None or place is None:
        return None, ""
    try:
        return actions.explain(category, place, timezone.now()), ""
    except Refused as refused:
        return None, str(refused.reason)
