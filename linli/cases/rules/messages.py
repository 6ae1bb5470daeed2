"""Reading another system's list of messages, as it comes: odd dates, odd encodings, broken rows."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

CHINA = ZoneInfo("Asia/Shanghai")
COLUMNS = {
    "source": ("id", "编号", "留言编号", "工单号", "序号"),
    "title": ("subject", "title", "主题", "留言主题", "标题"),
    "said_at": ("posted_at", "time", "时间", "留言时间", "日期", "提交时间"),
    "text": ("body", "text", "content", "内容", "留言详情", "详情"),
    "against": ("against", "反对数"),
    "likes": ("likes", "点赞数"),
}
MOST_FIELD = (
    2_000_000  # characters of one cell, far above what is filed, so that a long row is named and not lost
)
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(\d{1,2})\s*[:：时]\s*(\d{1,2})(?:\s*[:：分]\s*(\d{1,2})(?:\.\d+)?)?\s*[分秒]?)?\s*"
)
_SPREADSHEET_DAY = re.compile(r"\d{5}(\.\d+)?")
SPREADSHEET_EPOCH = datetime(1899, 12, 30, tzinfo=CHINA)


@dataclass(frozen=True)
class Message:
    """One row that can be read."""

    line: int
    source: str
    title: str
    text: str
    said_at: datetime
    likes: int = 0
    against: int = 0


@dataclass(frozen=True)
class Broken:
    """One row that cannot be read, why, and what stood in it."""

    line: int
    reason: str
    cells: list[str]


def messages_in(text: str, now: datetime) -> Iterator[Message | Broken]:
    """Yield each row as what it says or why it cannot be read; a bad row never loses a good one."""
    csv.field_size_limit(MOST_FIELD)
    rows = _rows(text)
    heading = next(rows, None)
    places = _places(heading[1]) if heading else {}
    missing = [
        names[0]
        for key, names in COLUMNS.items()
        if key in ("title", "text", "said_at") and key not in places
    ]
    if missing:
        yield Broken(
            1,
            _("第一行应有这些列：%(names)s。") % {"names": "、".join(missing)},
            heading[1] if heading else [],
        )
        return
    width = len(heading[1]) if heading else 0
    for line, cells in rows:
        if any(cell.strip() for cell in cells):
            yield _message(line, cells, places, width, now)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    dialect = "excel-tab" if "\t" in text.partition("\n")[0] else "excel"
    reader = csv.reader(io.StringIO(text, newline=""), dialect=dialect)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, [str(error)]


def _places(heading: Iterable[str]) -> dict[str, int]:
    names = [name.strip().strip("\ufeff").lower() for name in heading]
    found = {}
    for key, known in COLUMNS.items():
        for name in known:
            if name in names:
                found[key] = names.index(name)
                break
    return found


def _message(
    line: int, cells: list[str], places: dict[str, int], width: int, now: datetime
) -> Message | Broken:
    if len(cells) != width:
        words = _("这一行有 %(n)d 列，应有 %(width)d 列。") % {"n": len(cells), "width": width}
        return Broken(line, words, cells)
    if any("\0" in cell or "\ufffd" in cell for cell in cells):
        return Broken(line, _("有无法辨认的字符。请用 UTF-8 或 GBK 重新保存。"), cells)
    given = {key: cells[place].strip() for key, place in places.items()}
    said_at = moment_of(given["said_at"])
    if said_at is None or said_at > now:
        return Broken(line, _("时间“%(time)s”读不懂，或在将来。") % {"time": given["said_at"][:40]}, cells)
    source = given.get("source") or _digest(given["title"], given["text"], given["said_at"])
    likes, against = _count(given.get("likes", "")), _count(given.get("against", ""))
    return Message(line, source, given["title"], given["text"], said_at, likes, against)


def moment_of(words: str) -> datetime | None:
    """Return the moment that words or a spreadsheet's day number name (Beijing time), None for anything else."""
    if _SPREADSHEET_DAY.fullmatch(words):
        return SPREADSHEET_EPOCH + timedelta(seconds=round(float(words) * 86_400))
    found = _DATE.fullmatch(words.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=CHINA)
    except ValueError:
        return None


def _count(words: str) -> int:
    return int(words) if words.isdecimal() and len(words) < 9 else 0


def _digest(*parts: str) -> str:
    """Name a row without an id by what it says, so that a second import knows it."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
