"""Who is bound to do what, within which time: the versioned duty list (权责清单) and its calendar."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.base.worktime import limit_words
from linli.duties.functions import spoken
from linli.duties.rules import Matter, Sort, line_order
from linli.organisations.models import Membership, Tier
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.places.models import Ownership, Place, inside

__all__ = [
    "Category",
    "DutyLine",
    "DutyList",
    "Gap",
    "Holiday",
    "Matter",
    "Sort",
    "WorkCalendar",
]


class CategoryQuerySet(models.QuerySet["Category"]):
    def active(self) -> Self:
        """Return those in use, in their order."""
        return self.filter(retired_at=None).order_by("order", "id")

    def leaves(self) -> Self:
        """Return what a case may be filed under, each with its parent."""
        return self.active().exclude(parent=None).select_related("parent")


class Category(models.Model):
    """A kind of matter, two levels deep; leaves are what a case is filed under."""

    code = models.CharField(_("编号"), max_length=40, unique=True)  # "lighting.lamp_out"
    name = models.CharField(_("名称"), max_length=40)
    english = models.CharField(_("英文名"), max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    matter = models.CharField(_("性质"), max_length=12, choices=Matter)
    sort = models.CharField(_("部件或事件"), max_length=10, choices=Sort, default=Sort.EVENT)
    is_public = models.BooleanField(_("默认公开"), default=True)
    words = models.JSONField(_("常用说法"), default=list)  # what people call it, for triage and search
    questions = models.JSONField(
        _("提问"), default=list
    )  # [{"code", "ask", "answers": [..], "stops": {"是": "先打…"}}]
    ownership = models.CharField(_("通常权属"), max_length=8, choices=Ownership, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("事项类别")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def spoken_name(self) -> str:
        """The name in the reader's language."""
        return self.english if (get_language() or "").startswith("en") else self.name


class DutyListQuerySet(models.QuerySet["DutyList"]):
    def published(self) -> Self:
        """Return published versions, newest first."""
        return self.exclude(published_at=None).order_by("-number")

    def in_force(self, place: Place, at: datetime) -> "DutyList | None":
        """Return the version that held at `place` at that moment: of the nearest place above it, the newest.

        For a time before the first version the first one counts: history is judged by the oldest known list.
        """
        return in_force_of(self.published_above(place), at)

    def published_above(self, place: Place) -> Self:
        """Return the published versions of a place and of what it lies in, the nearest and newest first."""
        lists = self.exclude(published_at=None).filter(place__in=place.ancestor_ids()).select_related("place")
        # Of places that lie in each other the inner one's path goes on where the outer one's ends, and so sorts after.
        return lists.order_by("-place__path", "-number")

    def editable_by(self, memberships: Iterable[Membership]) -> Self:
        """Return the lists of places at or under those whose duty list the caller keeps."""
        return self.filter(inside(kept_places(memberships), "place__"))


def in_force_of(lists: Iterable["DutyList"], at: datetime) -> "DutyList | None":
    """Return of lists as `published_above` sorts them the one that held at that moment, before the first the first."""
    found = list(lists)
    held = (one for one in found if one.published_at is not None and one.published_at <= at)
    return next(held, None) or next(
        (one for one in reversed(found) if one.place_id == found[0].place_id), None
    )


def kept_places(memberships: Iterable[Membership]) -> list[Place]:
    """Return the places whose duty lists, calendars and gaps the caller keeps."""
    return [row.place for row in memberships if Power.EDIT_DUTIES in row.powers]


class DutyList(models.Model):
    """One version of a place's duty list. A case keeps the version that it was filed under."""

    token = TokenField()
    place = models.ForeignKey(Place, models.PROTECT, related_name="duty_lists", verbose_name=_("适用范围"))
    number = models.PositiveIntegerField(_("版本"))
    note = models.CharField(_("修订说明"), max_length=300, blank=True)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("起草时间"))
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DutyListQuerySet.as_manager()

    class Meta:
        verbose_name = _("权责清单")
        constraints = [
            models.UniqueConstraint(fields=["place", "number"], name="one_duty_list_per_number"),
            models.UniqueConstraint(
                fields=["place"], condition=models.Q(published_at=None), name="one_draft_per_place"
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(place)s权责清单第 %(number)d 版") % {
            "place": self.place.name,
            "number": self.number,
        }

    @property
    def is_draft(self) -> bool:
        """Whether its lines may still change."""
        return self.published_at is None

    def ordered_lines(self) -> list["DutyLine"]:
        """Return the lines by their numbers, 3.2 before 3.12, with category and place, in one query."""
        lines = self.lines.select_related("category__parent", "place")
        return sorted(lines, key=lambda line: line_order(line.number))


class DutyLine(models.Model):
    """For this category, place and ownership: who leads, who assists, on what basis and within what time."""

    token = TokenField()
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
        constraints = [
            models.UniqueConstraint(fields=["duty_list", "number"], name="one_line_per_number"),
            models.UniqueConstraint(
                fields=["duty_list", "category", "place", "ownership"], name="one_line_per_matter_and_place"
            ),
            models.UniqueConstraint(
                fields=["duty_list", "category", "ownership"],
                condition=models.Q(place=None),
                name="one_line_per_matter_anywhere",
            ),
            models.CheckConstraint(
                condition=models.Q(sign_amount__gte=1, response_amount__gte=1), name="limits_are_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.category.name}"

    @property
    def staged(self) -> list[tuple[str, int, str]]:
        """The stages as worktime takes them."""
        return [(stage["name"], stage["amount"], stage["unit"]) for stage in self.stages]

    @property
    def limits(self) -> tuple[tuple[int, str], tuple[int, str]]:
        """The limits for signing and for the first response."""
        return (self.sign_amount, self.sign_unit), (self.response_amount, self.response_unit)

    @property
    def lead_words(self) -> str:
        """Who leads, in words."""
        return spoken(self.lead)

    @property
    def assist_words(self) -> list[str]:
        """Who assists, in words."""
        return [spoken(function) for function in self.assists]

    @property
    def sign_words(self) -> str:
        """Within what time the unit must sign."""
        return limit_words(self.sign_amount, self.sign_unit)

    @property
    def response_words(self) -> str:
        """Within what time the resident first hears from the unit."""
        return limit_words(self.response_amount, self.response_unit)

    @property
    def stage_words(self) -> list[str]:
        """Each stage with its limit: 修复 3 个工作日."""
        return [f"{name} {limit_words(amount, unit)}".strip() for name, amount, unit in self.staged]

    @property
    def next_tier_words(self) -> str:
        """Where a late case whistles to."""
        return str(Tier(self.next_tier).label)

    def terms(self) -> dict[str, Any]:
        """What the line binds to, without its place in the list: two lines with equal terms say the same."""
        return {
            "lead": self.lead,
            "assists": self.assists,
            "basis": self.basis,
            "sign": [self.sign_amount, self.sign_unit],
            "response": [self.response_amount, self.response_unit],
            "stages": self.stages,
            "next_tier": self.next_tier,
        }


class Holiday(models.Model):
    """A day on which the State Council's notice departs from Monday–Friday."""

    day = models.DateField(_("日期"), unique=True)
    year = models.PositiveSmallIntegerField(_("年份"))  # of the notice: its list makes that year known
    is_working = models.BooleanField(_("上班"))  # a make-up Saturday is True, a weekday in a holiday False
    name = models.CharField(_("名称"), max_length=40)
    notice = models.CharField(_("文号"), max_length=100)

    class Meta:
        verbose_name = _("节假日")


class WorkCalendar(models.Model):
    """When an office works: a place's hours. The nearest calendar up the tree counts."""

    place = models.OneToOneField(Place, models.CASCADE, related_name="work_calendar")
    opens = models.TimeField(_("上班"))
    closes = models.TimeField(_("下班"))  # 00:00 means 24:00
    weekdays = models.JSONField(_("工作日"), default=list)  # ISO numbers 1–7
    urgent_around_the_clock = models.BooleanField(_("紧急工作时不分昼夜"), default=True)
    day_counts_from_next = models.BooleanField(_("工作日自次日起算"), default=True)
    rests_on_holidays = models.BooleanField(_("节假日休息"), default=True)

    class Meta:
        verbose_name = _("工作时间")


class GapQuerySet(models.QuerySet["Gap"]):
    def open(self) -> Self:
        """Return those that nobody has closed."""
        return self.filter(closed_at=None)

    def within(self, places: Iterable[Place]) -> Self:
        """Return those at or under one of `places`."""
        return self.filter(inside(places, "place__"))

    def kept_by(self, memberships: Iterable[Membership]) -> Self:
        """Return the gaps at places whose duty list the caller keeps."""
        return self.filter(inside(kept_places(memberships), "place__")).select_related(
            "category__parent", "place"
        )


class Gap(models.Model):
    """That nobody matched: the desk owns the case, and whoever keeps the duty list is told (首问负责)."""

    token = TokenField()
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=60)  # "cases.Case:7"
    reason = models.CharField(_("缺口"), max_length=200)
    at = models.DateTimeField(_("时间"))
    closed_at = models.DateTimeField(_("补上时间"), null=True, blank=True)

    objects = GapQuerySet.as_manager()

    class Meta:
        verbose_name = _("权责缺口")
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "category"],
                condition=models.Q(closed_at=None),
                name="one_open_gap_per_case",
            )
        ]
        indexes = [models.Index(fields=["place", "at"], name="gaps_by_place")]
