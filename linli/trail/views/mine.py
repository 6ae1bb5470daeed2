"""谁看了我的信息: everybody reads, asks about and takes away who looked at their own data."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.timezone import localtime

from linli.base.access import signed_in
from linli.base.asked import Asked, tried
from linli.base.pages import page_of
from linli.base.tables import harmless
from linli.base.words import said as _
from linli.trail import actions
from linli.trail.forms import PeriodForm, QueryForm
from linli.trail.models import Look, Seen, SeenQuerySet, subjects_of
from linli.trail.rules import QUERY_LIMIT, Purpose, is_household

SALT = "linli.trail.line"
COLUMNS = ("at", "who", "fields", "reason", "purpose", "under", "request", "disclosure")


@signed_in
def mine(request: Asked) -> HttpResponse:
    """Who looked at the data of whoever is here, or of those for whom they act; the latest first, by period."""
    now, period = timezone.now(), PeriodForm(request.GET or None)
    whose = read_by(request, now)
    lines = lines_of(whose.subject, now).between(period.start, period.end)
    page = page_of(lines.prefetch_related("queries"), request, ["-at", "-id"])
    context = {
        "now": now,
        "period": period,
        "page": page,
        "lines": told(page.rows),
        "whose": None if whose == request.person else whose,
        "days": QUERY_LIMIT.days,
    }
    return render(request, "trail/mine.html", context)


@signed_in
def ask(request: Asked, line: str) -> HttpResponse:
    """这条不对: ask the data officer about one look at one's own data."""
    now = timezone.now()
    whose = read_by(request, now)
    seen = get_object_or_404(lines_of(whose.subject, now), pk=_read(line))
    form = QueryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        if tried(form, lambda: actions.ask(seen, words, by=request.person.subject, at=now)) is not None:
            return redirect("trail:mine")
    context = {"now": now, "line": told([seen])[0], "form": form, "days": QUERY_LIMIT.days}
    return render(request, "trail/ask.html", context, status=422 if form.errors else 200)


@signed_in
def export(request: Asked) -> Any:
    """Take one's own trail away: ?form=json, else CSV that spreadsheets open; the period as on the page."""
    now, period = timezone.now(), PeriodForm(request.GET or None)
    whose = read_by(request, now)
    lines = lines_of(whose.subject, now).between(period.start, period.end).order_by("-at", "-id")
    rows = _rows(lines.iterator(chunk_size=500))
    if request.GET.get("form") == "json":
        answer = StreamingHttpResponse(_as_json(rows), content_type="application/json")
        answer["Content-Disposition"] = 'attachment; filename="looks.json"'
        return answer
    answer = StreamingHttpResponse(_as_csv(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="looks.csv"'
    return answer


def lines_of(subject: str, at: datetime) -> SeenQuerySet:
    """Return the lines that this person may read at that moment, those of rows merged into theirs included."""
    return Seen.objects.about(subjects_of(subject)).shown(at)


@transaction.atomic
def read_by(request: Asked, at: datetime) -> Any:
    """Return the person whose trail is read: one's own, or that of whom one acts for, who can read that too.

    A proxy needs the scope of everything; a worker a running assisted session.
    """
    person, other = request.person, request.acting_for
    if other is None or not (request.assisting or request.acting_scope == "everything"):
        return person
    if request.assisting:
        words = request.assisting.looker_words(person)
        reason, under = request.assisting.reason, f"organisations.AssistedSession:{request.assisting.pk}"
        purpose = Purpose.COUNTER
    else:
        words, reason, under = _("家人%(name)s · 代看") % {"name": person.masked}, _("亲情代办"), ""
        purpose = Purpose.FAMILY
    fields = _("谁看了我的信息")
    actions.looked(other.subject, person.subject, words, fields, reason, at, under, purpose)
    return other


def told(rows: list[Seen]) -> list[dict[str, Any]]:
    """Return the lines as the page tells them, with the matters they were for; two queries for a page at most."""
    matters = import_string("linli.config.personal.matters_of")({row.look.under for row in rows})
    names = looker_names(row.look for row in rows)
    return [
        {
            "seen": row,
            "look": row.look,
            "who": named(row.look, names),
            "matter": matters.get(row.look.under),
            "others": row.look.count - 1,
            "is_household": is_household(row.look.under),
            "address": signing.dumps(row.pk, salt=SALT),
        }
        for row in rows
    ]


def looker_names(looks: Iterable[Look]) -> dict[str, str]:
    """Return the full names of staff who looked, where this deployment shows them; nothing otherwise."""
    if not settings.LOOKERS_BY_NAME:
        return {}
    staff = {look.looker for look in looks if look.body}
    people = import_string("linli.config.personal.people_of")(sorted(staff))
    return {subject: known.name for subject, known in people.items()}


def named(look: Look, names: dict[str, str]) -> str:
    """Return who looked: "李* · 居委会 · 网格员", or with the name in full where `names` has it."""
    parts = look.looker_words.split(" · ")
    return " · ".join([names.get(look.looker, parts[0]), *parts[1:]])


def _read(line: str) -> int:
    try:
        return int(signing.loads(line, salt=SALT))
    except (signing.BadSignature, TypeError, ValueError):
        raise Http404 from None


def _rows(lines: Iterable[Seen]) -> Iterator[dict[str, str]]:
    for line in lines:
        look = line.look
        yield {
            "at": localtime(look.at).isoformat(timespec="seconds"),
            "who": look.looker_words,
            "fields": look.fields,
            "reason": look.reason,
            "purpose": look.get_purpose_display(),
            "under": look.under.partition(":")[0],
            "request": look.request_id,
            "disclosure": look.get_disclosure_display(),
        }


def _as_json(rows: Iterable[dict[str, str]]) -> Iterator[str]:
    yield "["
    for number, row in enumerate(rows):
        yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"


def _as_csv(rows: Iterable[dict[str, str]]) -> Iterator[str]:
    titles = (
        _("时间"),
        _("谁"),
        _("看了什么"),
        _("为了什么"),
        _("用途"),
        _("依据"),
        _("请求编号"),
        _("公开方式"),
    )
    yield "\ufeff" + _line(titles)
    for row in rows:
        yield _line(harmless(row[column]) for column in COLUMNS)


def _line(cells: Iterable[str]) -> str:
    buffer = StringIO()
    csv.writer(buffer).writerow(list(cells))
    return buffer.getvalue()
