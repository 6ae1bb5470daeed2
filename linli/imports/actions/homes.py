"""Finding the homes that a ledger names, within the places of whoever loads it, and planting those that are missing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from linli.imports.rules.addresses import (
    Home,
    building_key,
    community_key,
    estate_key,
    full_names,
    plain,
    room_key,
    unit_key,
)
from linli.places import actions as places
from linli.places.actions import Node
from linli.places.models import Place
from linli.places.rules import Kind, full_code

MOST_KEPT = 600_000  # places in memory; then it begins anew
STEPS = (Kind.ESTATE, Kind.BUILDING, Kind.UNIT, Kind.HOME)
_KEYS = {Kind.ESTATE: estate_key, Kind.BUILDING: building_key, Kind.UNIT: unit_key, Kind.HOME: room_key}


@dataclass
class Homes:
    """What became of the homes of one chunk: keys of places, or why not; `planted` counts what was missing."""

    found: dict[Home, int] = field(default_factory=dict)
    unknown: dict[Home, str] = field(default_factory=dict)
    planted: int = 0


@dataclass
class _Way:
    """A home on its way down the tree: where it has come to."""

    home: Home
    at: Node


class HomeFinder:
    """Finds homes by estate, building, unit and room at or under `place` (None: anywhere); keeps what it has read."""

    def __init__(self, place: Place | None, *, plants: bool, plants_communities: bool = False) -> None:
        self.place, self.plants, self.plants_communities = place, plants, plants_communities
        self._begin()

    def _begin(self) -> None:
        self.below: dict[int, dict[tuple[str, str], Node | int]] = {}
        self.kept = 0
        self.by_code: dict[str, Node] = {}
        self.by_name: dict[str, list[Node]] = {}
        for node in self._of_kind(Kind.COMMUNITY):
            self._note_community(node)
        self.estates: dict[str, list[Node]] = {}
        for node in self._of_kind(Kind.ESTATE):
            self.estates.setdefault(estate_key(node.name), []).append(node)

    def _of_kind(self, kind: str) -> list[Node]:
        if self.place is not None:
            return places.nodes_of_kind(kind, self.place)
        return places.nodes(Place.objects.live().filter(kind=kind).order_by("pk"))

    def _note_community(self, node: Node) -> None:
        self.by_name.setdefault(community_key(node.name), []).append(node)
        if code := Place.objects.filter(pk=node.pk).values_list("code", flat=True).first():
            self.by_code[code] = node

    def find(self, wanted: Collection[Home], *, writes: bool) -> Homes:
        """Find these homes. Missing ones are planted where that was asked for and `writes`; else they count as found
        with the key 0 in a check, and as unknown where nothing is to be planted.
        """
        if self.kept > MOST_KEPT:
            self._begin()
        result, ways = Homes(), []
        self._plant_communities(wanted, writes=writes)
        for home in dict.fromkeys(wanted):
            start = self._start(home)
            if isinstance(start, str):
                result.unknown[home] = start
            else:
                ways.append(_Way(home, start))
        for kind in STEPS:
            ways = self._step(kind, ways, result, writes=writes)
        return result

    def _start(self, home: Home) -> Node | str:
        """Return where the way down begins: the community named, the only one there is, or the place itself."""
        if home.code and (code := full_code(home.code)) in self.by_code:
            return self.by_code[code]
        if home.community:
            named = self.by_name.get(community_key(home.community), [])
            if len(named) == 1:
                return named[0]
            words = _("有几个“%(name)s”，请加一列社区代码") if named else _("您的范围里没有“%(name)s”")
            return words % {"name": home.community[:30]}
        if self.place is not None and self.place.kind in STEPS:
            return self._from_place(self.place, home)
        communities = [node for nodes in self.by_name.values() for node in nodes]
        if len(communities) == 1:
            return communities[0]
        named = self.estates.get(estate_key(home.estate), [])
        if len(named) == 1:
            return named[0]
        return _("有几个社区，请加一列写明是哪个社区") if named or self.plants else self._no(home)

    def _from_place(self, place: Place, home: Home) -> Node | str:
        """An import into one estate or building begins there; rows about another estate are not its."""
        estate = place if place.kind == Kind.ESTATE else place.estate
        if home.estate and estate is not None and estate_key(home.estate) != estate_key(estate.name):
            return _("“%(name)s”不在这次导入的范围里") % {"name": home.estate[:30]}
        return places.nodes([place])[0]

    def _no(self, home: Home) -> str:
        return _("没有找到住处“%(words)s”，请核对，或先在“地点”里添加") % {"words": home.words[:60]}

    def _step(self, kind: Kind, ways: list[_Way], result: Homes, *, writes: bool) -> list[_Way]:
        """Go one tier down for every home that names one; homes that have arrived go into `result`."""
        named = [(way, self._name_at(kind, way)) for way in ways]
        self._read(way.at.pk for way, name in named if name)
        missing: dict[tuple[int, str], tuple[Node, str]] = {}
        for way, name in named:
            key = (kind.value, _KEYS[kind](name))
            if name and key not in self.below[way.at.pk]:
                missing.setdefault((way.at.pk, key[1]), (way.at, name))
        if missing and self.plants:
            self._plant(kind, missing, result, writes=writes)
        going: list[_Way] = []
        for way, name in named:
            if not name:
                going.append(way)
                continue
            found = self.below[way.at.pk].get((kind.value, _KEYS[kind](name)))
            if found is None:
                result.unknown[way.home] = self._why_not(kind, way)
            elif isinstance(found, int):
                result.found[way.home] = found
            else:
                going.append(_Way(way.home, found))
        return going

    def _name_at(self, kind: Kind, way: _Way) -> str:
        """Return the words for this tier, "" where the home names none or the way began below it."""
        if way.at.kind in STEPS and STEPS.index(Kind(way.at.kind)) >= STEPS.index(kind):
            return ""
        building, unit, room = full_names(way.home)
        return {
            Kind.ESTATE: plain(way.home.estate), Kind.BUILDING: building, Kind.UNIT: unit, Kind.HOME: room,
        }[kind]  # fmt: skip

    def _why_not(self, kind: Kind, way: _Way) -> str:
        if kind == Kind.HOME and any(tier == Kind.UNIT for tier, _key in self.below[way.at.pk]):
            return _("“%(words)s”分单元，请写明是几单元") % {"words": way.home.words[:60]}
        return self._no(way.home)

    def _read(self, parents: Iterable[int]) -> None:
        """Read what stands under these places, once; of homes only the key is kept."""
        unread = {pk for pk in parents if pk not in self.below}
        for pk in unread:
            self.below[pk] = {}
        for node in places.children({pk for pk in unread if pk > 0}):
            self._keep(node.parent_id or 0, node)

    def _keep(self, parent: int, node: Node) -> None:
        kind = Kind(node.kind)
        if kind not in _KEYS:
            return
        self.below[parent].setdefault(
            (kind.value, _KEYS[kind](node.name)), node.pk if kind == Kind.HOME else node
        )
        self.kept += 1

    def _plant(
        self, kind: Kind, missing: dict[tuple[int, str], tuple[Node, str]], result: Homes, *, writes: bool
    ) -> None:
        result.planted += len(missing)
        wanted = list(missing.values())
        if writes:
            made = places.plant_all(kind, wanted)
        else:  # a check plants nothing: stand-ins below zero are counted once
            made = [
                Node(-1 - self.kept - number, kind, name, "", "", parent.pk, parent.tiers)
                for number, (parent, name) in enumerate(wanted)
            ]
        for node in made:
            self._keep(node.parent_id or 0, node)
            if not writes and kind != Kind.HOME:
                self.below[node.pk] = {}

    def _plant_communities(self, wanted: Collection[Home], *, writes: bool) -> None:
        """Plant communities that are named with a code and are not known; for the operator's command alone."""
        if not self.plants_communities or self.place is not None:
            return
        fresh = {
            code: plain(home.community)
            for home in wanted
            if home.code and home.community and (code := full_code(home.code)) and code not in self.by_code
        }
        for code, name in fresh.items():
            if writes:
                node = places.nodes([places.plant(Kind.COMMUNITY, name, _above(code), code=code)])[0]
            else:
                tiers: tuple[int | None, ...] = (None,) * 5
                node = Node(-1 - self.kept, Kind.COMMUNITY, name, name, "", None, tiers)
                self.below[node.pk] = {}
                self.kept += 1
            self.by_code[code] = node
            self.by_name.setdefault(community_key(name), []).append(node)


def _above(code: str) -> Place | None:
    """Return the street or county whose code heads that of a community; none, and it stands by itself."""
    return Place.objects.of_code(code[:9]) or Place.objects.of_code(code[:6])
