"""Contracts: signed, delivered, accepted by one and paid by another, fined, ended, renewed as a new contract."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import localdate

from linli.base.errors import Refused, require
from linli.base.words import said as _
from linli.organisations.models import Organisation
from linli.partners.actions.acting import (
    clerk_seat,
    close_todos,
    end_of,
    happened,
    lock,
    member_seat,
    open_for_desk,
    said,
)
from linli.partners.models import Contract, Deliverable, Partner, Penalty
from linli.partners.rules import (
    Budget,
    Verb,
    is_public_money,
    require_dates,
    require_instalments,
    require_other_person,
)
from linli.people.models import Person


@dataclass(frozen=True)
class Agreed:
    """What a contract says. `amount` in yuan, exact to the fen; `buyer` the body that buys, where it is one of ours."""

    number: str
    title: str
    buyer_words: str
    delivers: str
    amount: Decimal
    budget: str
    signed_on: date
    since: date
    until: date
    buyer: Organisation | None = None
    budget_words: str = ""


@transaction.atomic
def sign_contract(
    partner: Partner, agreed: Agreed, *, by: Person, at: datetime, previous: Contract | None = None
) -> Contract:
    """Enter a signed contract; refused while the body takes no orders. The same number again gives the first.

    `previous` is the contract that this one renews: a renewal is a new contract.
    """
    partner = lock(partner)
    seat = clerk_seat(by, partner.place, at)
    number = said(agreed.number, _("合同编号"))
    if found := partner.contracts.filter(number=number).first():
        return found
    _require_agreed(partner, agreed, at)
    if previous is not None:
        require(previous.partner_id == partner.pk, _("续签的是另一个单位的合同，请核对。"))
        renewed = Contract.objects.filter(previous=previous).exists()
        require(not renewed, _("这份合同已经续签过了。"))
        require(agreed.since > previous.since, _("续签的合同要在原合同之后开始。"))
    contract = Contract.objects.create(
        partner=partner,
        number=number,
        title=said(agreed.title, _("合同名称")),
        buyer=agreed.buyer,
        buyer_words=said(agreed.buyer_words, _("甲方是谁")),
        delivers=said(agreed.delivers, _("约定做什么")),
        amount=agreed.amount,
        budget=agreed.budget,
        budget_words=agreed.budget_words.strip(),
        is_public=is_public_money(agreed.budget),
        signed_on=agreed.signed_on,
        since=agreed.since,
        until=agreed.until,
        previous=previous,
        signed_by=by,
    )
    verb = Verb.CONTRACT_SIGNED if previous is None else Verb.CONTRACT_RENEWED
    happened(partner, verb, at, by=by, unit=seat.organisation, words=contract.title, **facts_of(contract))
    if previous is not None:
        close_todos(partner, f"contract:{previous.pk}", at)
    return contract


@transaction.atomic
def promise(
    contract: Contract, title: str, due_on: date, amount: Decimal, *, by: Person, at: datetime
) -> Deliverable:
    """Add one thing the contract promises, with its instalment; together they stay within the contract's sum."""
    partner = lock(contract.partner)
    clerk_seat(by, partner.place, at)
    _require_runs(contract, at)
    words = said(title, _("交付什么"))
    known = contract.deliverables.filter(title=words, due_on=due_on).first()
    if known is not None:
        return known
    require(contract.since <= due_on, _("交付期限早于合同开始，请核对。"))
    held = contract.deliverables.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    require_instalments(contract.amount, [held, amount])
    return Deliverable.objects.create(contract=contract, title=words, due_on=due_on, amount=amount)


@transaction.atomic
def deliver(item: Deliverable, words: str, *, by: Person, at: datetime) -> Deliverable:
    """Let the partner say that something was delivered, and what; the desk is asked to accept it."""
    partner, row = _locked(item)
    member_seat(partner, by, at)
    if row.delivered_on is not None:
        return row
    row.delivered_on, row.delivered_by = localdate(at), by
    row.delivered_words = said(words, _("交付了什么、做了多少"))[:500]
    row.save(update_fields=["delivered_on", "delivered_by", "delivered_words"])
    happened(partner, Verb.DELIVERED, at, by=by, words=row.title, is_hidden=not row.contract.is_public)
    title = _("验收：%(title)s") % {"title": row.title}
    key = f"accept:{row.pk}:{partner.events.count()}"
    open_for_desk(partner, key, title, end_of(row.due_on), at, row.contract.address)
    return row


@transaction.atomic
def accept(item: Deliverable, words: str, *, by: Person, at: datetime) -> Deliverable:
    """Accept what was delivered (not by who delivered it); the other of two is asked to pay."""
    partner, row = _locked(item)
    seat = clerk_seat(by, partner.place, at)
    require(row.delivered_on is not None, _("对方还没有交付，不能验收。"))
    require_other_person(row.delivered_by_id, by.pk, _("自己交付的，不能由自己验收。"))
    if row.accepted_on is not None:
        return row
    row.accepted_on, row.accepted_by = localdate(at), by
    row.accepted_words = said(words, _("验收意见"))[:500]
    row.save(update_fields=["accepted_on", "accepted_by", "accepted_words"])
    happened(partner, Verb.ACCEPTED, at, by=by, unit=seat.organisation, words=row.title, **_facts(row))
    close_todos(partner, f"accept:{row.pk}", at)
    if row.amount:
        title = _("付款：%(title)s（不能由验收的人来付）") % {"title": row.title}
        open_for_desk(partner, f"pay:{row.pk}", title, end_of(row.due_on), at, row.contract.address)
    return row


@transaction.atomic
def send_back(item: Deliverable, words: str, *, by: Person, at: datetime) -> Deliverable:
    """Say what is still missing: it counts as not delivered, and may be delivered again."""
    partner, row = _locked(item)
    seat = clerk_seat(by, partner.place, at)
    require(row.delivered_on is not None and row.accepted_on is None, _("现在没有等着验收的交付。"))
    reason = said(words, _("哪里不符合约定"))
    row.delivered_on, row.delivered_by, row.delivered_words = None, None, ""
    row.save(update_fields=["delivered_on", "delivered_by", "delivered_words"])
    happened(partner, Verb.SENT_BACK, at, by=by, unit=seat.organisation, words=f"{row.title}：{reason}")
    close_todos(partner, f"accept:{row.pk}", at)
    return row


@transaction.atomic
def penalise(
    item: Deliverable, amount: Decimal, reason: str, clause: str, *, by: Person, at: datetime
) -> Penalty:
    """Hold money back from an unpaid instalment, by a clause of the contract; never more than the instalment."""
    partner, row = _locked(item)
    seat = clerk_seat(by, partner.place, at)
    require(row.paid_on is None, _("这一项已经付款，不能再扣。"))
    require(amount > 0, _("扣款金额要大于零。"))
    require(amount <= row.payable(), _("扣款超过这一项还要付的 %(left)s 元。") % {"left": row.payable()})
    penalty = Penalty.objects.create(
        deliverable=row,
        amount=amount,
        reason=said(reason, _("扣款的原因"))[:300],
        clause=said(clause, _("依据合同哪一条"))[:120],
        set_on=localdate(at),
        set_by=by,
    )
    words = f"{row.title}：{penalty.reason}（{penalty.clause}）"
    happened(
        partner, Verb.PENALISED, at, by=by, unit=seat.organisation, words=words,
        **(_facts(row) | {"amount": str(amount)}),
    )  # fmt: skip
    return penalty


@transaction.atomic
def pay(item: Deliverable, voucher: str, *, by: Person, at: datetime) -> Deliverable:
    """Note that an accepted instalment was paid, less its penalties, by another person than who accepted it."""
    partner, row = _locked(item)
    seat = clerk_seat(by, partner.place, at)
    require(row.accepted_on is not None, _("还没有验收，不能付款。"))
    require_other_person(row.accepted_by_id, by.pk, _("验收和付款要由两个人来办，请另一位来付。"))
    if row.paid_on is not None:
        return row
    row.paid_on, row.paid_by, row.paid_amount = localdate(at), by, row.payable()
    row.voucher = said(voucher, _("付款凭证号"))[:60]
    row.save(update_fields=["paid_on", "paid_by", "paid_amount", "voucher"])
    happened(partner, Verb.PAID, at, by=by, unit=seat.organisation, words=row.title, **_facts(row))
    close_todos(partner, f"pay:{row.pk}", at)
    return row


@transaction.atomic
def end_contract(contract: Contract, reason: str, *, by: Person, at: datetime) -> Contract:
    """End a contract before its day, with a reason; what was accepted is still paid."""
    partner = lock(contract.partner)
    clerk_seat(by, partner.place, at)
    return end_contract_of(contract, said(reason, _("终止的原因")), by, at)


def end_contract_of(contract: Contract, reason: str, by: Person, at: datetime) -> Contract:
    """End a contract of a locked partner from today on; one that has ended changes nothing."""
    row = (
        Contract.objects.select_for_update(of=("self",)).select_related("partner__place").get(pk=contract.pk)
    )
    today = localdate(at)
    if row.ended_on is not None or row.until < today:
        return row
    row.ended_on, row.ended_because = today, reason[:300]
    row.save(update_fields=["ended_on", "ended_because"])
    words = f"{row.title}：{reason}"
    happened(row.partner, Verb.CONTRACT_ENDED, at, by=by, words=words, **facts_of(row))
    close_todos(row.partner, f"contract:{row.pk}", at)
    return row


def facts_of(contract: Contract) -> dict[str, Any]:
    """Return what is written down of a contract: for everybody only where public money pays."""
    return {
        "is_hidden": not contract.is_public,
        "contract": contract.number,
        "amount": str(contract.amount),
        "since": contract.since.isoformat(),
        "until": contract.last_day().isoformat(),
    }


def _facts(item: Deliverable) -> dict[str, Any]:
    sum_paid = item.paid_amount if item.paid_amount is not None else item.amount
    hidden = not item.contract.is_public
    return {"is_hidden": hidden, "contract": item.contract.number, "amount": str(sum_paid)}


def _locked(item: Deliverable) -> tuple[Partner, Deliverable]:
    partner = lock(item.contract.partner)
    row = Deliverable.objects.select_for_update(of=("self",)).select_related("contract").get(pk=item.pk)
    return partner, row


def _require_agreed(partner: Partner, agreed: Agreed, at: datetime) -> None:
    require_dates(agreed.since, agreed.until)
    require(agreed.budget in Budget.values, _("请选资金从哪里来。"))
    require(agreed.signed_on <= localdate(at), _("签订日期在今天以后，请核对。"))
    if partner.takes_orders(localdate(at)):
        return
    raise Refused(
        _("“%(name)s”现在不能接新的合同：没有入驻、被暂停，或者必需的证照过期了。") % {"name": partner.name},
        rule=_("证照过期或暂停期间不接新单"),
    )


def _require_runs(contract: Contract, at: datetime) -> None:
    require(contract.ended_on is None, _("这份合同已经终止。"))
    require(localdate(at) <= contract.until, _("这份合同已经到期。要继续，请续签一份新合同。"))
