"""Reading the tables that people bring: comma or tab, UTF-8 with or without mark, GBK or UTF-16."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.base.tables import decoded
from linli.places.rules import clean_name


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file as it was typed; `number` is the line of the file on which it ends."""

    file: str
    number: int
    cells: dict[str, str]


def lines_of(path: Path) -> Iterator[Line]:
    """Yield the rows of the CSV at `path`; empty ones are passed over.

    Each line is read by itself: no cell of such a table holds a line break, and a stray quotation mark must
    not swallow the good rows after it.
    """
    header: list[str] = []
    for number, text in enumerate(re.split(r"\r\n|\r|\n", decoded(path.read_bytes())), start=1):
        if not text.strip():
            continue
        cells = [cell.strip() for cell in next(csv.reader([text], delimiter=_delimiter(text)))]
        if not header:
            header = [clean_name(cell) for cell in cells]
        elif any(cells):
            yield Line(path.name, number, dict(zip(header, cells, strict=False)))


def _delimiter(text: str) -> str:
    return "\t" if "\t" in text and "," not in text else ","


def tables_in(folder: Path) -> list[Path]:
    """Return the CSV files of `folder`, by name."""
    require(folder.is_dir(), _("没有「%(folder)s」这个文件夹。") % {"folder": folder})
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv" and path.is_file())
    require(bool(files), _("「%(folder)s」里没有 CSV 文件。") % {"folder": folder})
    return files
