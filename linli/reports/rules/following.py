"""What points at the rows of a sheet follows when there are more of them: formulas, ranges, names, pictures."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openpyxl.formula import Tokenizer
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.formula import ArrayFormula

REFERENCE = re.compile(r"^(\$?)([A-Z]{1,3})(\$?)(\d{1,7})$")
LARGEST_ROW = 1_048_576


@dataclass(frozen=True)
class Shift:
    """The rows of `sheet` begin at `first` and end at `last` now; those from `foot` on (0: none) moved by `extra`.

    Where an example stood in the first row, what counted from the row after it counts from the first now.
    """

    sheet: str
    first: int
    last: int
    foot: int = 0
    extra: int = 0
    had_example: bool = False

    def start(self, row: int) -> int:
        """Where a reference to this row, or the upper end of a range, leads now."""
        return row + self.extra if self.foot and row >= self.foot else row

    def end(self, row: int, start: int) -> int:
        """Where the lower end of a range leads now: one over the prepared rows takes in the new ones."""
        if self.foot and row >= self.foot:
            return row + self.extra if row < LARGEST_ROW else row
        return max(row, self.last) if start <= self.first <= row else row

    def holds(self, sheet: str, row: int) -> bool:
        """Whether that row of that sheet is one of the rows."""
        return sheet == self.sheet and self.first <= row <= self.last


def shifted(formula: str, own_sheet: str, shift: Shift, *, is_row: bool = False) -> str:
    """Return a formula after rows were put into another (or its own) sheet. Raises ValueError where unreadable.

    The formula of one of the rows (`is_row`) speaks of its own row (=SUM(C6:E6)) or of the rows so far
    (=SUM($I$6:I8)): only what it holds fast at both ends ($I$6:$I$8) takes in the new ones.
    """
    tokens = Tokenizer(formula)
    for token in tokens.items:
        if token.type == "OPERAND" and token.subtype == "RANGE":
            token.value = _shifted_reference(token.value, own_sheet, shift, is_row=is_row)
    return str(tokens.render())


def _shifted_reference(text: str, own_sheet: str, shift: Shift, *, is_row: bool) -> str:
    prefix, sign, inner = text.rpartition("!")
    if (prefix.strip("'").replace("''", "'") if sign else own_sheet) != shift.sheet:
        return text
    ends = [end for end in map(REFERENCE.match, inner.split(":")) if end]
    if len(ends) != inner.count(":") + 1 or len(ends) > 2:
        return text  # whole columns, names, tables: nothing to move
    rows = [int(end[4]) for end in ends]
    moved = [shift.start(row) for row in rows]
    if len(rows) == 2 and (not is_row or all(end[3] for end in ends)):
        begins = shift.first if shift.had_example and rows[0] == shift.first + 1 else rows[0]
        moved = [shift.start(begins), shift.end(rows[1], begins)]
    parts = [f"{end[1]}{end[2]}{end[3]}{row}" for end, row in zip(ends, moved, strict=True)]
    return prefix + sign + ":".join(parts)


def follow(book: Any, sheet: Any, shift: Shift) -> int:
    """Let everything in the book that points at the rows of `sheet` follow; return how many formulas could not."""
    failed = sum(_follow_formulas(other, shift) for other in book.worksheets)
    for names in (book.defined_names, *(other.defined_names for other in book.worksheets)):
        for name in names.values():
            name.attr_text = _tried(name.attr_text, "", shift)
    _stretch_ranges(sheet, shift)
    _move_pictures(sheet, shift)
    return failed


def _tried(formula: Any, own_sheet: str, shift: Shift) -> Any:
    """Return the formula of a name or a rule, which stands without its =; what cannot be read stays."""
    try:
        return shifted(f"={formula}", own_sheet, shift, is_row=bool(own_sheet))[1:] if formula else formula
    except (ValueError, IndexError, AttributeError):
        return formula


def _follow_formulas(sheet: Any, shift: Shift) -> int:
    failed = 0
    for cell in list(sheet._cells.values()):
        if cell.data_type != "f":
            continue
        is_row = shift.holds(sheet.title, cell.row)
        try:
            if isinstance(cell.value, ArrayFormula):
                cell.value.text = shifted(cell.value.text, sheet.title, shift, is_row=is_row)
                if sheet.title == shift.sheet:
                    cell.value.ref = _moved(cell.value.ref, shift)
            else:
                cell.value = shifted(cell.value, sheet.title, shift, is_row=is_row)
        except (ValueError, IndexError, AttributeError, TypeError):
            failed += 1
    return failed


def _moved(area: str, shift: Shift) -> str:
    left, top, right, bottom = range_boundaries(area)
    start = f"{get_column_letter(left)}{shift.start(top)}"
    is_one = (left, top) == (right, bottom)
    return start if is_one else f"{start}:{get_column_letter(right)}{shift.start(bottom)}"


def _stretched(ranges: Iterable[Any], shift: Shift) -> MultiCellRange:
    parts = []
    for area in ranges:
        left, top, right, bottom = range_boundaries(str(area))
        if top is None or bottom is None:
            parts.append(str(area))
            continue
        start, end = shift.start(top), shift.end(bottom, min(top, shift.first))
        parts.append(f"{get_column_letter(left)}{start}:{get_column_letter(right)}{end}")
    return MultiCellRange(" ".join(parts))


def _stretch_ranges(sheet: Any, shift: Shift) -> None:
    for rule in sheet.data_validations.dataValidation:
        rule.sqref = _stretched(rule.sqref.ranges, shift)
        rule.formula1 = _tried(rule.formula1, sheet.title, shift)
        rule.formula2 = _tried(rule.formula2, sheet.title, shift)
    kept = list(sheet.conditional_formatting._cf_rules.items())
    sheet.conditional_formatting = type(sheet.conditional_formatting)()
    for area, rules in kept:
        for rule in rules:
            rule.formula = [_tried(formula, sheet.title, shift) for formula in rule.formula]
            sheet.conditional_formatting.add(str(_stretched(area.sqref.ranges, shift)), rule)
    for table in sheet.tables.values():
        table.ref = str(_stretched([table.ref], shift))
        if table.autoFilter is not None:
            table.autoFilter.ref = str(_stretched([table.autoFilter.ref], shift))
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = str(_stretched([sheet.auto_filter.ref], shift))
    if sheet.print_area:
        areas = [part.rpartition("!")[2].replace("$", "") for part in _print_areas(sheet)]
        sheet.print_area = [str(_stretched([area], shift)) for area in areas]


def _print_areas(sheet: Any) -> list[str]:
    area = sheet.print_area
    return area.split(",") if isinstance(area, str) else list(area)


def _move_pictures(sheet: Any, shift: Shift) -> None:
    """Let pictures and charts beneath the rows (a seal beside the signatures) go down with the foot."""
    for shown in (*sheet._images, *sheet._charts):
        for corner in (getattr(shown.anchor, "_from", None), getattr(shown.anchor, "to", None)):
            if corner is not None:
                corner.row = shift.start(corner.row + 1) - 1
