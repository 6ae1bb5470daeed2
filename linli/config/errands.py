"""What came from above at short notice, told to the ledger of burdens from the top of the house."""

from datetime import datetime

from django.utils.timezone import localdate

from linli.base.worktime import Calendar
from linli.burden.rules import Errand, is_short_notice
from linli.duties import actions as duties
from linli.organisations.models import Organisation
from linli.todos.models import Todo


def short_notice(first: datetime, last: datetime) -> list[Errand]:
    """Return the tasks of other systems that came in that time with less than a working day until they were due."""
    tasks = (
        Todo.objects.filter(admission__isnull=False, opened_at__gte=first, opened_at__lte=last)
        .exclude(organisation=None)
        .select_related("organisation", "admission__system__organisation")
        .prefetch_related("organisation__serves")
    )
    calendars: dict[int, Calendar] = {}
    found = []
    for todo in tasks.order_by("pk"):
        body, admission = todo.organisation, todo.admission
        if body is None or admission is None:
            continue
        if body.pk not in calendars:
            calendars[body.pk] = _calendar_of(body)
        if is_short_notice(todo.opened_at, todo.due, calendars[body.pk]):
            sender = admission.system.organisation
            came, due = localdate(todo.opened_at), localdate(todo.due)
            found.append(Errand(todo.key, body.pk, admission.task, sender.name, came, due))
    return found


def _calendar_of(body: Organisation) -> Calendar:
    place = next(iter(body.serves.all()), None)
    return duties.calendar_of(place) if place is not None else Calendar()
