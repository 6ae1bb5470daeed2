import pytest

from linli.trail.rules import is_complete


@pytest.mark.parametrize(
    ("looker_words", "fields", "reason", "complete"),
    [
        ("孙* · 居委会", "电话", "回电", True),
        ("", "电话", "回电", False),
        ("孙* · 居委会", " ", "回电", False),
        ("孙* · 居委会", "电话", "\u3000", False),
    ],
)
def test_a_line_of_the_trail_says_who_what_and_why(
    looker_words: str, fields: str, reason: str, complete: bool
) -> None:
    assert is_complete(looker_words, fields, reason) is complete
