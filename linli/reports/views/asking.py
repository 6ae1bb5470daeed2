"""What is still to be asked, by grid; the answer goes to the register."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.base.pages import page_of
from linli.organisations.rules import Power
from linli.places.models import Place
from linli.register.rules import FIELDS, codes
from linli.reports import actions
from linli.reports.forms import AnswerForm
from linli.reports.models import Wanted


@staff(Power.INTAKE)
@require_safe
def wanted(request: Asked) -> HttpResponse:
    """List what is missing in reports, for whoever meets these people anyway."""
    return _list(request)


def _list(request: Asked, refused: tuple[str, AnswerForm] | None = None) -> HttpResponse:
    rows = Wanted.objects.askable_by(request.memberships).open()
    rows = rows.select_related("person", "home", "grid", "template", "column").defer("template__book_sealed")
    grids = Place.objects.filter(pk__in=rows.order_by().values("grid")).order_by("sort_name")
    chosen = request.GET.get("grid", "")
    if chosen == "none":
        rows = rows.filter(grid=None)
    elif chosen:
        rows = rows.filter(grid__token=chosen)
    page = page_of(rows, request, ["home_id", "pk"])
    actions.show(page.rows, by=request.person, at=timezone.now())
    context = {
        "page": page,
        "rows": [_shown(row, refused) for row in page.rows],
        "grids": grids,
        "chosen": chosen,
        "back": request.get_full_path() if request.method == "GET" else "",
    }
    return render(request, "reports/wanted.html", context, status=422 if refused else 200)


def _shown(row: Wanted, refused: tuple[str, AnswerForm] | None) -> dict[str, object]:
    """Return one row with the field in which its answer is typed."""
    field = FIELDS.get(row.fact)
    kind = field.kind if field else "text"
    problem = refused[1] if refused and refused[0] == row.token else None
    return {
        "wanted": row,
        "label": field.label if field else row.column.words if row.column else "",
        "kind": kind,
        "codes": list(codes(field.codes).items()) if field and field.codes and kind == "code" else [],
        "said": problem.data.get("said", "") if problem else "",
        "errors": [error for errors in problem.errors.values() for error in errors] if problem else [],
    }


def _one(request: Asked, token: str) -> Wanted:
    rows = Wanted.objects.askable_by(request.memberships).select_related("home", "template", "person")
    row: Wanted = get_object_or_404(rows, token=token)
    return row


@staff(Power.INTAKE)
@require_POST
def answer(request: Asked, token: str) -> HttpResponse:
    """Take an answer; what the register refuses is shown with what was typed."""
    row, form = _one(request, token), AnswerForm(request.POST)
    if form.is_valid():
        said, by = form.cleaned_data["said"], request.person
        if tried(form, lambda: actions.answer(row, said, by=by, at=timezone.now())) is not None:
            return _back(request, row)
    return _list(request, (token, form))


@staff(Power.INTAKE)
@require_POST
def leave(request: Asked, token: str) -> HttpResponse:
    """Somebody would rather not say."""
    row = _one(request, token)
    actions.leave(row, by=request.person, at=timezone.now())
    return _back(request, row)


def _back(request: Asked, row: Wanted) -> HttpResponse:
    answer = redirect("reports:wanted")
    grid = request.POST.get("grid", "")
    if grid and grid.isalnum():
        answer["Location"] += f"?grid={grid}"
    return answer
