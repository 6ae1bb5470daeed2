"""What the person who asked does with their case: answer, add, withdraw, ask again; and what neighbours do."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
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
from linli.cases.forms.speaking import plain
from linli.cases.models import Case
from linli.cases.rules import Outcome
from linli.cases.views.finding import Asker, own_case, require_more_than_paper

Act = Callable[[Asked, Case, Asker, datetime], str]
MOST_WORDS = 2000


def asker_act(act: Act) -> Callable[..., HttpResponse]:
    """Turn an act of the asker into a view: find their case, by who they are or the receipt they hold, act, go back."""

    @open_to_all
    @require_POST
    def view(request: Asked, token: str) -> HttpResponse:
        now = timezone.now()
        case, asker = own_case(request, token, now)
        words = act(request, case, asker, now)
        messages.success(request, words)
        return back_to_own(request, case)

    view.__name__ = act.__name__
    view.__doc__ = act.__doc__
    return view


def back_to_own(request: Asked, case: Case, more: str = "") -> HttpResponse:
    """Go back to the asker's page, by the receipt where that is what opened it."""
    key = request.POST.get("key", "")
    address = reverse("cases:by_receipt", args=[key]) if key else case.address
    return HttpResponseRedirect(address + more)


def words_typed(request: Asked, most: int = MOST_WORDS) -> str:
    """Return what was typed, refused where it is too long rather than cut."""
    words = plain(request.POST.get("words", "")).strip()
    require(len(words) <= most, _("最多写 %(n)s 字，请删去一些。") % {"n": most})
    return words


@open_to_all
@require_POST
def confirm(request: Asked, token: str) -> HttpResponse:
    """Solved, partly or not, with a rating in one tap; "I was urged" goes with it, confidential.

    "Not solved" tapped in a list opens the page for the words that go with it.
    """
    now = timezone.now()
    case, asker = own_case(request, token, now)
    require_more_than_paper(request, case)
    rating = request.POST.get("rating", "")
    outcome = request.POST.get("outcome", "") or (Outcome.SOLVED if rating else "")
    if outcome == Outcome.NOT_SOLVED and "words" not in request.POST:
        return back_to_own(request, case, "?not=1#verdict")
    verdict = actions.Verdict(
        outcome=outcome,
        rating=int(rating) if rating in {"1", "2", "3", "4", "5"} else None,
        words=words_typed(request),
        was_urged=request.POST.get("was_urged") == "1",
    )
    actions.confirm(case, asker.person, verdict, by=asker.by, at=now)
    if outcome == Outcome.NOT_SOLVED:
        messages.success(request, _("知道了，已经请他们重新办，重新计时。"))
    else:
        messages.success(request, _("谢谢您告诉我们。"))
    return back_to_own(request, case)


@asker_act
def tell_more(request: Asked, case: Case, asker: Asker, now: datetime) -> str:
    """Add words and photos."""
    actions.tell_more(case, words_typed(request), by=asker.by, at=now)
    photos = request.FILES.getlist("photos")
    kept = attachments.attach_all(photos, case.subject, "before", now, asker.by.subject)
    for refusal in kept.refusals:
        messages.warning(request, refusal)
    if kept.attachments:
        actions.photos_came(case, now)
    return _("补充好了，办理的人会看到。")


@asker_act
def withdraw(request: Asked, case: Case, asker: Asker, now: datetime) -> str:
    """Take it back."""
    require_more_than_paper(request, case)
    actions.withdraw(case, by=asker.by, at=now, words=words_typed(request, 200))
    return _("已经撤回。")


@asker_act
def reopen(request: Asked, case: Case, asker: Asker, now: datetime) -> str:
    """Ask again after either ending, with words."""
    actions.reopen(case, words_typed(request), by=asker.by, at=now)
    return _("已经请他们重新办，重新计时。")


@asker_act
def keep_private(request: Asked, case: Case, asker: Asker, now: datetime) -> str:
    """Take it off the public page, at any time."""
    actions.hide(case, by=asker.by, at=now, reason=_("提出人要求"))
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
