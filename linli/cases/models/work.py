"""What bodies are bound to in a case: orders, parking, and what a unit may ask another to decide."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.cases.rules import AskingSort, OrderState, Part, ReturnReason
from linli.organisations.models import Membership, Organisation
from linli.organisations.rules import POWERS, Power
from linli.people.models import Person


class OrderQuerySet(models.QuerySet["Order"]):
    def open(self) -> Self:
        """Orders whose body still owes an answer."""
        return self.filter(ended_at=None)

    def open_for(self, memberships: Iterable[Membership]) -> Self:
        """Open orders of the bodies for which these memberships handle cases."""
        bodies = {m.organisation_id for m in memberships if Power.HANDLE in POWERS[m.role]}
        return self.open().filter(organisation__in=bodies)


class Order(models.Model):
    """工单: one organisation bound to a case, as lead or co-unit, each answering for itself."""

    Part = Part
    State = OrderState

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="orders", verbose_name=_("诉求"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="orders", verbose_name=_("承办单位")
    )
    part = models.CharField(_("主办或协办"), max_length=8, choices=Part)
    state = models.CharField(_("状态"), max_length=12, choices=OrderState, default=OrderState.DISPATCHED)
    round = models.PositiveSmallIntegerField(default=1)
    dispatched_at = models.DateTimeField(_("派单时间"))
    dispatched_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    sign_due = models.DateTimeField(_("签收期限"), null=True)
    signed_at = models.DateTimeField(_("签收时间"), null=True)
    is_lapsed = models.BooleanField(_("逾期视为签收"), default=False)
    worker = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人"))
    due = models.DateTimeField(_("办理期限"), null=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answer = models.TextField(_("答复"), blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("工单")
        constraints = [
            # Eight simultaneous dispatches make one order.
            models.UniqueConstraint(
                fields=["case", "organisation"], condition=Q(ended_at=None), name="one_open_order_per_body"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at=None, part="lead"), name="one_open_lead_per_case"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due", "id"],
                name="open_orders_of_body",
                condition=Q(ended_at=None),
            ),
            models.Index(
                fields=["sign_due"],
                name="orders_to_sign",
                condition=Q(ended_at=None, signed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_part_display()}"

    @property
    def key(self) -> str:
        """The name below which this order's to-dos stand."""
        return f"cases.Order:{self.pk}"


class Pause(models.Model):
    """挂账: parked with a written reason and a review date; the clock stands still meanwhile."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="pauses")
    reason = models.CharField(_("原因"), max_length=300)
    since = models.DateTimeField(_("起"))
    review_on = models.DateField(_("复查日期"))
    until = models.DateTimeField(_("恢复"), null=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("挂账记录")
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(until=None), name="one_open_pause_per_case")
        ]
        indexes = [
            models.Index(fields=["review_on"], name="pauses_to_review", condition=Q(until=None)),
        ]

    def __str__(self) -> str:
        return self.reason


class Asking(models.Model):
    """A request that somebody other than the asker decides: 延期, 退单, 请求支援."""

    Sort = AskingSort

    order = models.ForeignKey(Order, models.CASCADE, related_name="askings", verbose_name=_("工单"))
    sort = models.CharField(_("种类"), max_length=10, choices=AskingSort)
    arbiter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("裁定单位"))
    reason_code = models.CharField(_("理由"), max_length=24, blank=True, choices=ReturnReason)
    reason = models.CharField(_("说明"), max_length=500)
    asked_at = models.DateTimeField(_("提出时间"))
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    amount = models.PositiveSmallIntegerField(_("延长"), default=0)
    unit = models.CharField(max_length=16, blank=True)
    decided_at = models.DateTimeField(_("裁定时间"), null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    is_granted = models.BooleanField(_("同意"), null=True)
    ruling = models.CharField(_("裁定意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("申请")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "sort"],
                condition=Q(decided_at=None),
                name="one_open_asking_of_a_sort",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_sort_display()} · {self.order_id}"

    @property
    def key(self) -> str:
        """The name of the to-do that waits for the arbiter."""
        return f"cases.Asking:{self.pk}"
