"""An empty home that its owner would let, and who asked about it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.lettings.models.reach import desk_places
from linli.lettings.rules import OfferState
from linli.organisations.models import Membership
from linli.people.models import Person
from linli.places.models import Kind, Place, inside


class OfferQuerySet(models.QuerySet["Offer"]):
    def shown(self, at: datetime) -> Self:
        """Return those that anyone may read of: open and not run out."""
        return self.filter(state=OfferState.OPEN, ends_at__gt=at)

    def with_building(self) -> Self:
        """Fetch home, building and estate along, for `building` without further queries."""
        return self.select_related("home__parent__parent", "home__estate", "home__community")

    def for_desk(self, memberships: Iterable[Membership]) -> Self:
        """Return those of homes within the places where the holders of these roles take matters in."""
        return self.filter(inside(desk_places(memberships), "home__"))


class Offer(models.Model):
    """空房: no fee, no price, no advertisement; the public reads the building, never the door or the owner."""

    State = OfferState

    token = TokenField()
    home = models.ForeignKey(Place, models.PROTECT, related_name="offers", verbose_name=_("房子"))
    owner = models.ForeignKey(Person, models.CASCADE, related_name="offers", verbose_name=_("业主"))
    rooms = models.PositiveSmallIntegerField(_("几间房"))
    free_from = models.DateField(_("哪天起可以住"))
    words = models.CharField(_("说明"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=OfferState, default=OfferState.OPEN)
    opened_at = models.DateTimeField(_("发布时间"))
    ends_at = models.DateTimeField(_("展示到"))
    closed_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("空房")
        constraints = [
            models.UniqueConstraint(fields=["home"], condition=Q(state="open"), name="offered_once")
        ]
        indexes = [models.Index(fields=["state", "id"], name="offers_open")]

    def __str__(self) -> str:
        return self.token

    @property
    def building(self) -> Place | None:
        """The building of the home, for those who need not know the door."""
        above = self.home.parent
        return above.parent if above is not None and above.kind == Kind.UNIT else above

    def is_shown(self, at: datetime) -> bool:
        """Whether anyone may read of it."""
        return self.state == OfferState.OPEN and at < self.ends_at


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def waiting(self) -> Self:
        """Return what nobody has answered."""
        return self.filter(answered_at=None)

    def for_owner(self, person: Person) -> Self:
        """Return what was asked about the homes that `person` offers."""
        return self.filter(offer__owner=person)

    def for_desk(self, memberships: Iterable[Membership]) -> Self:
        """Return what was asked about homes within the places of these roles."""
        return self.filter(inside(desk_places(memberships), "offer__home__"))


class Inquiry(models.Model):
    """Word that somebody left about an empty home; desk or owner answer in Linli, numbers stay where they are."""

    token = TokenField()
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="inquiries", verbose_name=_("哪套房"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("想租的人"))
    words = models.CharField(_("想说的话"), max_length=300)
    asked_at = models.DateTimeField(_("留言时间"))
    answer = models.CharField(_("答复"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("求租留言")
        indexes = [models.Index(fields=["person", "asked_at"], name="inquiries_of_person")]

    def __str__(self) -> str:
        return self.token

    @property
    def subject(self) -> str:
        """The name by which lower floors know this word."""
        return f"lettings.Inquiry:{self.pk}"
