"""What the clocks and counters keep for themselves, and the numbers that a place tuned."""

from dataclasses import replace

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.cases.rules import Limits
from linli.places.models import Place


class CaseSettings(models.Model):
    """The numbers of `rules.Limits` that a place departs from; the nearest row up the tree counts."""

    place = models.OneToOneField(
        Place, models.CASCADE, related_name="case_settings", verbose_name=_("适用范围")
    )
    numbers = models.JSONField(_("数值"), default=dict)  # {"confirm_days": 7}

    class Meta:
        verbose_name = _("办件参数")

    def __str__(self) -> str:
        return str(self.place_id)

    @property
    def limits(self) -> Limits:
        """The defaults with this row's numbers in their stead."""
        return replace(Limits(), **self.numbers)


def limits_at(place: Place) -> Limits:
    """Return the limits that hold at `place`: the nearest tuned ones, or the defaults."""
    rows = {row.place_id: row for row in CaseSettings.objects.filter(place__in=place.ancestor_ids())}
    for place_id in reversed(place.ancestor_ids()):
        if place_id in rows:
            return rows[place_id].limits
    return Limits()


class DayCount(models.Model):
    """How many cases were numbered on a day: an integer under a row lock, so that no two share a number."""

    day = models.DateField(_("日期"), unique=True)
    last = models.PositiveIntegerField(_("已编到"), default=0)

    class Meta:
        verbose_name = _("每日编号")

    def __str__(self) -> str:
        return f"{self.day} {self.last}"


class CalendarMark(models.Model):
    """The digest of all calendars when open cases were last counted; another digest means counting again."""

    digest = models.CharField(max_length=64)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("日历指纹")

    def __str__(self) -> str:
        return self.digest
