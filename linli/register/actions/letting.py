"""A home is let, given back, or sold."""

from collections.abc import Sequence

from linli.base.errors import require
from linli.base.words import said as _
from linli.people.models import Person, Residency
from linli.people.rules import Tenure
from linli.places.models import Kind, Place
from linli.register.actions.happening import Report, happened, tell
from linli.register.actions.moving import end_stay, leave_household, settle
from linli.register.models import Event
from linli.register.rules import EventKind


def letting(home: Place, tenants: Sequence[Person], report: Report) -> Event:
    """Let a home to tenants from the day of the report: they live there, and no longer where they lived before.

    Owners who lived there are its owners who live elsewhere from that day. Who is its tenant already stays so.
    """
    require(home.kind == Kind.HOME, _("请选到具体的一户（几幢几室）。"))
    require(bool(tenants), _("请写承租人。"))
    owners = _holding(home, Tenure.OWNER)
    require(
        not {row.person_id for row in owners} & {tenant.pk for tenant in tenants},
        _("业主不用租自己的房子。"),
    )

    held = {row.person_id for row in _holding(home, Tenure.TENANT)}
    is_let = not any(row.lives_there for row in owners) and {tenant.pk for tenant in tenants} <= held
    require(not report.is_by_hand or not is_let, _("他们已经登记租住在这一户。"))

    def do() -> None:
        for owner in owners:
            if owner.lives_there:
                end_stay(owner, report)
                settle(owner.person, home, Tenure.OWNER, report, lives_there=False)
        for tenant in tenants:
            _leave_for(tenant, home, report)
            settle(tenant, home, Tenure.TENANT, report)

    persons = [*tenants, *(row.person for row in owners)]
    event = happened(EventKind.LETTING, home, persons, report, do)
    words = {"day": report.on, "home": home.full_name}
    tell(tenants, event, _("从 %(day)s 起登记为租住%(home)s。"), words)
    tell([row.person for row in owners], event, _("%(home)s 从 %(day)s 起登记为出租。"), words)
    return event


def end_letting(home: Place, tenants: Sequence[Person], report: Report) -> Event:
    """End a letting: the tenants named, or all of them where none is, live there no more from that day."""
    named = {tenant.pk for tenant in tenants}
    rows = [row for row in _holding(home, Tenure.TENANT) if not named or row.person_id in named]
    require(bool(rows), _("这一户现在没有登记租户。"))
    persons = [row.person for row in rows]

    def do() -> None:
        for row in rows:
            end_stay(row, report)
            leave_household(row.person, report)

    event = happened(EventKind.LETTING_END, home, persons, report, do)
    words = {"day": report.on, "home": home.full_name}
    owners = [row.person for row in _holding(home, Tenure.OWNER)]
    tell(persons, event, _("从 %(day)s 起不再登记为租住%(home)s。"), words)
    tell(owners, event, _("%(home)s 的租住登记从 %(day)s 起结束。"), words)
    return event


def sale(home: Place, buyers: Sequence[Person], report: Report, *, buyers_live_there: bool = False) -> Event:
    """Let a home change hands: the owners and their family there end that day, the buyers own it, tenants stay."""
    require(home.kind == Kind.HOME, _("请选到具体的一户（几幢几室）。"))
    require(bool(buyers), _("请写新业主。"))
    require(bool(report.paper.strip()), _("请写不动产权证或过户材料的编号。"))
    sellers = _holding(home, Tenure.OWNER)
    family = _holding(home, Tenure.FAMILY)
    stays = {row.person_id for row in sellers} & {buyer.pk for buyer in buyers}
    gone = [row for row in [*sellers, *family] if row.person_id not in stays]
    is_theirs = not gone and stays == {buyer.pk for buyer in buyers}
    require(not is_theirs, _("他们已经登记是这一户的业主。"))

    def do() -> None:
        for row in gone:
            end_stay(row, report)
            if row.lives_there:
                leave_household(row.person, report)
        for buyer in buyers:
            if buyer.pk not in stays:
                _buy(buyer, home, report, lives_there=buyers_live_there)

    persons = [*(row.person for row in gone), *buyers]
    event = happened(EventKind.SALE, home, persons, report, do)
    words = {"day": report.on, "home": home.full_name}
    tell(
        [row.person for row in gone],
        event,
        _("%(home)s 从 %(day)s 起已登记过户，您不再登记在这一户。"),
        words,
    )
    tell(buyers, event, _("从 %(day)s 起登记您为%(home)s的业主。"), words)
    return event


def _buy(buyer: Person, home: Place, report: Report, *, lives_there: bool) -> None:
    """A tenant who buys lives on there as owner; others come to live there where they say so."""
    held = Residency.objects.filter(person=buyer, home=home, until=None).first()
    if held is not None:
        end_stay(held, report)
        lives_there = lives_there or held.lives_there
    elif lives_there:
        _leave_for(buyer, home, report)
    settle(buyer, home, Tenure.OWNER, report, lives_there=lives_there)


def _holding(home: Place, tenure: str) -> list[Residency]:
    rows = Residency.objects.filter(home=home, tenure=tenure, until=None)
    return list(rows.select_related("person").order_by("pk"))


def _leave_for(person: Person, home: Place, report: Report) -> None:
    """Somebody who comes to live in `home` lives nowhere else; what they own elsewhere they go on owning."""
    for row in Residency.objects.filter(person=person, until=None, lives_there=True).exclude(home=home):
        end_stay(row, report)
        if row.tenure == Tenure.OWNER:
            settle(person, row.home, Tenure.OWNER, report, lives_there=False)
    if Residency.objects.filter(person=person, until=None, home=home).exists():
        return
    leave_household(person, report)
