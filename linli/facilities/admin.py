"""Tables of facilities, for looking only; persons do not appear."""

from django.contrib import admin

from linli.base.admin import ReadOnlyAdmin
from linli.facilities.models import Facility, FacilityKind, Inspection, Plan


@admin.register(FacilityKind)
class FacilityKindAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "facility_class")
    fields = list_display


@admin.register(Plan)
class PlanAdmin(ReadOnlyAdmin):
    list_display = ("kind", "name", "every", "unit", "doer", "warn_days", "basis")
    fields = list_display
    list_select_related = ("kind",)


@admin.register(Facility)
class FacilityAdmin(ReadOnlyAdmin):
    list_display = ("number", "place", "kind", "condition", "responsible", "upkeep")
    fields = list_display
    list_select_related = ("place", "kind", "responsible", "upkeep")


@admin.register(Inspection)
class InspectionAdmin(ReadOnlyAdmin):
    list_display = ("facility", "plan", "on", "result", "by_words", "report_number")
    fields = list_display
    list_select_related = ("facility__place", "plan")
