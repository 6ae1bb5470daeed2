"""Asking witnesses to see a checkpoint: the client of C2SP tlog-witness; no database."""

import hashlib
import http.client
import os
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from linli.transparency import notes
from linli.transparency.notes import BadNote, Head, Verifier

PATIENCE = 10  # seconds
MOST_BYTES = 64 * 1024
ENVIRONMENT = "LINLI_WITNESSES"


class Unreachable(Exception):
    """The witness did not answer, or not as a witness does."""


@dataclass(frozen=True)
class Witness:
    """Where a witness listens and the key it cosigns with."""

    address: str
    verifier: Verifier


@dataclass(frozen=True)
class Cosigned:
    """The witness's line under the checkpoint, and when it signed (Unix seconds)."""

    line: str
    time: int


def configured(text: str | None = None) -> list[Witness]:
    """Return the witnesses that `LINLI_WITNESSES` names: "address vkey, address vkey". Raises BadNote."""
    text = os.environ.get(ENVIRONMENT, "") if text is None else text
    witnesses = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        address, _gap, vkey = part.partition(" ")
        verifier = notes.read_vkey(vkey)
        if verifier.kind != notes.COSIGNATURE or not _is_address(address):
            raise BadNote(f"this is not a witness: {part}")
        witnesses.append(Witness(address.rstrip("/"), verifier))
    return witnesses


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def last_seen(witness: Witness, origin: str, verifiers: list[Verifier]) -> Head | None:
    """Return the head that the witness last cosigned for `origin`, None where it has seen none.

    Raises Unreachable where it does not answer, or answers what neither it nor the log has signed.
    """
    status, body = _request(witness, "GET", f"/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint")
    if status == 404:
        return None
    if status != 200:
        raise Unreachable(f"{witness.verifier.name}: {status}")
    try:
        head, seen = notes.open_checkpoint(body, [*verifiers, witness.verifier])
    except BadNote as error:
        raise Unreachable(f"{witness.verifier.name}: {error}") from error
    if witness.verifier not in [one.verifier for one in seen]:
        raise Unreachable(f"{witness.verifier.name}: not cosigned")
    return head


def submit(
    witness: Witness, note: str, known_size: int, prove: Callable[[int], list[bytes]]
) -> Cosigned | int:
    """Ask `witness` to cosign `note`; `prove(size)` gives the consistency proof from a size it holds.

    Returns the cosignature, or the size that the witness holds where that is more than the note's own.
    Raises Unreachable for any other answer.
    """
    text, _signatures = notes.split(note)
    size = notes.read_head(text).size
    status, body = _post(witness, note, known_size, prove)
    if status == 409:
        held = _size_in(witness, body)
        if held > size:
            return held
        status, body = _post(witness, note, held, prove)
    if status != 200:
        raise Unreachable(f"{witness.verifier.name}: {status}")
    try:
        lines = [_cosigned_in(witness, text, line) for line in body.splitlines()]
    except BadNote as error:
        raise Unreachable(f"{witness.verifier.name}: {error}") from error
    cosigned = next(filter(None, lines), None)
    if cosigned is None:
        raise Unreachable(f"{witness.verifier.name}: not cosigned")
    return cosigned


def _size_in(witness: Witness, body: str) -> int:
    try:
        return notes.read_number(body.strip())
    except BadNote as error:
        raise Unreachable(f"{witness.verifier.name}: {error}") from error


def _post(witness: Witness, note: str, old: int, prove: Callable[[int], list[bytes]]) -> tuple[int, str]:
    return _request(witness, "POST", "/add-checkpoint", notes.addition(old, prove(old), note))


def _cosigned_in(witness: Witness, text: str, line: str) -> Cosigned | None:
    """What one line of the answer says with the key that we know; a witness may sign with other kinds as well."""
    _text, seen = notes.check(f"{text}\n{line}\n", [witness.verifier])
    return Cosigned(line + "\n", seen[0].time) if seen else None


def _request(witness: Witness, method: str, path: str, body: str = "") -> tuple[int, str]:
    parts = urlsplit(witness.address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=PATIENCE)
    try:
        connection.request(method, parts.path + path, body.encode() or None)
        answer = connection.getresponse()
        return answer.status, answer.read(MOST_BYTES).decode()
    except (OSError, http.client.HTTPException, UnicodeDecodeError) as error:
        raise Unreachable(f"{witness.verifier.name}: {error}") from error
    finally:
        connection.close()
