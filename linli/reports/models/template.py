"""What superiors ask for: a workbook of theirs, who demands it on what basis and until when, and its columns."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.base.fields import SealedField, TokenField
from linli.organisations.models import Membership, Organisation, Tier
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.places.models import Place, inside
from linli.reports.models.sealing import sealed, unsealed
from linli.reports.rules import DateFormat, Period, Source, Subject, Unit


def registering(memberships: Iterable[Membership]) -> list[Place]:
    """Return the places whose register the caller keeps, and so whose reports they fill."""
    return [row.place for row in memberships if Power.REGISTER in row.powers]


def overseeing(memberships: Iterable[Membership]) -> list[Place]:
    """Return the places over which the caller sees sums."""
    return [row.place for row in memberships if Power.OVERSEE in row.powers]


class TemplateQuerySet(models.QuerySet["Template"]):
    """Whose templates."""

    def kept_by(self, memberships: Iterable[Membership]) -> Self:
        """Return the templates of places whose register the caller keeps."""
        return self.filter(inside(registering(memberships), "place__"))

    def asked_at(self, places: Iterable[Place]) -> Self:
        """Return the templates of places at or under these."""
        return self.filter(inside(places, "place__"))

    def in_use(self) -> Self:
        """Return those not put away."""
        return self.filter(retired_at=None)

    def listed(self) -> Self:
        """Leave the workbook itself in the database: a list does not need it."""
        return self.defer("book_sealed").select_related("place")


class Template(models.Model):
    """A superior's workbook and how it is filled. The workbook is kept sealed: somebody may have left names in it."""

    token = TokenField()
    name = models.CharField(_("表名"), max_length=80)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("使用范围"))
    shipped = models.CharField(_("自带样表"), max_length=24, blank=True)  # "elders"; "" for a superior's own
    subject = models.CharField(_("一行是什么"), max_length=8, choices=Subject)
    file_name = models.CharField(_("文件名"), max_length=120)
    book_sealed = SealedField("book")
    digest = models.CharField(_("原表摘要"), max_length=64)  # SHA-256 of the workbook as it came
    sheet = models.CharField(_("工作表"), max_length=60)
    header_first = models.PositiveIntegerField(_("表头首行"))
    header_last = models.PositiveIntegerField(_("表头末行"))
    data_first = models.PositiveIntegerField(_("填写首行"))
    foot = models.PositiveIntegerField(_("表尾行"), default=0)  # 0: rows run to the end
    who = models.JSONField(_("填哪些人"), default=dict, blank=True)  # see rules.Who
    is_whole = models.BooleanField(_("写全证件号和电话"), default=False)
    warnings = models.JSONField(_("提醒"), default=list, blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("建立时间"))
    is_ready = models.BooleanField(_("已对好列"), default=False)
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("报表模板")
        indexes = [models.Index(fields=["place", "retired_at", "id"], name="templates_of_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "shipped"], condition=~Q(shipped=""), name="one_of_each_shipped_template"
            ),
            models.CheckConstraint(
                condition=Q(header_first__lte=F("header_last"), data_first__gt=F("header_last")),
                name="rows_begin_under_the_header",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject_name(self) -> str:
        """The name by which lower floors know this template."""
        return f"reports.Template:{self.pk}"

    @property
    def book(self) -> bytes:
        """The workbook as it came."""
        return unsealed(self.book_sealed, f"reports.Template/book/{self.token}")

    @book.setter
    def book(self, content: bytes) -> None:
        self.book_sealed = sealed(content, f"reports.Template/book/{self.token}")

    def demand_on(self, day: date) -> "Demand | None":
        """Return the demand that holds on that day: the newest that began and has not ended."""
        return self.demands.filter(since__lte=day, until__gte=day).order_by("-since", "-pk").first()

    def latest_demand(self) -> "Demand | None":
        """Return the newest demand, whether or not it still holds."""
        return self.demands.order_by("-since", "-pk").first()


class Column(models.Model):
    """One column of a template: where it stands, what it is called, and where its values come from."""

    template = models.ForeignKey(Template, models.CASCADE, related_name="columns")
    number = models.PositiveSmallIntegerField(_("第几列"))  # 1 = A
    words = models.CharField(_("列名"), max_length=200)  # "家庭成员 / 姓名"
    source = models.CharField(_("填什么"), max_length=8, choices=Source)
    fact = models.CharField(_("已有信息"), max_length=60, blank=True)  # a code of rules.facts_for
    constant = models.CharField(_("固定内容"), max_length=200, blank=True)
    date_format = models.CharField(_("日期写法"), max_length=12, choices=DateFormat, default=DateFormat.ISO)
    unit = models.CharField(_("单位"), max_length=12, choices=Unit, blank=True, default="")
    codes = models.JSONField(_("代码对照"), default=dict, blank=True)  # our code → their word

    class Meta:
        verbose_name = _("报表列")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="one_mapping_for_each_column")
        ]
        indexes = [models.Index(fields=["fact"], name="columns_by_fact")]

    def __str__(self) -> str:
        return self.words


class DemandQuerySet(models.QuerySet["Demand"]):
    """Which demands hold, and over whose places."""

    def on(self, day: date) -> Self:
        """Return those in force on that day."""
        return self.filter(since__lte=day, until__gte=day)

    def overseen_by(self, memberships: Iterable[Membership]) -> Self:
        """Return what is demanded of communities within the places over which the caller sees sums."""
        return self.filter(inside(overseeing(memberships), "template__place__"), template__retired_at=None)


class Demand(models.Model):
    """Who asks for a workbook, on what basis, how often and until when. A new basis is a new row."""

    token = TokenField()
    template = models.ForeignKey(Template, models.CASCADE, related_name="demands")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("要表单位")
    )
    demander = models.CharField(_("要表单位名称"), max_length=80)  # as the document names it
    basis = models.CharField(_("依据文号"), max_length=120)
    period = models.CharField(_("多久一次"), max_length=10, choices=Period)
    since = models.DateField(_("自"))
    until = models.DateField(_("至"))  # the last day on which it may be filled
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    answer = models.ForeignKey(
        "reports.Filling", models.SET_NULL, null=True, blank=True, related_name="answers"
    )

    objects = DemandQuerySet.as_manager()

    class Meta:
        verbose_name = _("要表依据")
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="demand_ends_after_it_begins")
        ]
        indexes = [models.Index(fields=["template", "since"], name="demands_of_template")]

    def __str__(self) -> str:
        return f"{self.demander} {self.basis}"

    @property
    def is_own(self) -> bool:
        """Whether a community keeps the list for itself: nobody above it asked."""
        return self.organisation is not None and self.organisation.tier == Tier.COMMUNITY

    def is_in_force(self, on: date) -> bool:
        """Whether the workbook may be filled on this day."""
        return self.since <= on <= self.until


def columns_of(template: Template) -> list[Column]:
    """Return the columns of a template, from left to right."""
    return list(template.columns.order_by("number"))


def row_of_demand(demand: Demand) -> dict[str, Any]:
    """Return what may be said of a demand outside the community: nothing of any person."""
    return {"demander": demand.demander, "basis": demand.basis, "until": demand.until}
