"""The templates of a community: what superiors demand, one of them, and a new one from their workbook."""

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.base.pages import page_of
from linli.organisations.rules import Power
from linli.places.actions import Choice
from linli.places.models import Place
from linli.reports import actions
from linli.reports.forms import DemandForm, FillForm, UploadForm
from linli.reports.models import Demand, Filling, Template, columns_of, registering
from linli.reports.models.figures import saved_cells
from linli.reports.rules import Source, saved_minutes
from linli.reports.views.sending import workbook

KEPT_VERSIONS = 10


def own_place(request: Asked) -> Place:
    """Return the place whose reports the caller fills: that of their first role that keeps a register."""
    return registering(request.memberships)[0]


@staff(Power.REGISTER)
@require_safe
def templates(request: Asked) -> HttpResponse:
    """List what is demanded of the caller's communities, and what filling it by machine saved."""
    place, today = own_place(request), timezone.localdate()
    rows = Template.objects.kept_by(request.memberships).in_use().listed()
    rows = rows.prefetch_related(Prefetch("demands", Demand.objects.order_by("-since", "-pk")))
    page = page_of(rows, request, ["-pk"])
    cells = saved_cells(place)
    context = {
        "page": page,
        "rows": [{"template": row, "demand": _current(row, today)} for row in page.rows],
        "place": place,
        "today": today,
        "cells": cells,
        "minutes": saved_minutes(cells, settings.SECONDS_PER_CELL),
        "seconds": settings.SECONDS_PER_CELL,
    }
    return render(request, "reports/templates.html", context)


def _current(template: Template, day: object) -> Demand | None:
    """Return the newest demand of a template whose demands were fetched along."""
    demands = list(template.demands.all())
    return next((row for row in demands if row.since <= day <= row.until), demands[0] if demands else None)  # type: ignore[operator]


@staff(Power.REGISTER)
def new(request: Asked) -> HttpResponse:
    """Take in a superior's workbook and lead to the page where its columns are matched."""
    form = UploadForm(
        request.POST or None, request.FILES or None, initial={"since": timezone.localdate(), "period": "once"}
    )
    if request.method == "POST" and form.is_valid():
        typed, place, by, now = form.cleaned_data, own_place(request), request.person, timezone.now()
        made = tried(
            form,
            lambda: actions.make(
                typed["name"], place, typed["subject"], form.upload(), form.asked(), by=by, at=now
            ),
        )
        if made is not None:
            return redirect("reports:columns", made.token)
    return render(request, "reports/new.html", {"form": form}, status=422 if form.errors else 200)


@staff(Power.REGISTER)
@require_POST
def ship(request: Asked) -> HttpResponse:
    """Set up the ledgers that every community keeps."""
    actions.ship(own_place(request), by=request.person, at=timezone.now())
    return redirect("reports:templates")


def kept(request: Asked, token: str) -> Template:
    """Return a template of the caller's own places, or 404."""
    rows = Template.objects.kept_by(request.memberships).listed()
    template: Template = get_object_or_404(rows, token=token)
    return template


@staff(Power.REGISTER)
@require_safe
def template(request: Asked, token: str) -> HttpResponse:
    """Show one template: who demands it, its columns, filling it, and the versions there are."""
    row, today = kept(request, token), timezone.localdate()
    return render(request, "reports/template.html", shown(row, today))


def shown(
    row: Template, today: object, form: FillForm | None = None, choice: object = None
) -> dict[str, object]:
    """Return what the page of one template shows."""
    facts = actions.facts_of(row.subject)
    columns = columns_of(row)
    fillings = Filling.objects.filter(template=row).listed().order_by("-pk")[: KEPT_VERSIONS + 1]
    demands = list(row.demands.order_by("-since", "-pk"))
    return {
        "template": row,
        "demands": demands,
        "demand": next((one for one in demands if one.since <= today <= one.until), None),  # type: ignore[operator]
        "latest": demands[0] if demands else None,
        "columns": [{"column": column, "fact": facts.get(column.fact)} for column in columns],
        "questions": sum(1 for column in columns if column.source == Source.QUESTION),
        "fillings": list(fillings[:KEPT_VERSIONS]),
        "form": form or FillForm(initial={"on": today, "is_whole": row.is_whole}),
        "choice": choice or Choice("place", row.place.full_name, place=row.place),
        "today": today,
    }


@staff(Power.REGISTER)
@require_safe
def blank(request: Asked, token: str) -> HttpResponse:
    """Hand out the superior's workbook as it came."""
    row = kept(request, token)
    return workbook(row.book, row.file_name)


@staff(Power.REGISTER)
def demand(request: Asked, token: str) -> HttpResponse:
    """Record a new basis for a workbook."""
    row, today = kept(request, token), timezone.localdate()
    latest = row.latest_demand()
    first = {"demander": latest.demander, "period": latest.period} if latest else {}
    form = DemandForm(request.POST or None, initial=first | {"since": today})
    if request.method == "POST" and form.is_valid():
        by, now = request.person, timezone.now()
        if tried(form, lambda: actions.demand(row, form.asked(), by=by, at=now)) is not None:
            return redirect("reports:template", token)
    context = {"form": form, "template": row, "latest": latest}
    return render(request, "reports/demand.html", context, status=422 if form.errors else 200)


@staff(Power.REGISTER)
@require_POST
def retire(request: Asked, token: str) -> HttpResponse:
    """Put a template away."""
    actions.retire(kept(request, token), by=request.person, at=timezone.now())
    return redirect("reports:templates")
