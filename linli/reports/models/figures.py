"""What a month's events add up to: counts for the monthly report, in a constant number of queries, without names."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.timezone import localdate, make_aware

from linli.cases.models import Answer, Case, Event, Support
from linli.cases.rules import Channel, State, Verb
from linli.duties.models import DutyList, Gap, Matter
from linli.notices.models import Notice
from linli.organisations.models import AssistedSession
from linli.people.models import Residency
from linli.places.models import Place, inside
from linli.register.models import Correction, FactChange
from linli.register.models import Event as RegisterEvent
from linli.register.rules import CorrectionState, EventKind
from linli.reports.models.endings import ended_then, open_by_now
from linli.reports.models.filling import Filling
from linli.reports.models.hazards import HAZARD, at_place
from linli.reports.rules.month import MOST_CATEGORIES, middle, month_ends

Endings = dict[int, tuple[str, datetime]]  # of a case how and when it ended
NOT_COUNTED = (State.WITHDRAWN, State.MERGED)


@dataclass(frozen=True)
class Span:
    """A month at a place: from its first midnight to before the next month's."""

    place: Place
    first: date
    since: datetime
    until: datetime

    @property
    def last(self) -> date:
        """The last day that is counted: the month's own, or today in a month that is not over."""
        return localdate(self.until - timedelta(microseconds=1))

    def within(self, column: str) -> Q:
        """Return the condition "that time lies in the month"."""
        return Q(**{f"{column}__gte": self.since, f"{column}__lt": self.until})


def span_of(place: Place, first: date, at: datetime) -> Span:
    """Return the month that begins on `first` at a place, as far as it is over at `at`."""
    since = make_aware(datetime.combine(first, time.min))
    until = make_aware(datetime.combine(month_ends(first) + timedelta(days=1), time.min))
    return Span(place, first, since, min(until, at))


def figures_of(place: Place, first: date, at: datetime) -> dict[str, Any]:
    """Return what the report of a month counts (keys as `rules.month` reads them), as the rows say at `at`.

    What ended in the month and came back later stands as it was then.
    """
    span = span_of(place, first, at)
    cases = Case.objects.live().filter(at_place(place)).exclude(state__in=NOT_COUNTED)
    return {
        "place": place.name,
        "first": first.isoformat(),
        "last": span.last.isoformat(),
        **_cases(span, cases),
        **_answers(span),
        **_register(span),
        **_others(span),
    }


def _cases(span: Span, cases: Any) -> dict[str, Any]:
    filed = list(cases.filter(span.within("filed_at")).values_list("matter", "channel", "category__name"))
    ended = ended_then(cases, span.until)
    solved = _solved_cases(span, cases, ended)
    found = _open(span, cases.exclude(pk__in=ended)) | {
        "filed": len(filed),
        "by_matter": _counted((row[0] for row in filed), dict(Matter.choices)),
        "by_channel": _counted((row[1] for row in filed), dict(Channel.choices)),
        "visits": sum(1 for row in filed if row[1] == Channel.VISIT),
        "complaints": sum(1 for row in filed if row[0] == Matter.COMPLAINT),
        "suggestions": sum(1 for row in filed if row[0] == Matter.SUGGESTION),
        "feedback": sum(1 for row in filed if row[0] == Matter.FEEDBACK),
        "hazards": cases.filter(HAZARD, span.within("filed_at")).count(),
        "hazards_done": sum(1 for case in solved if _is_hazard(case)),
        "solved": len(solved),
        "on_spot": sum(
            1 for case in solved if case.state == State.ON_SPOT or _how(ended, case) == Verb.ON_SPOT
        ),
        "median_hours": middle([_hours(case) for case in solved]),
        "declined": cases.filter(span.within("closed_at"), state=State.DECLINED).count()
        + sum(1 for how, when in ended.values() if how == Verb.DECLINED and when >= span.since),
    }
    limited = [case for case in solved if case.due is not None and case.pk not in ended]
    found["had_limit"] = len(limited)
    found["within_limit"] = sum(1 for case in limited if case.due and _ended(case) <= case.due)
    found["by_category"] = _by_category([row[2] for row in filed], solved)
    return found


def _solved(span: Span) -> Q:
    on_spot = Q(state=State.ON_SPOT, resolved_at=None) & span.within("closed_at")
    return span.within("resolved_at") | on_spot


def _solved_cases(span: Span, cases: Any, ended: Endings) -> list[Case]:
    """Return what was solved in the month, also what came back later; that stands with the ending it had then."""
    again = {pk: when for pk, (how, when) in ended.items() if how != Verb.DECLINED and when >= span.since}
    solved = list(cases.filter(_solved(span) | Q(pk__in=again)).select_related("category"))
    for case in solved:
        case.resolved_at = again.get(case.pk, case.resolved_at)
    return solved


def _is_hazard(case: Case) -> bool:
    return Matter.HAZARD in {case.matter, case.category.matter if case.category else ""}


def _how(ended: Endings, case: Case) -> str:
    return ended[case.pk][0] if case.pk in ended else ""


def _ended(case: Case) -> datetime:
    return case.resolved_at or case.closed_at or case.filed_at


def _hours(case: Case) -> float:
    return max(0.0, (_ended(case) - case.filed_at).total_seconds() / 3600)


def _counted(values: Any, labels: dict[str, Any]) -> list[list[Any]]:
    return [[str(labels.get(code, code)), count] for code, count in Counter(values).most_common()]


def _by_category(filed: list[str | None], solved: list[Case]) -> list[list[Any]]:
    """Return [name, filed, solved, median hours] of the commonest categories; the rest as 其他."""
    counts = Counter(name or "未归类" for name in filed)
    hours: dict[str, list[float]] = {}
    for case in solved:
        hours.setdefault(case.category.name if case.category else "未归类", []).append(_hours(case))
    names = sorted({*counts, *hours}, key=lambda name: (-counts[name], -len(hours.get(name, [])), name))
    rows: list[list[Any]] = [
        [name, counts[name], len(hours.get(name, [])), middle(hours.get(name, []))]
        for name in names[:MOST_CATEGORIES]
    ]
    rest = names[MOST_CATEGORIES:]
    if rest:
        times = [hour for name in rest for hour in hours.get(name, [])]
        rows.append(["其他", sum(counts[name] for name in rest), len(times), middle(times)])
    return rows


def _open(span: Span, cases: Any) -> dict[str, int]:
    """Return what stood open at the month's end: filed before it, ended after it or not at all."""
    open_then = cases.filter(filed_at__lt=span.until).filter(open_by_now(span.until))
    hazard = Q(state__in=(State.DECLINED,))
    counted: dict[str, int] = open_then.aggregate(
        open=Count("pk"),
        late=Count("pk", filter=Q(due__lt=span.until) & ~Q(state=State.PAUSED)),
        hazards_open=Count("pk", filter=HAZARD & ~hazard),
    )
    return counted


def _answers(span: Span) -> dict[str, int]:
    here = Case.objects.live().filter(at_place(span.place))
    said = Answer.objects.filter(case__in=here.values("pk"))
    when = span.within("answered_at")
    outcome = Answer.Outcome
    return said.aggregate(
        said_solved=Count("pk", filter=when & Q(outcome=outcome.SOLVED)),
        said_partly=Count("pk", filter=when & Q(outcome=outcome.PARTLY)),
        said_not_solved=Count("pk", filter=when & Q(outcome=outcome.NOT_SOLVED)),
        silent=Count("pk", filter=span.within("answer_by") & Q(outcome=outcome.SILENT)),
        rated=Count("pk", filter=when & Q(rating__isnull=False)),
        satisfied=Count("pk", filter=when & Q(rating__gte=Answer.Rating.GOOD)),
        words=Count("pk", filter=when & ~Q(words="")),
    ) | {
        "supports": Support.objects.filter(
            span.within("at"), case__in=here.values("pk"), is_following_only=False
        ).count(),
        "helped": Event.objects.filter(
            span.within("at"), case__in=here.values("pk"), verb=Verb.HELP_ASKED
        ).count(),
    }


def _register(span: Span) -> dict[str, Any]:
    events = RegisterEvent.objects.within([span.place]).filter(span.within("at"), undone_at=None)
    counted = events.values("kind").annotate(n=Count("pk")).order_by("kind")
    living = Residency.objects.on(span.last).within([span.place]).filter(lives_there=True)
    here = living.values("person")
    return {
        "events": [[str(EventKind(row["kind"]).label), row["n"]] for row in counted],
        "fact_changes": FactChange.objects.filter(span.within("replaced_at"), person__in=here).count(),
        "corrections": Correction.objects.filter(
            span.within("ruled_at"), inside([span.place], "place__"), state=CorrectionState.ACCEPTED
        ).count(),
        "residents": living.values("person").distinct().count(),
    }


def _others(span: Span) -> dict[str, Any]:
    living = Residency.objects.on(span.last).within([span.place]).filter(lives_there=True)
    notices = Notice.objects.filter(span.within("at"), person__in=living.values("person"))
    counted = notices.aggregate(notices=Count("pk"), urgent=Count("pk", filter=Q(is_urgent=True)))
    return counted | {
        "assisted": AssistedSession.objects.filter(
            span.within("started_at"), resident__in=living.values("person")
        ).count(),
        "duty_lists": DutyList.objects.filter(
            span.within("published_at"), place__in=span.place.ancestor_ids()
        ).count(),
        "gaps": Gap.objects.within([span.place]).filter(span.within("at")).count(),
        "fillings": Filling.objects.filter(inside([span.place], "place__"), span.within("made_at")).count(),
    }


def saved_cells(place: Place, since: date | None = None) -> int:
    """Return how many cells the system filled for reports of a place (since a day), for its community alone."""
    rows = Filling.objects.filter(inside([place], "place__"))
    if since is not None:
        rows = rows.filter(made_at__gte=make_aware(datetime.combine(since, time.min)))
    return rows.aggregate(cells=Sum("filled"))["cells"] or 0
