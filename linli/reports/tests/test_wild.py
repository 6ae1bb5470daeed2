"""A workbook as a street sends it: columns named freely, ticks, codes, a hidden column, the head of the household."""

from datetime import date, timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from linli.base.errors import Refused
from linli.imports.rules.addresses import taken_apart
from linli.register import actions as register
from linli.register.models import TagKind
from linli.register.rules import HEAD_OF_HOUSEHOLD
from linli.register.rules import Source as FactSource
from linli.reports import actions
from linli.reports.actions import Asked, Mapped, Upload
from linli.reports.models import Template
from linli.reports.models.gathering import homes
from linli.reports.rules import Source, Subject, Who
from linli.reports.tests.books import content_of, read
from tests.cast import LONG_AGO, MONDAY, Willow

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = MONDAY.date()
NAMES = (
    "序号", "姓名", "性别（1男2女）", "公民身份号码", "出生日期（20261122）", "户主姓名", "户主身份证号",
    "户主联系电话", "与户主关系", "低保户（√）", "工作单位", "内部编码", "家庭住址", "填报人",
)  # fmt: skip
IDENTITY = "11010519491231002X"


def state(willow: Willow, person: Any, at: Any = MONDAY, **values: Any) -> None:
    register.state(person, values, source=FactSource.VISIT, by=willow.sun, at=at)


@pytest.fixture
def family(willow: Willow) -> Willow:
    """陈伯 heads a household; 张阿姨 belongs to it and has 低保."""
    state(willow, willow.chen, identity_kind="resident", identity=IDENTITY)
    state(willow, willow.zhang, sex="2", birth_date=date(1945, 3, 7), workplace="=cmd|' /C calc'!A0")
    household = register.found_household(willow.home, willow.chen, LONG_AGO, by=willow.sun, at=MONDAY)
    register.join(household, willow.zhang, "10", LONG_AGO, by=willow.sun, at=MONDAY)
    assert household.members.get(person=willow.chen).relation == HEAD_OF_HOUSEHOLD
    register.load_tag_kinds()
    kind = TagKind.objects.get(code="subsistence")
    register.tag(willow.zhang, kind, since=LONG_AGO, source=FactSource.PAPER, by=willow.sun, at=MONDAY)
    return willow


@pytest.fixture
def template(family: Willow) -> Template:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "名单"
    for column, name in enumerate(NAMES, 1):
        sheet.cell(1, column, name)
    sheet.column_dimensions["L"].hidden = True
    asked = Asked("街道办", "街办〔2026〕1号", "once", TODAY, TODAY + 30 * DAY)
    upload = Upload("表.xlsx", content_of(book))
    made = actions.make("花名册", family.community, Subject.PERSON, upload, asked, by=family.sun, at=MONDAY)
    return actions.map_columns(made, [], Who(), is_whole=True, by=family.sun, at=MONDAY)


def filled(
    willow: Willow, template: Template, on: date = TODAY, at: Any = MONDAY
) -> dict[str, dict[str, Any]]:
    filling = actions.fill(template, willow.community, on, is_whole=True, by=willow.sun, at=at)
    rows = list(read(filling.book)["名单"].iter_rows(min_row=2, values_only=True))
    return {row[1]: dict(zip(NAMES, row, strict=True)) for row in rows}


def test_it_is_filled_as_proposed(family: Willow, template: Template) -> None:
    zhang = filled(family, template)["张秀英"]
    assert (zhang["性别（1男2女）"], zhang["出生日期（20261122）"], zhang["低保户（√）"]) == (
        "2",
        "19450307",
        "√",
    )
    assert (zhang["户主姓名"], zhang["户主身份证号"], zhang["与户主关系"]) == ("陈福生", IDENTITY, "配偶")
    assert zhang["工作单位"] == "'=cmd|' /C calc'!A0"
    assert zhang["公民身份号码"] is None, "the head's number is not put where one's own belongs"


def test_nobody_is_asked_what_a_hidden_column_or_the_one_who_fills_it_in_wants(
    family: Willow, template: Template
) -> None:
    hidden, clerk = template.columns.get(number=12), template.columns.get(number=14)
    assert (hidden.source, clerk.source) == ("blank", "blank")
    assert "隐藏" in hidden.words


@pytest.mark.parametrize("name", ["残疾等级", "单位地址", "手机号码2", "年龄段"])
def test_what_only_sounds_like_something_held_may_be_asked(
    family: Willow, template: Template, name: str
) -> None:
    template.columns.filter(number=11).update(words=name)
    asked = [Mapped(11, Source.QUESTION)]
    actions.map_columns(template, asked, Who(), is_whole=True, by=family.sun, at=MONDAY)
    template.columns.filter(number=11).update(words="请填写您的联系电话")
    with pytest.raises(Refused, match="已经有了"):
        actions.map_columns(template, asked, Who(), is_whole=True, by=family.sun, at=MONDAY)


def test_owners_and_residents_of_a_home_are_called_as_they_were_that_day(family: Willow) -> None:
    later = MONDAY + 10 * DAY
    state(family, family.zhang, at=later, name="张秀瑛")
    for on, called in ((TODAY, "张秀英"), (later.date(), "张秀瑛")):
        (home,) = homes(family.community, on, Who(), frozenset({"owner", "residents"}))
        assert home.facts["owner"] == called
        assert called in home.facts["residents"].split("、")


def test_whoever_heads_the_household_can_read_that_they_were_shown(
    family: Willow, template: Template
) -> None:
    rows = actions.gather(template, family.community, TODAY, is_whole=True).rows
    zhang = next(row for row in rows if row.called == "张秀英")
    assert zhang.shows == [family.zhang.pk, family.chen.pk]


def test_an_address_in_a_report_can_be_read_by_an_import(family: Willow, template: Template) -> None:
    home = taken_apart(filled(family, template)["张秀英"]["家庭住址"])
    assert (home.estate, home.building, home.room) == ("杨柳苑", "3", "502")


def test_a_head_of_the_household_stands_with_the_facts_of_the_day(family: Willow, template: Template) -> None:
    later = MONDAY + 10 * DAY
    state(family, family.chen, at=later, name="陈富生")
    assert filled(family, template, TODAY, later)["张秀英"]["户主姓名"] == "陈福生"
    assert filled(family, template, later.date(), later)["张秀英"]["户主姓名"] == "陈富生"
