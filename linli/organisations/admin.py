"""Tables of bodies and roles, for looking only; persons appear by number, never by name."""

from django.contrib import admin

from linli.base.admin import ReadOnlyAdmin
from linli.organisations.models import AssistedSession, Membership, Organisation


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    list_display = ("name", "function", "tier", "is_desk", "retired_at")
    fields = list_display


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("token", "organisation", "role", "place", "since", "until")
    fields = list_display
    list_select_related = ("organisation", "place")


@admin.register(AssistedSession)
class AssistedSessionAdmin(ReadOnlyAdmin):
    list_display = ("token", "organisation", "channel", "started_at", "ends_at", "ended_at")
    fields = list_display
    list_select_related = ("organisation",)
