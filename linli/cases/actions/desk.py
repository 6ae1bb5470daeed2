"""What the desk that owns a case does: accept, put in the right drawer, bind bodies to it, take back, decline."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from linli.base.errors import require
from linli.base.words import said as _
from linli.cases.actions.acting import desk_seat, keep, lead_order, lock, require_move, seat
from linli.cases.actions.binding import bind, release_units
from linli.cases.actions.deadlines import (
    Clock,
    clock_of,
    counted_due,
    decided_fields,
    remind_again,
    reminding,
)
from linli.cases.actions.filing import open_intake_todo
from linli.cases.actions.proposing import learn_category, learn_unit, propose
from linli.cases.actions.telling import happened, require_words, tell_askers
from linli.cases.actions.work import unpark
from linli.cases.models import Case, Event, Order
from linli.cases.rules import OPEN, WITH_A_UNIT, Part, State, Verb, is_mere_acknowledgement
from linli.duties import actions as duties
from linli.duties.models import Category
from linli.organisations.models import Organisation
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.todos import actions as todos


@transaction.atomic
def accept(case: Case, *, by: Person, at: datetime, words: str = "") -> Case:
    """Take a case on (受理). Words that say something are the first response; a bare 「已收悉」 is not."""
    lock(case)
    membership = desk_seat(case, by, at)
    if case.state == State.ACCEPTED:
        return case
    require(case.state == State.FILED, _("这件事已经受理过，或已经结束。请刷新页面看看最新情况。"))
    says_something = not is_mere_acknowledgement(words)
    keep(
        case,
        state=State.ACCEPTED,
        responded_at=(case.responded_at or at) if says_something else case.responded_at,
    )
    happened(case, Verb.ACCEPTED, at, by=by, organisation=membership.organisation, words=words)
    if words.strip():
        title = _("%(number)s 社区已经受理") % {"number": case.number}
        tell_askers(case, f"accepted:{case.version}", title, words, at)
    return case


@transaction.atomic
def categorise(case: Case, category: Category, *, by: Person, at: datetime, words: str = "") -> Case:
    """Put a case under another category with one tap: the clock keeps running from filing, nothing is retyped.

    What was dispatched stays with its body; whoever decides differently transfers it.
    """
    lock(case)
    membership = desk_seat(case, by, at)
    require(case.state in OPEN, _("已经办结的事不能再改类别。没解决的，请先重新办理。"))
    before = case.category
    if before == category:
        return case
    decision = duties.decide(category, case.place, case.filed_at)
    for name, value in decided_fields(category, decision).items():
        setattr(case, name, value)
    clock = clock_of(case, decision.calendar)
    if case.clock_from != case.filed_at or case.pauses.exists():
        counted = counted_due(case, clock)
        case.due, case.due_words, case.is_due_certain = counted.at, counted.words, counted.is_certain
    case.matter = category.matter
    keep(case, **{name: getattr(case, name) for name in [*decided_fields(category, decision), "matter"]})
    keep(case, **remind_again(case))
    happened(
        case,
        Verb.CATEGORISED,
        at,
        by=by,
        organisation=membership.organisation,
        words=words,
        before=before.code if before else "",
        after=category.code,
        because=case.because,
    )
    learn_category(case)
    propose(case, at, decision.bodies)
    duties.note_gap(decision, case.subject, at)
    if case.state not in WITH_A_UNIT:
        todos.close(f"{case.subject}:intake", at)
        open_intake_todo(case, at)
    return case


@transaction.atomic
def dispatch(
    case: Case,
    lead: Organisation,
    assists: Sequence[Organisation] = (),
    *,
    by: Person,
    at: datetime,
    words: str = "",
) -> Order:
    """Bind one lead and any co-units. Eight at once make one order: all but the first get the order that is there."""
    return _dispatch_locked(lock(case), lead, assists, by=by, at=at, words=words)


@transaction.atomic
def dispatch_as_proposed(case: Case, *, by: Person, at: datetime) -> Order:
    """Dispatch in one tap to the lead and co-units that the duty list names for the case."""
    lock(case)
    decision = duties.decide(case.category, case.place, case.filed_at)
    clock = clock_of(case, decision.calendar)
    assists = [body for body in decision.assists if body.takes_orders(localdate(at))]
    return _dispatch_locked(case, decision.lead, assists, by=by, at=at, clock=clock)


def _dispatch_locked(
    case: Case,
    lead: Organisation,
    assists: Sequence[Organisation],
    *,
    by: Person,
    at: datetime,
    words: str = "",
    clock: Clock | None = None,
) -> Order:
    desk_seat(case, by, at)
    standing = lead_order(case)
    if standing is not None and standing.organisation_id == lead.pk:
        return standing
    require(
        standing is None,
        _("这件事已经派给“%(body)s”了。要换单位请用“转办”。")
        % {"body": standing.organisation.name if standing else ""},
    )
    require(case.state in OPEN, _("这件事已经结束，不能再派。没解决的，请提出人要求重新办理。"))
    require_move(case, State.ASSIGNED)
    return bind_lead(case, lead, assists, by=by, at=at, words=words, clock=clock)


def bind_lead(
    case: Case,
    lead: Organisation,
    assists: Sequence[Organisation] = (),
    *,
    by: Person,
    at: datetime,
    words: str = "",
    clock: Clock | None = None,
) -> Order:
    """Dispatch a locked case whose dispatcher was checked; triage learns what was chosen."""
    order = _dispatch(case, lead, assists, by, at, clock or clock_of(case))
    happened(
        case,
        Verb.DISPATCHED,
        at,
        by=by,
        organisation=lead,
        words=words,
        assists=[body.name for body in assists],
    )
    learn_unit(case, lead)
    learn_category(case)
    title = _("%(number)s 已请%(body)s办理") % {"number": case.number, "body": lead.name}
    tell_askers(case, f"dispatched:{order.pk}", title, case.due_words, at)
    return order


def _dispatch(
    case: Case,
    lead: Organisation,
    assists: Sequence[Organisation],
    by: Person | None,
    at: datetime,
    clock: Clock,
) -> Order:
    order = bind(case, lead, Part.LEAD, clock, by=by, at=at)
    for body in assists:
        if body.pk != lead.pk:
            bind(case, body, Part.ASSIST, clock, by=by, at=at)
    case.state = State.ASSIGNED
    anew = case.due is None or case.due <= at
    keep(case, state=State.ASSIGNED, lead=lead, **reminding(case, order, clock, anew=anew))
    todos.close(f"{case.subject}:intake", at)
    return order


@transaction.atomic
def transfer(case: Case, to: Organisation, *, by: Person, at: datetime, reason: str) -> Order:
    """Give the lead to another body (转办): the resident's clock keeps running, the file goes along."""
    lock(case)
    standing = lead_order(case)
    seat(by, [case.owner, standing.organisation if standing else None], [Power.DISPATCH], at)
    reason = require_words(reason, _("转办的原因"))
    require(standing is not None and case.state in WITH_A_UNIT, _("这件事还没有派出去，直接派单就可以。"))
    if standing is not None and standing.organisation_id == to.pk:
        return standing
    before = standing.organisation.name if standing else ""
    unpark(case, at)
    release_units(case, at, lead_only=True)
    order = _dispatch(case, to, (), by, at, clock_of(case))
    happened(case, Verb.TRANSFERRED, at, by=by, organisation=to, words=reason, before=before)
    learn_unit(case, to)
    title = _("%(number)s 已转由%(body)s办理") % {"number": case.number, "body": to.name}
    tell_askers(case, f"dispatched:{order.pk}", title, reason, at)
    return order


@transaction.atomic
def add_assist(case: Case, body: Organisation, *, by: Person, at: datetime, words: str = "") -> Order:
    """Call one more co-unit to report in (吹哨报到); it answers for itself."""
    lock(case)
    standing = lead_order(case)
    seat(by, [case.owner, standing.organisation if standing else None], [Power.DISPATCH], at)
    require(case.state in WITH_A_UNIT, _("先派主办单位，再请协办。"))
    found = case.orders.open().filter(organisation=body).first()
    if found:
        return found
    order = bind(case, body, Part.ASSIST, clock_of(case), by=by, at=at)
    keep(case)
    happened(case, Verb.ASSIST_ADDED, at, by=by, organisation=body, words=words)
    return order


@transaction.atomic
def recall(case: Case, *, by: Person, at: datetime, reason: str) -> Case:
    """Take back what was dispatched, to decide anew."""
    lock(case)
    membership = desk_seat(case, by, at)
    reason = require_words(reason, _("收回的原因"))
    require(case.state in (State.ASSIGNED, State.UNDER_WAY), _("现在没有派出去的工单可以收回。"))
    back_to_desk(case, at)
    happened(case, Verb.RECALLED, at, by=by, organisation=membership.organisation, words=reason)
    return case


def back_to_desk(case: Case, at: datetime) -> None:
    """Let all orders go and put the case on its owner's list again."""
    unpark(case, at)
    release_units(case, at)
    keep(case, state=State.ACCEPTED, lead=None)
    keep(case, **remind_again(case))
    open_intake_todo(case, at)


@transaction.atomic
def decline(case: Case, *, by: Person, at: datetime, reason: str, channel: str) -> Case:
    """Say that this cannot be taken on, why, and where to go instead; the asker may answer within the window."""
    lock(case)
    membership = desk_seat(case, by, at)
    reason = require_words(reason, _("不受理的原因"))
    channel = require_words(channel, _("应当找谁：单位、电话或地点"))
    require_move(case, State.DECLINED)
    release_units(case, at)
    keep(
        case,
        state=State.DECLINED,
        closed_at=at,
        responded_at=case.responded_at or at,
        update_due=None,
        remind_at=None,
        lead=None,
    )
    todos.close(case.subject, at)
    words = f"{reason}\n{channel}"
    happened(
        case, Verb.DECLINED, at, by=by, organisation=membership.organisation, words=words, channel=channel
    )
    title = _("%(number)s 不归社区办，请看该找谁") % {"number": case.number}
    tell_askers(case, f"declined:{case.version}", title, words, at)
    return case


@transaction.atomic
def note(case: Case, words: str, *, by: Person, at: datetime) -> Event:
    """Leave a note for those who handle the case; neither the asker nor the public reads it."""
    lock(case)
    bodies: list[Organisation | None] = [case.owner]
    bodies += [order.organisation for order in case.orders.select_related("organisation")]
    membership = seat(by, bodies, [Power.HANDLE, Power.DISPATCH, Power.INTAKE, Power.ARBITRATE], at)
    words = require_words(words, _("备注"))
    return happened(case, Verb.NOTED, at, by=by, organisation=membership.organisation, words=words)
