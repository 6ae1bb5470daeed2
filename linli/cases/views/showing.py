"""What the working page of a case needs, gathered in a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.base.asked import Asked
from linli.base.worktime import Unit, limit_words
from linli.cases import actions
from linli.cases.models import Asking, Case, Event, Moderation, Order
from linli.cases.rules import OPEN, WITH_A_UNIT, OrderState, Part, ReturnReason, State
from linli.cases.rules.sentences import sentence
from linli.cases.views.asking import answers_of
from linli.cases.views.stories import (
    Step,
    coming,
    files_of,
    hides_who_answered,
    is_running,
    pictures_of,
    story_of,
    words_of,
)
from linli.duties.models import Category
from linli.organisations.models import Membership, Organisation, Tier
from linli.organisations.rules import Power

MOST_BODIES = 60
LONG = 400  # characters; a longer text is folded, so that the next tap stays in sight


@dataclass(frozen=True)
class Waiting:
    """What a unit asked and the caller's body is to decide, with how long it wants where it wants time."""

    row: Asking
    length: str


@dataclass(frozen=True)
class Change:
    """One change of what the public reads."""

    row: Moderation
    words: str


def handler_context(request: Asked, case: Case, now: datetime) -> dict[str, Any]:
    """Return everything `cases/work.html` shows, with what the caller's roles may do now."""
    bodies = {m.organisation_id for m in request.memberships}
    orders = list(case.orders.select_related("organisation", "worker").order_by("-round", "-part", "id"))
    mine = [o for o in orders if o.ended_at is None and o.organisation_id in bodies]
    events = case.events.select_related("organisation", "by").order_by("id")
    at_desk = case.owner_id in bodies and Power.DISPATCH in request.powers
    askings = _askings(case, bodies)
    order = mine[0] if mine and Power.HANDLE in request.powers else None
    named = _persons_named(request)
    context = {
        "bodies": _bodies(case) if at_desk or askings else [],
        "case": case,
        "now": now,
        "sentence": sentence(story_of(case), now),
        "steps": [_step(event, named) for event in events if not hides_who_answered(case, event)]
        + coming(case),
        "files": files_of(case, released_only=False),
        "answers": answers_of(case),
        "orders": orders,
        "askings": askings,
        "check": case.checks.filter(checked_at=None, organisation__in=bodies).first(),
        "verdicts": case.verdicts.shown_to_handlers(now).order_by("round"),
        "is_open": case.state in OPEN,
        "is_running": is_running(case),
        "is_long": len(case.text) > LONG,
        "at_desk": at_desk,
        "speaks_for_desk": at_desk and order is None and case.state in OPEN,
        "merged": case.merged.all(),
        "parts": case.parts.all(),
        "parking": case.pauses.filter(until=None).first() if case.state == State.PAUSED else None,
    }
    waiting = [o for o in orders if o.ended_at is None and o.part == Part.ASSIST]
    context |= _order_context(case, order) | {"co_units": [o.organisation.name for o in waiting]}
    return context | (_desk_context(case, now) if at_desk else {})


def _order_context(case: Case, order: Order | None) -> dict[str, Any]:
    """Return what the caller's body may do with its order now, the one next step first."""
    is_lead = order is not None and order.part == Part.LEAD
    return {
        "order": order,
        "next": _next(case, order),
        "is_lead": is_lead,
        "is_with_unit": case.state in WITH_A_UNIT,
        "is_paused": case.state == State.PAUSED,
        "may_resolve": is_lead and case.state in (State.ASSIGNED, State.UNDER_WAY),
        "return_asked": order is not None and order.state == OrderState.RETURN_ASKED,
        "units": [unit for unit in Unit if unit != Unit.URGENT_HOUR],
        "return_reasons": ReturnReason.choices,
    }


def _next(case: Case, order: Order | None) -> str:
    """Return the one next step of a unit: sign, start, resume, resolve or answer; "" where it waits."""
    if order is None:
        return ""
    if case.state == State.PAUSED:
        return "resume" if order.part == Part.LEAD else ""
    if order.signed_at is None:
        return "sign"
    if order.part == Part.ASSIST:
        return "answer"
    if case.state == State.ASSIGNED and order.state != OrderState.RETURN_ASKED:
        return "start"
    return "resolve" if case.state == State.UNDER_WAY else ""


def _desk_context(case: Case, now: datetime) -> dict[str, Any]:
    """Return what the desk chooses from: proposals with their reasons first, then everything else by name."""
    is_open = case.state in OPEN
    is_waiting = is_open and case.state not in WITH_A_UNIT
    changes = case.moderations.select_related("by").order_by("-id")
    return {
        "categories": Category.objects.leaves(),
        "category_proposals": actions.proposed_categories(case) if is_open and not case.category else [],
        "unit_proposals": actions.proposed_units(case, localdate(now)) if is_waiting else [],
        "alike": actions.alike_for_staff(case, now) if is_open else [],
        "photos": pictures_of(case),
        "changes": [Change(row, _field_words(row.field)) for row in changes],
        "covered": [span.words for span in actions.proposed_masks(case.text)],
        "left_open": sorted(
            {span.words for spans in actions.found_personal(case).values() for span in spans}
        ),
    }


def _field_words(field: str) -> str:
    words = {
        "public_title": _("公开标题"),
        "public_text": _("公开内容"),
        "public_answer": _("公开答复"),
        "visibility": _("公开与否"),
    }
    return words.get(field, field)


def _bodies(case: Case) -> list[Organisation]:
    """Return the bodies that serve the place, by name, each once."""
    serving = Organisation.objects.serving(case.place).values("pk")
    return list(Organisation.objects.filter(pk__in=serving).order_by("name")[:MOST_BODIES])


def _askings(case: Case, bodies: set[int]) -> list[Waiting]:
    """Return what waits for the caller's bodies to be ruled on."""
    rows = Asking.objects.filter(order__case=case, decided_at=None, arbiter__in=bodies)
    return [
        Waiting(row, limit_words(row.amount, row.unit) if row.amount and row.unit else "")
        for row in rows.select_related("order__organisation")
    ]


def _persons_named(request: Asked) -> set[int] | None:
    """Return whose names the caller reads in the timeline, None for everybody's.

    Above the community a file names bodies, never persons: there only the caller's own colleagues are named.
    """
    roles = request.memberships
    if any(role.organisation.tier not in (Tier.STREET, Tier.DISTRICT) for role in roles):
        return None
    bodies = [role.organisation_id for role in roles]
    return set(Membership.objects.filter(organisation__in=bodies).values_list("person_id", flat=True))


def _step(event: Event, named: set[int] | None) -> Step:
    is_named = event.by is not None and (named is None or event.by_id in named)
    who = event.by.name if is_named and event.by and event.organisation else ""
    words = words_of(event)
    if not event.is_public:
        words = _("%(words)s（内部）") % {"words": words}
    return Step(event.at, words, event.words, who)
