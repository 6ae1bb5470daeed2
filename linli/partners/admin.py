"""Tables of partners, for looking only; persons do not appear."""

from django.contrib import admin

from linli.base.admin import ReadOnlyAdmin
from linli.partners.models import Contract, Evaluation, Paper, Partner


@admin.register(Partner)
class PartnerAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "credit_code", "state", "admitted_at", "left_at")
    fields = list_display


@admin.register(Paper)
class PaperAdmin(ReadOnlyAdmin):
    list_display = ("partner", "kind", "number", "issuer", "issued_on", "expires_on", "replaced_at")
    fields = list_display
    list_select_related = ("partner",)


@admin.register(Contract)
class ContractAdmin(ReadOnlyAdmin):
    list_display = ("partner", "number", "title", "amount", "budget", "since", "until", "ended_on")
    fields = list_display
    list_select_related = ("partner",)


@admin.register(Evaluation)
class EvaluationAdmin(ReadOnlyAdmin):
    list_display = ("partner", "evaluator", "since", "until", "published_at")
    fields = list_display
    list_select_related = ("partner", "evaluator")
