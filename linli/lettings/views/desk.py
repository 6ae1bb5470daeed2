"""The desk's side: who waits to be registered, what is let, who asked about an empty home."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.base.pages import page_of
from linli.lettings import actions
from linli.lettings.forms import DeskRefusalForm
from linli.lettings.models import Inquiry, Letting, Newcomer
from linli.lettings.standing import sentence_of
from linli.organisations.models import Membership
from linli.organisations.rules import Power
from linli.register.rules import masked_identity
from linli.trail.actions import Offer as Opening
from linli.trail.models import open_reveal

FACTS = ("phone", "identity")


@staff(Power.INTAKE)
@require_GET
def desk(request: Asked) -> HttpResponse:
    """List who waits, what runs, or who asked, within the caller's places; names masked."""
    now, show = timezone.now(), request.GET.get("show", "arrivals")
    context: dict[str, Any] = {"now": now, "show": show}
    role = role_at(request)
    if show == "lettings":
        live = Letting.objects.live().for_desk(request.memberships).select_related("home", "landlord")
        page = page_of(live.prefetch_related("tenants"), request, ["-id"])
        actions.shown_lettings(page.rows, request.person, role, now)
        today = timezone.localdate(now)
        context["lines"] = [(row, *sentence_of(row, None, today)) for row in page.rows]
    elif show == "inquiries":
        waiting = Inquiry.objects.waiting().for_desk(request.memberships)
        page = page_of(waiting.select_related("person", "offer__home"), request, ["id"])
        words = role.looker_words(request.person)
        actions.shown_inquiries(page.rows, request.person, words, now)
    else:
        waiting_rows = Newcomer.objects.waiting(now).for_desk(request.memberships).select_related("home")
        page = page_of(waiting_rows, request, ["id"])
        actions.shown_newcomers(page.rows, request.person, role, now)
    return render(request, "lettings/desk.html", context | {"page": page})


@staff(Power.INTAKE)
@require_GET
def newcomer(request: Asked, token: str) -> HttpResponse:
    """One registration: what was said, number masked until one tap, and how to agree or send back."""
    return _page(request, _row(request, token), DeskRefusalForm())


@staff(Power.INTAKE)
@require_POST
def agree(request: Asked, token: str) -> HttpResponse:
    """Met at the door or the counter: registered."""
    actions.agree_as_worker(_row(request, token), by=request.person, at=timezone.now())
    messages.success(request, _("登记好了，本人会收到通知。"))
    return redirect("lettings:desk")


@staff(Power.INTAKE)
@require_POST
def refuse(request: Asked, token: str) -> HttpResponse:
    """Send it back with a reason."""
    row, form = _row(request, token), DeskRefusalForm(request.POST)
    if form.is_valid():
        typed, by = form.cleaned_data, request.person
        done = tried(
            form,
            lambda: actions.refuse(
                row, typed["reason"], by=by, at=timezone.now(), words=typed["words"], as_worker=True
            ),
        )
        if done is not None:
            messages.success(request, _("已退回，对方在回执上看得到原因。"))
            return redirect("lettings:desk")
    return _page(request, row, form)


def _row(request: Asked, token: str) -> Newcomer:
    rows = Newcomer.objects.for_desk(request.memberships).select_related("home", "person")
    row: Newcomer = get_object_or_404(rows, token=token)
    return row


def _page(request: Asked, row: Newcomer, form: DeskRefusalForm) -> HttpResponse:
    now, role = timezone.now(), role_at(request, row)
    is_waiting = row.state == Newcomer.State.WAITING and not row.has_lapsed(now)
    facts = [_fact(request, row, role, name, now) for name in FACTS] if is_waiting else []
    if is_waiting:
        actions.shown_to_desk(row, request.person, role, now)
    context = {
        "row": row,
        "form": form,
        "now": now,
        "is_waiting": is_waiting,
        "has_lapsed": row.has_lapsed(now),
        "facts": [fact for fact in facts if fact["value"]],
    }
    answer = render(request, "lettings/newcomer.html", context, status=422 if form.errors else 200)
    ends = [fact["until"] for fact in facts if fact["until"] is not None]
    if ends:
        answer["Refresh"] = str(max(1, int((min(ends) - now).total_seconds())))
    return answer


def _fact(request: Asked, row: Newcomer, role: Membership, name: str, at: Any) -> dict[str, Any]:
    """Return a masked fact with what opens it for 60 seconds: the task is the reason."""
    code, label = f"lettings.Newcomer.{name}", {"phone": _("手机号"), "identity": _("证件号")}[name]
    held = open_reveal(row.seen_as, code, request.person.subject, at)
    clear = row.phone if name == "phone" else row.identity
    masked = row.masked_phone if name == "phone" else masked_identity(clear)
    offer = Opening(
        subject=row.seen_as,
        field=code,
        fields=label,
        looker=request.person.subject,
        looker_words=role.looker_words(request.person),
        back=request.path,
        under=row.subject,
        reason=_("核对来住登记"),
    )
    return {
        "label": label,
        "value": clear if held is not None else masked,
        "until": held.ends_at if held is not None else None,
        "offer": offer,
    }


def role_at(request: Asked, row: Newcomer | None = None) -> Membership:
    """Return the role in which the caller takes matters in, at the home where one is given."""
    roles: list[Membership] = [role for role in request.memberships if Power.INTAKE in role.powers]
    return next((role for role in roles if row is None or role.covers(row.home)), roles[0])
