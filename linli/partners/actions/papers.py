"""Certificates are entered, replaced and dropped; until when a body takes new orders follows from them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.timezone import localdate

from linli.attachments import actions as attachments
from linli.base.errors import Refused, require
from linli.base.words import said as _
from linli.organisations import actions as organisations
from linli.partners.actions.acting import clerk_seat, close_todos, happened, lock, member_seat, said
from linli.partners.models import Paper, Partner
from linli.partners.rules import PaperKind, State, Verb, orders_until
from linli.people.models import Person

if TYPE_CHECKING:
    Upload = UploadedFile[bytes]
else:
    Upload = UploadedFile

SCAN = "scan"


@dataclass(frozen=True)
class Certified:
    """What stands on a certificate. `expires_on` None where it says 长期."""

    kind: str
    number: str
    issuer: str
    issued_on: date
    expires_on: date | None


@transaction.atomic
def add_paper(
    partner: Partner, certified: Certified, *, by: Person, at: datetime, scan: Upload | None = None
) -> Paper:
    """Enter a certificate, with its scan where there is one; it takes the place of older ones of its kind.

    The same kind and number again gives the one that stands.
    """
    partner = lock(partner)
    _may_enter(partner, by, at)
    number, issuer = said(certified.number, _("证照编号")), said(certified.issuer, _("发证机关"))
    require(certified.kind in PaperKind.values, _("请选证照的种类。"))
    require(certified.issued_on <= localdate(at), _("发证日期在今天以后，请核对。"))
    require(
        certified.expires_on is None or certified.expires_on >= certified.issued_on,
        _("有效期早于发证日期，请核对。"),
    )
    standing = partner.papers.filter(kind=certified.kind, replaced_at=None)
    same = standing.filter(number=number, expires_on=certified.expires_on).first()
    if same is None:
        if certified.kind != PaperKind.OTHER:
            standing.update(replaced_at=at)
        same = Paper.objects.create(
            partner=partner,
            kind=certified.kind,
            number=number,
            issuer=issuer,
            issued_on=certified.issued_on,
            expires_on=certified.expires_on,
            entered_by=by,
            entered_at=at,
        )
        happened(partner, Verb.PAPER_ADDED, at, by=by, words=f"{same.get_kind_display()} {number}")
        close_todos(partner, f"paper:{certified.kind}", at)
        refresh_orders(partner, at)
    if scan is not None:
        attachments.attach(scan, same.subject, SCAN, at, f"people.Person:{by.pk}")
    return same


@transaction.atomic
def drop_paper(paper: Paper, reason: str, *, by: Person, at: datetime) -> Paper:
    """Take a certificate out of force (revoked, entered by mistake), with a reason; it stays readable."""
    partner = lock(paper.partner)
    clerk_seat(by, partner.place, at)
    words = said(reason, _("作废的原因"))
    row = Paper.objects.select_for_update().get(pk=paper.pk)
    if row.replaced_at is None:
        row.replaced_at = at
        row.save(update_fields=["replaced_at"])
        happened(
            partner, Verb.PAPER_DROPPED, at, by=by, words=f"{row.get_kind_display()} {row.number}：{words}"
        )
        refresh_orders(partner, at)
    return row


def refresh_orders(partner: Partner, at: datetime) -> None:
    """Tell the organisation until which day it takes new orders, as its papers and standing say now."""
    if partner.organisation is None or partner.state not in {State.ADMITTED, State.SUSPENDED}:
        return
    held = list(partner.papers.filter(replaced_at=None).values_list("kind", "expires_on"))
    open_stop = partner.suspensions.filter(decided_at=None).first()
    stopped_on = open_stop.suspended_on if open_stop is not None else None
    until = orders_until(partner.required_papers, held, stopped_on, localdate(at))
    partner.organisation = organisations.let_take_orders(partner.organisation, until, at)


def _may_enter(partner: Partner, by: Person, at: datetime) -> None:
    """Papers are entered by the partner itself or by the desk."""
    require(partner.state != State.LEFT, _("这个单位已经退出，不再登记证照。"))
    try:
        member_seat(partner, by, at)
    except Refused:
        clerk_seat(by, partner.place, at)
