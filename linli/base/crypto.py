"""Personal fields at rest: AES-256-GCM bound to table, column and row, found again through a keyed blind index.

Stored form: version ‖ key id ‖ 12-byte nonce ‖ ciphertext ‖ tag. The additional data is `table/column/row`, so a value
pasted into another row does not open. A bare hash of a phone number is found in seconds; the index is an HMAC.
"""

import hashlib
import hmac
import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from linli.base.keys import keep_secret

VERSION = 1


@lru_cache
def _key(folder: Path, name: str) -> bytes:
    return bytes.fromhex(keep_secret(folder / name))


def current_key() -> int:
    """Return the id (1–255) of the key that new values are sealed with: the highest there is."""
    ids = [int(path.name) for path in Path(settings.FIELD_KEYS).glob("[0-9]*") if path.name.isdecimal()]
    return max(ids, default=1)


def seal(clear: str, *, bound_to: str) -> bytes:
    """Encrypt `clear` for the one place `bound_to` ("people.Person/phone/<row token>"); "" stays empty."""
    if not clear:
        return b""
    key_id, nonce = current_key(), os.urandom(12)
    sealed = AESGCM(_key(settings.FIELD_KEYS, str(key_id))).encrypt(nonce, clear.encode(), bound_to.encode())
    return bytes([VERSION, key_id]) + nonce + sealed


def unseal(stored: bytes | memoryview, *, bound_to: str) -> str:
    """Decrypt what `seal` made. Raises InvalidTag where the value was moved or altered."""
    stored = bytes(stored)
    if not stored:
        return ""
    key = _key(settings.FIELD_KEYS, str(stored[1]))
    return AESGCM(key).decrypt(stored[2:14], stored[14:], bound_to.encode()).decode()


def blind_index(normalised: str) -> str:
    """Return the 64 hex digits by which an exact value is found without being readable; "" for ""."""
    if not normalised:
        return ""
    return hmac.new(_key(settings.FIELD_KEYS, "index"), normalised.encode(), hashlib.sha256).hexdigest()
