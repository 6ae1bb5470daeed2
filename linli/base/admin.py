"""The tables behind the pages, for looking only: whatever changes, changes through an action."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


READS_TABLES = "audit"  # the power, named as text: roles live on a higher floor


class TablesSite(admin.AdminSite):
    """The tables open to whoever audits, by a role that the administrator gave and can take, and to nobody else.

    They have no way in of their own: it would ask for the password alone, without the second factor.
    """

    def has_permission(self, request: HttpRequest) -> bool:
        """Tell whether one of the roles in force today lets the caller audit; such powers need the second factor."""
        return READS_TABLES in getattr(request, "powers", frozenset())

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to where everybody signs in; whoever is signed in and may not look gets 404."""
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next", "/"))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Nothing is changed here, a password neither."""
        raise Http404


class Unnamed:
    """A row as headings call it: by its number, since what it calls itself may be somebody's name."""

    def __init__(self, row: Model) -> None:
        self.pk = row.pk
        self.words = f"{row._meta.verbose_name} {row.pk}"

    def __str__(self) -> str:
        return self.words


class ReadOnlyAdmin(ModelAdmin):
    """A table that nobody can add to, change or delete from; list no column that holds personal data.

    A table whose rows say something of persons tells in `seen` whom it showed, so that they can read it.
    """

    show_full_result_count = False  # counting a million rows is not worth a page
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever may enter sees every table."""
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may enter may look."""
        return self.admin_site.has_permission(request)

    def seen(self, request: HttpRequest, rows: Sequence[Any]) -> None:
        """Leave a trace with the persons of these rows, which are being shown; most tables speak of none."""

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Return the page of rows, after noting who is on it."""
        shown = super().get_changelist_instance(request)
        self.seen(request, list(shown.result_list))
        return shown

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        """Show one row, after noting whose it is."""
        row = options.get("obj")
        if row is not None:
            self.seen(request, [row])
            context |= {"original": Unnamed(row), "subtitle": str(Unnamed(row))}
        return super().render_change_form(request, context, *args, **options)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Nothing is changed here, so there is no history of it; the page would name the row in clear."""
        raise Http404

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes here."""
        return False
