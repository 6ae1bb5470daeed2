"""How every act of the register is made: read, done, compared, written down with its paper, told, indexed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from linli.base.errors import require
from linli.base.words import said as _
from linli.people import actions as people
from linli.people.models import Person
from linli.places.models import Place
from linli.register.actions.finding import index
from linli.register.actions.undoing import difference, rows_about, take_back
from linli.register.models import Event, Profile
from linli.register.rules import EventKind, Source

EARLIEST = 1900


@dataclass(frozen=True)
class Report:
    """Who reports what happened: from which day it holds, how we know, on which paper, and who writes it down."""

    on: date
    source: str
    by: Person | None
    at: datetime
    paper: str = ""  # number of the certificate, contract or deed; kept sealed
    note: str = ""

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody writes it down who can correct it; else the clock follows what was agreed before."""
        return self.by is not None


@transaction.atomic
def happened(
    kind: str,
    place: Place,
    persons: Sequence[Person],
    report: Report,
    do: Callable[[], Iterable[Person] | None],
    *,
    place_before: Place | None = None,
) -> Event:
    """Run `do`, which changes all it must through verbs, and keep the act with what is needed to take it back.

    `do` may return more persons whom the act concerns (a newborn). Persons are locked in the order of their rows.
    """
    require(report.source in Source.values, _("请写明是怎么知道的。"))
    require(report.on <= localdate(report.at), _("日期不能晚于今天，等到那天再登记。"))
    require(report.on.year >= EARLIEST, _("这个年份太早了，请核对日期。"))
    require(len(report.paper) <= 120 and len(report.note) <= 200, _("证件号和说明请写短一些。"))
    homes = {place.pk, *([place_before.pk] if place_before else [])}
    ids = sorted({person.pk for person in persons})
    locked = list(Person.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    require(
        all(row.merged_into_id is None for row in locked),
        _("有一份档案已经并入另一份，请到保留的那一份里办。"),
    )
    _require_born(ids, report)
    before = rows_about(ids, homes)
    more = list(do() or [])
    record = difference(before, rows_about([*ids, *(person.pk for person in more)], homes))
    event = Event(
        kind=kind,
        on=report.on,
        place=place,
        place_before=place_before,
        source=report.source,
        note=" ".join(report.note.split()),
        by=report.by,
        at=report.at,
        undo=record,
    )
    event.paper = " ".join(report.paper.split())
    event.save()
    event.persons.set([*locked, *more])
    index([*ids, *(person.pk for person in more)], report.at)
    return event


def _require_born(persons: list[int], report: Report) -> None:
    later = Profile.objects.filter(pk__in=persons, birth_date__gt=report.on).select_related("person").first()
    words = _("日期早于%(name)s的出生日期，请核对。")
    require(later is None or not report.is_by_hand, words % {"name": later.person.masked if later else ""})


@transaction.atomic
def undo_event(event: Event, *, because: str, by: Person, at: datetime) -> Event:
    """Take an act back: everything it changed is as it was before. Again changes nothing.

    Refused where one of the rows changed since; the persons concerned are told.
    """
    row = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if row.undone_at is not None:
        return row
    require(bool(row.undo), _("当事人的资料已经按规定删除，这次变动不能再撤销，请另外更正。"))
    require(bool(because.strip()), _("请写为什么撤销，例如“登记错了人”。"))
    concerned = list(row.persons.order_by("pk"))
    touched = take_back(row.undo)
    row.undone_by, row.undone_at = by, at
    row.note = f"{row.note} {because.strip()}".strip()[:200]
    row.save(update_fields=["undone_by", "undone_at", "note"])
    still = Person.objects.filter(pk__in=touched | {person.pk for person in concerned})
    index(still.values_list("pk", flat=True), at)
    words = {"kind": str(EventKind(row.kind).label), "why": because.strip()}
    for person in still.exclude(pk=by.pk):
        people.notify(
            person,
            f"register-undone:{row.token}",
            _("一项登记已撤销"),
            _("%(kind)s 的登记已撤销：%(why)s。您的档案恢复到原来的样子。") % words,
            reverse("register:mine"),
            at,
        )
    return row


def tell(persons: Iterable[Person], event: Event, body: str, words: dict[str, Any]) -> None:
    """Tell those whom an act concerns, except whoever wrote it down."""
    for person in persons:
        if person.pk != event.by_id:
            people.notify(
                person,
                f"register-event:{event.token}",
                _("社区更新了您的登记"),
                body % words + _("如有不对，请在“我的档案”里提出。"),
                reverse("register:mine"),
                event.at,
            )
