"""How every act on a case goes: lock the row, ask who acts and for which body, keep the change."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.base.errors import Refused, require
from linli.cases.models import Case, Order
from linli.cases.rules import OrderState, State, may_follow
from linli.organisations.models import Membership, Organisation, members_with, roles_on
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.trail import actions as trail

Found = TypeVar("Found")


def lock(case: Case) -> Case:
    """Take the row lock and bring the caller's `case` up to date, with what every act needs of its neighbours.

    `version` moves with every change: a case that the request read whole, and that has not changed since, here or
    in its row, is not read again.
    """
    if case.read_version == case.version:
        row = Case.objects.filter(pk=case.pk).select_for_update().values_list("version", flat=True)
        if row.get() == case.version:
            return case
    case.refresh_from_db(from_queryset=_rows_to_lock())
    return case


def locked(pk: int) -> Case:
    """Return the case `pk` under its row lock, for clocks and for acts that begin at something below a case."""
    return _rows_to_lock().get(pk=pk)


def standing_for(case: Case) -> Case:
    """Return the locked case in which the work goes on: for a merged one, the one it was put into."""
    while case.state == State.MERGED and case.parent_id is not None:
        case = locked(case.parent_id)
    return case


def _rows_to_lock() -> QuerySet[Case]:
    return Case.objects.with_neighbours().select_for_update(of=("self",))


def lock_order(order: Order) -> Order:
    """Lock the case first, then bring the order up to date: everybody locks in this order."""
    case = lock(order.case) if "case" in order._state.fields_cache else locked(order.case_id)
    order.refresh_from_db(from_queryset=Order.objects.select_related("organisation"))
    order.case = case
    return order


def keep(case: Case, **changes: Any) -> Case:
    """Write these fields; `version` moves with every change. A close shows the looks that waited for it."""
    for name, value in changes.items():
        setattr(case, name, value)
    case.version += 1
    case.save(update_fields=[*changes, "version"])
    if closed_at := changes.get("closed_at"):
        trail.closed(case.subject, closed_at)
    return case


def present(value: Found | None, reason: str, *, rule: str = "") -> Found:
    """Return `value`, or refuse with `reason` where there is none."""
    if value is None:
        raise Refused(reason, rule=rule)
    return value


def require_move(case: Case, following: str) -> None:
    """Refuse unless the table of states lets `case` become `following`."""
    require(
        may_follow(case.state, following),
        _("这件事现在是“%(state)s”，不能改为“%(following)s”。请刷新页面看看最新情况。")
        % {"state": case.get_state_display(), "following": State(following).label},
    )


def seat(
    by: Person, bodies: Iterable[Organisation | None], powers: Iterable[str], at: datetime
) -> Membership:
    """Return the role in which `by` acts for one of `bodies` with one of `powers` today; refused without one."""
    found = seat_or_none(by, bodies, powers, at)
    if found is None:
        labels = "、".join(str(Power(power).label) for power in sorted(powers))
        names = "、".join(sorted({body.name for body in bodies if body}))
        raise Refused(
            _("这一步由%(bodies)s有“%(powers)s”权限的人来做。请转给他们，或请管理员核对您的任职。")
            % {"bodies": names or _("服务台"), "powers": labels}
        )
    return found


def seat_or_none(
    by: Person, bodies: Iterable[Organisation | None], powers: Iterable[str], at: datetime
) -> Membership | None:
    """Return the role in which `by` acts for one of `bodies` with one of `powers` today, None without one."""
    ids, wanted = {body.pk for body in bodies if body}, set(powers)
    for membership in roles_on(by, localdate(at)):
        if membership.organisation_id in ids and membership.powers & wanted:
            return membership
    return None


def desk_seat(case: Case, by: Person, at: datetime) -> Membership:
    """Return the role in which `by` decides for the desk that owns the case (首接负责)."""
    return seat(by, [case.owner], [Power.DISPATCH], at)


def lead_order(case: Case) -> Order | None:
    """Return the open lead order."""
    return case.orders.open().filter(part=Order.Part.LEAD).select_related("organisation").first()


def bodies_that_worked(case: Case) -> set[int]:
    """Return the ids of all bodies that ever had to do the work, who may not judge it.

    A body that gave the order back, or from which it was taken before it began, did none of it.
    """
    orders = case.orders.exclude(state__in=(OrderState.RETURNED, OrderState.RECALLED), signed_at=None)
    return set(orders.values_list("organisation_id", flat=True))


def works_there(person: Person, bodies: Iterable[int], at: datetime) -> bool:
    """Whether `person` acts for one of these bodies today, in any role."""
    today = Membership.objects.current(person, localdate(at))
    return today.filter(organisation__in=list(bodies)).exists()


def holds(body: Organisation, power: str, at: datetime) -> bool:
    """Whether anybody of a body holds `power` today."""
    return members_with(body, power, localdate(at)).exists()
