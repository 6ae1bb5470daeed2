"""Changing the numbers by which a place runs its cases (C04: rules in data)."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.cases.models import CaseSettings
from linli.cases.rules import Limits
from linli.organisations.models import Membership
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.places.models import Place


@transaction.atomic
def tune(place: Place, numbers: dict[str, int], *, by: Person, at: datetime) -> CaseSettings:
    """Set the numbers that `place` departs from; whoever keeps its duty list may, and open clocks count on."""
    roles = Membership.objects.current(by, localdate(at))
    may = any(Power.EDIT_DUTIES in role.powers and role.covers(place) for role in roles)
    require(may, _("办件参数由维护权责清单的人来改。请找他们。"))
    known = asdict(Limits())
    for name, number in numbers.items():
        require(name in known and name != "radii", _("没有这个参数：%(name)s。") % {"name": name})
        require(0 <= number <= 365, _("数值请填 0 到 365。"))
    row, _is_new = CaseSettings.objects.update_or_create(place=place, defaults={"numbers": numbers})
    return row
