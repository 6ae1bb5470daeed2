"""Recordings that are a row of frames: MP3, AMR and WAV. Only what is sound is copied."""

import struct

_AMR_SIZES = (12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0)  # bytes after the mode byte; RFC 4867
_AMR_WIDE_SIZES = (17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0, 0, 0, 0, 0)
_AMR_SECONDS = 0.02
_MP3_RATES = (44100, 48000, 32000)
_MP3_KILOBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_KILOBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_WAV_KEPT = {b"fmt ", b"fact", b"data"}


def clean_amr(content: bytes) -> tuple[bytes, float]:
    """Copy the frames of AMR or AMR-WB up to the first that is not whole (RFC 4867, section 5)."""
    wide = content.startswith(b"#!AMR-WB\n")
    head = b"#!AMR-WB\n" if wide else b"#!AMR\n"
    if not content.startswith(head):
        raise ValueError("AMR with several channels")
    sizes = _AMR_WIDE_SIZES if wide else _AMR_SIZES
    at, frames = len(head), 0
    while at < len(content):
        size = 1 + sizes[content[at] >> 3 & 15]
        if at + size > len(content):
            break
        at, frames = at + size, frames + 1
    return _some(content[:at], frames * _AMR_SECONDS)


def clean_mp3(content: bytes) -> tuple[bytes, float]:
    """Copy the MPEG layer III frames; ID3, APE and Xing tags stay behind."""
    at = _after_id3(content)
    kept: list[bytes] = []
    seconds = 0.0
    while at + 4 <= len(content):
        size, duration = _mp3_frame(content[at : at + 4])
        frame = content[at : at + size]
        if not size or len(frame) < size:
            break
        if not _is_tag_frame(frame):
            kept.append(frame)
            seconds += duration
        at += size
    return _some(b"".join(kept), seconds)


def clean_wav(content: bytes) -> tuple[bytes, float]:
    """Copy format and samples; LIST, bext, id3 and every other chunk stay behind."""
    if content[8:12] != b"WAVE":
        raise ValueError("RIFF, but no sound")
    chunks: list[bytes] = []
    per_second = length = 0
    at = 12
    while at + 8 <= len(content):
        name, size = content[at : at + 4], struct.unpack_from("<I", content, at + 4)[0]
        body = content[at + 8 : at + 8 + size]
        if name == b"fmt ":
            per_second = struct.unpack_from("<I", body, 8)[0]
        if name in _WAV_KEPT:
            chunks.append(name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2))
        if name == b"data":
            length = len(body)
        at += 8 + size + size % 2
    kept = b"WAVE" + b"".join(chunks)
    seconds = length / per_second if per_second else 0.0
    return _some(b"RIFF" + struct.pack("<I", len(kept)) + kept, seconds)


def _some(content: bytes, seconds: float) -> tuple[bytes, float]:
    if seconds <= 0:
        raise ValueError("no sound in it")
    return content, seconds


def _after_id3(content: bytes) -> int:
    """Where the sound begins: behind an ID3v2 tag, whose size has seven bits a byte."""
    if not content.startswith(b"ID3"):
        return 0
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte & 127
    return 10 + size


def _mp3_frame(head: bytes) -> tuple[int, float]:
    """(bytes, seconds) of the layer III frame that this head opens (ISO/IEC 11172-3, 13818-3); (0, 0) if none."""
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    kilobits, rate = head[2] >> 4, head[2] >> 2 & 3
    if head[0] != 255 or head[1] >> 5 != 7 or version == 1 or layer != 1 or kilobits in (0, 15) or rate == 3:
        return 0, 0.0
    is_first = version == 3
    hertz = _MP3_RATES[rate] // (1 if is_first else 2 if version == 2 else 4)
    bits = (_MP3_KILOBITS_1 if is_first else _MP3_KILOBITS_2)[kilobits] * 1000
    samples = 1152 if is_first else 576
    return samples // 8 * bits // hertz + (head[2] >> 1 & 1), samples / hertz


def _is_tag_frame(frame: bytes) -> bool:
    """Whether it is no sound but the encoder's card (Xing, Info, VBRI)."""
    return any(mark in frame[:64] for mark in (b"Xing", b"Info", b"VBRI"))
