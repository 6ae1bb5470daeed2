"""Tables as text: which encoding their bytes have, and no cell that a spreadsheet would run when they leave."""

import re
from codecs import BOM_UTF8
from contextlib import suppress

from django.utils.translation import gettext as _

from linli.base.errors import Refused

UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
USUAL = ("utf-8-sig", "gb18030")  # in this order: nearly any bytes pass for GB 18030
LONGEST_SIGN = 4  # bytes
_UNSEEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def decoded(data: bytes, *, is_lenient: bool = False) -> str:
    """Return the text of a table file: UTF-8 with or without mark, UTF-16 with a mark, or GBK (GB 18030).

    Raises Refused where it is none of them; `is_lenient` puts � for what cannot be read instead.
    """
    encodings = ("utf-16",) if data.startswith(UTF_16_MARKS) else USUAL
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    if is_lenient:
        return data.decode(encodings[0], errors="replace")
    raise _unknown()


def encoding_of(sample: bytes) -> str:
    """Return the encoding of a table's text from its beginning, for a file too large to be decoded at once.

    Raises Refused where it is none of those that `decoded` reads.
    """
    if sample.startswith(UTF_16_MARKS):
        return "utf-16"
    if sample.startswith(BOM_UTF8):  # says what it is, also where a sign was cut in two
        return "utf-8-sig"
    for encoding in USUAL:
        for cut in range(LONGEST_SIGN):  # the sample may end within a sign
            with suppress(UnicodeDecodeError):
                sample[: len(sample) - cut].decode(encoding)
                return encoding
    raise _unknown()


def _unknown() -> Refused:
    return Refused(_("认不出文件的编码，请另存为 UTF-8 或 GBK 的 CSV 再导入。"))


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (CSV injection): what begins like one gets an apostrophe.

    A number that is only a number, or a telephone number with spaces, keeps its sign.
    """
    cell = _UNSEEN.sub(
        "", cell
    )  # spreadsheets pass over them, and might run what follows; XML cannot hold them
    if cell.startswith(_RUNS) or cell.lstrip().startswith(_RUNS):
        return cell if _is_number(cell) else f"'{cell}"
    return cell


def meant(cell: str) -> str:
    """Return a cell without the apostrophe that `harmless` gave it: what left as a table may come back as one."""
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell


def _is_number(cell: str) -> bool:
    digits = cell[1:].replace(" ", "").replace(".", "", 1)
    return cell[0] in "+-" and digits.isascii() and digits.isdigit()
