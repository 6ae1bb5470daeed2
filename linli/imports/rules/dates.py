"""Days as ledgers write them. Where day and month could be either, a person chooses; nothing is guessed."""

import re
import unicodedata
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.base.errors import Refused, require

_SERIAL_ZERO = date(1899, 12, 30)  # what spreadsheets count days from
_SERIALS = range(1, 80_000)
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


class DayOrder(models.TextChoices):
    """How the days of a table are written."""

    AUTO = "auto", gettext_lazy("年在前（1990-06-01、1990年6月1日、19900601）")
    DAY_FIRST = "dmy", gettext_lazy("日/月/年（01/06/1990）")
    MONTH_FIRST = "mdy", gettext_lazy("月/日/年（06/01/1990）")
    SERIAL = "serial", gettext_lazy("表格软件的天数（33025）")


def read_day(text: str, order: str = DayOrder.AUTO) -> date:
    """Read a day. Raises Refused, by its sentence, for 31 June and for what could be two different days."""
    iso = _ISO.fullmatch(text)
    if iso:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]), text)
    parts = re.findall(r"[0-9]+", unicodedata.normalize("NFKC", text).partition("T")[0])[:3]
    if len(parts) == 1:
        return _of_digits(parts[0], order, text)
    if len(parts) != 3 or 4 not in {len(parts[0]), len(parts[2])}:
        raise Refused(_unreadable(text))
    first, second, third = map(int, parts)
    if len(parts[0]) == 4:
        return _day(first, second, third, text)
    require(
        order in {DayOrder.DAY_FIRST, DayOrder.MONTH_FIRST},
        _("日期“%(text)s”分不清哪是日哪是月，请在对应栏目时选日期的写法") % {"text": text[:20]},
    )
    day, month = (first, second) if order == DayOrder.DAY_FIRST else (second, first)
    return _day(third, month, day, text)


def _of_digits(digits: str, order: str, text: str) -> date:
    if len(digits) == 8:
        return _day(int(digits[:4]), int(digits[4:6]), int(digits[6:]), text)
    require(order == DayOrder.SERIAL and len(digits) <= 5 and int(digits) in _SERIALS, _unreadable(text))
    return _SERIAL_ZERO + timedelta(days=int(digits))


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        words = {"year": year, "month": month, "day": day}
        raise Refused(_("没有 %(year)d年%(month)d月%(day)d日 这一天") % words) from None


def _unreadable(text: str) -> str:
    return _("日期“%(text)s”认不出，请写成 1990-06-01 这样的年月日") % {"text": text[:20]}
