"""A facility gets its file: kind, number, who answers for it, who keeps it up and who pays."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.base.errors import Refused, require
from linli.facilities.actions.kinds import first_due, kind_called
from linli.facilities.models import ConditionChange, Facility, FacilityKind, InspectionDue
from linli.facilities.rules import CLASS_CODES, Condition, Payer, facility_number
from linli.organisations.models import Membership, Organisation
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.places import actions as places
from linli.places.models import Kind, Ownership, Place


@dataclass(frozen=True)
class Facts:
    """What is known of a facility. `last` says by plan name when it was last inspected."""

    kind: str
    ownership: str = ""
    responsible: Organisation | None = None
    upkeep: Organisation | None = None
    payer: str = Payer.UNKNOWN
    installed_on: date | None = None
    model_words: str = ""
    last: dict[str, date] = field(default_factory=dict)


@transaction.atomic
def enrol(place: Place, facts: Facts, *, by: Person, at: datetime) -> Facility:
    """Open the file of the facility at `place`, or change what it says; its inspections are scheduled at once."""
    place = Place.objects.select_for_update(of=("self",)).select_related("district").get(pk=place.pk)
    registrar(by, place, at)
    require(
        place.kind == Kind.FACILITY,
        _("“%(place)s”不是公共部件，请先在地点里添加部件。") % {"place": place.name},
    )
    require(place.retired_at is None, _("“%(place)s”已经停用。") % {"place": place.name})
    require(facts.payer in Payer.values, _("请选谁出钱维护。"))
    require(not facts.ownership or facts.ownership in Ownership.values, _("请选归谁所有。"))
    today = localdate(at)
    require(facts.installed_on is None or facts.installed_on <= today, _("启用日期在今天以后，请核对。"))
    kind = kind_called(facts.kind)
    known = Facility.objects.filter(place=place).select_related("kind").first()
    if known is None:
        known = Facility(place=place, enrolled_at=at, condition_since=today)
    if known.number == "" or known.kind_id != kind.pk:
        known.kind, known.number = kind, _next_number(place, kind)
    known.responsible, known.upkeep, known.payer = facts.responsible, facts.upkeep, facts.payer
    known.installed_on, known.model_words = facts.installed_on, facts.model_words.strip()[:80]
    known.save()
    places.change_facts(
        place, by=by, at=at, facility_class=kind.facility_class, facility_kind=kind.name,
        ownership=facts.ownership or place.ownership,
    )  # fmt: skip
    _schedule(known, facts.last, today)
    return known


@transaction.atomic
def note_condition(
    facility: Facility, condition: str, words: str, *, by: Person, at: datetime, by_words: str = ""
) -> Facility:
    """Say how a facility is now, and why; the same again changes nothing."""
    row = Facility.objects.select_for_update(of=("self",)).select_related("place").get(pk=facility.pk)
    require(condition in Condition.values, _("请选现在的状况。"))
    roles = list(Membership.objects.current(by, localdate(at)))
    require(row.may_be_inspected_by(roles), _("状况由当地社区、管理单位和维保单位来改。"))
    if condition == row.condition:
        return row
    require(condition == Condition.GOOD or bool(words.strip()), _("请写一句怎么了。"))
    unit = by_words or next((role.organisation.name for role in roles if role.powers), "")
    ConditionChange.objects.create(
        facility=row,
        before=row.condition,
        condition=condition,
        at=at,
        by=by,
        by_words=unit,
        words=words.strip()[:300],
    )
    row.condition, row.condition_since = condition, localdate(at)
    row.save(update_fields=["condition", "condition_since"])
    return row


def registrar(by: Person, place: Place, at: datetime) -> Membership:
    """Return the role in which `by` keeps the files of facilities at `place`."""
    for membership in Membership.objects.current(by, localdate(at)):
        if Power.REGISTER in membership.powers and membership.covers(place):
            return membership
    raise Refused(_("部件档案由当地社区的工作人员登记。"))


def _next_number(place: Place, kind: FacilityKind) -> str:
    """Return the next free number of a kind in the county; the kind's row is held so that no two get one."""
    FacilityKind.objects.select_for_update().get(pk=kind.pk)
    county = place.district.code or "" if place.district else ""
    prefix = facility_number(county, kind.code, 1)[:10]
    last = (
        Facility.objects.filter(number__startswith=prefix)
        .order_by("-number")
        .values_list("number", flat=True)
    )
    serial = int(last[0][10:]) + 1 if last.exists() else 1
    if not kind.code.startswith(CLASS_CODES[kind.facility_class]):
        raise Refused(_("“%(kind)s”的种类代码和大类对不上。") % {"kind": kind.name})
    return facility_number(county, kind.code, serial)


def _schedule(facility: Facility, last: dict[str, date], today: date) -> None:
    """Schedule the plans of its kind; those of another kind go, a known last day moves what is due."""
    plans = {plan.pk: plan for plan in facility.kind.plans.all()}
    facility.dues.exclude(plan__in=plans).delete()
    held = {due.plan_id: due for due in facility.dues.all()}
    for key, plan in plans.items():
        day = last.get(plan.name)
        due = held.get(key)
        require(
            day is None or day <= today, _("“%(plan)s”的上次日期在今天以后，请核对。") % {"plan": plan.name}
        )
        if due is None:
            InspectionDue.objects.create(
                facility=facility, plan=plan, last_on=day, due_on=first_due(plan, day, today)
            )
        elif day is not None and (due.last_on is None or due.last_on < day):
            due.last_on, due.due_on, due.is_named = day, first_due(plan, day, today), False
            due.save(update_fields=["last_on", "due_on", "is_named"])
