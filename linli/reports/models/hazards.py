"""The rows of a hazard ledger: cases that speak of a danger, with what was done about it by a day. No persons."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate, make_aware

from linli.cases.models import Case
from linli.cases.rules import State, Verb
from linli.duties.models import Matter
from linli.places.models import Kind, Place, inside
from linli.reports.models.endings import ended_then
from linli.reports.models.gathering import Row, address_of
from linli.reports.rules import Who
from linli.reports.rules.lists import CASE_DONE, CASE_OPEN
from linli.triage.rules import masked, personal_data

HAZARD = Q(matter=Matter.HAZARD) | Q(category__matter=Matter.HAZARD)
LEFT_OUT = (State.WITHDRAWN, State.MERGED, State.DECLINED)
COLUMNS = {Kind.GRID: "grid", Kind.ESTATE: "estate", Kind.COMMUNITY: "community", Kind.STREET: "street"}


def at_place(place: Place) -> Q:
    """Return the condition "a case at or under this place", by the case's own column where it has one."""
    column = COLUMNS.get(Kind(place.kind))
    return Q(**{column: place}) if column else inside([place], "place__")


def hazards(place: Place, on: date, who: Who, codes: frozenset[str]) -> list[Row]:
    """Return one row for each hazard found in the year of `on` up to that day, and each older one still open then.

    The words are the public ones, or the text with names, numbers and doors covered: nobody is named.
    """
    until = make_aware(datetime.combine(on + timedelta(days=1), time.min))
    year = make_aware(datetime.combine(on.replace(month=1, day=1), time.min))
    here = Case.objects.filter(HAZARD & at_place(place), filed_at__lt=until).exclude(state__in=LEFT_OUT)
    ended = {pk: when for pk, (how, when) in ended_then(here, until).items() if how != Verb.DECLINED}
    open_then = Q(resolved_at=None) | Q(resolved_at__gte=until)
    cases = (
        here.filter(Q(filed_at__gte=year) | open_then)
        .select_related("category", "place", "lead", "grid", "estate", "community", "street", "district")
        .order_by("filed_at", "pk")
    )
    made = [_row(case, until, ended.get(case.pk)) for case in cases]
    return [row for row in made if not who.is_open or row.facts["case_state"] == CASE_OPEN]


def _row(case: Case, until: datetime, then: datetime | None) -> Row:
    ended = then or case.resolved_at or (case.closed_at if case.state == State.ON_SPOT else None)
    is_done = ended is not None and ended < until
    text = case.public_text or masked(case.text, personal_data(case.text))
    place = case.place.parent if case.place.kind == Kind.HOME and case.place.parent else case.place
    body = case.lead or case.owner
    facts: dict[str, Any] = {
        "case_number": case.number,
        "case_kind": case.category.name if case.category else case.get_matter_display(),
        "case_place": address_of(place),
        "case_text": text,
        "case_found": localdate(case.filed_at),
        "case_channel": case.channel,
        "case_lead": body.name if body else "",
        "case_due": localdate(case.due) if case.due else None,
        "case_measure": case.public_answer if is_done else "",
        "case_done": localdate(ended) if ended and is_done else None,
        "case_state": CASE_DONE if is_done else CASE_OPEN,
    }
    for tier in ("grid", "estate", "community", "street", "district"):
        held = getattr(case, tier)
        facts[tier] = held.name if held else ""
    return Row(case.subject, case.number, facts)
