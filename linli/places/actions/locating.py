"""Finding the place that somebody means: by where they stand, by words, or by one tap on a choice."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.places.models import Place, PlaceQuerySet
from linli.places.rules import MAINLAND, Kind, Point, extent_of, metres_between

REACH = 5_000  # metres from the nearest known place; farther out is sea, mountain or another town
SEARCH_RADII = (200, 1_000, REACH)
BESIDE = 100  # metres: as near as a telephone knows where it is among houses
CANDIDATES = 500
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
    """Return the known places (lamps, buildings …) within `metres` of a point, nearest first, at most CHOICES."""
    point = latitude, longitude
    found = [(distance(place, point), place) for place in _around(_known(within), point, metres)]
    near = sorted(((far, place.pk, place) for far, place in found if far <= metres))
    return [place for _far, _pk, place in near[:CHOICES]]


def distance(place: Place, point: Point) -> float:
    """Return the metres from `place`, whose position is known, to `point`."""
    return metres_between((place.latitude or 0.0, place.longitude or 0.0), point)


def _known(within: Place | None) -> PlaceQuerySet:
    """Homes are left out: a point must not say whose door it is at."""
    places = Place.objects.live().filter(latitude__isnull=False).exclude(kind=Kind.HOME)
    return places.within(within) if within else places


def _around(known: PlaceQuerySet, point: Point, metres: float) -> PlaceQuerySet:
    extent = extent_of(point, metres)
    return known.filter(
        latitude__range=(extent.south, extent.north), longitude__range=(extent.west, extent.east)
    ).select_related("estate", "community")[:CANDIDATES]


def _nearest(known: PlaceQuerySet, point: Point, metres: float) -> Place | None:
    near = [(distance(place, point), place.pk, place) for place in _around(known, point, metres)]
    far, _pk, place = min(near, default=(metres + 1, 0, None))
    return place if far <= metres else None


def _holder(nearest: Place, point: Point) -> Place:
    if nearest.estate and distance(nearest, point) <= BESIDE:
        return nearest.estate
    return nearest.community or nearest


@dataclass
class Choice:
    """What a picker was told: the `place`, or why there is none yet (`problem`) and what may be meant (`options`)."""

    name: str
    words: str = ""
    place: Place | None = None
    problem: str = ""
    options: list[Place] = field(default_factory=list)
    kinds: tuple[str, ...] = ()


def choose(
    data: Mapping[str, str],
    name: str,
    among: PlaceQuerySet,
    kinds: tuple[str, ...] = (),
    default: Place | None = None,
) -> Choice:
    """Read what the picker `places/picker.html` sent under `name`, looking only among the places `among`.

    The picker sends the tapped choice as `name` (a token) and the words that were typed as `name`_words. A
    choice wins while the words are its own; words alone are enough where they fit one place. Otherwise the
    view shows its form again with the returned Choice, which offers up to CHOICES places: two steps that
    need no script.

        choice = places.choose(request.POST, "place", Place.objects.within(community))
        if choice.place is None: return render(request, …, {"choice": choice}, status=422)
        {% include "places/picker.html" with choice=choice label=… %}
    """
    words, token = data.get(f"{name}_words", "").strip(), data.get(name, "")
    choice = Choice(name, words, kinds=kinds)
    places = among.live().filter(kind__in=kinds) if kinds else among.live()
    if token:
        choice.place = places.filter(token=token).first()
    if choice.place is not None:
        choice.words = choice.place.full_name
    elif words:
        choice.options = list(places.matching(words)[: CHOICES + 1])
        _settle(choice)
    elif default is not None:
        choice.place, choice.words = default, default.full_name
    else:
        choice.problem = _("请写上在哪里：小区、楼栋或社区的名称，也可以写区划代码。")
    return choice


def _settle(choice: Choice) -> None:
    exact = [place for place in choice.options if choice.words in {place.full_name, place.name, place.code}]
    if len(choice.options) == 1 or len(exact) == 1:
        choice.place = (exact or choice.options)[0]
    elif not choice.options:
        choice.problem = _("没有找到「%(words)s」。换个说法试试，比如只写小区名。") % {"words": choice.words}
    else:
        choice.problem = _("有几个地方都叫这个，请点选一个。")
    if len(choice.options) > CHOICES:
        choice.options = choice.options[:CHOICES]
        choice.problem = _("符合的太多了，下面是一部分；多写几个字会更准。")
