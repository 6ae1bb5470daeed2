"""Asking those who asked: once per round, each for themselves; another body looks where nobody asked."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from linli.base import worktime
from linli.base.words import said as _
from linli.base.worktime import Unit
from linli.cases.actions.acting import bodies_that_worked, holds
from linli.cases.actions.deadlines import clock_of
from linli.cases.actions.telling import act, askers, happened, open_case_todo, tell_askers
from linli.cases.models import Answer, CallBack, Case, Check
from linli.cases.rules import Limits, Outcome, Verb, to_call_first
from linli.organisations.models import Membership, Organisation
from linli.organisations.rules import Power, roles_with
from linli.people.models import Account
from linli.todos import actions as todos


def ask_askers(case: Case, at: datetime) -> None:
    """Ask each asker of a resolved case once; where nobody asked, another body checks (核查)."""
    people = askers(case)
    if not people:
        open_check(case, at)
        return
    clock = clock_of(case)
    answer_by = worktime.due(at, clock.limits.confirm_days, Unit.WORKING_DAY, clock.calendar).at
    asked = set(case.verdicts.filter(round=case.round).values_list("person_id", flat=True))
    for person in people:
        if person.pk not in asked:
            answer = Answer.objects.create(
                case=case, person=person, round=case.round, asked_at=at, answer_by=answer_by
            )
            _ask(case, answer, clock.limits, at)
    happened(case, Verb.ASKED, at, answer_by=answer_by.isoformat())
    title = _("%(number)s 办完了，解决了吗？") % {"number": case.number}
    tell_askers(case, f"asked:{case.round}", title, case.public_answer, at, people=people)


def _ask(case: Case, answer: Answer, limits: Limits, at: datetime) -> None:
    choices = (Outcome.SOLVED, Outcome.PARTLY, Outcome.NOT_SOLVED)
    acts = [act(str(choice.label), case, "confirm", outcome=choice.value) for choice in choices]
    title = _("解决了吗？%(title)s") % {"title": case.title}
    open_case_todo(
        case, f"{answer.key}:confirm", title, answer.answer_by, at, person=answer.person, acts=acts
    )
    person = answer.person
    age = localdate(at).year - person.birth_year if person.birth_year else None
    has_page = bool(person.phone_index) or Account.objects.filter(persons=person).exists()
    if to_call_first(channel=case.channel, has_page=has_page, age=age, elder_age=limits.elder_age):
        call_later(case, answer, limits, _("电话、当面反映或年长的人，先由人来问"), at)


def call_later(case: Case, answer: Answer, limits: Limits, reason: str, at: datetime) -> CallBack | None:
    """Put a call to the asker on the list of a body that did none of the work, within the person's budget."""
    if CallBack.objects.filter(answer=answer).exists():
        return None
    since = at - timedelta(days=limits.call_back_days)
    calls = CallBack.objects.filter(answer__person=answer.person, asked_at__gte=since)
    body = other_body(case, Power.CHECK)
    if body is None or calls.count() >= limits.call_back_budget:
        return None
    call = CallBack.objects.create(answer=answer, organisation=body, reason=reason, asked_at=at)
    title = _("回访：%(title)s") % {"title": case.title}
    due = max(answer.answer_by, at)
    whose = {"organisation": body, "power": Power.CHECK}
    open_case_todo(case, f"{answer.key}:call", title, due, at, **whose)
    return call


def open_check(case: Case, at: datetime) -> Check | None:
    """Ask a body that did none of the work to look; None (and the case stays resolved) where there is none."""
    body = other_body(case, Power.CHECK) or other_body(case, Power.ARBITRATE)
    found = case.checks.filter(checked_at=None).first()
    if body is None or found is not None:
        return found
    clock = clock_of(case)
    due = worktime.due(at, clock.limits.confirm_days, Unit.WORKING_DAY, clock.calendar).at
    check = Check.objects.create(case=case, organisation=body, round=case.round, asked_at=at)
    happened(case, Verb.CHECK_ASKED, at, organisation=body)
    power = Power.CHECK if holds(body, Power.CHECK, at) else Power.ARBITRATE
    title = _("核查：%(title)s") % {"title": case.title}
    acts = [act(_("属实"), case, "check", is_passed="1")]
    open_case_todo(case, check.key, title, due, at, organisation=body, power=power, acts=acts)
    return check


def drop_open_checks(case: Case, at: datetime) -> None:
    """Let nobody look at what is worked on again or goes on elsewhere."""
    for check in case.checks.filter(checked_at=None):
        todos.close(check.key, at)
        check.delete()


def other_body(case: Case, power: str) -> Organisation | None:
    """Return the nearest body serving the place that can use `power` and did none of the work."""
    holders = Membership.objects.filter(role__in=roles_with(power), until=None).values("organisation")
    serving = Organisation.objects.serving(case.place).filter(pk__in=holders)
    return serving.exclude(pk__in=bodies_that_worked(case)).first()
