"""Contracts, what they deliver, and evaluations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.partners.forms.fields import ActForm, Lines, Money, day, line, words
from linli.partners.rules import Budget, Kind, Met


class ContractForm(ActForm):
    """A contract as it was signed."""

    number = line(_("合同编号"), 40, _("请写合同编号。"))
    title = line(_("合同名称"), 120, _("请写合同名称。"))
    buyer_words = line(
        _("甲方"), 80, _("请写甲方是谁。"), help_text=_("例如：柳树社区居民委员会、杨柳苑业主大会。")
    )
    delivers = words(_("约定做什么"), 1000, _("请写约定做什么。"))
    amount = Money(label=_("合同金额（元）"))
    budget = forms.ChoiceField(
        label=_("钱从哪里来"), choices=Budget.choices,
        help_text=_("财政、社区经费、公益金、党费、捐赠的合同金额向所有人公开。"),
    )  # fmt: skip
    budget_words = line(_("预算科目或文号"), 120)
    signed_on = day(_("签订日期"))
    since = day(_("从哪天起"))
    until = day(_("到哪天止"))

    def __init__(self, *args: Any, **options: Any) -> None:
        old = options.get("item")
        if old is not None:
            names = ("title", "buyer_words", "delivers", "amount", "budget", "budget_words")
            options["initial"] = {name: getattr(old, name) for name in names}
        super().__init__(*args, **options)


class PromiseForm(ActForm):
    """One thing to deliver, and its instalment."""

    title = line(_("交付什么"), 160, _("请写交付什么。"))
    due_on = day(_("哪天前交付"))
    amount = Money(label=_("验收后付多少（元）"))


class PenaltyForm(ActForm):
    """Money held back."""

    amount = Money(label=_("扣多少（元）"))
    reason = line(_("为什么扣"), 300, _("请写为什么扣。"))
    clause = line(_("合同哪一条"), 120, _("请写依据合同哪一条。"))


class PayForm(ActForm):
    """The voucher."""

    voucher = line(_("付款凭证号"), 60, _("请写付款凭证号。"))


class StandardForm(forms.Form):
    """Criteria for one kind of partner."""

    kind = forms.ChoiceField(label=_("评价哪类单位"), choices=Kind.choices)
    title = line(_("标准名称"), 80, _("请写标准名称。"))
    criteria = Lines(
        label=_("标准，一行一条"),
        help_text=_("写看得见、问得到的事，例如“电梯困人 30 分钟内到场”。不写装机、打卡、点赞、排名。"),
        error_messages={"required": _("请写标准，一行一条。")},
    )
    every_months = forms.IntegerField(label=_("几个月评一次"), min_value=1, max_value=36, initial=12)


class PeriodForm(ActForm):
    """The period of an evaluation."""

    since = day(_("评价期从"))
    until = day(_("评价期到"))


class JudgeForm(ActForm):
    """One question and one reason for each criterion."""

    summary = words(_("总的说明"), 500, rows=3)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        criteria = self.item.standard.criteria
        for place, text in enumerate(criteria):
            met, reason = self.item.findings.get(str(place), ("", ""))
            self.fields[f"met_{place}"] = forms.ChoiceField(
                label=text, choices=Met.choices, widget=forms.RadioSelect, initial=met,
                error_messages={"required": _("请选一个。")},
            )  # fmt: skip
            self.fields[f"reason_{place}"] = line(
                _("根据什么"), 300, _("请写一句：看到了什么、根据什么。"), initial=reason
            )
        self.fields["summary"].initial = self.item.summary
        self.order_fields([*(n for n in self.fields if n != "summary"), "summary"])

    def findings(self) -> dict[str, tuple[str, str]]:
        """Return (met, reason) by the place of the criterion."""
        typed = self.cleaned_data
        places = range(len(self.item.standard.criteria))
        return {str(n): (typed[f"met_{n}"], typed[f"reason_{n}"]) for n in places}
