"""Which held fact a column asks for, as far as its words tell. What a wrong guess would send upward is not guessed."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from linli.reports.rules.facts import FACTS, RUNNING, TAG, Fact, Source
from linli.reports.rules.headers import Heading, plain

# What superiors or those who fill it in write themselves; nobody is asked for it.
LEFT_TO_THEM = re.compile(
    r"审核意见|审批意见|领导签字|签字|签名|盖章|核查结果|街道意见|区级意见|填报|填表|制表|采集人|采集员|登记人|核实人|"
    r"经办人|走访人|调查员|网格员|网格长|楼栋长|单元长|责任人|包保|^(备注|说明)$"
)
OTHERS = re.compile(r"配偶|监护|子女|父亲|母亲|联系人|紧急|法人|帮扶|照料人|护理人")
LANDLORD = re.compile(r"房东|出租人|业主|房主|产权人")
HEAD = re.compile(r"户主(?!.*成员)")
# Whose own facts we hold beside those of the row: {what the column asks: the fact of theirs}.
SOMEBODY = (
    (LANDLORD, {"name": "owner", "phone": "owner_phone", "identity": "owner_identity"}),
    (HEAD, {"name": "head", "phone": "head_phone", "identity": "head_identity"}),
)
OF_A_PERSON = frozenset({
    "name", "sex", "identity", "identity_kind", "birth_date", "age", "phone", "ethnicity", "politics", "marriage",
    "schooling", "employment", "health", "nationality", "workplace", "registered_at",
})  # fmt: skip
# Beside a word that we know, these make it something else: 残疾等级, 党员人数, 单位地址, 楼栋长, 手机号码2.
ANOTHER = re.compile(
    r"等级|级别|类别|类型|证|编号|代码证|原因|日期|时间|年限|金|标准|关系|数|量|单位|派出所|邮编|单价|资格|技能|病|段|信仰|"
    r"与(?!户主)|负责|长$|员$|意见|曾|原|备用|其他|[2-9二三]$"
)
ASKS_YES = re.compile(r"^(是否|是不是|有无)(为|是|属于|属|系)?")
KIND_OF_PEOPLE = re.compile(r"(对象|人员|家庭|群众|人|户|者)$")
PAPER = re.compile(r"^(是否|有无)(有|持有)?(.+)证$")  # 是否有残疾证


def bare(words: str) -> str:
    """Return a header's words as they are compared: without blanks, brackets and what stands in them, and signs."""
    text = re.sub(r"[（(【\[].*?[）)】\]]", "", plain(words))
    return re.sub(r"[*＊:：、，,。/\\\-_·]|必填|选填", "", text)


def propose(heading: Heading, facts: Mapping[str, Fact]) -> tuple[str, str]:
    """Return (source, fact code) that a column's words ask for; (QUESTION, "") where we hold nothing like it.

    A group that speaks of somebody else (监护人 / 姓名) is not filled with the row's own person; one that
    speaks of the landlord or the head of the household is filled with theirs where we hold it.
    """
    last = bare(heading.path[-1])
    group = "".join(bare(part) for part in heading.path[:-1])
    if last in RUNNING and not (last == "编号" and "case_number" in facts):
        return Source.NUMBER, ""
    exact = _exactly(last, facts)
    if not exact and LEFT_TO_THEM.search(last):
        return Source.BLANK, ""
    if exact and not group:
        return Source.FACT, exact
    is_somebodys, code = _of_somebody(group, last, facts)
    if is_somebodys:
        return (
            (Source.FACT, code) if code else (Source.BLANK, "")
        )  # their own row has it: nobody is asked again
    if OTHERS.search(group + last):
        return Source.QUESTION, ""
    code = exact or _tag(last, facts) or _near(last, facts)
    return (Source.FACT, code) if code else (Source.QUESTION, "")


def propose_all(headings: Iterable[Heading], facts: Mapping[str, Fact]) -> list[tuple[Heading, str, str]]:
    """Return each column with its proposed source and fact.

    In a header without groups, what comes a second time after somebody else's name is theirs: 姓名, 联系电话,
    监护人姓名, 联系电话. Columns of one name are told apart by their letter.
    """
    made, taken, others = [], set[str](), ""
    for heading in headings:
        path, (source, code) = heading.path, propose(heading, facts)
        if len(path) == 1:
            if OTHERS.search(bare(path[0])):
                others = path[0]
            elif others and code in taken & OF_A_PERSON:
                path, source, code = (others, *path), Source.QUESTION, ""
            elif code and code not in taken:
                others = ""
        made.append((Heading(heading.column, path), source, code))
        taken.add(code)
    return [
        (heading, source, code) for heading, (_own, source, code) in zip(_told_apart(made), made, strict=True)
    ]


def _told_apart(made: list[tuple[Heading, str, str]]) -> list[Heading]:
    """Return the columns under names of their own, so that one is never taken for another: 数量（F列）."""
    often = Counter(heading.words for heading, _source, _code in made)
    return [
        heading
        if often[heading.words] == 1
        else Heading(heading.column, (*heading.path[:-1], f"{heading.path[-1]}（{heading.letter}列）"))
        for heading, _source, _code in made
    ]


def is_another(words: str, names: Iterable[str]) -> bool:
    """Whether words that hold one of these names ask for something else all the same: 残疾等级, 单位地址."""
    inside = [name for name in names if name in words]
    return bool(inside) and all(ANOTHER.search(words.replace(name, "", 1)) for name in inside)


def _of_somebody(group: str, last: str, facts: Mapping[str, Fact]) -> tuple[bool, str]:
    """Return whether it asks for a fact of the landlord or the head of the household, and theirs where we hold it."""
    for pattern, theirs in SOMEBODY:
        begins = pattern.match(last)
        if not begins and not pattern.search(group):
            continue
        rest = last[begins.end() :] if begins and begins.end() < len(last) else last
        named = _exactly(rest, FACTS) or _near(rest, FACTS)
        if named in OF_A_PERSON:
            wanted = theirs.get(named, "")
            return True, wanted if wanted in facts else ""
    return False, ""


def _exactly(words: str, facts: Mapping[str, Fact]) -> str:
    return next((fact.code for fact in facts.values() if words in fact.words), "")


def _tag(words: str, facts: Mapping[str, Fact]) -> str:
    """Return the tag that a column asks for by its name: 是否为低保对象, 残疾人."""

    def core(text: str) -> str:
        return KIND_OF_PEOPLE.sub("", ASKS_YES.sub("", text))

    words = PAPER.sub(r"\3", words)
    tags = (fact for fact in facts.values() if fact.code.startswith(TAG))
    return next((fact.code for fact in tags if core(fact.words[-1]) == core(words)), "")


def _near(words: str, facts: Mapping[str, Fact]) -> str:
    """Return the fact whose longest word stands in them, unless what stands beside it makes it something else."""
    near = [
        (len(word), fact.code)
        for fact in facts.values()
        for word in fact.words
        if len(word) >= 2 and word in words and len(words) <= len(word) + 4
        if not ANOTHER.search(words.replace(word, "", 1))
    ]
    return max(near, default=(0, ""))[1]
