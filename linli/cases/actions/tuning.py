"""Changing the numbers by which a place runs its cases (C04: rules in data)."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.cases.models import CaseSettings, CaseSettingsChange
from linli.cases.rules import Limits, check_numbers
from linli.organisations.models import Membership
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.places.models import Place

LONGEST_REASON = 200


@transaction.atomic
def tune(place: Place, numbers: dict[str, int], *, by: Person, at: datetime, words: str = "") -> CaseSettings:
    """Set the numbers that `place` departs from; whoever keeps its duty list may, and open clocks count on.

    The same numbers again change nothing. `words` say why; they stay in the history.
    """
    _require_right(place, by, at)
    check_numbers(numbers, asdict(Limits()))
    row = CaseSettings.objects.select_for_update().filter(place=place).first()
    if row is not None and row.numbers == numbers:
        return row
    row, _is_new = CaseSettings.objects.update_or_create(place=place, defaults={"numbers": numbers})
    _remember(place, numbers, by, at, words)
    return row


@transaction.atomic
def untune(place: Place, *, by: Person, at: datetime, words: str = "") -> None:
    """Let `place` follow the numbers of the tier above again; where it does already, nothing changes."""
    _require_right(place, by, at)
    deleted, _models = CaseSettings.objects.filter(place=place).delete()
    if deleted:
        _remember(place, None, by, at, words)


def _require_right(place: Place, by: Person, at: datetime) -> None:
    roles = Membership.objects.current(by, localdate(at))
    may = any(Power.EDIT_DUTIES in role.powers and role.covers(place) for role in roles)
    require(may, _("办件参数由维护权责清单的人来改。请找他们。"))


def _remember(place: Place, numbers: dict[str, int] | None, by: Person, at: datetime, words: str) -> None:
    CaseSettingsChange.objects.create(
        place=place, numbers=numbers, by=by, at=at, words=words.strip()[:LONGEST_REASON]
    )
