"""Something is said in 长辈版 with nothing but a keyboard (E10: 全程键盘操作)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page as Sheet

from linli.cases.models import Case
from tests.cast import Willow
from tests.signing_in import account_of

pytestmark = [pytest.mark.browser, pytest.mark.once]
WORDS = "3幢门前路灯不亮三天了"
MOST_STEPS = 6


@pytest.mark.django_db(transaction=True)
def test_e10_something_is_said_by_keyboard_alone(
    willow: Willow, open_page: Callable[..., Sheet], live_server: Any
) -> None:
    """E10: from the home page to the receipt in 长辈版 without a mouse."""
    client = Client()
    client.force_login(account_of(willow.zhang))
    sheet = open_page()
    cookies = {"sessionid": client.cookies["sessionid"].value, "elder": "1"}
    sheet.context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )
    sheet.goto("/")
    go(sheet, "main a[href*='/cases/say/']")
    sheet.wait_for_url("**/cases/say/**")
    to(sheet, "textarea[name=text]")
    sheet.keyboard.insert_text(WORDS)
    for _step in range(MOST_STEPS):  # what, where, and how to be told: as many pages as 长辈版 needs
        with sheet.expect_navigation():
            go(sheet, "main form button.btn-primary:not([type=button])")
        if "/said/" in sheet.url:
            break
    case = Case.objects.get()
    assert case.text == WORDS
    assert case.number in sheet.locator("main").inner_text()


def to(sheet: Sheet, what: str) -> None:
    """Press Tab until the focus stands on `what`."""
    for _step in range(80):
        sheet.keyboard.press("Tab")
        if sheet.evaluate("(what) => document.activeElement.matches(what)", what):
            return
    raise AssertionError(f"Tab never reached {what}")


def go(sheet: Sheet, what: str) -> None:
    """Press Tab until the focus stands on `what`, then Enter."""
    to(sheet, what)
    sheet.keyboard.press("Enter")
