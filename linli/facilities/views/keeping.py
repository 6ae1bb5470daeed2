"""The lists of those who look after facilities: by kind, place and condition, by what is due; files and rhythms."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.access import open_to_all, staff
from linli.base.asked import Asked, tried
from linli.base.pages import page_of
from linli.facilities import actions
from linli.facilities.actions import COLUMNS, Facts, Imported
from linli.facilities.forms import FactsForm, ImportForm, NewPlanForm, PlanForm
from linli.facilities.models import READS, Facility, FacilityKind, InspectionDue, Plan
from linli.facilities.rules import Condition, Rhythm, Standing
from linli.facilities.views.public import DUE_TONES, TONES
from linli.organisations.rules import Power
from linli.places.models import Kind, Place, grounds

RHYTHM = ("every", "unit", "doer", "warn_days", "basis")
SOON_DAYS = 30


@staff(*READS)
def facilities(request: Asked) -> HttpResponse:
    """The caller's facilities by number; `?kind=`, `?condition=`, `?q=` words of where it is."""
    rows = Facility.objects.seen_by(request.memberships).live().select_related("place", "kind", "responsible")
    kind, condition = request.GET.get("kind", ""), request.GET.get("condition", "")
    words = request.GET.get("q", "").strip()[:40]
    if kind:
        rows = rows.filter(kind__code=kind)
    if condition in Condition.values:
        rows = rows.filter(condition=condition)
    for word in words.split():
        rows = rows.filter(place__full_name__icontains=word)
    page = page_of(rows, request, ["number"])
    context = {
        "page": page,
        "lines": [(row, TONES[Condition(row.condition)]) for row in page.rows],
        "kinds": FacilityKind.objects.order_by("code").values_list("code", "name"),
        "kind": kind,
        "conditions": Condition.choices,
        "condition": condition,
        "q": words,
        "bare": _bare(request),
    }
    return render(request, "facilities/list.html", context)


@staff(*READS)
def due(request: Asked) -> HttpResponse:
    """Inspections of the caller's facilities, what is due first on top; `?only=late`."""
    today = timezone.localdate()
    mine = Facility.objects.seen_by(request.memberships)
    rows = InspectionDue.objects.standing().filter(facility__in=mine.values("pk"))
    only = request.GET.get("only", "")
    if only == Standing.LATE:
        rows = rows.filter(due_on__lt=today)
    page = page_of(rows.select_related("plan", "facility__place"), request, ["due_on", "id"])
    lines = [(row, row.standing_on(today)) for row in page.rows]
    context = {
        "page": page,
        "lines": [(row, standing, DUE_TONES[standing]) for row, standing in lines],
        "only": only,
    }
    return render(request, "facilities/due.html", context)


@staff(Power.REGISTER)
def edit(request: Asked, token: str) -> HttpResponse:
    """Open or change the file of the facility at a place."""
    mine = Place.objects.live().within_any(grounds(request.memberships, frozenset({Power.REGISTER})))
    place = get_object_or_404(mine, token=token, kind=Kind.FACILITY)
    known = Facility.objects.select_related("responsible", "upkeep").filter(place=place).first()
    form = FactsForm(request.POST or None, place=place, facility=known)
    if request.method == "POST" and form.is_valid():
        done = tried(
            form,
            lambda: actions.enrol(place, Facts(**form.cleaned_data), by=request.person, at=timezone.now()),
        )
        if done is not None:
            messages.success(request, _("档案记好了，检验时间排好了。"))
            return redirect("facilities:facility", place.token)
    kinds = FacilityKind.objects.order_by("code").values_list("name", flat=True)
    context = {"form": form, "place": place, "facility": known, "kinds": kinds}
    return render(request, "facilities/edit.html", context, status=422 if form.errors else 200)


@open_to_all
def plans(request: Asked) -> HttpResponse:
    """How often each kind is looked at, by whom and on what basis, for everybody."""
    kinds = FacilityKind.objects.prefetch_related("plans").order_by("code")
    context = {"kinds": kinds, "may_edit": Power.EDIT_DUTIES in request.powers}
    return render(request, "facilities/plans.html", context)


@staff(Power.EDIT_DUTIES)
def plan(request: Asked, token: str) -> HttpResponse:
    """Change the rhythm of one inspection."""
    row = get_object_or_404(Plan.objects.select_related("kind"), token=token)
    form = PlanForm(request.POST or None, initial={name: getattr(row, name) for name in RHYTHM})
    if request.method == "POST" and form.is_valid():
        rhythm = Rhythm(**{name: form.cleaned_data[name] for name in RHYTHM})
        if (
            tried(form, lambda: actions.set_plan(row, rhythm, by=request.person, at=timezone.now()))
            is not None
        ):
            messages.success(request, _("周期改好了，下次的日期跟着变了。"))
            return redirect("facilities:plans")
    context = {"form": form, "plan": row}
    return render(request, "facilities/plan.html", context, status=422 if form.errors else 200)


@staff(Power.EDIT_DUTIES)
def new_plan(request: Asked) -> HttpResponse:
    """Add an inspection to a kind; the kinds themselves are loaded with the first visit's form."""
    form = NewPlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        rhythm = Rhythm(**{name: typed[name] for name in RHYTHM})
        made = tried(
            form,
            lambda: actions.add_plan(
                typed["kind"], typed["name"], rhythm, by=request.person, at=timezone.now()
            ),
        )
        if made is not None:
            messages.success(request, _("加好了。"))
            return redirect("facilities:plans")
    return render(request, "facilities/plan.html", {"form": form}, status=422 if form.errors else 200)


@staff(Power.REGISTER)
def bring(request: Asked) -> HttpResponse:
    """Bring files of facilities in from a CSV: tried first, then kept."""
    within = next(iter(grounds(request.memberships, frozenset({Power.REGISTER}))), None)
    form = ImportForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    done: Imported | None = None
    if request.method == "POST" and form.is_valid() and within is not None:
        typed = form.cleaned_data
        done = tried(
            form,
            lambda: actions.import_facilities(
                typed["file"].read(), within, by=request.person, at=timezone.now(), keep=typed["keep"]
            ),
        )
    context = {
        "form": form,
        "within": within,
        "done": done,
        "columns": COLUMNS,
        "kept": bool(done and form.cleaned_data["keep"]),
    }
    return render(request, "facilities/import.html", context, status=422 if form.errors else 200)


def _bare(request: Asked) -> list[Place]:
    """Return facilities in the tree that have no file yet, for those who may open one."""
    mine = grounds(request.memberships, frozenset({Power.REGISTER}))
    rows = Place.objects.live().within_any(mine).filter(kind=Kind.FACILITY, facility=None)
    return list(rows.order_by("pk")[:10])
