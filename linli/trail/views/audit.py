"""What auditors and data officers see of the trail, themselves on it; and the sums that everybody may read."""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.module_loading import import_string

from linli.base.access import open_to_all, staff
from linli.base.asked import Asked
from linli.base.pages import page_of
from linli.base.words import said as _
from linli.trail import actions, figures
from linli.trail.forms import PeriodForm
from linli.trail.models import Look, LookQuerySet
from linli.trail.rules import Purpose

AUDIT = "audit"  # organisations.rules.Power.AUDIT: that floor is above this one
SALT = "linli.trail.act"
USUAL_PERIOD = timedelta(days=30)
LONGEST_PERIOD = timedelta(days=366)
MOST_LOOKERS = 300
TOTALS_HOLD = 600  # seconds


@staff(AUDIT)
def search(request: Asked) -> HttpResponse:
    """Looks by worker or period, in sums and line by line; reading them is a look that those named can read."""
    now, period = timezone.now(), PeriodForm(request.GET or None)
    end = period.end or now
    start = max(period.start or now - USUAL_PERIOD, end - LONGEST_PERIOD)
    within = audited(request).between(start, period.end)
    looker = _looker(request.GET.get("worker", ""))
    chosen = within.by(looker) if looker else within
    page = page_of(chosen, request, ["-at", "-id"])
    _leave_trace(request, {look.looker for look in page.rows}, _("查看记录"), now)
    context = {
        "now": now,
        "period": period,
        "start": start,
        "end": end,
        "workers": _workers(within),
        "worker": request.GET.get("worker", "") if looker else "",
        "sums": figures.sums(chosen),
        "questions": _with_tokens(figures.strange(chosen)),
        "page": page,
        "acts": [{"look": look, "address": signing.dumps(look.pk, salt=SALT)} for look in page.rows],
    }
    return render(request, "trail/audit.html", context)


@staff(AUDIT)
def act(request: Asked, act: str) -> HttpResponse:
    """One act of looking and whose data it showed, by masked name; each of them can read that this was opened."""
    now = timezone.now()
    look = get_object_or_404(audited(request), pk=_number(act))
    page = page_of(look.seen.all(), request, ["id"])
    subjects = [seen.subject for seen in page.rows]
    _leave_trace(
        request, {*subjects, look.looker}, _("一次查看的对象（姓名已遮盖）"), now, f"trail.Look:{look.pk}"
    )
    known = import_string("linli.config.personal.people_of")(subjects)
    people = [known[subject].masked for subject in subjects if subject in known]
    context = {"now": now, "look": look, "people": people, "page": page}
    return render(request, "trail/act.html", context)


@open_to_all
def totals(request: Asked) -> HttpResponse:
    """How often anybody's data was looked at, month by month, what is withheld and on what basis: in sums alone."""
    now = timezone.now()
    first = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    start = first.replace(year=first.year - 1)
    months = cache.get_or_set("trail.totals", lambda: figures.months(start), TOTALS_HOLD)
    return render(request, "trail/totals.html", {"now": now, "months": months, "bases": figures.bases(now)})


def audited(request: Asked) -> LookQuerySet:
    """Return the looks of staff within the places that the caller audits."""
    return Look.objects.beneath(row.place.path for row in request.memberships if AUDIT in row.powers)


def role_words(request: Asked) -> str:
    """Return how those whose data is read will read of the caller: "褚* · 东岸区社会治理中心 · 审计员"."""
    seat = next(row for row in request.memberships if AUDIT in row.powers)
    return str(seat.looker_words(request.person))


def _leave_trace(request: Asked, subjects: set[str], fields: str, at: datetime, under: str = "") -> None:
    reason = _("审计查看记录")
    with transaction.atomic():
        actions.looked_at_many(
            sorted(subjects),
            request.person.subject,
            role_words(request),
            fields,
            reason,
            at,
            under,
            Purpose.AUDIT,
        )


def _workers(looks: LookQuerySet) -> list[dict[str, str]]:
    """Return whoever looked, by their words in the order of the alphabet, to choose from: no count goes along."""
    pairs = looks.order_by().values_list("looker", "looker_words").distinct()[:MOST_LOOKERS]
    words = dict(sorted(pairs))
    known = import_string("linli.config.personal.people_of")(list(words))
    choices = [
        {"token": known[looker].token, "words": said} for looker, said in words.items() if looker in known
    ]
    return sorted(choices, key=lambda choice: choice["words"])


def _with_tokens(questions: list[figures.Strange]) -> list[dict[str, Any]]:
    known = import_string("linli.config.personal.people_of")([each.looker for each in questions])
    return [
        {"strange": each, "token": known[each.looker].token} for each in questions if each.looker in known
    ]


def _looker(token: str) -> str:
    return str(import_string("linli.config.personal.person_of_token")(token)) if token else ""


def _number(act: str) -> int:
    try:
        return int(signing.loads(act, salt=SALT))
    except (signing.BadSignature, TypeError, ValueError):
        raise Http404 from None
