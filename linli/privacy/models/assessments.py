"""Impact assessments, without which a feature that needs one stays off."""

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.people.models import Person


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def in_force(self, on: date) -> Self:
        """Return those that somebody else approved, not withdrawn, not past the day of their review."""
        return self.filter(approved_at__isnull=False, ended_at=None, review_on__gt=on)


class Assessment(models.Model):
    """个人信息保护影响评估 (个人信息保护法 第五十五条、第五十六条): written by one, approved by another."""

    token = TokenField()
    feature = models.CharField(_("功能"), max_length=60, db_index=True)
    purpose = models.TextField(_("目的和方式"), max_length=2000)
    necessity = models.TextField(_("为什么必要"), max_length=2000)
    risks = models.TextField(_("对个人的影响和风险"), max_length=2000)
    measures = models.TextField(_("保护措施"), max_length=2000)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("起草人"))
    written_at = models.DateTimeField(_("起草时间"))
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    review_on = models.DateField(_("复核日期"))
    ended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    ended_because = models.CharField(_("停用原因"), max_length=200, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("影响评估")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | (Q(approved_at__isnull=False, approved_by__isnull=False) & ~Q(approved_by=F("written_by"))),
                name="assessment_takes_two",
            )
        ]

    def __str__(self) -> str:
        return self.feature

    def is_in_force(self, on: date) -> bool:
        """Whether it opens its feature on that day."""
        return self.approved_at is not None and self.ended_at is None and on < self.review_on


def is_assessed(feature: str, at: datetime) -> bool:
    """Whether an assessment in force at that moment opens `feature`."""
    return Assessment.objects.in_force(localdate(at)).filter(feature=feature).exists()
