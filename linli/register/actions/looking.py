"""Who looked at whose record: left where rows become pages, in the transaction of the page."""

from collections.abc import Iterable
from datetime import datetime

from linli.base.words import said as _
from linli.organisations.models import AssistedSession, Membership
from linli.people.models import Person
from linli.places.models import Place
from linli.register.models import Household
from linli.trail import actions as trail
from linli.trail.rules import Purpose


def shown_in_search(
    persons: Iterable[Person], worker: Person, membership: Membership, at: datetime, tags: Iterable[str] = ()
) -> None:
    """Leave one act of searching in the trail of everybody it showed; `tags` are those that were searched for."""
    _many(persons, worker, membership, _line(tags), _("查找居民"), at, Purpose.SEARCH)


def shown_in_list(
    persons: Iterable[Person], worker: Person, membership: Membership, at: datetime, tags: Iterable[str] = ()
) -> None:
    """Leave one act of reading a list in the trail of everybody on it; `tags` are those that it was narrowed to."""
    _many(persons, worker, membership, _line(tags), _("看居民名单"), at, Purpose.LIST)


def _line(tags: Iterable[str]) -> str:
    """Return what a line shows; on a list of those who have a tag, every line says that too."""
    if words := "、".join(tags):
        return _("名单中的一行（姓名、楼栋、标签“%(tags)s”，电话已遮盖）") % {"tags": words}
    return _("名单中的一行（姓名、楼栋，电话已遮盖）")


def shown_at_home(
    persons: Iterable[Person], home: Place, worker: Person, membership: Membership, at: datetime
) -> None:
    """Leave one act of reading who lives in a home."""
    reason = _("看%(home)s的住户") % {"home": home.name}
    _many(persons, worker, membership, _("住户名单（姓名已遮盖）"), reason, at, Purpose.LIST)


def shown_household(
    persons: Iterable[Person], household: Household, worker: Person, membership: Membership, at: datetime
) -> None:
    """Leave one act of reading a household and who lives beside it; each reads of the others as 同户家人."""
    trail.looked_at_many(
        [person.subject for person in persons],
        worker.subject,
        membership.looker_words(worker),
        _("户内成员（姓名已遮盖）"),
        _("看一户的成员"),
        at,
        f"register.Household:{household.pk}",
        Purpose.LIST,
    )


def shown_record(person: Person, worker: Person, membership: Membership, reason: str, at: datetime) -> None:
    """Leave one act of reading a person's record, masked."""
    trail.looked(
        person.subject,
        worker.subject,
        membership.looker_words(worker),
        _("居民档案（证件号、电话已遮盖）"),
        reason,
        at,
        purpose=Purpose.TASK,
    )


def shown_to_family(person: Person, agent: Person, fields: str, at: datetime) -> None:
    """Leave what family who act for somebody read of their record; the person sees that they did."""
    words = _("%(name)s · 亲情代办") % {"name": agent.masked}
    trail.looked(person.subject, agent.subject, words, fields, _("替家人看档案"), at, purpose=Purpose.FAMILY)


def shown_at_counter(session: AssistedSession, worker: Person, fields: str, at: datetime) -> None:
    """Leave what a worker who assists somebody read of their record in clear."""
    trail.looked(
        session.resident.subject,
        worker.subject,
        session.looker_words(worker),
        fields,
        session.reason,
        at,
        f"organisations.AssistedSession:{session.pk}",
        Purpose.COUNTER,
    )


def _many(
    persons: Iterable[Person],
    worker: Person,
    membership: Membership,
    fields: str,
    reason: str,
    at: datetime,
    purpose: str,
) -> None:
    subjects = [person.subject for person in persons]
    trail.looked_at_many(
        subjects, worker.subject, membership.looker_words(worker), fields, reason, at, purpose=purpose
    )
