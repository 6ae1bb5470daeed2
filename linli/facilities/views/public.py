"""What everybody may read of a facility, and where who looks after it records an inspection."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.attachments.models import Attachment
from linli.base.access import open_to_all, staff
from linli.base.asked import Asked, tried
from linli.base.fields import public_token
from linli.base.pages import page_of
from linli.cases.models import Case
from linli.cases.rules import OPEN
from linli.facilities import actions
from linli.facilities.actions import Found
from linli.facilities.forms import ConditionForm, InspectForm
from linli.facilities.models import WORKS, Facility
from linli.facilities.rules import Condition, Standing
from linli.places.models import Kind, Place

TONES = {
    Condition.GOOD: "calm", Condition.TO_MEND: "soon", Condition.STOPPED: "late", Condition.MISSING: "late",
}  # fmt: skip
DUE_TONES = {Standing.CALM: "calm", Standing.SOON: "soon", Standing.LATE: "late"}


@open_to_all
def facility(request: Asked, token: str) -> HttpResponse:
    """One facility: what it is, who answers for it, how it is, when it was and is to be looked at, what is open."""
    row = found(token)
    now = timezone.localtime()
    may_inspect = bool(request.memberships) and row.may_be_inspected_by(request.memberships)
    records = list(row.inspections.select_related("plan", "case").order_by("-id")[:20])
    matters = Case.objects.public().filter(place=row.place, state__in=OPEN).order_by("-id")[:5]
    context = {
        "facility": row,
        "place": row.place,
        "tone": TONES[Condition(row.condition)],
        "dues": [(due, DUE_TONES[due.standing_on(now.date())], public_token()) for due in _dues(row)],
        "records": records,
        "photos": _photos(records) if may_inspect else {},
        "changes": row.changes.order_by("-id")[:10],
        "matters": matters,
        "may_inspect": may_inspect,
        "may_keep": any("register" in role.powers and role.covers(row.place) for role in request.memberships),
    }
    return render(request, "facilities/facility.html", context)


@open_to_all
def around(request: Asked, token: str) -> HttpResponse:
    """The facilities of an estate or a community, for everybody; `?kind=` and `?condition=` narrow them."""
    place = get_object_or_404(Place, token=token, kind__in=[Kind.ESTATE, Kind.COMMUNITY])
    rows = Facility.objects.live().within(place).select_related("place", "kind", "responsible")
    kinds = rows.order_by("kind__code").values_list("kind__code", "kind__name").distinct()
    kind, condition = request.GET.get("kind", ""), request.GET.get("condition", "")
    if kind:
        rows = rows.filter(kind__code=kind)
    if condition in Condition.values:
        rows = rows.filter(condition=condition)
    page = page_of(rows, request, ["number"])
    context = {
        "place": place,
        "page": page,
        "lines": [(row, TONES[Condition(row.condition)]) for row in page.rows],
        "kinds": list(kinds),
        "kind": kind,
        "conditions": Condition.choices,
        "condition": condition,
    }
    return render(request, "facilities/around.html", context)


@staff(*WORKS)
def inspect(request: Asked, token: str) -> HttpResponse:
    """Record an inspection: `result` and `plan` are enough (one tap); the form for the rest."""
    row = _own(request, token)
    first = {"once": public_token(), "plan": request.GET.get("plan", "")}
    form = InspectForm(request.POST if request.method == "POST" else None, facility=row, initial=first)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        names = ("result", "words", "on", "report_number", "next_on")
        record = tried(
            form,
            lambda: actions.inspect(
                row,
                typed["plan"],
                Found(**{name: typed[name] for name in names}),
                by=request.person,
                at=timezone.now(),
                photos=request.FILES.getlist("photos"),
                once=typed["once"],
            ),
        )
        if record is not None:
            words = _("记好了，要修的已经提交，编号 %(number)s。") if record.case else _("记好了。")
            messages.success(request, words % {"number": record.case.number} if record.case else words)
            return redirect("facilities:facility", row.place.token)
    status = 422 if form.is_bound else 200
    return render(request, "facilities/inspect.html", {"form": form, "facility": row}, status=status)


@staff(*WORKS)
@require_POST
def condition(request: Asked, token: str) -> HttpResponse:
    """Say how a facility is now."""
    row = _own(request, token)
    form = ConditionForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        done = tried(
            form,
            lambda: actions.note_condition(
                row, typed["condition"], typed["words"], by=request.person, at=timezone.now()
            ),
        )
        if done is not None:
            messages.success(request, _("改好了。"))
            return redirect("facilities:facility", row.place.token)
    return render(request, "facilities/condition.html", {"form": form, "facility": row}, status=422)


def found(token: str) -> Facility:
    """Return the facility at the place of this token, or raise Http404."""
    rows = Facility.objects.select_related(
        "place__community", "place__estate", "kind", "responsible", "upkeep"
    )
    row: Facility = get_object_or_404(rows, place__token=token)
    return row


def _own(request: Asked, token: str) -> Facility:
    row = found(token)
    if not row.may_be_inspected_by(request.memberships):
        raise Http404
    return row


def _dues(row: Facility) -> Any:
    return row.dues.select_related("plan").order_by("due_on", "pk")


def _photos(records: list[Any]) -> dict[str, list[Attachment]]:
    held: dict[str, list[Attachment]] = {}
    for photo in Attachment.objects.filter(subject__in=[record.subject for record in records]):
        held.setdefault(photo.subject, []).append(photo)
    return held
