"""Tables of bodies and roles, for looking only; persons appear by number, never by name."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from linli.base.admin import ReadOnlyAdmin
from linli.organisations.models import AssistedSession, Membership, Organisation
from linli.people import actions as people


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    list_display = ("name", "function", "tier", "is_desk", "retired_at")
    fields = list_display


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("token", "organisation", "role", "place", "since", "until")
    fields = list_display
    list_select_related = ("organisation", "place")

    def seen(self, request: HttpRequest, rows: Sequence[Any]) -> None:
        """Who holds the roles."""
        note([row.person_id for row in rows], Membership, request)


@admin.register(AssistedSession)
class AssistedSessionAdmin(ReadOnlyAdmin):
    list_display = ("token", "organisation", "channel", "started_at", "ends_at", "ended_at")
    fields = list_display
    list_select_related = ("organisation",)

    def seen(self, request: HttpRequest, rows: Sequence[Any]) -> None:
        """The resident and the worker."""
        note([side for row in rows for side in (row.resident_id, row.worker_id)], AssistedSession, request)


def note(persons: list[int], table: Any, request: HttpRequest) -> None:
    """Leave the trace of one page of a table."""
    by: Any = request.person  # type: ignore[attr-defined]
    people.seen_in_table(persons, str(table._meta.verbose_name), by, timezone.now())
