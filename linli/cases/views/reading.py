"""One address per case: the asker reads all of theirs, a handler works there, anyone reads what is public."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from linli.base.access import open_to_all, signed_in
from linli.base.addresses import address_for
from linli.base.asked import Asked
from linli.base.pages import page_of
from linli.cases.models import Case
from linli.cases.rules import Outcome, Rating, State, may_follow
from linli.cases.rules.sentences import own_sentence, sentence
from linli.cases.views.handling import handler_page
from linli.cases.views.speaking import RECEIPTS
from linli.cases.views.stories import files_of, steps_of, story_of

RELATED = (
    "category",
    "lead",
    "owner",
    "place",
    "estate",
    "community",
    "reporter",
    "parent",
    "duty_list",
    "proposed_lead",
)


@open_to_all
def case(request: Asked, token: str) -> HttpResponse:
    """Show the case as far as the caller may see it; a stranger to a private case gets 404."""
    now = timezone.localtime()
    person, memberships = request.person, request.memberships
    rows = Case.objects.select_related(*RELATED)
    found = rows.asked_by(person, request.session.get(RECEIPTS, []), now).filter(token=token).first()
    if found is not None:
        return own_page(request, found, now)
    found = rows.handled_by(memberships).filter(token=token).first() if memberships else None
    if found is not None:
        return handler_page(request, found, now)
    return public_page(request, get_object_or_404(rows.public(), token=token), now)


@open_to_all
def by_receipt(request: Asked, receipt: str) -> HttpResponse:
    """The address on a slip of paper: whoever holds it reads on, and this browser remembers it."""
    found = get_object_or_404(Case.objects.select_related(*RELATED), receipt=receipt)
    return own_page(request, found, timezone.localtime(), receipt=receipt)


@open_to_all
def receipt(request: Asked) -> HttpResponse:
    """Where somebody without an account types the code of their slip."""
    typed = "".join(request.GET.get("code", "").split()).lower()
    if not typed:
        return render(request, "cases/receipt.html", {"typed": ""})
    if Case.objects.filter(receipt=typed).exists():
        return redirect("cases:by_receipt", receipt=typed)
    return render(request, "cases/receipt.html", {"typed": typed, "is_wrong": True}, status=404)


def own_page(request: Asked, case: Case, now: datetime, *, receipt: str = "") -> HttpResponse:
    """Show all that the asker may know: everything but internal notes and who acted."""
    person = request.acting_for or request.person or (case.reporter if receipt else None)
    verdict = case.verdicts.waiting().filter(person=person).first() if person else None
    events = case.events.public().select_related("organisation").order_by("id")
    context = {
        "case": case,
        "now": now,
        "key": receipt,
        "sentence": own_sentence(story_of(case), now),
        "steps": steps_of(events, case),
        "files": files_of(case, released_only=False),
        "verdict": verdict,
        "outcomes": [choice for choice in Outcome.choices if choice[0] != Outcome.SILENT],
        "ratings": list(reversed(Rating.choices)),
        "may_reopen": case.closed_at is not None and may_follow(case.state, State.ASSIGNED),
        "may_withdraw": case.closed_at is None and case.state != State.RESOLVED,
        "may_tell_more": case.closed_at is None,
        "proof": address_for("transparency:receipt", case.number),
        "is_mine": person is not None and person == case.reporter,
        "alone": case.verdicts.filter(person=person).order_by("-round").first() if person else None,
    }
    return render(request, "cases/own.html", context)


def public_page(request: Asked, case: Case, now: datetime) -> HttpResponse:
    """Show what anyone may read: masked words, bodies, dates and released pictures; never who said it."""
    events = case.events.public().select_related("organisation").order_by("id")
    person = request.person
    mine = case.supporters.filter(person=person).first() if person else None
    context = {
        "case": case,
        "now": now,
        "sentence": sentence(story_of(case), now),
        "steps": steps_of(events, case),
        "files": files_of(case, released_only=True),
        "support": mine,
        "proof": address_for("transparency:receipt", case.number),
    }
    return render(request, "cases/public.html", context)


@signed_in
def mine(request: Asked) -> HttpResponse:
    """What I said, newest first; with ?show=followed what I also met with or follow."""
    person: Any = request.acting_for or request.person
    followed = request.GET.get("show") == "followed"
    rows = Case.objects.followed_by(person) if followed else Case.objects.of_person(person)
    page = page_of(rows.select_related("lead", "owner", "place", "estate"), request, ["-id"])
    now = timezone.localtime()
    lines = [(one, (sentence if followed else own_sentence)(story_of(one), now)) for one in page.rows]
    context = {"page": page, "lines": lines, "followed": followed, "now": now}
    return render(request, "cases/mine.html", context)
