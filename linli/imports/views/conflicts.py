"""Where a ledger and the register differ: row by row, a person decides."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from linli.base.access import staff
from linli.base.asked import Asked
from linli.base.pages import page_of
from linli.imports import actions
from linli.imports.models import Conflict
from linli.imports.rules.exports import told_apart
from linli.imports.rules.runs import Decision
from linli.imports.views.ledgers import run_of
from linli.organisations.rules import Power
from linli.people.rules import Tenure
from linli.register.rules import FIELDS, label_of, shown

IN_WORDS = frozenset({"tenure", "lives_there", "is_registered", "since", "household"})
EFFECTS = {
    "died_on": gettext_lazy("采用台账的，就是登记去世：住处、标签、代办和账号都到此为止。登记错了可以撤销。"),
    "home": gettext_lazy("采用台账的，就是登记搬家：原来的住处到此为止，业主仍是业主。登记错了可以撤销。"),
}
NUMBERS = frozenset({"identity", "phone"})


@dataclass(frozen=True)
class Difference:
    """A conflict as the page shows it."""

    row: Conflict
    held: str
    offered: str

    @property
    def effect(self) -> str:
        """What more than a value changes where the ledger is taken."""
        is_known_dead = self.row.field == "died_on" and bool(self.held)
        return "" if is_known_dead else str(EFFECTS.get(self.row.field, ""))


@staff(Power.REGISTER)
@require_safe
def conflicts(request: Asked, token: str) -> HttpResponse:
    """List the differences of one import, those that wait first; everyone shown can read that we looked."""
    run, now = run_of(request, token), timezone.now()
    wants_done = request.GET.get("show") == "done"
    rows = run.conflicts.select_related("person", "run", "decided_by")
    rows = rows.exclude(decision=Decision.OPEN) if wants_done else rows.open()
    page = page_of(rows, request, ["row", "id"])
    names = actions.places_named(page.rows)
    page.rows[:] = [_difference(row, names) for row in page.rows]
    if page.rows:
        shown_rows = [difference.row for difference in page.rows]
        actions.show_conflicts(run, shown_rows, request.person, request.memberships, now)
    context = {"run": run, "page": page, "wants_done": wants_done, "now": timezone.localtime(now)}
    return render(request, "imports/conflicts.html", context)


def _difference(row: Conflict, names: dict[str, str]) -> Difference:
    held, offered = row.held, row.offered
    if row.field in NUMBERS:
        return Difference(row, *told_apart(row.field, held, offered))
    if row.field in FIELDS:
        return Difference(row, shown(row.field, held), shown(row.field, offered))
    if row.field == "relation":
        return Difference(row, label_of("relation", held), label_of("relation", offered))
    home, _space, words = offered.partition(" ")
    if row.field in IN_WORDS:
        return Difference(row, _in_words(row.field, held), _in_words(row.field, words))
    if row.field == "until":
        return Difference(
            row, _("还住在 %(home)s") % {"home": names.get(home, "")}, _("%(day)s 已搬离") % {"day": words}
        )
    elsewhere = _("您的范围以外的一处住处")
    return Difference(row, elsewhere if row.is_elsewhere else names.get(held, ""), names.get(home, ""))


def _in_words(field: str, value: str) -> str:
    if field == "tenure":
        return str(Tenure(value).label)
    if field == "household":
        return value.rpartition(" ")[2]
    return value if field == "since" else {"1": _("是"), "0": _("否")}[value]


@staff(Power.REGISTER)
@require_POST
def decide(request: Asked, token: str) -> HttpResponse:
    """Keep, take, or both wrong."""
    rows = Conflict.objects.within(request.memberships).select_related("run")
    row = get_object_or_404(rows, token=token)
    actions.decide(row, request.POST.get("decision", ""), request.person, timezone.now())
    return redirect("imports:conflicts", row.run.token)
