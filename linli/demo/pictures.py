"""Pictures for the demo, drawn by a few lines: no photograph of anybody's street is needed."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

SIZE = (960, 720)
NIGHT, DUSK, DAY = (32, 38, 58), (92, 104, 132), (196, 220, 236)
GROUND, WALL, LEAF = (120, 116, 110), (222, 206, 184), (104, 142, 92)


def scene(name: str, *, is_done: bool) -> SimpleUploadedFile:
    """Return a JPEG of the scene `name` before or after the work."""
    drawn = {
        "lamp": _lamp,
        "litter": _litter,
        "lane": _lane,
        "pipe": _pipe,
        "pothole": _pothole,
        "river": _river,
    }
    image = Image.new("RGB", SIZE, NIGHT if name == "lamp" else DAY)
    drawn[name](ImageDraw.Draw(image), is_done)
    kept = BytesIO()
    image.save(kept, "JPEG", quality=82)
    return SimpleUploadedFile(f"{name}-{'after' if is_done else 'before'}.jpg", kept.getvalue(), "image/jpeg")


def _street(draw: ImageDraw.ImageDraw, wall: tuple[int, int, int] = WALL) -> None:
    draw.rectangle((0, 470, 960, 720), fill=GROUND)
    draw.rectangle((40, 120, 420, 470), fill=wall)
    for row in range(3):
        for column in range(4):
            x, y = 80 + column * 85, 160 + row * 95
            draw.rectangle((x, y, x + 48, y + 58), fill=DUSK)
    draw.ellipse((690, 220, 900, 430), fill=LEAF)
    draw.rectangle((785, 400, 805, 480), fill=(104, 78, 56))


def _lamp(draw: ImageDraw.ImageDraw, is_done: bool) -> None:
    _street(draw, wall=(70, 68, 76))
    draw.rectangle((560, 150, 574, 520), fill=(170, 170, 176))
    draw.rectangle((520, 140, 614, 160), fill=(170, 170, 176))
    if is_done:
        draw.polygon(((530, 160), (604, 160), (760, 520), (380, 520)), fill=(168, 152, 96))
        draw.rectangle((528, 158, 606, 172), fill=(255, 240, 190))
    else:
        draw.rectangle((528, 158, 606, 172), fill=(60, 60, 66))


def _litter(draw: ImageDraw.ImageDraw, is_done: bool) -> None:
    _street(draw)
    draw.rounded_rectangle((470, 380, 560, 520), 12, fill=(72, 122, 96))
    draw.rounded_rectangle((570, 380, 660, 520), 12, fill=(86, 96, 130))
    if not is_done:
        for x, y, width, colour in (
            (430, 540, 120, (150, 110, 70)),
            (540, 560, 150, (96, 84, 76)),
            (650, 545, 110, (176, 160, 120)),
        ):
            draw.rounded_rectangle((x, y, x + width, y + 80), 18, fill=colour)
            draw.line((x + 20, y + 10, x + width - 25, y + 60), fill=(60, 50, 44), width=6)


def _lane(draw: ImageDraw.ImageDraw, is_done: bool) -> None:
    _street(draw)
    for x in range(60, 960, 130):
        draw.polygon(((x, 600), (x + 60, 600), (x + 40, 620), (x - 20, 620)), fill=(226, 190, 80))
    if not is_done:
        for x, colour in ((240, (150, 60, 54)), (520, (70, 86, 120))):
            draw.rounded_rectangle((x, 530, x + 230, 610), 26, fill=colour)
            draw.rounded_rectangle((x + 40, 490, x + 180, 545), 22, fill=(190, 206, 216))
            for wheel in (x + 40, x + 160):
                draw.ellipse((wheel, 590, wheel + 44, 634), fill=(40, 40, 44))


def _pipe(draw: ImageDraw.ImageDraw, is_done: bool) -> None:
    _street(draw)
    draw.ellipse((420, 560, 560, 620), fill=(70, 70, 72))
    draw.ellipse((436, 568, 544, 612), fill=(96, 96, 98))
    if not is_done:
        draw.ellipse((330, 590, 760, 690), fill=(104, 96, 66))
        draw.ellipse((410, 552, 570, 630), fill=(104, 96, 66))


def _pothole(draw: ImageDraw.ImageDraw, is_done: bool) -> None:
    _street(draw)
    colour = (104, 102, 98) if is_done else (58, 54, 52)
    for box in ((300, 560, 470, 620), (520, 590, 720, 660), (180, 630, 290, 670)):
        draw.ellipse(box, fill=colour)
        if not is_done:
            draw.ellipse(
                tuple(v + d for v, d in zip(box, (20, 18, -20, -6), strict=True)), fill=(112, 128, 140)
            )


def _river(draw: ImageDraw.ImageDraw, is_done: bool) -> None:
    _street(draw)
    draw.rectangle((0, 540, 960, 720), fill=(96, 150, 170) if is_done else (58, 62, 54))
    draw.line((0, 530, 960, 530), fill=(190, 190, 190), width=8)
    for x in range(20, 960, 80):
        draw.line((x, 470, x, 535), fill=(190, 190, 190), width=8)
