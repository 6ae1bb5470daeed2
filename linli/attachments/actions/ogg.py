"""Ogg with Opus in it (RFC 3533, RFC 7845): its comments are replaced by empty ones, its pages numbered anew."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_HERTZ = 48_000  # an Opus granule counts in these, whatever was recorded
_NO_COMMENTS = b"OpusTags" + struct.pack("<I", 5) + b"linli" + struct.pack("<I", 0)
_CONTINUED = 1


@dataclass
class _Page:
    """One page: flags, position in samples, stream, the lengths of its segments, and their bytes."""

    flags: int
    granule: int
    stream: int
    lacing: bytes
    body: bytes

    def written(self, number: int) -> bytes:
        """The page as bytes, under its new number, with its checksum."""
        head = struct.pack("<4sBBqIII", b"OggS", 0, self.flags, self.granule, self.stream, number, 0)
        page = head + bytes([len(self.lacing)]) + self.lacing + self.body
        return page[:22] + struct.pack("<I", _checksum(page)) + page[26:]


def clean_ogg(content: bytes) -> tuple[bytes, float]:
    """Keep the head and the sound; one stream of Opus only."""
    pages = list(_pages(content))
    head = pages[0]
    if not head.body.startswith(b"OpusHead") or any(page.stream != head.stream for page in pages):
        raise ValueError("no Opus, or more than one stream")
    sound = _behind_comments(pages[1:])
    tags = _Page(0, 0, head.stream, bytes([len(_NO_COMMENTS)]), _NO_COMMENTS)
    skipped = struct.unpack_from("<H", head.body, 10)[0]
    seconds = (max(page.granule for page in sound) - skipped) / _HERTZ
    written = b"".join(page.written(number) for number, page in enumerate([head, tags, *sound]))
    return written, max(seconds, 0.0)


def _pages(content: bytes) -> Iterator[_Page]:
    at = 0
    while at + 27 <= len(content) and content[at : at + 4] == b"OggS":
        flags, granule, stream = struct.unpack_from("<BqI", content, at + 5)
        count = content[at + 26]
        lacing = content[at + 27 : at + 27 + count]
        start = at + 27 + count
        end = start + sum(lacing)
        if end > len(content):
            break
        yield _Page(flags, granule, stream, lacing, content[start:end])
        at = end


def _behind_comments(pages: list[_Page]) -> list[_Page]:
    """What follows the comments; these fill whole pages (RFC 7845, section 3)."""
    if not pages or not pages[0].body.startswith(b"OpusTags"):
        raise ValueError("no comments where they belong")
    ends = next(number for number, page in enumerate(pages, 1) if page.lacing[-1] < 255)
    if len(pages) == ends or pages[ends].flags & _CONTINUED:
        raise ValueError("no sound")
    return pages[ends:]


def _checksum(page: bytes) -> int:
    value = 0
    for byte in page:
        value = (value << 8 & 0xFFFFFFFF) ^ _TABLE[value >> 24 ^ byte]
    return value


def _table_entry(number: int) -> int:
    value = number << 24
    for _bit in range(8):
        value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
    return value


_TABLE = tuple(_table_entry(number) for number in range(256))
