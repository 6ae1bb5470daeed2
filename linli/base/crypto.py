"""Personal data at rest: authenticated encryption bound to its place, and values found again by a blind index.

A value is stored as version ‖ key id ‖ 12-byte nonce ‖ ciphertext ‖ tag. Version 1 is AES-256-GCM, version 2 SM4-GCM
(settings.FIELD_CIPHER chooses what new values get; both always open). The additional data is `table/column/row`, so a
value pasted into another row does not open. A bare hash of a phone number is found in seconds; the index is an HMAC.

A file is stored as magic ‖ version ‖ key id ‖ nonce ‖ its own key, sealed ‖ chunks. Each chunk holds 64 KiB and a tag;
its nonce says where it stands and whether it is the last, so none can be moved, repeated or cut off. A rotation seals
the file's own key anew and leaves the chunks as they are.
"""

import hashlib
import hmac
import io
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from linli.base.keys import first_keys, index_ids, name_of_index, sealing_ids, secret_key

AES, SM4 = 1, 2
CIPHERS = {"aes-256-gcm": AES, "sm4-gcm": SM4}
NONCE, TAG = 12, 16
MAGIC = b"LNLF"
CHUNK = 64 * 1024
HEADER = len(MAGIC) + 2 + NONCE + 32 + TAG


class Sm4Gcm:
    """SM4-GCM (GB/T 32907) with the interface of AESGCM; its 16-byte key is derived from the 32 bytes kept."""

    def __init__(self, key: bytes) -> None:
        self.algorithm = algorithms.SM4(hashlib.sha256(b"sm4" + key).digest()[:16])

    def encrypt(self, nonce: bytes, clear: bytes, bound_to: bytes) -> bytes:
        """Return ciphertext and tag."""
        encryptor = Cipher(self.algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound_to)
        return encryptor.update(clear) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        """Return the clear bytes. Raises InvalidTag."""
        decryptor = Cipher(self.algorithm, modes.GCM(nonce, sealed[-TAG:])).decryptor()
        decryptor.authenticate_additional_data(bound_to)
        return decryptor.update(sealed[:-TAG]) + decryptor.finalize()


@lru_cache
def cipher(folder: Path, version: int, key_id: int) -> AESGCM | Sm4Gcm:
    """Return what seals and opens with that key of `folder`; `version` is AES or SM4. Raises KeyMissing."""
    key = secret_key(folder, str(key_id))
    return Sm4Gcm(key) if version == SM4 else AESGCM(key)


def forget_ciphers() -> None:
    """Drop the ciphers that this process keeps; after a key was taken away."""
    cipher.cache_clear()


def current_key() -> int:
    """Return the id (1–255) of the key that new values are sealed with: the highest there is."""
    folder = settings.FIELD_KEYS
    ids = sealing_ids(folder)
    if not ids:
        first_keys(folder)
        return 1
    return ids[-1]


def seal(clear: str, *, bound_to: str) -> bytes:
    """Encrypt `clear` for the one place `bound_to` ("people.Person/phone/<row token>"); "" stays empty."""
    if not clear:
        return b""
    return _seal_bytes(clear.encode(), bound_to.encode())


def unseal(stored: bytes | memoryview, *, bound_to: str) -> str:
    """Decrypt what `seal` made. Raises InvalidTag where the value was moved or altered, KeyMissing without its key."""
    stored = bytes(stored)
    return _unseal_bytes(stored, bound_to.encode()).decode() if stored else ""


def reseal(stored: bytes | memoryview, *, bound_to: str) -> bytes | None:
    """Return a value sealed with the present key, None where it is already. Raises InvalidTag if it does not open."""
    stored = bytes(stored)
    clear = _unseal_bytes(stored, bound_to.encode())
    is_present = stored[:2] == bytes([CIPHERS[settings.FIELD_CIPHER], current_key()])
    return None if is_present else _seal_bytes(clear, bound_to.encode())


def key_of(stored: bytes | memoryview) -> int:
    """Return the id of the key that a sealed value needs, 0 for an empty one."""
    return bytes(stored[1:2])[0] if stored else 0


def blind_index(normalised: str) -> str:
    """Return the 64 signs by which an exact value is found without being readable; "" for "".

    The first index key gives 64 hex digits, a later one "2." and 62 of them. While several are there, the answer
    knows the older forms too, and a `BlindIndexField` finds rows by any of them.
    """
    if not normalised:
        return ""
    newest, *older = (forms[0] for forms in index_forms([normalised]))
    return Blinded(newest, older)


def index_forms(normalised: Iterable[str]) -> list[list[str]]:
    """Return the blind indexes of many values under every index key, the newest key first; "" for ""."""
    folder, values = settings.FIELD_KEYS, list(normalised)
    return [_indexed(folder, key_id, values) for key_id in reversed(index_ids(folder) or [1])]


class Blinded(str):
    """A blind index that also knows how the value was indexed under older keys."""

    older: tuple[str, ...]

    def __new__(cls, newest: str, older: Iterable[str]) -> "Blinded":
        """Make the newest form, with the others beside it."""
        made = super().__new__(cls, newest)
        made.older = tuple(older)
        return made

    def __getnewargs__(self) -> tuple[str, tuple[str, ...]]:  # type: ignore[override]
        """Let rows that hold it be copied and kept in a cache."""
        return str(self), self.older


def _indexed(folder: Path, key_id: int, values: list[str]) -> list[str]:
    key, digest = secret_key(folder, name_of_index(key_id)), hmac.digest
    head = "" if key_id == 1 else f"{key_id}."
    return [f"{head}{digest(key, value.encode(), 'sha256').hex()}"[:64] if value else "" for value in values]


def index_key_of(index: str) -> int:
    """Return the id of the key that a blind index was made with, 0 for ""."""
    head, dot, _rest = index.partition(".")
    return int(head) if dot else bool(index)


def _seal_bytes(clear: bytes, bound_to: bytes) -> bytes:
    version, key_id, nonce = CIPHERS[settings.FIELD_CIPHER], current_key(), os.urandom(NONCE)
    return (
        bytes([version, key_id])
        + nonce
        + cipher(settings.FIELD_KEYS, version, key_id).encrypt(nonce, clear, bound_to)
    )


def _unseal_bytes(stored: bytes, bound_to: bytes) -> bytes:
    opener = cipher(settings.FIELD_KEYS, stored[0], stored[1])
    return opener.decrypt(stored[2 : 2 + NONCE], stored[2 + NONCE :], bound_to)


def seal_file(chunks: Iterable[bytes], path: Path, *, bound_to: str) -> int:
    """Write `chunks` (of any size: an upload's `chunks()`) sealed to `path`; return how many clear bytes it holds."""
    with FileSealer(path, bound_to=bound_to) as sealer:
        for chunk in chunks:
            sealer.write(chunk)
    return sealer.size


def unseal_file(path: Path, *, bound_to: str) -> BinaryIO:
    """Open a sealed file for reading in clear, with `seek`, holding no more than a chunk in memory.

    What reads archives (zip, a workbook) may read from it. Raises InvalidTag where the file was altered, cut short or
    is another's, KeyMissing without its key.
    """
    return io.BufferedReader(_Unsealer(path, bound_to), CHUNK)


class FileSealer(io.RawIOBase):
    """A file that is written sealed: `with FileSealer(path, bound_to="imports.Run/7") as file: file.write(…)`.

    It can not be read or sought in. Left by an error, or not closed, it has no last chunk and does not open.
    """

    def __init__(self, path: Path, *, bound_to: str) -> None:
        super().__init__()
        own_key = os.urandom(32)
        self.cipher, self.bound_to = AESGCM(own_key), bound_to.encode()
        self.waiting, self.number, self.size, self.failed = bytearray(), 0, 0, False
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        self.file.write(MAGIC + _seal_bytes(own_key, MAGIC))

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def write(self, clear: Any) -> int:
        """Take some bytes; what does not fill a chunk waits for more."""
        self.waiting += clear
        length = len(memoryview(clear).cast("B"))
        self.size += length
        while len(self.waiting) > CHUNK:
            self._seal(bytes(self.waiting[:CHUNK]), is_last=False)
            del self.waiting[:CHUNK]
        return length

    def _seal(self, clear: bytes, *, is_last: bool) -> None:
        self.file.write(self.cipher.encrypt(_nonce(self.number, is_last=is_last), clear, self.bound_to))
        self.number += 1

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.failed = kind is not None
        super().__exit__(kind, error, trace)

    def close(self) -> None:
        """Write the last chunk, without which nobody opens the file."""
        if not self.closed:
            if not self.failed:
                self._seal(bytes(self.waiting), is_last=True)
            self.file.close()
        super().close()


class _Unsealer(io.RawIOBase):
    def __init__(self, path: Path, bound_to: str) -> None:
        super().__init__()
        self.file, self.bound_to = path.open("rb"), bound_to.encode()
        try:
            self.cipher = AESGCM(_own_key(self.file))
        except BaseException:
            self.file.close()
            raise
        stored = os.fstat(self.file.fileno()).st_size - HEADER
        self.chunks = -(-stored // (CHUNK + TAG))
        self.size, self.place = stored - self.chunks * TAG, 0
        self.number, self.clear = -1, b""
        self._chunk(max(self.chunks - 1, 0))  # a file cut short is told at once, not after half was believed

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.place = max(
            0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.place, io.SEEK_END: self.size}[whence]
        )
        return self.place

    def tell(self) -> int:
        return self.place

    def readinto(self, buffer: Any) -> int:
        if self.place >= self.size:
            return 0
        start = self.place % CHUNK
        piece = self._chunk(self.place // CHUNK)[start : start + len(buffer)]
        buffer[: len(piece)] = piece
        self.place += len(piece)
        return len(piece)

    def _chunk(self, number: int) -> bytes:
        if number != self.number:
            self.file.seek(HEADER + number * (CHUNK + TAG))
            sealed = self.file.read(CHUNK + TAG)
            nonce = _nonce(number, is_last=number == self.chunks - 1)
            self.clear = self.cipher.decrypt(nonce, sealed, self.bound_to)
            self.number = number
        return self.clear

    def close(self) -> None:
        self.file.close()
        super().close()


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(NONCE - 1, "big") + bytes([is_last])


def _own_key(file: BinaryIO) -> bytes:
    header = file.read(HEADER)
    if len(header) < HEADER or not header.startswith(MAGIC):
        raise InvalidTag
    return _unseal_bytes(header[len(MAGIC) :], MAGIC)


def is_sealed_file(path: Path) -> bool:
    """Tell whether a file was written by `seal_file`."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def key_of_file(path: Path) -> int:
    """Return the id of the key that a sealed file needs."""
    with path.open("rb") as file:
        return key_of(file.read(HEADER)[len(MAGIC) :])


def reseal_file(path: Path) -> bool:
    """Seal a file's own key with the present key, in place and in one write; tell whether that was needed."""
    with path.open("r+b") as file:
        own_key = _own_key(file)
        file.seek(0)
        if key_of(file.read(HEADER)[len(MAGIC) :]) == current_key():
            return False
        file.seek(0)
        file.write(MAGIC + _seal_bytes(own_key, MAGIC))
        file.flush()
        os.fsync(file.fileno())
    return True
