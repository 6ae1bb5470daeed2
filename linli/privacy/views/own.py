"""我的数据: what is held, who looked, what was agreed to; a copy, a correction, an erasure."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.base import documents
from linli.base.access import signed_in
from linli.base.asked import Asked, tried
from linli.base.errors import require
from linli.people.models import Person, may_act_for
from linli.people.rules import Scope
from linli.privacy import actions
from linli.privacy.forms import RequestForm
from linli.privacy.models import BreakGlass, Consent, ConsentNotice, RightsRequest, catalogue
from linli.privacy.rules import Chapter

TYPES = {"json": "application/json; charset=utf-8", "pdf": "application/pdf"}


def whose(request: Asked, at: datetime) -> tuple[Person, str]:
    """Return whose data the page is about, and how: one's own, as a proxy in everything, or at the counter."""
    if request.assisting is not None:
        return request.assisting.resident, Consent.Channel.COUNTER
    if request.acting_for is not None:
        require(
            may_act_for(request.person, request.acting_for, Scope.EVERYTHING, at),
            _("您的代办授权不包括个人信息。请本人在“亲情代办”里改成“一切事务”。"),
        )
        return request.acting_for, Consent.Channel.FAMILY
    return request.person, Consent.Channel.SELF


@signed_in
def mine(request: Asked) -> HttpResponse:
    """Everything that is held about the person, chapter by chapter, and what they may do with it."""
    now = timezone.now()
    person, _channel = whose(request, now)
    chapters = _held(request, person, now)
    context = {
        "whose": person,
        "chapters": [(chapter, len(chapter.rows)) for chapter in chapters],
        "asked": RightsRequest.objects.of(person)[:5],
        "consents": Consent.objects.in_force().filter(person=person).count(),
        "grants": BreakGlass.objects.filter(person=person).order_by("-pk")[:5],
        "now": now,
    }
    return render(request, "privacy/mine.html", context)


@signed_in
@require_POST
def export(request: Asked, form: str) -> HttpResponse:
    """A copy of everything, as JSON for other programs or as PDF to read and print."""
    now = timezone.now()
    person, _channel = whose(request, now)
    chapters = _held(request, person, now)
    made = _as_pdf(person, chapters, now) if form == "pdf" else _as_json(person, chapters, now)
    answer = HttpResponse(made, content_type=TYPES[form])
    name = f"linli-{person.token}-{timezone.localdate(now)}.{form}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


def _held(request: Asked, person: Person, at: datetime) -> list[Chapter]:
    if request.assisting is not None:
        role = next(
            row for row in request.memberships if row.organisation_id == request.assisting.organisation_id
        )
        words, reason = role.looker_words(request.person), request.assisting.reason
    else:
        words, reason = _("%s（亲情代办）") % request.person.masked, _("替本人查看")
    return actions.holdings(person, request.person, words, reason, at)


def _as_json(person: Person, chapters: list[Chapter], at: datetime) -> bytes:
    known = {field.table: field for field in catalogue().values()}
    content: dict[str, Any] = {
        "title": _("我的数据"),
        "made_at": timezone.localtime(at).isoformat(timespec="seconds"),
        "chapters": [
            {
                "table": chapter.table,
                "title": chapter.title,
                "purpose": known[chapter.table].purpose,
                "basis": known[chapter.table].basis,
                "kept": known[chapter.table].kept,
                "rows": chapter.rows,
            }
            for chapter in chapters
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def _as_pdf(person: Person, chapters: list[Chapter], at: datetime) -> bytes:
    known = {field.table: field for field in catalogue().values()}
    values = {
        "title": _("我的数据"),
        "on": timezone.localdate(at).isoformat(),
        "lead": _("邻里记着的关于您的全部信息，%s 制作。")
        % timezone.localtime(at).strftime("%Y-%m-%d %H:%M"),
        "for": _("用途"),
        "basis": _("依据"),
        "kept": _("保存多久"),
        "chapters": [
            {
                "title": chapter.title,
                "facts": [
                    known[chapter.table].purpose,
                    known[chapter.table].basis,
                    known[chapter.table].kept,
                ],
                "rows": [list(row.items()) for row in chapter.rows],
            }
            for chapter in chapters
        ],
    }
    return documents.pdf("privacy/held.typ", values, spell_unshown=True)


@signed_in
def ask(request: Asked) -> HttpResponse:
    """Ask for a correction, an erasure, an explanation, a paper copy."""
    now = timezone.now()
    person, channel = whose(request, now)
    form = RequestForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST" and form.is_valid():
        typed, is_counter = form.cleaned_data, channel == Consent.Channel.COUNTER
        made = tried(
            form,
            lambda: actions.ask(
                person, typed["kind"], typed["words"], request.person, now, is_counter=is_counter
            ),
        )
        if made is not None:
            return redirect("privacy:asked", made.token)
    return render(
        request, "privacy/ask.html", {"form": form, "whose": person}, status=422 if form.errors else 200
    )


@signed_in
def asked(request: Asked, token: str) -> HttpResponse:
    """One's own request: by when it is answered, and the answer."""
    now = timezone.now()
    person, _channel = whose(request, now)
    row = get_object_or_404(RightsRequest.objects.of(person), token=token)
    return render(request, "privacy/asked.html", {"asked": row, "now": now})


@signed_in
def consents(request: Asked) -> HttpResponse:
    """我同意过什么: receipts, withdrawal by one tap, and what is asked for now."""
    now = timezone.now()
    person, _channel = whose(request, now)
    given = list(Consent.objects.of(person))
    running = {row.notice_id for row in given if row.withdrawn_at is None}
    open_ones = [row for row in ConsentNotice.objects.current() if row.pk not in running]
    context = {"given": given, "asked": open_ones, "whose": person, "now": now}
    return render(request, "privacy/consents.html", context)


@signed_in
@require_POST
def agree(request: Asked, token: str) -> HttpResponse:
    """Agree to one version of a text."""
    now = timezone.now()
    person, channel = whose(request, now)
    actions.consent(person, get_object_or_404(ConsentNotice, token=token), request.person, now, channel)
    return redirect("privacy:consents")


@signed_in
@require_POST
def withdraw(request: Asked, token: str) -> HttpResponse:
    """Take a consent back."""
    now = timezone.now()
    person, channel = whose(request, now)
    given = get_object_or_404(Consent.objects.of(person), token=token)
    actions.withdraw(given, person if channel == Consent.Channel.COUNTER else request.person, now)
    return redirect("privacy:consents")
