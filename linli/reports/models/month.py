"""The monthly work report: figures from events, as they stood when it was written, and what the secretary adds."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.organisations.models import Membership
from linli.people.models import Person
from linli.places.models import Place, inside
from linli.reports.models.template import registering


class MonthlyReportQuerySet(models.QuerySet["MonthlyReport"]):
    """Whose monthly reports."""

    def kept_by(self, memberships: Iterable[Membership]) -> Self:
        """Return the reports of communities whose register the caller keeps."""
        return self.filter(inside(registering(memberships), "place__"))


class MonthlyReport(models.Model):
    """One version of the report of a community on a month; writing again makes another. No person is named in it."""

    token = TokenField()
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("社区"))
    month = models.DateField(_("月份"))  # its first day
    version = models.PositiveIntegerField(_("第几版"))
    figures = models.JSONField(_("数字"))  # see rules.month
    closing = models.TextField(_("结尾一段"), max_length=2000, blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("起草人"))
    made_at = models.DateTimeField(_("生成时间"))

    objects = MonthlyReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("月度工作报告")
        constraints = [
            models.UniqueConstraint(fields=["place", "month", "version"], name="one_report_for_each_version")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.version}"
