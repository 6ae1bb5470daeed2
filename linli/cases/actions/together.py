"""One matter, several people: me-too, following, merging and splitting, each with its undo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linli.base.errors import require
from linli.base.words import said as _
from linli.cases.actions.acting import desk_seat, keep, lock, present, require_move
from linli.cases.actions.asking import ask_askers, drop_open_checks
from linli.cases.actions.binding import release_units
from linli.cases.actions.closing import settle
from linli.cases.actions.deadlines import clock_by, decided_fields, remind_again, reminding
from linli.cases.actions.filing import open_intake_todo, tiers_of
from linli.cases.actions.numbering import take_number
from linli.cases.actions.telling import askers, happened, public_form, require_words, tell_askers
from linli.cases.actions.work import unpark
from linli.cases.models import Case, Support
from linli.cases.rules import CLOSED, OPEN, State, Verb, Visibility, title_of
from linli.duties import actions as duties
from linli.duties.models import Category
from linli.people.models import Person, Proxy, may_act_for
from linli.todos import actions as todos

MAY_JOIN = (State.FILED, State.ACCEPTED)


@transaction.atomic
def support(case: Case, person: Person, *, at: datetime) -> Support:
    """Say "me too" (也遇到) instead of filing again; pressing twice counts once."""
    return _stand_by(case, person, at, only_follow=False)


@transaction.atomic
def follow(case: Case, person: Person, *, at: datetime) -> Support:
    """Hear how it goes without having met with it."""
    return _stand_by(case, person, at, only_follow=True)


def _stand_by(case: Case, person: Person, at: datetime, *, only_follow: bool) -> Support:
    lock(case)
    require(case.visibility == Visibility.PUBLIC, _("这件事没有公开，不能附议或关注。请自己说一件事。"))
    require(person.pk != case.reporter_id, _("这是您自己说的事，进展会告诉您。"))
    standing, is_new = Support.objects.get_or_create(
        case=case, person=person, defaults={"at": at, "is_following_only": only_follow}
    )
    if not is_new and standing.is_following_only and not only_follow:
        standing.is_following_only = False
        standing.save(update_fields=["is_following_only"])
    _recount_supports(case)
    return standing


@transaction.atomic
def unfollow(case: Case, person: Person, *, at: datetime) -> None:
    """Take back me-too and following."""
    lock(case)
    case.supporters.filter(person=person).delete()
    _recount_supports(case)


def _recount_supports(case: Case) -> None:
    keep(case, supports=case.supporters.filter(is_following_only=False).count())


@transaction.atomic
def join(case: Case, earlier: Case, *, by: Person | None, at: datetime) -> Case:
    """Let an asker say that theirs is the same as an earlier public matter: both go on as one, each is asked."""
    lock(case)
    own = case.reporter is None or (by is not None and may_act_for(by, case.reporter, Proxy.Scope.CASES, at))
    require(own, _("只有提出的人可以说“是同一件”。"))
    return _merge(case, earlier, by, at, _("提出人说是同一件事"))


@transaction.atomic
def merge(case: Case, into: Case, *, by: Person, at: datetime, reason: str = "") -> Case:
    """Put a case into another of the same community; every reporter is told and later asked for themselves."""
    lock(case)
    desk_seat(case, by, at)
    return _merge(case, into, by, at, reason)


def _merge(case: Case, into: Case, by: Person | None, at: datetime, reason: str) -> Case:
    if case.state == State.MERGED and case.parent_id == into.pk:
        return case
    lock(into)
    require(case.pk != into.pk, _("不能并到自己。"))
    require(case.community_id == into.community_id, _("只能并到同一个社区的事。"))
    require(into.state in OPEN or into.state == State.RESOLVED, _("那件事已经结束，不能再并进去。"))
    require(not case.merged.exists(), _("这件事里已经并入了别的事，请反过来并。"))
    require_move(case, State.MERGED)
    before = State.FILED if case.state == State.FILED else State.ACCEPTED
    unpark(case, at)
    release_units(case, at)
    drop_open_checks(case, at)
    for answer in case.verdicts.filter(outcome=""):
        todos.close(answer.key, at)
        answer.delete()
    keep(case, state=State.MERGED, parent=into, closed_at=at, remind_at=None, update_due=None, lead=None)
    keep(into)
    todos.close(case.subject, at)
    happened(case, Verb.MERGED, at, by=by, words=reason, into=into.number, before=before)
    happened(into, Verb.JOINED, at, by=by, merged=case.number)
    title = _("%(number)s 和另一件是同一件事，已合并办理") % {"number": case.number}
    body = _("合并到 %(number)s。办好以后同样会来问您。") % {"number": into.number}
    tell_askers(case, f"merged:{into.pk}", title, body, at)
    if into.state == State.RESOLVED:
        ask_askers(into, at)
    return case


@transaction.atomic
def unmerge(case: Case, *, by: Person, at: datetime, reason: str) -> Case:
    """Undo a wrong merge: the case goes on by itself with the clock it always had."""
    lock(case)
    desk_seat(case, by, at)
    reason = require_words(reason, _("为什么不是同一件"))
    require(case.state == State.MERGED, _("这件事没有并入别的事。"))
    parent = lock(present(case.parent, _("这件事没有并入别的事。")))
    event = case.events.filter(verb=Verb.MERGED).order_by("-pk").first()
    state = event.details.get("before", State.ACCEPTED) if event else State.ACCEPTED
    require_move(case, state)
    keep(case, state=state, parent=None, closed_at=None, resolved_at=None)
    keep(case, **remind_again(case))
    _ask_no_longer(parent, case.reporter, at)
    happened(case, Verb.UNMERGED, at, by=by, words=reason, parent=parent.number)
    title = _("%(number)s 改为单独办理") % {"number": case.number}
    tell_askers(case, f"unmerged:{case.version}", title, reason, at)
    open_intake_todo(case, at)
    return case


def _ask_no_longer(parent: Case, person: Person | None, at: datetime) -> None:
    """Let go of the question to somebody who asks nothing here any more; the others decide, or another body looks."""
    if person is None or person in askers(parent):
        return
    for answer in parent.verdicts.filter(person=person, outcome=""):
        todos.close(answer.key, at)
        answer.delete()
    if parent.state != State.RESOLVED:
        return
    if parent.verdicts.filter(round=parent.round).exists():
        settle(parent, at)
    else:
        ask_askers(parent, at)


@dataclass(frozen=True)
class Portion:
    """One part of a mixed matter (物业的归物业，公家的归公家), with words and category of its own."""

    text: str
    category: Category
    title: str = ""


@transaction.atomic
def split(case: Case, portions: Sequence[Portion], *, by: Person, at: datetime) -> list[Case]:
    """Split parts off a mixed case: each is linked, has its own duty and keeps the clock of the first filing."""
    lock(case)
    membership = desk_seat(case, by, at)
    require(case.state in OPEN, _("已经办结的事不能再拆。"))
    require(bool(portions), _("请至少写一个要拆出来的部分。"))
    parts = [_part_of(case, portion, by, at) for portion in portions]
    keep(case)
    numbers = [part.number for part in parts]
    happened(case, Verb.SPLIT, at, by=by, organisation=membership.organisation, parts=numbers)
    title = _("%(number)s 分成几部分办理") % {"number": case.number}
    tell_askers(case, f"split:{case.version}", title, "、".join(numbers), at)
    return parts


def _part_of(case: Case, portion: Portion, by: Person, at: datetime) -> Case:
    decision = duties.decide(portion.category, case.place, case.filed_at)
    text = require_words(portion.text, _("这一部分是什么事"))
    title = title_of(portion.title, text)
    part = Case(
        matter=portion.category.matter,
        channel=case.channel,
        title=title,
        text=text,
        reporter=case.reporter,
        filed_by=by,
        filed_at=case.filed_at,
        clock_from=case.filed_at,
        responded_at=case.responded_at,
        place=case.place,
        place_words=case.place_words,
        latitude=case.latitude,
        longitude=case.longitude,
        owner=case.owner,
        tier=case.tier,
        split_from=case,
        visibility=case.visibility if portion.category.is_public else Visibility.PRIVATE,
        public_title=public_form(title)[:120],
        public_text=public_form(text),
        **tiers_of(case.place),
    )
    for name, value in decided_fields(portion.category, decision).items():
        setattr(part, name, value)
    for name, value in reminding(part, None, clock_by(decision)).items():
        setattr(part, name, value)
    part.number = take_number(at)
    part.save()
    happened(part, Verb.FILED, at, by=by, split_from=case.number, because=part.because)
    duties.note_gap(decision, part.subject, at)
    open_intake_todo(part, at)
    return part


@transaction.atomic
def unsplit(part: Case, *, by: Person, at: datetime, reason: str) -> Case:
    """Undo a split: the part goes back into the case it came from, which must still be open."""
    lock(part)
    desk_seat(part, by, at)
    reason = require_words(reason, _("为什么不用拆"))
    require(part.state not in CLOSED, _("这件事已经结束，不用再合回去。"))
    whole = present(part.split_from, _("这件事不是拆出来的。"))
    _merge(part, whole, by, at, reason)
    happened(whole, Verb.UNSPLIT, at, by=by, words=reason, part=part.number)
    return part
