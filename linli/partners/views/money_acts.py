"""Acts about contracts and evaluations."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.partners import actions
from linli.partners.actions import Agreed
from linli.partners.forms import money as forms
from linli.partners.forms import standing as plain
from linli.partners.forms.fields import ActForm
from linli.partners.models import Contract, Deliverable, Evaluation, Partner
from linli.partners.rules import State
from linli.partners.views.acting import CLERK, DECIDER, MEMBER, Act

DESK, HEAD, OWN = frozenset({CLERK}), frozenset({DECIDER}), frozenset({MEMBER})
NAMES = (
    "number", "title", "buyer_words", "delivers", "amount", "budget", "budget_words", "signed_on", "since", "until",
)  # fmt: skip


def _contracts(partner: Partner) -> Any:
    return Contract.objects.filter(partner=partner).select_related("partner__place")


def _items(partner: Partner) -> Any:
    return Deliverable.objects.filter(contract__partner=partner).select_related("contract__partner__place")


def _evaluations(partner: Partner) -> Any:
    return Evaluation.objects.filter(partner=partner).select_related("standard", "partner__place")


def _sign(request: Any, partner: Partner, form: ActForm, now: datetime) -> object:
    agreed = Agreed(**{name: form.cleaned_data[name] for name in NAMES})
    return actions.sign_contract(partner, agreed, by=request.person, at=now)


def _renew(request: Any, contract: Contract, form: ActForm, now: datetime) -> object:
    agreed = Agreed(**{name: form.cleaned_data[name] for name in NAMES}, buyer=contract.buyer)
    return actions.sign_contract(contract.partner, agreed, by=request.person, at=now, previous=contract)


def _promise(request: Any, contract: Contract, form: ActForm, now: datetime) -> object:
    typed = form.cleaned_data
    return actions.promise(
        contract, typed["title"], typed["due_on"], typed["amount"], by=request.person, at=now
    )


def _penalise(request: Any, item: Deliverable, form: ActForm, now: datetime) -> object:
    typed = form.cleaned_data
    return actions.penalise(
        item, typed["amount"], typed["reason"], typed["clause"], by=request.person, at=now
    )


def _judge(request: Any, row: Evaluation, form: ActForm, now: datetime) -> object:
    findings = form.findings()  # type: ignore[attr-defined]
    return actions.judge(row, findings, form.cleaned_data["summary"], by=request.person, at=now)


MONEY_ACTS: dict[str, Act] = {
    "sign-contract": Act(
        _("登记合同"), forms.ContractForm, _sign, DESK, _("合同登记好了。"),
        when=lambda partner, now: partner.state == State.ADMITTED,
    ),
    "renew-contract": Act(
        _("续签"), forms.ContractForm, _renew, DESK, _("续签好了，是一份新合同。"),
        _("续签是一份新合同：金额、期限、交付都重新写。"), rows=_contracts,
        when=lambda contract, now: not hasattr(contract, "renewal"),
    ),
    "end-contract": Act(
        _("提前终止"), plain.WordsForm,
        lambda request, contract, form, now: actions.end_contract(
            contract, form.cleaned_data["words"], by=request.person, at=now
        ),
        DESK, _("合同终止了。"), _("今天起终止；已经验收的照样付款。"), rows=_contracts,
        when=lambda contract, now: contract.ended_on is None,
    ),
    "promise": Act(
        _("加一项交付"), forms.PromiseForm, _promise, DESK, _("加好了。"), rows=_contracts,
        when=lambda contract, now: contract.ended_on is None,
    ),
    "deliver": Act(
        _("已经交付"), plain.WordsForm,
        lambda request, item, form, now: actions.deliver(item, form.cleaned_data["words"], by=request.person, at=now),
        OWN, _("记下了，等社区验收。"), rows=_items, when=lambda item, now: item.delivered_on is None,
    ),
    "accept": Act(
        _("验收"), plain.WordsForm,
        lambda request, item, form, now: actions.accept(item, form.cleaned_data["words"], by=request.person, at=now),
        DESK, _("验收好了，请另一位付款。"), _("验收的人不能付款。"), rows=_items,
        when=lambda item, now: item.delivered_on is not None and item.accepted_on is None,
    ),
    "send-back": Act(
        _("不符合约定"), plain.WordsForm,
        lambda request, item, form, now: actions.send_back(item, form.cleaned_data["words"], by=request.person, at=now),
        DESK, _("已退回，请对方补好再交。"), rows=_items,
        when=lambda item, now: item.delivered_on is not None and item.accepted_on is None,
    ),
    "penalise": Act(
        _("扣款"), forms.PenaltyForm, _penalise, DESK, _("扣款记好了，公开可查。"), rows=_items,
        when=lambda item, now: item.paid_on is None,
    ),
    "pay": Act(
        _("已付款"), forms.PayForm,
        lambda request, item, form, now: actions.pay(item, form.cleaned_data["voucher"], by=request.person, at=now),
        DESK, _("付款记好了。"), _("实付等于约定的钱减去扣款。验收的人不能付款。"), rows=_items,
        when=lambda item, now: item.accepted_on is not None and item.paid_on is None,
    ),
    "draft-evaluation": Act(
        _("开始一期评价"), forms.PeriodForm,
        lambda request, partner, form, now: actions.draft_evaluation(
            partner, form.cleaned_data["since"], form.cleaned_data["until"], by=request.person, at=now
        ),
        DESK, _("开好了，请逐条写。"), _("用这一期开始前已经公布的标准。"),
        lambda partner, now: partner.admitted_at is not None,
    ),
    "judge": Act(
        _("逐条评价"), forms.JudgeForm, _judge, DESK, _("写好了，已送本单位听取意见。"),
        _("每条都写根据。写完先送本单位看，10 个工作日内它可以说意见，然后由另一位公布。不打分，不排名。"),
        lambda row, now: row.published_at is None, _evaluations,
    ),
    "answer-evaluation": Act(
        _("说说意见"), plain.StatementForm,
        lambda request, row, form, now: actions.answer_evaluation(
            row, form.cleaned_data["words"], by=request.person, at=now
        ),
        OWN, _("收到了，会和评价一起公布。"),
        when=lambda row, now: row.sent_at is not None and row.published_at is None, rows=_evaluations,
    ),
    "publish-evaluation": Act(
        _("公布"), plain.NoteForm,
        lambda request, row, form, now: actions.publish_evaluation(row, by=request.person, at=now),
        HEAD, _("公布了。"), _("评价和本单位的意见一起公布，公布后不能改。"),
        lambda row, now: row.sent_at is not None and row.published_at is None, _evaluations,
    ),
}  # fmt: skip
CONTRACT_ACTS = ("promise", "renew-contract", "end-contract")
ITEM_ACTS = ("deliver", "accept", "send-back", "penalise", "pay")
EVALUATION_ACTS = ("judge", "answer-evaluation", "publish-evaluation")
