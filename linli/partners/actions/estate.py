"""Rounds, devices and visit slots of property companies and others who come to homes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.timezone import localdate

from linli.attachments import actions as attachments
from linli.base.errors import require
from linli.base.words import said as _
from linli.notices import actions as notices
from linli.partners.actions.acting import close_todos, end_of, lock, member_seat, open_for_partner, said
from linli.partners.models import Booking, Device, Partner, Round, RoundReport, VisitSlot
from linli.people.models import Person, Proxy, may_act_for
from linli.places.models import Place
from linli.trail import actions as trail

if TYPE_CHECKING:
    Upload = UploadedFile[bytes]
else:
    Upload = UploadedFile

MOST_POINTS = 40
MOST_SEATS = 60


@transaction.atomic
def plan_round(
    partner: Partner,
    place: Place,
    title: str,
    points: Sequence[str],
    every_days: int,
    *,
    by: Person,
    at: datetime,
) -> Round:
    """Set up a round: where, which points, how often (days)."""
    partner = _working(partner, by, at)
    _require_served(partner, place)
    lines = [line.strip()[:80] for line in points if line.strip()]
    require(1 <= len(lines) <= MOST_POINTS, _("请写 1 到 40 个巡查点，一行一个。"))
    require(1 <= every_days <= 366, _("几天一次请写 1 到 366。"))
    words = said(title, _("路线名称"))[:80]
    known = partner.rounds.filter(title=words, place=place, ended_on=None).first()
    if known is not None:
        known.points, known.every_days = lines, every_days
        known.save(update_fields=["points", "every_days"])
        return known
    return Round.objects.create(
        partner=partner, place=place, title=words, points=lines, every_days=every_days, made_on=localdate(at)
    )


@transaction.atomic
def walk_round(
    row: Round,
    defects: Mapping[int, str],
    *,
    by: Person,
    at: datetime,
    photos: Sequence[Upload] = (),
    once: str = "",
) -> RoundReport:
    """Report a round: all points were fine but those in `defects` (place of the point → what is wrong).

    Photos are optional. A defect waits on the company's own list until it is settled. Sent twice with one `once`,
    reported once.
    """
    partner = _working(row.partner, by, at)
    if once and (found := RoundReport.objects.filter(once=once).first()):
        return found
    held = Round.objects.select_for_update().get(pk=row.pk)
    require(held.ended_on is None, _("这条巡查路线已经停用。"))
    found_wrong = [
        {"point": point, "words": defects[place].strip()[:200]}
        for place, point in enumerate(held.points)
        if defects.get(place, "").strip()
    ]
    report = RoundReport.objects.create(
        round=held, at=at, by=by, defects=found_wrong, looked_at=len(held.points), once=once or None
    )
    attachments.attach_all(photos, report.subject, "evidence", at, f"people.Person:{by.pk}")
    held.last_on = localdate(at)
    held.save(update_fields=["last_on"])
    close_todos(partner, f"round:{held.pk}", at)
    if found_wrong:
        title = _("处理巡查发现的问题：%(title)s") % {"title": held.title}
        open_for_partner(partner, f"defects:{report.pk}", title, end_of(held.next_on), at)
    return report


@transaction.atomic
def settle_defects(report: RoundReport, words: str, *, by: Person, at: datetime) -> RoundReport:
    """Say how what was found on a round was dealt with."""
    partner = lock(report.round.partner)
    member_seat(partner, by, at)
    row = RoundReport.objects.select_for_update().get(pk=report.pk)
    if row.settled_at is None:
        row.settled_at, row.settled_words = at, said(words, _("怎么处理的"))[:300]
        row.save(update_fields=["settled_at", "settled_words"])
        close_todos(partner, f"defects:{row.pk}", at)
    return row


@dataclass(frozen=True)
class Kept:
    """What is known of a device."""

    name: str
    purpose: str
    every_days: int
    model_words: str = ""


@transaction.atomic
def add_device(partner: Partner, place: Place, kept: Kept, *, by: Person, at: datetime) -> Device:
    """Enter a device that the company keeps; the same name at the same place gives the one that is there."""
    partner = _working(partner, by, at)
    _require_served(partner, place)
    require(1 <= kept.every_days <= 3660, _("几天保养一次请写 1 到 3660。"))
    name = said(kept.name, _("设备名称"))[:80]
    known = partner.devices.filter(name=name, place=place, ended_on=None).first()
    return known or Device.objects.create(
        partner=partner,
        place=place,
        name=name,
        purpose=said(kept.purpose, _("做什么用"))[:160],
        model_words=kept.model_words.strip()[:80],
        since=localdate(at),
        every_days=kept.every_days,
    )


@transaction.atomic
def service_device(device: Device, words: str, *, by: Person, at: datetime, is_gone: bool = False) -> Device:
    """Note that a device was serviced, or, with `is_gone`, taken out of use."""
    partner = lock(device.partner)
    member_seat(partner, by, at)
    row = Device.objects.select_for_update().get(pk=device.pk)
    require(row.ended_on is None, _("这台设备已经停用。"))
    row.checked_on, row.checked_words = localdate(at), said(words, _("保养或停用的情况"))[:200]
    row.ended_on = localdate(at) if is_gone else None
    row.save(update_fields=["checked_on", "checked_words", "ended_on"])
    close_todos(partner, f"device:{row.pk}", at)
    return row


@dataclass(frozen=True)
class Offered:
    """A time in which somebody comes to homes. `fee_words` says what it costs, "不收费" where nothing."""

    purpose: str
    fee_words: str
    starts_at: datetime
    ends_at: datetime
    seats: int


@transaction.atomic
def offer_slot(partner: Partner, place: Place, offered: Offered, *, by: Person, at: datetime) -> VisitSlot:
    """Offer residents at or under `place` a time to be visited at home; refused while no new orders are taken."""
    partner = _working(partner, by, at)
    _require_served(partner, place)
    require(
        partner.takes_orders(localdate(at)), _("证照过期或暂停期间不能开放预约。"),
        rule=_("证照过期或暂停期间不接新单"),
    )  # fmt: skip
    require(offered.starts_at > at, _("开始时间已经过去，请改晚一些。"))
    require(offered.ends_at > offered.starts_at, _("结束时间要晚于开始时间。"))
    require(1 <= offered.seats <= MOST_SEATS, _("可约户数请写 1 到 60。"))
    purpose, fee = (
        said(offered.purpose, _("上门做什么"))[:120],
        said(offered.fee_words, _("收费说明，不收费就写“不收费”")),
    )
    known = partner.slots.filter(place=place, purpose=purpose, starts_at=offered.starts_at, withdrawn_at=None)
    return known.first() or VisitSlot.objects.create(
        partner=partner,
        place=place,
        purpose=purpose,
        fee_words=fee[:120],
        starts_at=offered.starts_at,
        ends_at=offered.ends_at,
        seats=offered.seats,
    )


@transaction.atomic
def withdraw_slot(slot: VisitSlot, reason: str, *, by: Person, at: datetime) -> VisitSlot:
    """Take a slot back with a reason that everybody who booked is told."""
    partner = lock(slot.partner)
    member_seat(partner, by, at)
    words = said(reason, _("取消的原因，约好的住户会收到"))
    row = VisitSlot.objects.select_for_update(of=("self",)).select_related("partner").get(pk=slot.pk)
    if row.withdrawn_at is None:
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        booked = Person.objects.filter(pk__in=row.bookings.filter(cancelled_at=None).values("person"))
        title = _("上门取消了：%(purpose)s") % {"purpose": row.purpose}
        notices.tell(
            booked, f"partners.VisitSlot:{row.pk}:withdrawn", title, words, "", _("您约了这个时段。"), at
        )
    return row


@transaction.atomic
def book(
    slot: VisitSlot, *, resident: Person, by: Person, at: datetime, words: str = "", assisted: bool = False
) -> Booking:
    """Book a seat for the resident's home; family with a proxy or a worker in an assisted session may do it.

    The same home again gives the booking that stands. Refused where the slot is full, over, or for other homes.
    """
    row = (
        VisitSlot.objects.select_for_update(of=("self",))
        .select_related("partner__organisation", "place")
        .get(pk=slot.pk)
    )
    if by != resident and not assisted:
        require(
            may_act_for(by, resident, Proxy.Scope.EVERYTHING, at),
            _("您还没有得到这位家人的授权，不能替他约。"),
        )
    require(row.withdrawn_at is None and row.starts_at > at, _("这个时段已经取消或过去，请选别的。"))
    require(row.partner.takes_orders(localdate(at)), _("这个单位现在不接新的预约。"))
    home = resident.home_now(localdate(at))
    require(home is not None, _("还不知道您住哪里。请先在“我的住处”登记，或请社区代约。"))
    assert home is not None  # noqa: S101 — for the type checker
    require(row.place.holds(home), _("这个时段是给“%(place)s”的住户的。") % {"place": row.place.name})
    standing = row.bookings.filter(cancelled_at=None)
    if known := standing.filter(home=home).first():
        return known
    require(standing.count() < row.seats, _("这个时段约满了，请选别的。"))
    return Booking.objects.create(
        slot=row, person=resident, home=home, words=words.strip()[:200], booked_by=by, booked_at=at
    )


@transaction.atomic
def cancel_booking(booking: Booking, *, by: Person, at: datetime) -> Booking:
    """Give a seat back."""
    row = Booking.objects.select_for_update(of=("self",)).select_related("slot", "person").get(pk=booking.pk)
    own = by.pk in {row.person_id, row.booked_by_id} or may_act_for(
        by, row.person, Proxy.Scope.EVERYTHING, at
    )
    require(own, _("这不是您的预约。"))
    require(row.visited_at is None, _("师傅已经上过门，不能再取消。"))
    if row.cancelled_at is None:
        row.cancelled_at = at
        row.save(update_fields=["cancelled_at"])
    return row


@transaction.atomic
def note_visit(booking: Booking, words: str, *, by: Person, at: datetime) -> Booking:
    """Note what was done at a home."""
    member_seat(booking.slot.partner, by, at)
    row = Booking.objects.select_for_update().get(pk=booking.pk)
    require(row.cancelled_at is None, _("这个预约已经取消。"))
    if row.visited_at is None:
        row.visited_at, row.visit_words = at, said(words, _("做了什么"))[:200]
        row.save(update_fields=["visited_at", "visit_words"])
    return row


@transaction.atomic
def bookings_shown(slot: VisitSlot, by: Person, by_words: str, at: datetime) -> list[Booking]:
    """Return who booked a slot, for who comes to them; each leaves a trace that its subject reads."""
    rows = list(slot.bookings.filter(cancelled_at=None).select_related("person", "home").order_by("pk"))
    trail.looked_at_many(
        [f"people.Person:{row.person_id}" for row in rows],
        f"people.Person:{by.pk}",
        by_words,
        _("门牌、预约时写的话"),
        _("上门服务：%(purpose)s") % {"purpose": slot.purpose},
        at,
        under=f"partners.VisitSlot:{slot.pk}",
    )
    return rows


def _working(partner: Partner, by: Person, at: datetime) -> Partner:
    row = lock(partner)
    member_seat(row, by, at)
    require(row.admitted_at is not None and row.left_at is None, _("还没有入驻，或者已经退出。"))
    return row


def _require_served(partner: Partner, place: Place) -> None:
    served = any(one.holds(place) for one in partner.serves.all())
    require(served, _("“%(place)s”不在您单位的服务范围里。") % {"place": place.name})
