"""Taking in what people say by telephone, at the counter and at the door; nothing is typed twice."""

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.cases import actions
from linli.cases.forms.intake import IntakeForm
from linli.cases.forms.speaking import answers_in
from linli.cases.models import Case
from linli.cases.rules import Channel
from linli.cases.views import drafts
from linli.cases.views.asking import ask_first
from linli.duties.models import Category
from linli.organisations.models import Membership
from linli.organisations.rules import Power
from linli.people import actions as people
from linli.people.models import Person
from linli.places import actions as places
from linli.places.actions import Choice
from linli.places.models import Place, PlaceQuerySet


def own_scope(request: Asked) -> PlaceQuerySet:
    """Return the places for which the caller takes things in."""
    seats: list[Membership] = [m for m in request.memberships if Power.INTAKE in m.powers]
    return Place.objects.live().within_any([m.place for m in seats])


def _form(request: Asked, once: str = "") -> IntakeForm:
    categories = Category.objects.leaves()
    if once:
        data = request.POST.copy()
        data["once"] = once
        return IntakeForm(data, request.FILES, categories=categories)
    channel = request.assisting.channel if request.assisting else request.GET.get("channel", "")
    initial = {"channel": channel or Channel.TELEPHONE, "once": secrets.token_urlsafe(24)}
    return IntakeForm(initial=initial, categories=categories)


def _resident(request: Asked, cleaned: dict[str, Any], now: datetime) -> Person | None:
    """Return for whom it is filed: the assisted resident, or whoever left a name or number; None is a patrol's own."""
    if request.assisting is not None:
        return request.assisting.resident  # type: ignore[no-any-return]
    name, phone = cleaned["name"], cleaned["phone"]
    return people.register(name, phone, now, request.person) if name or phone else None


@staff(Power.INTAKE)
def intake(request: Asked) -> HttpResponse:
    """One form for telephone, counter, visit and patrol; "solved on the spot" is the second button."""
    if request.method != "POST":
        return _show(request, _form(request), Choice("place", place=only_place(request)))
    now, once = timezone.now(), drafts.key_of(request)
    if (before := drafts.filed_before(once)) is not None:
        return redirect("cases:taken", token=before.token)
    refusals = drafts.keep_files(request, once, now)
    form, choice = _form(request, once), places.choose(request.POST, "place", own_scope(request))
    form.has_attachment = bool(drafts.count_files(once))
    if not form.is_valid() or choice.place is None:
        return _refused(request, form, choice, refusals, once)
    place, chosen = choice.place, form.cleaned_data["category"]
    if "on_the_spot" not in request.POST and (
        page := ask_first(request, chosen, form.cleaned_data["text"], once)
    ):
        return page
    case = tried(form, lambda: _take(request, form, place, once, now))
    if case is None:
        return _refused(request, form, choice, refusals, once)
    drafts.hand_over(request, once, case, refusals)
    return redirect("cases:taken", token=case.token)


def _refused(
    request: Asked, form: IntakeForm, choice: Choice, refusals: list[str], once: str
) -> HttpResponse:
    drafts.say_refused(form, refusals)
    return _show(request, form, choice, kept=drafts.count_files(once), status=422)


def _show(
    request: Asked, form: IntakeForm, choice: Choice, *, kept: int = 0, status: int = 200
) -> HttpResponse:
    context = {"form": form, "choice": choice, "kept": kept, "assisting": request.assisting}
    return render(request, "cases/intake.html", context, status=status)


def only_place(request: Asked) -> Place | None:
    """Return the community for which the caller takes things in, where it is one."""
    seats = {m.place_id: m.place for m in request.memberships if Power.INTAKE in m.powers}
    return next(iter(seats.values())) if len(seats) == 1 else None


def _take(request: Asked, form: IntakeForm, place: Place, once: str, now: datetime) -> Case:
    cleaned, worker = form.cleaned_data, request.person
    chosen = cleaned["category"]
    guessed = None if chosen else actions.pressing_category(cleaned["text"])
    category, answers = answers_in(request.POST, chosen, guessed)
    said = actions.Said(
        text=cleaned["text"],
        place=place,
        channel=cleaned["channel"],
        category=category,
        answers=answers,
        place_words=cleaned["where"],
        is_private=cleaned["is_private"],
        has_attachment=form.has_attachment,
    )
    resident = _resident(request, cleaned, now)
    if "on_the_spot" in request.POST:
        done = cleaned["done"]
        return actions.solve_on_the_spot(said, resident=resident, by=worker, at=now, words=done, once=once)
    return actions.file_for(said, resident=resident, by=worker, at=now, once=once)


@staff(Power.INTAKE)
@require_safe
def taken(request: Asked, token: str) -> HttpResponse:
    """The receipt to read out or print for the person: number, code to follow it with, and until when.

    Only who wrote it down reads the code: to anybody else it would open what is the asker's own.
    """
    own = Case.objects.handled_by(request.memberships).filter(filed_by=request.person)
    case = get_object_or_404(own.select_related("place", "category", "reporter"), token=token)
    full = f"{settings.PUBLIC_ADDRESS}/cases/r/{case.receipt}/"
    return render(request, "cases/taken.html", {"case": case, "full": full, "now": timezone.localtime()})
