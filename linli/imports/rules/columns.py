"""Which columns of a ledger hold what: proposed from the words of its headings, checked before anything is loaded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.base.errors import require
from linli.imports.rules.tables import key_of

REASON = "没有导入的原因"  # in the error file; a mended file that still has it is read without it


class Group(models.TextChoices):
    """Whereto a column's value goes."""

    PERSON = "person", gettext_lazy("本人")
    FACT = "fact", gettext_lazy("档案")
    HOME = "home", gettext_lazy("住处")
    STAY = "stay", gettext_lazy("居住")
    TAG = "tag", gettext_lazy("标签")


@dataclass(frozen=True)
class Column:
    """Something a column may hold. `words` are headings that mean it; `values` how its text is read."""

    code: str
    label: str | Promise
    group: str
    words: str
    values: str = "text"  # text, date, code, yes_no


IGNORED = "-"  # the mapping says in so many words that a column stays behind

COLUMNS: tuple[Column, ...] = (
    Column("name", gettext_lazy("姓名"), Group.PERSON, "姓名 名字 居民姓名 人员姓名 name"),
    Column("identity", gettext_lazy("证件号码"), Group.FACT,
           "身份证号 身份证号码 公民身份号码 公民身份证号 证件号码 证件号 身份证 证照号码 identitynumber"),
    Column("identity_kind", gettext_lazy("证件种类"), Group.FACT, "证件种类 证件类型 证照类型", "code"),
    Column("phone", gettext_lazy("电话"), Group.PERSON,
           "电话 手机 手机号 手机号码 联系电话 联系方式 移动电话 本人电话 phone"),
    Column("sex", gettext_lazy("性别"), Group.FACT, "性别 sex", "code"),
    Column("birth_date", gettext_lazy("出生日期"), Group.FACT, "出生日期 出生年月日 出生年月 生日 出生时间", "date"),
    Column("ethnicity", gettext_lazy("民族"), Group.FACT, "民族", "code"),
    Column("politics", gettext_lazy("政治面貌"), Group.FACT, "政治面貌 政治身份", "code"),
    Column("marriage", gettext_lazy("婚姻状况"), Group.FACT, "婚姻状况 婚姻 婚否", "code"),
    Column("schooling", gettext_lazy("文化程度"), Group.FACT, "文化程度 学历 受教育程度", "code"),
    Column("employment", gettext_lazy("就业状况"), Group.FACT,
           "就业状况 从业状况 职业状况 就业情况 从业状况代码", "code"),
    Column("health", gettext_lazy("健康状况"), Group.FACT, "健康状况 健康情况 身体状况", "code"),
    Column("nationality", gettext_lazy("国籍"), Group.FACT, "国籍 国籍地区"),
    Column("workplace", gettext_lazy("工作单位"), Group.FACT, "工作单位 单位 服务处所 就业单位 从业单位"),
    Column("registered_at", gettext_lazy("户籍地址"), Group.FACT, "户籍地址 户籍地 户口所在地 户籍所在地 户籍详址"),
    Column("lodging", gettext_lazy("居住方式"), Group.FACT, "居住方式 住房来源 房屋来源", "code"),
    Column("died_on", gettext_lazy("去世日期"), Group.FACT, "去世日期 死亡日期", "date"),
    Column("community", gettext_lazy("社区"), Group.HOME, "社区 所属社区 社区名称 村社区 村居 所属村社"),
    Column("community_code", gettext_lazy("社区代码"), Group.HOME, "社区代码 区划代码 统计用区划代码 村社代码"),
    Column("estate", gettext_lazy("小区"), Group.HOME, "小区 小区名称 所属小区 住宅小区"),
    Column("building", gettext_lazy("楼栋"), Group.HOME, "楼栋 幢 幢号 楼号 栋 栋号 楼幢 楼栋号 楼房号 号楼"),
    Column("unit", gettext_lazy("单元"), Group.HOME, "单元 单元号"),
    Column("room", gettext_lazy("室号"), Group.HOME, "室 室号 房号 房间号 门牌 门牌号 户室 室号房号 户室号"),
    Column("address", gettext_lazy("整句住址"), Group.HOME,
           "整句住址 住址 现住址 地址 居住地址 家庭住址 现居住地址 实际居住地 居住地 现住地址 详细地址"),
    Column("tenure", gettext_lazy("居住身份"), Group.STAY,
           "居住身份 居住类型 住户类型 业主租户 身份类别 人户关系", "code"),
    Column("lives_there", gettext_lazy("是否住在这里"), Group.STAY,
           "是否住在这里 是否居住 是否实际居住 是否在住 实际居住", "yes_no"),
    Column("is_registered", gettext_lazy("户口是否在这里"), Group.STAY,
           "户口是否在这里 户口是否在此 是否户籍 户籍人口 是否本地户籍 户口在此", "yes_no"),
    Column("since", gettext_lazy("入住日期"), Group.STAY, "入住日期 入住时间 居住日期 迁入日期 来本地日期", "date"),
    Column("until", gettext_lazy("搬离日期"), Group.STAY, "搬离日期 搬出日期 迁出日期 离开日期", "date"),
    Column("household", gettext_lazy("户号"), Group.STAY, "户号 户籍号 家庭编号 户编号"),
    Column("relation", gettext_lazy("与户主关系"), Group.STAY, "与户主关系 户主关系 家庭关系 与户主的关系", "code"),
    Column("tags", gettext_lazy("人员标签"), Group.TAG, "人员标签 标签 人员类别 人群类别 特殊人群 重点人群类型"),
)  # fmt: skip
BY_CODE = {column.code: column for column in COLUMNS}
_BY_WORD = {key_of(word): column.code for column in COLUMNS for word in column.words.split()}
HEADING_WORDS = frozenset(_BY_WORD)


def propose(headings: Sequence[str], remembered: Mapping[str, str]) -> dict[str, str]:
    """Return {heading: code of a column, or "" where no column is meant}: as this source was read before, else by the
    words of the heading. No code is proposed twice.
    """
    taken = {remembered[heading] for heading in headings if remembered.get(heading)} - {IGNORED}
    mapping: dict[str, str] = {}
    for heading in headings:
        if heading == REASON:
            mapping[heading] = IGNORED
            continue
        if heading in remembered:
            mapping[heading] = remembered[heading]
            continue
        code = _BY_WORD.get(key_of(heading), "")
        mapping[heading] = "" if code in taken else code
        taken.add(code)
    return mapping


def lost(headings: Iterable[str], mapping: Mapping[str, str]) -> list[str]:
    """Return the headings whose column would stay behind without anybody having said so."""
    return [heading for heading in headings if not mapping.get(heading)]


def forgotten(mapping: Mapping[str, str], remembered: Mapping[str, str]) -> list[str]:
    """Return the labels of what this source brought before and the present mapping brings no more."""
    gone = set(remembered.values()) - set(mapping.values()) - {"", IGNORED}
    return [str(BY_CODE[code].label) for code in BY_CODE if code in gone]


def check_mapping(headings: Sequence[str], mapping: Mapping[str, str]) -> None:
    """Refuse a mapping with which no row could be loaded, which means one thing twice, or which loses a column."""
    codes = [mapping.get(heading, "") for heading in headings]
    used = [code for code in codes if code and code != IGNORED]
    unknown = sorted(set(used) - BY_CODE.keys())
    require(not unknown, _("没有这样的栏目：%(words)s。") % {"words": "、".join(unknown)})
    twice = [str(BY_CODE[code].label) for code in dict.fromkeys(used) if used.count(code) > 1]
    require(not twice, _("有两列都对应到「%(words)s」，请只留一列。") % {"words": "、".join(twice)})
    require("name" in used, _("没有哪一列是姓名。请选出姓名在哪一列。"))
    is_known = "identity" in used or ({"birth_date"} <= set(used) and _has_home(used))
    require(
        is_known,
        _("认人要有证件号码，或者同时有住处和出生日期。请把这些列对应上。"),
    )
    without = lost(headings, mapping)
    require(
        not without,
        _("这些列还没有去处：%(words)s。请为每一列选一个栏目，不需要的选“不导入”。")
        % {"words": "、".join(without)},
    )


def _has_home(codes: Iterable[str]) -> bool:
    return bool({"room", "address"} & set(codes))


def places_of(headings: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    """Return {code: number of its column} for what is to be loaded."""
    return {
        mapping[heading]: number
        for number, heading in enumerate(headings)
        if mapping.get(heading) not in (None, "", IGNORED)
    }
