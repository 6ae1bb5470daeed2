"""The facts that a report may ask for: what each is called in superiors' headers, and of what rows it speaks."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.reports.rules.formats import Kind


class Subject(models.TextChoices):
    """What one row of the workbook is about."""

    PERSON = "person", _("每人一行")
    HOME = "home", _("每户（房屋）一行")
    LETTING = "letting", _("每处出租一行")
    HAZARD = "hazard", _("每件隐患一行")


class Source(models.TextChoices):
    """Where the value of a column comes from."""

    FACT = "fact", _("已有的信息")
    NUMBER = "number", _("序号（自动编）")
    CONSTANT = "constant", _("固定内容")
    QUESTION = "question", _("还没有，要去问")
    BLANK = "blank", _("空着，由上级填")
    FORMULA = "formula", _("表里的公式，照留")


P, H, L, Z = Subject.PERSON, Subject.HOME, Subject.LETTING, Subject.HAZARD


@dataclass(frozen=True)
class Fact:
    """One held fact. `words` are what headers call it (plain: no blanks, no brackets); `field` is the register's
    name of it where the register holds it, and what a missing one is asked for by.
    """

    code: str
    label: str | Promise
    kind: str
    words: tuple[str, ...]
    subjects: frozenset[str]
    field: str = ""
    code_list: str = ""

    @property
    def is_sensitive(self) -> bool:
        """Whether it is a number that names one person."""
        return self.kind in {Kind.IDENTITY, Kind.PHONE}

    @property
    def may_be_missing(self) -> bool:
        """Whether an empty cell means that nobody has asked yet."""
        return bool(self.field)


def _words() -> dict[str, tuple[str, ...]]:
    """Return what superiors' headers call each fact (words.csv: a line for each, words apart by a blank)."""
    path = Path(__file__).resolve().parents[1] / "words.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["fact"]: tuple(row["words"].split()) for row in csv.DictReader(file)}


WORDS = _words()


def _fact(code: str, label: str | Promise, kind: str, subjects: Iterable[str], **more: str) -> Fact:
    return Fact(code, label, kind, WORDS[code], frozenset(subjects), **more)


PERSONAL = (P, L)
PLACED = (P, H, L)
FACTS: dict[str, Fact] = {
    fact.code: fact
    for fact in (
        _fact("name", _("姓名"), Kind.NAME, PERSONAL, field="name"),
        _fact("sex", _("性别"), Kind.CODE, PERSONAL, field="sex", code_list="sex"),
        _fact("identity", _("证件号码"), Kind.IDENTITY, PERSONAL, field="identity"),
        _fact(
            "identity_kind",
            _("证件种类"),
            Kind.CODE,
            PERSONAL,
            field="identity_kind",
            code_list="identity_kind",
        ),
        _fact("birth_date", _("出生日期"), Kind.DATE, PERSONAL, field="birth_date"),
        _fact("age", _("年龄"), Kind.NUMBER, PERSONAL, field="birth_date"),
        _fact("phone", _("联系电话"), Kind.PHONE, PERSONAL, field="phone"),
        _fact("ethnicity", _("民族"), Kind.CODE, PERSONAL, field="ethnicity", code_list="ethnicity"),
        _fact("politics", _("政治面貌"), Kind.CODE, PERSONAL, field="politics", code_list="politics"),
        _fact("marriage", _("婚姻状况"), Kind.CODE, PERSONAL, field="marriage", code_list="marriage"),
        _fact("schooling", _("文化程度"), Kind.CODE, PERSONAL, field="schooling", code_list="schooling"),
        _fact("employment", _("就业状况"), Kind.CODE, PERSONAL, field="employment", code_list="employment"),
        _fact("health", _("健康状况"), Kind.CODE, (P,), field="health", code_list="health"),
        _fact("nationality", _("国籍"), Kind.TEXT, PERSONAL, field="nationality"),
        _fact("workplace", _("工作单位"), Kind.TEXT, PERSONAL, field="workplace"),
        _fact("registered_at", _("户籍地址"), Kind.TEXT, PERSONAL, field="registered_at"),
        _fact("lodging", _("居住方式"), Kind.CODE, PERSONAL, field="lodging", code_list="lodging"),
        _fact("relation", _("与户主关系"), Kind.CODE, (P,), code_list="relation"),
        _fact("household_number", _("户号"), Kind.TEXT, (P, H)),
        _fact("head", _("户主姓名"), Kind.NAME, (P, H)),
        _fact("head_phone", _("户主电话"), Kind.PHONE, (P, H)),
        _fact("head_identity", _("户主证件号码"), Kind.IDENTITY, (P, H)),
        _fact("household_size", _("家庭人口数"), Kind.NUMBER, (P, H, L)),
        _fact("tenure", _("居住身份"), Kind.CODE, (P,), code_list="tenure"),
        _fact("lives_since", _("入住日期"), Kind.DATE, (P, L)),
        _fact("lives_alone", _("是否独居"), Kind.YES, (P,)),
        _fact("tags", _("人员标签"), Kind.TEXT, (P,)),
        _fact("residents", _("居住人姓名"), Kind.TEXT, (H,)),
        _fact("owner", _("业主姓名"), Kind.NAME, (H, L)),
        _fact("owner_phone", _("业主电话"), Kind.PHONE, (H, L)),
        _fact("owner_identity", _("业主证件号码"), Kind.IDENTITY, (H, L)),
        _fact("tenants", _("租住人数"), Kind.NUMBER, (H, L)),
        _fact("address", _("详细地址"), Kind.TEXT, PLACED),
        _fact("district", _("区（县）"), Kind.TEXT, (P, H, L, Z)),
        _fact("street", _("街道（乡镇）"), Kind.TEXT, (P, H, L, Z)),
        _fact("community", _("社区（村）"), Kind.TEXT, (P, H, L, Z)),
        _fact("estate", _("小区"), Kind.TEXT, (P, H, L, Z)),
        _fact("building", _("楼栋"), Kind.TEXT, PLACED),
        _fact("unit", _("单元"), Kind.TEXT, PLACED),
        _fact("room", _("房号"), Kind.TEXT, PLACED),
        _fact("grid", _("所在网格"), Kind.TEXT, (P, H, L, Z)),
        _fact("floor_area", _("建筑面积（平方米）"), Kind.NUMBER, PLACED),
        _fact("occupancy", _("房屋使用情况"), Kind.CODE, (P, H), code_list="occupancy"),
        _fact("case_number", _("编号"), Kind.TEXT, (Z,)),
        _fact("case_kind", _("隐患类别"), Kind.TEXT, (Z,)),
        _fact("case_place", _("隐患位置"), Kind.TEXT, (Z,)),
        _fact("case_text", _("隐患内容"), Kind.TEXT, (Z,)),
        _fact("case_found", _("发现日期"), Kind.DATE, (Z,)),
        _fact("case_channel", _("发现渠道"), Kind.CODE, (Z,), code_list="channel"),
        _fact("case_lead", _("责任单位"), Kind.TEXT, (Z,)),
        _fact("case_due", _("整改期限"), Kind.DATE, (Z,)),
        _fact("case_measure", _("整改情况"), Kind.TEXT, (Z,)),
        _fact("case_done", _("办结日期"), Kind.DATE, (Z,)),
        _fact("case_state", _("整改状态"), Kind.CODE, (Z,), code_list="case_state"),
    )
}

TAG = "tag:"  # "tag:low_income": whether the person has the tag that day
TAG_SINCE = "tag_since:"  # since when
RUNNING = frozenset({"序号", "编号", "序", "行号", "No", "NO", "no"})


def tag_fact(code: str, name: str) -> Fact:
    """Return the fact "has this tag that day" for a kind of tag."""
    return Fact(
        f"{TAG}{code}", _("是否%(tag)s") % {"tag": name}, Kind.YES, (f"是否{name}", name), frozenset({P})
    )


def tag_since_fact(code: str, name: str) -> Fact:
    """Return the fact "since when this tag holds"."""
    label = _("%(tag)s起始日期") % {"tag": name}
    return Fact(f"{TAG_SINCE}{code}", label, Kind.DATE, (f"{name}起始日期", f"{name}日期"), frozenset({P}))


def facts_for(subject: str, tags: Iterable[tuple[str, str]] = ()) -> dict[str, Fact]:
    """Return by code the facts of which rows about `subject` can speak; `tags` are (code, name)."""
    found = {code: fact for code, fact in FACTS.items() if subject in fact.subjects}
    if subject == Subject.PERSON:
        for code, name in tags:
            for fact in (tag_fact(code, name), tag_since_fact(code, name)):
                found[fact.code] = fact
    return found


def known_words(facts: Mapping[str, Fact]) -> frozenset[str]:
    """Return all that headers may call these facts."""
    return frozenset(word for fact in facts.values() for word in fact.words) | RUNNING
