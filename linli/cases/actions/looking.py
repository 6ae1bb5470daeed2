"""Seeing who asked: masked until somebody who handles the case opens it for 60 seconds, and the asker can read it."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.cases.models import Case
from linli.organisations.models import Membership
from linli.people.models import Person
from linli.trail import actions as trail
from linli.trail.models import Reveal


@transaction.atomic
def look_at_reporter(case: Case, *, by: Person, at: datetime, who: Person | None = None) -> Reveal | None:
    """Open who asked (or `who`, one of several whose cases were merged into this) to `by` for 60 seconds.

    Handling the case is itself the reason, so none is typed. None where nobody gave a name, or it is `by`.
    """
    person = who or case.reporter
    if person is None:
        return None
    theirs = case if case.reporter_id == person.pk else case.merged.filter(reporter=person).first() or case
    seat = Membership.objects.current(by, localdate(at)).first()
    return trail.reveal(
        person.subject,
        _contact(case),
        by.subject,
        seat.looker_words(by) if seat else by.masked,
        _("姓名、电话"),
        _("办理您说的事 %(number)s") % {"number": theirs.number},
        at,
        under=case.subject,
    )


def open_contacts(case: Case, *, by: Person, at: datetime) -> list[tuple[Person, Reveal]]:
    """Return whose name and telephone `by` opened in this case less than 60 seconds before `at`."""
    opened = Reveal.objects.filter(looker=by.subject, field=_contact(case), opened_at__lte=at, ends_at__gt=at)
    held = {reveal.subject: reveal for reveal in opened}
    people = Person.objects.filter(pk__in=[subject.rpartition(":")[2] for subject in held]).order_by("pk")
    return [(person, held[person.subject]) for person in people]


def _contact(case: Case) -> str:
    return f"cases.Case.reporter:{case.pk}"
