"""What a unit may ask that somebody else decides: more time, to give it back, or help."""

from datetime import datetime

from django.db import transaction

from linli.base.errors import require
from linli.base.words import said as _
from linli.base.worktime import Unit
from linli.cases.actions.acting import holds, keep, lead_order, lock_order, present, seat
from linli.cases.actions.binding import bind, work_todo
from linli.cases.actions.deadlines import clock_of, remind_again
from linli.cases.actions.desk import back_to_desk, bind_lead
from linli.cases.actions.telling import act, end_order, happened, open_case_todo, require_words, tell_askers
from linli.cases.actions.tiers import arbiter_of
from linli.cases.actions.work import order_seat, recount
from linli.cases.models import Asking, Case, Order, limits_at
from linli.cases.rules import AskingSort, OrderState, Part, ReturnReason, State, Verb
from linli.duties import actions as duties
from linli.organisations.models import Membership, Organisation
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.todos import actions as todos

DECIDING = (Power.ARBITRATE, Power.DISPATCH)


@transaction.atomic
def ask_extension(order: Order, amount: int, unit: str, reason: str, *, by: Person, at: datetime) -> Asking:
    """Ask for more time (延期): before the limit has passed, with a reason; another body decides."""
    lock_order(order)
    membership = order_seat(order, by, at)
    case, due = order.case, order.due
    require(amount >= 1 and unit in Unit.values, _("请写明要延长多久：数量和单位。"))
    require(case.state != State.PAUSED, _("挂账期间不计时，不用申请延期。"))
    in_time = due is not None and at <= due and (case.due is None or at <= case.due)
    require(in_time, _("延期要在到期前申请。现在已经超过期限，请抓紧办，或请求支援。"))
    words = require_words(reason, _("延期的原因"))
    asking = _ask(order, AskingSort.EXTENSION, words, by, at, amount=amount, unit=unit)
    happened(
        case,
        Verb.EXTENSION_ASKED,
        at,
        by=by,
        organisation=membership.organisation,
        words=words,
        amount=amount,
        unit=unit,
    )
    return asking


@transaction.atomic
def ask_return(order: Order, code: str, reason: str, *, by: Person, at: datetime) -> Asking:
    """Ask to give an order back (退单): a reason from the list, so many times at most, and an arbiter decides.

    The unit's clock and the resident's run on meanwhile; evidence hangs on the case as attachments.
    """
    lock_order(order)
    membership = order_seat(order, by, at)
    case = order.case
    require(code in ReturnReason.values, _("退单的理由请从清单里选。"))
    words = require_words(reason, _("退单的依据：哪一条职责、现场什么情况"))
    limit = limits_at(case.place).return_limit
    earlier = Asking.objects.filter(
        order__case=case, order__organisation=order.organisation, sort=AskingSort.RETURN
    ).exclude(order=order, decided_at=None)
    require(
        earlier.count() < limit,
        _("同一件事最多申请退单 %(limit)d 次，已经用完。职责不清请求支援，由上级现场核实划分。")
        % {"limit": limit},
    )
    asking = _ask(order, AskingSort.RETURN, words, by, at, code=code)
    order.state = OrderState.RETURN_ASKED
    order.save(update_fields=["state"])
    happened(case, Verb.RETURN_ASKED, at, by=by, organisation=membership.organisation, words=words, code=code)
    return asking


@transaction.atomic
def ask_help(order: Order, reason: str, *, by: Person, at: datetime) -> Asking:
    """Ask the next tier for help (请求支援): its own, honourable kind, counted against nobody."""
    lock_order(order)
    membership = order_seat(order, by, at)
    words = require_words(reason, _("缺什么、难在哪里"))
    asking = _ask(order, AskingSort.HELP, words, by, at)
    happened(order.case, Verb.HELP_ASKED, at, by=by, organisation=membership.organisation, words=words)
    return asking


def _ask(
    order: Order,
    sort: str,
    words: str,
    by: Person,
    at: datetime,
    *,
    code: str = "",
    amount: int = 0,
    unit: str = "",
) -> Asking:
    case = order.case
    found = order.askings.filter(sort=sort, decided_at=None).first()
    if found is not None:
        return found
    arbiter = present(arbiter_of(case, order.organisation), _("还没有设裁定的上级单位，请先找服务台商量。"))
    asking = Asking.objects.create(
        order=order,
        sort=sort,
        arbiter=arbiter,
        reason_code=code,
        reason=words[:500],
        asked_at=at,
        asked_by=by,
        amount=amount,
        unit=unit,
    )
    keep(case)
    fields = {"asking": asking.pk}
    acts = [act(_("同意"), case, "rule", **fields, granted="1"), act(_("不同意"), case, "rule", **fields)]
    title = _("裁定%(sort)s：%(title)s") % {"sort": asking.get_sort_display(), "title": case.title}
    due = clock_of(case).rule_due(at)
    power = Power.ARBITRATE if holds(arbiter, Power.ARBITRATE, at) else Power.DISPATCH
    open_case_todo(case, asking.key, title, due, at, organisation=arbiter, power=power, acts=acts)
    return asking


@transaction.atomic
def rule_on(
    asking: Asking,
    is_granted: bool,
    ruling: str,
    *,
    by: Person,
    at: datetime,
    lead: Organisation | None = None,
    as_precedent: bool = False,
) -> Asking:
    """Decide what was asked, as another body than the asker's; a ruling on a return may become a precedent line.

    A granted return goes to `lead` at once, or back to the desk. A refused one must be worked on.
    """
    order = lock_order(Order.objects.get(pk=asking.order_id))
    asking.refresh_from_db(from_queryset=Asking.objects.select_related("arbiter", "asked_by"))
    asking.order = order
    if asking.decided_at is not None:
        require(asking.is_granted == is_granted, _("这项申请已经裁定过了，请刷新看结果。"))
        return asking
    membership = _arbiter_seat(asking, by, at)
    ruling = ruling.strip() if is_granted else require_words(ruling, _("不同意的理由和该怎么办"))
    asking.decided_at, asking.decided_by = at, by
    asking.is_granted, asking.ruling = is_granted, ruling[:500]
    asking.save(update_fields=["decided_at", "decided_by", "is_granted", "ruling"])
    todos.close(asking.key, at)
    DECIDE[AskingSort(asking.sort)](asking, membership, by, at)
    if asking.sort == AskingSort.RETURN and is_granted and lead is not None:
        _bind_instead(order, lead, ruling, by, at)
    if as_precedent and asking.sort == AskingSort.RETURN:
        _keep_precedent(asking, lead, by, at)
    return asking


def _bind_instead(order: Order, body: Organisation, ruling: str, by: Person, at: datetime) -> None:
    """Give the seat that was returned to another body: the lead, or, where the case has a lead, a co-unit's."""
    if lead_order(order.case) is None:
        bind_lead(order.case, body, by=by, at=at, words=ruling)
    else:
        bind(order.case, body, Part.ASSIST, clock_of(order.case), by=by, at=at)


def _arbiter_seat(asking: Asking, by: Person, at: datetime) -> Membership:
    """Return the role in which `by` decides: for the arbiter, never for the asker's own body."""
    membership = seat(by, [asking.arbiter], DECIDING, at)
    asker = asking.order.organisation
    require(
        asker.pk != membership.organisation_id and asking.asked_by_id != by.pk,
        _("自己单位提的申请，要由别的单位裁定。"),
    )
    return membership


def _decide_extension(asking: Asking, membership: Membership, by: Person, at: datetime) -> None:
    case = asking.order.case
    verb = Verb.EXTENDED if asking.is_granted else Verb.EXTENSION_REFUSED
    moves_the_case = recount(case) if asking.is_granted else False
    if moves_the_case:
        keep(case, **remind_again(case, anew=True))
    happened(
        case, verb, at, by=by, organisation=membership.organisation, words=asking.ruling or asking.reason
    )
    if moves_the_case:
        title = _("%(number)s 要晚一些办好") % {"number": case.number}
        tell_askers(case, f"extended:{asking.pk}", title, f"{asking.reason}\n{case.due_words}", at)


def _decide_return(asking: Asking, membership: Membership, by: Person, at: datetime) -> None:
    order, case = asking.order, asking.order.case
    if not asking.is_granted:
        order.state = OrderState.SIGNED if order.signed_at else OrderState.DISPATCHED
        order.save(update_fields=["state"])
        happened(case, Verb.RETURN_REFUSED, at, by=by, organisation=order.organisation, words=asking.ruling)
        return
    end_order(order, OrderState.RETURNED, at)
    if order.part == Part.LEAD:
        back_to_desk(case, at)
    else:
        keep(case)
    happened(case, Verb.RETURNED, at, by=by, organisation=order.organisation, words=asking.ruling)


def _decide_help(asking: Asking, membership: Membership, by: Person, at: datetime) -> None:
    order, case = asking.order, asking.order.case
    verb = Verb.HELPED if asking.is_granted else Verb.HELP_REFUSED
    if asking.is_granted and lead_order(case) is not None:
        helping = bind(case, membership.organisation, Part.ASSIST, clock_of(case), by=by, at=at)
        if helping.signed_at is None:
            helping.signed_at, helping.state, helping.worker = at, OrderState.SIGNED, by
            helping.save(update_fields=["signed_at", "state", "worker"])
            todos.close(f"{helping.key}:sign", at)
            helping.case = case
            work_todo(helping, at)
    keep(case)
    words = asking.ruling or asking.reason
    happened(
        case,
        verb,
        at,
        by=by,
        organisation=membership.organisation,
        words=words,
        asked=order.organisation.name,
    )


DECIDE = {
    AskingSort.EXTENSION: _decide_extension,
    AskingSort.RETURN: _decide_return,
    AskingSort.HELP: _decide_help,
}


def _keep_precedent(asking: Asking, lead: Organisation | None, by: Person, at: datetime) -> None:
    """Let the ruling become a line of the duty list, so that the next such case goes to the right body at once."""
    case: Case = asking.order.case
    body = lead if asking.is_granted else asking.order.organisation
    if body is None or case.category is None:
        return
    source = _("退单裁定 %(number)s") % {"number": case.number}
    where = case.estate or case.community
    basis = asking.ruling or asking.reason
    duties.add_precedent(case.category, where, body.function, basis[:300], source, by=by, at=at)
