"""A landlord registers a letting, the tenants say whether it is so, and it is extended and ended."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from linli.base.crypto import blind_index
from linli.base.errors import Refused, require
from linli.base.locks import one_at_a_time
from linli.base.words import said as _
from linli.lettings import rules
from linli.lettings.actions.offering import close_offers
from linli.lettings.models import Letting, Tenant, homes_known_in
from linli.lettings.rules import LettingState, Purpose, TenantState
from linli.people import actions as people
from linli.people.models import Person, Residency
from linli.people.rules import Tenure, phone_number
from linli.places.models import Kind, Place
from linli.register import actions as register
from linli.register.rules import Source, checked_name


@dataclass(frozen=True)
class Terms:
    """From when to when a home is let, how it is lived in, and to whom: (name, phone as typed)."""

    since: date
    until: date
    purpose: str
    tenants: list[tuple[str, str]]


@transaction.atomic
def register_letting(home: Place, landlord: Person, terms: Terms, *, by: Person, at: datetime) -> Letting:
    """Write down that `landlord`, a verified owner, lets a home. Each tenant confirms it themselves, then lives there.

    The same home, days and tenants again is the letting that stands.
    """
    one_at_a_time("lettings.home", home.token)
    require(home.kind == Kind.HOME, _("请选到具体的一户（几幢几室）。"))
    _check_owner(home, landlord, at)
    require(terms.purpose in Purpose.values, _("请选整套、其中一间，还是单位给员工住。"))
    rules.check_period(terms.since, terms.until)
    tenants = [(checked_name(name), phone_number(phone, mobile=True)) for name, phone in terms.tenants]
    require(all(phone for _name, phone in tenants), _("请写承租人的手机号，对方要自己确认。"))
    rules.check_tenants(tenants, landlord.phone)
    known = _same(home, terms, [phone for _name, phone in tenants])
    if known is not None:
        return known
    _check_free(home, terms)
    row = Letting.objects.create(
        home=home, landlord=landlord, since=terms.since, until=terms.until, purpose=terms.purpose,
        registered_by=by, registered_at=at,
    )  # fmt: skip
    for name, phone in tenants:
        tenant = Tenant(letting=row, name=name)
        tenant.phone = phone
        tenant.save()
        _ask(row, tenant, at)
    return row


def _same(home: Place, terms: Terms, phones: list[str]) -> Letting | None:
    standing = Letting.objects.live().filter(home=home, since=terms.since, until=terms.until)
    indexes = {str(blind_index(phone)) for phone in phones}
    for row in standing.prefetch_related("tenants"):
        if {tenant.phone_index for tenant in row.tenants.all()} == indexes:
            return row
    return None


def _check_free(home: Place, terms: Terms) -> None:
    """One letting of the whole home at a time; rooms may be let beside each other."""
    others = Letting.objects.live().filter(home=home, since__lt=terms.until, until__gt=terms.since)
    if terms.purpose == Purpose.ROOM:
        others = others.exclude(purpose=Purpose.ROOM)
    require(
        not others.exists(),
        _("这套房在这段时间已经登记出租了。请先把那一条办退租，或改成“其中一间（合租）”。"),
    )


def _ask(row: Letting, tenant: Tenant, at: datetime) -> None:
    """Tell the tenant, where the number and name are somebody's already; others find it when they sign in with it."""
    for person in Person.objects.of_phone(tenant.phone).filter(name=tenant.name, merged_into=None):
        people.notify(
            person,
            f"lettings-asked:{tenant.token}",
            _("请确认一条租房登记"),
            _(
                "%(landlord)s 登记把一套房租给您，从 %(since)s 到 %(until)s。是这样就点“确认”，没有这回事就点“不是”。"
            )
            % {"landlord": row.landlord.masked, "since": row.since, "until": row.until},
            reverse("lettings:letting", args=[row.token]),
            at,
        )


@transaction.atomic
def confirm(tenant: Tenant, *, by: Person, at: datetime) -> Tenant:
    """The tenant says that it is so; from the first day on they are registered there. Again changes nothing."""
    row = _locked_tenant(tenant, by)
    if row.state in {TenantState.CONFIRMED, TenantState.LIVES_THERE}:
        return row
    require(row.state == TenantState.WAITING, _("您已经答复过了；要改，请让出租人重新登记。"))
    letting = _locked(row.letting)
    require(letting.state in rules.LIVE_LETTINGS, _("这条租房登记已经结束了。"))
    require(by.pk != letting.landlord_id, _("承租人要自己确认，不能由出租人代替。"))
    if not by.name:
        people.rename(by, row.name, by, at)
    row.person, row.state, row.answered_at = by, TenantState.CONFIRMED, at
    row.save()
    _tell_landlord(letting, row, _("承租人确认了租房登记"), at)
    start(letting, at)
    row.refresh_from_db()
    return row


@transaction.atomic
def decline(tenant: Tenant, *, by: Person, at: datetime) -> Tenant:
    """The tenant says that it is not so: nothing is registered, the landlord is told. Again changes nothing."""
    row = _locked_tenant(tenant, by)
    if row.state == TenantState.DECLINED:
        return row
    require(row.state == TenantState.WAITING, _("您已经确认过了；不住了请办退租。"))
    letting = _locked(row.letting)
    row.state, row.answered_at = TenantState.DECLINED, at
    row.save()
    _tell_landlord(letting, row, _("对方说没有这回事"), at)
    _settle_state(letting, at)
    return row


def start(letting: Letting, at: datetime) -> None:
    """Let everybody who confirmed live there, as soon as the first day has come; the clock calls it too."""
    today = localdate(at)
    if letting.since > today or letting.state not in rules.LIVE_LETTINGS:
        return
    for tenant in letting.tenants.filter(state=TenantState.CONFIRMED).select_related("person").order_by("pk"):
        if tenant.person is not None and tenant.person.closed_at is None:
            _move_in(letting, tenant.person, at)
            tenant.state = TenantState.LIVES_THERE
            tenant.save(update_fields=["state"])
            letting.state = LettingState.RUNNING
    if letting.state == LettingState.RUNNING:
        letting.save(update_fields=["state"])
        close_offers(letting.home, at)


def _move_in(letting: Letting, person: Person, at: datetime) -> None:
    """Change the register in one act; the landlord vouches for the tenant, in whose home they live."""
    report = register.Report(letting.since, Source.LETTING, None, at)
    if letting.is_room:
        register.move([person], letting.home, Tenure.TENANT, report)
    else:
        _owners_live_elsewhere(letting, at)
        register.letting(letting.home, [person], report)
    for residency in Residency.objects.filter(person=person, home=letting.home, until=None, verified_at=None):
        if homes_known_in(letting.landlord, localdate(at)).filter(home=letting.home).exists():
            people.verify(residency, letting.landlord, at, Residency.Source.FAMILY)


def _owners_live_elsewhere(letting: Letting, at: datetime) -> None:
    """Whoever owns the home stays its owner, verified as they were, and lives elsewhere from now on."""
    owners = Residency.objects.on(localdate(at)).filter(
        home=letting.home, tenure=Tenure.OWNER, lives_there=True
    )
    for owner in owners:
        people.describe(owner, letting.landlord, at, lives_there=False)


@transaction.atomic
def extend(letting: Letting, until: date, *, by: Person, at: datetime) -> Letting:
    """The landlord lets it longer; the tenants are told. The same day again changes nothing."""
    row = _locked(letting)
    _check_owner(row.home, by, at)
    require(row.state in rules.LIVE_LETTINGS, _("这条租房登记已经结束了，请重新登记。"))
    if row.until == until:
        return row
    require(until > row.until, _("新的到期日要晚于现在的到期日；提前不租请办退租。"))
    rules.check_period(row.since, until)
    row.until, row.ends_on = until, None
    row.save(update_fields=["until", "ends_on"])
    for person in _tenants_of(row):
        people.notify(
            person,
            f"lettings-extended:{row.token}:{until}",
            _("租期延长了"),
            _("您租住的房子登记延长到 %(until)s。不是这样，请点开说一声，或告诉社区。") % {"until": until},
            reverse("lettings:letting", args=[row.token]),
            at,
        )
    return row


@transaction.atomic
def end(letting: Letting, on: date, *, by: Person, at: datetime) -> Letting:
    """End a letting from the day `on`, the first without: by the landlord for all, by a tenant for themselves.

    Residency ends that day; a day to come is kept and done by the clock. Everybody else is told. Again changes nothing.
    """
    row = _locked(letting)
    if row.state == LettingState.ENDED:
        return row
    require(row.state == LettingState.RUNNING, _("还没有人住进来，用不着退租；不租了请点“没有租成”。"))
    rules.check_end(on, row.since)
    mine = row.tenants.filter(person=by, state=TenantState.LIVES_THERE).first()
    if mine is None:
        _check_owner(row.home, by, at)
    if on > localdate(at):
        require(mine is None, _("还没到那天，请到搬走那天再办退租。"))
        row.ends_on, row.ended_by = on, by
        row.save(update_fields=["ends_on", "ended_by"])
        _tell_ending(row, on, at)
        return row
    end_now(row, on, by, at, only=mine)
    return row


def end_now(row: Letting, on: date, by: Person, at: datetime, only: Tenant | None = None) -> None:
    """End the residency of all tenants, or of one, in one act of the register."""
    living = row.tenants.filter(state=TenantState.LIVES_THERE).select_related("person").order_by("pk")
    leaving = [tenant for tenant in living if only is None or tenant.pk == only.pk]
    persons = [tenant.person for tenant in leaving if tenant.person is not None]
    held = Residency.objects.filter(home=row.home, tenure=Tenure.TENANT, until=None, person__in=persons)
    still = {residency.person_id for residency in held}
    if still:
        here = [person for person in persons if person.pk in still]
        register.end_letting(row.home, here, register.Report(on, Source.LETTING, by, at))
    for tenant in leaving:
        tenant.state = TenantState.LEFT
        tenant.save(update_fields=["state"])
    row.ends_on, row.ended_by = on, by
    _settle_state(row, at)


@transaction.atomic
def withdraw(letting: Letting, *, by: Person, at: datetime) -> Letting:
    """The landlord says that it came to nothing, before anybody lived there. Again changes nothing."""
    row = _locked(letting)
    if row.state == LettingState.WITHDRAWN:
        return row
    _check_owner(row.home, by, at)
    require(row.state == LettingState.WAITING, _("已经有人住进来了，不租了请办退租。"))
    row.state, row.ends_on, row.ended_by = LettingState.WITHDRAWN, localdate(at), by
    row.save(update_fields=["state", "ends_on", "ended_by"])
    return row


def _settle_state(row: Letting, at: datetime) -> None:
    """A letting without tenants is over: ended where somebody lived there, come to nothing where nobody did."""
    if not row.tenants.live().exists():
        lived = row.tenants.filter(state=TenantState.LEFT).exists()
        row.state = LettingState.ENDED if lived else LettingState.WITHDRAWN
        row.ends_on = row.ends_on or localdate(at)
    elif row.state == LettingState.RUNNING:
        row.ends_on = None
    row.save(update_fields=["state", "ends_on", "ended_by"])


def _locked(letting: Letting) -> Letting:
    rows = Letting.objects.select_for_update(of=("self",)).select_related("home", "landlord")
    row: Letting = rows.get(pk=letting.pk)
    return row


def _locked_tenant(tenant: Tenant, by: Person) -> Tenant:
    row = Tenant.objects.of_person(by).select_for_update().filter(pk=tenant.pk).first()
    if row is None:
        raise Refused(_("这条租房登记写的不是您的手机号，请用登记的号码登录，或让出租人改。"))
    return row


def _check_owner(home: Place, person: Person, at: datetime) -> None:
    owns = homes_known_in(person, localdate(at)).filter(home=home, tenure=Tenure.OWNER)
    require(
        owns.exists(),
        _("登记里您不是这套房已核验的业主。请先在“住处与核验”里核验，或带产权证到社区窗口。"),
    )


def _tenants_of(row: Letting) -> list[Person]:
    live = row.tenants.live().exclude(person=None).select_related("person")
    return [tenant.person for tenant in live.order_by("pk") if tenant.person is not None]


def _tell_ending(row: Letting, on: date, at: datetime) -> None:
    for person in _tenants_of(row):
        people.notify(
            person,
            f"lettings-ending:{row.token}:{on}",
            _("出租人登记了退租"),
            _("从 %(day)s 起不再登记为租住这里。不是这样，请告诉社区。") % {"day": on},
            reverse("lettings:letting", args=[row.token]),
            at,
        )


def _tell_landlord(letting: Letting, tenant: Tenant, title: str, at: datetime) -> None:
    people.notify(
        letting.landlord,
        f"lettings-answered:{tenant.token}:{tenant.state}",
        title,
        _("%(name)s 的答复：%(state)s。") % {"name": tenant.masked, "state": tenant.get_state_display()},
        reverse("lettings:letting", args=[letting.token]),
        at,
    )
