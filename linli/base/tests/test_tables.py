"""Tables as text: encodings told apart, formulas that do not run."""

import pytest

from linli.base.errors import Refused
from linli.base.tables import decoded, encoding_of, harmless, meant

pytestmark = pytest.mark.once
LINE = "姓名,电话\n王小明,13900000001\n"
NO_TEXT = b"\xff\xff\xff\xff"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_the_usual_encodings_are_read(encoding: str) -> None:
    assert decoded(LINE.encode(encoding)) == LINE


def test_what_is_no_text_is_refused_or_read_with_a_sign_for_it() -> None:
    half_a_sign = LINE.encode("utf-16") + b"\0"
    for data in (NO_TEXT, half_a_sign):
        with pytest.raises(Refused, match="编码"):
            decoded(data)
    assert decoded(half_a_sign, is_lenient=True) == LINE + "\ufffd"
    assert "\ufffd" in decoded(NO_TEXT, is_lenient=True)


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("gbk", "gb18030"), ("utf-16", "utf-16")],
)
def test_the_encoding_is_told_from_the_beginning(encoding: str, found: str) -> None:
    assert encoding_of(LINE.encode(encoding)) == found


def test_a_beginning_may_end_within_a_sign() -> None:
    assert encoding_of("䶮𬱖㛃".encode("gb18030")) == "gb18030"
    assert encoding_of("王𬱖".encode()[:-1]) == "utf-8-sig"
    with pytest.raises(Refused, match="编码"):
        encoding_of(NO_TEXT * 2)


@pytest.mark.parametrize(
    "cell",
    [
        "=cmd|' /C calc'!A0", "+1+cmd", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\t", "\r1", "＝1", "＝1+1", " =1", " -1",
        "-", "+86-10-1234",
    ],
)  # fmt: skip
def test_no_cell_that_leaves_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert meant(harmless(cell)) == cell


def test_a_formula_behind_a_sign_that_nobody_sees_is_one() -> None:
    assert harmless("\0=1") == harmless("\x1b=1") == "'=1"


def test_signs_that_no_workbook_can_hold_are_left_out() -> None:
    assert harmless("王\x01小\x0b明\ud842\ufffe\n") == "王小明\n"


@pytest.mark.parametrize(
    "cell", ["-12.5", "+86", "+4930123456", "+86 139 0000 0001", "王小明", "张三", "3幢", "3-502", ""]
)
def test_what_no_spreadsheet_runs_stays(cell: str) -> None:
    assert harmless(cell) == meant(cell) == cell
