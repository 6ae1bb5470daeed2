"""Where a text may say who somebody is or where they live: proposed for masking, a person decides.

Pure, and the same for residents' words and for staff's replies: 「张女士您好」 gives the name away as well.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from linli.base.text import masked_name, masked_phone
from linli.triage.rules.names import names, title_of

Kind = Literal["name", "phone", "identity", "card", "plate", "room", "account", "email"]


@dataclass(frozen=True)
class Span:
    """text[start:end] is `words`; positions count code points."""

    start: int
    end: int
    kind: Kind
    words: str


# One character becomes one character, so that positions hold in the text as it was written.
_PLAIN = str.maketrans(
    {chr(0xFF01 + n): chr(0x21 + n) for n in range(94)}  # full-width digits, letters and signs
    | dict.fromkeys("—–‐‑－−―", "-")
    | {"\u3000": " ", "\u00a0": " "}
)
_SPOKEN = str.maketrans("〇零一幺二三四五六七八九", "001123456789")

_NOT_MONEY = r"(?!\d|\s?(?:元|块|万|亿|平|米|吨|人|户|次|%))"
_MOBILE = re.compile(rf"(?<!\d)(?:(?:\+|00)?86[- ]?)?1[3-9]\d(?:[- .]{{0,2}}\d){{8}}{_NOT_MONEY}")
_LANDLINE = re.compile(
    rf"(?<![\d.])(?:\(0\d{{2,3}}\)|0\d{{2,3}})[- ]?[2-9]\d{{2,3}}[- ]?\d{{4}}(?:[-转]\d{{1,5}})?{_NOT_MONEY}"
)
_LOCAL = re.compile(
    r"(?:电话|座机|号码|致电|拨打|联系方式|联系)[是为:和或 ]{0,3}"
    rf"(?P<it>[2-9]\d{{2,3}}[- ]?\d{{4}}){_NOT_MONEY}"
)
_IDENTITY = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5}[- ]?(?P<born>(?:19|20)\d{6})[- ]?\d{3}[\dXx](?![\dA-Za-z])"
)  # 6, 8 and 4 digits, as people copy it from the card
_IDENTITY_OLD = re.compile(r"(?<!\d)[1-9]\d{5}(?P<born>\d{6})\d{3}(?!\d)")
_CARD = re.compile(r"(?<!\d)[3-6]\d{3}(?:[- ]?\d{4}){2}[- ]?\d{1,7}(?:[- ]?\d{3})?(?!\d)")
_CARD_CUE = re.compile(r"(?:卡号|账号|帐号|账户|银行卡|储蓄卡|信用卡|工行|农行|建行|中行|邮储)[^\d]{0,8}$")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼楚使领] ?[A-Za-z][·•・. -]?"
    r"(?=[A-Za-z]{0,5}\d)(?:[A-HJ-NP-Za-hj-np-z0-9]{5,6}|[A-HJ-NP-Za-hj-np-z0-9]{4}[学警挂港澳使领])(?![A-Za-z0-9])"
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_ACCOUNT = re.compile(
    r"(?:微信号?|薇信|威信|v信|wechat|weixin|vx|wx)[是为: (加]{0,4}"
    r"(?P<it>[A-Za-z][A-Za-z0-9_-]{5,19}|[A-Za-z0-9_-]{6,20}(?=\)))"
    r"|(?:qq号?|扣扣)[是为: (群号]{0,4}(?P<number>[1-9]\d{4,10})(?!\d)",
    re.IGNORECASE,
)

_FEW = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})"
_SEP = r"[-/,、的 ]?"
_QUANTITY = (
    r"(?!\d|\s?(?:元|块|万|米|平|户业|户居|户人|户及|户的|户共|多|余|人|年|月|日|个|套|名|栋|幢|路|%|分|-\d))"
)
_SIDE = r"[东西南北中左右]边?(?:户|室|侧|手边)?"
_SPOKEN_DOOR = r"[〇零一二三四五六七八九]{3,4}(?=号?室|号房|房)"
_DOOR = rf"(?:\d{{3,4}}{_QUANTITY}|{_SPOKEN_DOOR}|{_FEW}[楼层]{_SEP}(?:\d{{3,4}}{_QUANTITY}|{_SIDE}))"
_DOOR_END = r"(?:号?室|号房|房(?![屋产地子价租])|号(?![线楼院])|户(?![型业居人及的共]))?"
# What follows the building names the home; the building itself stays (mask down to 幢).
_ROOMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_FEW}|[A-Za-z]\d?)(?:幢|栋|棟|号楼|座|#楼?|号院){_SEP}"
        rf"(?P<it>(?:{_FEW}(?:单元|门|梯){_SEP})?{_DOOR}{_DOOR_END})",
        rf"(?P<it>{_FEW}(?:单元|梯){_SEP}(?:{_DOOR}|\d{{2,4}}(?=[室房户])){_DOOR_END})",
        rf"(?<![\d-])\d{{1,3}}[-/](?P<it>\d{{1,2}}-\d{{3,4}}{_QUANTITY}{_DOOR_END})",
        rf"(?<=[苑园区庭府城居轩里湾邸家])\d{{1,3}}-(?P<it>\d{{3,4}}{_QUANTITY}{_DOOR_END})",
        r"(?<![\d-])\d{1,3}-(?P<it>\d{3,4}(?:号?室|号房))",
        rf"(?<=[住在家])\d{{1,2}}-(?P<it>\d{{3,4}}{_QUANTITY})(?!-)",
        r"(?<!\d)(?P<it>\d{3,4}(?:号?室|号房|房(?![屋产地子价租源])))",
        rf"(?<!\d)\d{{1,2}}[楼层号]{_SEP}(?P<it>\d{{3,4}}{_QUANTITY}(?=室|房|住|业|家|[，。,.、;；]|$)(?:号?室|房)?)",
        r"(?<![\d.])(?P<it>(?!\d?\d00)\d{3,4})(?=的?(?:业主|住户|租户|租客|邻居|那家|那户))",
    )
)
_PATTERNS: tuple[tuple[Kind, tuple[re.Pattern[str], ...]], ...] = (
    ("email", (_EMAIL,)),
    ("account", (_ACCOUNT,)),
    ("identity", (_IDENTITY, _IDENTITY_OLD)),
    ("card", (_CARD,)),
    ("phone", (_MOBILE, _LANDLINE, _LOCAL)),
    ("plate", (_PLATE,)),
    ("room", _ROOMS),
)


@lru_cache(maxsize=64)
def personal_data(text: str, *, by_rules_only: bool = False) -> tuple[Span, ...]:
    """Find names, telephone, identity and card numbers, plates, rooms and accounts; in order, apart.

    The model for names takes some 3 ms a sentence; `by_rules_only` does without it.
    """
    plain = text.translate(_PLAIN)
    found = [Span(start, end, kind, text[start:end]) for start, end, kind in _numbers(plain)]
    taken = [(span.start, span.end) for span in found]
    found += [
        Span(start, end, "name", text[start:end])
        for start, end in names(plain, by_rules_only=by_rules_only)
        if not any(start < other_end and other_start < end for other_start, other_end in taken)
    ]
    return tuple(sorted(found, key=lambda span: span.start))


def masked(text: str, spans: Iterable[Span]) -> str:
    """The text with each span hidden: 张**, 某阿姨, 138****1234, 浙C·*****; spans: those a person kept."""
    parts: list[str] = []
    at = 0
    for span in sorted(spans, key=lambda span: span.start):
        if span.start < at:
            continue
        parts += [text[at : span.start], _HIDE.get(span.kind, _stars)(text[span.start : span.end])]
        at = span.end
    return "".join([*parts, text[at:]])


def _numbers(plain: str) -> Iterator[tuple[int, int, Kind]]:
    """Everything but names; what is found first keeps its place (a card number holds no telephone number)."""
    taken: list[tuple[int, int]] = []
    for kind, patterns in _PATTERNS:
        for pattern in patterns:
            for match in pattern.finditer(plain):
                start, end = _core(match)
                if any(start < other_end and other_start < end for other_start, other_end in taken):
                    continue
                if _is_real(kind, match, plain):
                    taken.append((start, end))
                    yield start, end, kind
    yield from _spoken_mobiles(plain, taken)


def _core(match: re.Match[str]) -> tuple[int, int]:
    """The part of a match that is to be hidden: the group that is named for it, or all."""
    for group in ("it", "number"):
        if match.groupdict().get(group):
            return match.span(group)
    return match.span()


def _is_real(kind: Kind, match: re.Match[str], plain: str) -> bool:
    if kind == "identity":
        return _is_birth(match["born"])
    if kind == "card":
        digits = re.sub(r"\D", "", match.group())
        cued = bool(_CARD_CUE.search(plain[: match.start()]))
        return 15 <= len(digits) <= 19 and (cued or _passes_luhn(digits))
    return True


def _is_birth(digits: str) -> bool:
    """Whether yyyymmdd, or yymmdd of the old 15-digit numbers (GB 11643), is a day."""
    full = digits if len(digits) == 8 else f"19{digits}"
    try:
        date(int(full[:4]), int(full[4:6]), int(full[6:]))
    except ValueError:
        return False
    return True


def _passes_luhn(digits: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812)."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _spoken_mobiles(plain: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int, Kind]]:
    """Mobile numbers written in Chinese digits: 幺三八零零…"""
    for match in re.finditer(r"(?<![〇零一幺二三四五六七八九\d])[〇零一幺二三四五六七八九]{11}(?!\d)", plain):
        is_free = not any(match.start() < end and start < match.end() for start, end in taken)
        if is_free and _MOBILE.fullmatch(match.group().translate(_SPOKEN)):
            yield *match.span(), "phone"


def _stars(words: str) -> str:
    return "*" * min(len(words), 6)


def _hide_name(words: str) -> str:
    title = title_of(words)
    return f"某{title}" if title else masked_name(words)


def _hide_phone(words: str) -> str:
    digits = re.sub(r"\D", "", words.translate(_PLAIN))
    return masked_phone(digits[-11:]) if len(digits) >= 11 and digits[-11] == "1" else _stars(words)


def _hide_identity(words: str) -> str:
    return f"{words[:4]}{'*' * 8}{words[-4:]}"


def _hide_card(words: str) -> str:
    return "*" * 8 + re.sub(r"\D", "", words)[-4:]


_HIDE: dict[str, Callable[[str], str]] = {
    "name": _hide_name,
    "phone": _hide_phone,
    "identity": _hide_identity,
    "card": _hide_card,
    "plate": lambda words: words[:2] + "*****",
    "room": lambda words: "***" + ("室" if words.endswith("室") else ""),
}
