"""Secrets that a deployment makes for itself, once, outside the database.

The folder of field keys holds `1`, `2`, … (what values are sealed with; the highest seals, the others still open) and
`index`, `index-2`, … (what blind indexes are made with, the highest first). The first of each are made by themselves,
together, in an empty folder; in any other a key that is asked for and not there was lost: nothing is made in its place.
"""

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

INDEX = "index"
SETTLED = 2_000_000_000  # nanoseconds after which a folder's time of change tells two changes apart
HIGHEST_ID = 255  # the id is one byte of what is stored


class KeyMissing(RuntimeError):
    """A key is asked for that this machine does not have; the words say what to do."""


def keep_secret(path: Path) -> str:
    """Return the secret kept at `path`, making it (64 hex digits, readable by its owner only) if there is none.

    Two processes that start together agree: the first to create the file wins and the other reads it.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def name_of_index(key_id: int) -> str:
    """Return the file name of an index key: "index", "index-2", …"""
    return INDEX if key_id == 1 else f"{INDEX}-{key_id}"


def sealing_ids(folder: Path) -> list[int]:
    """Return the ids of the sealing keys in the folder, the lowest first."""
    return _listed(folder)[0]


def index_ids(folder: Path) -> list[int]:
    """Return the ids of the index keys in the folder, the lowest first."""
    return _listed(folder)[1]


_known: dict[Path, tuple[int, tuple[list[int], list[int]]]] = {}


def _listed(folder: Path) -> tuple[list[int], list[int]]:
    """Read the folder again only where it changed: a key that another process made is seen at the next use."""
    try:
        changed = os.stat(folder).st_mtime_ns
    except FileNotFoundError:
        return [], []
    known = _known.get(folder)
    if known is not None and known[0] == changed:
        return known[1]
    names = [path.name for path in folder.iterdir()]
    sealing = sorted(int(name) for name in names if name.isdecimal() and 0 < int(name) <= HIGHEST_ID)
    tails = [name.removeprefix(INDEX) for name in names if name == INDEX or name.startswith(f"{INDEX}-")]
    index = sorted(int(tail[1:] or 1) for tail in tails if not tail or tail[1:].isdecimal())
    if time.time_ns() - changed > SETTLED:
        _known[folder] = (changed, (sealing, index))
    return sealing, index


def first_keys(folder: Path) -> None:
    """Make `index` and `1` where the folder is missing or empty; do nothing in any other.

    Both appear at once, so a folder with only one of them has lost the other. Of two processes that start together one
    wins, and the other uses what it made.
    """
    if sealing_ids(folder) or index_ids(folder):
        return
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    keep_secret(draft / INDEX)
    keep_secret(draft / "1")
    try:
        draft.rename(folder)  # onto an empty folder or none; refused where another was first
    except OSError:
        shutil.rmtree(draft)


def next_key(folder: Path) -> int:
    """Make another sealing key and return its id; from now on every process seals with it."""
    return _next(folder, sealing_ids(folder), str)


def next_index_key(folder: Path) -> int:
    """Make another index key and return its id; what was indexed with the older ones is still found."""
    return _next(folder, index_ids(folder), name_of_index)


def _next(folder: Path, ids: list[int], name: Callable[[int], str]) -> int:
    key_id = max(ids, default=0) + 1
    if key_id > HIGHEST_ID:
        raise KeyMissing(_("密钥编号已经用到 255，请先移走旧密钥。"))
    keep_secret(folder / name(key_id))
    return key_id


@lru_cache
def secret_key(folder: Path, name: str) -> bytes:
    """Return the 32 bytes of a field key. Raises KeyMissing with a sentence where it is not there or damaged."""
    path = folder / name
    first_keys(folder)
    try:
        key = bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        raise KeyMissing(
            _("找不到密钥 %(path)s。请从密钥备份中把它放回原处，再启动；没有它，已加密的信息打不开。")
            % {"path": path}
        ) from None
    except ValueError:
        key = b""
    if len(key) != 32:
        raise KeyMissing(_("密钥 %(path)s 的内容不完整，请从密钥备份中恢复。") % {"path": path})
    return key


def forget_keys() -> None:
    """Drop what this process remembers of the keys; after one was taken away, and in tests."""
    secret_key.cache_clear()
    _known.clear()
