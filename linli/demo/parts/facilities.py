"""The files of 柳树社区's facilities: who answers for each, when each was looked at; two inspections are overdue."""

from datetime import date, datetime, timedelta

from linli.demo.world import Say, World
from linli.facilities import actions
from linli.facilities.actions import Facts, Found
from linli.facilities.models import Facility
from linli.facilities.rules import Condition, Payer
from linli.organisations.models import Organisation
from linli.people.models import Person
from linli.places.models import Ownership

DAY = timedelta(days=1)
# Days since each inspection of a kind was last made, so that it is not due for a while.
LAST = {
    "半月维护保养": 6,
    "年度定期检验（检测）": 140,
    "外观和漏水检查": 20,
    "消防设施全面检测": 150,
    "牢固检查": 40,
    "完好检查": 40,
}
OVERDUE = {
    ("春晖花园", "电梯"): ("年度定期检验（检测）", 372),
    ("河滨小区", "消火栓"): ("外观和漏水检查", 97),
}


def fill(world: World, cast: dict[str, Person], at: datetime, say: Say) -> None:
    """Enrol every facility of the tree, then let 赵师傅 look at some."""
    say("公共部件的档案和检验")
    overdue, then = dict(OVERDUE), at - 5 * DAY
    actions.load_kinds()
    bodies = _bodies()
    for place in world.facilities:
        estate = place.estate.name if place.estate else ""
        facts = _facts(place.facility_kind, estate, place.ownership, bodies, at.date())
        late = overdue.pop((estate, place.facility_kind), None)
        if late is not None:
            facts.last[late[0]] = at.date() - timedelta(days=late[1])
        actions.enrol(place, facts, by=cast["sun"], at=then)
    _look(cast, at)
    actions.warn(at)


def _facts(kind: str, estate: str, ownership: str, bodies: dict[str, Organisation], today: date) -> Facts:
    is_common = ownership == Ownership.COMMON
    lifts = bodies.get("腾达电梯维保公司") if kind == "电梯" else None
    return Facts(
        kind,
        ownership,
        bodies.get(estate),
        lifts,
        Payer.SERVICE_FEE if is_common else Payer.FISCAL,
        date(2018, 6, 1),
        "",
        {name: today - timedelta(days=days) for name, days in LAST.items() if _has(kind, name)}
        | dict.fromkeys(_monthly(kind), today - 9 * DAY),
    )


def _has(kind: str, plan: str) -> bool:
    return actions.kind_called(kind).plans.filter(name=plan).exists()


def _monthly(kind: str) -> list[str]:
    plans = actions.kind_called(kind).plans.exclude(name__in=LAST)
    return list(plans.values_list("name", flat=True))


def _bodies() -> dict[str, Organisation]:
    """Return who answers for what: the property company by estate, other bodies by name."""
    found: dict[str, Organisation] = {}
    for body in Organisation.objects.active().filter(function__in=["property", "enterprise"]):
        found[body.name] = body
        if body.function == "property":
            found |= {place.name: body for place in body.serves.all()}
    return found


def _look(cast: dict[str, Person], at: datetime) -> None:
    """赵师傅 looked at two lamps of 杨柳苑; one of them is to be mended."""
    lamps = Facility.objects.filter(place__estate__name="杨柳苑", kind__name="路灯").select_related(
        "place", "kind"
    )
    for lamp in lamps.order_by("number")[:2]:
        actions.inspect(lamp, lamp.kind.plans.first(), Found(), by=cast["zhao"], at=at - 3 * DAY)
    last = lamps.order_by("number").last()
    if last is not None:
        actions.note_condition(
            last, Condition.TO_MEND, "灯罩裂了，配件在路上", by=cast["zhao"], at=at - 2 * DAY
        )
