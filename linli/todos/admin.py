from django.contrib import admin

from linli.base.admin import ReadOnlyAdmin
from linli.todos.models import Admission, OutsideSystem


@admin.register(OutsideSystem)
class OutsideSystemAdmin(ReadOnlyAdmin):
    """Who may post; the token's hash is not shown."""

    list_display = ("name", "organisation", "added_at", "is_active")
    fields = ("name", "organisation", "added_at", "is_active")


@admin.register(Admission)
class AdmissionAdmin(ReadOnlyAdmin):
    """What was admitted. There is no table of to-dos: a load is nobody else's business (G04)."""

    list_display = ("task", "system", "basis", "hours", "money", "until", "ended_at")
