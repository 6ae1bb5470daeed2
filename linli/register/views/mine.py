"""我的档案: everybody reads their own record, says that it is right, proposes what is not, and adds family."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.base.access import signed_in
from linli.base.asked import Asked, tried
from linli.base.errors import require
from linli.people.models import Person, may_act_for
from linli.people.rules import Scope
from linli.register import actions
from linli.register.forms import FamilyForm, NewbornForm, ProposalForm, ReasonForm
from linli.register.models import Correction, Tag
from linli.register.record import own_record
from linli.register.rules import FIELDS, CorrectionKind
from linli.register.views.typed import typed_in

NOT_OWN = frozenset({"died_on"})


@signed_in
def mine(request: Asked) -> HttpResponse:
    """Show the whole record of the person who is here, or of the family for whom they act; those see that."""
    return _page(request, {})


def _page(request: Asked, more: dict[str, Any], status: int = 200) -> HttpResponse:
    who, now = whose(request), timezone.now()
    record = own_record(who, now)
    if who != request.person:
        _leave_trace(who, request, now)
    waiting = Correction.objects.filter(person=who).order_by("-pk")[:10]
    context = {"whose": who, "record": record, "corrections": waiting, "now": now, **more}
    return render(request, "register/mine.html", context, status=status)


@signed_in
@require_POST
def confirm(request: Asked) -> HttpResponse:
    """One tap: it is all still right, or this one fact is."""
    fields = request.POST.getlist("fact") or None
    moved = actions.confirm(whose(request), fields, by=request.person, at=timezone.now())
    messages.success(request, _("谢谢，确认了 %(count)s 项。") % {"count": len(moved)})
    return redirect("register:mine")


@signed_in
def correct(request: Asked) -> HttpResponse:
    """Propose what is right; a worker confirms."""
    who, now = whose(request), timezone.now()
    record = own_record(who, now)
    only = [code for code in request.GET.getlist("fact") if code in FIELDS and code not in NOT_OWN]
    wanted = only or [code for code in FIELDS if code not in NOT_OWN]
    form = ProposalForm(typed_in(request), profile=record.profile, wanted=wanted)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        made = tried(
            form,
            lambda: actions.propose(who, form.changed_values(), by=request.person, at=now, note=note),
        )
        if made is not None:
            return _sent(request)
    if who != request.person:
        _leave_trace(who, request, now)
    context = {"whose": who, "form": form}
    return render(request, "register/mine_correct.html", context, status=422 if form.errors else 200)


@signed_in
def add_family(request: Asked) -> HttpResponse:
    """Propose somebody of the family who lives with one."""
    return _propose_person(request, FamilyForm(typed_in(request)), CorrectionKind.FAMILY)


@signed_in
def add_newborn(request: Asked) -> HttpResponse:
    """Say that a child was born."""
    return _propose_person(request, NewbornForm(typed_in(request)), CorrectionKind.NEWBORN)


def _propose_person(request: Asked, form: Any, kind: CorrectionKind) -> HttpResponse:
    who, now = whose(request), timezone.now()
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if value}
        made = tried(form, lambda: actions.propose(who, values, by=request.person, at=now, kind=kind))
        if made is not None:
            return _sent(request)
    context = {"whose": who, "form": form, "title": kind.label}
    return render(request, "register/mine_family.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def object_to_tag(request: Asked, token: str) -> HttpResponse:
    """Say that a tag is wrong, and why."""
    who, now = whose(request), timezone.now()
    tag = get_object_or_404(Tag.objects.filter(person=who), token=token)
    form = ReasonForm(request.POST)
    if form.is_valid():
        note = form.cleaned_data["because"]
        made = tried(
            form,
            lambda: actions.propose(
                who, {"tag": tag.token}, by=request.person, at=now, kind=CorrectionKind.TAG, note=note
            ),
        )
        if made is not None:
            return _sent(request)
    return _page(request, {"tag_form": form, "objecting": tag}, status=422)


@signed_in
@require_POST
def withdraw(request: Asked, token: str) -> HttpResponse:
    """Take a proposal back before it was ruled on."""
    row = get_object_or_404(Correction.objects.filter(person=whose(request)), token=token)
    actions.withdraw_correction(row, by=request.person, at=timezone.now())
    return redirect("register:mine")


def whose(request: Asked) -> Person:
    """Return whose record this is: one's own, or that of the family (or the resident at the counter) acted for.

    Family need a proxy for everything: one for cases or notices does not open the record.
    """
    who: Person | None = request.acting_for
    if who is None or who == request.person:
        person: Person = request.person
        return person
    is_assisted = request.assisting is not None and request.assisting.resident_id == who.pk
    allowed = is_assisted or may_act_for(request.person, who, Scope.EVERYTHING, timezone.now())
    require(allowed, _("这位家人只请您办一部分事，没有请您看档案。需要时请本人改成“以上全部”。"))
    return who


def _leave_trace(who: Person, request: Asked, at: datetime) -> None:
    """Family and a worker at the counter leave a line that the person reads: the record is shown in clear."""
    fields = _("整份档案和标签")
    if request.assisting is None:
        actions.shown_to_family(who, request.person, fields, at)
    else:
        actions.shown_at_counter(request.assisting, request.person, fields, at)


def _sent(request: Asked) -> HttpResponse:
    messages.success(request, _("已经交给社区核实，5 个工作日内答复您。"))
    return redirect("register:mine")
