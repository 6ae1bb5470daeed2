"""Two rows that may be one human being: found by index, judged by a worker."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.people.models import Person, Residency
from linli.places.models import Place
from linli.register.models import Duplicate, Profile
from linli.register.rules import DuplicateState, Likeness, are_similar

MOST_OF_A_PHONE = 12  # a number that more people share is a company's, not a sign of one person
MOST_PAIRS = 500


@transaction.atomic
def suspect(person: Person, at: datetime) -> list[Duplicate]:
    """Compare one person with those who share a number, a telephone, a home or name and birth date; by index each.

    A pair that was judged before is not raised again, unless a new reason came up. Returns what is open.
    """
    reasons: defaultdict[int, set[str]] = defaultdict(set)
    for reason, others in (
        (Likeness.IDENTITY, _same_identity(person)),
        (Likeness.NAME_AND_BIRTH, _same_birth(person)),
        (Likeness.PHONE_AND_NAME, _same_phone(person)),
        (Likeness.HOME_AND_NAME, _same_home(person, at)),
    ):
        for other in others:
            reasons[other].add(reason)
    reasons.pop(person.pk, None)
    return _raise({(person.pk, other): why for other, why in reasons.items()}, at)


def _same_identity(person: Person) -> list[int]:
    profile = Profile.objects.filter(pk=person.pk).exclude(identity_index="").first()
    if profile is None:
        return []
    same = Profile.objects.of_identity(profile.identity)
    return list(same.values_list("pk", flat=True)[:MOST_OF_A_PHONE])


def _same_birth(person: Person) -> list[int]:
    profile = Profile.objects.filter(pk=person.pk).exclude(birth_date=None).first()
    if profile is None or not person.name:
        return []
    born = Profile.objects.filter(birth_date=profile.birth_date, person__name=person.name)
    return list(born.values_list("pk", flat=True)[:MOST_OF_A_PHONE])


def _same_phone(person: Person) -> list[int]:
    same = Person.objects.of_phone(person.phone).values_list("pk", "name")[:MOST_OF_A_PHONE]
    return [pk for pk, name in same if are_similar(person.name, name)]


def _same_home(person: Person, at: datetime) -> list[int]:
    """A name alone says nothing; in one home it does."""
    if not person.name:
        return []
    homes = Residency.objects.on(localdate(at)).filter(person=person).values("home")
    near = Residency.objects.on(localdate(at)).filter(home__in=homes, person__name=person.name)
    return list(near.values_list("person", flat=True)[:MOST_OF_A_PHONE])


@transaction.atomic
def found_duplicates(place: Place, at: datetime) -> list[Duplicate]:
    """Compare everybody who lives at or under `place` with each other and return what is open there.

    Each reason is one grouped read by an index; no pair is compared that shares nothing.
    """
    today = localdate(at)
    here = Residency.objects.on(today).within([place]).values("person")
    reasons: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    alike = Person.objects.filter(pk__in=here, merged_into=None).exclude(name="")
    groups: list[tuple[str, Iterable[tuple[object, int, str]]]] = [
        (
            Likeness.IDENTITY,
            _sharing(alike.filter(profile__identity_index__gt=""), "profile__identity_index"),
        ),
        (
            Likeness.NAME_AND_BIRTH,
            _sharing(alike.filter(profile__birth_date__isnull=False), "name", "profile__birth_date"),
        ),
        (Likeness.PHONE_AND_NAME, _sharing(alike.filter(phone_index__gt=""), "phone_index")),
        (Likeness.HOME_AND_NAME, _in_one_home(place, at)),
    ]
    for reason, rows in groups:
        for pair in _pairs(rows, by_name=reason == Likeness.PHONE_AND_NAME):
            reasons[pair].add(reason)
    _raise(dict(list(reasons.items())[:MOST_PAIRS]), at)
    ids = {pk for pair in reasons for pk in pair}
    return list(Duplicate.objects.filter(state=DuplicateState.OPEN, first__in=ids, second__in=ids))


@transaction.atomic
def dismiss(duplicate: Duplicate, by: Person, at: datetime) -> Duplicate:
    """Say that they are two people; the pair is not raised again for the same reasons."""
    row = Duplicate.objects.select_for_update().get(pk=duplicate.pk)
    require(row.state != DuplicateState.MERGED, _("这两份档案已经合并了，要分开请用“撤销合并”。"))
    if row.state == DuplicateState.OPEN:
        row.state, row.ruled_by, row.ruled_at = DuplicateState.DISMISSED, by, at
        row.save(update_fields=["state", "ruled_by", "ruled_at"])
    return row


def _sharing(persons: "object", *columns: str) -> Iterable[tuple[object, int, str]]:
    """Yield (shared value, person, name) for those of `persons` who share these columns with another of them."""
    shared = persons.values(*columns).annotate(many=Count("pk")).filter(many__gt=1)  # type: ignore[attr-defined]
    for values in shared[:MOST_PAIRS]:
        key = tuple(values[column] for column in columns)
        same = Q(**{column: values[column] for column in columns})
        for pk, name in persons.filter(same).values_list("pk", "name")[:MOST_OF_A_PHONE]:  # type: ignore[attr-defined]
            yield key, pk, name


def _in_one_home(place: Place, at: datetime) -> Iterable[tuple[object, int, str]]:
    here = Residency.objects.on(localdate(at)).within([place]).filter(person__merged_into=None)
    shared = (
        here.exclude(person__name="")
        .values("home", "person__name")
        .annotate(many=Count("person", distinct=True))
        .filter(many__gt=1)
    )
    for row in shared[:MOST_PAIRS]:
        same = here.filter(home=row["home"], person__name=row["person__name"])
        for pk in same.values_list("person", flat=True).distinct()[:MOST_OF_A_PHONE]:
            yield (row["home"], row["person__name"]), pk, row["person__name"]


def _pairs(rows: Iterable[tuple[object, int, str]], *, by_name: bool) -> Iterable[tuple[int, int]]:
    groups: defaultdict[object, list[tuple[int, str]]] = defaultdict(list)
    for key, pk, name in rows:
        groups[key].append((pk, name))
    for members in groups.values():
        for place, (one, name) in enumerate(members):
            for other, other_name in members[place + 1 :]:
                if not by_name or are_similar(name, other_name):
                    yield min(one, other), max(one, other)


def _raise(reasons: dict[tuple[int, int], set[str]], at: datetime) -> list[Duplicate]:
    """Keep each pair with its reasons, where at least one of the two has a home to name the desk."""
    raised = []
    places = _communities({pk for pair in reasons for pk in pair}, at)
    for (one, other), why in reasons.items():
        first, second = min(one, other), max(one, other)
        place = places.get(first) or places.get(second)
        if place is None or Person.objects.filter(pk__in=(first, second), merged_into=None).count() < 2:
            continue
        row, is_new = Duplicate.objects.get_or_create(
            first_id=first,
            second_id=second,
            defaults={"place_id": place, "reasons": sorted(map(str, why)), "found_at": at},
        )
        if not is_new and not why <= set(row.reasons):
            row.reasons = sorted({*row.reasons, *map(str, why)})
            row.state = DuplicateState.OPEN
            row.save(update_fields=["reasons", "state"])
        if row.state == DuplicateState.OPEN:
            raised.append(row)
    return raised


def _communities(ids: set[int], at: datetime) -> dict[int, int]:
    rows = Residency.objects.on(localdate(at)).filter(person__in=ids, home__community__isnull=False)
    found = rows.order_by("pk").values_list("person_id", "home__community_id")
    return {person: community for person, community in found if community is not None}
