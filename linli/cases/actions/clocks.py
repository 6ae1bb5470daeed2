"""What happens because time passed: one idempotent job, each few minutes, one small transaction per row."""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate

from linli.base import worktime
from linli.base.errors import Refused
from linli.base.words import said as _
from linli.cases.actions.acting import keep, lead_order, lock_order, locked
from linli.cases.actions.checking import sample_call
from linli.cases.actions.closing import close_silent
from linli.cases.actions.deadlines import clock_of, ladder_of, remind_again
from linli.cases.actions.telling import happened, public_form, tell_askers, tell_body
from linli.cases.actions.tiers import go_up
from linli.cases.actions.work import end_pause, recount, sign_order
from linli.cases.models import Answer, CalendarMark, Case, Event, Order, Pause
from linli.cases.rules import LADDER, OPEN, Ladder, Rung, State, Verb, rung_moment
from linli.duties.models import Holiday, WorkCalendar
from linli.organisations.models import Organisation
from linli.organisations.rules import Power
from linli.places.models import Place

log = logging.getLogger(__name__)
MOST = 500  # rows of a kind in one run; the next run goes on


def run_clocks(at: datetime) -> dict[str, int]:
    """Job, each few minutes: let lapse, end, remind and send up whatever is due at `at`. Returns counts by kind.

    Every step looks again under the row's lock, so a second run, or two at once, does nothing twice. A row that
    fails is logged and does not hold up the others.
    """
    return {
        "recomputed": recompute_if_calendars_changed(at),
        "lapsed": _each(_unsigned(at), lapse_signing, at),
        "reviewed": _each(_to_review(at), review_pause, at),
        "silent": _each(_unanswered(at), end_question, at),
        "updates": _each(_to_update(at), press_update, at),
        "reminded": _each(_to_remind(at), remind, at),
    }


def _each(ids: list[int], step: Callable[[int, datetime], bool], at: datetime) -> int:
    done = 0
    for pk in ids:
        try:
            done += step(pk, at)
        except Refused as refused:
            log.warning("Clock %s of row %s: %s", step.__name__, pk, refused.reason)
        except Exception:
            log.exception("Clock %s of row %s failed", step.__name__, pk)
    return done


def _unsigned(at: datetime) -> list[int]:
    orders = Order.objects.open().filter(signed_at=None, sign_due__lte=at, case__is_history=False)
    return list(orders.order_by("sign_due").values_list("pk", flat=True)[:MOST])


@transaction.atomic
def lapse_signing(pk: int, at: datetime) -> bool:
    """Let an order whose signing limit passed count as signed at that limit (逾期视为签收): no bouncing by silence."""
    order = lock_order(Order.objects.get(pk=pk))
    due = order.sign_due
    if order.ended_at is not None or order.signed_at is not None or due is None or due > at:
        return False
    sign_order(order, None, due, lapsed=True)
    happened(order.case, Verb.LAPSED, at, organisation=order.organisation, since=due.isoformat())
    return True


def _to_review(at: datetime) -> list[int]:
    return list(
        Pause.objects.filter(until=None, review_on__lt=localdate(at)).values_list("pk", flat=True)[:MOST]
    )


@transaction.atomic
def review_pause(pk: int, at: datetime) -> bool:
    """Let the clock run on when the day of review passed and nobody parked the case anew."""
    case = locked(Pause.objects.values_list("case", flat=True).get(pk=pk))
    if not case.pauses.filter(pk=pk, until=None).exists():
        return False
    end_pause(case, at)
    happened(case, Verb.RESUMED, at, organisation=case.lead, words=_("复查日期已到，恢复计时"))
    return True


def _unanswered(at: datetime) -> list[int]:
    answers = Answer.objects.waiting().filter(answer_by__lte=at, case__is_history=False)
    return list(answers.order_by("answer_by").values_list("pk", flat=True)[:MOST])


@transaction.atomic
def end_question(pk: int, at: datetime) -> bool:
    """Count a question as silent when its time is over, and draw whether that person is called."""
    answer = Answer.objects.select_related("case", "case__place", "person").get(pk=pk)
    if not close_silent(answer, at):
        return False
    sample_call(answer, at)
    return True


def _to_update(at: datetime) -> list[int]:
    """Cases in which somebody waits for our first word, or for the next after they wrote again."""
    owed = Q(update_due__lte=at) | Q(responded_at=None, response_due__lte=at)
    pressed = Event.objects.filter(case=OuterRef("pk"), verb=Verb.UPDATE_PRESSED)
    first = Exists(pressed.filter(at__gte=OuterRef("response_due"))) & Q(responded_at=None)
    later = Exists(pressed.filter(at__gte=OuterRef("update_due"))) & Q(responded_at__isnull=False)
    cases = Case.objects.unsolved().filter(owed).exclude(first | later)
    return list(cases.order_by("pk").values_list("pk", flat=True)[:MOST])


@transaction.atomic
def press_update(pk: int, at: datetime) -> bool:
    """Press, once and in working time, for the word that somebody waits for: the first, or the next one."""
    case = locked(pk)
    owed = case.update_due if case.responded_at else case.response_due
    if owed is None or owed > at or case.state not in OPEN or not _may_remind_now(case, at):
        return False
    if case.events.filter(verb=Verb.UPDATE_PRESSED, at__gte=owed).exists():
        return False
    body = case.lead or case.owner
    happened(case, Verb.UPDATE_PRESSED, at, organisation=body)
    title = _("%(number)s 提出人还在等回话") % {"number": case.number}
    _tell_handlers(case, body, f"update:{owed:%Y%m%dT%H%M}", title, at)
    return True


def _to_remind(at: datetime) -> list[int]:
    cases = Case.objects.running().filter(remind_at__lte=at)
    return list(cases.order_by("remind_at").values_list("pk", flat=True)[:MOST])


@transaction.atomic
def remind(pk: int, at: datetime) -> bool:
    """Climb the ladder: 预警, 催办, 督办, and at last up a tier, each once per clock and in working time."""
    case = locked(pk)
    if case.remind_at is None or case.remind_at > at or case.state not in OPEN:
        return False
    order = lead_order(case)
    ladder = ladder_of(case, order, clock_of(case))
    if ladder is None or case.state == State.PAUSED:
        keep(case, remind_at=None)
        return False
    if not _is_open_now(ladder, at):
        keep(case, remind_at=worktime.next_opening(at, ladder.calendar))
        return False
    rung = _rung_due(ladder, case.reminder, at)
    body = order.organisation if order else case.owner
    if rung == Rung.WHISTLED:
        _whistle(case, body, ladder, at)
    else:
        keep(case, reminder=rung, remind_at=rung_moment(ladder, rung + 1))
        _tell_rung(case, body, rung, ladder, at)
    return True


def _rung_due(ladder: Ladder, last: int, at: datetime) -> Rung:
    """Return the rung to tell: after a standstill the highest that is due, but up a tier only after 督办 was told."""
    rung = Rung(last + 1)
    for later in LADDER:
        moment = rung_moment(ladder, later)
        if rung < later < Rung.WHISTLED and moment is not None and moment <= at:
            rung = later
    return rung


def _is_open_now(ladder: Ladder, at: datetime) -> bool:
    around_the_clock = ladder.is_urgent and ladder.calendar.urgent_around_the_clock
    return around_the_clock or worktime.next_opening(at, ladder.calendar) <= at


def _may_remind_now(case: Case, at: datetime) -> bool:
    calendar = clock_of(case).calendar
    return case.is_urgent or worktime.next_opening(at, calendar) <= at


RUNG_VERBS = {Rung.WARNED: Verb.WARNED, Rung.PRESSED: Verb.PRESSED, Rung.SUPERVISED: Verb.SUPERVISED}


def _tell_rung(case: Case, body: Organisation | None, rung: Rung, ladder: Ladder, at: datetime) -> None:
    titles = {
        Rung.WARNED: _("%(number)s 快到期了"),
        Rung.PRESSED: _("催办：%(number)s 到期了，请抓紧办"),
        Rung.SUPERVISED: _("督办：%(number)s 已经超期"),
    }
    happened(case, RUNG_VERBS[rung], at, organisation=body, due=ladder.due.isoformat())
    title = titles[rung] % {"number": case.number}
    what = f"rung:{case.round}.{case.tier}.{rung}:{ladder.due:%Y%m%dT%H%M}"
    _tell_handlers(case, body, what, title, at)
    for order in case.orders.open().filter(part=Order.Part.ASSIST).select_related("organisation"):
        tell_body(case, order.organisation, what, Power.HANDLE, title, at)
    if rung == Rung.SUPERVISED and case.owner is not None and case.owner != body:
        tell_body(case, case.owner, f"{what}:desk", Power.OVERSEE, title, at)
    if rung == Rung.PRESSED:
        title = _("%(number)s 到期了还没办好，已经催办") % {"number": case.number}
        tell_askers(case, what, title, case.due_words, at)


def _tell_handlers(case: Case, body: Organisation | None, what: str, title: str, at: datetime) -> None:
    if body is not None:
        power = Power.HANDLE if case.lead_id else Power.DISPATCH
        tell_body(case, body, what, power, title, at)


def _whistle(case: Case, body: Organisation | None, ladder: Ladder, at: datetime) -> None:
    """Send the case up with its whole file (吹哨); at the top, the last desk is told and nothing more follows."""
    obstacle = obstacle_of(case, ladder, at)
    if go_up(case, Verb.WHISTLED, obstacle, at):
        return
    keep(case, reminder=Rung.WHISTLED, remind_at=None)
    happened(case, Verb.WHISTLED, at, organisation=case.owner, words=obstacle, unit=body.name if body else "")
    title = _("%(number)s 已到最上一级，仍未办结") % {"number": case.number}
    _tell_handlers(case, body, f"top:{case.round}", title, at)


def obstacle_of(case: Case, ladder: Ladder, at: datetime) -> str:
    """Name what holds a case up, and no person: what a unit last said was in its way, how long it is over its limit."""
    said = (Verb.HELP_ASKED, Verb.PAUSED, Verb.EXTENSION_ASKED, Verb.RETURN_ASKED)
    event = (
        case.events.filter(verb__in=said, at__gte=case.clock_from).exclude(words="").order_by("-pk").first()
    )
    days = max(1, (at - ladder.due) // timedelta(days=1))
    late = _("超过期限 %(days)d 天没有办结") % {"days": days}
    return f"{late}；{public_form(event.words)}" if event else late


def recompute_if_calendars_changed(at: datetime) -> int:
    """Count open cases anew when office hours or holidays are not what they were at the last run."""
    digest = calendars_digest()
    mark = CalendarMark.objects.order_by("-pk").first()
    if mark is not None and mark.digest == digest:
        return 0
    moved = 0 if mark is None else recompute(None, at=at)
    CalendarMark.objects.create(digest=digest, at=at)
    return moved


def calendars_digest() -> str:
    """Return the SHA-256 of all that deadlines are counted by."""
    holidays = Holiday.objects.order_by("day").values_list("day", "is_working")
    hours = WorkCalendar.objects.order_by("place_id").values_list(
        "place_id", "opens", "closes", "weekdays", "urgent_around_the_clock", "day_counts_from_next"
    )
    text = repr(list(holidays)) + repr(list(hours))
    return hashlib.sha256(text.encode()).hexdigest()


def recompute(place: Place | None, *, at: datetime) -> int:
    """Count the limits of open cases at `place` (None: everywhere) anew by today's calendar, with an event saying so.

    Closed cases keep their result; a parked one is counted when it goes on. Returns how many moved.
    """
    cases = Case.objects.unsolved().exclude(state=State.PAUSED)
    if place is not None:
        cases = cases.within(place)
    moved = 0
    for pk in cases.order_by("pk").values_list("pk", flat=True).iterator():
        moved += _recompute_one(pk, at)
    return moved


@transaction.atomic
def _recompute_one(pk: int, at: datetime) -> bool:
    case = locked(pk)
    before = case.due
    if case.state not in OPEN or case.state == State.PAUSED or not recount(case):
        return False
    keep(case, **remind_again(case))
    was, now = before.isoformat() if before else "", case.due.isoformat() if case.due else ""
    words = _("节假日或上班时间有变，期限重新计算：%(words)s") % {"words": case.due_words}
    happened(case, Verb.RECOMPUTED, at, words=words, before=was, after=now)
    title = _("%(number)s 的期限因放假安排有变") % {"number": case.number}
    tell_askers(case, f"recomputed:{case.version}", title, words, at)
    return True
