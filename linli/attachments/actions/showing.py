"""Who sees a file: released to the public or withheld, and black boxes over faces and plates."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from linli.attachments.actions import files, pictures
from linli.attachments.actions.keeping import require_room
from linli.attachments.models import Attachment
from linli.attachments.rules import Box
from linli.base.errors import require
from linli.people.models import Person


@transaction.atomic
def release(attachment: Attachment, at: datetime) -> None:
    """Let the public see it: the masked copy where there is one. A second release keeps the first time."""
    row = _locked(attachment)
    if row.public_at is None:
        row.public_at = at
        row.save(update_fields=["public_at"])


@transaction.atomic
def withhold(attachment: Attachment) -> None:
    """Take it back from the public; handlers keep seeing it."""
    row = _locked(attachment)
    row.public_at = None
    row.save(update_fields=["public_at"])


@transaction.atomic
def mask(attachment: Attachment, boxes: Iterable[Box], by: Person, at: datetime) -> None:
    """Black out these boxes in the public copy, in place of those drawn before; none takes the black away.

    The clean photo stays for the handlers, so that a slip can be undone.
    """
    drawn = list(boxes)
    row = _locked(attachment)
    require(row.is_photo, _("只有照片可以涂黑。"))
    require(all(box.is_within() for box in drawn), _("要涂黑的地方超出了照片。请在照片上重新选。"))
    if [[box.left, box.top, box.right, box.bottom] for box in drawn] == row.boxes:
        return
    old = [name for name in (row.masked.name, row.masked_thumbnail.name) if name]
    row.size -= sum(default_storage.size(name) for name in old if default_storage.exists(name))
    row.masked.name = row.masked_thumbnail.name = ""
    if drawn:
        photo, thumbnail = pictures.blacken(Path(row.file.path).read_bytes(), drawn)
        require_room(len(photo) + len(thumbnail))
        row.masked.name = files.keep(photo, "jpg")
        row.masked_thumbnail.name = files.keep(thumbnail, "jpg")
        row.size += len(photo) + len(thumbnail)
    row.boxes = [[box.left, box.top, box.right, box.bottom] for box in drawn]
    row.masked_by, row.masked_at = f"people.Person:{by.pk}", at
    row.save()
    files.drop(old)


def _locked(attachment: Attachment) -> Attachment:
    return Attachment.objects.select_for_update().get(pk=attachment.pk)
