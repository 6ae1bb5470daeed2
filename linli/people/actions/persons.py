"""A person becomes known, and is told things."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from linli.base.crypto import blind_index
from linli.base.errors import require
from linli.base.locks import one_at_a_time
from linli.base.text import graphemes
from linli.base.words import kept
from linli.base.words import said as _
from linli.people.models import PendingNotice, Person
from linli.people.rules import phone_number


@transaction.atomic
def register(
    name: str,
    phone: str,
    at: datetime,
    by: Person | None = None,
    *,
    called: str = "",
    birth_year: int | None = None,
    is_demo: bool = False,
) -> Person:
    """Return the person of that name and number, new or already known.

    `phone` may be "" or as typed; it is normalised and refused where wrong. A second call with the same name
    and number returns the same person, so that a form sent twice adds nobody. `by` is the worker who
    registers them, if one does.
    """
    name = " ".join(name.split())
    require(len(graphemes(name)) <= 60, _("姓名最多 60 个字，请写短一些。"))
    number = phone_number(phone)
    if number:
        one_at_a_time("people.register", f"{number}/{name}")
    known = Person.objects.select_for_update().of_phone(number).filter(name=name).order_by("pk").first()
    if known is not None:
        return known
    person = Person(name=name, called=called, birth_year=birth_year, is_demo=is_demo, created_at=at)
    person.changed_at = at
    person.phone = number
    person.save()
    return person


@transaction.atomic
def rename(person: Person, name: str, by: Person, at: datetime) -> Person:
    """Write a person's name as they say it themselves, as long as nobody has verified who they are."""
    name = " ".join(name.split())
    row = Person.objects.select_for_update().get(pk=person.pk)
    if row.name == name:
        return row
    require(bool(name), _("请写姓名或称呼。"))
    require(len(graphemes(name)) <= 60, _("姓名最多 60 个字，请写短一些。"))
    require(
        not row.residencies.verified().exists(),
        _("您的住处已核验，改姓名请带证件到社区窗口。"),
    )
    row.name, row.changed_at = name, at
    row.save(update_fields=["name", "changed_at"])
    return row


@transaction.atomic
def correct(
    person: Person,
    at: datetime,
    *,
    name: str | None = None,
    phone: str | None = None,
    birth_year: int | None = None,
    by: Person | None = None,
) -> Person:
    """Write what a worker, whose right and proof the caller checked, says of a person; None leaves a thing as is.

    `phone` is as typed ("" takes it away) and refused where wrong. The same again changes nothing.
    """
    row = Person.objects.select_for_update().get(pk=person.pk)
    before = (row.name, row.phone_index, row.birth_year)
    if name is not None:
        row.name = " ".join(name.split())
        require(len(graphemes(row.name)) <= 60, _("姓名最多 60 个字，请写短一些。"))
    number = phone_number(phone) if phone is not None else row.phone
    if blind_index(number) != row.phone_index:
        row.phone = number
    if birth_year is not None:
        row.birth_year = birth_year
    if (row.name, row.phone_index, row.birth_year) != before:
        row.changed_at = at
        row.save(update_fields=["name", "phone_sealed", "phone_index", "birth_year", "changed_at"])
    return row


def touch(persons: Iterable[int], at: datetime) -> None:
    """Note that where these persons (by number) are found has changed, so that the search reads them again."""
    Person.objects.filter(pk__in=list(persons)).update(changed_at=at)


def untouch(persons: Iterable[int], at: datetime) -> None:
    """Note that the search has read these persons as they are at `at`; who changed later stays noted."""
    Person.objects.filter(pk__in=list(persons), changed_at__lte=at).update(changed_at=None)


def notify(person: Person, key: str, title: str, body: str, address: str, at: datetime) -> None:
    """Leave word for a person; `key` makes it once. Notices fetch it and show it. Who died is told nothing."""
    if person.closed_at is not None:
        return
    PendingNotice.objects.get_or_create(
        person=person,
        key=key,
        defaults={"title": kept(title), "body": kept(body), "address": address, "at": at},
    )


@transaction.atomic
def take_pending_notices(at: datetime, *, limit: int = 200) -> list[PendingNotice]:
    """Hand over what is left to tell, oldest first, and mark it taken.

    Call it inside the transaction that tells: both are kept or neither. Two takers never get the same row.
    """
    waiting = PendingNotice.objects.select_for_update(skip_locked=True, of=("self",)).filter(taken_at=None)
    rows = list(waiting.select_related("person").order_by("id")[:limit])
    PendingNotice.objects.filter(pk__in=[row.pk for row in rows]).update(taken_at=at)
    return rows
