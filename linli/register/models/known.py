"""What is held of many persons at once, for whoever fills a form or a report."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from linli.people.models import Person, Residency
from linli.register.models.facts import Profile
from linli.register.models.households import HouseholdMember
from linli.register.models.tags import Tag
from linli.register.rules import FIELDS, Value

# What can be asked for besides rules.FIELDS: where the person lives, with whom, and the names of their tags.
HOME_FIELDS = ("home", "home_token", "building", "tenure", "since", "residence_registered")
HOUSEHOLD_FIELDS = ("household", "relation")
TAG_FIELDS = ("tags",)
OTHER_FIELDS = (*HOME_FIELDS, *HOUSEHOLD_FIELDS, *TAG_FIELDS, "age")


def known(person_ids: Iterable[int], fields: Sequence[str], on: date) -> dict[int, dict[str, Any]]:
    """Return {person: {field: value}} of what is held on the day `on`; what is not held is left out.

    Fields are those of `rules.FIELDS` (values as stored: text, codes, dates; in clear) and `OTHER_FIELDS`
    ("home" is the full address, "tags" a list of names, "age" in years). As many queries for one person as for
    a thousand: at most four. Whoever shows the values leaves the trace.
    """
    ids = list(person_ids)
    found: dict[int, dict[str, Any]] = {pk: {} for pk in ids}
    wanted = set(fields)
    if wanted & (set(FIELDS) | {"age"}):
        _facts(ids, wanted, on, found)
    if wanted & set(HOME_FIELDS):
        _homes(ids, wanted, on, found)
    if wanted & set(HOUSEHOLD_FIELDS):
        _households(ids, wanted, on, found)
    if "tags" in wanted:
        for tag in Tag.objects.on(on).filter(person__in=ids).select_related("kind").order_by("kind_id"):
            found[tag.person_id].setdefault("tags", []).append(tag.kind.name)
    return found


def profile_or_empty(person: Person) -> Profile:
    """Return the person's profile; where none is held, an empty one that is not saved."""
    held = Profile.objects.filter(pk=person.pk).first()
    profile = held or Profile(person=person)
    profile.person = person
    return profile


def age(born: date, on: date) -> int:
    """Return full years of age on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _facts(ids: list[int], wanted: set[str], on: date, found: dict[int, dict[str, Any]]) -> None:
    for person in Person.objects.filter(pk__in=ids).select_related("profile"):
        profile = getattr(person, "profile", None)
        for field in wanted & set(FIELDS):
            value = _value(person, profile, field)
            if value:
                found[person.pk][field] = value
        if "age" in wanted and profile is not None and profile.birth_date is not None:
            found[person.pk]["age"] = age(profile.birth_date, min(on, profile.died_on or on))


def _value(person: Person, profile: Profile | None, field: str) -> Value:
    if FIELDS[field].holder == "person":
        held: str = getattr(person, field)
        return held
    if profile is None:
        return ""
    value: Value | None = getattr(profile, field)
    return value or ""


def _homes(ids: list[int], wanted: set[str], on: date, found: dict[int, dict[str, Any]]) -> None:
    """Where a person has several homes, the one they live in, verified before claimed, the newest first."""
    rows = Residency.objects.on(on).filter(person__in=ids).with_building()
    placed: set[int] = set()
    for row in sorted(
        rows, key=lambda row: (row.lives_there, row.verified_at is not None, row.since, row.pk), reverse=True
    ):
        if row.person_id in placed:
            continue
        placed.add(row.person_id)
        building = row.building
        values = {
            "home": row.home.full_name,
            "home_token": row.home.token,
            "building": building.full_name if building is not None else "",
            "tenure": row.tenure,
            "since": row.since,
            "residence_registered": row.is_registered,
        }
        held = {name: value for name, value in values.items() if name in wanted and value is not None}
        found[row.person_id] |= held


def _households(ids: list[int], wanted: set[str], on: date, found: dict[int, dict[str, Any]]) -> None:
    rows = HouseholdMember.objects.on(on).filter(person__in=ids).select_related("household")
    for row in rows:
        values = {"household": row.household.number, "relation": row.relation}
        found[row.person_id] |= {name: value for name, value in values.items() if name in wanted and value}
