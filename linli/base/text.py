"""Chinese text as people read it: cut by grapheme, never by byte, and masked where it is personal."""

import regex
from django.utils.html import format_html
from django.utils.safestring import SafeString

COMPOUND_SURNAMES = frozenset(
    (
        "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 "
        "澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 "
        "司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 "
        "夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 公户 公玉 公仪 梁丘 公仲 "
        "公上 公门 公山 公坚 左丘 公伯 西门 公祖 第五 公乘 贯丘 公皙 南荣 东里 东宫"
    ).split()
)


GRAPHEME = regex.compile(r"\X")


def in_chinese(words: str) -> SafeString:
    """Return words of a row (a label, a choice) marked as Chinese, for those who hear a page of another language."""
    return format_html('<span lang="zh-Hans">{}</span>', words)


def graphemes(text: str) -> list[str]:
    """Split into what a reader sees as one character: 𬱖 is one, and so is an emoji family."""
    found: list[str] = GRAPHEME.findall(text)
    return found


def shorten(text: str, length: int) -> str:
    """Cut to at most `length` graphemes, the last being … where something was cut."""
    parts = graphemes(text)
    return text if len(parts) <= length else "".join(parts[: length - 1]) + "…"


def masked_name(name: str) -> str:
    """张三丰 → 张**; 欧阳锋 → 欧阳*; 古丽·买买提 → 古丽·***."""
    for dot in "·•‧":
        if dot in name:
            first, rest = name.split(dot, 1)
            return f"{first}{dot}" + "*" * len(graphemes(rest))
    parts = graphemes(name)
    keep = 2 if len(parts) > 2 and "".join(parts[:2]) in COMPOUND_SURNAMES else 1
    return "".join(parts[:keep]) + "*" * max(len(parts) - keep, 1 if parts else 0)


def masked_phone(phone: str) -> str:
    """13812341234 → 138****1234; a number too short to keep its ends is hidden whole."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "*" * len(phone)
