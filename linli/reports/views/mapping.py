"""Matching the columns of a superior's workbook to what is held."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from linli.base.access import staff
from linli.base.asked import Asked
from linli.base.errors import Refused
from linli.organisations.rules import Power
from linli.reports import actions
from linli.reports.forms import LayoutForm, WhoForm, other_choices, read_columns, shown_columns
from linli.reports.models import Template, columns_of
from linli.reports.rules import DateFormat, Unit
from linli.reports.rules.books import open_workbook
from linli.reports.views.templates import kept


@staff(Power.REGISTER)
def columns(request: Asked, token: str) -> HttpResponse:
    """Show each column with what we propose, and keep what the worker chooses."""
    template = kept(request, token)
    who = WhoForm(
        request.POST if request.method == "POST" else None, template=template, tags=actions.tag_kinds()
    )
    if request.method != "POST":
        return _page(request, template, who)
    mapped, problems = read_columns(columns_of(template), actions.facts_of(template.subject), request.POST)
    if who.is_valid() and not problems:
        try:
            actions.map_columns(
                template,
                mapped,
                who.who(),
                is_whole="is_whole" in request.POST,
                by=request.person,
                at=timezone.now(),
            )
        except Refused as refused:
            problems = [f"{refused.reason}（{refused.rule}）" if refused.rule else str(refused.reason)]
        else:
            here = "reports:columns" if "stay" in request.POST else "reports:template"
            return redirect(here, token)
    return _page(request, template, who, problems=problems)


@staff(Power.REGISTER)
@require_POST
def layout(request: Asked, token: str) -> HttpResponse:
    """Say which sheet and which rows hold the header; the columns are proposed anew."""
    template = kept(request, token)
    form = LayoutForm(request.POST, sheets=_sheets(template))
    if form.is_valid():
        typed = form.cleaned_data
        try:
            actions.choose_layout(
                template,
                typed["sheet"],
                typed["header_first"],
                typed["header_last"],
                typed["subject"],
                by=request.person,
                at=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            return redirect("reports:columns", token)
    who = WhoForm(template=template, tags=actions.tag_kinds())
    return _page(request, template, who, layout_form=form, problems=[""])


def _sheets(template: Template) -> list[tuple[str, bool]]:
    book = open_workbook(template.book)
    return [(sheet.title, sheet.sheet_state != "visible") for sheet in book.worksheets]


def _page(
    request: Asked,
    template: Template,
    who: WhoForm,
    *,
    layout_form: LayoutForm | None = None,
    problems: list[str] | None = None,
) -> HttpResponse:
    facts = actions.facts_of(template.subject)
    first = {
        "sheet": template.sheet,
        "header_first": template.header_first,
        "header_last": template.header_last,
        "subject": template.subject,
    }
    typed = request.POST if problems is not None and layout_form is None else None
    context = {
        "template": template,
        "columns": shown_columns(columns_of(template), facts, typed),
        "facts": [(f"fact:{code}", fact.label) for code, fact in facts.items()],
        "others": other_choices(),
        "date_formats": DateFormat.choices,
        "units": Unit.choices,
        "who": who,
        "is_whole": "is_whole" in typed if typed is not None else template.is_whole,
        "layout": layout_form or LayoutForm(initial=first, sheets=_sheets(template)),
        "problems": [problem for problem in problems or [] if problem],
    }
    status = 422 if problems is not None or (who.is_bound and who.errors) else 200
    return render(request, "reports/columns.html", context, status=status)
