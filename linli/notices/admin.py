from django.contrib import admin

from linli.base.admin import ReadOnlyAdmin
from linli.notices.models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """How attempts stand; whom they went to is not shown here."""

    list_display = ("attempt", "channel", "state", "ordinal", "words", "moved_at")
    list_filter = ("state",)
    fields = ("attempt", "channel", "state", "ordinal", "words", "not_before", "at", "moved_at", "digest_on")
