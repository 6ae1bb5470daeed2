"""How matters stood at a moment that is past: what had ended by then, though it was taken up again since."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from linli.cases.models import Event
from linli.cases.rules import Verb

ENDINGS = (Verb.RESOLVED, Verb.ON_SPOT, Verb.DECLINED)


def open_by_now(until: datetime) -> Q:
    """Return the condition "as its row says today, it was open at `until`": solved or closed later, or not at all."""
    solved_later = Q(resolved_at=None) | Q(resolved_at__gte=until)
    return solved_later & (Q(closed_at=None) | Q(closed_at__gte=until))


def ended_then(cases: Any, until: datetime) -> dict[int, tuple[str, datetime]]:
    """Return {case: (how, when)} of those that had ended before `until` and were open again later.

    A row knows its last ending alone ("not solved" takes the former back); the timeline knows them all. One query.
    """
    found = Event.objects.filter(
        case__in=cases.filter(filed_at__lt=until).filter(open_by_now(until)).values("pk"),
        at__lt=until,
        verb__in=(*ENDINGS, Verb.REOPENED),
    )
    last = {
        case: (verb, at) for case, verb, at in found.order_by("at", "pk").values_list("case", "verb", "at")
    }
    return {case: (verb, at) for case, (verb, at) in last.items() if verb != Verb.REOPENED}
