"""A forwarded group chat, cut into what each neighbour said. A person chooses what becomes a case."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
TOGETHER = timedelta(minutes=10)  # lines of one speaker this close are one voice
SHORTEST = 6  # signs: below, a line is a greeting, an "好的" or a "+1"
LONGEST_NAME = 24

_DATE = r"(?:\d{4}[年/.\-]\d{1,2}[月/.\-]\d{1,2}日?|\d{1,2}[月/\-]\d{1,2}日?)"
_DAY = r"(?:今天|昨天|前天|(?:星期|周)[一二三四五六日天])"
_TIME = r"(?:(?:上午|下午|凌晨|早上|中午|晚上)?\s*\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AP]M)?)"
_WHEN = rf"(?P<when>(?:(?:{_DATE}|{_DAY})[,，]?\s*)?{_TIME}|{_DATE})"
_NAME = rf"(?P<name>[^：:\[\]【】\n]{{1,{LONGEST_NAME}}}?)"
_SHAPES = (
    re.compile(rf"^[\[【]{_WHEN}[\]】]\s*{_NAME}\s*[：:]\s*(?P<words>.*)$"),  # [2026-11-20 19:03] 张三: 话
    re.compile(rf"^{_WHEN}\s+{_NAME}\s*[：:]\s*(?P<words>.*)$"),  # 2026/11/20 19:03 张三: 话
    re.compile(rf"^{_NAME}\s+{_WHEN}\s*(?P<words>)$"),  # 张三 2026/11/20 19:03, the words below
    re.compile(rf"^{_WHEN}\s+{_NAME}\s*(?P<words>)$"),  # 19:03 张三, the words below
    re.compile(rf"^{_NAME}\s*(?P<when>)[：:]\s*(?P<words>.*)$"),  # 张三: 话
)
_PICTURE = re.compile(
    r"^(?:[\[【](?:图片|视频|表情|动画表情|照片|Photo|Video|Sticker)(?:[\]】]|$)\s*)+"  # words may follow a picture
    r"|^[\[【](?:语音|文件|链接|位置)[\]】]?.*$"
)
_DAY_LINE = re.compile(rf"^[—\-\s]{{3,}}(?P<day>{_DATE})[—\-\s]{{3,}}$")  # of a chat sent on by mail
_QUOTED = re.compile(
    r"^「[^：:」]{1,24}[：:].*」?$|^(?:- ){3,}-?$"
)  # whom somebody answers, and the rule below it
_LIST = re.compile(r"^#\s?接龙$")
_LISTED = re.compile(
    rf"^\d{{1,3}}[.、．]\s*(?P<name>\S{{1,{LONGEST_NAME}}})\s+(?P<words>.+)$"
)  # 1. 张三 灯不亮
_NOTICE = re.compile(
    r"(撤回了一条消息|加入了?群聊|修改群名|拍了拍|邀请.+加入|以下为新消息|—{3,}|-{5,}|^#\s?接龙$)"
)
_IDLE = re.compile(
    r"(?>收到|好的?|谢谢大家|谢谢|感谢|大家好|早上好|晚上好|同意|支持|顶|是的|对的?|\+1|哈|辛苦了?"
    r"|物业|社区|书记|主任|各位|邻居|[^\w])*+"
)
_NO_NAME = re.compile(r"[，。！？,!?；;]|如下|地址|时间|地点|问题|电话|情况|要求|https?$")
_AGO = {"今天": 0, "昨天": 1, "前天": 2}
_MENTION = re.compile(r"@\S+\s*")


@dataclass(frozen=True)
class ChatVoice:
    """One voice found in a chat: who said it and when ("" and None where it does not say), and the words."""

    nickname: str
    said_at: datetime | None
    text: str
    pictures: int = 0


@dataclass
class _Line:
    nickname: str
    said_at: datetime | None
    words: list[str]
    pictures: int = 0


def chat_voices(chat: str, received_at: datetime) -> list[ChatVoice]:
    """Split a forwarded chat into voices, in their order; greetings, notices and bare thanks are left out.

    Knows the ways in which WeChat hands a chat on ("[time] name: words", "name time" above its lines,
    "name: words") and takes free text a paragraph at a time. Years and days that the chat leaves out are
    read from `received_at`.
    """
    merged: list[_Line] = []
    for line in _lines(chat, received_at):
        last = merged[-1] if merged else None
        if last and line.nickname and last.nickname == line.nickname and _close(last, line):
            last.words += line.words
            last.pictures += line.pictures
            last.said_at = line.said_at or last.said_at
        else:
            merged.append(line)
    voices = [ChatVoice(m.nickname, m.said_at, "\n".join(m.words).strip(), m.pictures) for m in merged]
    return [voice for voice in voices if _says_something(voice.text)]


def _lines(chat: str, received_at: datetime) -> Iterator[_Line]:
    current: _Line | None = None
    is_list = False
    for raw in chat.replace("\r\n", "\n").split("\n"):
        text = raw.strip("\u200b\ufeff \t")
        if day := _DAY_LINE.match(text):
            received_at = _moment(day["day"], received_at) or received_at
            continue
        is_list = is_list or _LIST.match(text) is not None
        if not text or _NOTICE.search(text):
            if current and not current.nickname:  # an empty line ends a paragraph of free text
                yield current
                current = None
            continue
        spoken = _spoken(text, received_at, is_list)
        if spoken is None:
            current = current or _Line("", None, [])
            _add(current, text)
            continue
        if current:
            yield current
        current = _Line(spoken[0], spoken[1], [])
        _add(current, spoken[2])
    if current:
        yield current


def _add(line: _Line, text: str) -> None:
    words = _MENTION.sub("", text).strip()
    if picture := _PICTURE.match(words):
        line.pictures += 1
        words = words[picture.end() :].strip()
    if words and not _QUOTED.match(words):
        line.words.append(words)


def _spoken(text: str, received_at: datetime, is_list: bool) -> tuple[str, datetime | None, str] | None:
    """Return (nickname, time, words) where the line says who speaks, or was added to a list (接龙)."""
    if is_list and (listed := _LISTED.match(text)):
        return listed["name"], None, listed["words"].strip()
    if _QUOTED.match(text):
        return None
    for shape in _SHAPES:
        found = shape.match(text)
        if found and not _reads_as_words(found["name"]):
            return found["name"].strip(), _moment(found["when"] or "", received_at), found["words"].strip()
    return None


def _reads_as_words(name: str) -> bool:
    """Whether what stands before the colon is part of a sentence (「情况如下：」), not a name."""
    return name.isdecimal() or _NO_NAME.search(name) is not None


def _close(last: _Line, line: _Line) -> bool:
    return not (last.said_at and line.said_at) or abs(line.said_at - last.said_at) <= TOGETHER


def _says_something(text: str) -> bool:
    signs = sum(sign.isalnum() for sign in text)
    return signs >= SHORTEST and not _IDLE.fullmatch(text)


def _moment(words: str, received_at: datetime) -> datetime | None:
    if not words:
        return None
    local = received_at.astimezone(CHINA)
    date_words, day_words = re.match(_DATE, words), re.match(_DAY, words)
    clock = re.search(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", words)
    said = local - timedelta(days=_days_ago(day_words.group(), local)) if day_words else local
    year, month, day = said.year, said.month, said.day
    if date_words:
        numbers = [int(n) for n in re.findall(r"\d+", date_words.group())]
        year, month, day = numbers if len(numbers) == 3 else (year, *numbers)
    hour, minute, second = (int(n or 0) for n in clock.groups()) if clock else (0, 0, 0)
    if hour < 12 and re.search(r"下午|晚上|PM", words):
        hour += 12
    elif hour == 12 and re.search(r"凌晨|AM", words):
        hour = 0
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=CHINA)
    except ValueError:
        return None
    if date_words and len(re.findall(r"\d+", date_words.group())) == 2 and moment > local + timedelta(days=1):
        moment = moment.replace(year=year - 1)
    return moment


def _days_ago(words: str, today: datetime) -> int:
    """Return how many days before `today` 「昨天」 or the last 「星期三」 was."""
    if words in _AGO:
        return _AGO[words]
    return (today.weekday() - "一二三四五六日".index(words[-1].replace("天", "日"))) % 7
