"""Signed notes, verifier keys, checkpoints and cosignatures in the forms of C2SP; pure.

signed-note.md, tlog-checkpoint.md, tlog-cosignature.md. A note is text that ends in a newline, an empty
line, then signature lines `— <name> <base64(4-byte key id ‖ signature)>`.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519, COSIGNATURE = 0x01, 0x04
DASH = "\u2014"
KEY_ID_BYTES, TIME_BYTES, SIGNATURE_BYTES = 4, 8, 64
MOST_SIGNATURES = 100
MOST_HASHES = 63  # in a consistency proof
NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
END_OF_TIME = 253_402_300_800  # the year 10000: no calendar writes what is beyond


class BadNote(ValueError):
    """The text is not what it should be."""


class Forged(BadNote):
    """A key that we know did not make its signature: nothing in the note is worth reading."""


class Unsigned(BadNote):
    """None of the log's keys that we know has signed."""


@dataclass(frozen=True)
class Verifier:
    """A public key under the name it signs with; `kind` is ED25519 or COSIGNATURE."""

    name: str
    kind: int
    key: bytes

    @property
    def key_id(self) -> bytes:
        """Return the first 4 bytes of SHA-256(name ‖ newline ‖ kind ‖ key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.key).digest()[:4]

    @property
    def vkey(self) -> str:
        """Return name+<8 hex of key id>+<base64(kind ‖ key)>."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.kind]) + self.key).decode()}"


@dataclass(frozen=True)
class Signature:
    """One signature line, not yet checked."""

    name: str
    key_id: bytes
    signed: bytes


@dataclass(frozen=True)
class Seen:
    """A signature that holds; `time` is the witness's Unix time, 0 for a plain signature."""

    verifier: Verifier
    time: int


@dataclass(frozen=True)
class Head:
    """What a checkpoint says: the log's origin, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def decoded(text: str) -> bytes:
    """Return the bytes of strict, padded base64. Raises BadNote."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("this is not base64") from error


def read_number(text: str) -> int:
    """Return a number as the formats write it: no sign, no leading zero, below 2^63. Raises BadNote."""
    if not NUMBER.fullmatch(text) or int(text) >= 2**63:
        raise BadNote("this is not a plain number")
    return int(text)


def check_name(name: str) -> None:
    """Raise ValueError where `name` cannot name a key: empty, or with spaces or a plus sign."""
    if not name or "+" in name or any(sign.isspace() for sign in name):
        raise ValueError(f"{name!r} cannot name a key")


def read_vkey(text: str) -> Verifier:
    """Return the key that `text` spells. Raises BadNote where id and key do not belong together."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise BadNote("a public key is written name+id+key")
    raw = decoded(parts[2])
    if len(raw) != 33 or raw[0] not in {ED25519, COSIGNATURE}:
        raise BadNote("this is not an Ed25519 key")
    verifier = Verifier(parts[0], raw[0], raw[1:])
    if verifier.key_id.hex() != parts[1]:
        raise BadNote("the key's id does not belong to it")
    return verifier


def verifier_of(name: str, kind: int, private: Ed25519PrivateKey) -> Verifier:
    """Return the public side of `private` under `name`."""
    check_name(name)
    return Verifier(name, kind, private.public_key().public_bytes_raw())


def sign_line(name: str, private: Ed25519PrivateKey, text: str) -> str:
    """Return the signature line of a log's key under `text`."""
    verifier = verifier_of(name, ED25519, private)
    return _line(name, verifier.key_id + private.sign(text.encode()))


def cosign_line(name: str, private: Ed25519PrivateKey, text: str, time: int) -> str:
    """Return the line of a witness that found the checkpoint `text` consistent at Unix `time`."""
    verifier = verifier_of(name, COSIGNATURE, private)
    signed = private.sign(_cosigned(text, time))
    return _line(name, verifier.key_id + time.to_bytes(TIME_BYTES, "big") + signed)


def split(note: str) -> tuple[str, list[Signature]]:
    """Return the signed text and the signatures under it, unchecked. Raises BadNote."""
    text, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n") or any(ord(sign) < 0x20 and sign != "\n" for sign in note):
        raise BadNote("this is not a signed note")
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise BadNote("this note has too many signatures")
    return text + "\n", [_read_line(line) for line in lines]


def check(note: str, verifiers: Iterable[Verifier]) -> tuple[str, list[Seen]]:
    """Return the text and every signature by a known key; unknown ones are passed over.

    Raises BadNote where a known key's signature fails: then nothing in the note is worth reading.
    """
    text, signatures = split(note)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    seen = []
    for signature in signatures:
        verifier = known.get((signature.name, signature.key_id))
        if verifier is not None:
            seen.append(Seen(verifier, _checked(verifier, signature.signed, text)))
    return text, seen


def read_head(text: str) -> Head:
    """Return what the three lines of a checkpoint say. Raises BadNote; extension lines are refused."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise BadNote("a checkpoint has three lines")
    origin, size, root = lines[:3]
    hashed = decoded(root)
    if not origin or len(hashed) != 32:
        raise BadNote("a checkpoint has an origin and a root of 32 bytes")
    return Head(origin, read_number(size), hashed)


def open_checkpoint(note: str, verifiers: Iterable[Verifier]) -> tuple[Head, list[Seen]]:
    """Return head and known signatures of a checkpoint that its own log has signed. Raises BadNote."""
    text, seen = check(note, verifiers)
    head = read_head(text)
    if not any(one.verifier.kind == ED25519 and one.verifier.name == head.origin for one in seen):
        raise Unsigned("no known key of the log has signed this checkpoint")
    return head, seen


def _line(name: str, signed: bytes) -> str:
    return f"{DASH} {name} {base64.b64encode(signed).decode()}\n"


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _read_line(line: str) -> Signature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != DASH or not parts[1] or "+" in parts[1]:
        raise BadNote("a signature line is broken")
    raw = decoded(parts[2])
    if len(raw) <= KEY_ID_BYTES:
        raise BadNote("a signature is too short")
    return Signature(parts[1], raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:])


def _checked(verifier: Verifier, signed: bytes, text: str) -> int:
    """Return the time of a cosignature, 0 for a signature. Raises BadNote where it does not hold."""
    time, message = 0, text.encode()
    if verifier.kind == COSIGNATURE:
        time = int.from_bytes(signed[:TIME_BYTES], "big")
        if time >= END_OF_TIME:
            raise BadNote("a cosignature bears no such time")
        message, signed = _cosigned(text, time), signed[TIME_BYTES:]
    try:
        Ed25519PublicKey.from_public_bytes(verifier.key).verify(signed, message)
    except InvalidSignature as error:
        raise Forged(f"the signature of {verifier.name} is false") from error
    return time


def addition(old: int, proof: Iterable[bytes], checkpoint: str) -> str:
    """Return the body of a witness's add-checkpoint: old size, consistency proof, empty line, checkpoint."""
    lines = [f"old {old}", *(base64.b64encode(hashed).decode() for hashed in proof)]
    return "\n".join(lines) + "\n\n" + checkpoint


def read_addition(body: str) -> tuple[int, list[bytes], str]:
    """Return (old size, proof, checkpoint) of an add-checkpoint. Raises BadNote."""
    head, gap, checkpoint = body.partition("\n\n")
    first, *rest = head.split("\n")
    if not gap or not first.startswith("old ") or len(rest) > MOST_HASHES:
        raise BadNote("this is not an add-checkpoint request")
    return read_number(first.removeprefix("old ")), [decoded(line) for line in rest], checkpoint
