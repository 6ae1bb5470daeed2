"""Photos and voice messages: re-encoded on every way in, shown only through a view that checks who asks."""

from typing import Self

from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from linli.attachments.rules import Box, Sight
from linli.base.fields import TokenField


class Attachments(models.QuerySet["Attachment"]):
    """Phrases for lists of files."""

    def of(self, subject: str) -> Self:
        """Everything of a subject ("cases.Case:7"), in the order in which it came."""
        return self.filter(subject=subject).order_by("pk")

    def released(self) -> Self:
        """Only what a person released to the public."""
        return self.filter(public_at__isnull=False)


class Attachment(models.Model):
    """A file of a subject ("cases.Case:7"). The stored copy carries no metadata; the original is not kept."""

    class Form(models.TextChoices):
        PHOTO = "photo", _("照片")
        VOICE = "voice", _("语音")

    token = TokenField()
    subject = models.CharField(max_length=60, db_index=True)
    role = models.CharField(_("用途"), max_length=12)  # before, after, evidence, voice
    form = models.CharField(_("形式"), max_length=8, choices=Form)
    file = models.FileField(upload_to="uploads")
    thumbnail = models.FileField(upload_to="uploads", blank=True)
    masked = models.FileField(
        upload_to="uploads", blank=True
    )  # with black boxes; what the public sees where present
    masked_thumbnail = models.FileField(upload_to="uploads", blank=True)
    boxes = models.JSONField(default=list, blank=True)  # [[left, top, right, bottom]] as fractions
    masked_by = models.CharField(max_length=40, blank=True)  # "people.Person:42"
    masked_at = models.DateTimeField(_("遮盖时间"), null=True, blank=True)
    digest = models.CharField(max_length=64)  # SHA-256 of the stored copy
    size = models.PositiveIntegerField()  # bytes stored, all copies
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)  # of a voice message; 0 where the file does not say
    added_by = models.CharField(max_length=40, blank=True)  # "people.Person:42"
    added_at = models.DateTimeField(_("上传时间"))
    public_at = models.DateTimeField(_("公开时间"), null=True, blank=True)  # nothing is public until released
    # Where the camera said it was, read before the metadata went; for the handlers only.
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    objects = Attachments.as_manager()

    class Meta:
        verbose_name = _("附件")

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.token}"

    @property
    def is_photo(self) -> bool:
        """Whether it is a picture, not a voice message."""
        return self.form == self.Form.PHOTO

    @property
    def covers(self) -> list[Box]:
        """The black boxes drawn over it."""
        return [Box(*box) for box in self.boxes]

    def copy_for(self, sight: Sight | None, *, small: bool = False) -> FieldFile | None:
        """The file for this sight: the public gets what is released, masked where masked; a stranger none."""
        if sight is None or (sight == "public" and self.public_at is None):
            return None
        if sight == "public" and self.masked:
            return self.masked_thumbnail if small else self.masked
        return self.thumbnail if small else self.file

    def stored_names(self) -> list[str]:
        """Names in the storage of all its copies."""
        copies = (self.file, self.thumbnail, self.masked, self.masked_thumbnail)
        return [copy.name for copy in copies if copy.name]
