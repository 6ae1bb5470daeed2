"""Words that may mean danger to life: heard only in their context, and a person judges.

「闻到煤气味」 is a leak; 「水煤气提质项目」, 「煤气费」 and 「什么时候通燃气」 are not.
"""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["gas", "fire", "lift", "electricity", "violence", "collapse", "falling", "life", "medical"]


@dataclass(frozen=True)
class Danger:
    """text[start:end] is `words` and speaks of `kind`."""

    kind: Kind
    start: int
    end: int
    words: str


_NEAR = r"[^。！？!?；\n]"  # within one sentence
_GAS = r"(?:煤气|燃气|天燃气|天然气|液化气|瓦斯|沼气)"
_WIRE = r"(?:电线|电缆|高压线|火线)"
_WEAPON = r"(?:刀|斧|棍|棒|铁管|钢管|砖|酒瓶|锤)"
_WHOM = r"人(?!工)|[我他她](?!们?的?(?:电话|手机|座机|号码|家))|老婆|老公|媳妇|孩子|小孩|女儿|老人|老太|女的"
_SOMEBODY = r"[人爸妈爷奶伯姨婆公他她孩]"
_WATER = r"[水河井池湖塘坑]"
_SAID: dict[Kind, tuple[str, ...]] = {
    "gas": (
        rf"{_GAS}{_NEAR}{{0,6}}(?:泄[漏露]|漏(?![洞斗算报抄计])|爆炸|爆了|气?味|中毒|挖[断破]|弄断|撞断|没关|忘了?关)",
        rf"{_GAS}{_NEAR}{{0,6}}(?:警报|在报警|报警{_NEAR}{{0,5}}[响叫])",
        rf"(?:闻[到着]|有股|一股|泄[漏露]|漏|没关|忘了?关|挖[断破]|弄断|撞断){_NEAR}{{0,8}}{_GAS}",
        r"一氧化碳|臭鸡蛋味",
    ),
    "fire": (
        r"着了?火|起火|失火|火灾了|发生火灾|烧起来|烧着|自燃|明火|火光|火苗|火势|火很大|好大的?[火烟]|点着了|[窜冒喷]火|扑不灭",
        r"[楼家户车棚房店桶库垛栋幢室山]着了",
        r"(?<!烟囱)冒[黑浓白大]?烟|浓烟|[都全]是烟(?![酒草花头蒂盒])|焦糊?味|糊味|爆炸了|炸了",
    ),
    "lift": (
        rf"[困卡关][在住]{_NEAR}{{0,6}}电梯|[困卡关]电梯",
        rf"电梯{_NEAR}{{0,8}}(?:困人|困了人|被困|关人|关了人|[困关卡]住|卡在|出不[来去]|坠落|急坠)",
        rf"电梯{_NEAR}{{0,20}}(?:里面|里头|轿厢)里?(?:出不|还?有(?!没有|什么|人[抽吸吐贴撒尿放推遛乱拉搬带]))",
        rf"电梯{_NEAR}{{0,20}}(?:还|关|困|卡)在里",
    ),
    "electricity": (
        r"触电|漏电|(?<!通)过电(?![话视影脑子台梯商力报])|被电(?:[到了死伤着击]|一下)|电到[人手]|[会能]电人",
        r"麻手|麻了一下|水里?[有带导]电|[冒打]了?火[花星]|有火花",
        rf"{_WIRE}(?!杆){_NEAR}{{0,6}}(?:[冒打]火|掉|垂|断|裸|露|破|泡|烧|爆)",
        rf"(?:变压器|电箱|电表|电闸|配电){_NEAR}{{0,8}}(?:冒|打火|火花|爆|炸|烧)",
    ),
    "violence": (
        rf"持刀|[拿举挥提]着?{_NEAR}{{0,4}}{_WEAPON}{_NEAR}{{0,4}}[追砍砸打捅要威]|[有拿]{_NEAR}{{0,2}}刀(?![具削])",
        r"砍人|捅[人了]|打死|杀人|杀了?[我他她你]|要杀(?!鸡)|弄死|抢劫|绑架|猥亵|强奸|尾随|跟踪|虐待|喊救命",
        rf"家暴|挨打|打[了着]?(?:{_WHOM})|被{_NEAR}{{0,4}}打(?![击扰回断动造败开包折压印脸入架烂])",
        rf"打得?{_NEAR}{{0,6}}(?:伤|流血|出血|青|肿)|往死里打|动手(?:打|推|了|动脚)",
        r"在打(?=$|[，,、\s]|一个)|打起来|打架(?!子)|斗殴",
    ),
    "collapse": (r"坍塌|倒塌|塌了|塌方|塌下来|[要快]塌|滑坡",),
    "falling": (
        rf"(?:外墙|瓷砖|玻璃|广告牌|招牌|墙皮|水泥块?|花盆){_NEAR}{{0,6}}(?:掉下来|往下掉|要掉|脱落砸|砸[到中]|坠落)",
    ),
    "life": (
        rf"跳楼|[要想去]跳[河江桥湖]|往下跳|跳下[来去]|[站坐]{_NEAR}{{0,3}}(?:天台|楼顶|窗台|栏杆外)|想不开",
        rf"上吊|割[腕脉]|服毒|喝[了过]?(?:农药|敌敌畏|百草枯)|吞[了下服]?{_NEAR}{{0,5}}药|安眠药",
        r"轻生|自[杀残]|不想活|活不下去|活着没|活够了|不如死|死了算|一死了|寻死|想死|寻短见|结束生命|遗书",
    ),
    "medical": (
        rf"晕倒|晕过去|晕在|昏[迷倒]|昏过去|叫不醒|没有?呼吸|不省人事|抽搐|[叫喊推]{_NEAR}{{0,3}}没有?反应",
        rf"{_SOMEBODY}{_NEAR}{{0,5}}(?:倒地|倒在地|躺在地)|摔{_NEAR}{{0,8}}(?:起不来|不能动|动不了|流血)",
        r"大出血|血流不止|[流出]了?(?:很多|好多|一地)血|心脏病又?[发犯突]|心梗|中风了|脑溢血|脑出血|噎[住着]|喘不[过上]气",
        rf"溺水|落水(?![管口洞斗])|掉[进到下在入]了?{_WATER}|掉{_WATER}里|中毒",
    ),
}
_SIGNS = {kind: re.compile("|".join(patterns)) for kind, patterns in _SAID.items()}
# In the same clause these say that it is supposed, taught or long past; a question too many is cheap, one too few not.
_NOT_NOW = re.compile(
    r"演练|演习|培训|宣传|讲座|知识|预防|防止|避免|以免|杜绝|隐患排查|万一|如果|一旦|假如|怎么办理|去年|前年|曾经|以前|"
    r"已经?(?:修好|扑灭|解决)|防[火爆毒]|灭火器"
)
# What is denied is not said: 「没有煤气味」, 「没闻到燃气味」, 「闻不到煤气」; 「有没有煤气味」 asks, and is said.
_DENIED = re.compile(
    rf"(?:(?<!有)(?:没有?|未|并?无)|不是|并非|闻不到|看不到)(?:闻到|发现|看到|什么|任何|出现|发生|再|人|过|有)*"
    rf"(?:{_GAS}(?:的?气?味道?|泄[漏露]|漏气?)?|漏气|着火|起火|失火|明火|冒[黑浓]?烟|漏电|触电|困人|被困|困在电梯里?)"
)
_SENTENCE = re.compile(r"[^。！？!?；\n]+")
_COMMA = re.compile(r"[，,、\s]")


def without_denials(text: str) -> str:
    """Return the text with what it denies blanked out, sign for sign: 「没有煤气味」 speaks of no gas."""
    return _DENIED.sub(lambda denied: " " * len(denied.group()), text)


def dangers(text: str) -> list[Danger]:
    """Find words of danger that their clause does not take back; in order of place, one per kind and sentence."""
    found: dict[tuple[Kind, int], Danger] = {}
    for sentence in _SENTENCE.finditer(without_denials(text)):
        words = sentence.group()
        for kind, signs in _SIGNS.items():
            for match in signs.finditer(words):
                if not _NOT_NOW.search(_clause(words, *match.span())):
                    start, end = (sentence.start() + place for place in match.span())
                    danger = Danger(kind, start, end, match.group())
                    found.setdefault((kind, sentence.start()), danger)
    return sorted(found.values(), key=lambda danger: danger.start)


def _clause(sentence: str, start: int, end: int) -> str:
    """Return what stands between the commas around sentence[start:end]."""
    before = [mark.end() for mark in _COMMA.finditer(sentence, 0, start)]
    after = _COMMA.search(sentence, end)
    return sentence[before[-1] if before else 0 : after.start() if after else len(sentence)]
