"""Seeing who asked: masked until somebody who handles the case opens it, and then the asker can read that they did."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.base.text import masked_name
from linli.cases.models import Case
from linli.organisations.models import Membership
from linli.people.models import Person
from linli.trail import actions as trail


@transaction.atomic
def look_at_reporter(case: Case, *, by: Person, at: datetime) -> Person | None:
    """Return who asked, and leave the trace; handling the case is itself the reason, so none is typed."""
    if case.reporter is None:
        return None
    seat = Membership.objects.current(by, localdate(at)).first()
    body = f" · {seat.organisation.name} · {seat.get_role_display()}" if seat else ""
    trail.looked(
        f"people.Person:{case.reporter.pk}",
        f"people.Person:{by.pk}",
        masked_name(by.name) + body,
        _("姓名、电话"),
        _("办理您说的事 %(number)s") % {"number": case.number},
        at,
        under=case.subject,
    )
    return case.reporter
