"""Daily tallies from which every figure is added up, so that a page's work does not grow with the years."""

from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from linli.cases.models import Answer, Case, Check, Event, Order
from linli.cases.rules import State, Verb
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


MERGED = Q(state=State.MERGED)


def undispatched() -> Q:
    """Say of a case that it was withdrawn before any body was ever bound to it."""
    return Q(state=State.WITHDRAWN) & ~Q(Exists(Order.objects.filter(case=OuterRef("pk"))))


def _judged_body() -> Coalesce:
    """Say of an answer or a check whose work it judges: that of who led the round, whoever leads the case by now."""
    lead = Order.objects.filter(
        case=OuterRef("case"), round=OuterRef("round"), part=Order.Part.LEAD, state=Order.State.ANSWERED
    )
    return Coalesce(
        Subquery(lead.values("organisation_id")[:1]),
        F("case__lead_id"),
        output_field=models.BigIntegerField(),
    )


def cases_behind(
    measure: Measure, place: Place, since: datetime, until: datetime, body: Organisation | None = None
) -> models.QuerySet[Case]:
    """Return the cases that `measure` counts at `place`, from `since` to before `until`; of `body`, or of all."""
    cases = Case.objects.filter(_tier(place), is_history=False)
    if rows := judged_rows(since, until).get(measure):
        judged, _moment = rows
        if body is not None:
            judged = judged.filter(judged_body=body.pk)
        return cases.filter(pk__in=judged.values("case"))
    if body is not None:
        cases = cases.filter(lead=body)
    due = cases.filter(response_due__gte=since, response_due__lt=until)
    found = {
        Measure.FILED: cases.filter(filed_at__gte=since, filed_at__lt=until),
        Measure.RESPONSE_DUE: due.exclude(undispatched() | MERGED),
        Measure.RESPONSE_MET: due.exclude(undispatched() | MERGED).filter(
            responded_at__lte=F("response_due")
        ),
        Measure.RESPONSE_WITHDRAWN: due.filter(undispatched()),
        Measure.RESPONSE_MERGED: due.filter(MERGED),
        Measure.DECLINED: cases.filter(state=State.DECLINED, closed_at__gte=since, closed_at__lt=until),
    }
    return found[measure]


def judged_rows(since: datetime, until: datetime) -> dict[Measure, tuple[models.QuerySet[Any], str]]:
    """Return, for each measure of how work was judged, the rows it counts and the moment that dates them.

    Each row carries `judged_body`, whose work it judges.
    """
    answers = Answer.objects.annotate(judged_body=_judged_body())
    said = answers.filter(answered_at__gte=since, answered_at__lt=until)
    silent = answers.filter(outcome=Answer.Outcome.SILENT, answer_by__gte=since, answer_by__lt=until)
    checked = Check.objects.annotate(judged_body=_judged_body()).filter(
        is_passed=True, case__reporter=None, checked_at__gte=since, checked_at__lt=until
    )
    # Not solved at once, or after it had been confirmed; what was declined and taken up again was not worked on yet.
    again = Event.objects.filter(verb=Verb.REOPENED, at__gte=since, at__lt=until).exclude(organisation=None)
    return {
        Measure.SOLVED: (said.filter(outcome=Answer.Outcome.SOLVED), "answered_at"),
        Measure.PARTLY: (said.filter(outcome=Answer.Outcome.PARTLY), "answered_at"),
        Measure.NOT_SOLVED: (said.filter(outcome=Answer.Outcome.NOT_SOLVED), "answered_at"),
        Measure.REPEATED: (again.annotate(judged_body=F("organisation_id")), "at"),
        Measure.SILENT: (silent, "answer_by"),
        Measure.RATED: (said.exclude(rating=None), "answered_at"),
        Measure.SATISFIED: (said.filter(rating__gte=Answer.Rating.GOOD), "answered_at"),
        Measure.CHECKED: (checked, "checked_at"),
    }


def _tier(place: Place) -> Q:
    column = {Kind.COMMUNITY: "community", Kind.STREET: "street", Kind.DISTRICT: "district"}.get(
        Kind(place.kind)
    )
    if column is None:
        return Q(community__in=Place.objects.within(place).filter(kind=Kind.COMMUNITY))
    return Q(**{column: place})
