"""WebM (RFC 8794, RFC 9559): tags become empty space of the same size, so that no offset moves."""

import struct
from collections.abc import Iterator

_VOID = b"\xec"
_SEGMENT, _CLUSTER, _INFO, _TRACKS, _TRACK = 0x18538067, 0x1F43B675, 0x1549A966, 0x1654AE6B, 0xAE
_OPENED = {_SEGMENT, _CLUSTER, _INFO, _TRACKS, _TRACK}
_TOP = {_SEGMENT, _CLUSTER, _INFO, _TRACKS, 0x114D9B74, 0x1C53BB6B, 0x1254C367, 0x1941A469, 0x1043A770}
# Tags, attachments, chapters; in the info: title, date, file name, applications; a track's name.
_SAYS = {0x1254C367, 0x1941A469, 0x1043A770, 0x7BA9, 0x4461, 0x7384, 0x4D80, 0x5741, 0x536E}
_KIND, _SOUND, _SCALE, _LENGTH, _TIME = 0x83, 2, 0x2AD7B1, 0x4489, 0xE7
_UNKNOWN = -1


def clean_webm(content: bytes) -> tuple[bytes, float]:
    """Blank what the file says of itself; refuse what has another track than sound."""
    file = bytearray(content)
    kinds: set[int] = set()
    values: dict[int, bytes] = {}
    for name, at, start, end in _walk(content, 0, len(content)):
        if name in _SAYS:
            file[at:end] = _void(end - at)
        elif name == _KIND:
            kinds.add(_number(content[start:end]))
        elif name in {_SCALE, _LENGTH, _TIME}:
            values[name] = content[start:end]
    if kinds != {_SOUND}:
        raise ValueError("no sound, or moving pictures")
    return bytes(file), _ticks(values) * _number(values.get(_SCALE, b"\x0f\x42\x40")) / 1e9


def _ticks(values: dict[int, bytes]) -> float:
    """The length in ticks, or the time of the last cluster where a recorder wrote none."""
    length = values.get(_LENGTH)
    if length is not None:
        return float(struct.unpack(">f" if len(length) == 4 else ">d", length)[0])
    return _number(values.get(_TIME, b""))


def _walk(content: bytes, at: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """(name, where the element is, where its body is, where it ends), elements within others included."""
    while at < end:
        name, start = _identifier(content, at)
        size, start = _size(content, start)
        # A recording that was cut off: what is there can be heard.
        stop = end if size == _UNKNOWN else min(start + size, end)
        yield name, at, start, stop
        if size == _UNKNOWN and name == _CLUSTER:
            at = start  # its blocks follow one after another until the next cluster
        elif name in _OPENED:
            yield from _walk(content, start, stop)
            at = stop
        else:
            at = stop


def _identifier(content: bytes, at: int) -> tuple[int, int]:
    width = 9 - content[at].bit_length()
    if width > 4:
        raise ValueError("no element")
    return _number(content[at : at + width]), at + width


def _size(content: bytes, at: int) -> tuple[int, int]:
    width = 9 - content[at].bit_length()
    if width > 8:
        raise ValueError("no size")
    value = _number(content[at : at + width]) & ((1 << 7 * width) - 1)
    return (_UNKNOWN if value == (1 << 7 * width) - 1 else value), at + width


def _number(content: bytes) -> int:
    return int.from_bytes(content, "big")


def _void(length: int) -> bytes:
    """An empty element of `length` bytes (at least two)."""
    if length < 10:
        return _VOID + bytes([0x80 | length - 2]) + bytes(length - 2)
    return _VOID + (0x01 << 56 | length - 9).to_bytes(8, "big") + bytes(length - 9)
