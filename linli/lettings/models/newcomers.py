"""Somebody who moved in and registers themselves by the home's QR code."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.crypto import blind_index
from linli.base.fields import BlindIndexField, SealedField, TokenField
from linli.base.text import masked_name, masked_phone
from linli.lettings.models.reach import desk_places, homes_known_in
from linli.lettings.rules import NewcomerState, Refusal
from linli.organisations.models import Membership
from linli.people.models import Person
from linli.people.rules import Tenure
from linli.places.models import Place, inside


class NewcomerQuerySet(models.QuerySet["Newcomer"]):
    def waiting(self, at: datetime) -> Self:
        """Return what still waits for somebody's word."""
        return self.filter(state=NewcomerState.WAITING, ends_at__gt=at)

    def for_occupant(self, person: Person, at: datetime, on: date) -> Self:
        """Return those who wait to be confirmed by `person`: at homes they are verified in, themselves left out."""
        homes = homes_known_in(person, on).values("home")
        return self.waiting(at).filter(home__in=homes).exclude(registered_by=person)

    def for_desk(self, memberships: Iterable[Membership]) -> Self:
        """Return those at homes within the places where the holders of these roles take matters in."""
        return self.filter(inside(desk_places(memberships), "home__"))


class Newcomer(models.Model):
    """A registration by QR code. Until somebody agreed it is here alone; nothing of it is in the register."""

    State = NewcomerState

    token = TokenField()
    home = models.ForeignKey(Place, models.PROTECT, related_name="newcomers", verbose_name=_("住处"))
    name = models.CharField(_("姓名"), max_length=60)
    phone_index = BlindIndexField(db_index=True, blank=True)
    phone_sealed = SealedField("phone", index="phone_index")
    identity_kind = models.CharField(_("证件种类"), max_length=10, blank=True)
    identity_sealed = SealedField("identity")
    tenure = models.CharField(_("身份"), max_length=8, choices=Tenure)
    since = models.DateField(_("哪天住进来"))
    state = models.CharField(_("状态"), max_length=10, choices=NewcomerState, default=NewcomerState.WAITING)
    asked_at = models.DateTimeField(_("登记时间"))
    ends_at = models.DateTimeField(_("等到什么时候"))
    # Against abuse, removed with the answer: keyed hashes of a device's cookie and of a network's address.
    device_index = BlindIndexField(blank=True)
    network_index = BlindIndexField(blank=True)
    registered_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("登记人")
    )
    # Whom the register knows as this newcomer, once somebody agreed.
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="arrivals")
    answered_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    was_worker = models.BooleanField(default=False, editable=False)  # the answer came from the desk
    reason = models.CharField(_("为什么没有通过"), max_length=16, choices=Refusal, blank=True)
    words = models.CharField(_("社区补充的话"), max_length=200, blank=True)

    objects = NewcomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("来住登记")
        indexes = [
            models.Index(
                fields=["home", "id"], name="newcomers_waiting", condition=models.Q(state="waiting")
            ),
            models.Index(fields=["state", "ends_at"], name="newcomers_by_end"),
            models.Index(fields=["device_index", "asked_at"], name="newcomers_of_device"),
            models.Index(fields=["network_index", "asked_at"], name="newcomers_of_network"),
        ]

    def __str__(self) -> str:
        return self.token

    @property
    def subject(self) -> str:
        """The name by which lower floors know this, and by which it is looked at until it is a person's."""
        return f"lettings.Newcomer:{self.pk}"

    @property
    def seen_as(self) -> str:
        """Whose trail a look at this goes to: the signed-in person's, else its own, which the person will follow."""
        return f"people.Person:{self.registered_by_id}" if self.registered_by_id else self.subject

    @property
    def masked(self) -> str:
        """The name for those who need not know it."""
        return masked_name(self.name)

    @property
    def masked_phone(self) -> str:
        """The number with its middle hidden."""
        return masked_phone(self.phone)

    @property
    def phone(self) -> str:
        """The number in clear, "" once somebody agreed: then the register has it."""
        return _sealed(self, "phone_sealed").read(self)

    @phone.setter
    def phone(self, number: str) -> None:
        _sealed(self, "phone_sealed").write(self, number)
        self.phone_index = blind_index(number)

    @property
    def identity(self) -> str:
        """The number of the paper in clear, "" where none was given, or once somebody agreed."""
        return _sealed(self, "identity_sealed").read(self)

    @identity.setter
    def identity(self, number: str) -> None:
        _sealed(self, "identity_sealed").write(self, number)

    def has_lapsed(self, at: datetime) -> bool:
        """Whether nobody answered in time."""
        return self.state == NewcomerState.WAITING and at >= self.ends_at


def _sealed(row: models.Model, column: str) -> SealedField:
    field = row._meta.get_field(column)
    assert isinstance(field, SealedField)  # noqa: S101 — for the type checker
    return field
