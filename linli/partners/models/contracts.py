"""Contracts and purchased services: parties, money, what is delivered, what was paid for it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.organisations.models import Membership, Organisation
from linli.partners.models.partner import Partner
from linli.partners.rules import Budget
from linli.people.models import Person


def in_fen(paid: Decimal | None) -> Decimal:
    """Return a sum with its two places, which a database may leave off; nothing paid is 0.00."""
    return (paid or Decimal(0)).quantize(Decimal("0.01"))


class ContractQuerySet(models.QuerySet["Contract"]):
    def public(self) -> Self:
        """Return those paid with public money, which anyone may read."""
        return self.filter(is_public=True)

    def opened_by(self, person: Person | None, memberships: Iterable[Membership]) -> Self:
        """Return what the caller may read: public ones, those of their own body and of the desks' partners."""
        held = list(memberships)
        if person is None:
            return self.public()
        known = Partner.objects.opened_by(person, held).values("pk")
        bodies = {row.organisation_id for row in held}
        return self.filter(Q(is_public=True) | Q(partner__in=known) | Q(buyer__in=bodies))

    def in_force(self, on: date) -> Self:
        """Return those that run on that day."""
        return self.filter(since__lte=on, until__gte=on).filter(Q(ended_on=None) | Q(ended_on__gt=on))


class Contract(models.Model):
    """One contract with a partner. A renewal is a contract of its own that names the one before."""

    token = TokenField()
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="contracts")
    number = models.CharField(_("合同编号"), max_length=40)
    title = models.CharField(_("合同名称"), max_length=120)
    buyer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    buyer_words = models.CharField(_("甲方"), max_length=80)  # "柳树社区居民委员会", "杨柳苑业主大会"
    delivers = models.CharField(_("约定做什么"), max_length=1000)
    amount = models.DecimalField(_("合同金额（元）"), max_digits=12, decimal_places=2)
    budget = models.CharField(_("资金来源"), max_length=10, choices=Budget)
    budget_words = models.CharField(_("预算科目或文号"), max_length=120, blank=True)
    is_public = models.BooleanField(_("公开金额"))
    signed_on = models.DateField(_("签订日"))
    since = models.DateField(_("起"))
    until = models.DateField(_("止"))  # the last day
    previous = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="renewal", verbose_name=_("续签自")
    )
    signed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")  # who entered it
    ended_on = models.DateField(_("提前终止日"), null=True, blank=True)
    ended_because = models.CharField(_("终止原因"), max_length=300, blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务合同")
        indexes = [models.Index(fields=["until"], name="contract_runs_out", condition=Q(ended_on=None))]
        constraints = [
            models.UniqueConstraint(fields=["partner", "number"], name="contract_number_once"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="contract_ends_after_start"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="contract_sum_not_negative"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """This row as text."""
        return f"partners.Contract:{self.pk}"

    @property
    def address(self) -> str:
        """Its page."""
        return reverse("partners:contract", args=[self.token])

    def last_day(self) -> date:
        """Return the last day on which it holds."""
        return min(self.until, self.ended_on) if self.ended_on else self.until

    def runs_on(self, on: date) -> bool:
        """Whether it is in force on that day."""
        return self.since <= on <= self.until and (self.ended_on is None or on < self.ended_on)

    def paid(self) -> Decimal:
        """Return what has been paid so far."""
        paid = self.deliverables.exclude(paid_on=None).aggregate(sum=Sum("paid_amount"))["sum"]
        return in_fen(paid)


class Deliverable(models.Model):
    """One thing a contract promises, with the instalment that is paid for it once it is accepted."""

    token = TokenField()
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="deliverables")
    title = models.CharField(_("交付什么"), max_length=160)
    due_on = models.DateField(_("交付期限"))
    amount = models.DecimalField(_("对应付款（元）"), max_digits=12, decimal_places=2)
    delivered_on = models.DateField(_("交付日"), null=True, blank=True)
    delivered_words = models.CharField(_("交付情况"), max_length=500, blank=True)
    delivered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_on = models.DateField(_("验收日"), null=True, blank=True)
    accepted_words = models.CharField(_("验收意见"), max_length=500, blank=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    paid_on = models.DateField(_("付款日"), null=True, blank=True)
    paid_amount = models.DecimalField(_("实付（元）"), max_digits=12, decimal_places=2, null=True, blank=True)
    paid_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    voucher = models.CharField(_("付款凭证号"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("交付项")
        constraints = [
            models.CheckConstraint(
                condition=Q(paid_by=None) | ~Q(paid_by=F("accepted_by")), name="accepted_and_paid_by_two"
            ),
            models.CheckConstraint(
                condition=Q(accepted_by=None) | ~Q(accepted_by=F("delivered_by")),
                name="delivered_and_accepted_by_two",
            ),
            models.CheckConstraint(
                condition=Q(paid_on=None) | Q(accepted_on__isnull=False), name="paid_after_acceptance"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="instalment_not_negative"),
        ]

    def __str__(self) -> str:
        return self.title

    def is_late(self, on: date) -> bool:
        """Whether it should have been delivered before that day."""
        return self.delivered_on is None and on > self.due_on

    def payable(self) -> Decimal:
        """Return the instalment less the penalties on it, never below nothing."""
        taken = sum((one.amount for one in self.penalties.all()), Decimal(0))
        return max(self.amount - taken, Decimal("0.00"))


class Penalty(models.Model):
    """Money held back from an instalment, for what the contract says."""

    deliverable = models.ForeignKey(Deliverable, models.CASCADE, related_name="penalties")
    amount = models.DecimalField(_("扣款（元）"), max_digits=12, decimal_places=2)
    reason = models.CharField(_("扣款原因"), max_length=300)
    clause = models.CharField(_("合同条款"), max_length=120)
    set_on = models.DateField(_("扣款日"))
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("违约扣款")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="penalty_is_something")]

    def __str__(self) -> str:
        return self.reason
