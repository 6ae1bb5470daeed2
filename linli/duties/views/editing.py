"""Drafting a new version: start, write lines, see what changes, publish."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.duties import actions
from linli.duties.actions import Terms
from linli.duties.forms import LineForm, NewLineForm, PublishForm, line_values
from linli.duties.models import DutyLine, DutyList, kept_places
from linli.organisations.rules import Power
from linli.places import actions as places
from linli.places.models import Place

WHERE = "place"


def _draft(request: Asked, token: str) -> DutyList:
    return get_object_or_404(DutyList.objects.editable_by(request.memberships), token=token)


def _line(request: Asked, token: str) -> DutyLine:
    own = DutyList.objects.editable_by(request.memberships)
    lines = DutyLine.objects.select_related("duty_list__place", "category__parent", "place")
    return get_object_or_404(lines.filter(duty_list__in=own), token=token)


@staff(Power.EDIT_DUTIES)
@require_POST
def draft(request: Asked, token: str) -> HttpResponse:
    """Start (or go on with) the next version for a place."""
    kept = Place.objects.within_any(kept_places(request.memberships))
    place = get_object_or_404(kept, token=token)
    made = actions.draft(place, by=request.person, at=timezone.now())
    return redirect("duties:list", made.token)


@staff(Power.EDIT_DUTIES)
@require_POST
def discard(request: Asked, token: str) -> HttpResponse:
    """Throw a draft away."""
    actions.discard(_draft(request, token), by=request.person, at=timezone.now())
    messages.success(request, _("草稿已经丢弃，现行清单没有变化。"))
    return redirect("duties:lists")


@staff(Power.EDIT_DUTIES)
def publish(request: Asked, token: str) -> HttpResponse:
    """Show what the draft changes, then put it in force."""
    row = _draft(request, token)
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        done = tried(form, lambda: actions.publish(row, note=note, by=request.person, at=timezone.now()))
        if done is not None:
            messages.success(request, _("第 %(number)d 版已经生效。") % {"number": done.number})
            return redirect("duties:list", done.token)
    context = {"duty_list": row, "form": form, "changes": actions.changes(row.based_on, row)}
    return render(request, "duties/publish.html", context, status=422 if form.errors else 200)


@staff(Power.EDIT_DUTIES)
def add_line(request: Asked, token: str) -> HttpResponse:
    """Write a new line."""
    row = _draft(request, token)
    form = NewLineForm(request.POST or None)
    choice = _where(request, row, None)
    if request.method == "POST" and form.is_valid() and not _is_unclear(choice):
        typed = form.cleaned_data
        made = tried(
            form,
            lambda: actions.add_line(
                row,
                typed["category"],
                _terms(typed, ""),
                place=choice.place,
                ownership=typed["ownership"],
                by=request.person,
                at=timezone.now(),
            ),
        )
        if made is not None:
            return redirect("duties:line", made.token)
    return _form_page(request, "duties/line_add.html", row, form, choice)


@staff(Power.EDIT_DUTIES)
def change_line(request: Asked, token: str) -> HttpResponse:
    """Rewrite a line of a draft."""
    line = _line(request, token)
    form = LineForm(request.POST or None, initial=line_values(line))
    choice = _where(request, line.duty_list, line.place)
    if request.method == "POST" and form.is_valid() and not _is_unclear(choice):
        typed = form.cleaned_data
        done = tried(
            form,
            lambda: actions.change_line(
                line,
                _terms(typed, line.source),
                place=choice.place,
                ownership=typed["ownership"],
                by=request.person,
                at=timezone.now(),
            ),
        )
        if done is not None:
            return redirect("duties:line", done.token)
    return _form_page(request, "duties/line_change.html", line.duty_list, form, choice, line=line)


@staff(Power.EDIT_DUTIES)
@require_POST
def remove_line(request: Asked, token: str) -> HttpResponse:
    """Take a line out of a draft."""
    line = _line(request, token)
    duty_list = line.duty_list
    actions.remove_line(line, by=request.person, at=timezone.now())
    messages.success(request, _("已经从草稿里删去第 %(number)s 条。") % {"number": line.number})
    return redirect("duties:list", duty_list.token)


def _where(request: Asked, duty_list: DutyList, held: Place | None) -> places.Choice:
    """Read the picker; nothing written means anywhere."""
    if request.method != "POST":
        return places.Choice(WHERE, place=held)
    if not request.POST.get(f"{WHERE}_words", "").strip() and not request.POST.get(WHERE):
        return places.Choice(WHERE)
    return places.choose(request.POST, WHERE, Place.objects.within(duty_list.place))


def _is_unclear(choice: places.Choice) -> bool:
    return choice.place is None and bool(choice.words or choice.problem)


def _terms(typed: dict[str, Any], source: str) -> Terms:
    return Terms(
        lead=typed["lead"],
        basis=typed["basis"],
        sign=(typed["sign_amount"], typed["sign_unit"]),
        response=(typed["response_amount"], typed["response_unit"]),
        stages=typed["stages"],
        assists=typed["assists"],
        next_tier=typed["next_tier"],
        source=source,
    )


def _form_page(
    request: Asked, template: str, duty_list: DutyList, form: LineForm, choice: places.Choice, **more: Any
) -> HttpResponse:
    wrong = request.method == "POST"
    context = {"duty_list": duty_list, "form": form, "choice": choice, **more}
    return render(request, template, context, status=422 if wrong else 200)
