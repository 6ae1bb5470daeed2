"""Who stands above: the desk of the next tier, and the body that arbitrates; and going up to it."""

from datetime import datetime

from linli.base.words import said as _
from linli.cases.actions.acting import keep, lead_order
from linli.cases.actions.binding import bind
from linli.cases.actions.deadlines import clock_of, reminding
from linli.cases.actions.telling import happened, tell_askers, tell_body
from linli.cases.models import Case
from linli.cases.rules import Part, State, next_tier
from linli.organisations.models import Membership, Organisation
from linli.organisations.rules import Power, roles_with
from linli.places.models import Place
from linli.todos import actions as todos


def desk_above(case: Case) -> tuple[str, Organisation] | None:
    """Return the next tier that has a desk for this place, with the desk; None at the top."""
    tier = next_tier(case.tier)
    while tier:
        if desk := desk_of(case, tier):
            return tier, desk
        tier = next_tier(tier)
    return None


def desk_of(case: Case, tier: str) -> Organisation | None:
    """Return the desk that receives what goes up to `tier`."""
    place: Place | None = {"street": case.street, "district": case.district}.get(tier)
    if place is None:
        return None
    bodies = Organisation.objects.active().filter(tier=tier, serves=place).order_by("-is_desk", "pk")
    dispatching = Membership.objects.filter(role__in=roles_with(Power.DISPATCH)).values("organisation")
    return bodies.filter(is_desk=True).first() or bodies.filter(pk__in=dispatching).first()


def arbiter_of(case: Case, asker: Organisation) -> Organisation | None:
    """Return who decides what `asker` asks: the nearest body with that power, not the asker itself.

    Where no body above has it, the desk that owns the case decides; never the asker.
    """
    holders = Membership.objects.filter(role__in=roles_with(Power.ARBITRATE), until=None)
    serving = Organisation.objects.serving(case.place).filter(pk__in=holders.values("organisation"))
    found = serving.exclude(pk=asker.pk).first()
    if found is not None:
        return found
    return case.owner if case.owner is not None and case.owner_id != asker.pk else None


def go_up(case: Case, verb: str, words: str, at: datetime) -> bool:
    """Take a case up a tier with its whole file: the desk above leads, the body that had it assists.

    Names the unit and the obstacle, never a person. False where nobody stands above.
    """
    above = desk_above(case)
    if above is None:
        return False
    tier, desk = above
    standing = lead_order(case)
    stuck = standing.organisation if standing else (case.lead or case.owner)
    clock = clock_of(case)
    if standing is not None and standing.organisation_id != desk.pk:
        standing.part = Part.ASSIST
        standing.save(update_fields=["part"])
    order = bind(case, desk, Part.LEAD, clock, by=None, at=at)
    if standing is None and case.lead is not None and case.lead_id != desk.pk:
        bind(case, case.lead, Part.ASSIST, clock, by=None, at=at)  # whose work was not enough helps on
    case.state, case.tier = State.ASSIGNED, tier
    keep(
        case,
        state=State.ASSIGNED,
        tier=tier,
        lead=desk,
        **reminding(case, order, clock, anew=True),
    )
    todos.close(f"{case.subject}:intake", at)
    unit = stuck.name if stuck else ""
    happened(case, verb, at, organisation=desk, words=words, unit=unit, obstacle=words, tier=tier)
    title = _("%(number)s 已上报%(body)s") % {"number": case.number, "body": desk.name}
    tell_askers(case, f"up:{tier}:{case.round}", title, words, at)
    title = _("吹哨：%(number)s 卡在%(unit)s") % {"number": case.number, "unit": unit}
    tell_body(case, desk, f"up:{tier}:{case.round}", Power.DISPATCH, title, at)
    return True
