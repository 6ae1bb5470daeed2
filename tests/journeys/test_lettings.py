"""鲁新来 has moved in: he scans the code at the door, and 李网格员 meets him there and agrees."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from linli.lettings.models import Newcomer
from linli.people.models import Person, Residency
from linli.places import actions as places
from linli.places.models import Kind
from linli.trail.models import Look
from tests.cast import Willow
from tests.journeys.steps import fill, look, main_of, see

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE_NUMBER = "13900000071"


def press(page: Page, words: str) -> None:
    with page.expect_navigation():
        main_of(page).get_by_role("button", name=words).first.click()


def test_a_tenant_registers_by_the_code_of_the_home_and_is_confirmed_at_the_door(
    house: Willow, visit: Callable[..., Page], size: dict[str, int]
) -> None:
    home = places.plant(Kind.HOME, "701室", house.building)
    code = places.issue_code(home, by=house.sun, at=timezone.now())
    page = visit(None, size)
    page.goto(f"/q/{code.token}/")
    look(page, "home-code")
    for secret in ("701", house.zhang.name, house.chen.name):
        assert secret not in main_of(page).inner_text()
    main_of(page).get_by_role("link", name="我住这里，登记一下").click()
    look(page, "newcomer-form")
    form = page.locator("main form").first
    today = timezone.localdate().isoformat()
    fill(form, name="鲁新来", phone=PHONE_NUMBER, tenure="tenant", since=today)
    press(page, "登记")
    see(page, "等人确认")
    look(page, "newcomer-receipt")
    receipt = page.url
    assert not Person.objects.filter(name="鲁新来").exists()

    li = visit(house.li, size)
    li.goto("/todos/")
    main_of(li).get_by_role("link", name="来住登记").first.click()
    expect(main_of(li)).to_contain_text("鲁新来")
    assert PHONE_NUMBER not in li.content()
    press(li, "手机号")
    look(li, "newcomer-at-the-door")
    assert PHONE_NUMBER in li.content()
    press(li, "见到本人了，同意登记")
    see(li, "等核对的来住登记")
    look(li, "desk-arrivals")

    page.goto(receipt)
    see(page, "登记好了")
    look(page, "newcomer-registered")
    tenant = Person.objects.get(name="鲁新来")
    residency = Residency.objects.get(person=tenant)
    assert (residency.home, residency.verified_by) == (home, house.li)
    newcomer = Newcomer.objects.get()
    assert Look.objects.about(newcomer.subject).count() >= 2  # the page, and the number that was opened
    his = visit(tenant, size)
    his.goto("/looks/mine/")
    look(his, "newcomer-reads-who-looked")
    see(his, "手机号")
