"""紧急查看: seeing beyond one's own places for 15 minutes, with an alert and a review."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.organisations.models import Membership, Organisation
from linli.people.models import Person
from linli.places.models import Place, inside


class BreakGlassQuerySet(models.QuerySet["BreakGlass"]):
    def open_of(self, by: Person, at: datetime) -> Self:
        """Return the grants by which `by` may look at that moment."""
        return self.filter(by=by, at__lte=at, ends_at__gt=at)

    def unreviewed(self) -> Self:
        """Return those that wait for a review, the most urgent first."""
        return self.filter(reviewed_at=None).order_by("review_due", "pk")

    def guarded_by(self, memberships: list[Membership]) -> Self:
        """Return those of the places that the holders of these roles guard."""
        return self.filter(inside([row.place for row in memberships], "place__"))


class BreakGlass(models.Model):
    """One grant: who, why, for whom or where, until when; and what its review said. It cannot be extended."""

    token = TokenField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("查看人"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by_words = models.CharField(_("查看人说明"), max_length=120)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("查看谁")
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("查看哪里"))
    reason = models.CharField(_("事由"), max_length=200)
    at = models.DateTimeField(_("起"))
    ends_at = models.DateTimeField(_("止"))
    review_due = models.DateTimeField(_("复核期限"))
    reviewed_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    was_right = models.BooleanField(_("是否正当"), null=True, blank=True)
    review = models.CharField(_("复核意见"), max_length=500, blank=True)

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        verbose_name = _("紧急查看")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("at")), name="grant_has_an_end"),
            models.CheckConstraint(condition=~Q(reviewed_by=F("by")), name="nobody_reviews_their_own_grant"),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, was_right=None)
                | Q(reviewed_at__isnull=False, was_right__isnull=False, reviewed_by__isnull=False),
                name="review_says_yes_or_no",
            ),
        ]
        indexes = [models.Index(fields=["by", "ends_at"], name="grants_that_are_open")]

    def __str__(self) -> str:
        return self.reason

    @property
    def subject(self) -> str:
        """The name by which the trail knows this grant."""
        return f"privacy.BreakGlass:{self.pk}"

    def is_open(self, at: datetime) -> bool:
        """Whether it holds at that moment."""
        return self.at <= at < self.ends_at

    def is_overdue(self, at: datetime) -> bool:
        """Whether its review is late."""
        return self.reviewed_at is None and at >= self.review_due
