"""Who looked at whose data: written where rows become personal output, the one thing a GET may write."""

from collections.abc import Iterable
from datetime import datetime
from math import ceil
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.base.fields import PathField, TokenField
from linli.trail.rules import WARN_BEFORE, Disclosure, Purpose


class WithholdingQuerySet(models.QuerySet["Withholding"]):
    def usable(self, at: datetime) -> Self:
        """Return those that hold at that moment: approved by a second person, not lapsed, not ended."""
        return self.filter(approved_at__lte=at, holds_until__gt=at, ended_at=None)

    def due_for_review(self, at: datetime) -> Self:
        """Return those that lapse within a month unless somebody reviews them."""
        return self.usable(at).filter(holds_until__lte=at + WARN_BEFORE)


class Withholding(models.Model):
    """A legal basis for not showing looks to their subjects; two people, and again every year."""

    token = TokenField()
    basis = models.CharField(_("法律依据"), max_length=200)
    why = models.CharField(_("理由"), max_length=500)
    asked_by = models.CharField(_("提出人"), max_length=40)  # "people.Person:42"
    asked_by_words = models.CharField(_("提出人说明"), max_length=120)
    asked_at = models.DateTimeField(_("提出时间"))
    approved_by = models.CharField(_("批准人"), max_length=40, blank=True)
    approved_by_words = models.CharField(_("批准人说明"), max_length=120, blank=True)
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    holds_until = models.DateTimeField(_("有效至"), null=True, blank=True)
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)

    objects = WithholdingQuerySet.as_manager()

    class Meta:
        verbose_name = _("不公开依据")
        constraints = [
            models.CheckConstraint(condition=~Q(basis=""), name="withholding_names_its_law"),
            models.CheckConstraint(
                condition=Q(approved_by="", approved_at=None, holds_until=None)
                | (Q(approved_at__isnull=False, holds_until__isnull=False) & ~Q(approved_by=F("asked_by"))),
                name="withholding_takes_two",
            ),
        ]

    def __str__(self) -> str:
        return self.basis

    def is_usable(self, at: datetime) -> bool:
        """Whether looks may be kept from their subjects under it at that moment."""
        return (
            self.approved_at is not None
            and self.holds_until is not None
            and self.approved_at <= at < self.holds_until
            and self.ended_at is None
        )


class DisclosureRule(models.Model):
    """When looks for one purpose are shown to their subjects; without a rule, at once."""

    purpose = models.CharField(_("用途"), max_length=12, choices=Purpose, unique=True)
    disclosure = models.CharField(_("公开方式"), max_length=12, choices=Disclosure)
    days = models.PositiveSmallIntegerField(_("天数"), default=0)
    withholding = models.ForeignKey(Withholding, models.PROTECT, null=True, blank=True, related_name="+")
    set_by = models.CharField(_("设定人"), max_length=40)
    set_at = models.DateTimeField(_("设定时间"))

    class Meta:
        verbose_name = _("查看公开规则")
        constraints = [
            models.CheckConstraint(
                condition=~Q(disclosure=Disclosure.NEVER) | Q(withholding__isnull=False),
                name="rule_to_withhold_has_a_basis",
            )
        ]


class LookQuerySet(models.QuerySet["Look"]):
    """Phrases about looks."""

    def about(self, subject: str) -> Self:
        """Return the looks at `subject` ("people.Person:42"), latest first, due to be shown or not."""
        return self.filter(seen__subject=subject).order_by("-id")

    def by(self, looker: str) -> Self:
        """Return what `looker` looked at."""
        return self.filter(looker=looker)

    def between(self, start: datetime | None, end: datetime | None) -> Self:
        """Return the looks from `start` up to and without `end`; None leaves that side open."""
        found = self.filter(at__gte=start) if start else self
        return found.filter(at__lt=end) if end else found

    def beneath(self, paths: Iterable[str]) -> Self:
        """Return the looks of staff whose role is for a place at or under one of these tree paths."""
        within = Q(pk__in=[])
        for path in paths:
            within |= Q(path__startswith=path)
        return self.filter(within)


class Look(models.Model):
    """One act of looking. Everyone is named by id and words, so that this floor knows no model."""

    at = models.DateTimeField(_("时间"))
    looker = models.CharField(_("查看人"), max_length=40)
    looker_words = models.CharField(_("查看人说明"), max_length=120)  # "李* · 柳树社区居委会 · 网格员"
    fields = models.CharField(_("看了什么"), max_length=200)
    reason = models.CharField(_("事由"), max_length=200)
    under = models.CharField(_("依据事项"), max_length=60, blank=True)  # "cases.Case:7"
    purpose = models.CharField(_("用途"), max_length=12, choices=Purpose, default=Purpose.TYPED)
    request_id = models.CharField(_("请求编号"), max_length=32, blank=True)
    body = models.CharField(_("查看单位"), max_length=12, blank=True)  # token of the organisation
    path = PathField(_("任职地点"), max_length=255, blank=True)  # of the looker's role, for who audits where
    count = models.PositiveIntegerField(_("人数"), default=1)
    disclosure = models.CharField(
        _("公开方式"), max_length=12, choices=Disclosure, default=Disclosure.IMMEDIATE
    )
    shown_from = models.DateTimeField(_("何时起本人可见"))
    withholding = models.ForeignKey(
        Withholding, models.PROTECT, null=True, blank=True, related_name="looks", verbose_name=_("不公开依据")
    )

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = _("查看记录")
        indexes = [
            models.Index(fields=["at", "disclosure"], name="look_by_time"),
            models.Index(fields=["looker", "id"], name="look_by_looker"),
            models.Index(
                fields=["under"], condition=Q(disclosure=Disclosure.AT_CLOSE), name="look_to_show_at_close"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(disclosure=Disclosure.NEVER) | Q(withholding__isnull=False),
                name="withheld_look_has_a_basis",
            )
        ]

    def __str__(self) -> str:
        return f"{self.looker_words}: {self.fields}"

    @property
    def body_words(self) -> str:
        """The body for which the looker looked, as `looker_words` names it."""
        parts = self.looker_words.split(" · ")
        return parts[1] if len(parts) > 1 else parts[0]


class SeenQuerySet(models.QuerySet["Seen"]):
    def about(self, subjects: Iterable[str]) -> Self:
        """Return the lines about one person: `subjects_of` gives all their names."""
        return self.filter(subject__in=list(subjects)).select_related("look")

    def shown(self, at: datetime) -> Self:
        """Return those that their subject may read at that moment; nothing but the time decides."""
        return self.filter(look__shown_from__lte=at)

    def between(self, start: datetime | None, end: datetime | None) -> Self:
        """Return those from `start` up to and without `end`; None leaves that side open."""
        found = self.filter(at__gte=start) if start else self
        return found.filter(at__lt=end) if end else found


class Seen(models.Model):
    """One person in one look: a list that shows twenty people is one look with twenty of these."""

    look = models.ForeignKey(Look, models.PROTECT, related_name="seen")
    subject = models.CharField(_("被查看人"), max_length=40)  # "people.Person:42"
    at = models.DateTimeField(_("时间"))  # of the look, for one index range

    objects = SeenQuerySet.as_manager()

    class Meta:
        verbose_name = _("被看到的人")
        indexes = [models.Index(fields=["subject", "at", "id"], name="seen_by_subject")]
        constraints = [models.UniqueConstraint(fields=["look", "subject"], name="seen_once_in_a_look")]


class Succession(models.Model):
    """That the trail of one subject is read by another: two rows for the same person were merged.

    No line is rewritten, so taking the merge back restores both trails.
    """

    subject = models.CharField(_("原来是"), max_length=40, unique=True)
    survivor = models.CharField(_("现在是"), max_length=40, db_index=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("合并后归属")
        constraints = [
            models.CheckConstraint(condition=~Q(subject=F("survivor")), name="nobody_succeeds_themselves")
        ]


def subjects_of(subject: str) -> list[str]:
    """Return every name under which this person may stand in the trail: their own, and of rows merged into it."""
    found, fresh = [subject], [subject]
    while fresh:
        merged = Succession.objects.filter(survivor__in=fresh).exclude(subject__in=found)
        fresh = list(merged.values_list("subject", flat=True))
        found += fresh
    return found


def survivor_of(subject: str) -> str:
    """Return who reads the trail of `subject` now: itself, or the row that it was merged into at last."""
    passed = {subject}
    while found := Succession.objects.filter(subject=subject).values_list("survivor", flat=True).first():
        if found in passed:  # merged round and round: nobody is the last
            break
        passed.add(found)
        subject = found
    return subject


class Reveal(models.Model):
    """One field of one row in clear for one looker, for 60 seconds; its look says who and why."""

    look = models.OneToOneField(Look, models.PROTECT, related_name="reveal")
    subject = models.CharField(_("被查看人"), max_length=40)
    field = models.CharField(_("字段"), max_length=60)  # "register.Profile.identity"
    looker = models.CharField(_("查看人"), max_length=40)
    opened_at = models.DateTimeField(_("打开时间"))
    ends_at = models.DateTimeField(_("遮盖时间"))

    class Meta:
        verbose_name = _("打开记录")
        indexes = [models.Index(fields=["looker", "subject", "field", "ends_at"], name="reveal_that_is_open")]

    def refresh(self, at: datetime) -> str:
        """Return the `Refresh` header by which a page that shows it loads itself again once it is masked."""
        return str(max(1, ceil((self.ends_at - at).total_seconds())))


def open_reveal(subject: str, field: str, looker: str, at: datetime) -> Reveal | None:
    """Return the reveal by which `looker` sees `field` of `subject` at that moment, None where it is masked."""
    held = Reveal.objects.filter(looker=looker, subject=subject, field=field)
    return held.filter(opened_at__lte=at, ends_at__gt=at).order_by("-ends_at").first()


def is_open(subject: str, field: str, looker: str, at: datetime) -> bool:
    """Whether `looker` opened `field` of `subject` less than 60 seconds before `at`."""
    return open_reveal(subject, field, looker, at) is not None


class QueryQuerySet(models.QuerySet["Query"]):
    def unanswered(self) -> Self:
        """Return the questions that wait for a data officer, the most urgent first."""
        return self.filter(answered_at=None).order_by("due", "pk")

    def beneath(self, paths: Iterable[str]) -> Self:
        """Return those about looks of staff whose role is for a place at or under one of these tree paths."""
        within = Q(pk__in=[])
        for path in paths:
            within |= Q(seen__look__path__startswith=path)
        return self.filter(within | Q(seen__look__path=""))


class Query(models.Model):
    """这条不对: what somebody asks about a look at their own data; a data officer answers by a date."""

    token = TokenField()
    seen = models.ForeignKey(Seen, models.PROTECT, related_name="queries")
    asked_by = models.CharField(_("提问人"), max_length=40)
    words = models.CharField(_("哪里不对"), max_length=500)
    asked_at = models.DateTimeField(_("提问时间"))
    due = models.DateTimeField(_("答复期限"))
    answer = models.CharField(_("答复"), max_length=1000, blank=True)
    was_right = models.BooleanField(_("查看是否正当"), null=True, blank=True)
    answered_by = models.CharField(_("答复人"), max_length=40, blank=True)
    answered_by_words = models.CharField(_("答复人说明"), max_length=120, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = QueryQuerySet.as_manager()

    class Meta:
        verbose_name = _("查看疑问")
        constraints = [
            models.UniqueConstraint(
                fields=["seen"], condition=Q(answered_at=None), name="one_open_question_about_a_look"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="answered_with_words",
            ),
        ]
        indexes = [models.Index(fields=["due"], condition=Q(answered_at=None), name="questions_waiting")]

    def __str__(self) -> str:
        return self.words

    def is_overdue(self, at: datetime) -> bool:
        """Whether the answer is late."""
        return self.answered_at is None and at >= self.due
