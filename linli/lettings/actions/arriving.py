"""Somebody registers that they live in a home; who lives there, or a worker, agrees or does not."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from linli.base.crypto import blind_index
from linli.base.errors import require
from linli.base.jobs import later
from linli.base.locks import one_at_a_time
from linli.base.text import masked_name
from linli.base.words import said as _
from linli.lettings import rules
from linli.lettings.actions.desk import put_before_desk, take_off_desk
from linli.lettings.models import Newcomer, homes_known_in
from linli.lettings.rules import NewcomerState, Recent, Refusal
from linli.notices import actions as notices
from linli.people import actions as people
from linli.people.models import Person, Residency
from linli.people.rules import Tenure, phone_number
from linli.places.models import Kind, PlaceCode
from linli.register import actions as register
from linli.register.rules import IdentityKind, Source, Value, checked_identity, checked_name
from linli.trail import actions as trail

TELL_HOME = "linli.lettings.jobs.tell_home"
TENURES = (Tenure.TENANT, Tenure.FAMILY)  # owners are known by their deed, at the counter


@dataclass(frozen=True)
class Arrival:
    """What somebody says who moved in; the number of a paper may be ""."""

    name: str
    phone: str
    since: date
    tenure: str = Tenure.TENANT
    identity_kind: str = ""
    identity: str = ""


@dataclass(frozen=True)
class Sender:
    """Who sent it: the person signed in (None for nobody); the device's cookie and network's address, for limits."""

    person: Person | None
    device: str
    network: str


@transaction.atomic
def register_newcomer(code: PlaceCode, said: Arrival, sender: Sender, at: datetime) -> Newcomer:
    """Take a registration in by a home's QR code; those who live there and the desk are told that somebody waits.

    Nothing reaches the register. The answer is the same whoever lives in the home, or nobody. The same name and number
    again is the registration that waits already.
    """
    home = code.place
    require(code.is_live and home.retired_at is None, _("这张码已经作废，请扫门上的新码，或到社区窗口登记。"))
    require(home.kind == Kind.HOME, _("请扫您住的那一户门口的码。"))
    require(said.tenure in TENURES, _("请选是租户还是家属；业主请带产权证到社区窗口登记。"))
    name, phone = checked_name(said.name), phone_number(said.phone, mobile=True)
    require(bool(phone), _("请写手机号，有了结果才能告诉您。"))
    kind = said.identity_kind or IdentityKind.RESIDENT
    identity = checked_identity(kind, said.identity, localdate(at)) if said.identity.strip() else ""
    rules.check_since(said.since, localdate(at))
    one_at_a_time("lettings.newcomer", phone)
    known = Newcomer.objects.waiting(at).filter(home=home, phone_index=blind_index(phone), name=name).first()
    if known is not None:
        return known
    row = Newcomer(
        home=home, name=name, since=said.since, tenure=said.tenure, registered_by=sender.person, asked_at=at,
        ends_at=at + rules.WAITS, identity_kind=kind if identity else "",
        device_index=blind_index(f"device:{sender.device}"), network_index=blind_index(f"net:{sender.network}"),
    )  # fmt: skip
    row.phone, row.identity = phone, identity
    rules.check_recent(_recent(row, at))
    row.save()
    later(
        TELL_HOME, row.token
    )  # whether anybody lives there is not to be read from how long the answer takes
    address = reverse("lettings:newcomer", args=[row.token])
    title = gettext_lazy("来住登记：请核对后同意或退回")
    put_before_desk(row.subject, title, home, address, at)
    return row


def _recent(row: Newcomer, at: datetime) -> Recent:
    waiting, lately = Newcomer.objects.waiting(at), Newcomer.objects.filter(asked_at__gt=at - rules.A_DAY)
    return Recent(
        of_phone=waiting.filter(phone_index=row.phone_index).count(),
        of_home=waiting.filter(home=row.home_id).count(),
        of_device=lately.filter(device_index=row.device_index).count(),
        of_network=lately.filter(network_index=row.network_index).count(),
    )


@transaction.atomic
def tell_home(token: str, at: datetime) -> None:
    """Tell who is verified in the home: they alone know the name, so the notice has it masked. Again tells nobody."""
    row = Newcomer.objects.waiting(at).filter(token=token).select_related("home").first()
    if row is None:
        return
    verified = Residency.objects.on(localdate(at)).verified().filter(home=row.home)
    occupants = Person.objects.filter(pk__in=verified.values("person")).exclude(pk=row.registered_by_id or 0)
    notices.tell(
        list(occupants),
        f"lettings.Newcomer:{row.token}:asked",
        gettext_lazy("有人登记住进您家，请您看一下"),
        _(
            "%(name)s 扫了您家的码，登记从 %(day)s 起住在这里。认识就点“同意”，不认识就退回。您不理会，社区会来核对。"
        )
        % {"name": row.masked, "day": row.since},
        reverse("lettings:arrival", args=[row.token]),
        gettext_lazy("您住在这一户，或者是这一户的业主。"),
        at,
    )


@transaction.atomic
def agree_at_home(newcomer: Newcomer, *, by: Person, at: datetime) -> Newcomer:
    """Somebody verified in the home says: yes, they live here. Again changes nothing.

    Who is known already as living elsewhere is moved by a worker alone, who sees their paper.
    """
    row = _locked(newcomer)
    if row.state == NewcomerState.AGREED:
        return row
    _check_waits(row, at)
    _check_home(row, by, at)
    person = _person_of(row, at)
    elsewhere = Residency.objects.on(localdate(at)).filter(person=person).exclude(home=row.home)
    is_themselves = row.registered_by_id == person.pk
    require(
        is_themselves or not elsewhere.exists(),
        _("这一条要由社区工作人员当面核对后登记，已经在他们的待办里，您不用再做什么。"),
    )
    residency = people.settle(person, row.home, row.tenure, row.since, Residency.Source.SELF, at)
    people.verify(residency, by, at, Residency.Source.FAMILY)
    return _agreed(row, person, Source.SELF, by, at, was_worker=False)


@transaction.atomic
def agree_as_worker(newcomer: Newcomer, *, by: Person, at: datetime) -> Newcomer:
    """A worker met them, at the door or the counter: they are registered there, and no longer where they lived before.

    The caller checked `by`'s right at the home. Again changes nothing.
    """
    row = _locked(newcomer)
    if row.state == NewcomerState.AGREED:
        return row
    _check_waits(row, at)
    person = _person_of(row, at, by)
    residency = Residency.objects.on(localdate(at)).filter(person=person, home=row.home).first()
    if residency is None:
        report = register.Report(row.since, Source.VISIT, by, at)
        register.move([person], row.home, row.tenure, report)
    else:
        people.verify(residency, by, at, Residency.Source.COUNTER)
    return _agreed(row, person, Source.VISIT, by, at, was_worker=True)


@transaction.atomic
def refuse(
    newcomer: Newcomer, reason: str, *, by: Person, at: datetime, words: str = "", as_worker: bool = False
) -> Newcomer:
    """Say no, with a reason that the newcomer reads; who said it they do not learn. `words` are the desk's alone.

    A worker's right was checked by the caller; anyone else must be verified in the home.
    """
    row = _locked(newcomer)
    if row.state == NewcomerState.REFUSED:
        return row
    _check_waits(row, at)
    if not as_worker:
        _check_home(row, by, at)
    require(reason in Refusal.values, _("请选为什么不同意，对方才知道该怎么办。"))
    require(as_worker or not words.strip(), _("请从原因里选一个，不用写字。"))
    require(len(words) <= 200, _("补充的话最多 200 个字，请写短一些。"))
    row.reason, row.words = reason, " ".join(words.split())
    _close(row, NewcomerState.REFUSED, by, at, was_worker=as_worker)
    if row.registered_by is not None:
        people.notify(
            row.registered_by,
            f"lettings-refused:{row.token}",
            _("来住登记没有通过"),
            str(Refusal(reason).label),
            reverse("lettings:receipt", args=[row.token]),
            at,
        )
    return row


@transaction.atomic
def withdraw_newcomer(newcomer: Newcomer, at: datetime) -> Newcomer:
    """The newcomer takes it back; whoever holds the receipt may. Again changes nothing."""
    row = _locked(newcomer)
    if row.state == NewcomerState.WITHDRAWN:
        return row
    _check_waits(row, at)
    _close(row, NewcomerState.WITHDRAWN, None, at, was_worker=False)
    return row


def _locked(newcomer: Newcomer) -> Newcomer:
    rows = Newcomer.objects.select_for_update(of=("self",)).select_related("home", "registered_by")
    row: Newcomer = rows.get(pk=newcomer.pk)
    return row


def _check_waits(row: Newcomer, at: datetime) -> None:
    require(not row.has_lapsed(at), _("这条登记已经过期，请对方重新扫码登记。"))
    require(row.state == NewcomerState.WAITING, _("这条登记已经有结果了。"))


def _check_home(row: Newcomer, by: Person, at: datetime) -> None:
    require(by.pk != row.registered_by_id, _("自己的登记要由同住的人或社区来确认。"))
    lives_there = homes_known_in(by, localdate(at)).filter(home=row.home).exists()
    require(lives_there, _("只有这一户已核验的住户或业主可以确认。"))


def _person_of(row: Newcomer, at: datetime, by: Person | None = None) -> Person:
    """Return whom this is: who was signed in with that number, else whoever has that name and number, known or new."""
    sender = row.registered_by
    if sender is not None and blind_index(row.phone) == sender.phone_index:
        if not sender.name:
            return people.rename(sender, row.name, sender, at)
        if sender.name == row.name:
            return sender
    return people.register(row.name, row.phone, at, by)


def _agreed(
    row: Newcomer, person: Person, source: str, by: Person, at: datetime, *, was_worker: bool
) -> Newcomer:
    values: dict[str, Value] = {"phone": row.phone}
    if row.identity:
        values |= {"identity_kind": row.identity_kind, "identity": row.identity}
    register.state(person, values, source=source, by=by if was_worker else None, at=at)
    register.index([person.pk], at)
    register.suspect(person, at)
    row.person = person
    trail.follow(row.subject, person.subject, at)
    _close(row, NewcomerState.AGREED, by, at, was_worker=was_worker)
    people.notify(
        person,
        f"lettings-agreed:{row.token}",
        _("来住登记好了"),
        _("从 %(day)s 起登记为住在%(home)s。如有不对，请告诉社区。")
        % {"day": row.since, "home": row.home.full_name},
        reverse("people:homes"),
        at,
    )
    return row


def _close(row: Newcomer, state: str, by: Person | None, at: datetime, *, was_worker: bool) -> None:
    """Write the answer; what only the waiting needed goes: the number is the register's from now on, or nobody's."""
    row.state, row.answered_by, row.answered_at, row.was_worker = state, by, at, was_worker
    row.device_index = row.network_index = ""
    row.identity = ""
    if state != NewcomerState.WAITING:
        row.phone = ""
        row.name = row.name if state == NewcomerState.AGREED else masked_name(row.name)
    row.save()
    take_off_desk(row.subject, at)
