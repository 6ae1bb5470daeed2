"""What departments demand of communities: counts, fields and overlap, never a person."""

from collections import defaultdict
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linli.base.access import staff
from linli.base.asked import Asked
from linli.organisations.rules import Power
from linli.reports import actions
from linli.reports.models import Column, Demand
from linli.reports.rules import FACTS, Source, overlaps
from linli.reports.rules.demanding import TIMES_A_YEAR

SHOWN_EACH = 100  # demands of one department that are listed; all are counted


@staff(Power.OVERSEE)
@require_safe
def demands(request: Asked) -> HttpResponse:
    """Show by department what it demands, how often and until when, and what several departments ask alike."""
    today = timezone.localdate()
    every = "all" in request.GET
    rows = Demand.objects.overseen_by(request.memberships)
    if not every:
        rows = rows.on(today)
    counted = rows.select_related("template__place", "organisation").annotate(
        asked=Count("template__columns", filter=~Q(template__columns__source=Source.NUMBER)),
        typed=Count("template__columns", filter=Q(template__columns__source=Source.QUESTION)),
    )
    found = list(counted.defer("template__book_sealed").order_by("demander", "-since", "pk"))
    shown = [row for row in found if not row.is_own]
    context = {
        "departments": _by_department(shown),
        "overlaps": overlaps(_facts_asked(shown)),
        "own": len(found) - len(shown),
        "every": every,
        "today": today,
        "communities": len({row.template.place_id for row in shown}),
        "count": len(shown),
    }
    return render(request, "reports/demands.html", context)


def _by_department(rows: list[Any]) -> list[dict[str, Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.demander].append(row)
    made = [
        {
            "demander": demander,
            "count": len(own),
            "demands": own[:SHOWN_EACH],
            "more": len(own[SHOWN_EACH:]),
            "tables": len({row.template.name for row in own}),
            "cells": sum(row.asked for row in own),
            "typed": sum(row.typed for row in own),
            "a_year": sum(TIMES_A_YEAR.get(row.period, 1) for row in own),
            "answered": sum(1 for row in own if row.answered_at),
        }
        for demander, own in found.items()
    ]
    return sorted(made, key=lambda one: (-one["count"], one["demander"]))


def _facts_asked(rows: list[Any]) -> list[tuple[str, str, str]]:
    """Return (fact, label, demander) once for each fact of each demand; one more query."""
    demanders: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows:
        demanders[row.template_id].append(row.demander)
    columns = Column.objects.filter(template__in=demanders, source=Source.FACT)
    tags = {f"tag:{code}": name for code, name in actions.tag_kinds()}
    asked = set(columns.values_list("template_id", "fact"))
    return [
        (fact, str(FACTS[fact].label) if fact in FACTS else tags.get(fact, fact), demander)
        for template, fact in sorted(asked)
        for demander in demanders[template]
    ]
