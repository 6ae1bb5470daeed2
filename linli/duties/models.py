"""Who is bound to do what, within which time: the versioned duty list (权责清单) and the calendar it counts by."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.places.models import Ownership, Place


class Matter(models.TextChoices):
    CONSULTATION = "consultation", _("咨询")
    COMPLAINT = "complaint", _("投诉")
    SUGGESTION = "suggestion", _("建议")
    REPAIR = "repair", _("报修")
    HELP = "help", _("求助")
    HAZARD = "hazard", _("隐患")
    FEEDBACK = "feedback", _("对平台的意见")


class Category(models.Model):
    """A kind of matter, two levels deep; leaves are what a case is filed under."""

    code = models.CharField(_("编号"), max_length=40, unique=True)  # "lighting.lamp_out"
    name = models.CharField(_("名称"), max_length=40)
    english = models.CharField(_("英文名"), max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    matter = models.CharField(_("性质"), max_length=12, choices=Matter)
    is_public = models.BooleanField(_("默认公开"), default=True)
    words = models.JSONField(_("常用说法"), default=list)  # what people call it, for triage and search
    questions = models.JSONField(
        _("提问"), default=list
    )  # [{"code", "ask", "answers": [..], "stops": {"是": "先打…"}}]
    ownership = models.CharField(_("通常权属"), max_length=8, choices=Ownership, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("事项类别")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class DutyList(models.Model):
    """One published version of a place's duty list. A case keeps the version that it was filed under."""

    token = TokenField()
    place = models.ForeignKey(Place, models.PROTECT, related_name="duty_lists", verbose_name=_("适用范围"))
    number = models.PositiveIntegerField(_("版本"))
    note = models.CharField(_("修订说明"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("起草时间"))
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("权责清单")
        constraints = [models.UniqueConstraint(fields=["place", "number"], name="one_duty_list_per_number")]


class DutyLine(models.Model):
    """For this category, place and ownership: who leads, who assists, on what basis and within what time."""

    duty_list = models.ForeignKey(DutyList, models.CASCADE, related_name="lines")
    number = models.CharField(_("条目号"), max_length=20)  # cited in explanations: "3.12"
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("仅限地点")
    )
    ownership = models.CharField(_("权属"), max_length=8, choices=Ownership, blank=True)  # "" = any
    lead = models.CharField(_("主办职能"), max_length=40)
    assists = models.JSONField(_("协办职能"), default=list)
    basis = models.CharField(_("依据"), max_length=300)
    # Limits are (amount, unit), unit ∈ linli.base.worktime.Unit; stages run one after another.
    sign_amount = models.PositiveSmallIntegerField(_("签收时限"))
    sign_unit = models.CharField(max_length=16)
    response_amount = models.PositiveSmallIntegerField(_("首次回应时限"))
    response_unit = models.CharField(max_length=16)
    stages = models.JSONField(_("办理阶段"))  # [{"name": "修复", "amount": 1, "unit": "working_day"}]
    next_tier = models.CharField(_("上报至"), max_length=10)  # organisations Tier: street, district
    source = models.CharField(
        _("来源"), max_length=200, blank=True
    )  # "退单裁定 …" where a ruling became a line

    class Meta:
        verbose_name = _("权责条目")
        indexes = [models.Index(fields=["duty_list", "category"], name="duty_line_lookup")]


class Holiday(models.Model):
    """A day on which the State Council's notice departs from Monday–Friday."""

    day = models.DateField(_("日期"), unique=True)
    is_working = models.BooleanField(_("上班"))  # a make-up Saturday is True, a weekday in a holiday False
    name = models.CharField(_("名称"), max_length=40)
    notice = models.CharField(_("文号"), max_length=100)

    class Meta:
        verbose_name = _("节假日")


class WorkCalendar(models.Model):
    """When an office works: a place's hours. The nearest calendar up the tree counts."""

    place = models.OneToOneField(Place, models.CASCADE, related_name="work_calendar")
    opens = models.TimeField(_("上班"))
    closes = models.TimeField(_("下班"))
    weekdays = models.JSONField(_("工作日"), default=list)  # ISO numbers 1–7
    urgent_around_the_clock = models.BooleanField(_("紧急工作时不分昼夜"), default=True)
    day_counts_from_next = models.BooleanField(_("工作日自次日起算"), default=True)

    class Meta:
        verbose_name = _("工作时间")


class Gap(models.Model):
    """That nobody matched: the desk owns the case, and whoever keeps the duty list is told (首问负责)."""

    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=60)  # "cases.Case:7"
    reason = models.CharField(_("缺口"), max_length=200)
    at = models.DateTimeField(_("时间"))
    closed_at = models.DateTimeField(_("补上时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("权责缺口")
