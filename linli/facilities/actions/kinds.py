"""Kinds of facilities and their inspections: loaded from data, changed by a district."""

import tomllib
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.base.errors import Refused, require
from linli.facilities.models import FacilityKind, InspectionDue, Plan
from linli.facilities.rules import Rhythm, after, require_rhythm
from linli.organisations.models import Membership
from linli.organisations.rules import Power
from linli.people.models import Person

CHUNK = 500


@transaction.atomic
def load_kinds() -> int:
    """Load the kinds and plans that are missing from the data of the package; what is there stays as it was changed.

    Returns how many kinds were added; a second run adds none.
    """
    table = tomllib.loads(
        files("linli.facilities.defaults").joinpath("kinds.toml").read_text(encoding="utf-8")
    )
    known = set(FacilityKind.objects.values_list("code", flat=True))
    fresh = [row for row in table["kind"] if row["code"] not in known]
    for row in fresh:
        _load(row)
    return len(fresh)


def kind_called(words: str) -> FacilityKind:
    """Return the kind of that name or one of its other names; the data is loaded where nothing was yet."""
    clean = words.strip()
    kinds = list(FacilityKind.objects.order_by("code"))
    if not kinds:
        load_kinds()
        kinds = list(FacilityKind.objects.order_by("code"))
    for kind in kinds:
        if clean == kind.name or clean in kind.names:
            return kind
    raise Refused(
        _("没有“%(words)s”这个种类。有：%(kinds)s。")
        % {"words": clean, "kinds": "、".join(kind.name for kind in kinds)}
    )


@transaction.atomic
def set_plan(plan: Plan, rhythm: Rhythm, *, by: Person, at: datetime) -> Plan:
    """Change how often and by whom a kind is inspected; what is due moves with it, except where a report named it."""
    _require_editor(by, at)
    require_rhythm(rhythm)
    row = Plan.objects.select_for_update().get(pk=plan.pk)
    moved = (row.every, row.unit) != (rhythm.every, rhythm.unit)
    row.every, row.unit, row.doer = rhythm.every, rhythm.unit, rhythm.doer
    row.warn_days, row.basis = rhythm.warn_days, rhythm.basis.strip()[:300]
    row.changed_by, row.changed_at = by, at
    row.save()
    if moved:
        _move_dues(row)
    return row


@transaction.atomic
def add_plan(kind: FacilityKind, name: str, rhythm: Rhythm, *, by: Person, at: datetime) -> Plan:
    """Add an inspection to a kind; every facility of it is due one interval from today. The same name changes it."""
    _require_editor(by, at)
    require(bool(name.strip()), _("请写查什么。"))
    require_rhythm(rhythm)
    known = Plan.objects.filter(kind=kind, name=name.strip()).first()
    if known is not None:
        return set_plan(known, rhythm, by=by, at=at)
    facts = {
        "every": rhythm.every,
        "unit": rhythm.unit,
        "doer": rhythm.doer,
        "warn_days": rhythm.warn_days,
        "basis": rhythm.basis.strip()[:300],
    }
    plan = Plan.objects.create(kind=kind, name=name.strip()[:60], changed_by=by, changed_at=at, **facts)
    first = after(localdate(at), rhythm.every, rhythm.unit)
    dues = [
        InspectionDue(facility_id=pk, plan=plan, due_on=first)
        for pk in kind.facilities.values_list("pk", flat=True)
    ]
    InspectionDue.objects.bulk_create(dues, batch_size=CHUNK)
    return plan


def first_due(plan: Plan, last_on: date | None, today: date) -> date:
    """Return when a plan is due first: an interval after the last inspection, today where none is known."""
    return after(last_on, plan.every, plan.unit) if last_on is not None else today


def _load(row: dict[str, Any]) -> None:
    name, *others = row["names"]
    kind = FacilityKind.objects.create(code=row["code"], facility_class=row["class"], name=name, names=others)
    Plan.objects.bulk_create(
        Plan(kind=kind, name=what, every=every, unit=unit, doer=doer, warn_days=warn, basis=basis)
        for what, every, unit, doer, warn, basis in row["plans"]
    )


def _move_dues(plan: Plan) -> None:
    rows = plan.dues.filter(is_named=False, last_on__isnull=False)
    changed = []
    for due in rows.iterator(chunk_size=CHUNK):
        due.due_on = first_due(plan, due.last_on, due.due_on)
        changed.append(due)
    InspectionDue.objects.bulk_update(changed, ["due_on"], batch_size=CHUNK)


def _require_editor(by: Person, at: datetime) -> None:
    roles = Membership.objects.current(by, localdate(at))
    allowed = any(Power.EDIT_DUTIES in role.powers for role in roles)
    require(allowed, _("检验周期由区里统一维护。有意见可以提给区里。"))
