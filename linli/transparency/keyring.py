"""The signer's folder: seeds of its keys, numbered, and for each log the last head it signed; no database.

    <folder>/1, 2, …        seeds, 64 hex digits; all of them sign, so that a new key and the old one overlap
    <folder>/state/<log>    the last signed head: size, root and note; it never goes back
    <folder>/lock           held by the one signer that runs

Only the signer's machine has this folder. The web server knows public keys alone, from the database.
"""

import base64
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils.translation import gettext as _

from linli.base.errors import Refused
from linli.base.keys import keep_secret
from linli.transparency import notes
from linli.transparency.notes import Verifier


@dataclass(frozen=True)
class Signed:
    """The last head that was signed for a log."""

    size: int
    root: bytes
    note: str


class Busy(Exception):
    """Another signer holds this folder."""


class Keyring:
    """The keys and the memory of one signer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rotate(self) -> int:
        """Make the next key and return its number; the keys before it go on signing until their files go."""
        number = max(self.numbers(), default=0) + 1
        keep_secret(self.folder / str(number))
        return number

    def numbers(self) -> list[int]:
        """Return the numbers of the keys there are."""
        return sorted(int(path.name) for path in self.folder.glob("[0-9]*") if path.name.isdecimal())

    def keys(self) -> list[Ed25519PrivateKey]:
        """Return the keys that sign, the newest first; the first call of all makes one."""
        numbers = self.numbers() or [self.rotate()]
        return [self._key(self.folder / str(number)) for number in reversed(numbers)]

    def verifiers(self, origin: str) -> list[Verifier]:
        """Return the public keys under the name of the log `origin`, the newest first."""
        return [notes.verifier_of(origin, notes.ED25519, key) for key in self.keys()]

    def sign(self, origin: str, text: str) -> str:
        """Return `text` as a note signed with every key."""
        return text + "\n" + "".join(notes.sign_line(origin, key, text) for key in self.keys())

    def last_signed(self, log: str) -> Signed | None:
        """Return the last head signed for `log`, None before the first. Raises Refused where it is damaged."""
        path = self.folder / "state" / log
        if not path.exists():
            return None
        try:
            kept = json.loads(path.read_text())
            head = notes.read_head(notes.split(kept["note"])[0])
            if (kept["size"], base64.b64decode(kept["root"])) != (head.size, head.root):
                raise ValueError(path)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refused(
                _("签名机的记忆 %(path)s 读不出，拒绝签名。请从备份找回它。") % {"path": path}
            ) from error
        return Signed(head.size, head.root, kept["note"])

    def _key(self, path: Path) -> Ed25519PrivateKey:
        try:
            return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(keep_secret(path)))
        except ValueError as error:
            reason = _("签名钥匙 %(path)s 读不出，应是 64 位十六进制数。请从备份找回它。")
            raise Refused(reason % {"path": path}) from error

    def remember(self, log: str, signed: Signed) -> None:
        """Keep `signed` on the disk before anyone sees its note."""
        root = base64.b64encode(signed.root).decode()
        keep_file(
            self.folder / "state" / log,
            json.dumps({"size": signed.size, "root": root, "note": signed.note}).encode(),
        )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the only signer with this folder. Raises Busy where another is at work."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Busy from error
            yield


def keep_file(path: Path, content: bytes) -> None:
    """Write `content` so that a power cut leaves either the old file or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
