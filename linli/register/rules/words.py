"""What a person is found by, and what somebody typed to find them: plain words, before they are made opaque.

A word is (kind, text). Names are cut into single signs and pairs of signs, so that 张, 张伟 and 伟 all find 张伟,
with signs of any plane (𬱖 is one). A text of several signs asks for all its pairs.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from linli.base.errors import Refused
from linli.base.text import graphemes
from linli.people.rules import phone_number
from linli.register.rules.identity import EIGHTEEN, FIFTEEN, clean, identity_number

Word = tuple[str, str]
NAME, PAIR, PHONE, TAG, ESTATE, BUILDING, UNIT, ROOM = "n", "nn", "p", "t", "e", "b", "u", "r"
MOST_CHUNKS, MOST_WAYS = 6, 24
DOOR = re.compile(
    r"(?:(?P<building>\d+)\s*(?:幢|栋|号楼|楼|座))|(?:(?P<unit>\d+)\s*单元)|(?:(?P<room>\d+)\s*(?:室|号房|房))"
)
DASHED = re.compile(r"(?<!\d)(\d{1,3})[-—－/#](?:(\d{1,2})[-—－/#])?(\d{1,5})(?!\d)")
MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
LANDLINE = re.compile(r"0\d{9,11}|\+\d{8,15}")
DIGITS = re.compile(r"\d+")
NUMERAL = re.compile(r"[一二三四五六七八九十]{1,3}(?=\s*(?:幢|栋|号楼|座|单元))")
NUMBERS = {sign: number for number, sign in enumerate("一二三四五六七八九", start=1)}


@dataclass(frozen=True)
class Wanted:
    """What somebody typed: a whole number of a paper, a whole telephone number, or ways to meet all words.

    `ways` are alternatives; of each, all words must be found.
    """

    identity: str = ""
    phone: str = ""
    ways: tuple[tuple[Word, ...], ...] = ()


def plain(text: str) -> str:
    """Return text in one form: full-width signs narrowed, letters small; rare signs stay as they are."""
    return unicodedata.normalize("NFKC", text).lower()


def with_digits(text: str) -> str:
    """Return text in which buildings and units are numbered by digits: 二十三幢 is 23幢."""
    return NUMERAL.sub(lambda found: str(_number(found[0])), text)


def _number(words: str) -> int:
    tens, ten, ones = words.rpartition("十")
    return (NUMBERS.get(tens, 1) if ten else 0) * 10 + NUMBERS.get(ones, 0)


def signs_of(name: str) -> list[str]:
    """Return the signs of a name that count: letters, without · and spaces."""
    return [sign for sign in graphemes(plain(name)) if sign[0].isalnum() or ord(sign[0]) > 0x2E7F]


def name_words(name: str) -> set[Word]:
    """Return the words of a name: its single signs and the pairs of neighbours."""
    signs = signs_of(name)
    return {(NAME, sign) for sign in signs} | {(PAIR, a + b) for a, b in itertools.pairwise(signs)}


@lru_cache(maxsize=10_000)  # of an estate a thousand homes ask
def estate_words(name: str) -> frozenset[Word]:
    """Return the words of an estate or grid: pairs of neighbours, so that 杨柳 and 柳苑 find 杨柳苑."""
    return frozenset((ESTATE, a + b) for a, b in itertools.pairwise(signs_of(name)))


def door_words(building: str, unit: str, room: str) -> set[Word]:
    """Return the words of an address below the estate: the numbers in the names of building, unit and home."""
    found = ((BUILDING, building), (UNIT, unit), (ROOM, room))
    return {
        (kind, digits[-1]) for kind, text in found if (digits := DIGITS.findall(with_digits(plain(text))))
    }


def wanted(typed: str, tags: Iterable[str] = ()) -> Wanted:
    """Return what `typed` asks for; `tags` are the names of tags that there are.

    Understands 张伟, 伟, 杨柳苑3幢301, 3-1-301, 杨柳苑 张, 0017 (the end of a telephone number, or a room),
    低保, and whole numbers of papers and telephones.
    """
    number = clean(typed)
    if FIFTEEN.fullmatch(number):
        number = _eighteen(number)
    if EIGHTEEN.fullmatch(number) or _is_paper(number):
        return Wanted(identity=number)
    narrow = with_digits(plain(typed))
    if phone := _whole_phone(re.sub(r"[\s()-]", "", narrow)):
        return Wanted(phone=phone)
    doors, rest = _doors(narrow)
    chunks = [chunk for chunk in re.split(r"[\s,，、;；/|]+", rest) if chunk][:MOST_CHUNKS]
    ways = [[doors]] if doors else []
    ways += [found for chunk in chunks if (found := _ways(chunk, set(map(plain, tags))))]
    met = itertools.islice(itertools.product(*ways), MOST_WAYS) if ways else ()
    return Wanted(ways=tuple(tuple(sorted(set(itertools.chain(*way)))) for way in met))


def _whole_phone(bare: str) -> str:
    """Return a whole telephone number as it is held, "" where it is none."""
    if mobile := MOBILE.fullmatch(bare):
        return mobile[1]
    if LANDLINE.fullmatch(bare):
        with suppress(Refused):
            return phone_number(bare)
    return ""


def _eighteen(number: str) -> str:
    """Numbers of 15 digits are held in their form of 18; a wrong one finds nobody."""
    try:
        return identity_number(number)
    except Refused:
        return number


def _is_paper(number: str) -> bool:
    """Passports and permits: letters with at least six digits."""
    return bool(re.fullmatch(r"[A-Z]{1,3}[0-9]{6,12}", number))


def _doors(text: str) -> tuple[tuple[Word, ...], str]:
    """Take 3幢1单元301室 and 3-1-301 out of the text; return their words and what is left."""
    words: list[Word] = []
    for match in DOOR.finditer(text):
        kinds = {"building": BUILDING, "unit": UNIT, "room": ROOM}
        words += [(kinds[name], digits) for name, digits in match.groupdict().items() if digits]
    text = DOOR.sub(" ", text)
    for building, unit, room in DASHED.findall(text):
        words += [(BUILDING, building), (ROOM, room), *([(UNIT, unit)] if unit else [])]
    return tuple(words), DASHED.sub(" ", text)


def _ways(chunk: str, tags: set[str]) -> list[tuple[Word, ...]]:
    """Return the ways in which one piece of text may be meant."""
    if chunk.isdigit():
        numbers: list[tuple[Word, ...]] = [((ROOM, chunk),)]
        if len(chunk) == 4:
            numbers.append(((PHONE, chunk),))
        if len(chunk) <= 3:
            numbers.append(((BUILDING, chunk),))
        return numbers
    digits = DIGITS.findall(chunk)
    signs = [sign for sign in signs_of(chunk) if not sign.isdigit()]
    doors: tuple[Word, ...] = tuple((ROOM, number) for number in digits[-1:])
    found: list[tuple[Word, ...]] = []
    if chunk in tags:
        found.append(((TAG, chunk),))
    if len(signs) == 1:
        found.append(((NAME, signs[0]), *doors))
    elif signs:
        pairs = [a + b for a, b in itertools.pairwise(signs)]
        found.append((*((PAIR, pair) for pair in pairs), *doors))
        estate = pairs[:-2] if chunk.endswith("小区") and len(pairs) > 2 else pairs
        found.append((*((ESTATE, pair) for pair in estate), *doors))
    return found


def phone_tail(phone: str) -> Sequence[Word]:
    """Return the word of the last four digits of a telephone number, none where it is shorter."""
    return [(PHONE, phone[-4:])] if len(phone) >= 4 else []
