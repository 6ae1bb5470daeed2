"""A worker loads a ledger that differs from what residents said, and decides row by row."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from linli.imports import actions
from linli.imports.models import Conflict, Run
from linli.people import actions as people
from linli.people.models import Person, Residency
from linli.register import actions as register
from tests.cast import LONG_AGO, MONDAY, Willow
from tests.journeys.steps import look, main_of, see

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]
NUMBER = "11010519491231002X"
LEDGER = "姓名,身份证号,联系电话,小区,楼栋,室号,网格\n"


def known(house: Willow, name: str, number: str, phone: str) -> Person:
    """Somebody who told the community themselves."""
    person = people.register(name, "", MONDAY, house.sun)
    stay = people.settle(person, house.home, "owner", LONG_AGO, Residency.Source.SELF, MONDAY)
    people.verify(stay, house.sun, MONDAY, Residency.Source.COUNTER)
    values = {"identity": number, "identity_kind": "resident", "phone": phone}
    register.state(person, values, source="self", by=person, at=MONDAY)
    return person


def worked(page: Page) -> None:
    """Let the worker deal with what waits, and look again."""
    run = Run.objects.latest("pk")
    actions.go_on(run.token, timezone.now)
    page.goto(f"/imports/{run.token}/")


def test_conflicts_of_a_ledger_are_decided_row_by_row(
    house: Willow, visit: Visit, size: dict[str, int], tmp_path: Path
) -> None:
    wang = known(house, "王小明", NUMBER, "13900000001")
    file = tmp_path / "人口.csv"
    rows = [
        f"王小明,{NUMBER},13955556666,杨柳苑,3幢,502室,一",
        "刘波,110105194912310021,,杨柳苑,3幢,502室,一",
    ]
    file.write_text(LEDGER + "\n".join(rows) + "\n", encoding="gb18030")
    sun = visit(house.sun, size)
    sun.goto("/imports/")
    main_of(sun).get_by_role("link", name="导入一个台账").click()
    sun.get_by_label("台账从哪里来").fill("派出所人口台账")
    sun.locator("input[type=file]").set_input_files(str(file))
    main_of(sun).get_by_role("button", name="上传").click()
    sun.wait_for_url("**/columns/")
    look(sun, "import-columns")
    sun.get_by_label("网格").select_option("-")
    main_of(sun).get_by_role("button", name="试算").click()
    sun.wait_for_url(lambda address: not address.endswith("/columns/"))
    see(sun, "正在试算")
    look(sun, "import-running")
    worked(sun)
    look(sun, "import-checked")
    see(sun, "和现有的不一致")
    main_of(sun).get_by_role("button", name="开始导入").click()
    worked(sun)
    see(sun, "导入完成")
    main_of(sun).get_by_role("link", name="处不一致").click()
    look(sun, "import-conflicts")
    see(sun, "139****0001")
    see(sun, "139****6666")
    main_of(sun).get_by_role("button", name="采用台账的").click()
    expect(main_of(sun)).to_contain_text("没有等您决定的了")
    wang.refresh_from_db()
    assert (wang.phone, Conflict.objects.get().decision) == ("13955556666", "taken")
