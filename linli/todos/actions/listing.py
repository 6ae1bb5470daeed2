"""What waits for people is opened, moved and closed."""

from datetime import datetime
from typing import TypedDict, Unpack, cast

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import override

from linli.base.text import shorten
from linli.base.words import kept
from linli.organisations.models import Organisation
from linli.people.models import Person
from linli.todos.models import Admission, Todo


class Whose(TypedDict, total=False):
    """Whom a to-do waits for and how it looks; a person or an organisation there must be."""

    organisation: Organisation | None
    power: str
    person: Person | None
    place_words: str
    acts: list[dict[str, object]] | tuple[dict[str, object], ...]
    origin: str
    admission: Admission | None


@transaction.atomic(savepoint=False)  # part of an act, kept or lost with it
def open_todo(
    key: str,
    subject: str,
    title: str | Promise,
    due: datetime,
    address: str,
    at: datetime,
    **whose: Unpack[Whose],
) -> Todo:
    """Put something on a list as `put_todo` does, and return what now stands there under `key`."""
    put_todo(key, subject, title, due, address, at, **whose)
    return Todo.objects.get(key=key)


@transaction.atomic(savepoint=False)  # part of an act, kept or lost with it
@override(settings.LANGUAGE_CODE)  # what is kept is in the deployment's language, whoever's request this is
def put_todo(
    key: str,
    subject: str,
    title: str | Promise,
    due: datetime,
    address: str,
    at: datetime,
    **whose: Unpack[Whose],
) -> None:
    """Put something on the list of `person`, or of those at `organisation` who hold `power` ("" = all).

    Opening again with the same `key` changes nothing. `acts` are what one tap does from the list:
    {"label": "签收", "address": "/…/", "fields": {…}}, sent as POST. `origin` is the module that asks.
    """
    fields: dict[str, object] = dict(whose)
    fields["acts"] = [act | {"label": kept(cast(str, act["label"]))} for act in whose.get("acts", ())]
    fields["place_words"] = shorten(kept(whose.get("place_words", "")), 120)[:120]
    todo = Todo(
        key=key,
        subject=subject,
        title=shorten(kept(title), 160)[:160],
        due=due,
        address=address,
        opened_at=at,
        **fields,
    )
    Todo.objects.bulk_create([todo], ignore_conflicts=True)


@transaction.atomic(savepoint=False)  # part of an act, kept or lost with it
def close(key_or_prefix: str, at: datetime) -> int:
    """Take what is done off the lists; "cases.Case:7" closes all below it too. Returns how many were open."""
    return Todo.objects.keyed(key_or_prefix).open().update(closed_at=at)


@transaction.atomic(savepoint=False)  # part of an act, kept or lost with it
def reschedule(key: str, due: datetime) -> None:
    """Give an open to-do another due time; a closed one stays as it is."""
    Todo.objects.filter(key=key).open().update(due=due)
