"""Ledgers: the list of imports, a new one, its columns, what became of its rows."""

from typing import Any, cast

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.base.errors import Refused
from linli.base.pages import page_of
from linli.imports import actions
from linli.imports.forms import MappingForm, ReceiveForm
from linli.imports.models import Run, State
from linli.imports.rules.columns import IGNORED, forgotten
from linli.imports.rules.runs import Decision, Outcome, kept_until
from linli.imports.rules.tables import IN_THE_PAGE
from linli.imports.views.uploading import FORM_ROOM, SealedUpload, SealingHandler
from linli.organisations.rules import Power

VERBS = {"check": actions.check, "load": actions.load, "stop": actions.stop}


def run_of(request: Asked, token: str) -> Run:
    """Return an import into the places whose register the caller keeps, or 404."""
    rows = Run.objects.within(request.memberships).select_related("source", "place", "by")
    run: Run = get_object_or_404(rows, token=token)
    return run


@staff(Power.REGISTER)
@require_safe
def ledgers(request: Asked) -> HttpResponse:
    """List what was imported, the newest first."""
    rows = Run.objects.within(request.memberships).select_related("source", "place", "by")
    return render(request, "imports/list.html", {"page": page_of(rows, request, ["-id"])})


@staff(Power.REGISTER)
@csrf_exempt
def receive(request: Asked) -> HttpResponse:
    """Take a new file in. Its bytes are sealed while they arrive, so the token is checked behind the handler."""
    if request.method == "POST" and not hasattr(request, "_files"):
        if int(request.headers.get("content-length") or 0) > IN_THE_PAGE + FORM_ROOM:
            return _too_large(request)
        request.upload_handlers = [SealingHandler(request)]
    return _receive(request)


def _too_large(request: Asked) -> HttpResponse:
    form = ReceiveForm(memberships=request.memberships, initial={"stated_on": timezone.localdate()})
    problem = _(
        "文件超过 500 MB，没有接收。请拆成几个文件，或请系统管理员用命令 linli import-people 导入（最大 2 GB）。"
    )
    response = render(request, "imports/receive.html", {"form": form, "problem": problem}, status=413)
    response["Connection"] = "close"
    return response


@csrf_protect
def _receive(request: Asked) -> HttpResponse:
    now = timezone.now()
    if request.method != "POST":
        form = ReceiveForm(memberships=request.memberships, initial={"stated_on": timezone.localdate(now)})
        return render(request, "imports/receive.html", {"form": form})
    form = ReceiveForm(request.POST, request.FILES, memberships=request.memberships)
    upload: Any = request.FILES.get("file")
    run = tried(form, lambda: _take(form, upload, request, now)) if form.is_valid() else None
    if run is not None:
        return redirect("imports:columns", run.token)
    if isinstance(upload, SealedUpload):
        actions.drop(upload.sealed_as)
    return render(request, "imports/receive.html", {"form": form}, status=422)


def _take(form: ReceiveForm, upload: Any, request: Asked, now: Any) -> Run:
    typed = form.cleaned_data
    if not isinstance(upload, SealedUpload):
        raise Refused(_("文件没有收全，请重新上传。"))
    source = actions.source_of(typed["place"], typed["source"], request.person, now)
    return actions.receive(
        source, upload.sealed_as, upload.name or "", upload.size or 0,
        stated_on=typed["stated_on"], by=request.person, at=now,
    )  # fmt: skip


@staff(Power.REGISTER)
def columns(request: Asked, token: str) -> HttpResponse:
    """Say what each column holds; then the file is gone through without writing."""
    run = run_of(request, token)
    if run.state not in {State.RECEIVED, State.CHECKED, State.STOPPED, State.FAILED} or run.purged_at:
        return redirect("imports:run", token)
    samples = actions.samples_of(run)
    form = MappingForm(request.POST if request.method == "POST" else None, run=run, samples=samples)
    if request.method == "POST" and form.is_valid():
        typed, by, now = form.cleaned_data, request.person, timezone.now()
        mapped = tried(
            form,
            lambda: actions.map_columns(
                run, form.mapping(), typed["day_order"], plants_homes=typed["plants_homes"], by=by, at=now
            ),
        )
        if mapped is not None and tried(form, lambda: actions.check(mapped, by, now)) is not None:
            return redirect("imports:run", token)
    context = {
        "run": run,
        "form": form,
        "same": actions.same_file(run),
        "forgotten": forgotten(run.mapping, run.source.mapping),
        "sheets": run.found.get("sheets", []),
    }
    return render(request, "imports/columns.html", context, status=422 if form.errors else 200)


@staff(Power.REGISTER)
@require_POST
def sheet(request: Asked, token: str) -> HttpResponse:
    """Read another sheet of the workbook."""
    run = run_of(request, token)
    actions.choose_sheet(run, request.POST.get("sheet", ""), request.person, timezone.now())
    return redirect("imports:columns", token)


@staff(Power.REGISTER)
@require_safe
def run(request: Asked, token: str) -> HttpResponse:
    """Show how far an import is and what became of the rows: with examples, masked, and what to do next."""
    row = run_of(request, token)
    counts, examples = row.counts, row.examples
    lines = [
        {
            "label": outcome.label,
            "count": counts[outcome],
            "examples": examples.get(outcome, []),
            "code": outcome,
        }
        for outcome in Outcome
        if counts.get(outcome)
    ]
    context = {
        "run": row,
        "lines": lines,
        "planted": counts.get("planted", 0),
        "same": actions.same_file(row),
        "conflicts": row.conflicts.filter(decision=Decision.OPEN).count(),
        "ignored": [heading for heading, code in row.mapping.items() if code == IGNORED],
        "kept_until": kept_until(row.state, row.ended_at or row.uploaded_at),
        "now": timezone.localtime(),
    }
    return render(request, "imports/run.html", context)


@staff(Power.REGISTER)
@require_POST
def act(request: Asked, token: str, verb: str) -> HttpResponse:
    """Check, load (or go on), stop."""
    VERBS[verb](run_of(request, token), request.person, timezone.now())
    return redirect("imports:run", token)


@staff(Power.REGISTER)
@require_safe
def broken(request: Asked, token: str, kind: str) -> HttpResponse:
    """Hand out the rows that were not loaded, each with its reason, in the columns of the file."""
    row = run_of(request, token)
    name = _("没有导入的行-%(name)s") % {"name": row.file_name.rpartition(".")[0] or row.file_name}
    return as_file(actions.error_file(row, kind), name, kind)


def as_file(pieces: Any, name: str, kind: str) -> HttpResponse:
    """Answer with a file to be saved; nothing on the way keeps a copy."""
    kinds = {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    response = StreamingHttpResponse(pieces, content_type=kinds[kind])
    response.headers["Content-Disposition"] = disposition(f"{name}.{kind}")
    return cast(HttpResponse, response)


def disposition(name: str) -> str:
    """Return the header that names a file to be saved, in any script."""
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
