"""Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature), read without the server."""

import base64
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PLAIN, WITNESS = 1, 4
LINE = re.compile(r"\u2014 ([^ +\n]+) ([A-Za-z0-9+/=]+)")
NUMBER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
END_OF_TIME = 253_402_300_800  # the year 10000: no calendar writes what is beyond


class UnreadableError(Exception):
    """The file is not what it should be."""


class FalseError(Exception):
    """The file is what it should be, and what it says is not true."""


@dataclass(frozen=True)
class Key:
    """A public key: whose, of which kind, and its 32 bytes."""

    name: str
    kind: int
    raw: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that stand before a signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.raw).digest()[:4]


@dataclass(frozen=True)
class Checkpoint:
    """What a log's owner signed, and which witnesses saw it: {name: Unix time}."""

    origin: str
    size: int
    root: bytes
    witnesses: dict[str, int]


def unbase64(text: str) -> bytes:
    """Return the bytes of strict base64."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise UnreadableError("base64") from error


def read_number(text: str) -> int:
    """Return a number as the formats write it: no sign, no leading zero, below 10^19."""
    if not NUMBER.fullmatch(text):
        raise UnreadableError("number")
    return int(text)


def read_key(text: str) -> Key:
    """Return the key that a vkey line spells."""
    name, plus, rest = text.strip().partition("+")
    stated, second, encoded = rest.partition("+")
    raw = unbase64(encoded) if plus and second else b""
    if len(raw) != 33 or raw[0] not in (PLAIN, WITNESS) or not name:
        raise UnreadableError("vkey")
    key = Key(name, raw[0], raw[1:])
    if key.id.hex() != stated:
        raise UnreadableError("vkey")
    return key


def read_keys(text: str) -> list[Key]:
    """Return the keys of a file, one a line; empty lines and lines that begin with # are passed over."""
    lines = (line.strip() for line in text.splitlines())
    return [read_key(line) for line in lines if line and not line.startswith("#")]


def read_checkpoint(note: str, keys: list[Key]) -> Checkpoint:
    """Check every signature by a known key and return what the checkpoint says.

    Raises FalseError where a known key's signature fails or none of the log's own keys has signed.
    """
    text, signatures = _parts(note)
    origin, size, root = _head(text)
    known = {(key.name, key.id): key for key in keys}
    witnesses: dict[str, int] = {}
    is_signed = False
    for name, signature in signatures:
        key = known.get((name, signature[:4]))
        if key is None:
            continue
        time = _check(key, signature[4:], text)
        if key.kind == WITNESS:
            witnesses[name] = max(time, witnesses.get(name, 0))
        is_signed = is_signed or (key.kind == PLAIN and name == origin)
    if not is_signed:
        raise FalseError("unsigned")
    return Checkpoint(origin, size, root, witnesses)


def _parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    at = note.rfind("\n\n")
    if at < 0 or not note.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f]", note):
        raise UnreadableError("note")
    signatures = []
    for line in note[at + 2 : -1].split("\n"):
        found = LINE.fullmatch(line)
        if not found or len(unbase64(found[2])) < 5:
            raise UnreadableError("signature")
        signatures.append((found[1], unbase64(found[2])))
    return note[: at + 1], signatures


def _head(text: str) -> tuple[str, int, bytes]:
    lines = text.split("\n")
    if len(lines) != 4 or not lines[0]:
        raise UnreadableError("checkpoint")
    root = unbase64(lines[2])
    if len(root) != 32:
        raise UnreadableError("checkpoint")
    return lines[0], read_number(lines[1]), root


def _check(key: Key, signature: bytes, text: str) -> int:
    message, time = text.encode(), 0
    if key.kind == WITNESS:
        time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
        if time >= END_OF_TIME:
            raise UnreadableError("time")
        message = b"cosignature/v1\ntime %d\n" % time + message
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, message)
    except InvalidSignature as error:
        raise FalseError("signature " + key.name) from error
    return time
