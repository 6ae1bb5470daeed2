"""The published folder: the same files as the addresses under /log/<log>/, for mirrors and for recovery.

Files are written whole and the checkpoint last, so that whoever reads the folder finds a tree that it describes.
"""

import shutil
from pathlib import Path

from linli.transparency import notes, store, tiles
from linli.transparency.keyring import keep_file
from linli.transparency.models import Checkpoint, PublicKey


def publish(log: str, folder: Path) -> int:
    """Bring `folder` up to the newest checkpoint of `log` and return its size; only what is new is written."""
    checkpoint = store.latest_checkpoint(log)
    if checkpoint is None:
        return 0
    since = published_size(folder)
    if since > checkpoint.size:
        raise store.Broken(f"{log}: {since} > {checkpoint.size}")
    for level, number, width in tiles.shape(checkpoint.size, since):
        _write_tile(log, folder, level, number, width)
    _keep_changed(folder / "keys", keys_text(log).encode())
    _keep_changed(folder / "checkpoint", store.cosigned_note(checkpoint).encode())
    return checkpoint.size


def published_size(folder: Path) -> int:
    """Return the size that the folder's own checkpoint names, 0 where there is none."""
    path = folder / "checkpoint"
    return notes.read_head(notes.split(path.read_text())[0]).size if path.exists() else 0


def keys_text(log: str) -> str:
    """Return the public keys of the log and of its witnesses, one a line, the log's first."""
    keys = PublicKey.objects.filter(log=log).order_by("holder", "-at", "-id")
    return "".join(f"{key.vkey}\n" for key in keys)


def entries_tile(log: str, number: int, width: int) -> bytes:
    """Return one bundle of entries."""
    first = number * tiles.WIDTH
    return tiles.bundle(store.leaves(log, first, first + width))


def head_of(checkpoint: Checkpoint) -> notes.Head:
    """Return what the checkpoint's note says, signatures unchecked."""
    return notes.read_head(notes.split(checkpoint.note)[0])


def _write_tile(log: str, folder: Path, level: int, number: int, width: int) -> None:
    _replace(folder / "tile" / str(level), number, width, store.tile(log, level, number, width))
    if level == 0:
        _replace(folder / "tile" / "entries", number, width, entries_tile(log, number, width))


def _replace(under: Path, number: int, width: int, content: bytes) -> None:
    """Write one tile; the partial ones stay for whoever holds an older checkpoint, until the full one is there."""
    path = under / tiles.name(number, width)
    if not path.exists():
        keep_file(path, content)
        if width == tiles.WIDTH:
            shutil.rmtree(under / (tiles.name(number) + ".p"), ignore_errors=True)


def _keep_changed(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        keep_file(path, content)
