"""Words for homes as ledgers write them: 3幢, 3号楼 and 3 栋 are one building; a whole sentence is taken apart."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from linli.base.errors import require

_BUILDING = re.compile(r"(?:号楼|楼栋|栋楼|幢|栋|座|号|楼)$")
_UNIT = re.compile(r"(?:单元|门|梯)$")
_ROOM = re.compile(r"(?:号房|房间|室|户|房|号)$")
_LEADING = re.compile(r"^0+(?=[0-9])")
_CHINESE = {sign: number for number, sign in enumerate("零一二三四五六七八九")}
_NUMERAL = re.compile(r"[一二三四五六七八九十]{1,3}")
_SENTENCE = re.compile(
    r"^(?P<estate>.*?)"
    r"(?P<building>[0-9A-Za-z一二三四五六七八九十]+)(?:号楼|幢|栋|座)"
    r"(?:(?P<unit>[0-9A-Za-z一二三四五六七八九十]+)单元)?"
    r"(?P<room>[0-9A-Za-z-]+)(?:室|户|房|号)?$"
)
_DASHED = re.compile(
    r"^(?P<estate>.*?[^0-9A-Za-z-])(?P<building>[0-9A-Za-z]+)-(?:(?P<unit>[0-9A-Za-z]+)-)?(?P<room>[0-9A-Za-z]+)室?$"
)


class Home(NamedTuple):
    """A home by the words of a ledger, each cleaned; "" where it names none."""

    code: str  # of the community, 12 digits as typed
    community: str
    estate: str
    building: str
    unit: str
    room: str

    @property
    def words(self) -> str:
        """How to call it in a sentence."""
        return " ".join(part for part in self[1:] if part)


@lru_cache(maxsize=100_000)
def plain(words: str) -> str:
    """Return a name without what differs between writers: full-width signs, white space, signs nobody sees."""
    narrow = unicodedata.normalize("NFKC", words)
    return "".join(
        sign for sign in narrow if not sign.isspace() and unicodedata.category(sign) not in {"Cf", "Cc"}
    )


@lru_cache(maxsize=100_000)
def building_key(words: str) -> str:
    """3幢, 3号楼, 三栋 → "3"; 东楼 stays 东楼 where nothing would be left."""
    return _key(plain(words), _BUILDING)


@lru_cache(maxsize=10_000)
def unit_key(words: str) -> str:
    """2单元, 二单元 → "2"."""
    return _key(plain(words), _UNIT)


@lru_cache(maxsize=100_000)
def room_key(words: str) -> str:
    """502室, 0502 → "502"."""
    return _key(plain(words), _ROOM)


@lru_cache(maxsize=10_000)
def estate_key(words: str) -> str:
    """杨柳苑小区 → "杨柳苑"."""
    bare = plain(words)
    return (bare.removesuffix("小区") or bare).upper()


@lru_cache(maxsize=10_000)
def community_key(words: str) -> str:
    """柳树社区居民委员会, 柳树社区 → "柳树"."""
    bare = plain(words)
    for ending in ("居民委员会", "村民委员会", "居委会", "村委会", "社区", "村"):
        bare = bare.removesuffix(ending) or bare
    return bare


def _key(bare: str, ending: re.Pattern[str]) -> str:
    cut = ending.sub("", bare) or bare
    if _NUMERAL.fullmatch(cut):
        cut = str(_number(cut))
    return _LEADING.sub("", cut).upper()


def _number(words: str) -> int:
    """二十三 → 23."""
    tens, ten, ones = words.rpartition("十")
    return (_CHINESE.get(tens, 1) if ten else 0) * 10 + (_CHINESE.get(ones, 0) if ones else 0)


@lru_cache(maxsize=10_000)
def taken_apart(sentence: str) -> Home:
    """Read 杨柳苑3幢2单元502室 or 杨柳苑 3-2-502. Raises Refused where it is not to be told apart."""
    bare = plain(sentence)
    found = _SENTENCE.match(bare) or _DASHED.match(bare)
    require(found is not None, _("住址「%(words)s」看不出是几幢几室") % {"words": sentence[:40]})
    parts = found.groupdict() if found else {}
    estate = re.sub(r"^.*(?:省|市|区|县|街道|镇|乡|社区|村)(?=.)", "", parts["estate"])
    return Home("", "", estate, parts["building"], parts["unit"] or "", parts["room"])


def full_names(home: Home) -> tuple[str, str, str]:
    """Return how building, unit and room of a home that is planted are called: 3幢, 2单元, 502室."""
    building, unit, room = plain(home.building), plain(home.unit), plain(home.room)
    return (
        building if not building or _BUILDING.search(building) else f"{building}幢",
        unit if not unit or _UNIT.search(unit) else f"{unit}单元",
        room if not room or _ROOM.search(room) else f"{room}室",
    )
