"""Who keeps house together."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.people.models import Person
from linli.places.models import Kind, Place
from linli.register.models import Household, HouseholdMember
from linli.register.rules import HEAD_OF_HOUSEHOLD, codes


@transaction.atomic
def found_household(
    home: Place, head: Person, since: date, *, by: Person | None, at: datetime, number: str = ""
) -> Household:
    """Set up a household at a home with its head. Who heads one there already keeps it."""
    require(home.kind == Kind.HOME, _("请选到具体的一户（几幢几室）。"))
    Person.objects.select_for_update().get(pk=head.pk)
    held = HouseholdMember.objects.filter(
        person=head, until=None, household__home=home, relation=HEAD_OF_HOUSEHOLD
    ).first()
    if held is not None:
        return held.household
    household = Household.objects.create(number=" ".join(number.split())[:30], home=home, since=since)
    join(household, head, HEAD_OF_HOUSEHOLD, since, by=by, at=at)
    return household


@transaction.atomic
def join(
    household: Household, person: Person, relation: str, since: date, *, by: Person | None, at: datetime
) -> HouseholdMember:
    """Let a person belong to a household; what they belonged to before ends that day.

    `relation` is a GB/T 4761 code to the head. The same again changes nothing; another relation is written over.
    """
    require(relation in codes("relation"), _("请选择与户主的关系。"))
    dead = Person.objects.filter(pk=person.pk).exclude(closed_at=None)
    require(not dead.exists(), _("这位居民已登记去世，不能再登记到户里。"))
    row = Household.objects.select_for_update().get(pk=household.pk)
    require(row.until is None, _("这一户已经注销。"))
    held = HouseholdMember.objects.select_for_update().filter(person=person, until=None).first()
    if held is not None and held.household_id == row.pk and held.relation == relation:
        return held
    if relation == HEAD_OF_HOUSEHOLD:
        others = row.members.filter(until=None, relation=HEAD_OF_HOUSEHOLD).exclude(person=person)
        require(not others.exists(), _("这一户已有户主，换户主请用“换户主”。"))
    if held is not None and held.household_id == row.pk:
        held.relation = relation
        held.save(update_fields=["relation"])
        return held
    if held is not None:
        leave(person, max(since, held.since), by=by, at=at)
    return HouseholdMember.objects.create(household=row, person=person, relation=relation, since=since)


@transaction.atomic
def join_number(
    number: str, home: Place, person: Person, relation: str, since: date, *, by: Person | None, at: datetime
) -> HouseholdMember:
    """Let a person belong to the household of that 户号 at a home; a household without number gets it, and where there
    is none of the number it is set up.
    """
    held = HouseholdMember.objects.filter(person=person, until=None).select_related("household").first()
    own = held.household if held is not None and held.household.home_id == home.pk else None
    found = Household.objects.filter(number=number, home=home, until=None).first()
    if found is None and own is not None and not own.number:
        own.number = number
        own.save(update_fields=["number"])
        found = own
    found = found or Household.objects.create(number=number, home=home, since=since)
    return join(found, person, relation, since, by=by, at=at)


@transaction.atomic
def leave(person: Person, on: date, *, by: Person | None, at: datetime) -> HouseholdMember | None:
    """End a person's membership: `on` is the first day without. A household without members ends with it.

    Where the head leaves and others stay, the household has none until `change_head`.
    """
    held = HouseholdMember.objects.select_for_update().filter(person=person, until=None).first()
    if held is None:
        return None
    require(on >= held.since, _("离开的日子不能早于加入的日子。"))
    held.until = on
    held.save(update_fields=["until"])
    if not held.household.members.filter(until=None).exists():
        Household.objects.filter(pk=held.household_id).update(until=on)
    return held


@transaction.atomic
def change_head(
    household: Household, person: Person, *, relation_before: str = "99", by: Person, at: datetime
) -> None:
    """Make a member the head; the former head becomes `relation_before` to the new one.

    What the others are to the new head nobody knows by counting: their relations are asked again on the page.
    """
    row = Household.objects.select_for_update().get(pk=household.pk)
    member = row.members.filter(until=None, person=person).first()
    require(member is not None, _("新户主要先是这一户的人。"))
    require(relation_before in codes("relation"), _("请选择原户主与新户主的关系。"))
    row.members.filter(until=None, relation=HEAD_OF_HOUSEHOLD).exclude(person=person).update(
        relation=relation_before
    )
    row.members.filter(until=None, person=person).update(relation=HEAD_OF_HOUSEHOLD)
