"""Whom a check has met, kept beside its file between the turns of the worker: parts of keyed hashes, nothing else.

A mark is written before its chunk is kept and counts only where the run says that its row is done.
"""

import struct
from collections.abc import Iterable

from linli.imports.actions import files
from linli.imports.models import Run

_PAIR = struct.Struct("<QQ")  # number of the row, mark
_LOT = 4096


def _name(run: Run) -> str:
    return f"{run.token}.met"


def add(run: Run, met: Iterable[tuple[int, int]]) -> None:
    """Note (row, mark) of those whom a chunk was the first to meet."""
    path = files.path_of(_name(run))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("ab") as file:
        file.write(b"".join(_PAIR.pack(row, mark) for row, mark in met))


def read(run: Run) -> set[int]:
    """Return the marks of the rows that are done."""
    found: set[int] = set()
    path = files.path_of(_name(run))
    if not path.exists():
        return found
    with path.open("rb") as file:
        while piece := file.read(_PAIR.size * _LOT):
            whole = piece[: len(piece) // _PAIR.size * _PAIR.size]
            found.update(mark for row, mark in _PAIR.iter_unpack(whole) if row <= run.done)
    return found


def drop(run: Run) -> None:
    """Forget them."""
    files.drop(_name(run))
