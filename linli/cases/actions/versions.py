"""What a newly published duty list changes for open work. An open case keeps the version it was filed under."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from linli.cases.models import Case, Order
from linli.duties.actions import Change, changes
from linli.duties.models import DutyList
from linli.organisations.models import Membership

MOST = 200  # orders looked at, the most pressing first


@dataclass(frozen=True)
class ChangedDuty:
    """One open case for which the list in force now says something else; `words` say each difference, old first."""

    case: Case
    duty_list: DutyList
    words: list[str]


def changed_duties(memberships: Iterable[Membership], at: datetime) -> list[ChangedDuty]:
    """Return, for the open orders of a worker's bodies, what the list in force at `at` would change."""
    orders = Order.objects.open_for(memberships).order_by("due", "pk")
    rows = orders.select_related("case__category", "case__place", "case__community", "case__duty_list")
    in_force: dict[int, DutyList | None] = {}
    between: dict[tuple[int | None, int], list[Change]] = {}
    found = []
    for case in (order.case for order in rows[:MOST]):
        if case.community_id not in in_force:
            in_force[case.community_id] = DutyList.objects.in_force(case.community, at)
        newest = in_force[case.community_id]
        if newest is None or case.category is None or case.duty_list_id == newest.pk:
            continue
        key = (case.duty_list_id, newest.pk)
        if key not in between:
            between[key] = changes(case.duty_list, newest)
        words = [
            words
            for change in between[key]
            if change.concerns(case.category, case.place)
            for words in change.words
        ]
        if words:
            found.append(ChangedDuty(case, newest, words))
    return found
