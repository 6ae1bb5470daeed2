"""When looks are shown to their subjects: the rules by purpose, and the legal bases for withholding."""

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.base.pages import page_of
from linli.trail import actions
from linli.trail.forms import RuleForm, WithholdForm
from linli.trail.models import DisclosureRule, Withholding
from linli.trail.views.audit import AUDIT, role_words

ASKED = "asked_%s"  # two forms of the page have a field of one name


@staff(AUDIT)
def overview(request: Asked) -> HttpResponse:
    """The rules in force and the bases for withholding, with what can be done about them."""
    return _page(request, _rule_form(), WithholdForm(auto_id=ASKED))


@staff(AUDIT)
@require_POST
def rule(request: Asked) -> HttpResponse:
    """Decide when future looks for one purpose are shown."""
    form, now = _rule_form(request.POST), timezone.now()
    if form.is_valid():
        typed = form.cleaned_data
        basis = Withholding.objects.usable(now).filter(token=typed["basis"]).first()
        days, by = typed["days"] or 0, request.person.subject
        tried(form, lambda: actions.set_rule(typed["purpose"], typed["disclosure"], days, basis, by, now))
    return _page(request, form, WithholdForm(auto_id=ASKED)) if form.errors else redirect("trail:disclosure")


@staff(AUDIT)
@require_POST
def ask(request: Asked) -> HttpResponse:
    """Propose a legal basis for withholding; a second person must approve it."""
    form = WithholdForm(request.POST, auto_id=ASKED)
    if form.is_valid():
        basis, why, by = form.cleaned_data["basis"], form.cleaned_data["why"], request.person.subject
        tried(form, lambda: actions.ask_to_withhold(basis, why, by, role_words(request), timezone.now()))
    return _page(request, _rule_form(), form) if form.errors else redirect("trail:disclosure")


@staff(AUDIT)
@require_POST
def approve(request: Asked, token: str) -> HttpResponse:
    """Approve a basis for a year, or after its review for another."""
    row = get_object_or_404(Withholding, token=token)
    actions.approve(row, request.person.subject, role_words(request), timezone.now())
    return redirect("trail:disclosure")


@staff(AUDIT)
@require_POST
def end(request: Asked, token: str) -> HttpResponse:
    """End a basis: its looks are shown from now on."""
    actions.end_withholding(get_object_or_404(Withholding, token=token), timezone.now())
    return redirect("trail:disclosure")


def _rule_form(typed: Any = None) -> RuleForm:
    usable = Withholding.objects.usable(timezone.now()).order_by("pk")
    return RuleForm(typed, bases=[(row.token, row.basis) for row in usable])


def _page(request: Asked, rule_form: RuleForm, withhold_form: WithholdForm) -> HttpResponse:
    bases = Withholding.objects.filter(ended_at=None).annotate(held=Count("looks"))
    context = {
        "now": timezone.now(),
        "rules": DisclosureRule.objects.select_related("withholding").order_by("purpose"),
        "page": page_of(bases, request, ["-id"]),
        "rule_form": rule_form,
        "withhold_form": withhold_form,
    }
    has_errors = bool(rule_form.errors or withhold_form.errors)
    return render(request, "trail/disclosure.html", context, status=422 if has_errors else 200)
