"""What the clocks and counters keep for themselves, and the numbers that a place tuned."""

from dataclasses import replace

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.cases.rules import Limits
from linli.people.models import Person
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


class CaseSettingsChange(models.Model):
    """办件参数变更: who set which numbers of a place, when and why; without numbers it follows the tier above again."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="+", verbose_name=_("适用范围"))
    numbers = models.JSONField(_("数值"), null=True)
    words = models.CharField(_("原因"), max_length=200, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("修改人"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("办件参数变更")
        indexes = [models.Index(fields=["place", "-id"], name="settings_changes")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.at:%Y-%m-%d}"


def settings_at(place: Place) -> CaseSettings | None:
    """Return the numbers that hold at `place`: those tuned nearest up the tree, None where nobody tuned any."""
    rows = CaseSettings.objects.filter(place__in=place.ancestor_ids()).select_related("place")
    return max(rows, key=lambda row: len(row.place.path), default=None)


def limits_at(place: Place) -> Limits:
    """Return the limits that hold at `place`: the nearest tuned ones, or the defaults."""
    row = settings_at(place)
    return row.limits if row is not None else Limits()


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
