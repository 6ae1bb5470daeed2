"""The shelves and figures of public pages, and greetings. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.rules import State

RECENT = 200  # the newest public matters that the figures of a page are about
FEWEST_FOR_MEDIAN = 5  # below this a median says more about chance than about the place


class Standing(models.TextChoices):
    """The three shelves of a public page."""

    SAID = "said", gettext_lazy("刚说的")
    UNDER_WAY = "under_way", gettext_lazy("正在办")
    ENDED = "ended", gettext_lazy("有结果")


# Resolved is not solved: until the person who asked has said so, the matter stays on the middle shelf.
SHELVES: dict[str, frozenset[str]] = {
    Standing.SAID: frozenset({State.FILED, State.ACCEPTED}),
    Standing.UNDER_WAY: frozenset({State.ASSIGNED, State.UNDER_WAY, State.PAUSED, State.RESOLVED}),
    Standing.ENDED: frozenset(
        {
            State.CONFIRMED,
            State.PARTLY,
            State.UNCONFIRMED,
            State.CHECKED,
            State.ON_SPOT,
            State.DECLINED,
        }
    ),
}


@dataclass(frozen=True)
class Figures:
    """What became of the newest public matters of a place. `median` is None where too few were solved."""

    total: int
    said: int
    under_way: int
    solved: int
    unconfirmed: int
    median: timedelta | None


def figures(stories: Iterable[tuple[str, datetime, datetime | None]]) -> Figures:
    """Count (state, filed_at, resolved_at) rows; solved is only what the asker confirmed or a check found so."""
    rows = list(stories)
    states = [state for state, _filed, _resolved in rows]
    solved = {State.CONFIRMED, State.CHECKED, State.ON_SPOT}
    lengths = [
        (resolved - filed).total_seconds() for state, filed, resolved in rows if resolved and state in solved
    ]
    return Figures(
        total=len(rows),
        said=sum(state in SHELVES[Standing.SAID] for state in states),
        under_way=sum(state in SHELVES[Standing.UNDER_WAY] for state in states),
        solved=sum(state in solved for state in states),
        unconfirmed=states.count(State.UNCONFIRMED),
        median=timedelta(seconds=median(lengths)) if len(lengths) >= FEWEST_FOR_MEDIAN else None,
    )


def greeting(hour: int) -> str:
    """Return what one says at this hour (0–23)."""
    if 5 <= hour < 11:
        return _("早上好")
    if 11 <= hour < 13:
        return _("中午好")
    if 13 <= hour < 18:
        return _("下午好")
    return _("晚上好")
