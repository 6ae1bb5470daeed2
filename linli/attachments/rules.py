"""What may be kept, how large it may be, and which copy of it a person sees."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

PHOTO_LIMIT = 25 * 1024 * 1024  # bytes of one photo as it is sent
VOICE_LIMIT = 10 * 1024 * 1024  # bytes of one voice message as it is sent
FILES_LIMIT = 40  # files of one subject; nobody describes a broken lamp with more
PIXEL_LIMIT = 50_000_000  # a 48-megapixel phone; unpacked whole, three bytes a pixel
JPEG_PIXEL_LIMIT = 120_000_000  # a 108-megapixel phone; a JPEG is unpacked at an eighth of its size
EDGE = 2048  # px, the longer side of what is stored
THUMBNAIL_EDGE = 320  # px
THUMBNAIL_BYTES = 15 * 1024
DRAFT = ".Draft:"  # in the subject of files that wait for their form ("cases.Draft:…") until `move`
DRAFTS_LIVE = timedelta(days=7)  # then nobody will send that form
ORPHANS_LIVE = timedelta(days=1)  # older files that no row names were left by a killed process
GRIDS = (8, 16, 24)  # cells across a photo that is being covered; 8 leaves 44 px each on a phone

Sight = Literal["full", "public"]
MIB = 1024 * 1024


@dataclass(frozen=True)
class Box:
    """A black box, as fractions (0–1) of the picture's width and height."""

    left: float
    top: float
    right: float
    bottom: float

    def is_within(self) -> bool:
        """Whether it covers something, and nothing outside the picture."""
        return 0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1

    def covers(self, x: float, y: float) -> bool:
        """Whether the point (fractions) lies under it."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom


def rows_for(columns: int, width: int, height: int) -> int:
    """How many rows make the cells of a `columns` wide grid square, or a little higher, on a photo this size (px)."""
    return max(1, columns * height // width) if width else columns


def boxes_of_cells(cells: Iterable[tuple[int, int]], columns: int, rows: int) -> list[Box]:
    """Turn ticked cells (row, column; from 0) into boxes, neighbours in a row joined; drop those outside."""
    ticked = sorted({(row, column) for row, column in cells if 0 <= row < rows and 0 <= column < columns})
    boxes: list[Box] = []
    for row, column in ticked:
        left, right = column / columns, (column + 1) / columns
        top, bottom = row / rows, (row + 1) / rows
        if boxes and boxes[-1].top == top and boxes[-1].right == left:
            boxes[-1] = Box(boxes[-1].left, top, right, bottom)
        else:
            boxes.append(Box(left, top, right, bottom))
    return boxes


def megabytes(size: int) -> str:
    """Bytes as a person reads them: "30 MB"; rounded up, so that one byte too many shows."""
    return f"{-(-size * 10 // MIB) / 10:g} MB"
