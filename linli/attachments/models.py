"""Photos and voice messages: re-encoded on every way in, shown only through a view that checks who asks."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField


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
    digest = models.CharField(max_length=64)  # SHA-256 of the stored copy
    size = models.PositiveIntegerField()  # bytes stored, all copies
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)  # of a voice message
    added_by = models.CharField(max_length=40, blank=True)  # "people.Person:42"
    added_at = models.DateTimeField(_("上传时间"))
    public_at = models.DateTimeField(_("公开时间"), null=True, blank=True)  # nothing is public until released
    # Where the camera said it was, read before the metadata went; for the handlers only.
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    class Meta:
        verbose_name = _("附件")
