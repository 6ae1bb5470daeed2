"""A browser window that shows pages from memory: no server, no log-in, and nothing asked of anybody else."""

import urllib.parse
from collections.abc import Iterator

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Route
from playwright.sync_api import Page as Sheet

from tests.browser import PHONE
from tests.pages import Page

HOUSE = "http://localhost"  # to a browser as trustworthy as TLS
# One transparent point instead of each photo: pictures are not part of the weight.
POINT = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"


class Shown:
    """A browser window that shows pages from memory and notes what they ask for."""

    def __init__(self, window: Browser) -> None:
        self.context = window.new_context(
            viewport=PHONE, base_url=HOUSE, locale="zh-CN", has_touch=True, reduced_motion="reduce"
        )
        self.context.route("**/*", self.serve)
        self.sheet: Sheet = self.context.new_page()
        self.page: Page | None = None
        self.asked: set[str] = set()
        self.complaints: list[str] = []
        self.sheet.on("console", lambda line: self.complain(line.text) if line.type == "error" else None)
        self.sheet.on("pageerror", lambda error: self.complain(str(error)))

    def complain(self, words: str) -> None:
        """Note what the browser refused or could not run."""
        self.complaints.append(f"{self.page.label if self.page else ''}: {words}")

    def serve(self, route: Route) -> None:
        """Answer from memory: the page itself, our own files, a point for a picture; nobody else."""
        parts = urllib.parse.urlsplit(route.request.url)
        address = parts.path + (f"?{parts.query}" if parts.query else "")
        if f"{parts.scheme}://{parts.netloc}" != HOUSE:
            self.complain(f"asked {parts.netloc}")
            route.abort()
        elif route.request.resource_type == "document" and self.page is not None:
            route.fulfill(body=self.page.html, headers=self.page.headers)
        elif address.startswith("/static/") and (file := static_file(parts.path)):
            self.asked.add(parts.path)
            route.fulfill(path=file)
        elif address.startswith("/static/"):
            self.complain(f"{address} is not there")
            route.fulfill(status=404)
        else:
            route.fulfill(body=POINT, content_type="image/gif")

    def show(self, page: Page) -> None:
        """Open the page as its viewer got it."""
        self.page, self.asked = page, set()
        self.sheet.goto(page.address, wait_until="load")


def static_file(path: str) -> str | None:
    """Return where the file behind a static address lies."""
    found = finders.find(path.removeprefix("/static/"))
    return found if isinstance(found, str) else None


@pytest.fixture(scope="module")
def shown(chromium: Browser) -> Iterator[Shown]:
    window = Shown(chromium)
    yield window
    window.context.close()
