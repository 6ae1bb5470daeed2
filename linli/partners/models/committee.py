"""Terms of office of owners' committees and who sits in them."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.partners.models.partner import Partner
from linli.partners.rules import Post, TermState, term_state
from linli.people.models import Person


class TermQuerySet(models.QuerySet["Term"]):
    def standing(self) -> Self:
        """Return those that were not followed by another term."""
        return self.filter(ended_on=None)


class Term(models.Model):
    """One term (届) of an owners' committee, from its preparation to the next."""

    token = TokenField()
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="terms")
    number = models.PositiveSmallIntegerField(_("第几届"))
    prepared_on = models.DateField(_("开始筹备"), null=True, blank=True)
    elected_on = models.DateField(_("选举产生日"), null=True, blank=True)
    ends_on = models.DateField(_("任期至"), null=True, blank=True)  # the last day
    seats = models.PositiveSmallIntegerField(_("委员名额"), default=5)
    filed_on = models.DateField(_("备案日"), null=True, blank=True)
    filing_number = models.CharField(_("备案编号"), max_length=60, blank=True)
    ended_on = models.DateField(_("卸任日"), null=True, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("业委会届次")
        constraints = [
            models.UniqueConstraint(fields=["partner", "number"], name="one_term_of_a_number"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("elected_on")), name="term_ends_after_election"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.number}"

    def state_on(self, today: date) -> TermState:
        """Return where it stands on that day."""
        return term_state(self.elected_on, self.ends_on, self.ended_on, today)


class TermMember(models.Model):
    """A member of the committee, from a day to a day. The public reads the name masked."""

    token = TokenField()
    term = models.ForeignKey(Term, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    post = models.CharField(_("职务"), max_length=8, choices=Post)
    since = models.DateField(_("就任日"))
    until = models.DateField(_("卸任"), null=True, blank=True)  # the first day on which it no longer holds

    class Meta:
        verbose_name = _("业委会成员")
        constraints = [
            models.UniqueConstraint(
                fields=["term", "person"], condition=Q(until=None), name="seated_once_in_a_term"
            ),
            models.UniqueConstraint(
                fields=["term"], condition=Q(until=None, post=Post.CHAIR), name="one_chair_in_a_term"
            ),
        ]

    def __str__(self) -> str:
        return self.get_post_display()
