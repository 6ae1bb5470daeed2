"""What came from above at short notice, told to the ledger of burdens from the top of the house."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.utils.timezone import localdate, make_aware

from linli.base.worktime import Calendar
from linli.burden.rules import Errand, is_short_notice
from linli.duties import actions as duties
from linli.organisations.models import Organisation
from linli.reports.models import Demand
from linli.reports.rules import Period
from linli.todos.models import Todo


def short_notice(first: datetime, last: datetime) -> list[Errand]:
    """Return the tasks of other systems and the workbooks that came in that time with less than a working day left."""
    calendars: dict[int, Calendar] = {}

    def is_short(body: Organisation, came: datetime, due: datetime) -> bool:
        if body.pk not in calendars:
            calendars[body.pk] = _calendar_of(body)
        return is_short_notice(came, due, calendars[body.pk])

    came = [*_tasks(first, last), *_workbooks(first, last)]
    return [errand for body, at, due, errand in came if is_short(body, at, due)]


def _tasks(first: datetime, last: datetime) -> Iterator[tuple[Organisation, datetime, datetime, Errand]]:
    todos = (
        Todo.objects.filter(admission__isnull=False, opened_at__gte=first, opened_at__lte=last)
        .exclude(organisation=None)
        .select_related("organisation", "admission__system__organisation")
        .prefetch_related("organisation__serves")
    )
    for todo in todos.order_by("pk"):
        body, admission = todo.organisation, todo.admission
        if body is not None and admission is not None:
            sender = admission.system.organisation.name
            came, due = localdate(todo.opened_at), localdate(todo.due)
            yield body, todo.opened_at, todo.due, Errand(todo.key, body.pk, admission.task, sender, came, due)


def _workbooks(first: datetime, last: datetime) -> Iterator[tuple[Organisation, datetime, datetime, Errand]]:
    """Yield what is demanded once: its last day is its limit. Of what comes again and again only the basis ends."""
    demands = Demand.objects.filter(period=Period.ONCE, recorded_at__gte=first, recorded_at__lte=last)
    rows = demands.select_related("template__place", "organisation").defer("template__book_sealed")
    for row in rows.order_by("pk"):
        body = Organisation.objects.serving(row.template.place).filter(is_desk=True).first()
        if body is None or row.is_own:
            continue
        due = make_aware(datetime.combine(row.until + timedelta(days=1), time.min))
        key, came = f"reports.Demand:{row.token}", localdate(row.recorded_at)
        yield (
            body,
            row.recorded_at,
            due,
            Errand(key, body.pk, row.template.name, row.demander, came, row.until),
        )


def _calendar_of(body: Organisation) -> Calendar:
    place = next(iter(body.serves.all()), None)
    return duties.calendar_of(place) if place is not None else Calendar()
