"""Finding the place that somebody means: by where they stand, by words, or by one tap on a choice."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import F
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.places.models import Place, PlaceQuerySet
from linli.places.rules import MAINLAND, Kind, Point, extent_of, metres_between

REACH = 5_000  # metres from the nearest known place; farther out is sea, mountain or another town
SEARCH_RADII = (200, 1_000, REACH)
BESIDE = 100  # metres: as near as a telephone knows where it is among houses
CHOICES = 12


def locate(latitude: float, longitude: float, within: Place | None = None) -> Place | None:
    """Return the estate or community in which a point (WGS-84 degrees) most likely lies, by the nearest
    known place.

    An estate where something known in it lies within BESIDE metres, else the community. None where no
    position is known in `within` (nobody has entered any), so that the point says nothing. Raises Refused
    for a point at sea or outside what is served.
    """
    point = latitude, longitude
    area = within.full_name if within else _("本平台服务的范围")
    far = _("这个位置不在%(area)s里（可能定位不准，或在海上）。请重新定位，或在列表里选地点。") % {
        "area": area
    }
    require(MAINLAND.holds(point), far)
    known = _known(within)
    for radius in SEARCH_RADII:
        nearest = _nearest(known, point, radius)
        if nearest is not None:
            return _holder(nearest, point)
    require(not known.exists(), far)
    return None


def beside(
    latitude: float, longitude: float, within: Place | None = None, metres: float = BESIDE
) -> list[Place]:
    """Return up to CHOICES known lamps, buildings … within `metres` of a point, nearest first."""
    point = latitude, longitude
    near = _around(_known(within), point, metres)[:CHOICES]
    return [place for place in near if distance(place, point) <= metres]


def distance(place: Place, point: Point) -> float:
    """Return the metres from `place`, whose position is known, to `point`."""
    return metres_between((place.latitude or 0.0, place.longitude or 0.0), point)


def _known(within: Place | None) -> PlaceQuerySet:
    """Homes are left out: a point must not say whose door it is at."""
    places = Place.objects.live().filter(latitude__isnull=False).exclude(kind=Kind.HOME)
    return places.within(within) if within else places


def _around(known: PlaceQuerySet, point: Point, metres: float) -> PlaceQuerySet:
    """Return the places in the square around `point`, nearest first as on a flat map."""
    extent = extent_of(point, metres)
    north = F("latitude") - point[0]
    east = (F("longitude") - point[1]) * math.cos(math.radians(point[0]))
    return (
        known.filter(
            latitude__range=(extent.south, extent.north), longitude__range=(extent.west, extent.east)
        )
        .select_related("estate", "community")
        .order_by(north * north + east * east, "id")
    )


def _nearest(known: PlaceQuerySet, point: Point, metres: float) -> Place | None:
    near = _around(known, point, metres)[:1]
    return next((place for place in near if distance(place, point) <= metres), None)


def _holder(nearest: Place, point: Point) -> Place:
    if nearest.estate and distance(nearest, point) <= BESIDE:
        return nearest.estate
    return nearest.community or nearest


@dataclass
class Choice:
    """What a picker was told: the `place`, or the `problem` and what may be meant (`options`)."""

    name: str
    words: str = ""
    place: Place | None = None
    problem: str = ""
    options: list[Place] = field(default_factory=list)
    kinds: tuple[str, ...] = ()


def choose(data: Mapping[str, str], name: str, among: PlaceQuerySet, kinds: tuple[str, ...] = ()) -> Choice:
    """Read what the picker `places/picker.html` sent under `name`, looking only among the places `among`.

    The picker sends the tapped choice as `name` (a token), the words typed as `name`_words, and as
    `name`_asked the words to which its choices were the answer. A choice counts for the words it answers;
    other words are looked up, and are enough where they fit one place. Where they do not, the view shows
    its form again (status 422) with the returned Choice, whose `problem` says why and which offers up to
    CHOICES places: two steps without any script.

        choice = places.choose(request.POST, "place", Place.objects.within(community))
        if choice.place is None: return render(request, …, {"choice": choice}, status=422)
        {% include "places/picker.html" with choice=choice label=… %}

    To show it first, give it `Choice("place")`, or `Choice("place", place=here)` to propose one.
    """
    words, token = data.get(f"{name}_words", "").strip(), data.get(name, "")
    choice = Choice(name, words, kinds=kinds)
    places = among.live().filter(kind__in=kinds) if kinds else among.live()
    if token and words == data.get(f"{name}_asked", "").strip():
        choice.place = places.filter(token=token).first()
    if choice.place is None and words:
        find(choice, places)
    elif choice.place is None:
        choice.problem = _("请写上在哪里：小区、楼栋或社区的名称，也可以写区划代码。")
    return choice


def find(choice: Choice, places: PlaceQuerySet) -> None:
    """Look the words of `choice` up among `places`: fill its place, or its options and problem."""
    found = list(places.matching(choice.words)[: CHOICES + 1])
    exact = [place for place in found if choice.words in {place.full_name, place.name, place.code}]
    choice.options = found[:CHOICES]
    if len(found) == 1 or len(exact) == 1:
        choice.place = (exact or found)[0]
    elif not found:
        choice.problem = _("没有找到「%(words)s」。换个说法试试，比如只写小区名。") % {"words": choice.words}
    elif len(found) > CHOICES:
        choice.problem = _("符合的太多了，下面是一部分；多写几个字会更准。")
    else:
        choice.problem = _("有几个地方都符合，请点选一个。")
