"""减负账本: a worker's own, and what others may read."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from linli.base.access import staff
from linli.base.asked import Asked
from linli.burden import rules
from linli.burden.models import Errand, Load
from linli.burden.sums import sum_of
from linli.organisations.rules import Power
from linli.places.models import grounds

MOST_ERRANDS = 60  # listed; all are counted


@staff(*Power.values)
@require_GET
def mine(request: Asked) -> HttpResponse:
    """What the caller typed in a month: forms, fields, what the system filled, errands at short notice."""
    today = timezone.localdate()
    month = rules.month_of(request.GET.get("month", ""), today)
    rows = Load.objects.of(request.person).between(month, rules.after_month(month)).by_form()
    bodies = {role.organisation_id for role in request.memberships}
    came = Errand.objects.to_bodies(bodies, month, rules.after_month(month))
    errands = list(came.select_related("organisation")[:MOST_ERRANDS])
    context = {
        "month": month,
        "months": rules.months(today)[:12],
        "total": sum((amount for _form, _body, amount in rows), rules.Sum()),
        "forms": [
            (rules.form_words(form), rules.domain_words(form), body, amount) for form, body, amount in rows
        ],
        "askers": _askers(rows),
        "errands": errands,
        "errand_count": came.count() if len(errands) == MOST_ERRANDS else len(errands),
    }
    return render(request, "burden/mine.html", context)


@staff(Power.OVERSEE)
@require_GET
def sums(request: Asked) -> HttpResponse:
    """What the workers of the caller's places typed in a month that is over, in sums over at least ten of them."""
    last = rules.before_month(timezone.localdate().replace(day=1))
    month = min(rules.month_of(request.GET.get("month", ""), timezone.localdate()), last)
    places = grounds(request.memberships, frozenset({str(Power.OVERSEE)}))
    found = [sum_of(place, month) for place in places]
    context = {
        "month": month,
        "months": _over(last),
        "sums": [one for one in found if one is not None],
        "least": rules.LEAST_WORKERS,
    }
    return render(request, "burden/sums.html", context)


def _askers(rows: list[tuple[str, str, rules.Sum]]) -> list[tuple[str, bool, rules.Sum]]:
    """Return the sums by who wanted it: the three kinds in their order, then bodies by name."""
    added: dict[tuple[int, str], rules.Sum] = {}
    order = list(rules.Asker)
    for form, body, amount in rows:
        asker = rules.asker_of(form)
        key = (len(order), body) if body else (order.index(asker), str(asker.label))
        added[key] = added.get(key, rules.Sum()) + amount
    return [(words, rank == len(order), amount) for (rank, words), amount in sorted(added.items())]


def _over(last: date) -> list[date]:
    return rules.months(last)[:12]
