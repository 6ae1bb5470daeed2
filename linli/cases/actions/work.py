"""What the bodies bound to a case do: sign, begin, answer, ask for more, park it, and say that it is done."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from linli.base import worktime
from linli.base.errors import Refused, require
from linli.base.words import said as _
from linli.base.worktime import Unit
from linli.cases.actions.acting import (
    keep,
    lead_order,
    lock,
    lock_order,
    require_move,
    seat,
    standing_for,
)
from linli.cases.actions.asking import ask_askers
from linli.cases.actions.binding import work_todo
from linli.cases.actions.deadlines import clock_of, counted_due, counted_order_due, remind_again
from linli.cases.actions.telling import (
    act,
    askers,
    end_order,
    happened,
    open_case_todo,
    public_form,
    require_words,
    tell_askers,
    tell_followers,
)
from linli.cases.models import Case, Order, Pause
from linli.cases.rules import OPEN, WITH_A_UNIT, OrderState, Part, State, Verb, is_mere_acknowledgement
from linli.organisations.models import Membership, Organisation
from linli.organisations.rules import Power
from linli.people.models import Person, Proxy, may_act_for
from linli.todos import actions as todos

LONGEST_PAUSE = timedelta(days=92)


@transaction.atomic
def sign(order: Order, *, by: Person, at: datetime) -> Order:
    """Sign for an order (签收): it was received, and a desk of a higher tier now owns the case."""
    lock_order(order)
    membership = order_seat(order, by, at)
    if order.signed_at is None:
        sign_order(order, by, at, lapsed=False)
        happened(order.case, Verb.SIGNED, at, by=by, organisation=membership.organisation)
    return order


def sign_order(order: Order, by: Person | None, at: datetime, *, lapsed: bool) -> None:
    """Let the order count as signed; the first desk owned the case until here (首接负责)."""
    require(order.ended_at is None, _("这张工单已经结束，不用再签收。"))
    order.signed_at, order.is_lapsed, order.worker = at, lapsed, by
    if order.state == OrderState.DISPATCHED:
        order.state = OrderState.SIGNED
    order.save(update_fields=["signed_at", "is_lapsed", "worker", "state"])
    if order.organisation.is_desk and order.part == Part.LEAD:
        keep(order.case, owner=order.organisation)
    todos.close(f"{order.key}:sign", at)
    work_todo(order, at)


@transaction.atomic
def start(order: Order, *, by: Person, at: datetime, words: str = "") -> Order:
    """Begin to work; what was not signed is signed with it. Words reach the asker, a bare 「收到」 is no response."""
    lock_order(order)
    case, membership = order.case, order_seat(order, by, at)
    require(
        order.state != OrderState.RETURN_ASKED,
        _("您单位已申请退单，请等裁定。已经办好的，可以直接办结答复。"),
    )
    if order.signed_at is None:
        sign_order(order, by, at, lapsed=False)
    if order.worker_id != by.pk:
        order.worker = by
        order.save(update_fields=["worker"])
    if order.part == Part.LEAD and case.state == State.ASSIGNED:
        keep(case, state=State.UNDER_WAY)
    happened(case, Verb.STARTED, at, by=by, organisation=membership.organisation, words=words)
    if not is_mere_acknowledgement(words):
        respond(case, at)
    if words.strip():
        title = _("%(number)s 正在办") % {"number": case.number}
        tell_askers(case, f"started:{case.version}", title, words, at)
    return order


@transaction.atomic
def reply(case: Case, words: str, *, by: Person, at: datetime) -> Case:
    """Tell the asker how it stands; a word that only says "received" is refused."""
    lock(case)
    membership = handler_seat(case, by, at)
    words = _real_words(words)
    respond(case, at)
    happened(case, Verb.REPLIED, at, by=by, organisation=membership.organisation, words=words)
    title = _("%(number)s 有新进展") % {"number": case.number}
    tell_askers(case, f"replied:{case.version}", title, words, at)
    return case


@transaction.atomic
def ask_more(case: Case, words: str, *, by: Person, at: datetime) -> Case:
    """Ask the reporter for more; the limit keeps running, the duty to write again waits for their answer."""
    lock(case)
    membership = handler_seat(case, by, at)
    require(case.state in OPEN, _("已经办结的事不用再补充。"))
    require(case.reporter is not None, _("这件事没有留下提出人，问不到。请按现场情况办。"))
    words = require_words(words, _("要问什么"))
    respond(case, at)
    keep(case, asked_more_at=at)
    happened(case, Verb.ASKED_MORE, at, by=by, organisation=membership.organisation, words=words)
    title = _("%(number)s 请您补充一点情况") % {"number": case.number}
    tell_askers(case, f"asked_more:{case.version}", title, words, at)
    key = f"{case.subject}:more:{case.version}"
    open_case_todo(case, key, title, case.due or at, at, person=case.reporter)
    return case


@transaction.atomic
def tell_more(case: Case, words: str, *, by: Person, at: datetime) -> Case:
    """Add something as the asker or their family: allowed in any state, and we owe a word again.

    What somebody adds whose case was merged stands where the work goes on, for those who do it.
    """
    lock(case)
    require(_speaks_for_an_asker(case, by, at), _("只有提出的人和他的家人可以补充。也遇到的请点“我也遇到”。"))
    words = require_words(words, _("补充的情况"))
    standing = standing_for(case)
    clock = clock_of(standing)
    owed = None
    if standing.responded_at is not None and standing.state in OPEN:
        owed = worktime.due(at, clock.limits.update_days, Unit.WORKING_DAY, clock.calendar).at
    changes: dict[str, datetime | None] = {"update_due": standing.update_due or owed}
    if standing is case:  # what the reporter of another case was asked still waits for them
        changes["asked_more_at"] = None
        todos.close(f"{case.subject}:more", at)
    keep(standing, **changes)
    happened(standing, Verb.TOLD_MORE, at, by=by, words=words)
    return case


@transaction.atomic
def answer_order(order: Order, answer: str, *, by: Person, at: datetime) -> Order:
    """A co-unit gives its own answer; the lead cannot end the case over its head."""
    lock_order(order)
    membership = order_seat(order, by, at)
    require(order.part == Part.ASSIST, _("您是主办，请用“办结答复”。"))
    require(order.ended_at is None, _("这张工单已经结束。"))
    answer = _real_words(answer)
    _answer(order, answer, by, at)
    happened(order.case, Verb.UNIT_ANSWERED, at, by=by, organisation=membership.organisation, words=answer)
    keep(order.case)
    return order


@transaction.atomic
def pause(case: Case, reason: str, review_on: date, *, by: Person, at: datetime) -> Pause:
    """Park a case (挂账) with a written reason and a day on which it is looked at again; the clock stands still.

    The review comes within a quarter; on that day the clock runs on by itself unless it is parked anew.
    """
    lock(case)
    membership = handler_seat(case, by, at)
    reason = require_words(reason, _("挂账的原因"))
    today = localdate(at)
    require(today < review_on <= today + LONGEST_PAUSE, _("复查日期请选明天到三个月以内的一天。"))
    if case.state == State.ASSIGNED:
        keep(case, state=State.UNDER_WAY)
    require_move(case, State.PAUSED)
    parked = Pause.objects.create(case=case, reason=reason[:300], since=at, review_on=review_on, by=by)
    keep(case, state=State.PAUSED, remind_at=None)
    happened(
        case,
        Verb.PAUSED,
        at,
        by=by,
        organisation=membership.organisation,
        words=reason,
        review_on=review_on.isoformat(),
    )
    title = _("%(number)s 暂时办不了，%(day)s复查") % {
        "number": case.number,
        "day": f"{review_on:%m-%d} ",
    }
    tell_askers(case, f"paused:{parked.pk}", title, reason, at)
    resuming = act(_("恢复办理"), case, "resume")
    title = _("复查挂账：%(title)s") % {"title": case.title}
    due = datetime.combine(review_on, at.timetz())
    whose = {"organisation": membership.organisation, "power": Power.HANDLE, "acts": [resuming]}
    open_case_todo(case, f"cases.Pause:{parked.pk}:review", title, due, at, **whose)
    return parked


@transaction.atomic
def resume(case: Case, *, by: Person, at: datetime, words: str = "") -> Case:
    """Go on with a parked case: the clock runs on with the rest that was left."""
    lock(case)
    membership = handler_seat(case, by, at)
    require(case.state == State.PAUSED, _("这件事没有挂账，不用恢复。"))
    end_pause(case, at)
    happened(case, Verb.RESUMED, at, by=by, organisation=membership.organisation, words=words)
    return case


def end_pause(case: Case, at: datetime) -> None:
    """Close the open pause and count both clocks anew; the case is locked."""
    parked = case.pauses.get(until=None)
    parked.until = at
    parked.save(update_fields=["until"])
    todos.close(f"cases.Pause:{parked.pk}", at)
    minutes = int((at - parked.since).total_seconds() // 60)
    case.state = State.UNDER_WAY
    recount(case)
    keep(case, state=State.UNDER_WAY, paused_minutes=case.paused_minutes + minutes)
    keep(case, **remind_again(case))


def unpark(case: Case, at: datetime) -> None:
    """End a pause, if there is one, before the case goes somewhere else."""
    if case.state == State.PAUSED:
        end_pause(case, at)


def recount(case: Case) -> bool:
    """Count the limits of a case and its open orders anew from the facts; whether the resident's moved."""
    clock = clock_of(case)
    before, counted = case.due, counted_due(case, clock)
    for order in case.orders.open():
        order.due = counted_order_due(order, clock).at
        order.save(update_fields=["due"])
        todos.reschedule(f"{order.key}:work", order.due)
    keep(case, due=counted.at, due_words=counted.words, is_due_certain=counted.is_certain)
    return before != counted.at


@transaction.atomic
def resolve(
    case: Case, answer: str, *, by: Person, at: datetime, public_answer: str = "", missing: str = ""
) -> Case:
    """The lead says that it is done (办结). Whether it is solved, only those who asked can say: they are asked once.

    Co-units must have answered, or `missing` says why it ends without them. The public reads `public_answer`, or
    the answer with personal data masked.
    """
    lock(case)
    orders = list(case.orders.open().select_related("organisation").order_by("pk"))
    standing = next((order for order in orders if order.part == Part.LEAD), None)
    membership = seat(by, [standing.organisation if standing else case.owner], [Power.HANDLE], at)
    if case.state == State.RESOLVED:
        return case
    require_move(case, State.RESOLVED)
    answer = _real_words(answer)
    _let_go_of_co_units([order for order in orders if order.part == Part.ASSIST], missing, at)
    was_asked = case.asked_more_at is not None
    if standing is not None:
        _answer(standing, answer, by, at)
    keep(
        case,
        state=State.RESOLVED,
        responded_at=case.responded_at or at,
        resolved_at=at,
        public_answer=public_form(public_answer or answer),
        remind_at=None,
        update_due=None,
        asked_more_at=None,
    )
    happened(
        case, Verb.RESOLVED, at, by=by, organisation=membership.organisation, words=answer, missing=missing
    )
    if was_asked:
        todos.close(f"{case.subject}:more", at)
    ask_askers(case, at)
    title = _("您关注的%(number)s 已经办完") % {"number": case.number}
    tell_followers(case, f"resolved:{case.round}", title, at)
    return case


def _let_go_of_co_units(waiting: list[Order], missing: str, at: datetime) -> None:
    names = "、".join(order.organisation.name for order in waiting)
    require(
        not waiting or bool(missing.strip()),
        _("%(names)s还没有答复。请等他们答复，或写明为什么不用等。") % {"names": names},
    )
    for order in waiting:
        order.answer = missing.strip()
        end_order(order, OrderState.RECALLED, at)


def _answer(order: Order, answer: str, by: Person, at: datetime) -> None:
    order.answer, order.answered_at, order.worker = answer, at, by
    order.signed_at = order.signed_at or at
    end_order(order, OrderState.ANSWERED, at)


def respond(case: Case, at: datetime) -> None:
    """Note that we spoke to the asker: the first word stops the response clock, each one the update clock."""
    keep(case, responded_at=case.responded_at or at, update_due=None)


def order_seat(order: Order, by: Person, at: datetime) -> Membership:
    """Return the role in which `by` works on this order."""
    require(order.ended_at is None, _("这张工单已经结束。请刷新页面看看最新情况。"))
    return seat(by, [order.organisation], [Power.HANDLE], at)


def handler_seat(case: Case, by: Person, at: datetime) -> Membership:
    """Return the role in which `by` speaks for the lead, or for the desk that owns the case."""
    bodies: list[Organisation | None] = [case.owner]
    if case.state in WITH_A_UNIT and (standing := lead_order(case)):
        bodies.append(standing.organisation)
    return seat(by, bodies, [Power.HANDLE, Power.DISPATCH], at)


def _speaks_for_an_asker(case: Case, by: Person, at: datetime) -> bool:
    return any(may_act_for(by, person, Proxy.Scope.CASES, at) for person in askers(case))


def _real_words(words: str) -> str:
    words = require_words(words, _("办了什么、结果怎样"))
    if is_mere_acknowledgement(words):
        raise Refused(_("只说“已收悉”不算答复。请写清楚：去看了没有，怎么处理，什么时候好。"))
    return words
