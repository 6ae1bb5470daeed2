"""A superior's workbook comes in, is matched, filled in one click, and what was missing is asked and filled."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from linli.people.models import Person
from linli.register import actions as register
from linli.register.models import Profile
from linli.register.rules import Source
from linli.reports.models import Template
from linli.reports.tests.books import content_of, elders
from linli.trail.models import Seen
from tests.cast import MONDAY, Willow
from tests.journeys.steps import look, main_of, see

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]
NAME = "街道老年人统计"


def upload(page: Page) -> None:
    """Send in the workbook that the street sent today, with who demands it and on what basis."""
    page.goto("/reports/")
    look(page, "reports")
    main_of(page).get_by_role("link", name="上传一张上级的表").first.click()
    file = {"name": "老年人.xlsx", "mimeType": "application/octet-stream", "buffer": content_of(elders())}
    page.get_by_label("上级发来的表格").set_input_files(file)
    page.get_by_label("给这张表起个名字").fill(NAME)
    page.get_by_label("哪个单位要的").fill("柳河街道办事处")
    page.get_by_label("依据（文号或通知名称）").fill("柳办〔2026〕8号")
    page.get_by_label("至（过了这一天不再填）").fill(f"{_this_year(page) + 1}-12-31")
    look(page, "report-new")
    page.get_by_role("button", name="上传，去对列").click()
    page.wait_for_url("**/columns/")


def _this_year(page: Page) -> int:
    return int(page.get_by_label("自", exact=True).input_value()[:4])


def match(page: Page) -> None:
    """The columns stand as the header's words propose; one is left to the street, the rest is right."""
    expect(page.get_by_label("填什么").nth(1)).to_have_value("fact:name")
    expect(page.get_by_label("填什么").nth(3)).to_have_value("fact:identity")
    expect(page.get_by_label("填什么").nth(5)).to_have_value("question")
    page.get_by_label("填什么").nth(6).select_option("blank")
    look(page, "report-columns")
    page.get_by_role("button", name="对好了").click()
    page.wait_for_url(lambda address: "columns" not in address)


def fill_in_one_click(page: Page, folder: Path) -> Any:
    """Press once, take the workbook along, and open it."""
    look(page, "report-template")
    page.get_by_role("button", name="一键填好").click()
    page.wait_for_url("**/fillings/**")
    look(page, "report-filling")
    with page.expect_download() as saving:
        page.get_by_role("link", name="下载填好的表").click()
    saving.value.save_as(folder / "filled.xlsx")
    return load_workbook(io.BytesIO((folder / "filled.xlsx").read_bytes()))


def rows_of(book: Any) -> dict[str, list[Any]]:
    sheet = book["汇总表"]
    return {sheet.cell(row, 2).value: [sheet.cell(row, c).value for c in range(1, 10)] for row in (6, 7, 8)}


def ask_for_what_is_missing(page: Page, visit: Visit, house: Willow, size: dict[str, int]) -> None:
    """The gaps go to the grid's list; the grid worker, meeting 陈伯, asks him and writes it down."""
    page.get_by_role("button", name="列进“碰面时顺便问”").click()
    page.wait_for_url("**/wanted/**")
    worker = visit(house.li, size)
    worker.goto("/todos/")
    main_of(worker).get_by_role("link").filter(has_text=NAME).first.click()
    look(worker, "report-wanted")
    asked = worker.locator("section.sheet").filter(has_text="陈福生").filter(has_text="性别")
    asked.locator("select").select_option("1")
    asked.get_by_role("button", name="记下").click()
    expect(worker.locator("section.sheet").filter(has_text="陈福生").filter(has_text="性别")).to_have_count(0)
    assert Profile.objects.get(person=house.chen).sex == "1"


def test_a_workbook_uploaded_today_is_filled_in_one_click(
    house: Willow, folders: Path, visit: Visit, size: dict[str, int]
) -> None:
    """Done-line 5: a worker fills a superior's workbook uploaded that day."""
    _state(house.zhang, house.sun, sex="2", identity_kind="resident", identity="11010519491231002X")
    _state(house.neighbour, house.sun, sex="1")
    sun = visit(house.sun, size)
    upload(sun)
    match(sun)
    book = fill_in_one_click(sun, folders)
    rows = rows_of(book)
    assert set(rows) == {"张秀英", "陈福生", "何建军"}
    assert rows["张秀英"][2:5] == ["女性", "11010519491231002X", "1949年12月"]
    assert rows["陈福生"][2:5] == [None, None, None]
    assert "B3:E3" in {str(area) for area in book["汇总表"].merged_cells.ranges}
    assert Seen.objects.filter(subject=house.zhang.subject, look__reason__contains="柳办〔2026〕8号").exists()
    ask_for_what_is_missing(sun, visit, house, size)
    sun.goto(f"/reports/{Template.objects.get().token}/")
    assert rows_of(fill_in_one_click(sun, folders))["陈福生"][2] == "男性"
    sun.locator("a[href*='compare']").first.click()
    see(sun, "男性")
    look(sun, "report-compare")


def _state(person: Person, by: Person, **values: Any) -> None:
    register.state(person, values, source=Source.VISIT, by=by, at=MONDAY)
