"""Whoever is looked at reads it: by family who act for them, and by a worker who opens their number for a minute."""

from collections.abc import Callable

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from linli.people import actions as people
from linli.people.rules import Scope
from linli.register import actions as register
from linli.register.models import TagKind
from linli.register.rules import Source
from linli.trail.models import Reveal
from linli.trail.rules import REVEAL_LIMIT
from tests.cast import Willow
from tests.journeys.steps import fill, look, main_of, see

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]
NUMBER = "13800000001"
WHY = "雨棚漏水，约上门的时间"


def record_at_the_desk(page: Page) -> None:
    """Open 张秀英's record from the list of residents, as a worker finds it: name and number masked."""
    page.goto("/register/")
    assert NUMBER not in page.content()
    main_of(page).get_by_role("link").filter(has_text="张**").first.click()
    page.wait_for_url("**/register/people/**")


def line_about(page: Page, words: str) -> Locator:
    """Return the one line of 谁看了我的信息 that says these words."""
    page.goto("/looks/mine/")
    line = main_of(page).locator(".timeline > li").filter(has_text=words)
    expect(line).to_have_count(1)
    return line


def test_a_daughter_reads_her_fathers_tags_and_he_sees_that_she_did(
    house: Willow, visit: Visit, size: dict[str, int]
) -> None:
    now = timezone.now()
    register.load_tag_kinds()
    alone = TagKind.objects.get(code="lives_alone")
    today = timezone.localdate(now)
    register.tag(house.chen, alone, since=today, source=Source.VISIT, by=house.sun, at=now)
    people.grant_proxy(house.chen, house.daughter, Scope.EVERYTHING, by=house.chen, at=now)

    daughter = visit(house.daughter, size)
    daughter.goto("/register/mine/")
    expect(main_of(daughter)).not_to_contain_text(alone.name)
    daughter.goto("/people/proxies/")
    with daughter.expect_navigation():
        main_of(daughter).get_by_role("button").filter(has_text="替陈福生办事").click()
    banner = daughter.get_by_role("region", name="正在代办")
    expect(banner).to_contain_text("陈福生")
    daughter.goto("/mine/")
    main_of(daughter).get_by_role("link", name="我的档案").click()
    see(daughter, "陈福生 的档案", alone.name, alone.purpose, alone.legal_basis, "本人看得到")
    look(daughter, "father-record")
    with daughter.expect_navigation():
        banner.get_by_role("button", name="回到自己").click()
    daughter.goto("/register/mine/")
    expect(main_of(daughter)).not_to_contain_text(alone.name)

    father = visit(house.chen, size)
    line = line_about(father, "整份档案和标签")
    expect(line).to_contain_text("陈** · 亲情代办")
    expect(line.locator("time")).to_be_visible()
    look(father, "father-reads-who-looked")


def test_a_worker_opens_a_number_for_a_minute_and_the_resident_reads_who_when_and_why(
    house: Willow, visit: Visit, size: dict[str, int]
) -> None:
    sun = visit(house.sun, size)
    record_at_the_desk(sun)
    main_of(sun).locator("summary", has_text="打开电话").click()
    form = sun.locator("main details[open] form")
    fill(form, why=WHY)
    with sun.expect_navigation():
        form.get_by_role("button", name="打开 60 秒").click()
    see(sun, NUMBER, "到时自动遮盖")
    look(sun, "number-open")

    # What shows the number compares the clock with the row's end: a minute passes for the row, not for the test.
    Reveal.objects.update(opened_at=F("opened_at") - REVEAL_LIMIT, ends_at=F("ends_at") - REVEAL_LIMIT)
    sun.reload()
    see(sun, "打开电话")
    assert NUMBER not in sun.content()
    look(sun, "number-masked-again")

    zhang = visit(house.zhang, size)
    line = line_about(zhang, WHY)
    for words in ("孙* · 柳树社区居民委员会 · 社区工作者", "电话"):
        expect(line).to_contain_text(words)
    expect(line.locator("time")).to_be_visible()
    look(zhang, "resident-reads-who-opened")
