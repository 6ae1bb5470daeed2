"""A new duty list was published: each worker whose open work it would change is told once, with the difference."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linli.cases.actions.versions import ChangedDuty, changed_duties
from linli.cases.models import Order
from linli.duties.models import DutyList
from linli.notices import actions as notices
from linli.notices.models import Notice
from linli.organisations.models import Membership
from linli.organisations.rules import Power, roles_with
from linli.people.models import Person
from linli.places.models import inside

TOLD_WITHIN = timedelta(days=7)  # after publication: a worker process that stood still for days catches up
MOST_NAMED = 5


def tell_changed_duties(at: datetime) -> int:
    """Tell those concerned by the lists published in the last days; return how many. Again tells nobody twice."""
    recent = DutyList.objects.filter(published_at__gt=at - TOLD_WITHIN, published_at__lte=at, number__gt=1)
    lists = {row.pk: row for row in recent.select_related("place")}
    if not lists:
        return 0
    roles = _roles_with_open_work(lists.values(), at)
    told = set(
        Notice.objects.filter(person__in=roles, key__in=map(_key, lists.values())).values_list(
            "person", "key"
        )
    )
    count = 0
    for person, held in roles.items():
        if all((person.pk, _key(row)) in told for row in lists.values()):
            continue
        by_list: dict[int, list[ChangedDuty]] = defaultdict(list)
        for changed in changed_duties(held, at):
            by_list[changed.duty_list.pk].append(changed)
        for number, found in by_list.items():
            if number in lists and (person.pk, _key(lists[number])) not in told:
                _tell(person, lists[number], found, at)
                count += 1
    return count


def _roles_with_open_work(lists: Iterable[DutyList], at: datetime) -> dict[Person, list[Membership]]:
    """Return who handles orders that are open where one of the lists holds, filed under another one."""
    orders = Order.objects.filter(ended_at=None, case__closed_at=None)
    there = orders.filter(inside([row.place for row in lists], "case__place__"))
    bodies = there.exclude(case__duty_list__in=[row.pk for row in lists]).values("organisation")
    rows = Membership.objects.on(localdate(at)).filter(
        organisation__in=bodies, role__in=roles_with(Power.HANDLE)
    )
    held: dict[Person, list[Membership]] = defaultdict(list)
    for row in rows.select_related("person", "organisation", "place").order_by("person", "pk"):
        held[row.person].append(row)
    return held


def _key(duty_list: DutyList) -> str:
    return f"cases.changed_duties:{duty_list.token}"


def _tell(person: Person, duty_list: DutyList, found: list[ChangedDuty], at: datetime) -> None:
    lines = [f"{one.case.number}：{'；'.join(one.words)}" for one in found[:MOST_NAMED]]
    more = len(found) - len(lines)
    if more:
        lines.append(str(_("另有 %(n)s 件") % {"n": more}))
    lines.append(str(_("手上的事仍按原来的一版办，期限不变；新提的事按新版。")))
    notices.tell(
        [person],
        _key(duty_list),
        format_lazy("{head}{list}", head=_("权责清单有新版，关系到您手上的事："), list=str(duty_list)),
        "\n".join(lines),
        reverse("duties:changes", args=[duty_list.token]),
        _("您单位有还没办完的事，新版清单对这类事的规定变了"),
        at,
        outside=False,
    )
