"""The data officer's desk: requests, reviews, questions, the catalogue, assessments, texts and holds."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.base.errors import Refused
from linli.base.words import said as _
from linli.organisations.models import Membership
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.people.rules import phone_number
from linli.privacy import actions, told
from linli.privacy.forms import AnswerForm, AssessmentForm, FieldForm, HoldForm, NoticeForm, ReviewForm
from linli.privacy.models import (
    Assessment,
    BreakGlass,
    ConsentNotice,
    Finding,
    Incident,
    LegalHold,
    Purge,
    RightsRequest,
    field_of,
    is_assessed,
)
from linli.trail import actions as trail
from linli.trail.models import Query
from linli.trail.rules import Purpose

MOST = 50


def guarding(request: Asked) -> list[Membership]:
    """Return the roles in which the caller guards personal data."""
    return [row for row in request.memberships if Power.PROTECT in row.powers]


def plain(request: Asked, form: Any, heading: str, button: str, **more: Any) -> HttpResponse:
    """Render the page that is one form: 422 where it was not taken."""
    context = {"form": form, "heading": heading, "button": button, "back": "privacy:desk"} | more
    return render(request, "privacy/form.html", context, status=422 if form.errors else 200)


@staff(Power.PROTECT)
def desk(request: Asked) -> HttpResponse:
    """What waits, the most urgent first."""
    roles, now = guarding(request), timezone.now()
    paths = [row.place.path for row in roles]
    context = {
        "asked": RightsRequest.objects.guarded_by(roles).unanswered()[:MOST],
        "reviews": BreakGlass.objects.guarded_by(roles).unreviewed().select_related("place")[:MOST],
        "queries": Query.objects.beneath(paths).unanswered()[:MOST],
        "incidents": Incident.objects.guarded_by(roles).filter(closed_at=None).select_related("place")[:MOST],
        "findings": Finding.objects.filter(decided_by=None)
        .select_related("organisation")
        .order_by("hearing_due")[:MOST],
        "features": [(name, is_assessed(code, now)) for code, name in told.features().items()],
        "last_purge": Purge.objects.order_by("-pk").first(),
        "now": now,
    }
    return render(request, "privacy/desk.html", context)


@staff(Power.PROTECT)
def answer(request: Asked, token: str) -> HttpResponse:
    """One request of somebody, and the answer to it; seeing it leaves a line in their trail."""
    roles, now = guarding(request), timezone.now()
    row = get_object_or_404(
        RightsRequest.objects.guarded_by(roles).select_related("person", "place"), token=token
    )
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if tried(form, lambda: actions.answer(row, typed["outcome"], typed["words"], request.person, now)):
            return redirect("privacy:answer", token)
    trail.looked(
        row.person.subject, request.person.subject, roles[0].looker_words(request.person),
        _("个人信息请求"), _("办理本人的个人信息请求"), now, f"privacy.RightsRequest:{row.pk}", Purpose.TASK,
    )  # fmt: skip
    context = {"asked": row, "form": form, "now": now}
    return render(request, "privacy/answer.html", context, status=422 if form.errors else 200)


@staff(Power.PROTECT)
def field(request: Asked, code: str) -> HttpResponse:
    """Change what the catalogue says about one field."""
    shown = field_of(code)
    if shown is None:
        raise Http404
    form = FieldForm(request.POST or None, initial=FieldForm.of(shown))
    if request.method == "POST" and form.is_valid():
        values, reason = form.values(), form.cleaned_data["reason"]
        if tried(form, lambda: actions.change_field(code, values, reason, request.person, timezone.now())):
            return redirect("privacy:fields")
    return plain(request, form, _("改字段目录：%s") % shown.label, _("记下"), back="privacy:fields")


@staff(Power.PROTECT, Power.AUDIT)
def assessments(request: Asked) -> HttpResponse:
    """Which feature has been assessed, by whom, until when; kept for at least three years."""
    now, rows = (
        timezone.now(),
        Assessment.objects.select_related("written_by", "approved_by").order_by("-pk")[:MOST],
    )
    names = told.features()
    today = timezone.localdate(now)
    lines = [
        {
            "row": row,
            "name": names.get(row.feature, row.feature),
            "is_in_force": row.is_in_force(today),
            "may_approve": row.approved_at is None
            and row.ended_at is None
            and row.written_by_id != request.person.pk,
        }
        for row in rows
    ]
    context = {"lines": lines, "is_officer": bool(guarding(request)), "now": now}
    return render(request, "privacy/assessments.html", context)


@staff(Power.PROTECT)
def assess(request: Asked) -> HttpResponse:
    """Write an assessment."""
    form = AssessmentForm(
        told.features(), request.POST or None, initial={"feature": request.GET.get("feature", "")}
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        made = tried(
            form,
            lambda: actions.assess(
                typed["feature"], typed, typed["review_on"], request.person, timezone.now()
            ),
        )
        if made is not None:
            return redirect("privacy:assessments")
    return plain(request, form, _("写影响评估"), _("交给另一位批准"), back="privacy:assessments")


@staff(Power.PROTECT, Power.AUDIT)
@require_POST
def approve(request: Asked, token: str) -> HttpResponse:
    """Approve what somebody else wrote."""
    actions.approve(get_object_or_404(Assessment, token=token), request.person, timezone.now())
    return redirect("privacy:assessments")


@staff(Power.PROTECT)
@require_POST
def end_assessment(request: Asked, token: str) -> HttpResponse:
    """Close the feature again."""
    row, why = get_object_or_404(Assessment, token=token), request.POST.get("because", "")
    actions.end_assessment(row, why, request.person, timezone.now())
    return redirect("privacy:assessments")


@staff(Power.PROTECT)
def review(request: Asked, token: str) -> HttpResponse:
    """Say whether a break-glass grant was right."""
    roles, now = guarding(request), timezone.now()
    grants = BreakGlass.objects.guarded_by(roles).select_related("place", "by")
    row = get_object_or_404(grants, token=token)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if tried(form, lambda: actions.review(row, typed["was_right"], typed["words"], request.person, now)):
            return redirect("privacy:desk")
    context = {"grant": row, "form": form, "now": now}
    return render(request, "privacy/review.html", context, status=422 if form.errors else 200)


@staff(Power.PROTECT)
def notices(request: Asked) -> HttpResponse:
    """Texts to agree to: what is asked now, and the next version."""
    form, now = NoticeForm(request.POST or None), timezone.now()
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if tried(form, lambda: actions.publish_notice(**typed, by=request.person, at=now)):
            return redirect("privacy:notices")
    rows = ConsentNotice.objects.order_by("code", "-version")[:MOST]
    return plain(request, form, _("同意书"), _("发布"), notices=rows)


@staff(Power.PROTECT)
@require_POST
def end_notice(request: Asked, token: str) -> HttpResponse:
    """Ask for it no longer."""
    actions.end_notice(get_object_or_404(ConsentNotice, token=token), request.person, timezone.now())
    return redirect("privacy:notices")


@staff(Power.PROTECT)
def holds(request: Asked) -> HttpResponse:
    """Whose data must stay for a proceeding."""
    form, now = HoldForm(request.POST or None), timezone.now()
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if tried(form, lambda: _hold(typed["phone"], typed["basis"], request.person, now)):
            return redirect("privacy:holds")
    rows = list(LegalHold.objects.in_force().select_related("person").order_by("-pk")[:MOST])
    trail.looked_at_many(
        [row.person.subject for row in rows], request.person.subject,
        guarding(request)[0].looker_words(request.person), _("依法保留的依据"), _("管理依法保留"), now, "",
        Purpose.LIST,
    )  # fmt: skip
    return plain(request, form, _("依法保留"), _("登记"), holds=rows)


def _hold(phone: str, basis: str, by: Person, at: datetime) -> LegalHold:
    person = Person.objects.of_phone(phone_number(phone)).order_by("pk").first()
    if person is None:
        raise Refused(_("没有登记这个手机号的人，请核对。"))
    return actions.hold(person, basis, by, at)


@staff(Power.PROTECT)
@require_POST
def lift(request: Asked, token: str) -> HttpResponse:
    """End a hold."""
    actions.lift(get_object_or_404(LegalHold, token=token), request.person, timezone.now())
    return redirect("privacy:holds")
