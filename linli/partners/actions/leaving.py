"""A body is suspended, heard, and goes on or leaves; leaving settles contracts, access and hand-over."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from linli.base.errors import require
from linli.base.words import said as _
from linli.base.worktime import Unit, due
from linli.duties import actions as duties
from linli.organisations import actions as organisations
from linli.organisations.models import Membership
from linli.partners.actions.acting import (
    clerk_seat,
    close_todos,
    decider_seat,
    end_of,
    happened,
    lock,
    member_seat,
    move,
    open_for_desk,
    open_for_partner,
    said,
)
from linli.partners.actions.contracts import end_contract_of
from linli.partners.actions.papers import refresh_orders
from linli.partners.models import HandoverItem, Partner, Suspension
from linli.partners.rules import HANDOVER, Kind, State, Verb
from linli.partners.rules.standing import HANDOVER_DAYS, HANDOVER_RULE, HEARING_DAYS
from linli.people.models import Person


@transaction.atomic
def suspend(partner: Partner, reason: str, basis: str, *, by: Person, at: datetime) -> Suspension:
    """Stop new orders from today on, with a reason and its basis; the body may answer for ten working days."""
    partner = lock(partner)
    seat = decider_seat(by, partner.place, at)
    words, ground = said(reason, _("暂停的理由")), said(basis, _("依据哪条规定或合同"))
    if open_one := partner.suspensions.filter(decided_at=None).first():
        return open_one
    move(partner, State.SUSPENDED)
    partner.save(update_fields=["state"])
    limit = due(at, HEARING_DAYS, Unit.WORKING_DAY, duties.calendar_of(partner.place)).at
    row = Suspension.objects.create(
        partner=partner,
        reason=words[:500],
        basis=ground[:200],
        suspended_on=localdate(at),
        suspended_by=by,
        answer_due=limit,
    )
    refresh_orders(partner, at)
    happened(partner, Verb.SUSPENDED, at, by=by, unit=seat.organisation, words=f"{words}（{ground}）")
    title = _("被暂停接单，请在期限内说明情况：%(name)s") % {"name": partner.name}
    open_for_partner(partner, f"hearing:{row.pk}", title, limit, at)
    title = _("听取意见后作决定：%(name)s") % {"name": partner.name}
    open_for_desk(partner, f"ruling:{row.pk}", title, limit, at)
    return row


@transaction.atomic
def state_case(partner: Partner, statement: str, *, by: Person, at: datetime) -> Suspension:
    """Let the suspended body say its side (陈述申辩); it may be said once more until it is decided."""
    partner = lock(partner)
    member_seat(partner, by, at)
    words = said(statement, _("您单位的情况和意见"))
    row = partner.suspensions.select_for_update().filter(decided_at=None).first()
    require(row is not None, _("现在没有要说明的暂停处置。"))
    assert row is not None  # noqa: S101 — for the type checker
    row.statement, row.stated_at = words[:2000], at
    row.save(update_fields=["statement", "stated_at"])
    happened(partner, Verb.HEARD, at, by=by, words=_("已提交书面意见"))
    close_todos(partner, f"hearing:{row.pk}", at)
    return row


@transaction.atomic
def resume(partner: Partner, words: str, *, by: Person, at: datetime) -> Partner:
    """End the suspension: another person than who suspended, after the body was heard or let the time pass."""
    partner = lock(partner)
    seat = decider_seat(by, partner.place, at)
    reason = said(words, _("恢复的理由"))
    if partner.state == State.ADMITTED:
        return partner
    _decide(partner, reason, by, at, resumed=True)
    move(partner, State.ADMITTED)
    partner.save(update_fields=["state"])
    refresh_orders(partner, at)
    happened(partner, Verb.RESUMED, at, by=by, unit=seat.organisation, words=reason)
    return partner


@transaction.atomic
def ask_to_leave(partner: Partner, words: str, *, by: Person, at: datetime) -> Partner:
    """Let the body itself ask to leave."""
    partner = lock(partner)
    member_seat(partner, by, at)
    require(partner.state in {State.ADMITTED, State.SUSPENDED}, _("还没有入驻，不用申请退出。"))
    if partner.leave_asked_at is None:
        partner.leave_asked_at = at
        partner.save(update_fields=["leave_asked_at"])
        happened(partner, Verb.LEAVE_ASKED, at, by=by, words=said(words, _("为什么退出、打算什么时候")))
        limit = due(at, HEARING_DAYS, Unit.WORKING_DAY, duties.calendar_of(partner.place)).at
        title = _("办理退出和交接：%(name)s") % {"name": partner.name}
        open_for_desk(partner, "leave", title, limit, at)
    return partner


@transaction.atomic
def let_go(partner: Partner, words: str, *, by: Person, at: datetime) -> Partner:
    """End the partnership and settle it in one act: contracts end, its people lose access today, and the list of
    what is to be handed over begins to run. Against its will only after it was suspended and heard.
    """
    partner = lock(partner)
    seat = decider_seat(by, partner.place, at)
    reason = said(words, _("退出的理由"))
    if partner.state == State.LEFT:
        return partner
    if partner.state == State.SUSPENDED:
        _decide(partner, reason, by, at, resumed=False)
    else:
        require(
            partner.leave_asked_at is not None,
            _("这个单位没有申请退出。请先暂停、听取它的意见，再作决定。"),
            rule=_("先听取意见，再作不利决定"),
        )
    move(partner, State.LEFT)
    partner.left_at = at
    ended = [
        end_contract_of(contract, reason, by, at) for contract in partner.contracts.in_force(localdate(at))
    ]
    _end_access(partner, by, at)
    partner.save(update_fields=["state", "left_at"])
    _list_handover(partner, at)
    happened(partner, Verb.LEFT, at, by=by, unit=seat.organisation, words=reason, contracts=len(ended))
    close_todos(partner, "leave", at)
    return partner


@transaction.atomic
def hand_over(
    item: HandoverItem, received_by: str, *, by: Person, at: datetime, note: str = ""
) -> HandoverItem:
    """Note that one thing was handed over, and to which body."""
    partner = lock(item.partner)
    seat = clerk_seat(by, partner.place, at)
    row = HandoverItem.objects.select_for_update().get(pk=item.pk)
    if row.done_on is None:
        row.done_on, row.received_by = localdate(at), said(received_by, _("交给了谁"))[:80]
        row.note = note.strip()[:200]
        row.save(update_fields=["done_on", "received_by", "note"])
        happened(partner, Verb.HANDED_OVER, at, by=by, unit=seat.organisation, words=row.words)
    if not partner.handover.filter(done_on=None).exists():
        close_todos(partner, "handover", at)
    return row


def _decide(partner: Partner, reason: str, by: Person, at: datetime, *, resumed: bool) -> None:
    row = partner.suspensions.select_for_update().filter(decided_at=None).first()
    if row is None:
        return
    require(
        row.suspended_by_id != by.pk,
        _("谁作的暂停决定，就不能由谁作最后决定。请另一位负责人来办。"),
        rule=_("暂停与处理决定由两人分任"),
    )
    if not resumed:
        require(
            row.is_heard(at),
            _("还没有听取这个单位的意见，%(day)s 之前不能让它退出。")
            % {"day": localdate(row.answer_due).isoformat()},
            rule=_("先听取意见，再作不利决定"),
        )
    row.decided_at, row.decided_by, row.decision, row.is_resumed = at, by, reason[:500], resumed
    row.save(update_fields=["decided_at", "decided_by", "decision", "is_resumed"])
    close_todos(partner, f"ruling:{row.pk}", at)
    close_todos(partner, f"hearing:{row.pk}", at)


def _end_access(partner: Partner, by: Person, at: datetime) -> None:
    """End every role in the body from today on and close the body, so that nobody gets in the same day."""
    if partner.organisation is None:
        return
    today = localdate(at)
    for membership in Membership.objects.filter(organisation=partner.organisation).exclude(until__lte=today):
        organisations.dismiss(membership, today, by, at)
    organisations.let_take_orders(partner.organisation, today - timedelta(days=1), at)
    partner.organisation = organisations.retire(partner.organisation, by, at)


def _list_handover(partner: Partner, at: datetime) -> None:
    last_day = localdate(at) + timedelta(days=HANDOVER_DAYS)
    HandoverItem.objects.bulk_create(
        HandoverItem(partner=partner, words=words, due_on=last_day) for words in HANDOVER[partner.kind]
    )
    rule = HANDOVER_RULE if partner.kind == Kind.PROPERTY else _("退出时的交接清单")
    title = _("跟进交接：%(name)s（%(rule)s）") % {"name": partner.name, "rule": rule}
    open_for_desk(partner, "handover", title, end_of(last_day), at)
