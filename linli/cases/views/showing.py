"""What the working page of a case needs, gathered in a constant number of queries."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.base.asked import Asked
from linli.base.worktime import Unit
from linli.cases import actions
from linli.cases.models import Asking, Case, Event
from linli.cases.rules import OPEN, WITH_A_UNIT, Part, ReturnReason, State
from linli.cases.rules.sentences import sentence, step_words
from linli.cases.views.stories import Step, files_of, pictures_of, story_of
from linli.duties.models import Category
from linli.organisations.models import Organisation
from linli.organisations.rules import Power

MOST_BODIES = 60


def handler_context(request: Asked, case: Case, now: datetime, *, revealed: bool) -> dict[str, Any]:
    """Return everything `cases/work.html` shows, with what the caller's roles may do now."""
    bodies = {m.organisation_id for m in request.memberships}
    orders = list(case.orders.select_related("organisation", "worker").order_by("-round", "-part", "id"))
    mine = [o for o in orders if o.ended_at is None and o.organisation_id in bodies]
    events = case.events.select_related("organisation", "by").order_by("id")
    at_desk = case.owner_id in bodies and Power.DISPATCH in request.powers
    context = {
        "bodies": [],
        "case": case,
        "now": now,
        "revealed": revealed,
        "sentence": sentence(story_of(case), now),
        "steps": [_step(event) for event in events],
        "files": files_of(case, released_only=False),
        "orders": orders,
        "order": mine[0] if mine and Power.HANDLE in request.powers else None,
        "is_lead": bool(mine) and mine[0].part == Part.LEAD,
        "askings": _askings(case, bodies),
        "check": case.checks.filter(checked_at=None, organisation__in=bodies).first(),
        "verdicts": case.verdicts.shown_to_handlers(now).order_by("round"),
        "is_open": case.state in OPEN,
        "is_with_unit": case.state in WITH_A_UNIT,
        "is_paused": case.state == State.PAUSED,
        "at_desk": at_desk,
        "units": [unit for unit in Unit if unit != Unit.URGENT_HOUR],
        "return_reasons": ReturnReason.choices,
        "merged": case.merged.all(),
        "parts": case.parts.all(),
    }
    return context | (_desk_context(case, now) if at_desk else {})


def _desk_context(case: Case, now: datetime) -> dict[str, Any]:
    """Return what the desk chooses from: proposals with their reasons first, then everything else by name."""
    bodies = Organisation.objects.active().serving(case.place).order_by("name")
    return {
        "categories": Category.objects.leaves().select_related("parent"),
        "category_proposals": actions.proposed_categories(case),
        "unit_proposals": actions.proposed_units(case),
        "bodies": bodies[:MOST_BODIES],
        "alike": actions.alike_for_staff(case, now),
        "photos": pictures_of(case),
        "moderations": case.moderations.select_related("by").order_by("-id"),
        "spans": actions.proposed_masks(case.text),
    }


def _askings(case: Case, bodies: set[int]) -> list[Asking]:
    """Return what waits for the caller's bodies to be ruled on."""
    rows = Asking.objects.filter(order__case=case, decided_at=None, arbiter__in=bodies)
    return list(rows.select_related("order__organisation"))


def _step(event: Event) -> Step:
    body = event.organisation.name if event.organisation else ""
    who = event.by.name if event.by and event.organisation else ""
    words = step_words(event.verb, body)
    if not event.is_public:
        words = _("%(words)s（内部）") % {"words": words}
    return Step(event.at, words, event.words, who)
