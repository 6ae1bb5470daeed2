"""What a public act looks like in the record: its leaf, its commitment, and what may never stand in it.

A leaf is RFC 8785 canonical JSON {v, type, ts, ref, commit}. `commit` is SHA-256(salt ‖ canonical payload) with 32
random bytes of salt kept beside the row: without the salt nobody can try out guesses against the public leaf, and once
payload and salt are erased (PIPL 47) the leaf says nothing while the tree stays valid.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import rfc8785
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from linli.base.errors import Refused, require

VERSION = 1
SALT_BYTES = 32
MOST_BYTES = 65_535  # C2SP tlog-tiles: an entry's length is a 16-bit number; the payload keeps the same limit
RULE = "PIPL 47; C2SP tlog-tiles"
CORRECTION = "correction"
LOG_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}")
TAKEN = frozenset({"entry", "of", "receipt", "verify"})  # words of our own addresses under /log/

# Bounded by non-alphanumerics, so that the digits inside a hash or a token are not taken for a telephone.
BEFORE, BEHIND = r"(?<![0-9A-Za-z])(?<!\d\.)", r"(?![0-9A-Za-z])(?!\.\d)"
MOBILE = re.compile(rf"{BEFORE}(?:\+?(?:00)?86[- ]?)?1[3-9]\d[- ]?\d{{4}}[- ]?\d{{4}}{BEHIND}")
MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
IDENTITY = re.compile(
    rf"{BEFORE}[1-9]\d{{5}}(?:(?:18|19|20)\d\d{MONTH_DAY}\d{{3}}[0-9Xx]|\d\d{MONTH_DAY}\d{{3}}){BEHIND}"
)


def plain(payload: dict[str, Any]) -> dict[str, Any]:
    """Return `payload` as JSON knows it (dates and decimals become text), as it will come back from either database.

    Raises TypeError for floats: the two databases do not give them back alike, and money is never one.
    """
    result: dict[str, Any] = json.loads(json.dumps(payload, cls=DjangoJSONEncoder, ensure_ascii=False))
    if any(isinstance(value, float) for value in _values(result)):
        raise TypeError("a recorded payload holds no floats: write amounts as text or in whole units")
    return result


def canonical(value: Any) -> bytes:
    """Return RFC 8785 canonical JSON, UTF-8."""
    return rfc8785.dumps(value)


def commitment(salt: bytes, payload: dict[str, Any]) -> bytes:
    """Return SHA-256(salt ‖ canonical payload), 32 bytes."""
    return hashlib.sha256(salt + canonical(payload)).digest()


def timestamp(at: datetime) -> str:
    """Return whole seconds in UTC: 2026-11-22T02:19:53Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def leaf(type: str, at: datetime, ref: str, commit: bytes) -> bytes:
    """Return the entry's bytes as they are hashed and published, at most 65,535."""
    return canonical({"v": VERSION, "type": type, "ts": timestamp(at), "ref": ref, "commit": commit.hex()})


def check_log_name(log: str) -> None:
    """Raise ValueError where `log` cannot stand in an address (it is a community's division code)."""
    if not LOG_NAME.fullmatch(log) or log in TAKEN:
        raise ValueError(f"{log!r} cannot name a log")


def check_public(payload: dict[str, Any]) -> None:
    """Refuse what can never be public or never be kept: telephone and identity numbers, unreadable signs, too much."""
    for value in _values(payload):
        text = value if isinstance(value, str) else str(value)
        require(_is_writable(text), _("内容里有无法保存的字符，请删去后再试。"))
        clear = unicodedata.normalize("NFKC", text)
        if IDENTITY.search(clear):
            raise Refused(_("公开记录里不能写身份证号，请删去或遮盖后再试。"), rule=RULE)
        if MOBILE.search(clear):
            raise Refused(_("公开记录里不能写手机号，请删去或遮盖后再试。"), rule=RULE)
    size = len(canonical(payload))
    require(size <= MOST_BYTES, _("要公开记录的内容太长，请缩短，附件只写摘要。"), rule=RULE)


def _is_writable(text: str) -> bool:
    """No NUL (PostgreSQL cannot hold it) and no half of a surrogate pair (UTF-8 cannot)."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _values(value: Any) -> Iterator[Any]:
    """Every key and every single value inside, however deep; truth values and null say nothing personal."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner)
    elif value is not None and not isinstance(value, bool):
        yield value


def origin(address: str, log: str) -> str:
    """Return a log's name in its checkpoints: the public address without scheme, /log/ and the log's name."""
    return f"{re.sub('^https?://', '', address).strip('/')}/log/{log}"


def parts(leaf: bytes) -> dict[str, Any]:
    """Return what a leaf says: v, type, ts, ref, commit."""
    said: dict[str, Any] = json.loads(leaf)
    return said
