"""People are told, once, and say what they no longer want to hear outside the app."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from linli.base.errors import require
from linli.base.jobs import later
from linli.base.text import shorten
from linli.base.words import kept
from linli.notices.models import Delivery, Notice, Silence
from linli.notices.rules import How, Kind, kind_of, may_leave_at
from linli.people.actions import take_pending_notices
from linli.people.models import Person, Proxy

CHUNK = 500  # persons told by one round of statements
SEND_WAITING = "linli.notices.jobs.send_waiting"


@transaction.atomic(savepoint=False)
@override(settings.LANGUAGE_CODE)  # what is kept is in the deployment's language, whoever's request this is
def tell(
    persons: Iterable[Person],
    key: str,
    title: str | Promise,
    body: str | Promise,
    address: str,
    because: str | Promise,
    at: datetime,
    **how: bool,
) -> None:
    """Tell each of `persons`, and the family who receive notices for them, exactly once per (person, key).

    `key` begins with the domain that tells ("cases.Case:7:resolved"); telling again with it changes nothing.
    `address` is a path in Linli, `because` the reason shown to the receiver alone. `how` may set
    `is_urgent=True` (life safety: passes caps, quiet hours, opt-outs) and `outside=False` (in the app only);
    what goes outside is sent soon after this commits: `title` may leave the house, never `body`. Give
    words lazily or as `base.words.said` where they are translated: what is kept is in the deployment's language.
    """
    way = How(**how)
    words = {
        "key": key,
        "title": shorten(kept(title), 120)[:120],
        "body": kept(body),
        "address": address,
        "is_urgent": way.is_urgent,
        "kind": kind_of(key),
        "at": at,
    }
    told = (person for person in persons if person.closed_at is None)  # who died is told nothing
    while chunk := list(islice(told, CHUNK)):
        _tell_chunk(chunk, words, kept(because), way)


def _tell_chunk(persons: list[Person], words: dict[str, object], because: str, way: How) -> None:
    at = words["at"]
    reasons = {person.pk: because for person in persons}
    for agent, principal in _receiving_for(persons, at):
        whose = {"name": principal.called or principal.masked}
        reasons.setdefault(agent, _("您替%(name)s收通知。") % whose + because)
    made = [
        Notice(person_id=person, because=shorten(because, 200)[:200], **words)
        for person, because in reasons.items()
    ]
    # Whoever was told before, or is told by another at this moment, meets the constraint `told_once`: nothing happens.
    Notice.objects.bulk_create(made, ignore_conflicts=True)
    if way.outside:
        _enqueue([notice.token for notice in made], words, way)


def _receiving_for(persons: list[Person], at: object) -> Iterator[tuple[int, Person]]:
    """Yield (agent's id, principal) for family who receive notices for one of `persons` at `at`."""
    running = Proxy.objects.filter(
        Q(until=None) | Q(until__gt=at),
        principal__in=persons,
        scope__in=(Proxy.Scope.NOTICES, Proxy.Scope.EVERYTHING),
        granted_at__lte=at,
        revoked_at=None,
    )
    for proxy in running.select_related("principal"):
        yield proxy.agent_id, proxy.principal


def _enqueue(tokens: list[str], words: dict[str, object], way: How) -> None:
    """Make the machine's one attempt per notice, for those with a telephone who have not said "no more".

    Of `tokens` those exist whose notice is new.
    """
    at: datetime = words["at"]  # type: ignore[assignment]
    notices = Notice.objects.filter(token__in=tokens).exclude(person__phone_index="")
    if not way.is_urgent:
        silent = Silence.objects.filter(kind=words["kind"], person=OuterRef("person"))
        notices = notices.exclude(Exists(silent))
    leaves = may_leave_at(localtime(at), is_urgent=way.is_urgent)
    attempts = [
        Delivery(notice_id=notice, person_id=person, at=at, moved_at=at, not_before=leaves)
        for notice, person in notices.values_list("pk", "person_id")
    ]
    Delivery.objects.bulk_create(attempts, ignore_conflicts=True)
    if attempts and leaves <= at:
        later(SEND_WAITING)


@transaction.atomic
@override(settings.LANGUAGE_CODE)
def tell_pending(at: datetime) -> int:
    """Tell what the floor of persons left to tell; both are kept or neither. Returns how many there were."""
    left = take_pending_notices(at)
    for pending in left:
        because = _("这是您自己账号、住处或代办授权的变动。")
        tell([pending.person], pending.key, pending.title, pending.body, pending.address, because, pending.at)
    return len(left)


@transaction.atomic
def read(notice: Notice, at: datetime) -> None:
    """Acknowledge one notice; the first time counts."""
    Notice.objects.filter(pk=notice.pk).unread().update(read_at=at)


@transaction.atomic
def read_all(person: Person, at: datetime) -> None:
    """Acknowledge everything that `person` was told."""
    Notice.objects.of(person).unread().update(read_at=at)


@transaction.atomic
def silence(person: Person, kind: str, at: datetime) -> None:
    """Stop messages of a kind outside the app; life safety passes, and in the app all arrives."""
    require(kind in Kind.values, _("没有这一种通知，请从列表里选。"))
    Silence.objects.get_or_create(person=person, kind=kind, defaults={"since": at})


@transaction.atomic
def unsilence(person: Person, kind: str) -> None:
    """Let messages of a kind go out again."""
    Silence.objects.filter(person=person, kind=kind).delete()
