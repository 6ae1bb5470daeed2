"""How a held value is written for a superior: their date format, their codes, their unit, never a formula."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.errors import require
from linli.base.tables import harmless
from linli.base.text import masked_name, masked_phone

CellValue = str | int | float | date | None


class Kind(models.TextChoices):
    """What a fact is, and so how it may be written."""

    TEXT = "text", _("文字")
    DATE = "date", _("日期")
    NUMBER = "number", _("数字")
    CODE = "code", _("代码")
    YES = "yes", _("是或否")
    IDENTITY = "identity", _("证件号码")
    PHONE = "phone", _("电话")
    NAME = "name", _("姓名")


class DateFormat(models.TextChoices):
    """How a date is written. Chinese month and day signs stand unpadded, as in 2026年3月."""

    ISO = "iso", "2026-03-01"
    DOTS = "dots", "2026.3.1"
    PADDED_DOTS = "padded_dots", "2026.03.01"
    SLASHES = "slashes", "2026/3/1"
    DIGITS = "digits", "20260301"
    DAY_WORDS = "day_words", "2026年3月1日"
    MONTH_WORDS = "month_words", "2026年3月"
    MONTH = "month", "2026-03"
    MONTH_DOTS = "month_dots", "2026.03"
    MONTH_DIGITS = "month_digits", "202603"
    YEAR = "year", "2026"
    CELL = "cell", _("表格里的日期格式")


class Unit(models.TextChoices):
    """The unit of a number, as a factor of ours."""

    ONE = "", _("原单位")
    HUNDRED = "hundred", _("百")
    THOUSAND = "thousand", _("千")
    TEN_THOUSAND = "ten_thousand", _("万")
    MONTHS = "months", _("年换成月")


FACTORS: dict[str, Decimal] = {
    Unit.ONE: Decimal(1),
    Unit.HUNDRED: Decimal("0.01"),
    Unit.THOUSAND: Decimal("0.001"),
    Unit.TEN_THOUSAND: Decimal("0.0001"),
    Unit.MONTHS: Decimal(12),
}

DATE_SIGNS: tuple[tuple[str, str], ...] = (
    (r"y{4}-m{1,2}-d{1,2}|\d{4}-\d\d?-\d\d?", DateFormat.ISO),
    (r"y{4}\.mm\.dd|\d{4}\.0\d\.\d\d", DateFormat.PADDED_DOTS),
    (r"y{4}\.m\.d|\d{4}\.\d\d?\.\d\d?", DateFormat.DOTS),
    (r"y{4}/m{1,2}/d{1,2}|\d{4}/\d\d?/\d\d?", DateFormat.SLASHES),
    (r"y{4}m{2}d{2}|(?<!\d)(19|20)\d{6}(?!\d)|8位", DateFormat.DIGITS),
    (r"y{4}年m+月d+日|\d{4}年\d\d?月\d\d?日|年月日", DateFormat.DAY_WORDS),
    (r"y{4}年m+月|\d{4}年\d\d?月|年月", DateFormat.MONTH_WORDS),
    (r"y{4}-m{1,2}|(?<!\d)\d{4}-\d\d?(?!\d)", DateFormat.MONTH),
    (r"y{4}\.m{1,2}|(?<!\d)\d{4}\.\d\d?(?!\d)", DateFormat.MONTH_DOTS),
    (r"y{4}m{2}|(?<!\d)(19|20)\d{4}(?!\d)|6位", DateFormat.MONTH_DIGITS),
)


def date_format_in(words: str) -> str:
    """Return the date format that a header, an example or a cell format shows, "" where none."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", words)).lower().replace("\\", "").replace('"', "")
    return next((str(code) for pattern, code in DATE_SIGNS if re.search(pattern, text)), "")


def unit_in(words: str) -> str:
    """Return the unit that a header names in brackets: 面积（百平方米）, 收入（万元）."""
    found = re.search(r"[（(](百|千|万|月)", words)
    signs = {"百": Unit.HUNDRED, "千": Unit.THOUSAND, "万": Unit.TEN_THOUSAND, "月": Unit.MONTHS}
    return str(signs[found[1]]) if found else ""


def written_date(day: date, form: str) -> CellValue:
    """Write a date: `DateFormat.CELL` leaves it a date, to be shown in the cell's own format."""
    y, m, d = day.year, day.month, day.day
    forms: dict[str, CellValue] = {
        DateFormat.CELL: day,
        DateFormat.ISO: f"{y:04d}-{m:02d}-{d:02d}",
        DateFormat.DOTS: f"{y}.{m}.{d}",
        DateFormat.PADDED_DOTS: f"{y:04d}.{m:02d}.{d:02d}",
        DateFormat.SLASHES: f"{y}/{m}/{d}",
        DateFormat.DIGITS: f"{y:04d}{m:02d}{d:02d}",
        DateFormat.DAY_WORDS: f"{y}年{m}月{d}日",
        DateFormat.MONTH_WORDS: f"{y}年{m}月",
        DateFormat.MONTH: f"{y:04d}-{m:02d}",
        DateFormat.MONTH_DOTS: f"{y:04d}.{m:02d}",
        DateFormat.MONTH_DIGITS: f"{y:04d}{m:02d}",
        DateFormat.YEAR: y,
    }
    return forms.get(form, forms[DateFormat.ISO])


def written_number(value: Any, unit: str) -> CellValue:
    """Write a number in their unit, exact to four decimals; what is no number stays the text it is."""
    try:
        changed = Decimal(str(value)) * FACTORS.get(unit, Decimal(1))
    except InvalidOperation:
        return str(value)
    rounded = changed.quantize(Decimal("0.0001")).normalize()
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def masked_identity(number: str) -> str:
    """110105194912310025 → 1101**********0025; a short number is hidden whole."""
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}" if len(number) > 10 else "*" * len(number)


MASKS = {Kind.IDENTITY: masked_identity, Kind.PHONE: masked_phone, Kind.NAME: masked_name}


@dataclass(frozen=True)
class Writing:
    """How the values of one column are written."""

    kind: str = Kind.TEXT
    date_format: str = DateFormat.ISO
    unit: str = ""
    codes: Mapping[str, str] | None = None  # our code → their word or code
    is_whole: bool = True  # False: identity numbers and phones are covered in the middle


def written(value: Any, how: Writing) -> CellValue:
    """Return what stands in the cell for a held value; None where nothing is held."""
    if value is None or value == "":
        return None
    codes = how.codes or {}
    if isinstance(value, bool):
        said = codes.get("1" if value else "0", "是" if value else "否")
        return int(said) if said.isdecimal() else said or None  # numbers are there to be added up
    if isinstance(value, date):
        return written_date(value, how.date_format)
    if how.kind == Kind.NUMBER:
        return written_number(value, how.unit)
    if how.kind == Kind.CODE:
        return harmless(codes.get(str(value), str(value))) or None
    text = str(value)
    if not how.is_whole and how.kind in {Kind.IDENTITY, Kind.PHONE}:
        return MASKS[Kind(how.kind)](text)
    return harmless(text)


def codes_text(codes: Mapping[str, str]) -> str:
    """Write a code list as lines "女=2", for a person to edit."""
    return "\n".join(f"{ours}={theirs}" for ours, theirs in codes.items())


def read_codes(text: str, ours: Mapping[str, str]) -> dict[str, str]:
    """Read lines "女=2" (our word or code = theirs) into {our code: theirs}.

    An empty right side leaves the cell empty, as where only a yes is ticked. Raises Refused naming the line where it
    is no pair, where the left side is none of our codes or words, or where one code stands twice.
    """
    by_word = {word: code for code, word in ours.items()} | {code: code for code in ours}
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        left, sign, right = line.replace("＝", "=").partition("=")
        left, right = left.strip(), right.strip()
        require(bool(sign and left), _("“%(line)s”要写成“我们的词=他们的词”。") % {"line": line})
        require(left in by_word, _("“%(word)s”不是我们这里的代码或说法。") % {"word": left})
        code = by_word[left]
        require(code not in found, _("“%(word)s”写了两次，请留一个。") % {"word": left})
        found[code] = right
    return found
