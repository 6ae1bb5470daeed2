"""How a case ends and comes back: only those who asked say that it is solved."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linli.base.errors import require
from linli.base.words import said as _
from linli.cases.actions.acting import (
    bodies_that_worked,
    keep,
    lock,
    locked,
    present,
    require_move,
    standing_for,
    works_there,
)
from linli.cases.actions.asking import drop_open_checks
from linli.cases.actions.binding import bind, release_units
from linli.cases.actions.deadlines import clock_of, reminding
from linli.cases.actions.filing import open_intake_todo
from linli.cases.actions.telling import (
    askers,
    happened,
    require_words,
    tell_askers,
    tell_body,
    tell_followers,
)
from linli.cases.actions.tiers import go_up
from linli.cases.actions.work import unpark
from linli.cases.models import Answer, Case, limits_at
from linli.cases.rules import OPEN, Outcome, Part, Rating, State, Verb, may_follow, outcome_of, window_ends
from linli.organisations.models import Organisation
from linli.organisations.rules import Power
from linli.people.models import Person, Proxy, may_act_for
from linli.todos import actions as todos

OWN_RULE = "谁提出，谁确认"
RATED_STATES = (State.RESOLVED, State.UNCONFIRMED)


@dataclass(frozen=True)
class Verdict:
    """What an asker says: the outcome, and if they like a rating (1–5), words, and that they were urged to press."""

    outcome: str
    rating: int | None = None
    words: str = ""
    was_urged: bool = False
    channel: str = "page"


@transaction.atomic
def confirm(case: Case, person: Person, verdict: Verdict, *, by: Person, at: datetime) -> Answer:
    """Say whether it is solved: the asker `person`, or for them their family or a worker of an uninvolved body.

    Never a worker of a body that did the work (rule: nobody confirms or rates their own body's work). Counts once a
    round; "not solved" needs words and starts another round, work and a clock by itself. The same again adds what
    was left out: a rating, or that somebody urged.
    """
    case = standing_for(lock(case))
    answer = _question(case, person)
    if answer.outcome == verdict.outcome and answer.answered_at is not None:
        return _with_more(case, answer, verdict, by=by, at=at)
    require(answer.answered_at is None, _("您已经回答过了。有变化请用“重新办理”或“补充情况”。"))
    _require_may_answer(case, person, by, at)
    return take_verdict(case, answer, verdict, by=by, at=at)


def _with_more(case: Case, answer: Answer, verdict: Verdict, *, by: Person, at: datetime) -> Answer:
    """Add to an answer the rating it lacked, or that somebody urged; what was said already stays as it is."""
    adds_rating = answer.rating is None and verdict.rating is not None
    if not adds_rating and not (verdict.was_urged and not answer.was_urged):
        return answer
    _require_may_answer(case, answer.person, by, at)
    _require_in_time(case, verdict, at)
    answer.rating = verdict.rating if adds_rating else answer.rating
    answer.was_urged = answer.was_urged or verdict.was_urged
    answer.save(update_fields=["rating", "was_urged"])
    if adds_rating:
        happened(case, Verb.ANSWERED, at, outcome=answer.outcome, rating=answer.rating)
    return answer


def _require_in_time(case: Case, verdict: Verdict, at: datetime) -> None:
    require(verdict.rating in (None, *Rating.values), _("评价请选 1 到 5。"))
    require(
        at <= _window_ends(case, at),
        _("确认的时间已经过了。如果又出现问题，请再说一件事，并写上原来的编号。"),
    )


def take_verdict(case: Case, answer: Answer, verdict: Verdict, *, by: Person, at: datetime) -> Answer:
    """Keep what an asker said and draw the consequences; the case is locked and whoever presses was checked."""
    require(
        verdict.outcome in (Outcome.SOLVED, Outcome.PARTLY, Outcome.NOT_SOLVED),
        _("请选一个：解决了、部分解决、没解决。"),
    )
    require(case.state in RATED_STATES, _("这件事还没有办结，等办结后再请您确认。"))
    _require_in_time(case, verdict, at)
    if verdict.outcome == Outcome.NOT_SOLVED:
        require_words(verdict.words, _("哪里没解决"))
    answer.outcome, answer.rating, answer.words = verdict.outcome, verdict.rating, verdict.words.strip()
    answer.was_urged, answer.channel, answer.answered_at = verdict.was_urged, verdict.channel, at
    answer.taken_by = by if by != answer.person else None
    answer.save()
    todos.close(answer.key, at)
    if answer.outcome == Outcome.NOT_SOLVED:
        work_again(case, answer.words, answer.person, at)
    else:
        happened(case, Verb.ANSWERED, at, outcome=answer.outcome, rating=answer.rating)
        settle(case, at)
    return answer


def _question(case: Case, person: Person) -> Answer:
    found = case.verdicts.filter(person=person, round=case.round).select_related("person").first()
    return present(found, _("只有提出这件事的人能说解决了没有；办结以后系统会来问。"), rule=OWN_RULE)


def _require_may_answer(case: Case, person: Person, by: Person, at: datetime) -> None:
    if by == person:
        return
    workers = bodies_that_worked(case) | ({case.owner_id} if case.owner_id else set())
    require(
        not works_there(by, workers, at),
        _("不能替居民确认或评价自己单位办的事。请让本人、家人确认，或由别的单位回访。"),
        rule=OWN_RULE,
    )
    family = may_act_for(by, person, Proxy.Scope.CASES, at)
    assisted = person.assisted.running(at).filter(worker=by).exists()
    require(
        family or assisted, _("只有本人、得到授权的家人，或正在代办的工作人员可以替他回答。"), rule=OWN_RULE
    )


def settle(case: Case, at: datetime) -> None:
    """Close the case if the answers of this round decide it; wait while somebody may still answer."""
    said = list(case.verdicts.filter(round=case.round).values_list("outcome", flat=True))
    state = outcome_of(said)
    if state in ("", State.ASSIGNED) or not may_follow(case.state, state):
        return
    keep(case, state=state, closed_at=case.closed_at or at, remind_at=None)
    if state == State.UNCONFIRMED:
        happened(case, Verb.UNCONFIRMED, at)
    else:
        happened(case, Verb.ANSWERED, at, outcome=state, is_final=True)
    title = _("您关注的%(number)s：%(state)s") % {"number": case.number, "state": case.get_state_display()}
    tell_followers(case, f"closed:{case.round}", title, at)


def work_again(case: Case, words: str, by: Person | None, at: datetime) -> None:
    """Start another round: new work and a new clock, in public view; so often "not solved" goes up a tier."""
    former = case.lead
    clock = clock_of(case)
    counted = clock.due_from(at)
    case.round += 1
    keep(
        case,
        state=State.ASSIGNED,
        round=case.round,
        clock_from=at,
        due=counted.at,
        due_words=counted.words,
        is_due_certain=counted.is_certain,
        resolved_at=None,
        closed_at=None,
        update_due=None,
        paused_minutes=0,
    )
    drop_open_checks(case, at)
    _drop_open_questions(case, at)
    limits = clock.limits
    goes_up = (case.round - 1) % limits.rounds_before_up == 0
    happened(case, Verb.REOPENED, at, by=by, organisation=former, words=words, round=case.round)
    if goes_up and go_up(case, Verb.WHISTLED, _("提出人 %(n)d 次说没解决") % {"n": case.round - 1}, at):
        return
    _order_again(case, former, at)
    title = _("%(number)s 没解决，已重新派办") % {"number": case.number}
    tell_askers(case, f"again:{case.round}", title, case.due_words, at)


def _order_again(case: Case, body: Organisation | None, at: datetime) -> None:
    body = present(body or case.proposed_lead or case.owner, _("还没有设服务台，不知道派给谁。"))
    clock = clock_of(case)
    order = bind(case, body, Part.LEAD, clock, by=None, at=at)
    keep(case, lead=body, **reminding(case, order, clock, anew=True))
    title = _("%(number)s 居民说没解决，请重办") % {"number": case.number}
    tell_body(case, body, f"again:{case.round}", Power.HANDLE, title, at)


def _drop_open_questions(case: Case, at: datetime) -> None:
    """Nobody answers for a round that is over: what others had not said yet is asked anew after the next."""
    waiting = case.verdicts.filter(outcome="", round__lt=case.round)
    for answer in waiting:
        todos.close(answer.key, at)
    waiting.delete()


@transaction.atomic
def reopen(case: Case, words: str, *, by: Person, at: datetime) -> Case:
    """Come back after either ending, within the window that the server counts from its own times.

    A worked case gets another round; a declined one goes back to the desk that declined it, in public view. Who was
    merged into another comes back to that one, and it is returned.
    """
    case = standing_for(lock(case))
    words = require_words(words, _("为什么要重新办"))
    require(_is_asker(case, by, at), _("只有提出的人和他的家人可以要求重新办理。"), rule=OWN_RULE)
    require(at <= _window_ends(case, at), _("已经过了可以重新办理的时间。请再说一件事，并写上原来的编号。"))
    if case.state in (State.DECLINED, State.ON_SPOT):
        take_up_again(case, words, by, at)
        return case
    require_move(case, State.ASSIGNED)
    require(case.state not in OPEN, _("这件事正在办，请用“补充情况”。"))
    if mine := _silence_of(case, by, at):
        mine.outcome, mine.words, mine.answered_at, mine.channel = Outcome.NOT_SOLVED, words, at, "page"
        mine.taken_by = by if by.pk != mine.person_id else None
        mine.save()
    work_again(case, words, by, at)
    return case


def _silence_of(case: Case, by: Person, at: datetime) -> Answer | None:
    """Return what `by`, or else the relative for whom they act, was asked in this round and has not answered."""
    waiting = case.verdicts.filter(round=case.round, outcome__in=("", Outcome.SILENT)).select_related(
        "person"
    )
    own = [answer for answer in waiting if may_act_for(by, answer.person, Proxy.Scope.CASES, at)]
    return next((answer for answer in own if answer.person_id == by.pk), next(iter(own), None))


def take_up_again(case: Case, words: str, by: Person, at: datetime) -> None:
    """Put a declined case, or one noted as solved on the spot, before the desk with a new clock."""
    clock = clock_of(case)
    counted = clock.due_from(at)
    keep(
        case,
        state=State.ACCEPTED,
        round=case.round + 1,
        clock_from=at,
        closed_at=None,
        resolved_at=None,
        lead=None,
        due=counted.at,
        due_words=counted.words,
        is_due_certain=counted.is_certain,
    )
    keep(case, **reminding(case, None, clock, anew=True))
    happened(case, Verb.REOPENED, at, by=by, words=words, round=case.round)
    open_intake_todo(case, at)


def _window_ends(case: Case, at: datetime) -> datetime:
    """Return until when it may come back, counted from when the server closed it; open: `at`."""
    return window_ends(case.closed_at, limits_at(case.place).reopen_days) if case.closed_at else at


def _is_asker(case: Case, by: Person, at: datetime) -> bool:
    return any(may_act_for(by, person, Proxy.Scope.CASES, at) for person in askers(case))


@transaction.atomic
def withdraw(case: Case, *, by: Person, at: datetime, words: str = "") -> Case:
    """Take back what one said, before it is resolved; not while merged neighbours still wait for it."""
    lock(case)
    require(
        case.reporter is not None and may_act_for(by, case.reporter, Proxy.Scope.CASES, at),
        _("只有提出的人和他的家人可以撤回。"),
        rule=OWN_RULE,
    )
    if case.state == State.WITHDRAWN:
        return case
    waiting = case.merged.filter(state=State.MERGED).count()
    require(
        not waiting,
        _("还有 %(n)d 位邻居的同一件事并在这里，不能整件撤回。不想再收消息，可以关掉通知。") % {"n": waiting},
    )
    require_move(case, State.WITHDRAWN)
    unpark(case, at)
    release_units(case, at)
    keep(case, state=State.WITHDRAWN, closed_at=at, remind_at=None, update_due=None)
    todos.close(case.subject, at)
    happened(case, Verb.WITHDRAWN, at, by=by, words=words)
    return case


def close_silent(answer: Answer, at: datetime) -> bool:
    """Let a question whose time is over count as silent; whether the whole case closed with it."""
    case = locked(answer.case_id)
    answer.refresh_from_db()
    if answer.outcome or answer.answer_by > at or answer.round != case.round:
        return False
    answer.outcome = Outcome.SILENT
    answer.save(update_fields=["outcome"])
    todos.close(f"{answer.key}:confirm", at)
    settle(case, at)
    return True
