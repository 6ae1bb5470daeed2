"""Bodies that act: what they do, where, and who acts for them from when to when."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils.module_loading import import_string
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from linli.base.fields import TokenField
from linli.base.words import kept
from linli.organisations.rules import ADMINISTRATION, Channel, Power, Role, powers_of, roles_with
from linli.people.models import Person, PersonQuerySet
from linli.places.models import Place, inside

ROLES_READ = "_roles_read"  # on the Person of one request: (day, roles)


class Tier(models.TextChoices):
    COMMUNITY = "community", _("社区")
    STREET = "street", _("街道")
    DISTRICT = "district", _("区县")
    OUTSIDE = "outside", _("社会单位")


def functions() -> list[tuple[str, str]]:
    """Return what bodies may do, in words: as the duty lists above call it, and running the system."""
    known: type[models.TextChoices] = import_string(settings.FUNCTIONS)
    return [*known.choices, (ADMINISTRATION, str(_("管理这个系统")))]


def at_or_above(place: Place) -> list[int]:
    """Return the ids of a place, its ancestors and the grid over it: where a body may serve to serve this
    place.
    """
    return [*place.ancestor_ids(), *([place.grid_id] if place.grid_id else [])]


def administered(memberships: Iterable["Membership"]) -> list[Place]:
    """Return the places that these roles administer."""
    return [row.place for row in memberships if Power.ADMINISTER in row.powers]


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def active(self) -> Self:
        """Return those that still exist."""
        return self.filter(retired_at=None)

    def serving(self, place: Place) -> Self:
        """Return those that serve `place` or something it lies in, the nearest first; each body as often as
        it serves.
        """
        return (
            self.active().filter(serves__in=at_or_above(place)).order_by(Length("serves__path").desc(), "pk")
        )

    def within(self, places: Iterable[Place]) -> Self:
        """Return those that serve something at or under one of `places`."""
        return self.filter(inside(places, "serves__")).distinct()

    def seen_by(self, memberships: Iterable["Membership"]) -> Self:
        """Return those that serve anything within the places the caller administers or oversees."""
        kinds = {str(Power.ADMINISTER), str(Power.OVERSEE)}
        return self.active().within(row.place for row in memberships if kinds & row.powers)

    def administered_by(self, memberships: Iterable["Membership"]) -> Self:
        """Return those whose members the caller may appoint: bodies within the places they administer."""
        return self.within(administered(memberships))


class Organisation(models.Model):
    """A body. `function` (职能) is the word by which duty lines call it: "property",
    "street_urban_management" …
    """

    token = TokenField()
    name = models.CharField(_("名称"), max_length=80)
    function = models.CharField(_("职能"), max_length=40, db_index=True)
    tier = models.CharField(_("层级"), max_length=10, choices=Tier)
    telephone = models.CharField(_("对外电话"), max_length=30, blank=True)
    serves = models.ManyToManyField(Place, related_name="served_by", verbose_name=_("服务范围"))
    is_desk = models.BooleanField(_("兜底服务台"), default=False)  # 首问负责: owns what nobody else matches
    created_at = models.DateTimeField(_("设立时间"))
    # The last day on which it takes new orders (a licence runs out, it is suspended); None: no such day is known.
    orders_until = models.DateField(_("接单至"), null=True, blank=True)
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("组织")

    def __str__(self) -> str:
        return self.name

    @property
    def function_words(self) -> str:
        """What it does, in the reader's language; a function without a word is said as it stands."""
        return str(dict(functions()).get(self.function, self.function))

    def takes_orders(self, on: date) -> bool:
        """Whether it may be given new work on that day; what it has already it finishes."""
        return self.retired_at is None and (self.orders_until is None or on <= self.orders_until)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: date) -> Self:
        """Return those in force on that day, of bodies that exist; `until` is the first day without."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day, organisation__retired_at=None)

    def current(self, person: Person, on: date) -> Self:
        """Return the roles in force on that day, with their bodies and places, in one query."""
        return self.on(on).filter(person=person).select_related("organisation", "place").order_by("pk")

    def intake_on(self, worker: Person, at: datetime) -> Self:
        """Return the roles in which `worker` takes in residents' matters at that moment."""
        return self.current(worker, localdate(at)).filter(role__in=roles_with(Power.INTAKE))

    def administered_by(self, memberships: Iterable["Membership"]) -> Self:
        """Return those whose scope lies within places that the caller administers."""
        return self.filter(inside(administered(memberships), "place__"))


class Membership(models.Model):
    """That a person acts for an organisation in a role at a place, from a day to a day. Rights come from this
    alone.
    """

    token = TokenField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(_("角色"), max_length=24, choices=Role)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("范围"))
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)  # the first day on which it no longer holds
    appointed_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    dismissed_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="membership_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["person", "organisation", "role", "place"],
                condition=Q(until=None),
                name="appointed_once",
            ),
        ]

    @property
    def powers(self) -> frozenset[str]:
        """What this role may do, at and under its place."""
        return powers_of(self.role)

    def covers(self, place: Place) -> bool:
        """Whether `place` lies at or under the place of this role, or in its grid."""
        return self.place.holds(place)

    def looker_words(self, worker: Person) -> str:
        """Return how whoever is looked at reads who looked: "李* · 柳树社区居委会 · 网格员".

        `worker` is the person of this role, given by who has them at hand, so that no row is read again.
        """
        with override(settings.LANGUAGE_CODE):  # those looked at read it, whatever the looker reads
            return f"{worker.masked} · {self.organisation} · {self.get_role_display()}"


def remember_roles(person: Person, day: date, roles: list[Membership]) -> None:
    """Keep on `person`, the one whom a request brought, the roles of that day that the request has read."""
    person.__dict__[ROLES_READ] = (day, roles)


def roles_on(person: Person, day: date) -> list[Membership]:
    """Return the roles of `person` in force on that day: those the request has read already, else from the rows."""
    known, roles = person.__dict__.get(ROLES_READ, (None, []))
    return list(roles if known == day else Membership.objects.current(person, day))


def members_with(organisation: Organisation, power: str, on: date) -> models.QuerySet[Person]:
    """Return the persons who on that day hold `power` in `organisation`."""
    held = Membership.objects.on(on).filter(organisation=organisation, role__in=roles_with(power))
    return Person.objects.filter(pk__in=held.values("person")).order_by("pk")


class AssistedSessionQuerySet(models.QuerySet["AssistedSession"]):
    def running(self, at: datetime) -> Self:
        """Return those that run at that moment; they run out by time, whether or not anyone ends them."""
        return self.filter(started_at__lte=at, ends_at__gt=at, ended_at=None)


class AssistedSession(models.Model):
    """代办: a worker acts for a resident for at most 30 minutes, marked, logged and with a reason."""

    token = TokenField()
    worker = models.ForeignKey(Person, models.PROTECT, related_name="assisting")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    resident = models.ForeignKey(Person, models.CASCADE, related_name="assisted")
    reason = models.CharField(_("事由"), max_length=200)
    channel = models.CharField(_("渠道"), max_length=12, choices=Channel)
    started_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("最晚结束"))
    ended_at = models.DateTimeField(_("结束"), null=True, blank=True)

    objects = AssistedSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("代办记录")
        constraints = [
            models.UniqueConstraint(
                fields=["worker"], condition=Q(ended_at=None), name="assists_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("started_at")), name="assisted_session_has_an_end"
            ),
        ]

    def looker_words(self, worker: Person) -> str:
        """Return how those looked at read who looked for a resident: "李* · 柳树社区居委会 · 代办"."""
        return f"{worker.masked} · {self.organisation} · " + kept(_("代办"))


def residents_of(memberships: Iterable[Membership], on: date) -> PersonQuerySet:
    """Return those whom the holders of these roles may look up: who lives at or under the places where they
    take residents' matters in, and those of whom no home is known (found by their whole number only).
    """
    places = [row.place for row in memberships if Power.INTAKE in row.powers]
    if not places:
        return Person.objects.none()
    return Person.objects.living_within(places, on) | Person.objects.without_home(on)
