"""Those who did none of the work: checking where nobody asked (核查), and calling back (回访)."""

from datetime import datetime

from django.db import transaction

from linli.base.errors import require
from linli.base.words import said as _
from linli.cases.actions.acting import (
    bodies_that_worked,
    desk_seat,
    keep,
    lock,
    locked,
    present,
    require_move,
    seat,
    works_there,
)
from linli.cases.actions.asking import call_later, open_check
from linli.cases.actions.closing import OWN_RULE, Verdict, take_verdict, work_again
from linli.cases.actions.telling import happened, require_words, tell_followers
from linli.cases.models import Answer, CallBack, Case, Check, limits_at
from linli.cases.rules import Outcome, State, Verb, sampled
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.todos import actions as todos

CALL = "call_back"


@transaction.atomic
def ask_check(case: Case, *, by: Person, at: datetime) -> Check:
    """Let the desk that wants certainty ask another body to look at what was said to be done."""
    lock(case)
    desk_seat(case, by, at)
    require(case.state == State.RESOLVED, _("办结以后才能请人核查。"))
    return present(open_check(case, at), _("没有找到没参与办理的核查单位。请先在组织里设好核查回访单位。"))


@transaction.atomic
def check(check: Check, is_passed: bool, words: str, *, by: Person, at: datetime) -> Check:
    """Say what was found on the spot. Where nobody asked, a pass closes the case and is shown as a check."""
    case = locked(check.case_id)
    check.refresh_from_db(from_queryset=Check.objects.select_related("organisation"))
    if check.checked_at is not None:
        require(check.is_passed == is_passed, _("这件事已经核查过了，请刷新看结果。"))
        return check
    membership = seat(by, [check.organisation], [Power.CHECK, Power.ARBITRATE], at)
    _require_uninvolved(case, by, at)
    words = words.strip() if is_passed else require_words(words, _("现场还有什么问题"))
    check.checked_at, check.checked_by, check.is_passed, check.words = at, by, is_passed, words[:500]
    check.save(update_fields=["checked_at", "checked_by", "is_passed", "words"])
    todos.close(check.key, at)
    if not is_passed and case.state == State.RESOLVED:
        happened(
            case, Verb.CHECKED, at, by=by, organisation=membership.organisation, words=words, passed=False
        )
        work_again(case, words, by, at)
        return check
    if case.state == State.RESOLVED and not case.verdicts.filter(round=case.round).exists():
        require_move(case, State.CHECKED)
        keep(case, state=State.CHECKED, closed_at=at, remind_at=None)
        title = _("您关注的%(number)s：核查属实") % {"number": case.number}
        tell_followers(case, f"closed:{case.round}", title, at)
    happened(
        case, Verb.CHECKED, at, by=by, organisation=membership.organisation, words=words, passed=is_passed
    )
    return check


def sample_call(answer: Answer, at: datetime) -> CallBack | None:
    """Draw whether somebody who did not answer is called: the same draw whoever draws, within their budget."""
    case = answer.case
    limits = limits_at(case.place)
    if not sampled(case.token, answer.person.token, answer.round, limits.call_back_share):
        return None
    return call_later(case, answer, limits, _("没有回音的件里随机抽中"), at)


@transaction.atomic
def call_back(
    call: CallBack, *, was_reached: bool, by: Person, at: datetime, verdict: Verdict | None = None
) -> CallBack:
    """Write down a call by a body that did none of the work: what the asker said, or that nobody was reached.

    One call answers for whoever asks (no 多头回访); an unanswered one is not repeated.
    """
    answer = Answer.objects.select_related("person").get(pk=call.answer_id)
    case = locked(answer.case_id)
    call.refresh_from_db(from_queryset=CallBack.objects.select_related("organisation"))
    answer.refresh_from_db()
    membership = seat(by, [call.organisation], [Power.CHECK], at)
    _require_uninvolved(case, by, at)
    require(call.called_at is None, _("这个回访已经有人打过了，不用再打。"))
    require(not was_reached or verdict is not None, _("接通了请选居民怎么说：解决了、部分解决、没解决。"))
    call.called_at, call.called_by, call.was_reached = at, by, was_reached
    call.save(update_fields=["called_at", "called_by", "was_reached"])
    todos.close(f"{answer.key}:call", at)
    happened(case, Verb.CALLED_BACK, at, by=by, organisation=membership.organisation, reached=was_reached)
    if was_reached and verdict is not None and answer.outcome in ("", Outcome.SILENT):
        said = Verdict(verdict.outcome, verdict.rating, verdict.words, verdict.was_urged, CALL)
        take_verdict(case, answer, said, by=by, at=at)
    return call


def _require_uninvolved(case: Case, by: Person, at: datetime) -> None:
    require(
        not works_there(by, bodies_that_worked(case), at),
        _("参与办理的单位不能核查或回访自己办的事。请换别的单位。"),
        rule=OWN_RULE,
    )
