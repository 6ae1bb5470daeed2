"""The one list of what waits for a person, what they find pointless, and who may send tasks here."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.base.access import open_to_all, signed_in, staff
from linli.base.asked import Asked
from linli.base.pages import page_of
from linli.organisations.models import Organisation
from linli.organisations.rules import Power
from linli.todos import actions
from linli.todos.forms import AdmissionForm, SystemForm
from linli.todos.models import Admission, OutsideSystem, Pointless, Todo, TodoQuerySet
from linli.todos.rules import Outcome, Reason, Section, ends, section


def _own(request: Any, now: datetime) -> TodoQuerySet:
    return Todo.objects.of(request.person, request.memberships, localtime(now).date())


@signed_in
@require_GET
def mine(request: Asked) -> HttpResponse:
    """Everything that waits for whoever asks, by what is due; nobody sees anybody else's (G04)."""
    now = timezone.now()
    waiting = Todo.objects.open_of(request.person, request.memberships, localtime(now).date())
    page = page_of(waiting.for_list(), request, ["due", "id"])
    return render(
        request,
        "todos/mine.html",
        {"now": now, "page": page, "sections": _sections(page.rows, now), "load": _load(waiting, now)},
    )


def _sections(todos: Iterable[Todo], now: datetime) -> list[tuple[str, list[Todo]]]:
    """Group rows that come in order of due time under the headings of the list."""
    groups: dict[Section, list[Todo]] = {}
    for todo in todos:
        groups.setdefault(section(todo.due, localtime(now)), []).append(todo)
    return [(str(name.label), rows) for name, rows in groups.items()]


def _load(waiting: TodoQuerySet, now: datetime) -> list[tuple[str, int]]:
    """Count one's own open to-dos by section, in one query; it is kept nowhere and shown to nobody else."""
    counts: dict[str, Any] = {}
    since: datetime | None = None
    for name, until in ends(localtime(now)).items():
        begins = Q() if since is None else Q(due__gte=since)
        counts[name] = Count("pk", filter=begins & Q(due__lt=until))
        since = until
    counts[Section.LATER] = Count("pk", filter=Q(due__gte=since))
    found = waiting.aggregate(**{str(name): count for name, count in counts.items()})
    return [(str(Section(name).label), found[str(name)]) for name in counts]


@signed_in
@require_POST
def done(request: HttpRequest, token: str) -> HttpResponse:
    """Tick off a task from another system."""
    now = timezone.now()
    todo = get_object_or_404(_own(request, now), token=token)
    actions.finish(todo, now)
    messages.success(request, _("已办好：%(title)s") % {"title": todo.title})
    return redirect("todos:mine")


@staff(*Power.values)
@require_http_methods(["GET", "POST"])
def pointless(request: Any, token: str) -> HttpResponse:
    """Two taps: 没意义, then why. Words are optional, the name stays hidden."""
    now = timezone.now()
    todo = get_object_or_404(_own(request, now).select_related("admission__system"), token=token)
    if request.method == "POST":
        said = actions.say_pointless(
            todo, request.POST.get("reason", ""), request.POST.get("words", ""), request.person, now
        )
        words = _("已转给“%(body)s”，%(day)s前公开答复。您的名字谁也看不到。")
        messages.success(request, words % {"body": said.issuer, "day": said.answer_by.isoformat()})
        return redirect("todos:statement", token=said.token)
    return render(request, "todos/pointless.html", {"todo": todo, "reasons": Reason.choices, "now": now})


@staff(*Power.values)
@require_GET
def statements(request: Any) -> HttpResponse:
    """What workers find pointless and what became of it: for all staff, without names."""
    rows = Pointless.objects.select_related("issuer")
    kind = request.GET.get("show", "")
    if kind == "mine":
        rows = rows.said_by(request.person)
    elif kind == "answer":
        rows = rows.open().answerable_by(request.memberships)
    page = page_of(rows, request, ["-id"])
    today = localtime(timezone.now()).date()
    return render(request, "todos/statements.html", {"page": page, "show": kind, "today": today})


@staff(*Power.values)
@require_http_methods(["GET", "POST"])
def statement(request: Any, token: str) -> HttpResponse:
    """One statement with its answer; who has to answer it finds the form here."""
    now = timezone.now()
    said = get_object_or_404(Pointless.objects.select_related("issuer"), token=token)
    if request.method == "POST":
        get_object_or_404(Pointless.objects.answerable_by(request.memberships), token=token)
        actions.answer_pointless(
            said, request.POST.get("outcome", ""), request.POST.get("answer", ""), request.person, now
        )
        messages.success(request, _("答复已公开给全体工作人员。"))
        return redirect("todos:statement", token=token)
    answers = Pointless.objects.open().answerable_by(request.memberships).filter(pk=said.pk).exists()
    context = {"said": said, "answers": answers, "outcomes": Outcome.choices, "today": localtime(now).date()}
    return render(request, "todos/statement.html", context)


@open_to_all
@require_GET
def admissions(request: HttpRequest) -> HttpResponse:
    """Who may send tasks to communities, on what basis, at what cost and until when: for anyone to read."""
    rows = Admission.objects.filter(ended_at=None).select_related("system__organisation")
    page = page_of(rows, request, ["until", "id"])
    context = {"page": page, "today": localtime(timezone.now()).date()}
    return render(request, "todos/admissions.html", context)


@staff(Power.ADMINISTER)
@require_http_methods(["GET", "POST"])
def systems(request: Any) -> HttpResponse:
    """The systems that may post here, and letting in another."""
    form = SystemForm(request.POST or None)
    form.fields["organisation"].queryset = (  # type: ignore[attr-defined]
        Organisation.objects.administered_by(request.memberships).active().distinct().order_by("name")
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        system, token = actions.add_system(
            values["name"], values["organisation"], request.person, timezone.now()
        )
        _show_once(request, token)
        return redirect("todos:system", token=system.token)
    mine = OutsideSystem.objects.administered_by(request.memberships).select_related("organisation")
    page = page_of(mine, request, ["-id"])
    status = 422 if form.is_bound else 200
    return render(request, "todos/systems.html", {"form": form, "page": page}, status=status)


@staff(Power.ADMINISTER)
@require_http_methods(["GET", "POST"])
def system(request: Any, token: str) -> HttpResponse:
    """One system with what it is admitted for; POST admits a task."""
    row = _administered(request, token)
    form = AdmissionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.admit(row, form.line(), request.person, timezone.now())
        messages.success(request, _("已准入，从现在起可以派这项任务，公开页上同时可见。"))
        return redirect("todos:system", token=token)
    context = {
        "system": row,
        "form": form,
        "admissions": row.admissions.order_by("ended_at", "-id")[:50],
        "today": localtime(timezone.now()).date(),
    }
    return render(request, "todos/system.html", context, status=422 if form.is_bound else 200)


@staff(Power.ADMINISTER)
@require_POST
def renew(request: Any, token: str) -> HttpResponse:
    """Give the system a new token, shown once."""
    _show_once(request, actions.renew_token(_administered(request, token)))
    return redirect("todos:system", token=token)


@staff(Power.ADMINISTER)
@require_POST
def retire(request: Any, token: str) -> HttpResponse:
    """Shut the system out."""
    actions.retire_system(_administered(request, token), timezone.now())
    messages.success(request, _("已停用，它的令牌和全部准入随之失效。"))
    return redirect("todos:system", token=token)


@staff(Power.ADMINISTER)
@require_POST
def end_admission(request: Any, token: str) -> HttpResponse:
    """End one admission early."""
    allowed = OutsideSystem.objects.administered_by(request.memberships)
    row = get_object_or_404(Admission.objects.select_related("system"), token=token, system__in=allowed)
    actions.end_admission(row, timezone.now())
    messages.success(request, _("已终止：%(task)s。再派这项任务会被退回。") % {"task": row.task})
    return redirect("todos:system", token=row.system.token)


def _administered(request: Any, token: str) -> OutsideSystem:
    rows = OutsideSystem.objects.administered_by(request.memberships).select_related("organisation")
    return get_object_or_404(rows, token=token)


def _show_once(request: HttpRequest, token: str) -> None:
    messages.success(request, _("系统令牌，只显示这一次，请马上交给对方保存：%(token)s") % {"token": token})
