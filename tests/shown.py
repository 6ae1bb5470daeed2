"""A browser window that shows pages as they were sent: no log-in, and nothing asked of anybody else."""

import mimetypes
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Request
from playwright.sync_api import Page as Sheet

from tests.browser import PHONE
from tests.pages import Page

AXE = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"
AXE_ADDRESS = "/axe.js"
# One transparent point instead of each photo: pictures are not part of the weight.
POINT = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
KEPT = {"Cache-Control": "max-age=3600"}  # by the browser, as at home: a page is shown in a third of the time


class Shown:
    """A browser window, a server that knows the page it is to show, and what the page asked for."""

    def __init__(self, window: Browser) -> None:
        self.page: Page | None = None
        self.asked: set[str] = set()
        self.complaints: list[str] = []
        self.server = ThreadingHTTPServer(("localhost", 0), self.handler())
        Thread(target=self.server.serve_forever, daemon=True).start()
        # localhost is to a browser as trustworthy as TLS
        self.house = f"http://localhost:{self.server.server_port}"
        self.context = window.new_context(
            viewport=PHONE, base_url=self.house, locale="zh-CN", has_touch=True, reduced_motion="reduce"
        )
        self.sheet: Sheet = self.context.new_page()
        self.sheet.on("request", self.note)
        self.sheet.on("console", lambda line: self.complain(line.text) if line.type == "error" else None)
        self.sheet.on("pageerror", lambda error: self.complain(str(error)))

    def complain(self, words: str) -> None:
        """Note what the browser refused or could not run."""
        self.complaints.append(f"{self.page.label if self.page else ''}: {words}")

    def note(self, request: Request) -> None:
        """Note what a page asks for, and whom."""
        parts = urllib.parse.urlsplit(request.url)
        if parts.path.startswith("/static/"):
            self.asked.add(parts.path)
        if parts.scheme.startswith("http") and f"{parts.scheme}://{parts.netloc}" != self.house:
            self.complain(f"asked {parts.netloc}")

    def answer(self, address: str, wanted: str) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body: the page itself, our own files, a point for a picture."""
        path = urllib.parse.urlsplit(address).path
        if wanted == "document" and self.page is not None:
            headers = {name: value for name, value in self.page.headers.items() if name != "Content-Length"}
            return 200, headers, self.page.html.encode()
        if path == AXE_ADDRESS:
            return 200, KEPT | {"Content-Type": "text/javascript"}, AXE.read_bytes()
        if not path.startswith("/static/"):
            return 200, KEPT | {"Content-Type": "image/gif"}, POINT
        if file := static_file(path):
            kind = mimetypes.guess_type(file)[0] or "application/octet-stream"
            return 200, KEPT | {"Content-Type": kind}, Path(file).read_bytes()
        return 404, {}, b""  # the browser's console says so, which is a complaint

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Return what answers the window's requests."""
        shown = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                status, headers, body = shown.answer(self.path, self.headers.get("Sec-Fetch-Dest", ""))
                self.send_response(status)
                for name, value in (headers | {"Content-Length": str(len(body))}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words: object) -> None:
                """Say nothing: a page that asks in vain complains in its console."""

        return Handler

    def show(self, page: Page) -> None:
        """Open the page as its viewer got it."""
        self.page, self.asked = page, set()
        self.sheet.goto(page.address, wait_until="load")

    def load_axe(self) -> None:
        """Put axe-core into the page, from the same house, as its policy demands."""
        self.sheet.add_script_tag(url=AXE_ADDRESS)

    def close(self) -> None:
        self.context.close()
        self.server.shutdown()
        self.server.server_close()


def static_file(path: str) -> str | None:
    """Return where the file behind a static address lies."""
    found = finders.find(path.removeprefix("/static/"))
    return found if isinstance(found, str) else None


@pytest.fixture(scope="module")
def shown(chromium: Browser) -> Iterator[Shown]:
    window = Shown(chromium)
    yield window
    window.close()
