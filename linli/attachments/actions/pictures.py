"""Photos as bytes: opened by what they are, turned upright, and written anew.

Nothing is copied but pixels: EXIF, GPS, XMP, comments, embedded thumbnails and colour profiles stay behind.
"""

import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any

import pi_heif
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageCms, ImageDraw, ImageOps

from linli.attachments.rules import (
    EDGE,
    JPEG_PIXEL_LIMIT,
    PIXEL_LIMIT,
    THUMBNAIL_BYTES,
    THUMBNAIL_EDGE,
    Box,
)
from linli.base.errors import Refused, require

pi_heif.register_heif_opener()

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
QUALITY = 85
_HEIF_HEAD = 256 * 1024  # bytes in which a HEIC describes its pictures
_LOOKS_LIKE_PHOTO = re.compile(rb"\xff\xd8\xff|\x89PNG|RIFF....WEBP|....ftyp(?:hei|hev|mif1|msf1)", re.DOTALL)


@dataclass(frozen=True)
class Picture:
    """A photo as it is kept. The position is what the camera had written, in WGS-84 degrees, or None."""

    photo: bytes
    thumbnail: bytes
    width: int
    height: int
    latitude: float | None
    longitude: float | None


def prepare(file: IO[bytes]) -> Picture:
    """Read a JPEG, PNG, WebP or HEIC (first frame), whatever its name; make the stored copy and a thumbnail.

    Raises Refused with a sentence for the sender where it is none of these, is broken or unpacks to too much.
    """
    image = _opened(file)
    limit = JPEG_PIXEL_LIMIT if image.format in {"JPEG", "MPO"} else PIXEL_LIMIT
    require(
        image.width * image.height <= limit,
        _("这张照片有 %(width)s×%(height)s 像素，太大了，打不开。请把它缩小，或者拍一张新的再传。")
        % {"width": image.width, "height": image.height},
    )
    try:
        latitude, longitude = _position(image)
        _say_how_heif_was_held(image, file)
        upright = _upright(image)
    except Exception as broken:  # a decoder that is fed hostile bytes may raise anything
        raise Refused(_broken()) from broken
    return Picture(_jpeg(upright), _thumbnail(upright), *upright.size, latitude, longitude)


def blacken(photo: bytes, boxes: Iterable[Box]) -> tuple[bytes, bytes]:
    """Return a copy of a stored photo, and its thumbnail, in which the boxes are black."""
    with Image.open(io.BytesIO(photo), formats=["JPEG"]) as stored:
        image = stored.convert("RGB")
    draw = ImageDraw.Draw(image)
    for box in boxes:
        corner = (math.floor(box.left * image.width), math.floor(box.top * image.height))
        opposite = (math.ceil(box.right * image.width), math.ceil(box.bottom * image.height))
        draw.rectangle((corner, opposite), fill="black")
    return _jpeg(image), _thumbnail(image)


def _opened(file: IO[bytes]) -> Image.Image:
    try:
        file.seek(0)
        return Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError as bomb:
        raise Refused(_("这张照片的像素太多了，打不开。请把它缩小，或者拍一张新的再传。")) from bomb
    except Exception as broken:
        if _LOOKS_LIKE_PHOTO.match(_head(file)):
            raise Refused(_broken()) from broken
        sentence = _("这个文件不是能打开的照片。请选手机拍的照片（JPG、PNG、WebP 或 HEIC 格式）。")
        raise Refused(sentence) from broken


def _head(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(16)


def _broken() -> str:
    return _("这张照片没有传完整，打不开。请重新选一次，或者重拍一张。")


def _say_how_heif_was_held(image: Image.Image, file: IO[bytes]) -> None:
    """Give a HEIC back its EXIF orientation where the decoder turned nothing (no `irot`, no `imir` in its head)."""
    held = image.info.get("original_orientation")
    if image.format != "HEIF" or not held:
        return
    file.seek(0)
    head = file.read(_HEIF_HEAD)
    if b"irot" not in head and b"imir" not in head:
        image.getexif()[ExifTags.Base.Orientation] = held


def _upright(image: Image.Image) -> Image.Image:
    """Decode, turn as the camera was held, shrink, and flatten to a new sRGB image without any baggage."""
    image.draft("RGB", (EDGE, EDGE))  # a JPEG is decoded small, never smaller than asked
    image.load()
    turned = ImageOps.exif_transpose(image)
    coloured = _in_colour(turned)
    coloured.thumbnail((EDGE, EDGE), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", coloured.size, "white")
    clean.paste(coloured, mask=coloured.getchannel("A") if coloured.mode == "RGBA" else None)
    return clean


def _in_colour(image: Image.Image) -> Image.Image:
    """RGB or RGBA of any mode: palettes, greys of 1, 8 and 16 bits, CMYK; wide-gamut photos come to sRGB."""
    if image.mode.startswith("I"):  # 16 bits a grey: the upper eight are what a screen shows
        image = image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            brought = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            return brought or image.convert("RGB")
        except ImageCms.PyCMSError:
            pass  # a broken profile: the plain conversion is near enough
    has_alpha = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    return image.convert("RGBA" if has_alpha else "RGB")


def _jpeg(image: Image.Image, quality: int = QUALITY) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def _thumbnail(image: Image.Image) -> bytes:
    """A JPEG of at most 15 KB: less fine where needed, then smaller."""
    edge = THUMBNAIL_EDGE
    while True:
        small = image.copy()
        small.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        for quality in (75, 60, 45, 30):
            written = _jpeg(small, quality)
            if len(written) <= THUMBNAIL_BYTES:
                return written
        edge //= 2


def _position(image: Image.Image) -> tuple[float | None, float | None]:
    """(latitude, longitude) in degrees as the camera wrote them (EXIF 2.3, GPS IFD), or (None, None)."""
    gps: dict[int, Any] = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    latitude = _degrees(
        gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), negative="S", limit=90
    )
    longitude = _degrees(
        gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), negative="W", limit=180
    )
    known = latitude is not None and longitude is not None and (latitude, longitude) != (0, 0)
    return (latitude, longitude) if known else (None, None)


def _degrees(parts: Sequence[Any] | None, side: Any, *, negative: str, limit: int) -> float | None:
    """Degrees, minutes and seconds as one number; None where the camera wrote nonsense."""
    try:
        degrees, minutes, seconds = (float(part) for part in parts or ())
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value) or not 0 <= value <= limit:
        return None
    side = side.decode("ascii", "ignore") if isinstance(side, bytes) else str(side or "")
    return -value if side.strip("\0 ").upper() == negative else value
