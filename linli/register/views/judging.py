"""What a desk has to judge: rows that may be one person, and what residents propose."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.base.pages import page_of
from linli.base.words import said as _
from linli.organisations.rules import Power
from linli.register import actions
from linli.register.forms import ReasonForm
from linli.register.models import Correction, Duplicate, Merge, merges_of, registered_places
from linli.register.record import register_role, staff_record, task_of
from linli.register.rules import FIELDS, CorrectionKind, CorrectionState, label_of, masked, shown
from linli.trail import actions as trail


@staff(Power.REGISTER, Power.INTAKE)
def duplicates(request: Asked) -> HttpResponse:
    """List pairs that may be one person, and the merges that can be taken apart again."""
    now = timezone.now()
    rows = Duplicate.objects.open_within(request.memberships).select_related("first", "second")
    page = page_of(rows.filter(first__merged_into=None, second__merged_into=None), request, ["-id"])
    today = timezone.localdate(now)
    merges = merges_of(request.memberships, today).select_related("kept").order_by("-pk")[:10]
    shown_ones = [who for row in page.rows for who in (row.first, row.second)]
    shown_ones += [row.kept for row in merges]
    actions.shown_in_list(shown_ones, request.person, register_role(request), now)
    return render(request, "register/duplicates.html", {"page": page, "merges": merges, "now": now})


@staff(Power.REGISTER, Power.INTAKE)
@require_POST
def look_for_duplicates(request: Asked) -> HttpResponse:
    """Compare everybody within one's places by index."""
    found = [
        row
        for place in registered_places(request.memberships)
        for row in actions.found_duplicates(place, timezone.now())
    ]
    messages.info(request, _("找到 %(count)s 对疑似重复。") % {"count": len({row.pk for row in found})})
    return redirect("register:duplicates")


@staff(Power.REGISTER, Power.INTAKE)
def duplicate(request: Asked, token: str) -> HttpResponse:
    """Two records side by side, masked, with the reasons; merge into one of them, or say that they are two."""
    row, now = _duplicate(request, token), timezone.now()
    pair = [row.first, row.second]
    for who in pair:
        reason = _("核对是否重复登记")
        actions.shown_record(who, request.person, register_role(request), reason, now)
    records = [staff_record(who, request, now) for who in pair]
    context = {"duplicate": row, "records": records, "facts": _side_by_side(records), "now": now}
    return render(request, "register/duplicate.html", context)


@staff(Power.REGISTER, Power.INTAKE)
@require_POST
def merge(request: Asked, token: str) -> HttpResponse:
    """Merge the two; the chosen one stays."""
    row, now = _duplicate(request, token), timezone.now()
    keep, drop = row.first, row.second
    if request.POST.get("keep") == row.second.token:
        keep, drop = drop, keep
    actions.merge(keep, drop, by=request.person, at=now)
    messages.success(request, _("合并好了。弄错了可以撤销，和合并前一样。"))
    return redirect("register:person", keep.token)


@staff(Power.REGISTER, Power.INTAKE)
@require_POST
def dismiss(request: Asked, token: str) -> HttpResponse:
    """They are two people."""
    actions.dismiss(_duplicate(request, token), by=request.person, at=timezone.now())
    return redirect("register:duplicates")


@staff(Power.REGISTER, Power.INTAKE)
@require_POST
def unmerge(request: Asked, token: str) -> HttpResponse:
    """Take a merge apart."""
    now = timezone.now()
    row: Merge = get_object_or_404(merges_of(request.memberships, timezone.localdate(now)), token=token)
    actions.unmerge(row, by=request.person, at=now)
    messages.success(request, _("已撤销，两份档案和合并前一样。"))
    return redirect("register:duplicates")


@staff(Power.REGISTER, Power.INTAKE)
def corrections(request: Asked) -> HttpResponse:
    """What residents propose and waits for a word."""
    rows = Correction.objects.waiting_within(request.memberships).select_related("person")
    page, now = page_of(rows, request, ["id"]), timezone.now()
    actions.shown_in_list((row.person for row in page.rows), request.person, register_role(request), now)
    lines = [{"row": row, "labels": _labels(row)} for row in page.rows]
    return render(request, "register/corrections.html", {"page": page, "lines": lines, "now": now})


@staff(Power.REGISTER, Power.INTAKE)
def correction(request: Asked, token: str) -> HttpResponse:
    """What is proposed beside what is held."""
    return _correction_page(request, _correction(request, token), ReasonForm())


@staff(Power.REGISTER, Power.INTAKE)
@require_POST
def accept(request: Asked, token: str) -> HttpResponse:
    """One tap: it is right, and is written into the record."""
    row = _correction(request, token)
    actions.rule_on_correction(row, accept=True, by=request.person, at=timezone.now())
    messages.success(request, _("已采纳，本人会收到通知。"))
    return redirect("register:corrections")


@staff(Power.REGISTER, Power.INTAKE)
@require_POST
def refuse(request: Asked, token: str) -> HttpResponse:
    """It is not right, with the reason."""
    row, form = _correction(request, token), ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["because"]
        ruled = tried(
            form,
            lambda: actions.rule_on_correction(
                row, accept=False, by=request.person, at=timezone.now(), reason=reason
            ),
        )
        if ruled is not None:
            return redirect("register:corrections")
    return _correction_page(request, row, form)


def _correction_page(request: Asked, row: Correction, form: ReasonForm) -> HttpResponse:
    """What is proposed was said for this very purpose, so it is shown in clear; what is held stays masked."""
    now = timezone.now()
    record = staff_record(row.person, request, now)
    trail.looked(
        row.person.subject,
        request.person.subject,
        register_role(request).looker_words(request.person),
        _("您提出的更正"),
        _("核实您提出的更正"),
        now,
        f"register.Correction:{row.pk}",
    )
    context = {
        "correction": row,
        "lines": _proposed(
            row, {fact.code: masked(fact.code, record.profile.value(fact.code)) for fact in record.facts}
        ),
        "is_waiting": row.state == CorrectionState.WAITING,
        "task": task_of(row.person, request),
        "form": form,
        "now": now,
    }
    return render(request, "register/correction.html", context, status=422 if form.errors else 200)


def _proposed(row: Correction, held: dict[str, str]) -> list[dict[str, str]]:
    lines = []
    for code, value in row.values.items():
        if code in FIELDS:
            now = held.get(code, "") if row.kind == CorrectionKind.FACTS else ""
            lines.append({"label": str(FIELDS[code].label), "held": now, "proposed": shown(code, value)})
        elif code == "relation":
            lines.append({"label": _("与户主的关系"), "held": "", "proposed": label_of("relation", value)})
        elif code == "tag":
            kind = row.person.tags.filter(token=value).values_list("kind__name", flat=True).first()
            lines.append({"label": _("标签"), "held": kind or "", "proposed": _("不该有")})
    return lines


def _side_by_side(records: list[Any]) -> list[dict[str, Any]]:
    """Pair the facts of two records; equal ones are marked, also where they are masked."""
    codes = [code for code in FIELDS if any(record.profile.value(code) for record in records)]
    lines = []
    for code in codes:
        values = [record.profile.value(code) for record in records]
        shown_values = [masked(code, value) for value in values]
        lines.append({"label": FIELDS[code].label, "values": shown_values, "is_same": values[0] == values[1]})
    return lines


def _labels(row: Correction) -> str:
    return "、".join(str(FIELDS[code].label) for code in row.fields if code in FIELDS)


def _duplicate(request: Asked, token: str) -> Duplicate:
    rows = Duplicate.objects.open_within(request.memberships).select_related("first", "second")
    row: Duplicate = get_object_or_404(rows, token=token)
    return row


def _correction(request: Asked, token: str) -> Correction:
    rows = Correction.objects.within(request.memberships).select_related("person", "ruled_by")
    row: Correction = get_object_or_404(rows, token=token)
    return row
