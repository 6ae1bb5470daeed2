"""What the askers' answers make of a case, and who is called back."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base import worktime
from linli.base.worktime import Calendar, Unit
from linli.cases.rules.states import Channel, State


class Outcome(models.TextChoices):
    """What an asker said. 部分解决 is shown apart; silence is never counted as good."""

    SOLVED = "solved", _("解决了")
    PARTLY = "partly", _("部分解决")
    NOT_SOLVED = "not_solved", _("没解决")
    SILENT = "silent", _("没有回音")


class Rating(models.IntegerChoices):
    """How content the asker is."""

    VERY_BAD = 1, _("非常不满意")
    BAD = 2, _("不满意")
    FAIR = 3, _("基本满意")
    GOOD = 4, _("满意")
    VERY_GOOD = 5, _("非常满意")


def outcome_of(said: Collection[str]) -> str:
    """Return the state that the askers' outcomes make, "" while one ("" in `said`) may still answer.

    One "not solved" starts another round whatever the others said. Nobody's silence counts as solved:
    where nobody answered the case is unconfirmed, and where some did it is what they said.
    """
    if Outcome.NOT_SOLVED in said:
        return State.ASSIGNED
    if "" in said:
        return ""
    answered = [outcome for outcome in said if outcome != Outcome.SILENT]
    if not answered:
        return State.UNCONFIRMED
    return State.PARTLY if Outcome.PARTLY in answered else State.CONFIRMED


def window_ends(closed_at: datetime, days: int) -> datetime:
    """Return until when a closed case may come back or be answered: natural days, the last one to its end."""
    return worktime.due(closed_at, days, Unit.NATURAL_DAY, Calendar()).at


def sampled(case_token: str, person_token: str, round_number: int, share: int) -> bool:
    """Draw `share` per cent, the same whoever draws: from a hash of what nobody chooses after the fact."""
    seed = f"{case_token}/{person_token}/{round_number}".encode()
    return int.from_bytes(hashlib.sha256(seed).digest()[:8]) % 100 < share


def to_call_first(*, channel: str, has_page: bool, age: int | None, elder_age: int) -> bool:
    """Whether the asker is called first: they spoke by telephone or in person, have no page, or are old."""
    spoken = channel in (Channel.TELEPHONE, Channel.COUNTER, Channel.VISIT)
    return spoken or not has_page or (age is not None and age >= elder_age)
