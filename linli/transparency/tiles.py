"""How the tree is published: C2SP tlog-tiles, 256 hashes to a tile; pure."""

import re
from collections.abc import Iterable, Iterator

WIDTH = 256
HEIGHT = 8  # levels of the tree in one level of tiles
MOST_BYTES = 65_535
MOST_LEVEL = 7  # 256^8 entries is more than there will be
PATH = re.compile(r"((?:x\d{3}/)*\d{3})(?:\.p/(\d{1,3}))?")


def name(number: int, width: int = WIDTH) -> str:
    """Return the path of a tile's number: 1234067 is x001/x234/067, and partial ones end in .p/<width>."""
    digits = f"{number:03d}" if number < 1000 else f"{number:0{-(-len(str(number)) // 3) * 3}d}"
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return path if width == WIDTH else f"{path}.p/{width}"


def parse(path: str) -> tuple[int, int] | None:
    """Return (number, width) of a path that `name` would write, None for any other."""
    found = PATH.fullmatch(path)
    if not found:
        return None
    number = int(found[1].replace("x", "").replace("/", ""))
    width = int(found[2]) if found[2] else WIDTH
    return (number, width) if name(number, width) == path and 0 < width <= WIDTH else None


def shape(size: int, since: int = 0) -> Iterator[tuple[int, int, int]]:
    """Yield (level, number, width) of every tile of a tree of `size`, but for full ones there at `since`.

    Level 0 also tells the bundles of entries. A tile is never empty.
    """
    level = 0
    while size and level <= MOST_LEVEL:
        for number in range(since // WIDTH, -(-size // WIDTH)):
            yield level, number, min(WIDTH, size - number * WIDTH)
        level, size, since = level + 1, size // WIDTH, since // WIDTH


def bundle(entries: Iterable[bytes]) -> bytes:
    """Return entries one behind the other, each led by its length in two bytes. Raises ValueError if too long."""
    parts = []
    for entry in entries:
        if len(entry) > MOST_BYTES:
            raise ValueError(f"an entry has at most {MOST_BYTES} bytes")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def unbundle(data: bytes) -> list[bytes]:
    """Return the entries of a bundle. Raises ValueError where it is cut off."""
    entries, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or end > len(data):
            raise ValueError("the bundle of entries is cut off")
        entries.append(data[at + 2 : end])
        at = end
    return entries
