"""The tables of places, to look at."""

from django.contrib import admin

from linli.base.admin import ReadOnlyAdmin
from linli.places.models import Place, PlaceAlias, PlaceCode


@admin.register(Place)
class PlaceAdmin(ReadOnlyAdmin):
    """The tree, by name or code; who lives where is not in it."""

    list_display = ["full_name", "kind", "code", "retired_at"]
    list_filter = ["kind"]
    search_fields = ["full_name", "=code"]
    list_select_related = False


@admin.register(PlaceAlias)
class PlaceAliasAdmin(ReadOnlyAdmin):
    """Codes that were valid once."""

    list_display = ["code", "place", "until"]
    search_fields = ["=code"]
    list_select_related = ["place"]


@admin.register(PlaceCode)
class PlaceCodeAdmin(ReadOnlyAdmin):
    """The stickers."""

    list_display = ["token", "place", "issued_at", "retired_at"]
    search_fields = ["=token"]
    list_select_related = ["place"]
