"""Those who did none of the work: rulings, checks on the spot, and calls to who asked."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.base.access import staff
from linli.base.asked import Asked
from linli.base.errors import require
from linli.base.pages import page_of
from linli.cases import actions
from linli.cases.models import Asking, CallBack, Case, Check
from linli.cases.rules import Outcome, Rating
from linli.cases.views.handling import back, handled_case, typed
from linli.organisations.models import Organisation
from linli.organisations.rules import Power

MOST_SHOWN = 50


def _bodies(request: Asked) -> list[int]:
    return [m.organisation_id for m in request.memberships]


def _numbered(request: Asked, name: str) -> int:
    """Return the number that the form names a row by, 0 where it is none."""
    typed_number = request.POST.get(name, "")
    return int(typed_number) if typed_number.isdecimal() and len(typed_number) < 19 else 0


@staff(Power.CHECK)
def checks(request: Asked) -> HttpResponse:
    """What the caller's bodies are to look at on the spot, and whom to ring."""
    looking = Check.objects.filter(organisation__in=_bodies(request), checked_at=None)
    calls = CallBack.objects.filter(organisation__in=_bodies(request), called_at=None)
    context = {
        "checks": looking.select_related("case__place").order_by("asked_at", "id")[:MOST_SHOWN],
        "calls": calls.select_related("answer__person", "answer__case__place").order_by("asked_at", "id")[
            :MOST_SHOWN
        ],
        "outcomes": [choice for choice in Outcome.choices if choice[0] != Outcome.SILENT],
        "ratings": list(reversed(Rating.choices)),
        "now": timezone.localtime(),
    }
    return render(request, "cases/checks.html", context)


def _own_call(request: Asked, case: Case) -> CallBack:
    waiting = CallBack.objects.filter(answer__case=case, organisation__in=_bodies(request), called_at=None)
    return get_object_or_404(waiting.select_related("answer__person"), pk=_numbered(request, "call"))


@staff(Power.CHECK)
@require_POST
def show_number(request: Asked, token: str) -> HttpResponse:
    """Open whom to ring for 60 seconds, and leave the trace that they can read."""
    case = handled_case(request, token)
    asked = _own_call(request, case).answer.person
    actions.look_at_reporter(case, by=request.person, at=timezone.now(), who=asked)
    return redirect("cases:reveal", token=case.token)


@staff(Power.CHECK)
@require_POST
def check(request: Asked, token: str) -> HttpResponse:
    """Say what was found on the spot."""
    case = handled_case(request, token)
    found = get_object_or_404(Check, case=case, checked_at=None, organisation__in=_bodies(request))
    require(request.POST.get("is_passed") in {"0", "1"}, _("请选一个：属实，还是不属实。"))
    is_passed = request.POST["is_passed"] == "1"
    actions.check(found, is_passed, typed(request, "words", 500), by=request.person, at=timezone.now())
    messages.success(request, _("核查结果已记下。"))
    return redirect("cases:checks")


@staff(Power.CHECK)
@require_POST
def call_back(request: Asked, token: str) -> HttpResponse:
    """Write down a call: what the asker said, or that nobody answered."""
    case = handled_case(request, token)
    call, now = _own_call(request, case), timezone.now()
    if request.POST.get("was_reached") != "1":
        actions.call_back(call, was_reached=False, by=request.person, at=now)
        messages.success(request, _("记下了：没接通。不会再打第二次。"))
        return redirect("cases:checks")
    actions.call_back(call, was_reached=True, by=request.person, at=now, verdict=_heard(request))
    messages.success(request, _("回访已记下。"))
    return redirect("cases:checks")


def _heard(request: Asked) -> actions.Verdict:
    """Read what the asker said on the telephone."""
    require(bool(request.POST.get("outcome")), _("接通了的，请选对方说的结果。"))
    rating = request.POST.get("rating", "")
    return actions.Verdict(
        outcome=request.POST["outcome"],
        rating=int(rating) if rating in {"1", "2", "3", "4", "5"} else None,
        words=typed(request),
        was_urged=request.POST.get("was_urged") == "1",
    )


@staff(Power.ARBITRATE, Power.DISPATCH)
def rulings(request: Asked) -> HttpResponse:
    """What units ask the caller's bodies to decide."""
    rows = Asking.objects.filter(arbiter__in=_bodies(request), decided_at=None)
    page = page_of(rows.select_related("order__organisation", "order__case__place"), request, ["id"])
    return render(request, "cases/rulings.html", {"page": page, "now": timezone.localtime()})


@staff(Power.ARBITRATE, Power.DISPATCH)
@require_POST
def rule(request: Asked, token: str) -> HttpResponse:
    """Decide what a unit asked, with words; a ruling on a return may become a line of the duty list.

    "No" tapped in a list opens the page for the words that go with it.
    """
    case, now = handled_case(request, token), timezone.now()
    waiting = Asking.objects.filter(order__case=case, arbiter__in=_bodies(request), decided_at=None)
    asking = get_object_or_404(waiting, pk=_numbered(request, "asking"))
    is_granted = request.POST.get("granted") == "1"
    if not is_granted and "ruling" not in request.POST:
        return redirect(f"{case.address}?work=1#asking-{asking.pk}")
    _rule(request, asking, is_granted, now)
    messages.success(request, _("已裁定，双方都会看到。"))
    return back(request, case)


def _rule(request: Asked, asking: Asking, is_granted: bool, now: datetime) -> None:
    lead = Organisation.objects.active().filter(token=request.POST.get("lead", "")).first()
    as_precedent = request.POST.get("as_precedent") == "1"
    ruling = typed(request, "ruling", 500)
    actions.rule_on(
        asking, is_granted, ruling, by=request.person, at=now, lead=lead, as_precedent=as_precedent
    )
