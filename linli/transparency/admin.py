from django.contrib import admin

from linli.base.admin import ReadOnlyAdmin
from linli.transparency.models import Checkpoint, Entry


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    """The recorded acts."""

    list_display = ["log", "position", "type", "ref", "at"]
    list_filter = ["type"]
    search_fields = ["ref"]
    exclude = ["salt", "leaf"]


@admin.register(Checkpoint)
class CheckpointAdmin(ReadOnlyAdmin):
    """The signed heads."""

    list_display = ["log", "size", "at"]
    exclude = ["root"]
