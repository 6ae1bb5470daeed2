"""A worker says that a task is pointless, and its issuer answers by a date (C06, G03)."""

from datetime import datetime, time

from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext_lazy

from linli.base.errors import require
from linli.base.text import graphemes, shorten
from linli.base.words import said as _
from linli.organisations.models import Membership, Organisation, Tier
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.todos.actions.listing import close, put_todo
from linli.todos.models import Pointless, Todo, speaker_index
from linli.todos.rules import (
    LONGEST_ANSWER,
    LONGEST_WORDS,
    Outcome,
    Reason,
    answer_by,
    matter_of,
)


@transaction.atomic
def say_pointless(todo: Todo, reason: str, words: str, by: Person, at: datetime) -> Pointless:
    """Record that `todo` or the rule behind it is pointless; said again by the same person, nothing changes.

    The issuer (whose system asks, else the district above) gets a to-do to answer within 14 days.
    """
    require(reason in Reason.values, _("请点一个原因。"))
    words = words.strip()
    require(
        len(graphemes(words)) <= LONGEST_WORDS and len(words) <= LONGEST_WORDS,
        _("补充的话最多 %(n)s 个字，请写短一些。") % {"n": LONGEST_WORDS},
    )
    on = localtime(at).date()
    statement, is_new = Pointless.objects.get_or_create(
        once=speaker_index(by, todo.key),
        defaults={
            "speaker_index": speaker_index(by),
            "matter": _matter(todo),
            "origin": todo.origin,
            "reason": reason,
            "words": words,
            "said_on": on,
            "issuer": _issuer(todo, by, at),
            "answer_by": answer_by(on),
        },
    )
    if is_new:
        put_todo(
            _answer_key(statement),
            f"todos.Pointless:{statement.pk}",
            format_lazy("{words}：{matter}", words=gettext_lazy("答复减负意见"), matter=statement.matter),
            make_aware(datetime.combine(statement.answer_by, time(18))),
            reverse("todos:statement", args=[statement.token]),
            at,
            organisation=statement.issuer,
            power=Power.HANDLE,
            origin="todos",
        )
    return statement


@transaction.atomic
def answer_pointless(statement: Pointless, outcome: str, words: str, by: Person, at: datetime) -> Pointless:
    """Answer for the issuer; the first answer stands. `by` must handle its matters."""
    locked = Pointless.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=statement.pk)
    words = words.strip()
    roles = Membership.objects.current(by, localtime(at).date()).filter(organisation=locked.issuer)
    require(
        any(Power.HANDLE in role.powers for role in roles),
        _("这条意见由“%(body)s”答复。") % {"body": locked.issuer},
    )
    require(locked.answered_at is None, _("这条意见已经答复过了，请刷新页面看答复。"))
    require(outcome in Outcome.values, _("请选一个结果：取消、修改还是保留。"))
    require(bool(words), _("请写明怎么改、什么时候改，或者为什么保留。"))
    require(len(words) <= LONGEST_ANSWER, _("答复最多 %(n)s 个字，请写短一些。") % {"n": LONGEST_ANSWER})
    locked.outcome, locked.answer, locked.answered_at = outcome, words, at
    locked.save(update_fields=["outcome", "answer", "answered_at"])
    close(_answer_key(locked), at)
    return locked


def _answer_key(statement: Pointless) -> str:
    return f"todos.Pointless:{statement.pk}:answer"


def _matter(todo: Todo) -> str:
    words = todo.admission.task if todo.admission else matter_of(todo.title)
    return shorten(words, 60)[:60]


def _issuer(todo: Todo, by: Person, at: datetime) -> Organisation:
    """Say who answers: the body that asks from outside, else the district's centre, else the body itself."""
    if todo.admission:
        return todo.admission.system.organisation
    roles = list(Membership.objects.current(by, localtime(at).date()).select_related("place", "organisation"))
    require(bool(roles), _("减负意见由在岗的工作人员提出；您有话要说，请点页面下方的“说说邻里”。"))
    above = Organisation.objects.serving(roles[0].place).filter(tier=Tier.DISTRICT)
    return above.filter(is_desk=True).first() or above.first() or roles[0].organisation
