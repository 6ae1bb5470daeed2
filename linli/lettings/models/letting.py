"""A home is let: by whom, to whom, from when to when, and what each of them said to it."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.base.crypto import blind_index
from linli.base.fields import BlindIndexField, SealedField, TokenField
from linli.base.text import masked_name, masked_phone
from linli.lettings.models.reach import desk_places, owned_homes
from linli.lettings.rules import LIVE_LETTINGS, LIVE_TENANTS, LettingState, Purpose, TenantState
from linli.organisations.models import Membership
from linli.people.models import Person
from linli.places.models import Place, inside


class LettingQuerySet(models.QuerySet["Letting"]):
    def live(self) -> Self:
        """Return those that wait or run."""
        return self.filter(state__in=LIVE_LETTINGS)

    def of_landlord(self, person: Person, on: date) -> Self:
        """Return the lettings of homes that `person` owns, verified, and those they registered themselves."""
        return self.filter(Q(landlord=person) | Q(home__in=owned_homes(person, on).values("pk")))

    def of_tenant(self, person: Person) -> Self:
        """Return the lettings to `person`: confirmed by them, or waiting for the owner of their number."""
        mine = Q(tenants__person=person)
        if person.phone_index:
            mine |= Q(tenants__phone_index=person.phone_index, tenants__person=None)
        return self.filter(mine).distinct()

    def for_desk(self, memberships: Iterable[Membership]) -> Self:
        """Return those of homes within the places where the holders of these roles take matters in."""
        return self.filter(inside(desk_places(memberships), "home__"))


class Letting(models.Model):
    """租房登记: what landlord and tenants tell the community. No rent, no contract; it is not the filing (备案)."""

    State, Purpose = LettingState, Purpose

    token = TokenField()
    home = models.ForeignKey(Place, models.PROTECT, related_name="lettings", verbose_name=_("房子"))
    landlord = models.ForeignKey(Person, models.CASCADE, related_name="lettings", verbose_name=_("出租人"))
    since = models.DateField(_("起租"))
    until = models.DateField(_("到期"))  # the first day without
    purpose = models.CharField(_("怎么住"), max_length=8, choices=Purpose)
    state = models.CharField(_("状态"), max_length=10, choices=LettingState, default=LettingState.WAITING)
    registered_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    registered_at = models.DateTimeField(_("登记时间"))
    ends_on = models.DateField(_("退租日"), null=True, blank=True)  # said before it came, or done
    ended_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = LettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("租房登记")
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="letting_ends_after_start")
        ]
        indexes = [
            models.Index(fields=["home", "state"], name="lettings_of_home"),
            models.Index(fields=["state", "until"], name="lettings_by_end"),
        ]

    def __str__(self) -> str:
        return self.token

    @property
    def subject(self) -> str:
        """The name by which lower floors know this letting."""
        return f"lettings.Letting:{self.pk}"

    @property
    def is_room(self) -> bool:
        """Whether only a room is let, so that others may go on living there."""
        return self.purpose == Purpose.ROOM

    def is_past_its_day(self, on: date) -> bool:
        """Whether it ran out and nobody has said what now: it goes on without a term (《民法典》第七百三十四条)."""
        return self.state == LettingState.RUNNING and on >= self.until and self.ends_on is None


class TenantQuerySet(models.QuerySet["Tenant"]):
    def of_person(self, person: Person) -> Self:
        """Return the rows that are `person`: confirmed, or of their number and not yet anybody's."""
        mine = Q(person=person)
        if person.phone_index:
            mine |= Q(person=None, phone_index=person.phone_index)
        return self.filter(mine)

    def live(self) -> Self:
        """Return those who have not declined or left."""
        return self.filter(state__in=LIVE_TENANTS)


class Tenant(models.Model):
    """One tenant of a letting, named by the landlord; a person only once they confirmed it themselves."""

    State = TenantState

    token = TokenField()
    letting = models.ForeignKey(Letting, models.CASCADE, related_name="tenants")
    name = models.CharField(_("姓名"), max_length=60)
    phone_index = BlindIndexField(db_index=True, blank=True)
    phone_sealed = SealedField("phone", index="phone_index")
    state = models.CharField(_("状态"), max_length=12, choices=TenantState, default=TenantState.WAITING)
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="tenancies", verbose_name=_("承租人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("承租人")
        constraints = [
            models.UniqueConstraint(fields=["letting", "phone_index"], name="a_tenant_of_a_letting_once")
        ]

    def __str__(self) -> str:
        return self.token

    @property
    def masked(self) -> str:
        """The name for those who need not know it."""
        return masked_name(self.name)

    @property
    def phone(self) -> str:
        """The number in clear."""
        clear: str = self._sealed.read(self)
        return clear

    @phone.setter
    def phone(self, number: str) -> None:
        self._sealed.write(self, number)
        self.phone_index = blind_index(number)

    @property
    def masked_phone(self) -> str:
        """The number with its middle hidden."""
        return masked_phone(self.phone)

    @property
    def _sealed(self) -> SealedField:
        field = self._meta.get_field("phone_sealed")
        assert isinstance(field, SealedField)  # noqa: S101 — for the type checker
        return field
