"""Finding people: the words each is found by, and the search within the searcher's places."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.organisations.models import Membership
from linli.people import actions as people
from linli.people.models import Person, Residency
from linli.places.models import Kind, Place, inside
from linli.register.models import (
    PersonWords,
    Profile,
    Tag,
    TagKind,
    opaque,
    registered_places,
    word_keys,
)
from linli.register.rules import words as rules

CHUNK = 1_000
MOST_FOUND = 50
MOST_COMMUNITIES = 300
NO_HOME = 0  # the community of those of whom no home is known; found by whole numbers only


def search(
    words: str, memberships: Sequence[Membership], at: datetime, *, limit: int = MOST_FOUND
) -> list[Person]:
    """Return whom `words` find among those who live (or own a home) where the holders of these roles keep the
    register, whole names first, at most `limit`.

    Names or parts of them, tags, estates, doors (3幢301, 3-1-301), the last four digits of a telephone number,
    whole numbers of papers and telephones. The caller leaves the trace.
    """
    typed = words.strip()
    require(bool(typed), _("请写要找的姓名、住址、电话后四位或证件号。"))
    require(len(typed) <= 60, _("请写短一些，姓名、门牌或号码就够了。"))
    places = registered_places(list(memberships))
    communities = _communities(places)
    rest, named = _without_community(typed, communities)
    today = localdate(at)
    if not rest:
        living = Residency.objects.on(today).within(places).filter(home__community__in=named)
        return list(
            Person.objects.filter(pk__in=living.values("person"), merged_into=None).order_by("name")[:limit]
        )
    wanted = rules.wanted(rest, TagKind.objects.values_list("name", flat=True))
    found = _meeting(wanted, named)
    if found is None:
        return []
    at_home = Residency.objects.on(today).within(places).filter(person=OuterRef("pk"))
    rows = Person.objects.filter(found, Exists(at_home), merged_into=None).order_by("pk")[:limit]
    return sorted(rows, key=lambda person: (person.name != typed, len(person.name), person.name, person.pk))


def _meeting(wanted: rules.Wanted, communities: list[int]) -> Q | None:
    """Return the condition "is meant by what was typed", None where nothing can be meant."""
    if wanted.identity:
        return Q(pk__in=Profile.objects.of_identity(wanted.identity).values("pk"))
    if wanted.phone:
        return Q(pk__in=Person.objects.of_phone(wanted.phone).values("pk"))
    if not wanted.ways or not communities:
        return None
    groups = [
        opaque(way, community, key) for key in word_keys() for community in communities for way in wanted.ways
    ]
    return Q(search_words__words__has=groups)


def _communities(places: list[Place]) -> dict[int, str]:
    """Return {key: name} of the communities at, over or under the searcher's places; "" of those over them."""
    found = {place.community_id: "" for place in places if place.community_id is not None}
    found |= {place.pk: place.name for place in places if place.kind == Kind.COMMUNITY}
    wide = [place for place in places if place.community_id is None]
    if wide:
        under = Place.objects.filter(inside(wide), kind=Kind.COMMUNITY).order_by("pk")
        found |= dict(under.values_list("pk", "name")[:MOST_COMMUNITIES])
    return dict(sorted(found.items()))


def _without_community(typed: str, communities: dict[int, str]) -> tuple[str, list[int]]:
    """Return what was typed without the name of a community, and the communities meant: those named, else all."""
    bare = rules.plain(typed)
    named = {pk: rules.plain(name) for pk, name in communities.items() if name and rules.plain(name) in bare}
    for name in sorted(set(named.values()), key=len, reverse=True):
        bare = bare.replace(name, " ")
    return (bare.strip(" ·"), list(named)) if named else (typed, list(communities))


@transaction.atomic
def index(person_ids: Iterable[int], at: datetime) -> int:
    """Put together anew the words by which these persons are found; returns how many.

    In the same transaction as what changed, for the verbs of the register; what lower floors change is met by
    `index_changed`. Five queries for each thousand.
    """
    key = word_keys()[0]
    total = 0
    for chunk in _chunks(person_ids):
        rows = _rows_of(chunk, key, at)
        PersonWords.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["person"], update_fields=["words", "indexed_at"]
        )
        total += len(rows)
    return total


@transaction.atomic
def index_changed(at: datetime, *, limit: int = 5_000) -> int:
    """Index whoever the floor of persons changed, the longest waiting first; returns how many.

    The clock runs it each minute: who registers or moves by themselves is found a minute later at most. A second
    run finds nobody left; a change made meanwhile stays for the next.
    """
    changed = Person.objects.filter(changed_at__isnull=False).order_by("changed_at", "pk")
    ids = list(changed.values_list("pk", flat=True)[:limit])
    people.untouch(ids, at)
    return index(ids, at)


def index_before(before: datetime, at: datetime, *, limit: int = 5_000) -> int:
    """Index again whoever was indexed before that moment: under the newest key, once a new one was made. How many."""
    old = PersonWords.objects.filter(indexed_at__lt=before).order_by("pk")
    ids = list(old.values_list("pk", flat=True)[:limit])
    gone = PersonWords.objects.filter(pk__in=ids, person__merged_into__isnull=False).delete()[0]
    return gone + index(ids, at)


def _chunks(person_ids: Iterable[int]) -> Iterator[list[int]]:
    ids = iter(dict.fromkeys(person_ids))
    while chunk := list(islice(ids, CHUNK)):
        yield chunk


def _rows_of(ids: list[int], key: bytes, at: datetime) -> list[PersonWords]:
    today = localdate(at)
    doors = _doors_of(ids, today)
    tags: defaultdict[int, set[rules.Word]] = defaultdict(set)
    for person, name in Tag.objects.on(today).filter(person__in=ids).values_list("person", "kind__name"):
        tags[person].add((rules.TAG, rules.plain(name)))
    rows = []
    for who in Person.objects.filter(pk__in=ids, merged_into=None):
        own = rules.name_words(who.name) | set(rules.phone_tail(who.phone)) | tags[who.pk]
        words: list[str] = []
        for community, places in (doors.get(who.pk) or {NO_HOME: set()}).items():
            words += opaque(sorted(own | places), community, key)
        rows.append(PersonWords(person=who, words=" ".join(words), indexed_at=at))
    return rows


def _doors_of(ids: list[int], on: date) -> dict[int, dict[int, set[rules.Word]]]:
    """Return {person: {community: words of their homes there}}."""
    found: defaultdict[int, dict[int, set[rules.Word]]] = defaultdict(dict)
    rows = Residency.objects.on(on).filter(person__in=ids).values_list(
        "person", "home__community", "home__name", "home__parent__kind", "home__parent__name",
        "home__parent__parent__name", "home__estate__name", "home__grid__name",
    )  # fmt: skip
    for person, community, room, kind, above, over, estate, grid in rows:
        unit, building = (above, over) if kind == Kind.UNIT else ("", above)
        words = rules.door_words(building or "", unit, room)
        words |= rules.estate_words(estate or "") | rules.estate_words(grid or "")
        found[person].setdefault(community or NO_HOME, set()).update(words)
    return found
