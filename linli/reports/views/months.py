"""The monthly report: written from events, read on the page, taken along as DOCX or PDF."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.base.pages import page_of
from linli.organisations.rules import Power
from linli.reports import actions, papers
from linli.reports.forms import ClosingForm, MonthForm
from linli.reports.models import MonthlyReport
from linli.reports.views.sending import DOCX, PDF, file
from linli.reports.views.templates import own_place


@staff(Power.REGISTER)
def months(request: Asked) -> HttpResponse:
    """List the reports there are, and write one for a month."""
    place = own_place(request)
    last = timezone.localdate().replace(day=1)
    form = MonthForm(request.POST or None, initial={"month": last})
    if request.method == "POST" and form.is_valid():
        typed, by = form.cleaned_data, request.person
        made = tried(
            form,
            lambda: actions.write_month(place, typed["month"], typed["closing"], by=by, at=timezone.now()),
        )
        if made is not None:
            return redirect("reports:month", made.token)
    rows = MonthlyReport.objects.kept_by(request.memberships).select_related("place")
    context = {"form": form, "page": page_of(rows, request, ["-pk"]), "place": place}
    return render(request, "reports/months.html", context, status=422 if form.errors else 200)


def kept(request: Asked, token: str) -> MonthlyReport:
    """Return a report of the caller's own places, or 404."""
    rows = MonthlyReport.objects.kept_by(request.memberships).select_related("place", "made_by")
    report: MonthlyReport = get_object_or_404(rows, token=token)
    return report


@staff(Power.REGISTER)
def month(request: Asked, token: str) -> HttpResponse:
    """Read a report as it will be printed; new closing words make a new version."""
    report = kept(request, token)
    form = ClosingForm(request.POST or None, initial={"closing": report.closing})
    if request.method == "POST" and form.is_valid():
        closing, by = form.cleaned_data["closing"], request.person
        made = tried(
            form,
            lambda: actions.write_month(report.place, report.month, closing, by=by, at=timezone.now()),
        )
        if made is not None:
            return redirect("reports:month", made.token)
    context = {
        "report": report,
        **papers.content_of(report),
        "form": form,
        "versions": MonthlyReport.objects.filter(place=report.place, month=report.month).order_by("-version"),
    }
    return render(request, "reports/month.html", context, status=422 if form.errors else 200)


@staff(Power.REGISTER)
@require_safe
def as_docx(request: Asked, token: str) -> HttpResponse:
    """Take the report along as a Word document."""
    report = kept(request, token)
    return file(papers.docx(report), f"{papers.content_of(report)['title']}.docx", DOCX)


@staff(Power.REGISTER)
@require_safe
def as_pdf(request: Asked, token: str) -> HttpResponse:
    """Take the report along as PDF."""
    report = kept(request, token)
    return file(papers.as_pdf(report), f"{papers.content_of(report)['title']}.pdf", PDF)
