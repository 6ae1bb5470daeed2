"""The trail, to look at."""

from django.contrib import admin

from linli.base.admin import ReadOnlyAdmin
from linli.trail.models import Look


@admin.register(Look)
class LookAdmin(ReadOnlyAdmin):
    """Who looked, without what was seen."""

    list_display = ["at", "looker_words", "count", "purpose", "disclosure"]
    search_fields = ["=looker"]
