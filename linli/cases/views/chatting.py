"""A forwarded group chat becomes cases, and the answer goes back to the group as text to paste."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.cases import actions
from linli.cases.forms.intake import ChatForm, chosen_voices
from linli.cases.models import Case
from linli.cases.rules import ChatVoice, chat_voices
from linli.cases.views.intake import only_place, own_scope
from linli.cases.views.lines import lines_of
from linli.organisations.rules import Power
from linli.places import actions as places
from linli.places.actions import Choice
from linli.places.models import Place

MOST_CASES = 50  # in one answer to a group


@dataclass(frozen=True)
class Shown:
    """One voice as the page offers it: what was found, and what the worker made of it."""

    voice: ChatVoice
    text: str
    is_taken: bool


@staff(Power.INTAKE)
def chat(request: Asked) -> HttpResponse:
    """Paste a group chat: first it is cut into voices, then the chosen ones become cases, then the answer to paste."""
    if request.method != "POST":
        form = ChatForm(initial={"once": secrets.token_urlsafe(24)})
        return _show(request, form, Choice("place", place=only_place(request)), [])
    form, choice = ChatForm(request.POST), places.choose(request.POST, "place", own_scope(request))
    voices = chat_voices(form.cleaned_data["chat"], timezone.localtime()) if form.is_valid() else []
    if form.is_valid() and not voices:
        form.add_error("chat", _("没有认出谁说了什么。请把聊天记录原样粘贴，或一段一件事。"))
    if "take" not in request.POST:
        choice.problem = choice.problem if choice.words else ""
        return _show(request, form, choice, voices)
    place = choice.place
    cases = (
        tried(form, lambda: _take(request, form, voices, place, timezone.now())) if place and voices else None
    )
    if not cases:
        return _show(request, form, choice, voices)
    tokens = urlencode({"cases": ",".join(case.token for case in cases)})
    return HttpResponseRedirect(f"{reverse('cases:chat_answer')}?{tokens}")


def _show(request: Asked, form: ChatForm, choice: Choice, voices: list[ChatVoice]) -> HttpResponse:
    context = {"form": form, "choice": choice, "voices": _shown(request, voices)}
    is_wrong = bool(form.errors or choice.problem)
    return render(request, "cases/chat.html", context, status=422 if is_wrong else 200)


def _shown(request: Asked, voices: list[ChatVoice]) -> list[Shown]:
    """Return the voices with the words as mended and the ticks as set, where they were on the page already."""
    return [
        Shown(
            voice,
            request.POST.get(f"text-{number}", voice.text),
            "take" not in request.POST or f"take-{number}" in request.POST,
        )
        for number, voice in enumerate(voices)
    ]


def _take(request: Asked, form: ChatForm, voices: list[ChatVoice], place: Place, now: datetime) -> list[Case]:
    chosen = chosen_voices(request.POST, len(voices))
    said = [actions.Said(text=text, place=place, nickname=voices[number].nickname) for number, text in chosen]
    return actions.take_chat(said, by=request.person, at=now, once=_once(form.cleaned_data["once"], chosen))


def _once(key: str, chosen: list[tuple[int, str]]) -> str:
    """Return a key for this choice of voices: sent twice it files once, another choice of the same chat files anew."""
    return f"{key[:32]}.{hashlib.sha256(repr(chosen).encode()).hexdigest()[:12]}" if key else ""


@staff(Power.INTAKE)
@require_safe
def chat_answer(request: Asked) -> HttpResponse:
    """The answer to the group as text to paste; it says how each stands at this moment."""
    tokens = request.GET.get("cases", "").split(",")[:MOST_CASES]
    rows = Case.objects.handled_by(request.memberships).filter(token__in=tokens).order_by("id")
    cases = list(rows.select_related("lead", "owner", "place"))
    now = timezone.localtime()
    context = {"lines": lines_of(cases, now), "reply": actions.chat_reply(cases), "now": now}
    return render(request, "cases/chat_answer.html", context)
