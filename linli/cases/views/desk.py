"""The desk: what came in, who gets it, what belongs together, what the public reads."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.attachments import actions as attachments
from linli.attachments.models import Attachment
from linli.base.access import staff
from linli.base.asked import Asked
from linli.base.errors import Refused, require
from linli.base.pages import page_of
from linli.cases import actions
from linli.cases.models import Asking, CallBack, Case, Check, Order
from linli.cases.rules import State, Visibility
from linli.cases.rules.sentences import sentence
from linli.cases.views.handling import Act, back, handled_case, typed
from linli.cases.views.stories import story_of
from linli.duties.models import Category
from linli.organisations.models import Organisation
from linli.organisations.rules import Power

ROW = ("category", "lead", "owner", "place", "estate", "community")


def desk_act(act: Act) -> Callable[..., HttpResponse]:
    """Turn an act of the desk into a view."""

    @staff(Power.DISPATCH)
    @require_POST
    def view(request: Asked, token: str) -> HttpResponse:
        case = handled_case(request, token)
        messages.success(request, act(request, case, timezone.now()))
        return back(request, case)

    view.__name__ = act.__name__
    view.__doc__ = act.__doc__
    return view


@staff(Power.INTAKE, Power.DISPATCH)
def desk(request: Asked) -> HttpResponse:
    """Everything said at the caller's places, newest first, by state."""
    cases = Case.objects.in_scope_of(request.memberships)
    state = request.GET.get("state", "")
    if state in State.values:
        cases = cases.filter(state=state)
    words = request.GET.get("q", "").strip()
    if words:
        cases = actions.search(cases, words)
    page = page_of(cases.select_related(*ROW), request, ["-id"])
    now = timezone.localtime()
    context = {
        "page": page,
        "lines": [(case, sentence(story_of(case), now)) for case in page.rows],
        "state": state,
        "states": [choice for choice in State.choices if choice[0] in SHOWN],
        "q": words,
        "now": now,
    }
    return render(request, "cases/desk.html", context)


SHOWN = (
    State.FILED,
    State.ACCEPTED,
    State.ASSIGNED,
    State.UNDER_WAY,
    State.PAUSED,
    State.RESOLVED,
    State.UNCONFIRMED,
)


@staff(Power.HANDLE)
def orders(request: Asked) -> HttpResponse:
    """Open orders of the caller's bodies, by what is due."""
    rows = Order.objects.open_for(request.memberships).exclude(due=None)
    rows = rows.select_related("organisation", *(f"case__{name}" for name in ROW))
    page = page_of(rows, request, ["due", "id"])
    now = timezone.localtime()
    return render(request, "cases/orders.html", {"page": page, "now": now})


@staff(Power.DISPATCH)
def moderation(request: Asked) -> HttpResponse:
    """What waits to be looked over before the public reads it."""
    waiting = Case.objects.in_scope_of(request.memberships).filter(visibility=Visibility.CHECKING)
    page = page_of(waiting.select_related(*ROW), request, ["-id"])
    return render(request, "cases/moderation.html", {"page": page, "now": timezone.localtime()})


@staff(Power.CHECK)
def checks(request: Asked) -> HttpResponse:
    """What the caller's bodies are to look at on the spot, and whom to ring."""
    bodies = [m.organisation_id for m in request.memberships]
    looking = Check.objects.filter(organisation__in=bodies, checked_at=None)
    calls = CallBack.objects.filter(organisation__in=bodies, called_at=None)
    context = {
        "checks": looking.select_related(*(f"case__{name}" for name in ROW)).order_by("asked_at")[:50],
        "calls": calls.select_related("answer__person", "answer__case__place").order_by("asked_at")[:50],
        "now": timezone.localtime(),
    }
    return render(request, "cases/checks.html", context)


@staff(Power.ARBITRATE, Power.DISPATCH)
def rulings(request: Asked) -> HttpResponse:
    """What units ask the caller's bodies to decide."""
    bodies = [m.organisation_id for m in request.memberships]
    rows = Asking.objects.filter(arbiter__in=bodies, decided_at=None)
    rows = rows.select_related("order__organisation", "order__case__place")
    page = page_of(rows, request, ["id"])
    return render(request, "cases/rulings.html", {"page": page, "now": timezone.localtime()})


def body_named(request: Asked, name: str) -> Organisation:
    """Return the body that the form names by token."""
    body = Organisation.objects.active().filter(token=request.POST.get(name, "")).first()
    if body is None:
        raise Refused(_("请选一个单位。"))
    return body


@desk_act
def accept(request: Asked, case: Case, now: datetime) -> str:
    """受理."""
    actions.accept(case, by=request.person, at=now, words=typed(request))
    return _("已受理。")


@desk_act
def categorise(request: Asked, case: Case, now: datetime) -> str:
    """Another drawer, with one tap; the clock keeps running."""
    category = Category.objects.leaves().filter(code=request.POST.get("category", "")).first()
    if category is None:
        raise Refused(_("请选一个类别。"))
    actions.categorise(case, category, by=request.person, at=now, words=typed(request))
    return _("已归到“%(name)s”，期限按新类别从提出时算。") % {"name": category.name}


@desk_act
def dispatch(request: Asked, case: Case, now: datetime) -> str:
    """派单: one lead, any co-units."""
    lead = body_named(request, "lead")
    assists = Organisation.objects.active().filter(token__in=request.POST.getlist("assists"))
    actions.dispatch(case, lead, list(assists), by=request.person, at=now, words=typed(request))
    return _("已派给%(body)s。") % {"body": lead.name}


@desk_act
def transfer(request: Asked, case: Case, now: datetime) -> str:
    """转办."""
    body = body_named(request, "to")
    actions.transfer(case, body, by=request.person, at=now, reason=typed(request, "reason", 500))
    return _("已转给%(body)s。") % {"body": body.name}


@desk_act
def add_assist(request: Asked, case: Case, now: datetime) -> str:
    """请协办."""
    body = body_named(request, "body")
    actions.add_assist(case, body, by=request.person, at=now, words=typed(request))
    return _("已请%(body)s协办。") % {"body": body.name}


@desk_act
def recall(request: Asked, case: Case, now: datetime) -> str:
    """收回派单."""
    actions.recall(case, by=request.person, at=now, reason=typed(request, "reason", 500))
    return _("已收回，可以重新派单。")


@desk_act
def decline(request: Asked, case: Case, now: datetime) -> str:
    """不予受理: the reason, and where to go instead."""
    reason, channel = typed(request, "reason", 500), typed(request, "channel", 200)
    actions.decline(case, by=request.person, at=now, reason=reason, channel=channel)
    return _("已说明原因和该找谁。")


@desk_act
def merge(request: Asked, case: Case, now: datetime) -> str:
    """Put it into another of the same community."""
    wanted = request.POST.get("into", "").strip()
    scope = Case.objects.in_scope_of(request.memberships)
    into = scope.filter(token=wanted).first() or scope.filter(number=wanted).first()
    if into is None:
        raise Refused(
            _("没有找到编号“%(number)s”。请核对编号，只能并到本社区的事。") % {"number": wanted[:24]}
        )
    actions.merge(case, into, by=request.person, at=now, reason=typed(request, "reason", 500))
    return _("已并入 %(number)s，随时可以撤销。") % {"number": into.number}


@desk_act
def unmerge(request: Asked, case: Case, now: datetime) -> str:
    """Undo a wrong merge."""
    actions.unmerge(case, by=request.person, at=now, reason=typed(request, "reason", 500))
    return _("已撤销并入，按原来的期限继续办。")


@desk_act
def split(request: Asked, case: Case, now: datetime) -> str:
    """Split a part off, with words and category of its own."""
    category = Category.objects.leaves().filter(code=request.POST.get("category", "")).first()
    portion = actions.Portion(text=typed(request, "text", 10_000), category=category)
    parts = actions.split(case, [portion], by=request.person, at=now)
    return _("已拆出 %(number)s，另行派单。") % {"number": parts[0].number}


@desk_act
def unsplit(request: Asked, case: Case, now: datetime) -> str:
    """Undo a split."""
    actions.unsplit(case, by=request.person, at=now, reason=typed(request, "reason", 500))
    return _("已并回原来的事。")


@staff(Power.DISPATCH)
@require_POST
def moderate(request: Asked, token: str) -> HttpResponse:
    """Set what the public reads, and which pictures; one tap takes the proposed texts as they are."""
    case = handled_case(request, token)
    now = timezone.now()
    names = ("public_title", "public_text", "public_answer")
    texts = {name: typed(request, name, 10_000) for name in names if name in request.POST}
    actions.moderate(case, by=request.person, at=now, reason=typed(request, "reason", 200), **texts)
    chosen = set(request.POST.getlist("photos"))
    for photo in (
        attachments.of(case.subject).filter(form=Attachment.Form.PHOTO)
        if "with_photos" in request.POST
        else []
    ):
        if photo.token in chosen:
            attachments.release(photo, now)
        elif photo.public_at is not None:
            attachments.withhold(photo)
    messages.success(request, _("已公开。"))
    return back(request, case)


@desk_act
def hide(request: Asked, case: Case, now: datetime) -> str:
    """Take it out of public view."""
    actions.hide(case, by=request.person, at=now, reason=typed(request, "reason", 200))
    return _("已转为不公开。")


@desk_act
def show(request: Asked, case: Case, now: datetime) -> str:
    """Bring it back into public view."""
    actions.show(case, by=request.person, at=now, reason=typed(request, "reason", 200))
    return _("已重新公开。")


@desk_act
def ask_check(request: Asked, case: Case, now: datetime) -> str:
    """请第三方核查."""
    actions.ask_check(case, by=request.person, at=now)
    return _("已请没有经手的单位核查。")


@staff(Power.CHECK)
@require_POST
def check(request: Asked, token: str) -> HttpResponse:
    """Say what was found on the spot."""
    case = handled_case(request, token)
    bodies = [m.organisation_id for m in request.memberships]
    found = get_object_or_404(Check, case=case, checked_at=None, organisation__in=bodies)
    is_passed = request.POST.get("is_passed") == "1"
    actions.check(found, is_passed, typed(request, "words", 500), by=request.person, at=timezone.now())
    messages.success(request, _("核查结果已记下。"))
    return redirect("cases:checks")


@staff(Power.CHECK)
@require_POST
def call_back(request: Asked, token: str) -> HttpResponse:
    """Write down a call: what the asker said, or that nobody answered."""
    case = handled_case(request, token)
    bodies = [m.organisation_id for m in request.memberships]
    number = request.POST.get("call", "")
    call = get_object_or_404(
        CallBack,
        pk=number if number.isdecimal() else 0,
        answer__case=case,
        organisation__in=bodies,
        called_at=None,
    )
    reached = request.POST.get("was_reached") == "1"
    rating = request.POST.get("rating", "")
    require(not reached or bool(request.POST.get("outcome")), _("接通了的，请选对方说的结果。"))
    verdict = actions.Verdict(
        outcome=request.POST.get("outcome", ""),
        rating=int(rating) if rating in {"1", "2", "3", "4", "5"} else None,
        words=typed(request),
        was_urged=request.POST.get("was_urged") == "1",
    )
    actions.call_back(
        call, was_reached=reached, by=request.person, at=timezone.now(), verdict=verdict if reached else None
    )
    messages.success(request, _("回访已记下。"))
    return redirect("cases:checks")


@staff(Power.ARBITRATE, Power.DISPATCH)
@require_POST
def rule(request: Asked, token: str) -> HttpResponse:
    """Decide what a unit asked, with words; a ruling on a return may become a line of the duty list."""
    case = handled_case(request, token)
    bodies = [m.organisation_id for m in request.memberships]
    number = request.POST.get("asking", "")
    asking = get_object_or_404(
        Asking, pk=number if number.isdecimal() else 0, order__case=case, arbiter__in=bodies, decided_at=None
    )
    lead = Organisation.objects.active().filter(token=request.POST.get("lead", "")).first()
    actions.rule_on(
        asking,
        request.POST.get("granted") == "1",
        typed(request, "ruling", 500),
        by=request.person,
        at=timezone.now(),
        lead=lead,
        as_precedent=request.POST.get("as_precedent") == "1",
    )
    messages.success(request, _("已裁定，双方都会看到。"))
    return back(request, case)
