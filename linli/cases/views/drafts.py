"""Files that came with a form which is not filed yet: kept under the form's key, so that no question loses them."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.forms import BaseForm

from linli.attachments import actions as attachments
from linli.base.asked import Asked
from linli.cases.models import Case

KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")  # as forms make them; what was taken over has a colon in its key


def key_of(request: Asked) -> str:
    """Return the key of the form that was posted, a fresh one where it came without, or with one no form makes."""
    posted = request.POST.get("once", "")
    return posted if KEY.fullmatch(posted) else secrets.token_urlsafe(24)


def filed_before(once: str) -> Case | None:
    """Return the case that this form made already: posted twice, filed once. Mostly there is none."""
    rows = Case.objects.filter(once=once)
    return rows.first() if rows.exists() else None


def keep_files(request: Asked, once: str, now: datetime) -> list[str]:
    """Keep what was uploaded under the form's key; return a sentence for each file that was refused."""
    by = request.person.subject if request.person else ""
    photos: Sequence[UploadedFile[Any]] = request.FILES.getlist("photos")
    voices: Sequence[UploadedFile[Any]] = request.FILES.getlist("voice")
    kept = attachments.attach_all(photos, _draft(once), "before", now, by)
    spoken = attachments.attach_all(voices, _draft(once), attachments.VOICE, now, by)
    return kept.refusals + spoken.refusals


def count_files(once: str) -> int:
    """Return how many files wait under this key."""
    return attachments.of(_draft(once)).count()


def say_refused(form: BaseForm, refusals: Sequence[str]) -> None:
    """Tie what was refused to the field of the photos, where the form is shown again."""
    form.is_valid()
    for refusal in refusals:
        form.add_error("photos", refusal)


def hand_over(request: Asked, once: str, case: Case, refusals: Sequence[str]) -> None:
    """Give the files to the case, those it has already not twice, and tell which were refused."""
    if waiting := list(attachments.of(_draft(once))):
        present = set(attachments.of(case.subject).values_list("role", "digest"))
        for row in waiting:
            if (row.role, row.digest) in present:
                attachments.erase(row)
        attachments.move(_draft(once), case.subject)
    for refusal in refusals:
        messages.warning(request, refusal)


def _draft(once: str) -> str:
    return f"cases.Draft:{once}"
