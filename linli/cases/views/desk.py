"""The desk: what came in, who gets it, what belongs together, what the public reads."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.attachments import actions as attachments
from linli.attachments.models import Attachment
from linli.base.access import staff
from linli.base.asked import Asked
from linli.base.errors import Refused
from linli.base.pages import page_of
from linli.cases import actions
from linli.cases.models import Case, Order
from linli.cases.models.case import NOT_SHOWN, SEARCHED
from linli.cases.rules import LONGEST_TEXT, OrderState, Part, State, Visibility
from linli.cases.views.handling import Act, back, handled_case, typed
from linli.cases.views.lines import COLUMNS, rows_of
from linli.cases.views.stories import count_photos
from linli.duties.models import Category
from linli.organisations.models import Organisation
from linli.organisations.rules import Power

LONGEST_SEARCH = 60


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
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    if words:
        cases = actions.search(cases, words)
    rows = cases.select_related("lead", "owner", "place").only(*COLUMNS)
    page = page_of(rows, request, ["-id"])
    now = timezone.localtime()
    context = {
        "page": page,
        "rows": rows_of(page.rows, now),
        "state": state,
        "states": [choice for choice in State.choices if choice[0] in SHOWN],
        "q": words,
        "searched": SEARCHED,
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
    State.CONFIRMED,
    State.UNCONFIRMED,
)


@staff(Power.HANDLE)
def orders(request: Asked) -> HttpResponse:
    """Open orders of the caller's bodies, by what is due."""
    rows = Order.objects.open_for(request.memberships).exclude(due=None)
    page = page_of(rows.select_related("case__place"), request, ["due", "id"])
    context = {"page": page, "lines": [order_line(order) for order in page.rows], "now": timezone.localtime()}
    return render(request, "cases/orders.html", context)


def order_line(order: Order) -> tuple[Order, str]:
    """Return an order with the sentence that says where it stands for the body that has it."""
    words = {
        OrderState.DISPATCHED: _("等您单位签收，"),
        OrderState.SIGNED: _("您单位在办，"),
        OrderState.RETURN_ASKED: _("退单等裁定，仍由您单位办，"),
    }
    part = "" if order.part == Part.LEAD else _("协办：")
    return order, part + words.get(OrderState(order.state), "")


@staff(Power.DISPATCH)
def moderation(request: Asked) -> HttpResponse:
    """What waits to be looked over before the public reads it."""
    waiting = Case.objects.in_scope_of(request.memberships).filter(visibility=Visibility.CHECKING)
    page = page_of(waiting.exclude(state__in=NOT_SHOWN).select_related("place"), request, ["-id"])
    photos = count_photos(page.rows)
    lines = [(case, actions.proposed_texts(case), photos[case.pk]) for case in page.rows]
    context = {"page": page, "lines": lines, "now": timezone.localtime()}
    return render(request, "cases/moderation.html", context)


def body_named(request: Asked, name: str) -> Organisation:
    """Return the body that the form names by token."""
    body = Organisation.objects.active().filter(token=request.POST.get(name, "")).first()
    if body is None:
        raise Refused(_("请选一个单位。"))
    return body


def category_named(request: Asked) -> Category:
    """Return the category that the form names by its code."""
    category = Category.objects.leaves().filter(code=request.POST.get("category", "")).first()
    if category is None:
        raise Refused(_("请选一个类别。"))
    return category


@desk_act
def accept(request: Asked, case: Case, now: datetime) -> str:
    """受理."""
    actions.accept(case, by=request.person, at=now, words=typed(request))
    return _("已受理。")


@desk_act
def categorise(request: Asked, case: Case, now: datetime) -> str:
    """Another drawer, with one tap; the clock keeps running."""
    category = category_named(request)
    actions.categorise(case, category, by=request.person, at=now, words=typed(request))
    return _("已归到“%(name)s”，期限按新类别从提出时算。") % {"name": category.name}


@desk_act
def dispatch(request: Asked, case: Case, now: datetime) -> str:
    """派单: one lead, any co-units."""
    if request.POST.get("as_proposed") == "1":
        order = actions.dispatch_as_proposed(case, by=request.person, at=now)
        return _("已派给%(body)s。") % {"body": order.organisation.name}
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
    category = category_named(request)
    portion = actions.Portion(text=typed(request, "text", 10_000), category=category)
    parts = actions.split(case, [portion], by=request.person, at=now)
    return _("已拆出 %(number)s，另行派单。") % {"number": parts[0].number}


@desk_act
def unsplit(request: Asked, case: Case, now: datetime) -> str:
    """Undo a split."""
    actions.unsplit(case, by=request.person, at=now, reason=typed(request, "reason", 500))
    return _("已并回原来的事。")


@desk_act
def moderate(request: Asked, case: Case, now: datetime) -> str:
    """Set what the public reads, and which pictures; one tap takes the proposed texts as they are."""
    names = ("public_title", "public_text", "public_answer")
    texts = {name: typed(request, name, LONGEST_TEXT) for name in names if name in request.POST}
    actions.moderate(case, by=request.person, at=now, reason=typed(request, "reason", 200), **texts)
    if "with_photos" in request.POST:
        _choose_photos(case, set(request.POST.getlist("photos")), now)
    return _("已公开。")


def _choose_photos(case: Case, chosen: set[str], now: datetime) -> None:
    """Release the pictures that were ticked and take the others back."""
    for photo in attachments.of(case.subject).filter(form=Attachment.Form.PHOTO):
        if photo.token in chosen:
            attachments.release(photo, now)
        elif photo.public_at is not None:
            attachments.withhold(photo)


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
