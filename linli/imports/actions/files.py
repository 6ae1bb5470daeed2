"""Where uploaded and made files lie: sealed, readable by Linli alone, under names that say nothing."""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from linli.base.crypto import FileSealer, unseal_file
from linli.base.errors import Refused

FOLDER = "imports"


def path_of(name: str) -> Path:
    """Return where the file `name` lies."""
    return Path(default_storage.path(f"{FOLDER}/{name}"))


def sealer(name: str) -> FileSealer:
    """Open `name` for writing sealed; use it in a `with`."""
    return FileSealer(path_of(name), bound_to=f"imports/{name}")


def opened(name: str) -> BinaryIO:
    """Open a sealed file in clear. Raises Refused where it is gone or was altered."""
    try:
        return unseal_file(path_of(name), bound_to=f"imports/{name}")
    except FileNotFoundError as gone:
        raise Refused(_("这个文件已经按期删除了，请重新上传。")) from gone
    except InvalidTag as broken:
        raise Refused(_("存着的文件已经损坏，不能再读，请重新上传。")) from broken


def keep(name: str, pieces: Iterable[bytes]) -> int:
    """Seal `pieces` as the file `name` and return how many bytes they were; nothing stays behind of a failure."""
    try:
        with sealer(name) as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
    except BaseException:
        drop(name)
        raise
    return file.size


def drop(name: str) -> None:
    """Delete a file; one that is gone is no matter."""
    path_of(name).unlink(missing_ok=True)


def lying() -> list[Path]:
    """Return all files that lie there."""
    folder = path_of("")
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
