"""What is typed about files."""

import re
from collections.abc import Mapping

from django import forms
from django.http import QueryDict

from linli.attachments.rules import GRIDS

_CELL = re.compile(r"(\d{1,3})-(\d{1,3})")


class CoverForm(forms.Form):
    """Which grid lies over the photo (cells across), and which of its cells are ticked ("3-5": row 3, column 5)."""

    def __init__(self, data: QueryDict | Mapping[str, str]) -> None:
        super().__init__(data)

    def grid(self) -> int:
        """How many cells across; the coarsest where none of ours was named."""
        named = self.data.get("grid", "")
        return int(named) if named in {str(grid) for grid in GRIDS} else GRIDS[0]

    def cells(self) -> list[tuple[int, int]]:
        """The ticked cells as (row, column); what is no cell is left out."""
        ticked = self.data.getlist("cell") if isinstance(self.data, QueryDict) else []
        matches = (_CELL.fullmatch(cell) for cell in ticked)
        return [(int(match[1]), int(match[2])) for match in matches if match]
