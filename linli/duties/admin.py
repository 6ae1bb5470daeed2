"""The tables of duties, to look at."""

from django.contrib import admin

from linli.base.admin import ReadOnlyAdmin
from linli.duties.models import Category, DutyLine, DutyList, Gap, Holiday


@admin.register(Category)
class CategoryAdmin(ReadOnlyAdmin):
    """What a case may be about."""

    list_display = ["code", "name", "matter", "sort", "is_public"]
    list_filter = ["matter", "sort"]
    search_fields = ["code", "name"]


@admin.register(DutyList)
class DutyListAdmin(ReadOnlyAdmin):
    """The versions."""

    list_display = ["place", "number", "published_at", "note"]
    list_select_related = ["place"]


@admin.register(DutyLine)
class DutyLineAdmin(ReadOnlyAdmin):
    """The lines of all versions."""

    list_display = ["number", "category", "ownership", "lead", "basis"]
    list_filter = ["lead"]
    search_fields = ["number", "category__name"]
    list_select_related = ["category"]


@admin.register(Holiday)
class HolidayAdmin(ReadOnlyAdmin):
    """Days that depart from the weekdays."""

    list_display = ["day", "is_working", "name", "notice"]
    list_filter = ["year"]


@admin.register(Gap)
class GapAdmin(ReadOnlyAdmin):
    """What nobody was bound to."""

    list_display = ["place", "category", "reason", "at", "closed_at"]
    list_select_related = ["place", "category"]
