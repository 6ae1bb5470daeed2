"""When something went wrong: incidents, bodies that misused data, and the security file."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.organisations.models import Membership, Organisation
from linli.people.models import Person
from linli.places.models import Place, inside
from linli.privacy.rules import Severity, Step


class IncidentQuerySet(models.QuerySet["Incident"]):
    def guarded_by(self, memberships: list[Membership]) -> Self:
        """Return those of the places that the holders of these roles guard, the newest first."""
        return self.filter(inside([row.place for row in memberships], "place__")).order_by("-pk")


class Incident(models.Model):
    """A leak, alteration or loss, or a drill of one, with what 个人信息保护法 第五十七条 wants said."""

    token = TokenField()
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("涉及范围"))
    is_drill = models.BooleanField(_("这是演练"), default=False)
    found_at = models.DateTimeField(_("发现时间"))
    kinds = models.CharField(_("涉及哪些信息"), max_length=300)
    causes = models.TextField(_("原因"), max_length=1000)
    harm = models.TextField(_("可能造成的危害"), max_length=1000)
    severity = models.CharField(_("危害程度"), max_length=8, choices=Severity)
    remedies = models.TextField(_("已经采取的补救措施"), max_length=1000)
    advice = models.TextField(_("本人可以怎样减轻危害"), max_length=1000)
    contact = models.CharField(_("联系方式"), max_length=120)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    reported_at = models.DateTimeField(_("报告主管部门时间"), null=True, blank=True)
    reported_to = models.CharField(_("报告给谁"), max_length=120, blank=True)
    told_at = models.DateTimeField(_("通知本人时间"), null=True, blank=True)
    told_count = models.PositiveIntegerField(_("通知人数"), default=0)
    not_told_because = models.CharField(_("不通知本人的理由"), max_length=300, blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    lessons = models.TextField(_("改进"), max_length=1000, blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("信息安全事件")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None)
                | Q(is_drill=True)
                | Q(told_at__isnull=False)
                | ~Q(not_told_because=""),
                name="closed_incident_told_or_says_why_not",
            )
        ]

    def __str__(self) -> str:
        return self.kinds


class FindingQuerySet(models.QuerySet["Finding"]):
    def published(self) -> Self:
        """Return those that everybody may read, the newest first."""
        return self.exclude(published_at=None).order_by("-published_at", "-pk")


class Finding(models.Model):
    """That a body misused personal data: it is heard first, then the finding is published and access ends."""

    token = TokenField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("单位"))
    what = models.TextField(_("查到什么"), max_length=1000)
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("提出人"))
    opened_at = models.DateTimeField(_("提出时间"))
    hearing_due = models.DateTimeField(_("陈述期限"))
    heard = models.TextField(_("该单位的陈述"), max_length=2000, blank=True)
    heard_at = models.DateTimeField(_("陈述时间"), null=True, blank=True)
    heard_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    conclusion = models.TextField(_("结论"), max_length=1000, blank=True)
    is_misuse = models.BooleanField(_("认定违规"), null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    ended_roles = models.PositiveIntegerField(_("收回角色数"), default=0)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("违规认定")

    def __str__(self) -> str:
        return self.what


class SecurityItem(models.Model):
    """Where one item of the security check-list stands, as somebody last looked."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    code = models.CharField(_("检查项"), max_length=40)
    step = models.CharField(_("情况"), max_length=8, choices=Step)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("检查人"))
    at = models.DateTimeField(_("检查时间"))

    class Meta:
        verbose_name = _("安全检查项")
        constraints = [models.UniqueConstraint(fields=["place", "code"], name="checked_item_once")]

    def __str__(self) -> str:
        return self.code
