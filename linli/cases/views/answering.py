"""What the person who asked does with their case: answer, add, withdraw, ask again; and what neighbours do."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from linli.attachments import actions as attachments
from linli.base.access import open_to_all, signed_in
from linli.base.asked import Asked
from linli.base.errors import require
from linli.cases import actions
from linli.cases.models import Case
from linli.cases.rules import Outcome
from linli.cases.views.speaking import RECEIPTS
from linli.people.models import Person

Act = Callable[[Asked, Case, Person, datetime], str]


def asker_act(act: Act) -> Callable[..., HttpResponse]:
    """Turn an act of the asker into a view: find their case, by who they are or the receipt they hold, act, go back."""

    @open_to_all
    @require_POST
    def view(request: Asked, token: str) -> HttpResponse:
        now = timezone.now()
        case, person = own_case(request, token, now)
        words = act(request, case, person, now)
        messages.success(request, words)
        key = request.POST.get("key")
        return redirect("cases:by_receipt", receipt=key) if key else redirect("cases:case", token=token)

    view.__name__ = act.__name__
    view.__doc__ = act.__doc__
    return view


def own_case(request: Asked, token: str, now: datetime) -> tuple[Case, Person]:
    """Return the case and who acts on it: the asker, family who may act for them, or the holder of the receipt.

    A worker in an assisted session is no asker: nobody confirms or rates others' work on somebody's behalf.
    """
    person = request.person
    receipts = request.session.get(RECEIPTS, [])
    key = request.POST.get("key", "")
    rows = Case.objects.asked_by(person, [*receipts, key] if key else receipts, now)
    case = get_object_or_404(rows.select_related("reporter"), token=token)
    who = person or case.reporter
    require(
        who is not None,
        _("您没有留下姓名或电话，这里没法确认是您。请打社区电话，报编号 %(number)s。")
        % {"number": case.number},
    )
    return case, who


@asker_act
def confirm(request: Asked, case: Case, person: Person, now: datetime) -> str:
    """Solved, partly or not, with a rating in one tap; "I was urged" goes with it, confidential."""
    rating, outcome = request.POST.get("rating", ""), request.POST.get("outcome", "")
    verdict = actions.Verdict(
        outcome=outcome,
        rating=int(rating) if rating in {"1", "2", "3", "4", "5"} else None,
        words=request.POST.get("words", "")[:2000],
        was_urged=request.POST.get("was_urged") == "1",
    )
    asker = request.acting_for if request.acting_for and not request.assisting else person
    actions.confirm(case, asker, verdict, by=person, at=now)
    if outcome == Outcome.NOT_SOLVED:
        return _("知道了，已经请他们重新办，重新计时。")
    return _("谢谢您告诉我们。")


@asker_act
def tell_more(request: Asked, case: Case, person: Person, now: datetime) -> str:
    """Add words and photos."""
    actions.tell_more(case, request.POST.get("words", "")[:2000], by=person, at=now)
    by = f"people.Person:{person.pk}"
    kept = attachments.attach_all(request.FILES.getlist("photos"), case.subject, "before", now, by)
    for refusal in kept.refusals:
        messages.warning(request, refusal)
    return _("补充好了，办理的人会看到。")


@asker_act
def withdraw(request: Asked, case: Case, person: Person, now: datetime) -> str:
    """Take it back."""
    actions.withdraw(case, by=person, at=now, words=request.POST.get("words", "")[:200])
    return _("已经撤回。")


@asker_act
def reopen(request: Asked, case: Case, person: Person, now: datetime) -> str:
    """Ask again after either ending, with words."""
    actions.reopen(case, request.POST.get("words", "")[:2000], by=person, at=now)
    return _("已经请他们重新办，重新计时。")


@asker_act
def keep_private(request: Asked, case: Case, person: Person, now: datetime) -> str:
    """Take it off the public page, at any time."""
    actions.hide(case, by=person, at=now, reason=_("提出人要求"))
    return _("已经改为不公开。")


def neighbour_act(act: Callable[..., Any], words: Promise) -> Callable[..., HttpResponse]:
    """Turn an act of a neighbour on a public case into a view."""

    @signed_in
    @require_POST
    def view(request: Asked, token: str) -> HttpResponse:
        case = get_object_or_404(Case.objects.public(), token=token)
        act(case, request.person, at=timezone.now())
        messages.success(request, str(words))
        return redirect("cases:case", token=token)

    return view


support = neighbour_act(actions.support, gettext_lazy("记下了，办好了也告诉您。"))
follow = neighbour_act(actions.follow, gettext_lazy("关注了，有进展告诉您。"))
unfollow = neighbour_act(actions.unfollow, gettext_lazy("已经取消。"))
