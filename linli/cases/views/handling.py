"""A case as those see it who work on it, and what a bound body does with its order, each in one or two taps."""

from collections.abc import Callable
from datetime import date, datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.attachments import actions as attachments
from linli.base.access import staff
from linli.base.asked import Asked
from linli.base.errors import Refused, require
from linli.cases import actions, models
from linli.cases.models import Case, Order
from linli.cases.views.showing import handler_context
from linli.organisations.rules import Power

HANDLERS = (Power.HANDLE, Power.DISPATCH, Power.INTAKE, Power.ARBITRATE, Power.CHECK)
Act = Callable[[Asked, Case, datetime], str]


def handled_case(request: Asked, token: str) -> Case:
    """Return the case, ready to be acted on, if one of the caller's roles opens it; 404 for everyone else."""
    case = models.handled_case(token, request.memberships)
    if case is None:
        raise Http404
    return case


def typed(request: Asked, name: str = "words", most: int = 2000) -> str:
    """Return what was typed under `name`, refused where it is too long rather than cut."""
    words = request.POST.get(name, "").strip()
    require(len(words) <= most, _("最多写 %(n)s 字，请删去一些。") % {"n": most})
    return words


def day_typed(request: Asked, name: str) -> date:
    """Return the day typed under `name`; refused where there is none or it does not exist."""
    try:
        day = parse_date(request.POST.get(name, ""))
    except ValueError:
        day = None
    if day is None:
        raise Refused(_("请写一个日期，比如 2026-12-01。"))
    return day


def back(request: Asked, case: Case) -> HttpResponse:
    """Go back to the list from which the tap came, or to the case."""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return HttpResponseRedirect(wanted)
    return redirect("cases:case", token=case.token)


def handler_act(act: Act) -> Callable[..., HttpResponse]:
    """Turn an act of a handler into a view: find the case, act, say what happened, go back."""

    @staff(*HANDLERS)
    @require_POST
    def view(request: Asked, token: str) -> HttpResponse:
        case = handled_case(request, token)
        words = act(request, case, timezone.now())
        messages.success(request, words)
        return back(request, case)

    view.__name__ = act.__name__
    view.__doc__ = act.__doc__
    return view


def own_order(request: Asked, case: Case) -> Order:
    """Return the open order that the form names, or the only one of the caller's bodies."""
    orders = case.orders.open_for(request.memberships)
    if number := request.POST.get("order"):
        orders = orders.filter(pk=number if number.isdecimal() else 0)
    order = orders.order_by("-part").first()
    if order is None:
        raise Refused(_("这件事现在没有派给您单位的工单。请刷新看看最新情况。"))
    return order


def handler_page(request: Asked, case: Case, now: datetime) -> HttpResponse:
    """Show the working page; the asker's contact is masked on it."""
    return render(request, "cases/work.html", handler_context(request, case, now))


@staff(*HANDLERS)
def reveal(request: Asked, token: str) -> HttpResponse:
    """POST opens who asked for 60 seconds and leaves the trace that they can read; the case is the reason.

    GET shows what is open on a page of its own, which goes back by itself when the time is over: a page on
    which somebody may be writing is not loaded again under their hands.
    """
    case, now = handled_case(request, token), timezone.localtime()
    if request.method == "POST":
        actions.look_at_reporter(case, by=request.person, at=now)
        return redirect("cases:reveal", token=case.token)
    opened = actions.open_contacts(case, by=request.person, at=now)
    if not opened:
        return redirect("cases:case", token=case.token)
    people = [person for person, _reveal in opened]
    answer = render(request, "cases/contact.html", {"case": case, "people": people, "now": now})
    answer["Refresh"] = min((reveal.refresh(now) for _person, reveal in opened), key=int)
    return answer


@handler_act
def sign(request: Asked, case: Case, now: datetime) -> str:
    """签收."""
    actions.sign(own_order(request, case), by=request.person, at=now)
    return _("已签收。")


@handler_act
def start(request: Asked, case: Case, now: datetime) -> str:
    """Begin, with a word to the asker if there is one."""
    actions.start(own_order(request, case), by=request.person, at=now, words=typed(request))
    return _("已开始办理。")


@handler_act
def reply(request: Asked, case: Case, now: datetime) -> str:
    """Tell the asker how it stands."""
    actions.reply(case, typed(request), by=request.person, at=now)
    return _("已告诉提出人。")


@handler_act
def ask_more(request: Asked, case: Case, now: datetime) -> str:
    """Ask the asker for what is missing."""
    actions.ask_more(case, typed(request), by=request.person, at=now)
    return _("已请提出人补充。")


@handler_act
def answer_order(request: Asked, case: Case, now: datetime) -> str:
    """A co-unit answers for itself."""
    actions.answer_order(own_order(request, case), typed(request, "answer"), by=request.person, at=now)
    return _("已答复。")


@staff(*HANDLERS)
@require_POST
def resolve(request: Asked, token: str) -> HttpResponse:
    """The lead says that it is done, with photos if there are any; from a list the page opens for the words."""
    case = handled_case(request, token)
    if "answer" not in request.POST:
        return redirect(f"{case.address}#resolve")
    now = timezone.now()
    by = f"people.Person:{request.person.pk}"
    kept = attachments.attach_all(request.FILES.getlist("photos"), case.subject, "after", now, by)
    for refusal in kept.refusals:
        messages.warning(request, refusal)
    actions.resolve(
        case, typed(request, "answer"), by=request.person, at=now, missing=typed(request, "missing", 500)
    )
    if kept.attachments:
        actions.photos_came(case, now)
    messages.success(request, _("已办结，等提出人说解决没解决。"))
    return back(request, case)


@handler_act
def pause(request: Asked, case: Case, now: datetime) -> str:
    """挂账: reason and review date."""
    actions.pause(
        case, typed(request, "reason", 300), day_typed(request, "review_on"), by=request.person, at=now
    )
    return _("已挂账，期限暂停。")


@handler_act
def resume(request: Asked, case: Case, now: datetime) -> str:
    """Go on; the clock continues with the rest."""
    actions.resume(case, by=request.person, at=now, words=typed(request))
    return _("已恢复办理，期限接着算。")


@handler_act
def ask_extension(request: Asked, case: Case, now: datetime) -> str:
    """延期: before it expires; somebody else decides."""
    amount = request.POST.get("amount", "")
    number = int(amount) if amount.isdecimal() and len(amount) < 4 else 0
    reason = typed(request, "reason", 500)
    order = own_order(request, case)
    actions.ask_extension(order, number, request.POST.get("unit", ""), reason, by=request.person, at=now)
    return _("延期申请已交上级裁定。")


@handler_act
def ask_return(request: Asked, case: Case, now: datetime) -> str:
    """退单: a reason from the list and the evidence; an arbiter decides."""
    by = f"people.Person:{request.person.pk}"
    order = own_order(request, case)
    reason = typed(request, "reason", 500)
    actions.ask_return(order, request.POST.get("code", ""), reason, by=request.person, at=now)
    kept = attachments.attach_all(request.FILES.getlist("photos"), case.subject, "evidence", now, by)
    for refusal in kept.refusals:
        messages.warning(request, refusal)
    return _("退单申请已交裁定，裁定前仍由您单位办。")


@handler_act
def ask_help(request: Asked, case: Case, now: datetime) -> str:
    """请求支援: its own, honourable kind."""
    actions.ask_help(own_order(request, case), typed(request, "reason", 500), by=request.person, at=now)
    return _("已请上级支援。")


@handler_act
def note(request: Asked, case: Case, now: datetime) -> str:
    """A note for those who handle it."""
    actions.note(case, typed(request), by=request.person, at=now)
    return _("备注已记下，只有办理的人看得到。")
