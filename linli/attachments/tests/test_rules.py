import pytest

from linli.attachments.rules import Box, boxes_of_cells, megabytes, rows_for


def test_neighbouring_cells_of_a_row_become_one_box_and_cells_outside_are_dropped() -> None:
    boxes = boxes_of_cells([(0, 0), (0, 1), (0, 3), (1, 0), (9, 0), (0, 4)], columns=4, rows=2)
    assert boxes == [Box(0, 0, 0.5, 0.5), Box(0.75, 0, 1, 0.5), Box(0, 0.5, 0.25, 1)]


@pytest.mark.parametrize(
    ("columns", "width", "height", "rows"),
    [(8, 1536, 2048, 10), (8, 2048, 1536, 6), (16, 2048, 2048, 16), (8, 2048, 10, 1), (8, 0, 0, 8)],
)
def test_cells_are_nearly_square(columns: int, width: int, height: int, rows: int) -> None:
    assert rows_for(columns, width, height) == rows


@pytest.mark.parametrize(
    "box", [Box(0, 0, 0, 1), Box(0.5, 0, 0.4, 1), Box(-0.1, 0, 1, 1), Box(0, 0, 1, 1.01)]
)
def test_a_box_that_covers_nothing_or_reaches_outside_is_none(box: Box) -> None:
    assert not box.is_within()
    assert Box(0, 0, 1, 1).is_within()


def test_one_byte_too_many_does_not_read_as_the_limit() -> None:
    assert megabytes(25 * 1024 * 1024) == "25 MB"
    assert megabytes(25 * 1024 * 1024 + 1) == "25.1 MB"
