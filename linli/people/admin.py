"""Tables of persons, for looking only; no column holds personal data."""

from django.contrib import admin

from linli.base.admin import ReadOnlyAdmin
from linli.people.models import Proxy, Residency, SignInCode


@admin.register(Residency)
class ResidencyAdmin(ReadOnlyAdmin):
    list_display = ("token", "tenure", "source", "since", "until")
    fields = list_display


@admin.register(Proxy)
class ProxyAdmin(ReadOnlyAdmin):
    list_display = ("token", "scope", "granted_at", "until", "revoked_at")
    fields = list_display


@admin.register(SignInCode)
class SignInCodeAdmin(ReadOnlyAdmin):
    list_display = ("asked_at", "outcome", "tries", "used_at")
    fields = list_display
