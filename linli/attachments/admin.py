from django.contrib import admin

from linli.attachments.models import Attachment
from linli.base.admin import ReadOnlyAdmin


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    """How much is stored and for what; the files themselves are seen on their subject's page only."""

    list_display = ("token", "form", "role", "size", "added_at", "public_at", "masked_at")
    fields = (
        "token",
        "form",
        "role",
        "subject",
        "size",
        "width",
        "height",
        "seconds",
        "digest",
        "added_at",
        "public_at",
    )
