"""The pages on which anyone checks the record, without an account, and the files that programs check it by."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_GET, require_http_methods

from linli.base.access import open_to_all
from linli.base.errors import Refused
from linli.base.pages import page_of
from linli.transparency import actions, publishing, store, tiles, verdicts, words
from linli.transparency.forms import BroughtForm
from linli.transparency.models import Checkpoint, Cosignature, Entry, Log, PublicKey

BINARY, TEXT = "application/octet-stream", "text/plain; charset=utf-8"
SECONDS, YEAR = "public, max-age=5", "public, max-age=31536000, immutable"
MOST_FOUND = 50


@dataclass(frozen=True)
class Standing:
    """How far a log is signed, and who has seen it."""

    name: str
    title: str
    checkpoint: Checkpoint | None
    witnesses: list[Cosignature]

    @property
    def last_seen(self) -> datetime | None:
        """When a witness last saw the log."""
        return max((one.at for one in self.witnesses), default=None)


@open_to_all
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check a receipt that is brought, or find an entry by its number; nothing is kept."""
    number = request.GET.get("number", "").strip()
    form = BroughtForm(request.POST, request.FILES) if request.method == "POST" else BroughtForm()
    verdict, status = None, 200
    if request.method == "POST":
        verdict = verdicts.judge(form.cleaned_data["brought"]) if form.is_valid() else None
        status = 200 if verdict else 422
    return render(
        request,
        "transparency/verify.html",
        {
            "form": form,
            "verdict": verdict,
            "said": _said(verdict.payload) if verdict else [],
            "type_words": words.of_type(verdict.leaf.get("type", "")) if verdict else "",
            "title": titles_of([verdict.log])[verdict.log] if verdict else "",
            "number": number,
            "found": _rows(_named(number)[:MOST_FOUND]) if number else [],
            "logs": titles_of(list(Log.objects.order_by("name").values_list("name", flat=True)[:MOST_FOUND])),
            "now": timezone.now(),
        },
        status=status,
    )


@open_to_all
@require_GET
def entry(request: HttpRequest, token: str) -> HttpResponse:
    """Show one entry: what was recorded, whether it holds, and what that does not prove. The QR leads here."""
    row = get_object_or_404(
        Entry.objects.select_related("corrects").prefetch_related("corrections"), token=token
    )
    try:
        verdict, waiting = verdicts.judge(actions.receipt(row)), ""
    except Refused as refused:
        verdict, waiting = None, refused.reason
    return render(
        request,
        "transparency/entry.html",
        {
            "entry": row,
            "type_words": words.of_type(row.type),
            "said": _said(row.payload),
            "verdict": verdict,
            "waiting": waiting,
            "standing": standing_of(row.log),
            "code": _qr(_public(reverse("transparency:entry", args=[row.token]))),
            "now": timezone.now(),
        },
    )


@open_to_all
@require_GET
def log(request: HttpRequest, log: str) -> HttpResponse:
    """List the newest entries of a community's log."""
    get_object_or_404(Log, name=log)
    entries = Entry.objects.filter(log=log).prefetch_related("corrections")
    page = page_of(entries, request, ["-id"])
    return render(
        request,
        "transparency/log.html",
        {
            "standing": standing_of(log),
            "page": page,
            "rows": _rows(page.rows),
            "keys": PublicKey.objects.filter(log=log).order_by("holder", "-at"),
            "now": timezone.now(),
        },
    )


@open_to_all
@require_GET
def paper(request: HttpRequest, log: str) -> HttpResponse:
    """Print the newest checkpoint for the notice board: what hangs there in ink cannot be taken back."""
    get_object_or_404(Log, name=log)
    standing = standing_of(log)
    if standing.checkpoint is None:
        raise Http404
    note = store.cosigned_note(standing.checkpoint)
    return render(
        request,
        "transparency/paper.html",
        {
            "standing": standing,
            "note": note,
            "root": _grouped(bytes(standing.checkpoint.root).hex()),
            "code": _qr(note),
            "address": _public(reverse("transparency:verify")),
            "now": timezone.now(),
        },
    )


@open_to_all
@require_GET
def receipt(request: HttpRequest, name: str) -> HttpResponse:
    """Hand out the receipt of an entry: by its token, or the newest one under a public number."""
    row = get_object_or_404(_named(name)[:1])
    answer = HttpResponse(actions.receipt(row), content_type=BINARY)
    answer["Content-Disposition"] = f'attachment; filename="{row.token}.tlog-proof"'
    return answer


@open_to_all
@require_GET
def checkpoint(request: HttpRequest, log: str) -> HttpResponse:
    """Serve the newest signed head with its cosignatures (C2SP tlog-checkpoint)."""
    latest = store.latest_checkpoint(log)
    if latest is None:
        raise Http404
    return HttpResponse(store.cosigned_note(latest), content_type=TEXT, headers={"Cache-Control": SECONDS})


@open_to_all
@require_GET
def keys(request: HttpRequest, log: str) -> HttpResponse:
    """Serve the public keys of the log and its witnesses, one vkey a line."""
    text = publishing.keys_text(log)
    if not text:
        raise Http404
    return HttpResponse(text, content_type=TEXT, headers={"Cache-Control": SECONDS})


@open_to_all
@require_GET
def tile(request: HttpRequest, log: str, level: int, path: str) -> HttpResponse:
    """Serve one tile of hashes of the signed tree."""
    if level > tiles.MOST_LEVEL:
        raise Http404
    number, width = _seat(log, level, path)
    return HttpResponse(
        store.tile(log, level, number, width), content_type=BINARY, headers={"Cache-Control": YEAR}
    )


@open_to_all
@require_GET
def entries(request: HttpRequest, log: str, path: str) -> HttpResponse:
    """Serve one bundle of entries of the signed tree."""
    number, width = _seat(log, 0, path)
    return HttpResponse(
        publishing.entries_tile(log, number, width), content_type=BINARY, headers={"Cache-Control": YEAR}
    )


def standing_of(log: str) -> Standing:
    """Return how far `log` is signed and who has seen that."""
    latest = store.latest_checkpoint(log)
    return Standing(log, titles_of([log])[log], latest, store.latest_cosignatures(latest) if latest else [])


def titles_of(logs: list[str]) -> dict[str, str]:
    """Return what people call each log: the community's name, as the top of the house knows it, or the code."""
    known = import_string("linli.config.recorded.titles_of")(logs)
    return {log: known.get(log, log) for log in logs}


def _named(name: str) -> QuerySet[Entry]:
    """Entries by token, or by the public number they are about, the newest first."""
    by_token = Entry.objects.filter(token=name)
    return by_token if by_token.exists() else Entry.objects.filter(ref=name).order_by("-id")


def _rows(entries: Any) -> list[dict[str, Any]]:
    coded = words.codes()
    return [
        {
            "entry": row,
            "type_words": words.of_type(row.type),
            "said": words.brief(row.payload or {}, coded),
            "is_corrected": bool(row.corrections.all()),
        }
        for row in entries
    ]


def _said(payload: dict[str, Any] | None) -> list[tuple[str, str]]:
    return words.of_payload(payload, words.codes()) if payload is not None else []


def _seat(log: str, level: int, path: str) -> tuple[int, int]:
    """The (number, width) that `path` asks for, if the signed tree holds as much; 404 otherwise."""
    latest, asked = store.latest_checkpoint(log), tiles.parse(path)
    if latest is None or asked is None:
        raise Http404
    number, width = asked
    if number * tiles.WIDTH + width > latest.size >> (level * tiles.HEIGHT):
        raise Http404
    return asked


def _public(path: str) -> str:
    return f"{settings.PUBLIC_ADDRESS.rstrip('/')}{path}"


def _qr(text: str) -> str:
    """The QR code of `text` as an image address."""
    return segno.make(text, error="m", micro=False).svg_data_uri(scale=4, border=2)


def _grouped(digits: str) -> str:
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
