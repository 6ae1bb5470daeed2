"""What a voice must hold to be filed, and what an answer must hold to be one."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from linli.base.text import shorten

LONGEST_TEXT = 10_000  # characters
TITLE_LENGTH = 30  # characters of a title made from the text
LONGEST_ACKNOWLEDGEMENT = 80
_ACKNOWLEDGEMENT = re.compile(
    r"(?>您好|你好|尊敬的|网友|居民|您的|你的|您|你|所反映|反映|的|问题|留言|诉求|来信|情况|我们|我处|我单位|社区"
    r"|已经|已|收悉|收到|知悉|知晓|转交|转|交|由|给|相关|有关|部门|单位|处理|办理|正在|核实|感谢|谢谢|支持"
    r"|关注|理解|对|工作|请|耐心|等待|了|将|会|尽快|及时|并|与|和|[\s，。！,.!：:；;、])*+"
)


def title_of(title: str, text: str) -> str:
    """Return the title typed, or the first sentence of the text."""
    typed = " ".join(title.split())
    if typed:
        return shorten(typed, 60)[:120]
    first = re.split(r"[。！？!?\n]", text.strip(), maxsplit=1)[0]
    return shorten(" ".join(first.split()), TITLE_LENGTH)[:120]


def why_not_filed(title: str, text: str, has_attachment: bool) -> str:
    """Return the sentence that refuses a voice, "" where it may be filed. A photo may precede its words."""
    if not (title.strip() or text.strip() or has_attachment):
        return _("还没有写内容。写一句话、说一段语音或拍一张照片都可以。")
    if len(text) > LONGEST_TEXT:
        too_many = len(text) - LONGEST_TEXT
        return _("内容最多 %(most)d 字，现在多了 %(more)d 字。请删去一些，或把其余部分另说一件事。") % {
            "most": LONGEST_TEXT,
            "more": too_many,
        }
    return ""


def stopped_by(questions: Iterable[Mapping[str, Any]], answers: Mapping[str, Any]) -> str:
    """Return the words of the first answer that stops the form ("闻到煤气味？先打…"), "" where none does."""
    for question in questions:
        given = answers.get(question["code"], "")
        chosen = given if isinstance(given, list) else [given]
        for answer in chosen:
            if words := question.get("stops", {}).get(answer):
                return str(words)
    return ""


def is_mere_acknowledgement(answer: str) -> bool:
    """Whether an answer only says that the matter was received or passed on (「已收悉」): no answer."""
    words = answer.strip()
    return len(words) <= LONGEST_ACKNOWLEDGEMENT and _ACKNOWLEDGEMENT.fullmatch(words) is not None
