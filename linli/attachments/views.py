"""Files pass here and nowhere else: every request is checked as the page that shows the file is checked.

Who may see a subject's files is decided by the domain that owns the subject. Settings name its guard:
ATTACHMENT_GUARDS = {"cases.Case": "linli.cases.guards.attachment_guard"}, a function of (request, subject id) that
answers "full" (all, unmasked), "public" (what was released) or None. A subject without a guard is seen by nobody.
"""

import mimetypes
import re
from collections.abc import Callable
from pathlib import PurePath
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.attachments import actions
from linli.attachments.forms import CoverForm
from linli.attachments.models import Attachment
from linli.attachments.rules import GRIDS, Sight, boxes_of_cells, rows_for
from linli.base.access import open_to_all, staff
from linli.base.asked import Asked
from linli.organisations.rules import Power

Guard = Callable[[HttpRequest, int | str], Sight | None]

TYPES = {
    ".amr": "audio/amr",
    ".m4a": "audio/mp4",
    ".3gp": "audio/3gpp",
    ".ogg": "audio/ogg",
    ".webm": "audio/webm",
}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@open_to_all
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The photo or voice message; the public gets the masked copy. `?masked` shows a handler what they get."""
    attachment, sight = _seen(request, token)
    if "masked" in request.GET and attachment.masked:
        return _send(request, attachment.masked, sight)
    return _send(request, attachment.copy_for(sight), sight)


@open_to_all
@require_safe
def thumbnail(request: HttpRequest, token: str) -> HttpResponse:
    """The small copy of a photo, at most 15 KB."""
    attachment, sight = _seen(request, token)
    return _send(request, attachment.copy_for(sight, small=True), sight)


@staff(Power.INTAKE, Power.HANDLE, Power.DISPATCH)
def cover(request: Asked, token: str) -> HttpResponse:
    """Tick the cells of a grid over a photo that the public must not see: faces, plates, door numbers."""
    attachment = _handled(request, token)
    form = CoverForm(request.POST if request.method == "POST" else request.GET)
    columns = form.grid()
    rows = rows_for(columns, attachment.width, attachment.height)
    if request.method == "POST":
        boxes = boxes_of_cells(form.cells(), columns, rows)
        actions.mask(attachment, boxes, by=request.person, at=timezone.now())
        messages.success(request, _("涂好了。大家看到的是涂黑后的照片；办理人员仍能看原图，随时可以改。"))
        return redirect(_cover_address(request, token, columns))
    cells = [
        [(row, column, _is_covered(attachment, row, column, rows, columns)) for column in range(columns)]
        for row in range(rows)
    ]
    context = {"attachment": attachment, "cells": cells, "columns": columns, "grids": GRIDS}
    return render(request, "attachments/cover.html", {**context, "back": _back(request)})


@staff(Power.INTAKE, Power.HANDLE, Power.DISPATCH)
@require_POST
def uncover(request: Asked, token: str) -> HttpResponse:
    """Take all black boxes away again."""
    actions.mask(_handled(request, token), [], by=request.person, at=timezone.now())
    messages.success(request, _("涂黑去掉了。"))
    return redirect(_cover_address(request, token, GRIDS[0]))


def _seen(request: HttpRequest, token: str) -> tuple[Attachment, Sight]:
    """The file and how this caller sees it; 404 where not at all."""
    attachment = get_object_or_404(Attachment, token=token)
    sight = _sight(request, attachment.subject)
    if sight is None or attachment.copy_for(sight) is None:
        raise Http404
    return attachment, sight


def _handled(request: HttpRequest, token: str) -> Attachment:
    """A photo that this worker sees in full."""
    attachment, sight = _seen(request, token)
    if sight != "full" or not attachment.is_photo:
        raise Http404
    return attachment


def _sight(request: HttpRequest, subject: str) -> Sight | None:
    kind, _colon, key = subject.partition(":")
    guard_path = getattr(settings, "ATTACHMENT_GUARDS", {}).get(kind)
    if guard_path is None:
        return None
    guard = cast(Guard, import_string(guard_path))
    return guard(request, int(key) if key.isdecimal() else key)


def _send(request: HttpRequest, copy: FieldFile | None, sight: Sight) -> HttpResponse:
    """The file with its true type, never run as anything else, and kept by caches only where it is public."""
    name = copy.name if copy else ""
    if not copy or not name or not default_storage.exists(name):
        raise Http404
    tag = f'"{PurePath(name).stem}"'  # names are random and a stored file never changes
    answer: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponseNotModified()
    else:
        answer = _content(request, copy, name)
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Content-Encoding"] = "identity"  # photos and sound are compressed already
        answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = tag
    answer["Cache-Control"] = "public, max-age=300" if sight == "public" else "private, no-cache"
    patch_vary_headers(answer, ["Cookie"])
    return answer


def _content(request: HttpRequest, copy: FieldFile, name: str) -> HttpResponse:
    """All of the file, or the part that was asked for: telephones play sound only from servers that give parts."""
    ending = PurePath(name).suffix
    kind = TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or not any(match.groups()):
        return cast(
            HttpResponse, FileResponse(copy.open("rb"), filename=PurePath(name).name, content_type=kind)
        )
    size = copy.size
    start = int(match[1]) if match[1] else max(0, size - int(match[2]))
    end = min(int(match[2]), size - 1) if match[1] and match[2] else size - 1
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with copy.open("rb") as file:
        file.seek(start)
        part = file.read(end - start + 1)
    headers = {
        "Content-Range": f"bytes {start}-{end}/{size}",
        "Content-Disposition": f'inline; filename="{PurePath(name).name}"',
    }
    return HttpResponse(part, status=206, content_type=kind, headers=headers)


def _is_covered(attachment: Attachment, row: int, column: int, rows: int, columns: int) -> bool:
    x, y = (column + 0.5) / columns, (row + 0.5) / rows
    return any(box.covers(x, y) for box in attachment.covers)


def _back(request: HttpRequest) -> str:
    """The page of the matter that this photo belongs to, where the link named one of ours."""
    back = (request.POST if request.method == "POST" else request.GET).get("back", "")
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}) else ""


def _cover_address(request: HttpRequest, token: str, columns: int) -> str:
    query: dict[str, str | int] = {"grid": columns, "back": _back(request)}
    return f"{reverse('attachments:cover', args=[token])}?{urlencode(query)}"
