"""The rows of a report: whoever lives at a place on a day, its homes, its lettings, with the facts asked for.

A constant number of queries, whether for ten people or for a community of six thousand. Whoever shows the rows
leaves the trace.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.timezone import make_aware

from linli.people.models import Person, Residency
from linli.people.rules import Tenure
from linli.places.models import Kind, Place
from linli.places.rules import JOINED_BY
from linli.register.models import FactChange, HouseholdMember, Tag, known
from linli.register.rules import FIELDS, HEAD_OF_HOUSEHOLD, read_day
from linli.reports.rules import FACTS, Who, age_on
from linli.reports.rules.facts import TAG, TAG_SINCE

TIERS = ("parent", "grid", "estate", "community", "street", "district")
OF_HEADS = {
    "head": "name",
    "head_phone": "phone",
    "head_identity": "identity",
}  # a fact here: theirs in the register
CHUNK = 10_000  # ids in one question: SQLite takes 32,766


@dataclass
class Row:
    """One row: its name ("people.Person:42"), what people call it, its facts, and whom of persons it shows."""

    name: str
    called: str
    facts: dict[str, Any]
    home: Place | None = None
    person_id: int | None = None
    shows: list[int] = field(default_factory=list)  # ids of persons whose data stand in it
    tags: frozenset[str] = frozenset()


def residencies(place: Place, on: date, *, with_names: bool = False) -> list[Residency]:
    """Return who lives in (or owns) homes at or under a place on a day, each home with what it lies in.

    Three queries (four with names, which are those of the day); neighbours share the rows of their building, estate
    and grid, which keeps thousands of them cheap.
    """
    rows = Residency.objects.on(on).within([place])
    held = list(rows.select_related("person") if with_names else rows)
    places = {home.pk: home for home in with_above(Place.objects.filter(pk__in=rows.values("home")))}
    names = _names_then(rows, on) if with_names else {}
    for row in held:
        row.home = places[row.home_id]
        if row.person_id in names:
            row.person.name = names[row.person_id]
    return sorted(held, key=lambda row: (door(row.home), row.since, row.pk))


def _names_then(rows: Any, on: date) -> dict[int, str]:
    """Return the names on a day of those who are called otherwise since."""
    later = FactChange.objects.filter(
        person__in=rows.order_by().values("person"), field="name", replaced_at__gte=_day_after(on)
    )
    return {change.person_id: change.before for change in later.order_by("-replaced_at", "-pk")}


def _day_after(on: date) -> datetime:
    return make_aware(datetime.combine(on + timedelta(days=1), time.min))


def with_above(homes: Iterable[Place]) -> list[Place]:
    """Return homes whose parents, tiers and grids are at hand without further queries."""
    found = list(homes)
    ids = {pk for home in found for pk in home.ancestor_ids()} | {home.grid_id for home in found}
    above: dict[int, Place] = Place.objects.in_bulk(pk for pk in ids if pk)
    grids = {place.grid_id for place in above.values() if place.grid_id} - above.keys()
    above |= Place.objects.in_bulk(grids) if grids else {}
    for place in (*above.values(), *found):
        for column in TIERS:
            key = getattr(place, f"{column}_id")
            if key in above:
                setattr(place, column, above[key])
    return found


def door(home: Place) -> tuple[str, ...]:
    """Return by what homes are ordered as one walks by them: estate, building, unit, room; 2幢 before 10幢."""
    unit = home.parent
    building = unit.parent if unit and unit.kind == Kind.UNIT else unit
    walked = (home.estate, building, unit, home)
    return tuple(place.sort_name if place else "" for place in walked)


def address_of(place: Place) -> str:
    """Return an address as forms write it and as imports read it: 柳树社区杨柳苑3幢502室."""
    return place.full_name.replace(JOINED_BY, "")


def placed(home: Place) -> dict[str, Any]:
    """Return the facts of where a home is."""
    unit = home.parent if home.parent and home.parent.kind == Kind.UNIT else None
    building = (unit.parent if unit else home.parent) or home
    grid = grid_of(home)
    return {
        "address": address_of(home),
        "district": home.district.name if home.district else "",
        "street": home.street.name if home.street else "",
        "community": home.community.name if home.community else "",
        "estate": home.estate.name if home.estate else "",
        "building": building.name if building.kind == Kind.BUILDING else "",
        "unit": unit.name if unit else "",
        "room": home.name,
        "grid": grid.name if grid else "",
        "floor_area": home.floor_area,
        "occupancy": home.occupancy,
    }


def grid_of(home: Place) -> Place | None:
    """Return the grid that is laid over a home, its unit or its building; they are fetched along."""
    above = home.parent
    for place in (home, above, above.parent if above else None):
        if place is not None and place.grid_id:
            return place.grid
    return None


def facts_on(person_ids: Iterable[int], fields: Iterable[str], on: date) -> dict[int, dict[str, Any]]:
    """Return what was held of persons on a day, as far as history goes; a later change is taken back."""
    ids, wanted = list(person_ids), sorted(set(fields) & set(FIELDS))
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        found |= known(part, wanted, on)
        later = FactChange.objects.filter(person__in=part, field__in=wanted, replaced_at__gte=_day_after(on))
        for change in later.order_by("-replaced_at", "-pk"):
            before: Any = change.before
            if before and FIELDS[change.field].kind == "date":
                before = read_day(before)
            found[change.person_id][change.field] = before
    return found


def tags_on(person_ids: Iterable[int], on: date) -> dict[int, dict[str, tuple[str, date]]]:
    """Return {person: {code of the tag: (its name, since)}} of the tags that held on a day."""
    ids, found = list(person_ids), dict[int, dict[str, tuple[str, date]]]()
    for start in range(0, len(ids), CHUNK):
        rows = Tag.objects.on(on).filter(person__in=ids[start : start + CHUNK]).select_related("kind")
        for row in rows.order_by("kind_id"):
            found.setdefault(row.person_id, {})[row.kind.code] = (row.kind.name, row.since)
    return found


def _households(rows: list[Residency], on: date, codes: frozenset[str]) -> dict[int, dict[str, Any]]:
    """Return for each person their place in the household: number, relation, head."""
    if not codes & {"relation", "household_number", *OF_HEADS}:
        return {}
    ids = sorted({row.person_id for row in rows})
    members = []
    for start in range(0, len(ids), CHUNK):
        part = HouseholdMember.objects.on(on).filter(person__in=ids[start : start + CHUNK])
        members += list(part.select_related("household"))
    heads = {
        member.household_id: member.person_id for member in members if member.relation == HEAD_OF_HOUSEHOLD
    }
    asked = [OF_HEADS[code] for code in OF_HEADS if code in codes]
    known_of = facts_on(set(heads.values()), asked, on) if asked else {}
    found = {}
    for member in members:
        head = heads.get(member.household_id)
        theirs = known_of.get(head or 0, {})
        found[member.person_id] = {
            "household_number": member.household.number,
            "relation": member.relation,
            "head_id": head,
        } | {code: theirs.get(field, "") for code, field in OF_HEADS.items()}
    return found


def persons(place: Place, on: date, who: Who, codes: frozenset[str]) -> list[Row]:
    """Return one row for each person who lives there on the day and whom `who` takes."""
    everyone = [row for row in residencies(place, on) if row.lives_there]
    in_home: dict[int, int] = {}
    for row in everyone:
        in_home[row.home_id] = in_home.get(row.home_id, 0) + 1
    first: dict[int, Residency] = {}
    for row in sorted(everyone, key=lambda row: (row.verified_at is None, -row.since.toordinal(), -row.pk)):
        first.setdefault(row.person_id, row)
    chosen = [row for row in everyone if first.get(row.person_id) is row]
    facts = facts_on([row.person_id for row in chosen], codes | {"birth_date", "died_on", "name"}, on)
    tags = tags_on([row.person_id for row in chosen], on)
    homes = _households(chosen, on, codes)
    made = [
        _person(
            row, facts[row.person_id], tags.get(row.person_id, {}), homes.get(row.person_id, {}), on, in_home
        )
        for row in chosen
        if not _is_dead(facts[row.person_id], on)
    ]
    return [row for row in made if who.takes(row.facts, row.tags)]


def _is_dead(facts: Mapping[str, Any], on: date) -> bool:
    died = facts.get("died_on")
    return isinstance(died, date) and died <= on


def _person(
    row: Residency,
    held: dict[str, Any],
    tags: Mapping[str, tuple[str, date]],
    household: dict[str, Any],
    on: date,
    in_home: Mapping[int, int],
) -> Row:
    facts = held | placed(row.home) | {k: v for k, v in household.items() if k != "head_id"}
    born = held.get("birth_date")
    facts |= {
        "age": age_on(born, on) if isinstance(born, date) else None,
        "tenure": row.tenure,
        "lives_since": row.since,
        "lives_alone": in_home[row.home_id] == 1,
        "household_size": in_home[row.home_id],
        "tags": "、".join(name for name, _since in tags.values()),
    }
    for code, (_name, since) in tags.items():
        facts[TAG + code], facts[TAG_SINCE + code] = True, since
    shows = [row.person_id, *([household["head_id"]] if household.get("head_id") else [])]
    return Row(
        f"people.Person:{row.person_id}",
        held.get("name", ""),
        facts,
        row.home,
        row.person_id,
        shows,
        frozenset(tags),
    )


def homes(place: Place, on: date, who: Who, codes: frozenset[str]) -> list[Row]:
    """Return one row for each home at or under a place, with its owner and how many live in it."""
    live = Place.objects.within(place).live().filter(kind=Kind.HOME)
    rows = live.select_related(
        "parent__parent", "grid", "estate", "community", "street", "district", "parent__grid",
        "parent__parent__grid",
    )  # fmt: skip
    by_home: dict[int, list[Residency]] = {}
    for residency in residencies(place, on, with_names=True):
        by_home.setdefault(residency.home_id, []).append(residency)
    owners = _owners(by_home, codes, on)
    everyone = [row for people in by_home.values() for row in people]
    heads = _households(everyone, on, codes)
    made = [_home(home, by_home.get(home.pk, []), owners, heads, codes) for home in rows]
    return [row for row in made if who.takes(row.facts, ())]


def _home(
    home: Place,
    people: list[Residency],
    owners: Mapping[int, dict[str, Any]],
    heads: Mapping[int, dict[str, Any]],
    codes: frozenset[str],
) -> Row:
    living = [row for row in people if row.lives_there]
    head = next((heads[row.person_id] for row in living if row.person_id in heads), {})
    facts = placed(home) | owners.get(home.pk, {}) | {k: v for k, v in head.items() if k in FACTS}
    facts |= {
        "household_size": len(living),
        "tenants": sum(1 for row in living if row.tenure == Tenure.TENANT),
        "residents": "、".join(row.person.name for row in living),
        "occupancy": home.occupancy or occupancy_of(living),
    }
    shows = [row.person_id for row in living] if "residents" in codes else []
    if codes & {"owner", "owner_phone", "owner_identity"}:
        shows += [row.person_id for row in people if row.tenure == Tenure.OWNER]
    if codes & OF_HEADS.keys() and head.get("head_id"):
        shows.append(head["head_id"])
    return Row(f"places.Place:{home.pk}", home.full_name, facts, home, None, list(dict.fromkeys(shows)))


def occupancy_of(living: Iterable[Residency]) -> str:
    """Return how a home is used, from who lives in it: let, owner-lived, empty."""
    tenures = {row.tenure for row in living}
    if Tenure.TENANT in tenures:
        return "let"
    return "owner_lived" if tenures else "empty"


def _owners(
    by_home: Mapping[int, list[Residency]], codes: frozenset[str], on: date
) -> dict[int, dict[str, Any]]:
    """Return for each home its owner's name, telephone and number, as far as asked for."""
    owner_of: dict[int, Person] = {}
    for home_id, rows in by_home.items():
        owner = next((row.person for row in rows if row.tenure == Tenure.OWNER), None)
        if owner is not None:
            owner_of[home_id] = owner
    wanted = {"phone": "owner_phone", "identity": "owner_identity"}
    fields = [name for name, code in wanted.items() if code in codes]
    ids = {person.pk for person in owner_of.values()}
    facts = facts_on(ids, fields, on) if fields else {}
    return {
        home_id: {"owner": person.name} | {wanted[name]: facts[person.pk].get(name) for name in fields}
        for home_id, person in owner_of.items()
    }


def lettings(place: Place, on: date, who: Who, codes: frozenset[str]) -> list[Row]:
    """Return one row for each home with tenants: the tenant who came first stands for all of them."""
    by_home: dict[int, list[Residency]] = {}
    for residency in residencies(place, on, with_names=True):
        by_home.setdefault(residency.home_id, []).append(residency)
    let = {
        home_id: [row for row in rows if row.tenure == Tenure.TENANT and row.lives_there]
        for home_id, rows in by_home.items()
    }
    leads = {home_id: tenants[0] for home_id, tenants in let.items() if tenants}
    facts = facts_on([lead.person_id for lead in leads.values()], codes | {"name", "birth_date"}, on)
    owners = _owners({home_id: by_home[home_id] for home_id in leads}, codes, on)
    made = []
    for home_id, lead in leads.items():
        held = facts[lead.person_id] | placed(lead.home) | owners.get(home_id, {})
        born = held.get("birth_date")
        held |= {
            "age": age_on(born, on) if isinstance(born, date) else None,
            "tenants": len(let[home_id]),
            "household_size": sum(1 for row in by_home[home_id] if row.lives_there),
            "lives_since": lead.since,
            "tenure": lead.tenure,
            "occupancy": "let",
        }
        shows = [lead.person_id]
        if codes & {"owner", "owner_phone", "owner_identity"}:
            shows += [row.person_id for row in by_home[home_id] if row.tenure == Tenure.OWNER]
        name = f"people.Person:{lead.person_id}"
        made.append(Row(name, held.get("name", ""), held, lead.home, lead.person_id, shows))
    return [row for row in made if who.takes(row.facts, ())]
