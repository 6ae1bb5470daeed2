"""What the record says of a published duty list: its number, its size and the digest of every line's terms.

A published list never changes, so its rows must say the same for ever; `linli verify-log` compares the two.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from linli.duties.models import DutyLine, DutyList

KIND = "duties.DutyList"


def ref_of(duty_list: DutyList) -> str:
    """Return the public number of a list in the record."""
    return f"duties-{duty_list.token}"


def facts_of(duty_list: DutyList, lines: Sequence[DutyLine]) -> dict[str, Any]:
    """Return the recorded facts of a list; `lines` are its lines in their order, with category and place."""
    return {"version": duty_list.number, "lines": len(lines), "sha256": _digest_of(lines)}


def recorded_lists(ids: Iterable[int]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yield (id, public number, facts) of these published lists as their rows stand now."""
    for duty_list in DutyList.objects.filter(pk__in=list(ids)).exclude(published_at=None).order_by("pk"):
        yield duty_list.pk, ref_of(duty_list), facts_of(duty_list, duty_list.ordered_lines())


def _digest_of(lines: Sequence[DutyLine]) -> str:
    terms = [
        [
            line.number,
            line.category.code,
            line.place.token if line.place else "",
            line.ownership,
            line.terms(),
        ]
        for line in lines
    ]
    text = json.dumps(terms, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
