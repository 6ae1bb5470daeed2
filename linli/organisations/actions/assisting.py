"""A worker acts for a resident: found, looked at, registered, and assisted for at most 30 minutes."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from linli.base.errors import Refused, require
from linli.base.words import said as _
from linli.organisations.models import AssistedSession, Membership, Organisation
from linli.organisations.rules import Channel, assisted_until
from linli.people import actions as people
from linli.people.models import Person, Residency
from linli.trail import actions as trail

CARD = "people.Person.card"  # name, number and address together


@transaction.atomic
def assist(
    worker: Person, organisation: Organisation, resident: Person, reason: str, channel: str, at: datetime
) -> AssistedSession:
    """Begin to act for `resident`; it ends by itself after 30 minutes. The resident is told.

    `worker` must hold intake power in `organisation` that day, and may assist one resident at a time, never
    themselves. The same session asked for again is the one that runs.
    """
    reason = " ".join(reason.split())
    require(bool(reason), _("请写明为什么代办，例如“本人来窗口，不会用手机”。"))
    require(len(reason) <= 200, _("事由最多 200 个字，请写短一些。"))
    require(channel in Channel.values, _("请选择居民是怎么找到您的：窗口、电话还是上门。"))
    require(worker != resident, _("自己的事不用代办，直接办就行。"))
    Person.objects.select_for_update().get(pk=worker.pk)
    _require_intake(worker, organisation, at)
    open_sessions = AssistedSession.objects.filter(worker=worker, ended_at=None)
    running = open_sessions.running(at).first()
    if running is not None:
        require(running.resident_id == resident.pk, _("您正在为另一位居民代办，请先结束那一次。"))
        return running
    for expired in open_sessions:
        end_assist(expired, expired.ends_at)
    session = AssistedSession.objects.create(
        worker=worker,
        organisation=organisation,
        resident=resident,
        reason=reason,
        channel=channel,
        started_at=at,
        ends_at=assisted_until(at),
    )
    trail.looked(
        f"people.Person:{resident.pk}",
        f"people.Person:{worker.pk}",
        session.looker_words(worker),
        _("代办期间可见的本人事项"),
        reason,
        at,
        f"organisations.AssistedSession:{session.pk}",
    )
    people.notify(
        resident,
        f"assisted:{session.token}",
        _("有工作人员替您代办"),
        _("%(organisation)s的%(worker)s，事由：%(reason)s。办了什么，您在“我的”里都能看到。")
        % {"organisation": str(organisation), "worker": str(worker), "reason": reason},
        "",
        at,
    )
    return session


@transaction.atomic
def end_assist(session: AssistedSession, at: datetime) -> AssistedSession:
    """End it now; one that ran out earlier ended then."""
    row = AssistedSession.objects.select_for_update().get(pk=session.pk)
    if row.ended_at is None:
        row.ended_at = min(at, row.ends_at)
        row.save(update_fields=["ended_at"])
    return row


@transaction.atomic
def register_at_counter(name: str, phone: str, at: datetime, by: Person) -> Person:
    """Register a resident who is here or on the line; a number is not needed, a name is."""
    require(bool(name.strip()), _("请写这位居民的姓名或称呼。"))
    return people.register(name, phone, at, by)


def shown_in_list(residents: Iterable[Person], worker: Person, membership: Membership, at: datetime) -> None:
    """Leave a line in the trail of each resident whom a worker's search showed, masked: one look at all of them."""
    trail.looked_at_many(
        [resident.subject for resident in residents],
        worker.subject,
        membership.looker_words(worker),
        _("名单中的一行（姓名、电话已遮盖）"),
        _("窗口查找居民"),
        at,
        purpose="search",
    )


def shown_home(residency: Residency, worker: Person, membership: Membership, at: datetime) -> None:
    """Leave a line in the trail of a resident whose door a worker was shown, to vouch for it or to end it."""
    trail.looked(
        residency.person.subject,
        worker.subject,
        membership.looker_words(worker),
        _("住处（姓名已遮盖）"),
        _("窗口核验住处"),
        at,
        purpose="counter",
    )


@transaction.atomic
def reveal(resident: Person, worker: Person, membership: Membership, reason: str, at: datetime) -> None:
    """Open name, number and address of `resident` to `worker` for 60 seconds, and write down why."""
    require(bool(reason.strip()), _("请写明为什么要看完整信息。"))
    fields = _("姓名、电话、住处")
    trail.reveal(
        resident.subject, CARD, worker.subject, membership.looker_words(worker), fields, reason.strip(), at
    )


def is_open_to(resident: Person, worker: Person, at: datetime) -> timedelta:
    """Return for how much longer name, number and address of `resident` are open to `worker`: nothing if masked."""
    held = trail.open_reveal(resident.subject, CARD, worker.subject, at)
    return held.ends_at - at if held else timedelta()


def _require_intake(worker: Person, organisation: Organisation, at: datetime) -> None:
    roles = Membership.objects.intake_on(worker, at).filter(organisation=organisation)
    if not roles.exists():
        raise Refused(_("只有在岗的受理人员可以代办，请用受理岗位登录。")) from None
