"""Keeping files: every way in goes through `attach`, which stores a clean copy and nothing else."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from linli.attachments.actions import files, pictures, sounds
from linli.attachments.models import Attachment, Attachments
from linli.attachments.rules import (
    DRAFT,
    DRAFTS_LIVE,
    FILES_LIMIT,
    ORPHANS_LIVE,
    PHOTO_LIMIT,
    VOICE_LIMIT,
    megabytes,
)
from linli.base.errors import Refused, require
from linli.base.text import shorten

if TYPE_CHECKING:
    Upload = UploadedFile[bytes]
else:
    Upload = UploadedFile

VOICE = "voice"  # the role of a voice message; every other role is a photo's


@dataclass
class Kept:
    """What became of several files: those kept, and a sentence for each that was not."""

    attachments: list[Attachment] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Clean:
    """A file as it will be stored: content, ending of its name, what the row says of it, and a small copy."""

    content: bytes
    ending: str
    facts: dict[str, Any]
    thumbnail: bytes = b""


@transaction.atomic
def attach(upload: Upload, subject: str, role: str, at: datetime, added_by: str) -> Attachment:
    """Keep a clean copy of an uploaded photo, or of a voice message where `role` is "voice".

    `added_by` is "people.Person:42", or "" for a stranger. The same file sent again for the same subject and
    role gives the first row. Raises Refused with a sentence that names the file.
    """
    present = Attachment.objects.of(subject).count()
    require(
        present < FILES_LIMIT,
        _("这件事已经有 %(n)s 个文件了，不能再加。请只留最要紧的几个。") % {"n": present},
    )
    try:
        clean = _voice(upload) if role == VOICE else _photo(upload)
    except Refused as refused:
        named = {"name": _name(upload), "reason": refused.reason}
        raise Refused(_("「%(name)s」：%(reason)s") % named, rule=refused.rule) from refused
    digest = hashlib.sha256(clean.content).hexdigest()
    twin = Attachment.objects.filter(subject=subject, role=role, digest=digest).first()
    if twin is not None:
        return twin
    size = len(clean.content) + len(clean.thumbnail)
    require_room(size)
    row = Attachment(
        subject=subject, role=role, digest=digest, size=size, added_at=at, added_by=added_by, **clean.facts
    )
    row.file.name = files.keep(clean.content, clean.ending)
    if clean.thumbnail:
        row.thumbnail.name = files.keep(clean.thumbnail, clean.ending)
    row.save()
    return row


def attach_all(uploads: Iterable[Upload], subject: str, role: str, at: datetime, added_by: str) -> Kept:
    """Attach each file by itself: one that is refused takes nothing else along."""
    kept = Kept()
    for upload in uploads:
        try:
            kept.attachments.append(attach(upload, subject, role, at, added_by))
        except Refused as refused:
            kept.refusals.append(str(refused.reason))
    return kept


def of(subject: str) -> Attachments:
    """Everything of a subject, oldest first; a handler's view. Public pages take `of(subject).released()`."""
    return Attachment.objects.of(subject)


@transaction.atomic
def move(from_subject: str, to_subject: str) -> int:
    """Hand all files of one subject to another (a merge, a split undone); return how many."""
    return Attachment.objects.filter(subject=from_subject).update(subject=to_subject)


@transaction.atomic
def erase(attachment: Attachment) -> None:
    """Remove the row and every copy of the file, for good; a second call finds nothing to do."""
    row = Attachment.objects.select_for_update().filter(pk=attachment.pk).first()
    if row is not None:
        files.drop(row.stored_names())
        row.delete()


def sweep(at: datetime) -> int:
    """Remove files that no row names (a process was killed) and those of forms never sent; return how many.

    Idempotent: a second run finds nothing.
    """
    abandoned = Attachment.objects.filter(subject__contains=DRAFT, added_at__lt=at - DRAFTS_LIVE)
    count = len(abandoned)
    for row in abandoned:
        erase(row)
    return count + files.sweep(_named, before=(at - ORPHANS_LIVE).timestamp())


def _named(names: list[str]) -> set[str]:
    """Those of `names` that a row knows."""
    found: set[str] = set()
    for column in ("file", "thumbnail", "masked", "masked_thumbnail"):
        found.update(Attachment.objects.filter(**{f"{column}__in": names}).values_list(column, flat=True))
    return found


def _photo(upload: Upload) -> _Clean:
    _require_size(upload, PHOTO_LIMIT)
    picture = pictures.prepare(upload)
    facts = {
        "form": Attachment.Form.PHOTO,
        "width": picture.width,
        "height": picture.height,
        "latitude": picture.latitude,
        "longitude": picture.longitude,
    }
    return _Clean(picture.photo, "jpg", facts, picture.thumbnail)


def _voice(upload: Upload) -> _Clean:
    _require_size(upload, VOICE_LIMIT)
    upload.seek(0)
    sound = sounds.clean(upload.read())
    return _Clean(sound.content, sound.ending, {"form": Attachment.Form.VOICE, "seconds": sound.seconds})


def _require_size(upload: Upload, limit: int) -> None:
    size = upload.size or 0
    require(size > 0, _("文件是空的。请重新选一次。"))
    require(
        size <= limit,
        _("有 %(size)s，最多 %(limit)s。请换一个小一点的，或者在手机里压缩后再传。")
        % {"size": megabytes(size), "limit": megabytes(limit)},
    )


def require_room(size: int) -> None:
    """Refuse where the deployment's quota is used up. (The quota keeps the table short enough to sum.)"""
    stored = Attachment.objects.aggregate(total=Sum("size"))["total"] or 0
    require(stored + size <= settings.UPLOAD_QUOTA, files.no_room())


def _name(upload: Upload) -> str:
    return shorten(Path(upload.name or _("没有名字的文件")).name, 40)
