"""Evaluation by bodies: the criteria as they were published, and what was found of one body in one period."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.organisations.models import Membership, Organisation
from linli.partners.models.partner import Partner
from linli.partners.rules import Kind
from linli.people.models import Person
from linli.places.models import Place


class Standard(models.Model):
    """Criteria for one kind of partner at a place; published before the period they judge, never changed."""

    token = TokenField()
    kind = models.CharField(_("评价哪类单位"), max_length=12, choices=Kind)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    title = models.CharField(_("标准名称"), max_length=80)
    criteria = models.JSONField(_("标准"), default=list)  # ["电梯困人 30 分钟内到场", …]
    every_months = models.PositiveSmallIntegerField(_("几个月评一次"), default=12)
    published_on = models.DateField(_("公布日"))
    published_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    replaced_on = models.DateField(_("被新标准代替"), null=True, blank=True)

    class Meta:
        verbose_name = _("评价标准")

    def __str__(self) -> str:
        return self.title


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def published(self) -> Self:
        """Return what anyone may read."""
        return self.exclude(published_at=None)

    def opened_by(self, person: Person | None, memberships: Iterable[Membership]) -> Self:
        """Return what the caller may read: published ones, and drafts of partners whose file they may open.

        The evaluated body reads a draft once it was sent there for its answer.
        """
        if person is None:
            return self.published()
        held = list(memberships)
        kept = Q(partner__in=Partner.objects.looked_after_by(held).values("pk"))
        own = Q(partner__in=Partner.objects.of_own(person, held).values("pk"), sent_at__isnull=False)
        return self.filter(Q(published_at__isnull=False) | kept | own)


class Evaluation(models.Model):
    """What one body found of another in a period: criterion by criterion, with reasons and its answer."""

    token = TokenField()
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="evaluations")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="evaluations")
    evaluator = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("评价单位"))
    since = models.DateField(_("评价期起"))
    until = models.DateField(_("评价期止"))
    findings = models.JSONField(default=dict)  # {"0": ["met", "根据…"]} by the place of the criterion
    summary = models.CharField(_("总的说明"), max_length=500, blank=True)
    drafted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("起草时间"))
    sent_at = models.DateTimeField(_("送本单位听取意见"), null=True, blank=True)
    answer_due = models.DateTimeField(_("听取意见截止"), null=True, blank=True)
    answer = models.CharField(_("被评价单位的意见"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("意见时间"), null=True, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位评价")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "standard", "since"], name="one_evaluation_of_a_period"
            ),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="evaluation_has_a_period"),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(sent_at__isnull=False), name="heard_before_published"
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("drafted_by")),
                name="drafted_and_published_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.since}–{self.until}"

    @property
    def subject(self) -> str:
        """This row as text."""
        return f"partners.Evaluation:{self.pk}"

    @property
    def address(self) -> str:
        """Its page."""
        return reverse("partners:evaluation", args=[self.token])

    def is_heard(self, now: datetime) -> bool:
        """Whether it may be published: the body has answered, or let the time pass."""
        return self.answered_at is not None or (self.answer_due is not None and self.answer_due < now)
