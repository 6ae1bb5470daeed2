"""What the record says of a case: the facts that anyone may hold against it later.

Each recorded act carries `facts_of(case)` as they were after it, so the newest entry of a case must equal the row as
it stands; `linli verify-log` compares the two and names the field that differs.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from linli.cases.models import Case
from linli.cases.rules import Visibility

KIND = "cases.Case"


def facts_of(case: Case) -> dict[str, Any]:
    """Return the recorded facts of a case, without personal data.

    The category is left out where its kind is not public by default, and the public words are named by their
    SHA-256, "" while nobody may read them.
    """
    category = case.category
    said = "\n".join((case.public_title, case.public_text, case.public_answer))
    is_public = case.visibility == Visibility.PUBLIC
    return {
        "number": case.number,
        "matter": case.matter,
        "category": category.code if category is not None and category.is_public else "",
        "filed_at": _moment(case.filed_at),
        "lead": case.lead.token if case.lead is not None else "",  # a body may be renamed, its token stays
        "tier": case.tier,
        "state": case.state,
        "round": case.round,
        "due": _moment(case.due),
        "resolved_at": _moment(case.resolved_at),
        "closed_at": _moment(case.closed_at),
        "public_words": hashlib.sha256(said.encode()).hexdigest() if is_public else "",
    }


def recorded_cases(ids: Iterable[int]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yield (id, number, facts) of these cases as their rows stand now."""
    rows = Case.objects.filter(pk__in=list(ids)).select_related("category", "lead")
    for case in rows.order_by("pk"):
        yield case.pk, case.number, facts_of(case)


def differing(recorded: dict[str, Any], case: Case) -> list[str]:
    """Return the names of the facts in which the row differs from what its newest entry says."""
    now = facts_of(case)
    return [name for name in now if name in recorded and recorded[name] != now[name]]


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""
