"""Binding bodies to a case and letting them go: the one place where orders begin and end."""

from datetime import datetime

from django.utils.timezone import localdate

from linli.base.errors import require
from linli.base.words import said as _
from linli.cases.actions.acting import keep
from linli.cases.actions.deadlines import Clock, sign_due
from linli.cases.actions.telling import act, end_order, open_case_todo, tell_body
from linli.cases.models import Case, Order
from linli.cases.rules import OrderState, Part
from linli.organisations.models import Organisation
from linli.organisations.rules import Power
from linli.people.models import Person


def bind(
    case: Case, body: Organisation, part: str, clock: Clock, *, by: Person | None, at: datetime
) -> Order:
    """Give a body an open order, or its open co-unit's order the lead; the case is locked. A lead stays the lead.

    Raises Refused where somebody (`by`) chose a body that takes no new orders that day: closed, suspended, its papers
    run out. What goes up or on by the clock is never stopped here.
    """
    order = case.orders.open().filter(organisation=body).first()
    if order is not None:
        if part == Part.LEAD and order.part != Part.LEAD:
            order.part = part
            order.save(update_fields=["part"])
            if body.is_desk and order.signed_at is not None:
                keep(case, owner=body)
        return order
    require(
        by is None or body.takes_orders(localdate(at)),
        _(
            "“%(body)s”现在不接新单：已停用、被暂停，或者证照、合同到期。请派给别的单位，或者先把它的资格办好。"
        )
        % {"body": body.name},
    )
    order = Order.objects.create(
        case=case,
        organisation=body,
        part=part,
        round=case.round,
        dispatched_at=at,
        dispatched_by=by,
        sign_due=sign_due(clock, at),
        due=clock.due_from(at).at,
    )
    signing = act(_("签收"), case, "sign", order=order.pk)
    title = _("签收：%(title)s") % {"title": case.title}
    whose = {"organisation": body, "power": Power.HANDLE, "acts": [signing]}
    open_case_todo(case, f"{order.key}:sign", title, order.sign_due or at, at, **whose)
    if case.is_urgent:
        title = _("紧急：%(number)s 请马上签收") % {"number": case.number}
        tell_body(case, body, f"dispatched:{order.pk}", Power.HANDLE, title, at)
    return order


def work_todo(order: Order, at: datetime) -> None:
    """Put a signed order on its body's list until it answers."""
    case = order.case
    answering = act(
        _("答复办结"), case, "resolve", order=order.pk
    )  # opens the page: whose part it is may change
    title = _("办理：%(title)s") % {"title": case.title}
    whose = {"organisation": order.organisation, "power": Power.HANDLE, "acts": [answering]}
    open_case_todo(case, f"{order.key}:work", title, order.due or at, at, **whose)


def release_units(case: Case, at: datetime, *, lead_only: bool = False) -> None:
    """Take open orders back (all, or the lead's alone)."""
    orders = case.orders.open()
    if lead_only:
        orders = orders.filter(part=Part.LEAD)
    for order in orders:
        end_order(order, OrderState.RECALLED, at)
