"""What changed between two fillings: cell by cell, by the rows' own names, wherever they stand now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_SHOWN = 500


@dataclass(frozen=True)
class Change:
    """One cell that says something else, of a row that is in both; `row` is its name ("people.Person:42")."""

    row: str
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """Which rows came, which left, which cells changed."""

    came: tuple[str, ...]
    left: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both say the same."""
        return not (self.came or self.left or self.changes)


Rows = Mapping[str, Sequence[str]]


def compare(
    before: Rows, after: Rows, before_columns: Sequence[str], after_columns: Sequence[str],
    passed_over: frozenset[str] = frozenset(),
) -> Difference:  # fmt: skip
    """Compare two fillings {row name: cells}; columns are matched by their words, `passed_over` not at all.

    A running number moves when a row is put in before it and says nothing, so it is passed over.
    """
    shared = [
        (before_columns.index(words), after_columns.index(words), words)
        for words in after_columns
        if words in before_columns and words not in passed_over
    ]
    changes = [
        Change(row, words, before[row][old], after[row][new])
        for row in after
        if row in before
        for old, new, words in shared
        if before[row][old] != after[row][new]
    ]
    came = tuple(row for row in after if row not in before)
    left = tuple(row for row in before if row not in after)
    return Difference(came, left, tuple(changes))
