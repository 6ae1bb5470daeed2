"""A whole published log, from a folder or an address: every entry read, every tile compared, the root made anew."""

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from linli_verify import merkle
from linli_verify.notes import Checkpoint, FalseError, Key, UnreadableError, read_checkpoint

WIDTH = 256
PATIENCE = 30


class Published:
    """The files of one log (C2SP tlog-tiles)."""

    def __init__(self, source: str) -> None:
        self.source = source.rstrip("/")

    def read(self, path: str) -> bytes:
        """Return one file. Raises UnreadableError where it is not there."""
        try:
            if self.source.startswith(("http://", "https://")):
                return self._fetch(path)
            return (Path(self.source) / path).read_bytes()
        except (
            OSError,
            http.client.HTTPException,
            ValueError,
        ) as error:  # ValueError: no such address can be
            raise UnreadableError(path) from error

    def tile(self, kind: str, number: int, width: int) -> bytes:
        """Return a tile: a partial one may be gone as soon as the full one is there, which begins the same."""
        path = f"tile/{kind}/"
        try:
            return self.read(path + tile_name(number, width))
        except UnreadableError:
            if width == WIDTH:
                raise
            return self.read(path + tile_name(number, WIDTH))

    def checkpoint(self, keys: list[Key]) -> Checkpoint:
        """Return the newest checkpoint, its signatures checked."""
        try:
            return read_checkpoint(self.read("checkpoint").decode(), keys)
        except UnicodeDecodeError as error:
            raise UnreadableError("checkpoint") from error

    def entries(self, size: int) -> Iterator[bytes]:
        """Yield the first `size` entries."""
        for number in range(-(-size // WIDTH)):
            width = min(WIDTH, size - number * WIDTH)
            found = _entries_of(self.tile("entries", number, width))
            yield from found[:width]
            if len(found) != width:
                raise FalseError(f"entry {number * WIDTH + min(len(found), width)}")

    def hashes(self, size: int, level: int = 0) -> Iterator[bytes]:
        """Yield the `size` hashes of one level of tiles."""
        for number in range(-(-size // WIDTH)):
            width = min(WIDTH, size - number * WIDTH)
            data = self.tile(str(level), number, width)
            if len(data) < 32 * width:
                raise FalseError(f"tile/{level} {number}")
            yield from (data[at : at + 32] for at in range(0, 32 * width, 32))

    def _fetch(self, path: str) -> bytes:
        parts = urlsplit(self.source)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=PATIENCE)
        try:
            connection.request("GET", f"{parts.path}/{path}")
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise UnreadableError(f"{path}: {answer.status}")
        return body


def tile_name(number: int, width: int) -> str:
    """Return how a tile's number is written in a path: 1234067 is x001/x234/067."""
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return name if width == WIDTH else f"{name}.p/{width}"


def check(published: Published, checkpoint: Checkpoint) -> None:
    """Recompute the tree from the entries up. Raises FalseError with the number of the first entry that is wrong."""
    level_hashes = _check_entries(published, checkpoint)
    level = 0
    while len(level_hashes) >= WIDTH:
        level_hashes = [
            _root_of(level_hashes[at : at + WIDTH])
            for at in range(0, len(level_hashes) // WIDTH * WIDTH, WIDTH)
        ]
        level += 1
        for number, stored in enumerate(published.hashes(len(level_hashes), level)):
            if stored != level_hashes[number]:
                raise FalseError(f"tile/{level} {number}")


def check_extends(published: Published, old: Checkpoint, new: Checkpoint) -> None:
    """Show from the published hashes that `new` begins with all that `old` signed. Raises FalseError."""
    if old.origin != new.origin or old.size > new.size:
        raise FalseError("consistency")
    grown = merkle.Growing()
    roots = {}
    for hashed in published.hashes(new.size):
        grown.add(hashed)
        if grown.size in (old.size, new.size):
            roots[grown.size] = grown.root()
    roots.setdefault(0, merkle.EMPTY_ROOT)
    if roots[old.size] != old.root or roots[new.size] != new.root:
        raise FalseError("consistency")


def _check_entries(published: Published, checkpoint: Checkpoint) -> list[bytes]:
    grown, computed = merkle.Growing(), []
    stored = published.hashes(checkpoint.size)
    for number, entry in enumerate(published.entries(checkpoint.size)):
        hashed = merkle.hash_leaf(entry)
        if next(stored, b"") != hashed:
            raise FalseError(f"entry {number}")
        grown.add(hashed)
        computed.append(hashed)
    if grown.root() != checkpoint.root:
        raise FalseError("root")
    return computed


def _root_of(hashes: list[bytes]) -> bytes:
    grown = merkle.Growing()
    for hashed in hashes:
        grown.add(hashed)
    return grown.root()


def _entries_of(data: bytes) -> list[bytes]:
    """The entries of a bundle, as far as it can be read: what cannot is missing and so named by its number."""
    entries, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        if at + 2 + length > len(data):
            break
        entries.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    return entries
