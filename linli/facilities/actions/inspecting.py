"""An inspection is recorded; a defect becomes a case, and what is due next moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.timezone import localdate, make_aware

from linli.attachments import actions as attachments
from linli.base.errors import require
from linli.base.words import said as _
from linli.cases import actions as cases
from linli.cases.actions import Said
from linli.cases.models import Case
from linli.cases.rules import Channel
from linli.facilities.actions.enrolling import note_condition
from linli.facilities.actions.kinds import first_due
from linli.facilities.models import Facility, Inspection, InspectionDue, Plan
from linli.facilities.rules import Condition, Doer, Result
from linli.organisations import actions as organisations
from linli.organisations.models import Membership, Organisation
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.todos import actions as todos

if TYPE_CHECKING:
    Upload = UploadedFile[bytes]
else:
    Upload = UploadedFile

ORIGIN = "facilities"
FARTHEST_YEARS = 5


@dataclass(frozen=True)
class Found:
    """What was found. `on` None means today; `next_on` is the day that a report itself names."""

    result: str = Result.FINE
    words: str = ""
    on: date | None = None
    report_number: str = ""
    next_on: date | None = None


@transaction.atomic
def inspect(
    facility: Facility,
    plan: Plan | None,
    found: Found,
    *,
    by: Person,
    at: datetime,
    photos: Sequence[Upload] = (),
    once: str = "",
) -> Inspection:
    """Record one inspection; `plan` None is a look out of turn. Sent twice with one `once`, recorded once.

    A defect files a case at the facility and makes it 待修; what was mended at once is noted as solved on the
    spot where the worker takes matters in. Photos are optional (G06).
    """
    row = Facility.objects.select_for_update(of=("self",)).select_related("place", "kind").get(pk=facility.pk)
    roles = list(Membership.objects.current(by, localdate(at)))
    require(row.may_be_inspected_by(roles), _("检验由当地社区、管理单位和维保单位来记。"))
    if once and (known := Inspection.objects.filter(once=once).first()):
        return known
    on = found.on or localdate(at)
    _require_found(row, plan, found, on, localdate(at))
    unit = _unit_of(row, roles)
    record = Inspection.objects.create(
        facility=row,
        plan=plan,
        on=on,
        at=at,
        by=by,
        by_words=unit.name,
        result=found.result,
        words=found.words.strip()[:500],
        report_number=found.report_number.strip()[:60],
        once=once or None,
    )
    kept = attachments.attach_all(photos, record.subject, "evidence", at, f"people.Person:{by.pk}")
    if found.result != Result.FINE:
        record.case = _file(row, record, roles, unit, by, at, bool(kept.attachments))
        record.save(update_fields=["case"])
    if found.result == Result.DEFECT and row.condition == Condition.GOOD:
        note_condition(row, Condition.TO_MEND, record.words, by=by, at=at, by_words=unit.name)
    if found.result != Result.DEFECT and row.condition == Condition.TO_MEND:
        note_condition(row, Condition.GOOD, record.words, by=by, at=at, by_words=unit.name)
    if plan is not None:
        _move_due(row, plan, on, found.next_on, at)
    return record


@transaction.atomic
def warn(at: datetime) -> int:
    """Put inspections that come due on the list of who is to look; each has its key, so that again opens nothing."""
    today, asked = localdate(at), 0
    rows = InspectionDue.objects.standing().filter(due_on__lte=date.fromordinal(today.toordinal() + 180))
    rows = rows.select_related("plan", "facility__place", "facility__responsible", "facility__upkeep")
    for due in rows.order_by("due_on", "pk").iterator(chunk_size=500):
        if due.standing_on(today) != "calm":
            _ask(due, at)
            asked += 1
    return asked


def _ask(due: InspectionDue, at: datetime) -> None:
    facility, plan = due.facility, due.plan
    first, second = facility.responsible, facility.upkeep
    body = (second or first) if plan.doer == Doer.MAINTAINER else (first or second)
    power: str = Power.HANDLE
    if body is None or body.retired_at is not None:
        body, power = organisations.desk(facility.place), Power.INTAKE
    todos.open_todo(
        f"{facility.subject}:{plan.pk}:{due.due_on.isoformat()}",
        facility.subject,
        _("%(plan)s：%(name)s") % {"plan": plan.name, "name": facility.place.name},
        make_aware(datetime.combine(due.due_on, time(23, 59))),
        facility.address,
        at,
        organisation=body,
        power=power,
        place_words=facility.place.full_name,
        origin=ORIGIN,
    )


def _require_found(row: Facility, plan: Plan | None, found: Found, on: date, today: date) -> None:
    require(found.result in Result.values, _("请选查得怎么样。"))
    require(plan is None or plan.kind_id == row.kind_id, _("这不是这种部件的检验，请重新选。"))
    require(on <= today, _("检验日期在今天以后，请核对。"))
    require(row.installed_on is None or on >= row.installed_on, _("检验日期早于启用日期，请核对。"))
    require(found.result == Result.FINE or bool(found.words.strip()), _("请写一句哪里有问题，接手的人要看。"))
    if plan is not None and plan.doer == Doer.STATUTORY:
        require(bool(found.report_number.strip()), _("法定检验请写报告编号。"), rule=plan.basis)
    if found.next_on is not None:
        last_day = date(today.year + FARTHEST_YEARS, 12, 31)
        require(on < found.next_on <= last_day, _("下次检验日期要在这次之后、五年以内，请照报告核对。"))


def _unit_of(row: Facility, roles: Sequence[Membership]) -> Organisation:
    """Return the body for which the worker looked: the one that answers for it first."""
    bodies = (row.upkeep_id, row.responsible_id)
    mine = [role for role in roles if role.organisation_id in bodies]
    here = [role for role in roles if role.covers(row.place) and role.powers]
    return (mine or here)[0].organisation


def _file(
    row: Facility,
    record: Inspection,
    roles: Sequence[Membership],
    unit: Organisation,
    by: Person,
    at: datetime,
    has_photo: bool,
) -> Case | None:
    """File what was found as a case at the facility: by the worker's desk where it has one, else for nobody.

    Nobody asked for it, so an independent check stands in for the asker's answer.
    """
    title = _("%(name)s：%(words)s") % {"name": row.place.name, "words": record.words}
    text = _("%(unit)s检查%(name)s（%(number)s）：%(words)s") % {
        "unit": unit.name,
        "name": row.place.name,
        "number": row.number,
        "words": record.words,
    }
    said = Said(
        text=text, place=row.place, channel=Channel.PATROL, title=title[:60], has_attachment=has_photo
    )
    takes_in = any(Power.INTAKE in role.powers and role.covers(row.place) for role in roles)
    key: dict[str, Any] = {"at": at, "once": f"facilities:{record.token}"}
    if record.result == Result.MENDED:
        return (
            cases.solve_on_the_spot(said, resident=None, by=by, words=record.words, **key)
            if takes_in
            else None
        )
    if takes_in:
        return cases.file_for(said, resident=None, by=by, **key)
    return cases.file(said, by=None, **key)


def _move_due(row: Facility, plan: Plan, on: date, next_on: date | None, at: datetime) -> None:
    due, _made = InspectionDue.objects.select_for_update().get_or_create(
        facility=row, plan=plan, defaults={"due_on": on}
    )
    if due.last_on is not None and due.last_on > on:
        return  # an older report entered late moves nothing
    due.last_on, due.is_named = on, next_on is not None
    due.due_on = next_on or first_due(plan, on, on)
    due.save(update_fields=["last_on", "due_on", "is_named"])
    todos.close(f"{row.subject}:{plan.pk}", at)
