"""The trail, to look at; whoever is named in it can read that it was looked at."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.admin import ReadOnlyAdmin
from linli.trail import actions
from linli.trail.models import DisclosureRule, Look, Query, Reveal, Seen, Withholding
from linli.trail.rules import Purpose


@admin.register(Look)
class LookAdmin(ReadOnlyAdmin):
    """Who looked, without what was seen."""

    list_display = ("at", "looker_words", "count", "purpose", "disclosure")
    fields = (*list_display, "fields", "reason", "under", "request_id", "shown_from")
    search_fields = ("=looker", "=request_id")

    def seen(self, request: HttpRequest, rows: Sequence[Any]) -> None:
        """Whoever looked."""
        note([row.looker for row in rows], request, Look)


@admin.register(Seen)
class SeenAdmin(ReadOnlyAdmin):
    """Whom a look showed, by number."""

    list_display = ("at", "subject")
    fields = list_display

    def seen(self, request: HttpRequest, rows: Sequence[Any]) -> None:
        """Whoever was looked at."""
        note([row.subject for row in rows], request, Seen)


@admin.register(Reveal)
class RevealAdmin(ReadOnlyAdmin):
    """Which fields were opened."""

    list_display = ("opened_at", "ends_at", "field")
    fields = list_display

    def seen(self, request: HttpRequest, rows: Sequence[Any]) -> None:
        """Both sides."""
        note([side for row in rows for side in (row.subject, row.looker)], request, Reveal)


@admin.register(Query)
class QueryAdmin(ReadOnlyAdmin):
    """What was asked about looks, without the words."""

    list_display = ("asked_at", "due", "answered_at", "was_right")
    fields = list_display

    def seen(self, request: HttpRequest, rows: Sequence[Any]) -> None:
        """Whoever asked."""
        note([row.asked_by for row in rows], request, Query)


@admin.register(Withholding)
class WithholdingAdmin(ReadOnlyAdmin):
    """The legal bases."""

    list_display = ("basis", "asked_at", "approved_at", "holds_until", "ended_at")
    fields = (*list_display, "why")


@admin.register(DisclosureRule)
class DisclosureRuleAdmin(ReadOnlyAdmin):
    """When looks are shown."""

    list_display = ("purpose", "disclosure", "days", "withholding")
    fields = list_display


def note(subjects: Iterable[str], request: HttpRequest, table: Any) -> None:
    """Leave the trace of one page of a table: reading the trail is a look like any other."""
    by: Any = request.person  # type: ignore[attr-defined]
    words = _("%(name)s · 审计") % {"name": by.masked}
    fields = _("后台表：%(table)s") % {"table": table._meta.verbose_name}
    reason = _("审计查看后台表（不显示姓名、电话原文）")
    actions.looked_at_many(subjects, by.subject, words, fields, reason, timezone.now(), purpose=Purpose.AUDIT)
