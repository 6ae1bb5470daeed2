"""Which case a request may open, and as whom: by who is here, or by the receipts that this browser holds."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from linli.base.asked import Asked
from linli.base.errors import Refused, require
from linli.cases.models import Case
from linli.cases.rules import State
from linli.people.models import Person

RECEIPTS = "receipts"  # session key: receipts of what was said in this browser without signing in
MOST_RECEIPTS = 30
RELATED = (
    "category",
    "lead",
    "owner",
    "place",
    "estate",
    "community",
    "reporter",
    "parent__lead",
    "parent__owner",
    "duty_list",
    "proposed_lead",
)


@dataclass(frozen=True)
class Asker:
    """For whom the asker's side of a case is opened, and who presses: family and workers press for another."""

    person: Person
    by: Person


def receipts_of(request: Asked, key: str = "") -> list[str]:
    """Return the receipts that this browser keeps, with the one that the address or form names."""
    kept = list(request.session.get(RECEIPTS, []))
    return [*kept, key] if key else kept


def remember(request: Asked, receipt: str) -> None:
    """Let this browser read on: the receipt is all that somebody without an account has."""
    request.session[RECEIPTS] = receipts_of(request, receipt)[-MOST_RECEIPTS:]


def asked_case(request: Asked, token: str, now: datetime, key: str = "") -> Case | None:
    """Return the asker's own case of that token, or theirs that was merged into the case of that token."""
    who = request.acting_for if request.assisting else request.person
    rows = Case.objects.select_related(*RELATED).asked_by(who, receipts_of(request, key), now)
    merged = Q(parent__token=token, state=State.MERGED)
    return rows.filter(token=token).first() or rows.filter(merged).order_by("id").first()


def asker_of(request: Asked, case: Case) -> Asker | None:
    """Return who asks and who presses; None where the asker left neither name nor number.

    Somebody who is not signed in and holds the receipt is taken for the asker.
    """
    if case.reporter is None:
        return None
    return Asker(case.reporter, request.person or case.reporter)


def holds_only_paper(request: Asked, case: Case) -> bool:
    """Whether the receipt is all that speaks for the caller, on a case that a worker wrote down.

    That worker saw the receipt too, so it opens the page but does not say that the matter is solved.
    """
    return request.person is None and case.filed_by_id is not None and case.filed_by_id != case.reporter_id


def own_case(request: Asked, token: str, now: datetime) -> tuple[Case, Asker]:
    """Return the asker's case and who presses; 404 where it is not theirs, refused where nobody was named."""
    case = asked_case(request, token, now, request.POST.get("key", ""))
    if case is None:
        raise Http404
    asker = asker_of(request, case)
    if asker is None:
        words = _("您没有留下姓名或电话，这里没法确认是您。请打社区电话，报编号 %(number)s。")
        raise Refused(words % {"number": case.number})
    return case, asker


def require_more_than_paper(request: Asked, case: Case) -> None:
    """Refuse what only the asker themselves may do to whoever holds no more than the slip of paper."""
    require(
        not holds_only_paper(request, case),
        _(
            "这件事是工作人员替您记的，凭查询码可以看进展、补充情况。说解决没解决或撤回，请用手机号登录，或等回访电话。"
        ),
        rule=_("谁提出，谁确认"),
    )
