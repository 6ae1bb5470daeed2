"""The three rates with all that belongs to them, the rows behind each count, and open data."""

import csv
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.access import open_to_all, staff
from linli.base.asked import Asked
from linli.base.pages import page_of
from linli.cases.models import Case
from linli.duties.models import Category
from linli.insights.actions import midnight
from linli.insights.forms import PeriodForm
from linli.insights.models import MonthlyCount, Tally, cases_behind
from linli.insights.rules import MINIMUM_CELL, MINIMUM_COUNT, Measure, suppressed, three_rates
from linli.organisations.models import Organisation
from linli.organisations.rules import Power
from linli.places.models import Kind, Place

TIERS = (Kind.COMMUNITY, Kind.STREET, Kind.DISTRICT)


def own_places(request: Asked) -> list[Place]:
    """Return the communities, streets and districts that the caller oversees, the widest first."""
    found = {}
    for membership in request.memberships:
        place = membership.place
        if place.kind not in TIERS:
            place = place.community
        if place is not None:
            found[place.pk] = place
    return sorted(found.values(), key=lambda place: len(place.path))


def chosen_place(request: Asked) -> Place:
    """Return the place named by ?place=, at or under one of the caller's own; their widest by default."""
    own = own_places(request)
    token = request.GET.get("place")
    if not token and own:
        return own[0]
    place = get_object_or_404(Place, token=token, kind__in=TIERS)
    if not any(place.path.startswith(one.path) for one in own):
        raise Http404
    return place


@staff(Power.OVERSEE, Power.DISPATCH, Power.AUDIT)
def rates(request: Asked) -> HttpResponse:
    """三率 of a place and of each body that led there, by name and never by rank."""
    place = chosen_place(request)
    form = PeriodForm(request.GET if "first" in request.GET else None)
    first, last = form.period(timezone.localdate())
    form.initial = {"first": first, "last": last}
    tallies = Tally.objects.at(place).between(first, last)
    bodies: dict[int, dict[str, int]] = {}
    counted = tallies.order_by().values_list("organisation", "measure").annotate(n=Sum("count"))
    for body, measure, count in counted:
        bodies.setdefault(body or 0, {})[measure] = count
    known = {body.pk: body for body in Organisation.objects.filter(pk__in=bodies)}
    by_body = sorted(
        ((known[key].name, known[key].token, three_rates(tally)) for key, tally in bodies.items() if key),
        key=lambda row: row[0],
    )
    beneath = Place.objects.filter(parent=place, kind__in=TIERS).order_by("name")
    whole = {measure: sum(tally.get(measure, 0) for tally in bodies.values()) for measure in Measure.values}
    context = {
        "place": place,
        "places": own_places(request),
        "beneath": beneath,
        "form": form,
        "first": first,
        "last": last,
        "rates": three_rates(whole),
        "repeated": whole[Measure.REPEATED],
        "filed": whole[Measure.FILED],
        "bodies": by_body,
        "minimum": MINIMUM_COUNT,
        "measures": [(value, label, whole[value]) for value, label in Measure.choices],
    }
    return render(request, "insights/rates.html", context)


@staff(Power.OVERSEE, Power.DISPATCH, Power.AUDIT)
def rows(request: Asked, measure: str) -> HttpResponse:
    """The cases behind one count. No acting person is in them, and no reporter."""
    if measure not in Measure.values:
        raise Http404
    place = chosen_place(request)
    form = PeriodForm(request.GET or None)
    first, last = form.period(timezone.localdate())
    since, until = midnight(first), midnight(last + timedelta(days=1))
    token = request.GET.get("body")
    body = get_object_or_404(Organisation, token=token) if token else None
    cases = cases_behind(Measure(measure), place, since, until, body)
    page = page_of(cases.select_related("category", "lead", "estate", "community"), request, ["-id"])
    shown = Case.objects.filter(pk__in=[case.pk for case in page.rows])
    may_open = shown.public() | shown.handled_by(request.memberships)
    context = {
        "place": place,
        "label": Measure(measure).label,
        "first": first,
        "last": last,
        "page": page,
        "may_open": set(may_open.values_list("pk", flat=True)),  # the others are counted, not read
        "body": body,
    }
    return render(request, "insights/rows.html", context)


@open_to_all
def open_data(request: Asked, token: str) -> HttpResponse:
    """What can be taken away about a community, and what every column means."""
    community = get_object_or_404(Place, token=token, kind=Kind.COMMUNITY)
    table = monthly_table(community, timezone.localdate())
    categories = dict(Category.objects.values_list("code", "name"))
    named = [
        (
            month,
            [(categories.get(code, _("其他")), cell) for code, cell in cells.items() if cell is not None],
            sum(cell is None for cell in cells.values()),
        )
        for month, cells in table
    ]
    context = {"community": community, "table": named, "minimum": MINIMUM_CELL}
    return render(request, "insights/open_data.html", context)


@open_to_all
def open_file(request: Asked, token: str, form: str) -> HttpResponse:
    """The table of `open_data` as CSV (with BOM, for spreadsheets) or JSON; hidden cells are empty or null."""
    community = get_object_or_404(Place, token=token, kind=Kind.COMMUNITY)
    table = monthly_table(community, timezone.localdate())
    note = _("少于 %(n)s 件的格子不公开") % {"n": MINIMUM_CELL}
    if form == "json":
        body: dict[str, Any] = {
            "community": community.name,
            "code": community.code,
            "note": note,
            "rows": [
                {"month": month.isoformat()[:7], "category": code, "filed": cell}
                for month, cells in table
                for code, cell in cells.items()
            ],
        }
        return JsonResponse(body, json_dumps_params={"ensure_ascii": False})
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{community.code or community.token}.csv"'
    answer.write("\ufeff")
    sheet = csv.writer(answer)
    sheet.writerow(["month", "category", "filed", "note"])
    for month, cells in table:
        for code, cell in cells.items():
            sheet.writerow(
                [month.isoformat()[:7], code, "" if cell is None else cell, note if cell is None else ""]
            )
    return answer


def monthly_table(community: Place, today: date) -> list[tuple[date, dict[str, int | None]]]:
    """Return the last twelve months, newest first, as category code → how many public cases came in."""
    since = (today.replace(day=1) - timedelta(days=340)).replace(day=1)
    months: dict[date, dict[str, int]] = {}
    for row in MonthlyCount.objects.filter(community=community, month__gte=since).order_by(
        "-month", "category"
    ):
        months.setdefault(row.month, {})[row.category] = row.filed
    return [(month, suppressed(cells)) for month, cells in months.items()]
