"""Households: who keeps house together, and how each is related to its head."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.people.models import Person
from linli.places.models import Place
from linli.register.rules import HEAD_OF_HOUSEHOLD, label_of


class HouseholdQuerySet(models.QuerySet["Household"]):
    def on(self, day: date) -> Self:
        """Return those that exist on that day; `until` is the first day without."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class Household(models.Model):
    """一户: a home may hold several (a family and its tenants); `number` is the 户号 of the household register."""

    token = TokenField()
    number = models.CharField(_("户号"), max_length=30, blank=True, db_index=True)
    home = models.ForeignKey(Place, models.PROTECT, related_name="households", verbose_name=_("住处"))
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("户")
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="household_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.number or self.token


class HouseholdMemberQuerySet(models.QuerySet["HouseholdMember"]):
    def on(self, day: date) -> Self:
        """Return those who belong on that day; `until` is the first day without."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class HouseholdMember(models.Model):
    """That a person belongs to a household, from a day to a day, and what they are to its head (GB/T 4761)."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.CASCADE, related_name="household_memberships")
    relation = models.CharField(_("与户主关系"), max_length=2)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    objects = HouseholdMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("户内成员")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until=None), name="member_of_one_household"
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(until=None, relation=HEAD_OF_HOUSEHOLD),
                name="one_head_of_a_household",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="membership_of_household_ends_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.relation}"

    @property
    def relation_words(self) -> str:
        """What the person is to the head of the household: 户主, 妻, 长子 …"""
        return label_of("relation", self.relation)
