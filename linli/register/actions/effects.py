"""What an act changes, sentence by sentence, for whoever is about to do it and whoever reads of it later."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from linli.base.words import said as _
from linli.people.models import Account, Person, Proxy, Residency
from linli.places.models import Place
from linli.register.models import HouseholdMember, Tag


def effects(record: dict[str, Any], within: Sequence[Place]) -> list[str]:
    """Return a sentence for each thing that a record of `undoing.difference` changed; names are masked, and homes
    outside the reader's places (`within`) are not named: whoever knows a name and number learns no address by them.

    Read while the rows are as the act left them: within a trial run, or after it. Of a record that was forgotten
    with its person nothing is told.
    """
    if not record:
        return []
    others = [sentence for tell in (_households, _tags, _endings) for sentence in tell(record)]
    return [*_persons(record), *_residencies(record, within), *others]


def _created(record: dict[str, Any], rows: QuerySet[Any]) -> Iterator[Any]:
    yield from rows.filter(
        pk__in=[int(pk) for pk in record["created"].get(rows.model._meta.label_lower, {})]
    ).order_by("pk")


def _changed(record: dict[str, Any], rows: QuerySet[Any], column: str) -> Iterator[Any]:
    changes = record["changed"].get(rows.model._meta.label_lower, {})
    pks = [int(pk) for pk, columns in changes.items() if column in columns]
    yield from rows.filter(pk__in=pks).order_by("pk")


def _persons(record: dict[str, Any]) -> Iterator[str]:
    for person in _created(record, Person.objects.all()):
        yield _("新建一份档案：%(name)s") % {"name": person.masked}


def _residencies(record: dict[str, Any], within: Sequence[Place]) -> Iterator[str]:
    rows = Residency.objects.select_related("person", "home")
    for row in _changed(record, rows, "until"):
        yield _("%(name)s 从 %(day)s 起不再登记在%(home)s") % _of(row, row.until, within)
    for row in _created(record, rows):
        words = _of(row, row.since, within) | {"tenure": row.get_tenure_display()}
        if row.lives_there:
            yield _("%(name)s 从 %(day)s 起住在%(home)s（%(tenure)s）") % words
        else:
            yield _("%(name)s 从 %(day)s 起是%(home)s的%(tenure)s，不住那里") % words


def _of(row: Residency, day: Any, within: Sequence[Place]) -> dict[str, Any]:
    is_own = any(place.holds(row.home) for place in within)
    home = row.home.full_name if is_own else _("您负责范围以外的住处")
    return {"name": row.person.masked, "home": home, "day": day}


def _households(record: dict[str, Any]) -> Iterator[str]:
    rows = HouseholdMember.objects.select_related("person")
    for row in _changed(record, rows, "until"):
        yield _("%(name)s 离开原来的一户") % {"name": row.person.masked}
    for row in _created(record, rows):
        yield _("%(name)s 在户内登记为%(relation)s") % {
            "name": row.person.masked,
            "relation": row.relation_words,
        }


def _tags(record: dict[str, Any]) -> Iterator[str]:
    for row in _changed(record, Tag.objects.select_related("person", "kind"), "until"):
        yield _("%(name)s 的标签“%(tag)s”结束") % {"name": row.person.masked, "tag": row.kind.name}


def _endings(record: dict[str, Any]) -> Iterator[str]:
    """What a death ends besides homes and tags."""
    for person in _changed(record, Person.objects.all(), "closed_at"):
        yield _("%(name)s 不再收到任何通知") % {"name": person.masked}
    for _account in _changed(record, Account.objects.all(), "is_active"):
        yield _("登录账号停用")
    if record["removed"].get(Account.persons.through._meta.label_lower):
        yield _("合用手机的账号里不再有这个人，其他家人照常用")
    for proxy in _changed(record, Proxy.objects.select_related("agent", "principal"), "revoked_at"):
        yield _("亲情代办收回：%(agent)s 替 %(principal)s") % {
            "agent": proxy.agent.masked,
            "principal": proxy.principal.masked,
        }
