"""Photos and sounds that tests make for themselves; every one carries what must not survive."""

import io
import struct
import zlib
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image, PngImagePlugin

MATERIAL = Path(__file__).parent / "material"
SECRET = b"SECRETMAKER"


def exif(orientation: int = 1) -> Image.Exif:
    """28.01° N, 120.7° E, a maker's name, and how the camera was held."""
    written = Image.Exif()
    written[ExifTags.Base.Make] = SECRET.decode()
    written[ExifTags.Base.Orientation] = orientation
    gps = written.get_ifd(ExifTags.IFD.GPSInfo)
    gps[1], gps[2], gps[3], gps[4] = "N", (28.0, 0.0, 36.0), "E", (120.0, 42.0, 0.0)
    return written


def picture(width: int = 64, height: int = 48) -> Image.Image:
    """Blue on the left, red on the right."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    image.paste((20, 20, 200), (0, 0, width // 2, height))
    return image


def encoded(form: str, image: Image.Image | None = None, **how: object) -> bytes:
    out = io.BytesIO()
    (image or picture()).save(out, form, **how)
    return out.getvalue()


def photo(form: str, orientation: int = 1) -> bytes:
    """A photo of each way in, with maker, position, comment and XMP where its format has room for them."""
    if form == "HEIC":
        return (MATERIAL / "phone.heic").read_bytes()
    if form == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", SECRET.decode())
        return encoded("PNG", exif=exif(orientation), pnginfo=text)
    if form == "WEBP":
        return encoded("WEBP", exif=exif(orientation), xmp=b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>")
    return encoded("JPEG", exif=exif(orientation), comment=SECRET, quality=90)


def upload(content: bytes, name: str = "照片.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it is 30,000 by 30,000 pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(10**6)))
        + chunk(b"IEND", b"")
    )


# ---- sounds: small, but whole containers with tags in them ----


def wav() -> bytes:
    form = struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)
    tags = b"INFOIART" + struct.pack("<I", len(SECRET)) + SECRET + b"\0"
    chunks = b"".join(
        name + struct.pack("<I", len(body)) + body
        for name, body in ((b"fmt ", form), (b"LIST", tags), (b"data", bytes(16_000)))
    )
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks


def mp3() -> bytes:
    frame = b"\xff\xfb\x90\xc0" + bytes(413)  # MPEG-1 layer III, 128 kbit/s, 44,100 Hz: 417 bytes, 26 ms
    return b"ID3\x04\0\0\0\0\0\x0b" + SECRET + frame * 80 + b"TAG" + SECRET + bytes(114)


def amr() -> bytes:
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * 100 + b"\x3c" + SECRET  # the last frame is cut off


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + name + body


def m4a(handler: bytes = b"soun") -> bytes:
    movie = box(b"mvhd", struct.pack(">IIIII", 0, 3_800_000_000, 3_800_000_000, 1000, 3000) + bytes(80))
    track = box(
        b"trak",
        box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(12) + SECRET)),
        box(b"udta", SECRET),
    )
    place = box(b"udta", box(b"\xa9xyz", b"+28.0100+120.7000/"), box(b"\xa9nam", SECRET))
    return box(b"ftyp", b"M4A \0\0\0\0") + box(b"moov", movie, track, place) + box(b"mdat", b"sound")


def element(name: str, body: bytes, *, open_ended: bool = False) -> bytes:
    size = b"\xff" if open_ended else bytes([0x40 | len(body) >> 8, len(body) & 255])
    return bytes.fromhex(name) + size + body


def webm(kind: int = 2) -> bytes:
    """As a browser records: the length of segment and cluster is not known yet."""
    info = element("1549A966", element("2AD7B1", b"\x0f\x42\x40") + element("7BA9", SECRET))
    tracks = element("1654AE6B", element("AE", element("83", bytes([kind])) + element("536E", SECRET)))
    tags = element("1254C367", SECRET * 3)
    first = element("1F43B675", element("E7", b"\0") + element("A3", b"sound"), open_ended=True)
    later = element("1F43B675", element("E7", b"\x07\xd0") + element("A3", b"sound"), open_ended=True)
    segment = element("18538067", info + tracks + tags + first + later, open_ended=True)
    return element("1A45DFA3", element("4282", b"webm")) + segment


def page(body: bytes, *, granule: int, number: int, stream: int = 9, flags: int = 0) -> bytes:
    lacing = bytes([255] * (len(body) // 255) + [len(body) % 255])
    return (
        struct.pack("<4sBBqIII", b"OggS", 0, flags, granule, stream, number, 0)
        + bytes([len(lacing)])
        + lacing
        + body
    )


def ogg() -> bytes:
    head = b"OpusHead\x01\x01" + struct.pack("<HIhB", 312, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", len(SECRET)) + SECRET + struct.pack("<I", 0) + bytes(600)
    return (
        page(head, granule=0, number=0, flags=2)
        + page(tags, granule=0, number=1)
        + page(b"\x08sound", granule=96_312, number=2, flags=4)
    )


SOUNDS = {"wav": wav, "mp3": mp3, "amr": amr, "m4a": m4a, "webm": webm, "ogg": ogg}
