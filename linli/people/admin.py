"""Tables of persons, for looking only; no column holds personal data, and whom a page shows can read who looked."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from linli.base.admin import ReadOnlyAdmin
from linli.people import actions
from linli.people.models import Person, PhoneChange, Proxy, Residency, SignInCode


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    list_display = ("token", "created_at")
    fields = ("token", "masked", "masked_phone", "created_at")
    readonly_fields = ("masked", "masked_phone")

    def seen(self, request: HttpRequest, rows: Sequence[Any]) -> None:
        """The persons themselves."""
        note([row.pk for row in rows], Person, request)


@admin.register(Residency)
class ResidencyAdmin(ReadOnlyAdmin):
    list_display = ("token", "tenure", "source", "since", "until")
    fields = list_display

    def seen(self, request: HttpRequest, rows: Sequence[Any]) -> None:
        """Who lives there."""
        note([row.person_id for row in rows], Residency, request)


@admin.register(Proxy)
class ProxyAdmin(ReadOnlyAdmin):
    list_display = ("token", "scope", "granted_at", "until", "revoked_at")
    fields = list_display

    def seen(self, request: HttpRequest, rows: Sequence[Any]) -> None:
        """Both sides."""
        note([side for row in rows for side in (row.principal_id, row.agent_id)], Proxy, request)


@admin.register(PhoneChange)
class PhoneChangeAdmin(ReadOnlyAdmin):
    list_display = ("token", "at", "outcome")
    fields = list_display

    def seen(self, request: HttpRequest, rows: Sequence[Any]) -> None:
        """Whose number it was."""
        note([row.person_id for row in rows], PhoneChange, request)


@admin.register(SignInCode)
class SignInCodeAdmin(ReadOnlyAdmin):
    list_display = ("asked_at", "outcome", "tries", "used_at")
    fields = list_display


def note(persons: list[int], table: Any, request: HttpRequest) -> None:
    """Leave the trace of one page of a table."""
    by: Any = request.person  # type: ignore[attr-defined]
    actions.seen_in_table(persons, str(table._meta.verbose_name), by, timezone.now())
