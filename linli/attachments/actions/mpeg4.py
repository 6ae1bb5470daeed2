"""MP4, M4A and 3GP (ISO/IEC 14496-12): tags become empty space of the same size, so that no offset moves."""

import struct
from collections.abc import Iterator

_TAGS = {b"udta", b"meta", b"uuid", b"loci", b"iods"}  # what a box says of title, place, device, author
_OPENED = {b"moov", b"trak", b"mdia", b"moof", b"traf", b"mvex"}
_DATED = {b"mvhd", b"tkhd", b"mdhd"}  # they open with the times at which they were made and changed
_KNOWN = {
    b"ftyp",
    b"styp",
    b"moov",
    b"moof",
    b"mdat",
    b"free",
    b"skip",
    b"wide",
    b"sidx",
    b"mfra",
    b"meta",
    b"uuid",
    b"udta",
}
_PICTURES = {b"vide", b"pict", b"subt", b"text"}


def clean_mpeg4(content: bytes) -> tuple[bytes, float]:
    """Blank tags and times; refuse what has moving pictures."""
    file = bytearray(content)
    seconds = 0.0
    has_sound = False
    for name, start, end in list(_walk(content, 0, len(content))):
        if name in _TAGS:
            file[start - 4 : start] = b"free"
            file[start:end] = bytes(end - start)
        elif name in _DATED:
            wide = content[start] == 1
            file[start + 4 : start + (20 if wide else 12)] = bytes(16 if wide else 8)
        if name == b"mvhd":
            seconds = _duration(content, start)
        if name == b"hdlr":
            if content[start + 8 : start + 12] in _PICTURES:
                raise ValueError("moving pictures")
            has_sound = has_sound or content[start + 8 : start + 12] == b"soun"
            file[start + 24 : end] = bytes(end - start - 24)  # the device's name for its track
    if not has_sound:
        raise ValueError("no sound")
    return bytes(file), seconds


def _walk(content: bytes, at: int, end: int, depth: int = 0) -> Iterator[tuple[bytes, int, int]]:
    """(name, start, end) of the body of each box from `at` to `end`, and of those within."""
    while at + 8 <= end:
        size, name = struct.unpack_from(">I4s", content, at)
        start = at + 8
        if size == 1:
            size, start = struct.unpack_from(">Q", content, at + 8)[0], at + 16
        stop = end if size == 0 else at + size
        if stop < start or stop > end or (depth == 0 and name not in _KNOWN):
            raise ValueError(f"no box that is known: {name!r}")
        yield name, start, stop
        if name in _OPENED:
            yield from _walk(content, start, stop, depth + 1)
        at = stop


def _duration(content: bytes, start: int) -> float:
    """Seconds by the movie header: its length over its time scale."""
    if content[start] == 1:
        scale, length = struct.unpack_from(">IQ", content, start + 20)
    else:
        scale, length = struct.unpack_from(">II", content, start + 12)
    return float(length / scale) if scale and length < 2**32 - 1 else 0.0
