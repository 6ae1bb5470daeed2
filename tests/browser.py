"""A real Chromium, phone-sized or desktop-sized; skipped with a message where the machine has none."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
expect.set_options(timeout=15_000)  # milliseconds; the machine may be busy with other tests
# The shell is the same browser without windows of its own: a quarter less work for each page.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PROGRAM = next((p for name in NAMES if (p := shutil.which(name))), None)
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium(take_down: Callable[[], None]) -> Iterator[Browser]:
    if PROGRAM is None:
        pytest.skip("no Chromium on this machine: browser tests are skipped")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=QUIET)
        yield browser
        take_down()  # what stands, while its connection is still the one that Django uses
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """Return `open_page(size=PHONE, script=True)`; each call opens another person's browser."""
    contexts: list[BrowserContext] = []

    def open_one(size: dict[str, int] = PHONE, *, script: bool = True) -> Page:
        context = chromium.new_context(
            viewport=size,
            base_url=live_server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=size == PHONE,
            java_script_enabled=script,
        )
        contexts.append(context)
        context.set_default_timeout(30_000)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
