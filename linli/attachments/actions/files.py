"""Files and transactions: a file is whole or absent, and goes when its transaction does not commit."""

import errno
import os
import weakref
from collections.abc import Callable, Iterable
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.errors import Refused
from linli.base.fields import public_token

FULL = {errno.ENOSPC, errno.EDQUOT}
FOLDER = "uploads"


def keep(content: bytes, ending: str) -> str:
    """Write `content` under a fresh random name and return it; the file goes if the transaction rolls back.

    Raises Refused where the disk is full; nothing is left behind then.
    """
    signs = public_token()
    name = f"{FOLDER}/{signs[:2]}/{signs}.{ending}"
    path = Path(default_storage.path(name))
    draft = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as failed:
        draft.unlink(missing_ok=True)
        if failed.errno in FULL:
            raise Refused(no_room()) from failed
        raise
    transaction.on_commit(_Stays(name))
    return name


def drop(names: Iterable[str]) -> None:
    """Delete these files once the present transaction has committed, and only then."""
    doomed = list(names)
    transaction.on_commit(lambda: delete(doomed))


def delete(names: Iterable[str]) -> None:
    """Delete these files now; those already gone are no matter."""
    for name in names:
        default_storage.delete(name)


def sweep(named: Callable[[list[str]], set[str]], *, before: float) -> int:
    """Delete files older than `before` (seconds since 1970) that `named` does not know; return how many."""
    root = Path(default_storage.path(""))
    removed = 0
    old = [path for path in (root / FOLDER).glob("*/*") if path.stat().st_mtime < before]
    for start in range(0, len(old), 500):
        names = [path.relative_to(root).as_posix() for path in old[start : start + 500]]
        orphans = set(names) - named(names)
        delete(orphans)
        removed += len(orphans)
    return removed


def no_room() -> str:
    """The sentence for a full disk and for a full quota."""
    return _(
        "服务器存不下新的照片和录音了，这一个没有存下来。您写的文字都还在：可以先不带它提交，以后再补，"
        "或者打电话告诉社区。"
    )


class _Stays:
    """Told of the commit, the file stays. Django drops this object on rollback, and with it goes the file."""

    def __init__(self, name: str) -> None:
        self._removal = weakref.finalize(self, delete, [name])

    def __call__(self) -> None:
        self._removal.detach()
