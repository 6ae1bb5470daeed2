"""One page for every act on a partner: what it is called, who may, what is typed, what is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import Promise

from linli.base.asked import Asked
from linli.partners.actions import may_decide, may_keep
from linli.partners.forms.fields import ActForm
from linli.partners.models import Partner

Typed = dict[str, Any]
Do = Callable[[Asked, Any, ActForm, datetime], object]
CLERK, DECIDER, MEMBER = "clerk", "decider", "member"


def always(_row: Any, _now: datetime) -> bool:
    """Offer an act at any time."""
    return True


@dataclass(frozen=True)
class Act:
    """One act: words of its door and page, its form, who may, when it is offered, on which rows.

    `do(request, row, form, now)` calls one action; `row` is the partner, or the row of `rows` that `?item=` names.
    """

    label: str | Promise
    form: type[ActForm]
    do: Do
    who: frozenset[str]
    done: str | Promise
    lead: str | Promise = ""
    when: Callable[[Any, datetime], bool] = always
    rows: Callable[[Partner], QuerySet[Any]] | None = None


@dataclass(frozen=True)
class Sides:
    """On which sides of a partner the caller stands."""

    clerk: bool
    decider: bool
    member: bool

    @property
    def names(self) -> frozenset[str]:
        """The sides as acts name them."""
        sides = {CLERK: self.clerk, DECIDER: self.decider, MEMBER: self.member}
        return frozenset(name for name, stands in sides.items() if stands)


def opened(request: Asked, token: str) -> Partner:
    """Return the partner whose file the caller may open, or raise Http404."""
    rows = Partner.objects.opened_by(request.person, request.memberships)
    known = rows.select_related("place", "organisation", "applied_by", "leader", "mentor")
    partner: Partner = get_object_or_404(known, token=token)
    return partner


def sides_of(request: Asked, partner: Partner) -> Sides:
    """Return where the caller stands: desk, decider, the partner's own."""
    own = partner.leader_id == request.person.pk
    if partner.organisation_id is None:
        own = own or partner.applied_by_id == request.person.pk
    else:
        bodies = {row.organisation_id for row in request.memberships}
        own = own or partner.organisation_id in bodies
    keeps = may_keep(request.memberships, partner.place)
    return Sides(keeps, may_decide(request.memberships, partner.place), own)


def row_for(act: Act, request: Asked, partner: Partner) -> Any:
    """Return the row on which an act is done, or raise Http404."""
    if act.rows is None:
        return partner
    return get_object_or_404(act.rows(partner), token=request.GET.get("item", ""))


def require_side(act: Act, request: Asked, partner: Partner) -> None:
    """Raise Http404 for whoever does not stand where this act is done."""
    if not act.who & sides_of(request, partner).names:
        raise Http404


def offered(
    acts: dict[str, Act], names: tuple[str, ...], row: Any, sides: Sides
) -> list[tuple[str, str | Promise]]:
    """Return (verb, label) of the acts among `names` that are offered on `row` to who stands on `sides`."""
    now = timezone.now()
    return [(n, acts[n].label) for n in names if acts[n].who & sides.names and acts[n].when(row, now)]
