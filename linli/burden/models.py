"""What staff had to type, as sums of a day, and errands that came at short notice. No time of day is kept anywhere."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from linli.burden import rules
from linli.organisations.models import Organisation
from linli.people.models import Person


class LoadQuerySet(models.QuerySet["Load"]):
    def of(self, person: Person) -> Self:
        """Return a worker's own; nobody else is given a worker's rows."""
        return self.filter(person=person)

    def between(self, first: date, after: date) -> Self:
        """Return those from the day `first` on, before the day `after`."""
        return self.filter(day__gte=first, day__lt=after)

    def by_form(self) -> list[tuple[str, str, rules.Sum]]:
        """Return the sums by form and by who demanded it, the forms in the order of their names; one query."""
        rows = self.order_by().values("form", "demanded_by")
        added = rows.annotate(n=Sum("times"), t=Sum("typed"), f=Sum("filled"))
        return [
            (row["form"], row["demanded_by"], rules.Sum(row["n"], row["t"], row["f"]))
            for row in added.order_by("form", "demanded_by")
        ]


class Load(models.Model):
    """How much one worker typed into one form on one day. Only they read it; others read sums over at least ten.

    It says neither when on that day nor how fast (国办函〔2026〕12号): a day is the finest that is known.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="loads", verbose_name=_("谁填的"))
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name=_("单位"))
    day = models.DateField(_("哪天"))
    form = models.CharField(_("表单"), max_length=80)  # the name of its address: "cases:resolve"
    demanded_by = models.CharField(_("谁要的"), max_length=80, blank=True)  # a body; "" where nobody else did
    times = models.PositiveIntegerField(_("填了几次"), default=0)
    typed = models.PositiveIntegerField(_("自己填的"), default=0)
    filled = models.PositiveIntegerField(_("系统填好的"), default=0)

    objects = LoadQuerySet.as_manager()

    class Meta:
        verbose_name = _("填报负担")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day", "form", "organisation", "demanded_by"], name="one_sum_a_day_and_form"
            )
        ]
        indexes = [models.Index(fields=["organisation", "day"], name="loads_of_body")]

    def __str__(self) -> str:
        return self.form


class ErrandQuerySet(models.QuerySet["Errand"]):
    def to_bodies(self, organisations: Iterable[int], first: date, after: date) -> Self:
        """Return those that came to these bodies from `first` on, before `after`, the newest first."""
        came = self.filter(Q(organisation__in=list(organisations)), came_on__gte=first, came_on__lt=after)
        return came.order_by("-came_on", "-pk")


class Errand(models.Model):
    """A task from above that left less than a working day: it says something of who sent it, nothing of a worker."""

    key = models.CharField(max_length=120, unique=True, editable=False)  # the to-do's: counted once
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name=_("给谁的"))
    task = models.CharField(_("任务"), max_length=60)
    demanded_by = models.CharField(_("谁要的"), max_length=80)
    came_on = models.DateField(_("哪天来的"))
    due_on = models.DateField(_("要求哪天办完"))

    objects = ErrandQuerySet.as_manager()

    class Meta:
        verbose_name = _("临时任务")
        indexes = [models.Index(fields=["organisation", "came_on"], name="errands_to_body")]

    def __str__(self) -> str:
        return self.task
