from django.contrib import admin

from linli.base.admin import ReadOnlyAdmin
from linli.triage.models import Count, Proposal


@admin.register(Count)
class CountAdmin(ReadOnlyAdmin):
    """What was learned: words and facts, never a text."""

    list_display = ("task", "feature", "label", "count")


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    """What was proposed and what a person chose."""

    list_display = ("task", "group", "engine", "chosen", "rank", "at")
    list_filter = ("task", "group", "engine")
