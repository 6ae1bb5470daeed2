"""Coordinates in degrees, distances in metres. Stored ones are WGS-84; Chinese maps show GCJ-02."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

Point = tuple[float, float]  # (latitude, longitude)

EARTH_RADIUS = 6_371_008.8  # metres, mean
# The ellipsoid by which GCJ-02 is defined (Krasovsky 1940): axis in metres, eccentricity squared.
SEMI_MAJOR_AXIS = 6_378_245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
SAME_POINT = 5  # decimal places: about one metre


def metres_between(one: Point, other: Point) -> float:
    """Return the great-circle distance in metres."""
    latitude, longitude = math.radians(one[0]), math.radians(one[1])
    other_latitude, other_longitude = math.radians(other[0]), math.radians(other[1])
    half = (
        math.sin((other_latitude - latitude) / 2) ** 2
        + math.cos(latitude) * math.cos(other_latitude) * math.sin((other_longitude - longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(half)))


def is_shifted_by_law(latitude: float, longitude: float) -> bool:
    """Tell whether GCJ-02 differs from WGS-84 here: it does inside the rectangle around mainland China."""
    return 0.8293 <= latitude <= 55.8271 and 72.004 <= longitude <= 137.8347


def to_gcj02(latitude: float, longitude: float) -> Point:
    """Turn a WGS-84 point into GCJ-02, as Chinese maps show it, by the formulas long published."""
    if not is_shifted_by_law(latitude, longitude):
        return latitude, longitude
    x, y = longitude - 105.0, latitude - 35.0
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += _waves(x, (6, 20), (2, 20)) + _waves(y, (1, 20), (1 / 3, 40), (1 / 12, 160), (1 / 30, 320))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += _waves(x, (6, 20), (2, 20), (1, 20), (1 / 3, 40), (1 / 12, 150), (1 / 30, 300))
    radians = math.radians(latitude)
    magic = 1 - ECCENTRICITY_SQUARED * math.sin(radians) ** 2
    meridian = SEMI_MAJOR_AXIS * (1 - ECCENTRICITY_SQUARED) / (magic * math.sqrt(magic))
    parallel = SEMI_MAJOR_AXIS / math.sqrt(magic) * math.cos(radians)
    return latitude + math.degrees(north / meridian), longitude + math.degrees(east / parallel)


def _waves(value: float, *waves: tuple[float, float]) -> float:
    """Sum 2/3 · amplitude · sin(frequency · π · value) over (frequency, amplitude)."""
    return sum(amplitude * math.sin(frequency * math.pi * value) for frequency, amplitude in waves) * 2 / 3


def from_gcj02(latitude: float, longitude: float) -> Point:
    """Turn a point picked on a Chinese map into WGS-84, within a centimetre, by closing in on it."""
    guess = latitude, longitude
    for _step in range(6):
        shifted = to_gcj02(*guess)
        guess = guess[0] + latitude - shifted[0], guess[1] + longitude - shifted[1]
    return guess


@dataclass(frozen=True)
class Extent:
    """The rectangle that known places span, in degrees."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, point: Point) -> bool:
        """Tell whether `point` lies in it, edges included."""
        return self.south <= point[0] <= self.north and self.west <= point[1] <= self.east


# Where anything that Linli serves can lie at all.
MAINLAND = Extent(3.8, 73.4, 53.6, 135.1)


def extent_of(point: Point, metres: float) -> Extent:
    """Return the rectangle that reaches `metres` from `point` each way, for an index to search in."""
    north = math.degrees(metres / EARTH_RADIUS)
    east = north / max(math.cos(math.radians(point[0])), 0.01)
    return Extent(point[0] - north, point[1] - east, point[0] + north, point[1] + east)


def rounded(point: Point) -> Point:
    """Return the point to about a metre, so that equal ones meet."""
    return round(point[0], SAME_POINT), round(point[1], SAME_POINT)


def default_coordinates(points: Iterable[Point], *, at_least: int = 20) -> frozenset[Point]:
    """Return the points that so many reports share that they are a default (a city hall), not a find-spot.

    `at_least`: how many equal points make a default. Boston 2015: 17,070 cases shared one.
    """
    return frozenset(point for point, count in Counter(map(rounded, points)).items() if count >= at_least)


def is_default_coordinate(point: Point, known: Iterable[Point]) -> bool:
    """Tell whether `point` says nothing about where something is.

    So it is for (0, 0), and for a point that lies on one of `known`: centres of buildings and other defaults,
    which a map or a form filled in by itself. Such a point must not count as nearness when duplicates are
    sought.
    """
    if abs(point[0]) < 1e-6 and abs(point[1]) < 1e-6:
        return True
    return any(metres_between(point, other) <= 2 for other in known)
