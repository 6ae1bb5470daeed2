"""Taking in what people say by telephone, at the counter, at the door and in a group chat; nothing typed twice."""

import secrets
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.attachments import actions as attachments
from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.cases import actions
from linli.cases.forms.intake import ChatForm, IntakeForm, chosen_voices
from linli.cases.models import Case
from linli.cases.rules import Channel, chat_voices
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


def _form(request: Asked) -> IntakeForm:
    categories = Category.objects.leaves().select_related("parent")
    initial = {"channel": request.GET.get("channel", Channel.TELEPHONE), "once": secrets.token_urlsafe(24)}
    if request.method == "POST":
        return IntakeForm(request.POST, request.FILES, categories=categories)
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
    form = _form(request)
    choice = Choice("place")
    if request.method == "POST":
        choice = places.choose(request.POST, "place", own_scope(request))
        form.has_attachment = bool(request.FILES)
        if form.is_valid() and choice.place is not None:
            case = tried(form, lambda: _take(request, form, choice.place, timezone.now()))
            if case is not None:
                return redirect("cases:taken", token=case.token)
    context = {"form": form, "choice": choice, "assisting": request.assisting}
    return render(request, "cases/intake.html", context, status=422 if request.method == "POST" else 200)


def _take(request: Asked, form: IntakeForm, place: Place | None, now: datetime) -> Case:
    cleaned = form.cleaned_data
    assert place is not None
    said = actions.Said(
        text=cleaned["text"],
        place=place,
        channel=cleaned["channel"],
        category=cleaned["category"],
        place_words=cleaned["where"],
        is_private=cleaned["is_private"],
        has_attachment=form.has_attachment,
    )
    resident = _resident(request, cleaned, now)
    once = cleaned["once"]
    if "on_the_spot" in request.POST:
        return actions.solve_on_the_spot(
            said, resident=resident, by=request.person, at=now, words=cleaned["done"], once=once
        )
    case = actions.file_for(said, resident=resident, by=request.person, at=now, once=once)
    by = f"people.Person:{request.person.pk}"
    kept = attachments.attach_all(request.FILES.getlist("photos"), case.subject, "before", now, by)
    for refusal in kept.refusals:
        messages.warning(request, refusal)
    return case


@staff(Power.INTAKE)
def taken(request: Asked, token: str) -> HttpResponse:
    """The receipt to read out or print for the person: number, code to follow it with, and until when."""
    case = (
        Case.objects.handled_by(request.memberships)
        .select_related("place", "category")
        .filter(token=token)
        .first()
    )
    if case is None:
        return redirect("cases:desk")
    return render(request, "cases/taken.html", {"case": case, "now": timezone.localtime()})


@staff(Power.INTAKE)
def chat(request: Asked) -> HttpResponse:
    """Paste a group chat: first it is cut into voices, then the chosen ones become cases, then the answer to paste."""
    form = ChatForm(request.POST or None, initial={"once": secrets.token_urlsafe(24)})
    choice = Choice("place")
    voices: list[Any] = []
    if request.method == "POST":
        choice = places.choose(request.POST, "place", own_scope(request))
        if form.is_valid():
            voices = chat_voices(form.cleaned_data["chat"], timezone.localtime())
            if not voices:
                form.add_error("chat", _("没有认出谁说了什么。请把聊天记录原样粘贴，或一段一件事。"))
            if "take" in request.POST and choice.place is not None and voices:
                cases = tried(form, lambda: _take_chat(request, form, voices, choice.place, timezone.now()))
                if cases:
                    numbers = ",".join(case.token for case in cases)
                    return redirect(f"{request.path}answer/?cases={numbers}")
    context = {"form": form, "choice": choice, "voices": voices}
    return render(request, "cases/chat.html", context, status=422 if form.errors else 200)


def _take_chat(
    request: Asked, form: ChatForm, voices: list[Any], place: Place | None, now: datetime
) -> list[Case]:
    assert place is not None
    chosen = [
        actions.Said(text=text, place=place, nickname=voices[number].nickname)
        for number, text in chosen_voices(request.POST, len(voices))
    ]
    return actions.take_chat(chosen, by=request.person, at=now, once=form.cleaned_data["once"])


@staff(Power.INTAKE)
def chat_answer(request: Asked) -> HttpResponse:
    """The answer to the group as text to paste; it says how each stands at this moment."""
    tokens = request.GET.get("cases", "").split(",")[:50]
    cases = list(Case.objects.handled_by(request.memberships).filter(token__in=tokens).order_by("id"))
    return render(request, "cases/chat_answer.html", {"cases": cases, "reply": actions.chat_reply(cases)})
