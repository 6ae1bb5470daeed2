"""What a property company does: rounds with a check-list, devices it keeps, slots in which it comes to homes."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.partners.models.partner import Partner
from linli.people.models import Person
from linli.places.models import Place


class Round(models.Model):
    """A round (巡查): the points to look at and how often. Nobody's track and no clock-in hangs on it."""

    token = TokenField()
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="rounds")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    title = models.CharField(_("路线名称"), max_length=80)
    points = models.JSONField(_("巡查点"), default=list)  # ["1幢消防通道", "地下车库", …]
    every_days = models.PositiveSmallIntegerField(_("几天一次"))
    made_on = models.DateField(_("设立日"))
    last_on = models.DateField(_("上次巡查"), null=True, blank=True)
    ended_on = models.DateField(_("停用日"), null=True, blank=True)

    class Meta:
        verbose_name = _("巡查路线")

    def __str__(self) -> str:
        return self.title

    @property
    def next_on(self) -> date:
        """The day by which it is to be walked next."""
        return (self.last_on or self.made_on) + timedelta(days=self.every_days)


class RoundReport(models.Model):
    """One round walked: what was found at each point; photos are optional (G06)."""

    token = TokenField()
    round = models.ForeignKey(Round, models.CASCADE, related_name="reports")
    at = models.DateTimeField(_("巡查时间"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    defects = models.JSONField(_("发现的问题"), default=list)  # [{"point": "地下车库", "words": "积水"}]
    looked_at = models.PositiveSmallIntegerField(_("看了几个点"))
    settled_at = models.DateTimeField(_("问题处理完"), null=True, blank=True)
    settled_words = models.CharField(_("怎么处理的"), max_length=300, blank=True)
    once = models.CharField(max_length=40, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("巡查记录")
        indexes = [models.Index(fields=["round", "-at"], name="reports_of_round")]

    def __str__(self) -> str:
        return str(self.round)

    @property
    def subject(self) -> str:
        """This row as text; photos hang on it."""
        return f"partners.RoundReport:{self.pk}"


class Device(models.Model):
    """A device that a partner keeps in the estate: gate, pump, generator, patrol car."""

    token = TokenField()
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="devices")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    name = models.CharField(_("设备名称"), max_length=80)
    purpose = models.CharField(_("做什么用"), max_length=160)
    model_words = models.CharField(_("型号"), max_length=80, blank=True)
    since = models.DateField(_("启用日"))
    every_days = models.PositiveSmallIntegerField(_("几天保养一次"))
    checked_on = models.DateField(_("上次保养"), null=True, blank=True)
    checked_words = models.CharField(_("保养情况"), max_length=200, blank=True)
    ended_on = models.DateField(_("停用日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("物业设备")
        constraints = [models.CheckConstraint(condition=Q(every_days__gt=0), name="device_has_a_rhythm")]

    def __str__(self) -> str:
        return self.name

    @property
    def next_on(self) -> date:
        """The day by which it is to be serviced next."""
        return (self.checked_on or self.since) + timedelta(days=self.every_days)


class VisitSlotQuerySet(models.QuerySet["VisitSlot"]):
    def coming(self, now: datetime) -> Self:
        """Return those still ahead, with how many seats are taken."""
        taken = Count("bookings", filter=Q(bookings__cancelled_at=None))
        rows = self.filter(starts_at__gt=now, withdrawn_at=None)
        return rows.annotate(taken=taken).select_related("place").order_by("starts_at", "pk")

    def around(self, places: Iterable[Place]) -> Self:
        """Return those for homes at or under any of what lies above `places`."""
        above = {pk for place in places for pk in place.ancestor_ids()}
        return self.filter(place__in=above)


class VisitSlot(models.Model):
    """A time in which a partner comes to homes: to read a meter, mend, inspect gas; residents book a seat."""

    token = TokenField()
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="slots")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("哪里的住户"))
    purpose = models.CharField(_("上门做什么"), max_length=120)
    fee_words = models.CharField(_("收费说明"), max_length=120)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    seats = models.PositiveSmallIntegerField(_("可约几户"))
    withdrawn_at = models.DateTimeField(_("取消时间"), null=True, blank=True)

    objects = VisitSlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("上门时段")
        indexes = [models.Index(fields=["partner", "starts_at"], name="slots_of_partner")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_has_length"),
            models.CheckConstraint(condition=Q(seats__gt=0), name="slot_has_seats"),
        ]

    def __str__(self) -> str:
        return self.purpose

    def left(self) -> int:
        """Return how many seats are free; of rows that came by `coming`, without a query."""
        taken = getattr(self, "taken", None)
        return self.seats - (self.bookings.filter(cancelled_at=None).count() if taken is None else taken)


class Booking(models.Model):
    """One home's seat in a slot."""

    token = TokenField()
    slot = models.ForeignKey(VisitSlot, models.CASCADE, related_name="bookings")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    home = models.ForeignKey(Place, models.PROTECT, related_name="+")
    words = models.CharField(_("想请师傅看什么"), max_length=200, blank=True)
    booked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    booked_at = models.DateTimeField(_("预约时间"))
    cancelled_at = models.DateTimeField(_("取消预约时间"), null=True, blank=True)
    visited_at = models.DateTimeField(_("上门时间"), null=True, blank=True)
    visit_words = models.CharField(_("做了什么"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("上门预约")
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "home"], condition=Q(cancelled_at=None), name="home_booked_once_in_a_slot"
            )
        ]

    def __str__(self) -> str:
        return str(self.slot)
