"""What one was told, what goes outside the app, and whether a message is really ours."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET, require_POST

from linli.base.access import open_to_all, signed_in, staff
from linli.base.pages import page_of
from linli.base.words import said as _
from linli.notices import actions
from linli.notices.models import Delivery, DeliveryQuerySet, Notice, Silence
from linli.notices.rules import Kind, sign_of
from linli.organisations.rules import Power
from linli.people.models import Person, Proxy
from linli.trail import actions as trail


def _whose(request: Any) -> Person:
    """Whose notices: one's own, or those of the resident whom one assists or receives notices for.

    Who reads another's notices leaves a trace that the other can read.
    """
    for_family = request.acting_scope in {Proxy.Scope.NOTICES, Proxy.Scope.EVERYTHING}
    if request.assisting is None and not (request.acting_for and for_family):
        return request.person  # type: ignore[no-any-return]
    if request.assisting:
        words, reason = request.assisting.looker_words(request.person), request.assisting.reason
    else:
        words, reason = f"{request.person.masked} · " + _("家人"), _("亲情代办")
    trail.looked(
        f"people.Person:{request.acting_for.pk}",
        f"people.Person:{request.person.pk}",
        words,
        _("收到的通知"),
        reason,
        timezone.now(),
    )
    return request.acting_for  # type: ignore[no-any-return]


@signed_in
@require_GET
def inbox(request: Any) -> HttpResponse:
    """Everything one was told, the newest first."""
    told = Notice.objects.of(_whose(request))
    context = {
        "now": timezone.now(),
        "page": page_of(told, request, ["-at", "-id"]),
        "unread": told.unread().count(),
    }
    return render(request, "notices/inbox.html", context)


@signed_in
@require_GET
def notice(request: Any, token: str) -> HttpResponse:
    """One notice: what, why me, where it leads, and whether a message went out."""
    row = get_object_or_404(Notice.objects.of(_whose(request)), token=token)
    context = {
        "now": timezone.now(),
        "notice": row,
        "deliveries": row.deliveries.order_by("ordinal"),
        "is_silent": Silence.objects.filter(person=request.person, kind=row.kind).exists(),
    }
    return render(request, "notices/notice.html", context)


@signed_in
@require_POST
def read(request: Any, token: str) -> HttpResponse:
    """知道了: acknowledge one notice, and go on to its matter where that was asked for."""
    row = get_object_or_404(Notice.objects.of(_whose(request)), token=token)
    actions.read(row, timezone.now())
    leads = row.address if request.POST.get("go") == "1" else ""
    if leads and url_has_allowed_host_and_scheme(leads, allowed_hosts=None):
        return redirect(leads)
    return redirect("notices:inbox")


@signed_in
@require_POST
def read_all(request: Any) -> HttpResponse:
    """Acknowledge everything at once."""
    actions.read_all(_whose(request), timezone.now())
    return redirect("notices:inbox")


@signed_in
@require_GET
def kinds(request: Any) -> HttpResponse:
    """Which kinds of messages also come by text message; one tap each."""
    silent = set(Silence.objects.filter(person=request.person).values_list("kind", flat=True))
    rows = [(kind.value, kind.label, kind.value in silent) for kind in Kind]
    return render(request, "notices/kinds.html", {"kinds": rows})


@signed_in
@require_POST
def silence(request: Any) -> HttpResponse:
    """Stop messages of a kind outside the app, or let them go out again."""
    kind = request.POST.get("kind", "")
    if request.POST.get("wanted") == "1":
        actions.unsilence(request.person, kind)
        messages.success(request, _("好的，以后这类消息也发短信。"))
    else:
        actions.silence(request.person, kind, timezone.now())
        messages.success(request, _("好的，这类消息不再发短信，在邻里里仍然看得到。危及生命安全的除外。"))
    return redirect("notices:kinds")


@open_to_all
@require_GET
def check(request: HttpRequest) -> HttpResponse:
    """Is this message ours? Whoever holds its number sees the text we sent, and nothing else."""
    typed = request.GET.get("number", "").strip()
    found = None
    if typed:
        found = Delivery.objects.exclude(text="").filter(attempt=sign_of(typed)).first()
    context = {"typed": typed, "found": found, "now": timezone.now()}
    return render(request, "notices/check.html", context)


def _around(request: Any) -> DeliveryQuerySet:
    """What went to residents and colleagues of the places where the caller takes in residents' matters."""
    roles = [role for role in request.memberships if Power.INTAKE in role.powers]
    return Delivery.objects.around(roles, localtime(timezone.now()).date())


@staff(Power.INTAKE)
@require_GET
def troubled(request: Any) -> HttpResponse:
    """Messages that failed or whose outcome nobody knows; a person decides, the machine never sends again."""
    rows = _around(request).troubled().select_related("notice", "person")
    return render(
        request,
        "notices/troubled.html",
        {"page": page_of(rows, request, ["-id"]), "now": timezone.now()},
    )


@staff(Power.INTAKE)
@require_POST
def resend(request: Any, attempt: str) -> HttpResponse:
    """Send again, as a new attempt with a number of its own."""
    actions.resend(get_object_or_404(_around(request), attempt=attempt), request.person, timezone.now())
    messages.success(request, _("已重新发送，用的是新编号。夜里 10 点到早上 7 点之间的，早上再发。"))
    return redirect("notices:troubled")


@staff(Power.INTAKE)
@require_POST
def settle(request: Any, attempt: str) -> HttpResponse:
    """Let it rest: the person was reached otherwise, or need not be."""
    actions.settle(get_object_or_404(_around(request), attempt=attempt), request.person, timezone.now())
    messages.success(request, _("记下了，不再发。"))
    return redirect("notices:troubled")
