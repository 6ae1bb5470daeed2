"""Receipts (C2SP tlog-proof): the entry made anew from what the receipt tells, and its way to the signed root."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from linli_verify import merkle
from linli_verify.notes import (
    Checkpoint,
    FalseError,
    Key,
    UnreadableError,
    read_checkpoint,
    read_number,
    unbase64,
)

TITLE = "c2sp.org/tlog-proof@v1"
MALFORMED = (ValueError, TypeError, RecursionError)  # JSON that is none, or nested beyond all measure


@dataclass(frozen=True)
class Receipt:
    """A receipt that holds: which entry, what it says, and the checkpoint it leads to."""

    index: int
    leaf: dict[str, Any]
    payload: dict[str, Any] | None  # None once it was erased by law
    checkpoint: Checkpoint


def canonical(value: Any) -> bytes:
    """Return RFC 8785 canonical JSON of what a record holds: text, whole numbers, truth values, lists, objects."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return b"{" + b",".join(canonical(name) + b":" + canonical(value[name]) for name in names) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(canonical(inner) for inner in value) + b"]"
    if isinstance(value, float):
        raise UnreadableError("float")
    return json.dumps(value, ensure_ascii=False).encode()


def read(data: bytes, keys: list[Key]) -> Receipt:
    """Check a receipt file. Raises UnreadableError, or FalseError where it does not hold."""
    head, gap, note = _text(data).partition("\n\n")
    lines = head.split("\n")
    if not gap or len(lines) < 3 or lines[0] != TITLE or not lines[1].startswith("extra "):
        raise UnreadableError("receipt")
    index = read_number(lines[2].removeprefix("index "))
    checkpoint = read_checkpoint(note, keys)
    leaf, payload = _leaf(unbase64(lines[1][6:]))
    proof = [unbase64(line) for line in lines[3:]]
    if not merkle.verify_inclusion(index, checkpoint.size, _hash(leaf), proof, checkpoint.root):
        raise FalseError("inclusion")
    return Receipt(index, leaf, payload, checkpoint)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise UnreadableError("receipt") from error


def _leaf(extra: bytes) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The leaf: commit is SHA-256(salt and canonical payload), or stands there itself once the payload is erased."""
    try:
        told = json.loads(extra)
        payload, commit = told.get("payload"), told.get("commit")
        if payload is not None:
            commit = hashlib.sha256(bytes.fromhex(told["salt"]) + canonical(payload)).hexdigest()
            payload = dict(payload.items())
        leaf = {name: told[name] for name in ("v", "type", "ts", "ref")} | {"commit": commit}
    except (*MALFORMED, KeyError, AttributeError) as error:
        raise UnreadableError("receipt") from error
    return leaf, payload


def _hash(leaf: dict[str, Any]) -> bytes:
    try:
        return merkle.hash_leaf(canonical(leaf))
    except MALFORMED as error:
        raise UnreadableError("receipt") from error
