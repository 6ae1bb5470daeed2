"""One address per case: the asker reads all of theirs, a handler works there, anyone reads what is public."""

from datetime import datetime
from typing import Any
from unicodedata import normalize

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linli.base.access import open_to_all, signed_in
from linli.base.addresses import address_for
from linli.base.asked import Asked
from linli.base.pages import page_of
from linli.cases.models import Answer, Case, limits_at
from linli.cases.rules import Outcome, Rating, State, Visibility, may_follow, window_ends
from linli.cases.rules.sentences import own_sentence, sentence
from linli.cases.views.asking import answers_of
from linli.cases.views.finding import RELATED, Asker, asked_case, asker_of, holds_only_paper
from linli.cases.views.handling import handler_page
from linli.cases.views.lines import lines_of
from linli.cases.views.stories import files_of, is_running, steps_of, story_of

ANSWERABLE = (State.RESOLVED, State.UNCONFIRMED)
TAKEN_UP_AGAIN = (State.DECLINED, State.ON_SPOT)


@open_to_all
@require_safe
def case(request: Asked, token: str) -> HttpResponse:
    """Show the case as far as the caller may see it; a stranger to a private case gets 404.

    A worker reads their own as the asker; `?work` opens the working page where they handle it too.
    """
    now = timezone.localtime()
    rows = Case.objects.select_related(*RELATED)
    own = asked_case(request, token, now)
    handled = (
        rows.handled_by(request.memberships).filter(token=token).first() if request.memberships else None
    )
    if own is not None and (handled is None or (_is_mine(request, own) and "work" not in request.GET)):
        if own.token != token:
            return redirect("cases:case", token=own.token)
        return own_page(request, own, now, works_here=handled is not None)
    if handled is not None:
        return handler_page(request, handled, now)
    return _public(request, token, now)


def _is_mine(request: Asked, case: Case) -> bool:
    here = {who.pk for who in (request.person, request.acting_for) if who is not None}
    return case.reporter_id in here


def _public(request: Asked, token: str, now: datetime) -> HttpResponse:
    """Show the public page; of a public case that was merged, that of the one in which it goes on."""
    rows = Case.objects.select_related(*RELATED)
    found = rows.public().filter(token=token).first()
    if found is not None:
        return public_page(request, found, now)
    merged = rows.filter(state=State.MERGED, visibility=Visibility.PUBLIC)
    standing = get_object_or_404(merged, token=token).parent
    return redirect("cases:case", token=standing.token if standing else "")


@open_to_all
@require_safe
def by_receipt(request: Asked, receipt: str) -> HttpResponse:
    """The address on a slip of paper: whoever holds it reads on."""
    found = get_object_or_404(Case.objects.select_related(*RELATED), receipt=receipt)
    return own_page(request, found, timezone.localtime(), receipt=receipt)


@open_to_all
@require_safe
def receipt(request: Asked) -> HttpResponse:
    """Where somebody without an account types the code of their slip."""
    typed = request.GET.get("code", "").strip()
    code = "".join(sign for sign in normalize("NFKC", typed).lower() if sign.isalnum())
    if not code:
        return render(request, "cases/receipt.html", {"typed": ""})
    if Case.objects.filter(receipt=code).exists():
        return redirect("cases:by_receipt", receipt=code)
    return render(request, "cases/receipt.html", {"typed": typed, "is_wrong": True}, status=404)


def own_page(
    request: Asked, case: Case, now: datetime, *, receipt: str = "", works_here: bool = False
) -> HttpResponse:
    """Show all that the asker may know: everything but internal notes and who acted."""
    asker = asker_of(request, case)
    standing = case.parent if case.state == State.MERGED and case.parent else case
    answer = _answer(standing, asker)
    may_act = asker is not None and not holds_only_paper(request, case)
    is_asked = _is_asked(standing, answer, now)
    events = case.events.public().select_related("organisation").order_by("id")
    context = {
        "case": case,
        "standing": standing,
        "now": now,
        "key": receipt,
        "is_running": is_running(case),
        "sentence": own_sentence(story_of(standing if is_asked else case), now),
        "steps": steps_of(events, case),
        "files": files_of(case, released_only=False, key=receipt),
        "after": files_of(standing, released_only=True)["after"] if standing != case else [],
        "answers": answers_of(case),
        "answer": answer,
        "is_asked": is_asked and may_act,
        "may_add": may_act and _is_in_window(standing, now),
        "only_paper": is_asked and not may_act,
        "ratings": list(reversed(Rating.choices)),
        "may_reopen": asker is not None and not is_asked and _may_come_back(standing, now),
        "may_withdraw": may_act and may_follow(case.state, State.WITHDRAWN),
        "may_tell_more": asker is not None and standing.closed_at is None,
        "works_here": works_here,
        "proof": address_for("transparency:receipt", case.number),
    }
    return render(request, "cases/own.html", context)


def _answer(standing: Case, asker: Asker | None) -> Answer | None:
    """Return the asker's answer of this round, or what still waits for it."""
    if asker is None:
        return None
    return standing.verdicts.filter(person=asker.person, round=standing.round).first()


def _is_asked(standing: Case, answer: Answer | None, now: datetime) -> bool:
    """Whether the asker may say now if it is solved: when asked, and after that while it may come back."""
    if answer is None or answer.outcome not in ("", Outcome.SILENT) or standing.state not in ANSWERABLE:
        return False
    return _is_in_window(standing, now)


def _may_come_back(case: Case, now: datetime) -> bool:
    returns = may_follow(case.state, State.ASSIGNED) or case.state in TAKEN_UP_AGAIN
    return case.closed_at is not None and returns and _is_in_window(case, now)


def _is_in_window(case: Case, now: datetime) -> bool:
    return case.closed_at is None or now <= window_ends(case.closed_at, limits_at(case.place).reopen_days)


def public_page(request: Asked, case: Case, now: datetime) -> HttpResponse:
    """Show what anyone may read: never who asked or who acted."""
    events = case.events.public().select_related("organisation").order_by("id")
    person = request.person
    mine = case.supporters.filter(person=person).first() if person else None
    context = {
        "case": case,
        "now": now,
        "is_running": is_running(case),
        "sentence": sentence(story_of(case), now),
        "steps": steps_of(events, case),
        "files": files_of(case, released_only=True),
        "support": mine,
        "proof": address_for("transparency:receipt", case.number),
    }
    return render(request, "cases/public.html", context)


@signed_in
@require_safe
def mine(request: Asked) -> HttpResponse:
    """What I said, newest first; with ?show=followed what I also met with or follow."""
    person: Any = request.acting_for or request.person
    followed = request.GET.get("show") == "followed"
    rows = Case.objects.followed_by(person) if followed else Case.objects.of_person(person)
    page = page_of(rows.select_related("lead", "owner", "place", "estate"), request, ["-id"])
    now = timezone.localtime()
    lines = lines_of(page.rows, now, is_public=followed, is_own=not followed)
    context = {"page": page, "lines": lines, "followed": followed, "now": now}
    return render(request, "cases/mine.html", context)
