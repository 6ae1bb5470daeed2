"""Incidents and drills, bodies that misused data, the security file."""

import csv
from io import StringIO

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.base.access import signed_in, staff
from linli.base.asked import Asked, tried
from linli.base.errors import Refused
from linli.base.tables import harmless
from linli.organisations.models import Organisation
from linli.organisations.rules import Power
from linli.places import actions as places
from linli.places.models import Place
from linli.privacy import actions
from linli.privacy.forms import (
    CheckForm,
    CloseForm,
    DecideForm,
    FindingForm,
    HearForm,
    IncidentForm,
    ReportForm,
)
from linli.privacy.models import Finding, Incident, SecurityItem
from linli.privacy.rules import CHECKS
from linli.privacy.views.desk import guarding, plain


@staff(Power.PROTECT)
def record(request: Asked) -> HttpResponse:
    """Write down an incident or a drill."""
    form, now, choice = IncidentForm(request.POST or None), timezone.now(), places.Choice("place")
    if request.method == "POST" and form.is_valid():
        choice = places.choose(
            request.POST, "place", Place.objects.within_any(row.place for row in guarding(request))
        )
        typed, place = form.cleaned_data, choice.place
        if place is not None:
            made = tried(
                form,
                lambda: actions.record_incident(
                    place,
                    typed,
                    typed["severity"],
                    typed["found_at"],
                    request.person,
                    now,
                    is_drill=typed["is_drill"],
                ),
            )
            if made is not None:
                return redirect("privacy:incident", made.token)
    answer = plain(request, form, _("登记信息安全事件"), _("登记"), choice=choice)
    answer.status_code = 422 if request.method == "POST" else 200
    return answer


def _incident(request: Asked, token: str) -> Incident:
    found = Incident.objects.guarded_by(guarding(request)).select_related("place")
    row: Incident = get_object_or_404(found, token=token)
    return row


@staff(Power.PROTECT)
def incident(request: Asked, token: str) -> HttpResponse:
    """What happened, what was done, and the letter to those concerned."""
    row = _incident(request, token)
    context = {
        "incident": row,
        "letter": actions.letter(row),
        "report_form": ReportForm(),
        "close_form": CloseForm(),
        "now": timezone.now(),
    }
    return render(request, "privacy/incident.html", context)


@staff(Power.PROTECT)
@require_POST
def contacts(request: Asked, token: str) -> HttpResponse:
    """The list of those concerned with name, number and home, as CSV; each reads of it in their trail."""
    row, now = _incident(request, token), timezone.now()
    who = guarding(request)[0].looker_words(request.person)
    listed = actions.contacts(row, request.person, who, now)
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([_("姓名"), _("电话"), _("住址")])
    writer.writerows([harmless(cell) for cell in line] for line in listed)
    writer.writerow([_("仅用于通知当事人，用后销毁。%s") % who])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="contacts-{row.token}.csv"'
    return answer


@staff(Power.PROTECT)
@require_POST
def handle(request: Asked, token: str, verb: str) -> HttpResponse:
    """Report it, tell those concerned, or close it."""
    row, now, by = _incident(request, token), timezone.now(), request.person
    if verb == "report":
        actions.report_incident(row, request.POST.get("to", ""), by, now)
    elif verb == "tell":
        actions.tell_concerned(row, by, now)
    else:
        lessons, why = request.POST.get("lessons", ""), request.POST.get("not_told_because", "")
        actions.close_incident(row, lessons, why, by, now)
    return redirect("privacy:incident", token)


@staff(Power.PROTECT)
def open_finding(request: Asked) -> HttpResponse:
    """Say that a body seems to have misused data."""
    form, now = FindingForm(request.POST or None), timezone.now()
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        made = tried(
            form, lambda: actions.open_finding(_body(typed["body"]), typed["what"], request.person, now)
        )
        if made is not None:
            return redirect("privacy:finding", made.token)
    return plain(request, form, _("提出违规认定"), _("请该单位说明"))


def _body(name: str) -> Organisation:
    found = Organisation.objects.active().filter(name=name.strip()).first()
    if found is None:
        raise Refused(_("没有叫这个名称的单位，请照“组织”页上的全称写。"))
    return found


@signed_in
def finding(request: Asked, token: str) -> HttpResponse:
    """A finding that is being heard: for the people of the body, and for data officers."""
    row, now = get_object_or_404(Finding.objects.select_related("organisation"), token=token), timezone.now()
    is_officer = bool(guarding(request))
    is_member = any(role.organisation_id == row.organisation_id for role in request.memberships)
    if not (is_officer or is_member or row.published_at):
        raise Http404
    hear, decide = HearForm(), DecideForm()
    if request.method == "POST" and is_member and "words" in request.POST:
        hear = HearForm(request.POST)
        if hear.is_valid():
            words = hear.cleaned_data["words"]
            if tried(hear, lambda: actions.hear(row, words, request.person, now)):
                return redirect("privacy:finding", token)
    elif request.method == "POST" and is_officer:
        decide = DecideForm(request.POST)
        if decide.is_valid():
            typed = decide.cleaned_data
            if tried(
                decide,
                lambda: actions.decide_finding(
                    row, typed["is_misuse"], typed["conclusion"], request.person, now
                ),
            ):
                return redirect("privacy:finding", token)
    context = {
        "finding": row,
        "hear": hear,
        "decide": decide,
        "is_officer": is_officer,
        "is_member": is_member,
        "now": now,
    }
    return render(request, "privacy/finding.html", context, status=422 if request.method == "POST" else 200)


@staff(Power.PROTECT, Power.AUDIT)
def security(request: Asked) -> HttpResponse:
    """The security file of the deployment: grade, check-list, drills."""
    form, now = CheckForm(request.POST or None), timezone.now()
    roles = guarding(request)
    place = (roles or request.memberships)[0].place
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if tried(
            form,
            lambda: actions.check_item(
                place, typed["code"], typed["step"], typed["note"], request.person, now
            ),
        ):
            return redirect("privacy:security")
    held = {row.code: row for row in SecurityItem.objects.filter(place=place).select_related("by")}
    context = {
        "form": form if roles else None,
        "items": [(words, held.get(code)) for code, words in CHECKS],
        "drills": Incident.objects.filter(is_drill=True, place__path__startswith=place.path).order_by("-pk")[
            :10
        ],
        "place": place,
        "now": now,
    }
    return render(request, "privacy/security.html", context, status=422 if form.errors else 200)
