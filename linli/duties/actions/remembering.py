"""What never changes is read once per process: the lines of a published duty list."""

from copy import copy
from datetime import datetime
from functools import lru_cache

from linli.duties.models import DutyLine, DutyList

LISTS_KEPT = 64  # versions; a street with its communities has a handful in force


def lines_for(duty_list: DutyList, category_id: int) -> list[DutyLine]:
    """Return the lines of a published list for one category, each a copy that its receiver may use freely."""
    lines = _lines(duty_list.token, duty_list.published_at)
    return [copy(line) for line in lines.get(category_id, [])]


@lru_cache(LISTS_KEPT)
def _lines(token: str, _published_at: datetime | None) -> dict[int, list[DutyLine]]:
    """Read the lines by category. Published lines are never edited: token and moment name one wording for good."""
    lines: dict[int, list[DutyLine]] = {}
    for line in DutyLine.objects.filter(duty_list__token=token).order_by("pk"):
        lines.setdefault(line.category_id, []).append(line)
    return lines
