"""Money and dates of contracts and purchased services: exact amounts in yuan, two places, never floats."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.base.errors import Refused, require

LARGEST_SUM = Decimal("9999999999.99")
FEN = Decimal("0.01")


class Budget(models.TextChoices):
    """Whose money pays."""

    FISCAL = "fiscal", gettext_lazy("财政预算资金")
    COMMUNITY = "community", gettext_lazy("社区保障（为民服务）资金")
    LOTTERY = "lottery", gettext_lazy("福利彩票公益金")
    PARTY = "party", gettext_lazy("党建工作经费")
    DONATION = "donation", gettext_lazy("社会捐赠")
    COMMON_INCOME = "common", gettext_lazy("业主公共收益")
    REPAIR_FUND = "repair", gettext_lazy("住宅专项维修资金")
    SERVICE_FEE = "fee", gettext_lazy("物业费")


PUBLIC = frozenset({Budget.FISCAL, Budget.COMMUNITY, Budget.LOTTERY, Budget.PARTY, Budget.DONATION})


def is_public_money(budget: str) -> bool:
    """Tell whether everybody may read the sums: public money and gifts; owners read of theirs in their body."""
    return budget in PUBLIC


def sum_of_money(typed: str) -> Decimal:
    """Return an amount in yuan; "12,800.50 元" is read as meant, a third decimal refused, not rounded."""
    plain = typed.strip().removesuffix("元").replace(",", "").replace("，", "").strip()
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        raise Refused(_("金额请写数字，单位是元，例如 12800.50。")) from None
    require(amount.is_finite() and amount >= 0, _("金额请写数字，单位是元，例如 12800.50。"))
    require(
        amount == amount.quantize(FEN) if amount <= LARGEST_SUM else False, _("金额最多到分，并请核对位数。")
    )
    return amount.quantize(FEN)


def require_dates(since: date, until: date) -> None:
    """Refuse a contract that ends before it begins."""
    require(until >= since, _("合同的结束日期早于开始日期，请核对。"))


def require_instalments(whole: Decimal, instalments: Sequence[Decimal]) -> None:
    """Refuse instalments that add up to more than the contract."""
    require(
        sum(instalments, Decimal(0)) <= whole,
        _("各项付款加起来是 %(sum)s 元，超过合同总额 %(whole)s 元，请核对。")
        % {"sum": sum(instalments, Decimal(0)), "whole": whole},
    )


def require_other_person(first: int | None, second: int | None, words: str) -> None:
    """Refuse where two duties that must differ lie with one person; `words` says which."""
    require(first is None or first != second, words, rule=_("不相容岗位分离"))
