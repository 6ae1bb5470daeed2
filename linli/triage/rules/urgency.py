"""Words that may mean danger to life: heard only in their context, and a person judges.

「闻到煤气味」 is a leak; 「水煤气提质项目」, 「煤气费」 and 「什么时候通燃气」 are not.
"""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["gas", "fire", "lift", "electricity", "violence", "collapse", "life"]


@dataclass(frozen=True)
class Danger:
    """text[start:end] is `words` and speaks of `kind`."""

    kind: Kind
    start: int
    end: int
    words: str


_GAS = r"(?:煤气|燃气|天然气|液化气)"
_NEAR = r"[^。！？!?；\n]"
_SIGNS: tuple[tuple[Kind, str], ...] = (
    ("gas", rf"{_GAS}{_NEAR}{{0,6}}(?:泄漏|泄露|漏气|漏了|在漏|爆炸|气?味)"),
    ("gas", rf"(?:闻到|有股|一股|泄漏|泄露|漏){_NEAR}{{0,8}}{_GAS}"),
    (
        "fire",
        r"(?:着火|着了火|起火|失火|(?<!烟囱)冒(?:黑|浓|白|大)?烟|烧起来|烧着了|自燃|明火|火光|火苗|火很大|好大的?[火烟])",
    ),
    (
        "lift",
        rf"(?:困|卡|关)(?:在|住){_NEAR}{{0,6}}电梯|(?:困|卡|关)电梯|"
        rf"电梯{_NEAR}{{0,8}}(?:困人|困了人|被困|关人|关了人|困住|关住|卡住|出不来|出不去|坠落|急坠)",
    ),
    (
        "electricity",
        r"(?:触电|漏电|被电(?:到|了|死|伤|着|击|一下)|电到[人手]|[会能]电人|麻手|麻了一下|"
        r"电线[^。]{0,6}(?:冒火|打火|掉落|垂落|断了|裸露)|[冒打]火[花星])",
    ),
    ("violence", r"(?:持刀|砍人|家暴|打死|杀人|被打[伤成]|正在打|往死里打)"),
    ("collapse", r"(?:坍塌|倒塌|塌了|塌方|要塌|(?:外墙|瓷砖|玻璃|广告牌)[^。]{0,6}(?:掉下来|脱落砸|砸到))"),
    ("life", r"(?:跳楼|轻生|自杀|不想活|晕倒|昏迷|没有?呼吸|溺水|掉进(?:水|河|井))"),
)
# In the same sentence these say that it is a plan, a rule, a fee, or long past.
_NOT_NOW = re.compile(
    r"提质|改造|项目|工程|规划|开通|安装|接通|入户|费用?|价格|缴|发票|演练|演习|培训|宣传|讲座|知识|预防|防止|避免|以免|隐患排查|"
    r"万一|如果|一旦|假如|怎么办理|去年|前年|曾经|已经?(?:修好|扑灭|解决)"
)
# What is denied is not said: 「没有煤气味」, 「没闻到燃气味」, 「闻不到煤气」; 「有没有煤气味」 asks, and is said.
_DENIED = re.compile(
    rf"(?:(?<!有)(?:没有?|未|并?无)|不是|并非|闻不到|看不到)(?:闻到|发现|看到|什么|任何|出现|发生|再|人|过|有)*"
    rf"(?:{_GAS}(?:的?气?味道?|泄[漏露]|漏气?)?|漏气|着火|起火|失火|明火|冒[黑浓]?烟|漏电|触电|困人|被困|困在电梯里?)"
)
_SENTENCE = re.compile(r"[^。！？!?；\n]+")


def without_denials(text: str) -> str:
    """Return the text with what it denies blanked out, sign for sign: 「没有煤气味」 speaks of no gas."""
    return _DENIED.sub(lambda denied: " " * len(denied.group()), text)


def dangers(text: str) -> list[Danger]:
    """Find words of danger that their sentence does not take back; in order of place, one per kind and sentence."""
    found: dict[tuple[Kind, int], Danger] = {}
    for sentence in _SENTENCE.finditer(without_denials(text)):
        words = sentence.group()
        if _NOT_NOW.search(words):
            continue
        for kind, pattern in _SIGNS:
            match = re.search(pattern, words)
            if match is not None:
                start = sentence.start() + match.start()
                found.setdefault(
                    (kind, sentence.start()), Danger(kind, start, start + len(match.group()), match.group())
                )
    return sorted(found.values(), key=lambda danger: danger.start)
