"""Daily tallies from which every figure is added up, so that a page's work does not grow with the years."""

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.cases.models import Answer, Case
from linli.cases.rules import State
from linli.insights.rules import Measure
from linli.organisations.models import Organisation
from linli.places.models import Kind, Place


class TallyQuerySet(models.QuerySet["Tally"]):
    def between(self, first: date, last: date) -> Self:
        """Return the tallies of `first` to `last`, both days included."""
        return self.filter(day__gte=first, day__lte=last)

    def at(self, place: Place) -> Self:
        """Return the tallies of a community, street or district; of a higher tier, all beneath it."""
        if place.kind == Kind.COMMUNITY:
            return self.filter(community=place)
        return self.filter(community__in=Place.objects.within(place).filter(kind=Kind.COMMUNITY))


class Tally(models.Model):
    """How often `measure` happened on a day in a community, led by `organisation` (None: nobody led yet)."""

    day = models.DateField(_("日期"))
    community = models.ForeignKey(Place, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    measure = models.CharField(_("计什么"), max_length=20, choices=Measure)
    count = models.PositiveIntegerField(_("件数"))

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("每日计数")
        indexes = [models.Index(fields=["community", "day"], name="tallies_of_community")]


class MonthlyCount(models.Model):
    """How many public cases of a category a community received in a month, for the open data files."""

    month = models.DateField(_("月份"))
    community = models.ForeignKey(Place, models.CASCADE, related_name="+")
    category = models.CharField(_("类别"), max_length=40)
    filed = models.PositiveIntegerField(_("收到"))
    closed = models.PositiveIntegerField(_("办结"))

    class Meta:
        verbose_name = _("每月计数")
        indexes = [models.Index(fields=["community", "month"], name="months_of_community")]


UNDISPATCHED = Q(state=State.WITHDRAWN, lead=None)
MERGED = Q(state=State.MERGED)


def cases_behind(measure: Measure, place: Place, since: datetime, until: datetime) -> models.QuerySet[Case]:
    """Return the cases that `measure` counts at `place`, from `since` to before `until`."""
    cases = Case.objects.filter(_tier(place), is_history=False)
    due = cases.filter(response_due__gte=since, response_due__lt=until)
    said = Answer.objects.filter(answered_at__gte=since, answered_at__lt=until)
    silent = Answer.objects.filter(outcome=Answer.Outcome.SILENT, answer_by__gte=since, answer_by__lt=until)

    def answered(answers: models.QuerySet[Answer]) -> models.QuerySet[Case]:
        return cases.filter(pk__in=answers.values("case"))

    found = {
        Measure.FILED: cases.filter(filed_at__gte=since, filed_at__lt=until),
        Measure.RESPONSE_DUE: due.exclude(UNDISPATCHED | MERGED),
        Measure.RESPONSE_MET: due.exclude(UNDISPATCHED | MERGED).filter(responded_at__lte=F("response_due")),
        Measure.RESPONSE_WITHDRAWN: due.filter(UNDISPATCHED),
        Measure.RESPONSE_MERGED: due.filter(MERGED),
        Measure.SOLVED: answered(said.filter(outcome=Answer.Outcome.SOLVED)),
        Measure.PARTLY: answered(said.filter(outcome=Answer.Outcome.PARTLY)),
        Measure.NOT_SOLVED: answered(said.filter(outcome=Answer.Outcome.NOT_SOLVED)),
        Measure.REPEATED: answered(said.filter(outcome=Answer.Outcome.NOT_SOLVED)),
        Measure.SILENT: answered(silent),
        Measure.RATED: answered(said.exclude(rating=None)),
        Measure.SATISFIED: answered(said.filter(rating__gte=Answer.Rating.GOOD)),
        Measure.DECLINED: cases.filter(state=State.DECLINED, closed_at__gte=since, closed_at__lt=until),
        Measure.CHECKED: cases.filter(
            reporter=None, checks__is_passed=True, checks__checked_at__gte=since, checks__checked_at__lt=until
        ),
    }
    return found[measure]


def _tier(place: Place) -> Q:
    column = {Kind.COMMUNITY: "community", Kind.STREET: "street", Kind.DISTRICT: "district"}.get(
        Kind(place.kind)
    )
    if column is None:
        return Q(community__in=Place.objects.within(place).filter(kind=Kind.COMMUNITY))
    return Q(**{column: place})
