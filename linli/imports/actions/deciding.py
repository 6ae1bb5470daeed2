"""Where a ledger and the register differ a person decides: keep, take, or both are wrong."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from linli.base.errors import require
from linli.base.words import said as _
from linli.imports.models import Conflict, Export, Run
from linli.imports.rules.runs import DECISIONS, WHO_IT_IS, Decision
from linli.organisations.models import Membership
from linli.organisations.rules import Power
from linli.people import actions as people
from linli.people.actions import bulk
from linli.people.models import Person, Residency
from linli.people.rules import Tenure
from linli.places.models import Place
from linli.register import actions as register
from linli.register.models import HouseholdMember
from linli.register.rules import FIELDS, HEAD_OF_HOUSEHOLD, Source
from linli.trail import actions as trail


def looker_words(by: Person, memberships: list[Membership]) -> str:
    """Return how somebody who is looked at reads who looked: "李* · 柳树社区居委会 · 社区工作者"."""
    seat = next((row for row in memberships if Power.REGISTER in row.powers), None)
    return seat.looker_words(by) if seat else by.masked


@transaction.atomic
def show_conflicts(
    run: Run, conflicts: list[Conflict], by: Person, memberships: list[Membership], at: datetime
) -> None:
    """Leave a line with everyone of whom a page of conflicts shows what is held and what was offered."""
    trail.looked_at_many(
        [conflict.person.subject for conflict in conflicts],
        by.subject,
        looker_words(by, memberships),
        _("和台账不一致的资料：%(fields)s")
        % {"fields": "、".join(sorted({conflict.label for conflict in conflicts}))},
        _("核对台账“%(source)s”") % {"source": run.source.name},
        at,
        under=run.subject,
    )


@transaction.atomic
def decide(conflict: Conflict, decision: str, by: Person, at: datetime) -> Conflict:
    """Keep what is held, take what the ledger says, or note that both are wrong: then nothing is held of it any more,
    or, where it says who the person is, the held value stays until somebody asks.

    The same decision again changes nothing; another one after it is refused.
    """
    row = (
        Conflict.objects.select_for_update(of=("self",))
        .select_related("person", "run__source")
        .get(pk=conflict.pk)
    )
    require(decision in DECISIONS, _("请选择保留现有的、采用文件里的，还是两个都不对。"))
    if row.decision == decision:
        return row
    require(row.decision == Decision.OPEN, _("这一条别人已经决定过了，请刷新页面。"))
    if decision == Decision.TAKEN:
        _take(row, by, at)
    elif decision == Decision.BOTH_WRONG and row.field in FIELDS and row.field not in WHO_IT_IS:
        _state(row, "", by, at)
    row.decision, row.decided_by, row.decided_at = decision, by, at
    row.save(update_fields=["decision", "decided_by", "decided_at"])
    return row


def _take(row: Conflict, by: Person, at: datetime) -> None:
    if row.field == "died_on":
        _died(row, by, at)
    elif row.field in FIELDS:
        _state(row, row.offered, by, at)
    elif row.field == "relation":
        _relate(row, by, at)
    else:
        number, _space, words = row.offered.partition(" ")
        _belong(row, Place.objects.get(pk=int(number)), words, by, at)


def _state(row: Conflict, value: str, by: Person, at: datetime) -> None:
    register.state(
        row.person,
        {row.field: value},
        source=Source.IMPORT,
        source_words=row.run.source.name,
        stated_on=row.run.stated_on if value else localdate(at),
        by=by,
        at=at,
        is_certain=True,
    )


def _died(row: Conflict, by: Person, at: datetime) -> None:
    if row.held or row.person.closed_at is not None:
        _state(row, row.offered, by, at)
    else:
        report = _report(row, date.fromisoformat(row.offered), by, at)
        register.death(row.person, report)


def _report(row: Conflict, on: date, by: Person, at: datetime) -> register.Report:
    return register.Report(on, Source.IMPORT, by, at, paper=row.run.source.name)


def _belong(row: Conflict, home: Place, words: str, by: Person, at: datetime) -> None:
    if row.field == "home":
        lived = Residency.objects.filter(person=row.person, until=None, lives_there=True)
        report = _report(row, max([row.run.stated_on, *lived.values_list("since", flat=True)]), by, at)
        register.move([row.person], home, words or Tenure.FAMILY, report)
        return
    residency = Residency.objects.filter(person=row.person, home=home, until=None).first()
    if residency is None:
        return  # somebody has ended it meanwhile
    if row.field == "household":
        relation, _space, number = words.partition(" ")
        register.join_number(number, home, row.person, relation, row.run.stated_on, by=by, at=at)
    elif row.field == "until":
        _left(row, residency, max(date.fromisoformat(words), residency.since), by, at)
    elif row.field == "since":
        bulk.change_since(residency, date.fromisoformat(words))
    else:
        value: Any = words if row.field == "tenure" else words == "1"
        people.describe(residency, by, at, **{row.field: value})


def _left(row: Conflict, residency: Residency, day: date, by: Person, at: datetime) -> None:
    elsewhere = Residency.objects.filter(person=row.person, until=None, lives_there=True).exclude(
        pk=residency.pk
    )
    if residency.lives_there and not elsewhere.exists():
        register.move_out([row.person], _report(row, day, by, at))
    else:
        people.move_out(residency, day, by, at)


def _relate(row: Conflict, by: Person, at: datetime) -> None:
    member = HouseholdMember.objects.filter(person=row.person, until=None).select_related("household").first()
    if member is None:
        return
    if row.offered == HEAD_OF_HOUSEHOLD:
        register.change_head(member.household, row.person, by=by, at=at)
    else:
        register.join(member.household, row.person, row.offered, member.since, by=by, at=at)


def places_named(conflicts: list[Conflict]) -> dict[str, str]:
    """Return {key: full name} of the homes that conflicts speak of; of one elsewhere, only the community."""
    about = [row for row in conflicts if row.field not in FIELDS]
    keys = {value.partition(" ")[0] for row in about for value in (row.held, row.offered)}
    rows = Place.objects.filter(pk__in=[int(key) for key in keys if key.isdigit()])
    return {str(row.pk): row.full_name for row in rows}


@transaction.atomic
def forget_exports(at: datetime, before: datetime) -> list[Export]:
    """Note that exports made before that moment are gone; the caller deletes their files."""
    rows = list(Export.objects.select_for_update().filter(purged_at=None, at__lte=before))
    Export.objects.filter(pk__in=[row.pk for row in rows]).update(purged_at=at)
    return rows
