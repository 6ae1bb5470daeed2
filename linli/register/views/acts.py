"""Moves, births, deaths, lettings and sales: a form, what it will change, and taking it back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.base.pages import page_of
from linli.organisations.rules import Power
from linli.people import actions as people
from linli.people.models import Person, Residency
from linli.places.models import Kind, Place
from linli.register import actions
from linli.register.forms import BirthForm, MoveForm, NamesForm, ReasonForm, ReportForm, WhoForm
from linli.register.models import Event, events_of, homes_of, registered_places
from linli.register.record import register_role
from linli.register.views.homes import home_of
from linli.register.views.people import resident_of
from linli.register.views.typed import typed_in


@dataclass(frozen=True)
class Doing:
    """What an act has to go by: the home it starts from, those chosen there, what was typed, who does it when."""

    home: Place
    persons: list[Person]
    form: Any
    by: Person
    at: datetime
    goal: Place | None = None

    @property
    def report(self) -> actions.Report:
        """Day, source and paper."""
        report: actions.Report = self.form.report(self.by, self.at)
        return report

    def named(self) -> list[Person]:
        """Return the people whose names and numbers were typed; unknown ones become known."""
        lines = self.form.cleaned_data["people"]
        return [people.register(name, phone, self.at, self.by) for name, phone in lines]


def _move(doing: Doing) -> Event:
    if doing.goal is None:
        raise Http404
    return actions.move(doing.persons, doing.goal, doing.form.cleaned_data["tenure"], doing.report)


def _birth(doing: Doing) -> Event:
    typed = doing.form.cleaned_data
    child = actions.Newborn(typed["name"], typed["sex"], typed["relation"])
    return actions.birth(doing.persons, child, doing.report)


def _sale(doing: Doing) -> Event:
    lives_there = doing.form.cleaned_data.get("lives_there", False)
    return actions.sale(doing.home, doing.named(), doing.report, buyers_live_there=lives_there)


@dataclass(frozen=True)
class Act:
    """One kind of act: its name on the page, its form, what it does, and whether it needs another home."""

    label: str | Promise
    form: type[ReportForm]
    do: Callable[[Doing], Event]
    needs_goal: bool = False


ACTS: dict[str, Act] = {
    "move": Act(gettext_lazy("搬家"), MoveForm, _move, needs_goal=True),
    "move_out": Act(
        gettext_lazy("搬走了"), WhoForm, lambda doing: actions.move_out(doing.persons, doing.report)
    ),
    "birth": Act(gettext_lazy("添了孩子"), BirthForm, _birth),
    "death": Act(
        gettext_lazy("有人去世"), WhoForm, lambda doing: actions.death(doing.persons[0], doing.report)
    ),
    "letting": Act(
        gettext_lazy("租出去"),
        NamesForm,
        lambda doing: actions.letting(doing.home, doing.named(), doing.report),
    ),
    "letting_end": Act(
        gettext_lazy("退租"),
        WhoForm,
        lambda doing: actions.end_letting(doing.home, doing.persons, doing.report),
    ),
    "sale": Act(gettext_lazy("房子过户"), NamesForm, _sale),
}


@staff(Power.REGISTER, Power.INTAKE)
def act(request: Asked, token: str, kind: str) -> HttpResponse:
    """Write an act down: first what it will change is shown, then it is done; it can be taken back afterwards."""
    home, now, rule = home_of(request, token), timezone.now(), ACTS.get(kind)
    if rule is None:
        raise Http404
    living = _living(home, now, only_tenants=kind == "letting_end")
    form = _form(rule, kind, request, living, now)
    actions.shown_at_home(living, home, request.person, register_role(request), now)
    context = {"home": home, "kind": kind, "act": rule, "form": form}
    if rule.needs_goal and (goal := _goal(request)) is None:
        return render(request, "register/act_goal.html", context | _picker(request))
    context["goal"] = goal if rule.needs_goal else None
    status = 200
    if request.method == "POST":
        if form.is_valid():
            doing = _doing(home, living, form, request, now, context["goal"])
            if "sure" in request.POST:
                event = tried(form, lambda: rule.do(doing))
                if event is not None:
                    messages.success(request, _("登记好了。弄错了可以在这一页撤销。"))
                    return redirect("register:event", event.token)
            else:
                context["effects"] = tried(form, lambda: _beforehand(rule, doing, request))
        status = 422 if form.errors else 200
    return render(request, "register/act.html", context, status=status)


def _beforehand(rule: Act, doing: Doing, request: Asked) -> list[str]:
    """Return what the act would change; whoever was known before can read that they were shown."""

    def told() -> tuple[list[str], list[int]]:
        event = rule.do(doing)
        sentences = actions.effects(event.undo, registered_places(request.memberships))
        return sentences, list(event.persons.values_list("pk", flat=True))

    sentences: list[str]
    sentences, ids = actions.tried_out(told)
    known = Person.objects.filter(pk__in=ids)
    actions.shown_in_list(known, request.person, register_role(request), doing.at)
    return sentences


@staff(Power.REGISTER, Power.INTAKE)
def events(request: Asked) -> HttpResponse:
    """What happened within one's places, latest first."""
    rows = events_of(request.memberships).select_related("place__parent__parent")
    return render(request, "register/events.html", {"page": page_of(rows, request, ["-on", "-id"])})


@staff(Power.REGISTER, Power.INTAKE)
def event(request: Asked, token: str) -> HttpResponse:
    """One act: what it changed, on which paper, and how to take it back."""
    return _event_page(request, _event(request, token), ReasonForm())


@staff(Power.REGISTER, Power.INTAKE)
@require_POST
def undo_event(request: Asked, token: str) -> HttpResponse:
    """Take an act back, saying why."""
    row, form = _event(request, token), ReasonForm(request.POST)
    if form.is_valid():
        because = form.cleaned_data["because"]
        undone = tried(
            form, lambda: actions.undo_event(row, because=because, by=request.person, at=timezone.now())
        )
        if undone is not None:
            return redirect("register:event", token)
    return _event_page(request, row, form)


def _event_page(request: Asked, row: Event, form: ReasonForm) -> HttpResponse:
    now = timezone.now()
    persons = list(row.persons.order_by("pk"))
    actions.shown_in_list(persons, request.person, register_role(request), now)
    context = {
        "event": row,
        "persons": persons,
        "effects": actions.effects(row.undo, registered_places(request.memberships))
        if row.undone_at is None
        else [],
        "form": form,
        "now": now,
    }
    return render(request, "register/event.html", context, status=422 if form.errors else 200)


def _event(request: Asked, token: str) -> Event:
    rows = events_of(request.memberships).select_related("place", "place_before", "by", "undone_by")
    row: Event = get_object_or_404(rows, token=token)
    return row


def _living(home: Place, at: datetime, *, only_tenants: bool) -> list[Person]:
    rows = Residency.objects.on(timezone.localdate(at)).filter(home=home, person__merged_into=None)
    rows = rows.filter(tenure="tenant") if only_tenants else rows
    return list(Person.objects.filter(residencies__in=rows).distinct().order_by("pk"))


def _form(rule: Act, kind: str, request: Asked, living: list[Person], at: datetime) -> Any:
    options: dict[str, Any] = {
        "initial": {"on": timezone.localdate(at), "persons": request.GET.getlist("who")}
    }
    if issubclass(rule.form, WhoForm):
        options["persons"] = living
    if kind == "sale":
        options["asks_living"] = True
    form: forms.Form = rule.form(typed_in(request), **options)
    return form


def _doing(
    home: Place, living: list[Person], form: Any, request: Asked, at: datetime, goal: Place | None
) -> Doing:
    chosen = set(form.cleaned_data.get("persons", []))
    persons = [resident_of(request, who.token) for who in living if who.token in chosen]
    return Doing(home, persons, form, request.person, at, goal)


def _goal(request: Asked) -> Place | None:
    """The home to which they move, picked step by step within one's places."""
    token = request.POST.get("to") or request.GET.get("to", "")
    return get_object_or_404(homes_of(request.memberships), token=token) if token else None


def _picker(request: Asked) -> dict[str, Any]:
    homes = homes_of(request.memberships)
    above = Place.objects.live().filter(kind__in=(Kind.ESTATE, Kind.BUILDING, Kind.UNIT))
    token = request.GET.get("at", "")
    place = get_object_or_404(above, token=token) if token else None
    if place is None:
        estates = homes.order_by().values("estate").distinct()
        return {"place": None, "choices": list(above.filter(pk__in=estates).order_by("sort_name", "id"))}
    below = Place.objects.live().filter(parent=place, kind__in=(Kind.BUILDING, Kind.UNIT, Kind.HOME))
    return {"place": place, "choices": list(below.order_by("sort_name", "id")[:300])}
