"""A case's clocks counted from facts: the line of the duty list, the calendar, pauses and extensions.

The resident's clock (`case.due`) runs from filing, or from when a new round began; a unit's (`order.due`) from its
dispatch. Both are counted again from the same facts whenever a calendar changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.base import worktime
from linli.base.worktime import Calendar, Due, Unit
from linli.cases.actions.acting import lead_order
from linli.cases.models import Asking, Case, Order, limits_at
from linli.cases.rules import WITH_A_UNIT, AskingSort, Ladder, Limits, Part, Rung, State, rung_moment
from linli.duties import actions as duties
from linli.duties.actions import Decision
from linli.duties.models import Category
from linli.duties.rules import DESK_SIGN, desk_limits


@dataclass(frozen=True)
class Clock:
    """What a case is counted by: the stages and sign limit of its line, and the calendar of its place."""

    stages: Sequence[worktime.Stage]
    sign: tuple[int, Unit]
    calendar: Calendar
    limits: Limits

    def due_from(self, start: datetime) -> Due:
        """Return the limit of a clock that starts at `start`, with nothing paused or extended yet."""
        return worktime.due_of_stages(start, self.stages, self.calendar)

    def rule_due(self, at: datetime) -> datetime:
        """Return until when a body that was asked to decide does so: one working day."""
        return worktime.due(at, 1, Unit.WORKING_DAY, self.calendar).at


def clock_of(case: Case, calendar: Calendar | None = None) -> Clock:
    """Return what counts for a case: the line of the version it was filed under, today's calendar (given if known)."""
    calendar, limits = calendar or duties.calendar_of(case.place), limits_at(case.place)
    line = case.duty_line
    if line is None:
        matter = case.category.matter if case.category else ""
        return Clock(list(desk_limits(matter)), DESK_SIGN, calendar, limits)
    stages = [(stage["name"], stage["amount"], Unit(stage["unit"])) for stage in line.stages]
    return Clock(stages, (line.sign_amount, Unit(line.sign_unit)), calendar, limits)


def clock_by(decision: Decision) -> Clock:
    """Return what counts for a case by a decision just taken, without looking the calendar up again."""
    stages = [(name, amount, Unit(unit)) for name, amount, unit in decision.stages]
    sign, _response = decision.limits
    return Clock(stages, (sign[0], Unit(sign[1])), decision.calendar, limits_at(decision.place))


def decided_fields(category: Category | None, decision: Decision) -> dict[str, object]:
    """Return the columns of a case that a decision of the duty list fills."""
    return {
        "category": category,
        "duty_list": decision.duty_list,
        "duty_line": decision.line,
        "proposed_lead": decision.lead,
        "because": [str(reason) for reason in decision.because],
        "response_due": decision.response_due,
        "due": decision.due,
        "due_words": str(decision.due_words),
        "is_due_certain": decision.is_certain,
        "is_urgent": counts_urgent_hours(decision),
    }


def counts_urgent_hours(decision: Decision) -> bool:
    """Whether the decision's limit counts 紧急工作时."""
    line = decision.line
    return line is not None and any(stage["unit"] == Unit.URGENT_HOUR for stage in line.stages)


def counted_due(case: Case, clock: Clock) -> Due:
    """Count the resident's limit of the present round anew: stages, pauses, then extensions granted to the lead.

    What a co-unit was granted moves that unit's limit alone: two units that each ask for a day make no two days.
    """
    granted = Asking.objects.filter(
        order__case=case,
        order__part=Part.LEAD,
        sort=AskingSort.EXTENSION,
        is_granted=True,
        decided_at__gte=case.clock_from,
    ).order_by("pk")
    extensions = [("", asking.amount, Unit(asking.unit)) for asking in granted]
    pauses = _pauses(case, case.clock_from)
    return worktime.due_of_stages(case.clock_from, [*clock.stages, *extensions], clock.calendar, pauses)


def counted_order_due(order: Order, clock: Clock) -> Due:
    """Count a unit's limit anew from its dispatch, with the pauses since and its own extensions."""
    granted = order.askings.filter(sort=AskingSort.EXTENSION, is_granted=True).order_by("pk")
    extensions = [("", asking.amount, Unit(asking.unit)) for asking in granted]
    pauses = _pauses(order.case, order.dispatched_at)
    return worktime.due_of_stages(order.dispatched_at, [*clock.stages, *extensions], clock.calendar, pauses)


def _pauses(case: Case, since: datetime) -> list[tuple[datetime, datetime]]:
    over = case.pauses.filter(until__gt=since).order_by(
        "since"
    )  # one may have begun before a unit was called
    return [(pause.since, pause.until) for pause in over if pause.until is not None]


def sign_due(clock: Clock, at: datetime) -> datetime:
    """Return until when a unit signs (签收) an order that was dispatched at `at`."""
    return worktime.due(at, *clock.sign, clock.calendar).at


def ladder_of(case: Case, order: Order | None, clock: Clock) -> Ladder | None:
    """Return the clock of which people are reminded, None where none runs.

    It is the resident's; where that had passed before the present unit was called, it is the unit's own, so that
    nothing escalates at the moment of a dispatch.
    """
    start, due = case.clock_from, case.due
    if order is not None:
        start = order.dispatched_at
        if due is None or due <= start:
            due = order.due
    if due is None or case.is_history:
        return None
    return Ladder(start, due, case.is_urgent, clock.limits, clock.calendar)


def reminding(case: Case, order: Order | None, clock: Clock, *, anew: bool = False) -> dict[str, object]:
    """Return the columns that say which rung was told last and when the next is; `anew` starts at the foot."""
    rung = Rung.NONE if anew else Rung(case.reminder)
    ladder = ladder_of(case, order, clock)
    if ladder is None or case.state == State.PAUSED or case.closed_at or case.state == State.RESOLVED:
        return {"reminder": rung, "remind_at": None}
    return {"reminder": rung, "remind_at": rung_moment(ladder, rung + 1)}


def remind_again(case: Case, *, anew: bool = False) -> dict[str, object]:
    """Return the same columns for a case whose order and clock are to be looked up."""
    order = lead_order(case) if case.state in WITH_A_UNIT else None
    return reminding(case, order, clock_of(case), anew=anew)
