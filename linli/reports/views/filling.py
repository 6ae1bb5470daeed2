"""Filling a workbook in one click, and the versions that were filled."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.burden.rules import count
from linli.organisations.rules import Power
from linli.places import actions as places
from linli.places.models import Place
from linli.reports import actions
from linli.reports.forms import FillForm
from linli.reports.models import Filling
from linli.reports.rules import compare as compare_tables
from linli.reports.rules.comparing import MOST_SHOWN
from linli.reports.views.sending import workbook
from linli.reports.views.templates import kept, shown

MISSING_ON_A_PAGE = 100


@staff(Power.REGISTER)
@require_POST
def fill(request: Asked, token: str) -> HttpResponse:
    """Fill the workbook for the place and day asked for, and show what came of it."""
    template = kept(request, token)
    form = FillForm(request.POST)
    choice = places.choose(request.POST, "place", Place.objects.within(template.place))
    if form.is_valid() and choice.place is not None:
        fields, _stood_there = count(dict(request.POST.lists()), request.FILES, {})
        typed, place, by, now = form.cleaned_data, choice.place, request.person, timezone.now()
        filled = tried(
            form,
            lambda: actions.fill(
                template, place, typed["on"], is_whole=typed["is_whole"], by=by, at=now, typed=fields
            ),
        )
        if filled is not None:
            return redirect("reports:filling", filled.token)
    context = shown(template, timezone.localdate(), form, choice)
    return render(request, "reports/template.html", context, status=422)


def kept_filling(request: Asked, token: str) -> Filling:
    """Return a filling of the caller's own places, or 404; its content stays in the database."""
    rows = Filling.objects.kept_by(request.memberships).listed().select_related("template__place")
    row: Filling = get_object_or_404(
        rows.defer("template__book_sealed", "book_sealed", "table_sealed"), token=token
    )
    return row


@staff(Power.REGISTER)
@require_safe
def filling(request: Asked, token: str) -> HttpResponse:
    """Show one filling in numbers: rows, what is missing by column, what to look at; no person."""
    row = kept_filling(request, token)
    others = (
        Filling.objects.filter(template=row.template, place=row.place)
        .exclude(pk=row.pk)
        .listed()
        .order_by("-version")[:20]
    )
    context = {
        "filling": row,
        "template": row.template,
        "others": others,
        "missing": sorted(row.missing.items(), key=lambda item: -item[1]),
        "is_all_held": actions.is_all_held(row.template),
    }
    return render(request, "reports/filling.html", context)


@staff(Power.REGISTER)
@require_safe
def book(request: Asked, token: str) -> HttpResponse:
    """Hand out the filled workbook; everyone in it can read that."""
    row = kept_filling(request, token)
    content = actions.hand_out(row, by=request.person, at=timezone.now())
    name = f"{row.template.name}_{row.place.name}_{row.on:%Y%m%d}_第{row.version}版.xlsx"
    return workbook(content, name)


@staff(Power.REGISTER)
@require_safe
def missing(request: Asked, token: str) -> HttpResponse:
    """List the cells that nobody has been asked for yet, a page at a time; those shown can read that."""
    row = kept_filling(request, token)
    start = _number(request.GET.get("from", "0"))
    shown_rows, total = actions.read_missing(
        row, start, MISSING_ON_A_PAGE, by=request.person, at=timezone.now()
    )
    following = start + MISSING_ON_A_PAGE
    context = {
        "filling": row,
        "template": row.template,
        "rows": shown_rows,
        "total": total,
        "after": following if following < total else 0,
    }
    return render(request, "reports/missing.html", context)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 0


@staff(Power.REGISTER)
@require_POST
def ask(request: Asked, token: str) -> HttpResponse:
    """Put what is missing onto the grids' work lists."""
    actions.ask(kept_filling(request, token), by=request.person, at=timezone.now())
    return redirect("reports:wanted")


@staff(Power.REGISTER)
@require_safe
def compare(request: Asked, token: str) -> HttpResponse:
    """Show what changed between two versions, cell by cell."""
    after = kept_filling(request, token)
    others = Filling.objects.kept_by(request.memberships).listed()
    before = get_object_or_404(others, token=request.GET.get("with", ""), template=after.template)
    if before.pk == after.pk:
        raise Http404
    now = timezone.now()
    old = actions.read_table(before, by=request.person, at=now)
    new = actions.read_table(after, by=request.person, at=now)
    passed = frozenset(old.get("numbers", []))
    difference = compare_tables(old["rows"], new["rows"], old["columns"], new["columns"], passed)
    names = old["names"] | new["names"]
    context = {
        "before": before,
        "after": after,
        "template": after.template,
        "difference": difference,
        "changes": [
            {"who": names.get(change.row, change.row), "change": change}
            for change in difference.changes[:MOST_SHOWN]
        ],
        "came": [names.get(row, row) for row in difference.came[:MOST_SHOWN]],
        "left": [names.get(row, row) for row in difference.left[:MOST_SHOWN]],
        "most": MOST_SHOWN,
    }
    return render(request, "reports/compare.html", context)


@staff(Power.REGISTER)
@require_POST
def answer_held(request: Asked, token: str) -> HttpResponse:
    """Answer the demand: already held, here it is."""
    row = kept_filling(request, token)
    actions.answer_held(row.demand, row, by=request.person, at=timezone.now())
    return redirect("reports:filling", token)
