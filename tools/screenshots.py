"""Take the pictures of docs/pictures: fill the demo if it is not there, serve it, walk through it (`make screenshots`).

Each is a page as a phone (390 × 844) or a desktop (1280 × 900) shows it, kept small by a palette of 128 colours.
An address may be given instead (`tools/screenshots.py http://127.0.0.1:8000`): a demo that is running already.
"""

import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import DESKTOP, PHONE, PROGRAM, QUIET

REPOSITORY = Path(__file__).resolve().parents[1]
PICTURES = REPOSITORY / "docs" / "pictures"
LARGEST = 150 * 1024  # bytes of one picture
COLOURS = 128
NUMBER = re.compile(r"\d{8}-\d{6}")
PATIENCE = 60  # seconds until the demo answers


@dataclass(frozen=True)
class Shot:
    """One picture: whose page ("" signed out), on which screen, and how they get there."""

    name: str
    who: str
    go: Callable[[Page], None]
    size: dict[str, int]
    cookies: tuple[tuple[str, str], ...] = ()


def page(path: str) -> Callable[[Page], None]:
    """Open `path` and nothing more."""

    def go(browser: Page) -> None:
        browser.goto(path)

    return go


def row(path: str, title: str = "") -> Callable[[Page], None]:
    """Open the list at `path`, then its first row, or the first whose text has `title`."""

    def go(browser: Page) -> None:
        browser.goto(path)
        browser.locator("main .rows a", has_text=title or None).first.click()
        browser.wait_for_load_state()

    return go


def own_estate(browser: Page) -> None:
    browser.goto("/around/")


def solved_in_own_estate(browser: Page) -> None:
    """Open the newest case with a result that shows photos from before and after, or the newest with a result."""
    own_estate(browser)
    browser.goto(f"{browser.url}?show=ended")
    rows = browser.locator("main .rows > li")
    with_photos = rows.filter(has=browser.locator("img >> nth=1"))
    (with_photos if with_photos.count() else rows).first.locator("a").first.click()
    browser.wait_for_load_state()


def entry_of_own_case(browser: Page) -> None:
    row("/cases/mine/")(browser)
    number = next(word for word in browser.locator("main").inner_text().split() if NUMBER.fullmatch(word))
    row(f"/log/?number={number}")(browser)


SHOTS = (
    Shot("home", "zhang", page("/"), PHONE),
    Shot("say", "zhang", page("/cases/say/"), PHONE),
    Shot("own-case", "zhang", row("/cases/mine/", "正在办"), PHONE),
    Shot("elder", "zhang", page("/"), PHONE, (("elder", "1"),)),
    Shot("estate", "zhang", own_estate, PHONE),
    Shot("public-case", "he", solved_in_own_estate, PHONE),
    Shot("english", "", page("/"), PHONE, (("language", "en"),)),
    Shot("record", "zhang", entry_of_own_case, PHONE),
    Shot("todos", "sun", page("/todos/"), PHONE),
    Shot("desk", "sun", row("/cases/desk/"), DESKTOP),
    Shot("duties", "wu", row("/duties/"), DESKTOP),
    Shot("rates", "qian", page("/figures/rates/"), DESKTOP),
    Shot("own-record", "zhang", page("/register/mine/"), PHONE),
    Shot("looks", "zhang", page("/looks/mine/"), PHONE),
    Shot("reports", "sun", page("/reports/"), DESKTOP),
    Shot("protection", "wei", page("/privacy/desk/"), DESKTOP),
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def demo() -> Iterator[str]:
    """Serve the demo, filled, on a port of its own; it ends with the pictures."""
    port = free_port()
    environment = {**os.environ, "LINLI_DEMO": "1", "DJANGO_SETTINGS_MODULE": "linli.config.settings"}
    environment.setdefault("LINLI_DATA", str(REPOSITORY / "var" / "demo"))
    command = [sys.executable, "-m", "django", "demo"]
    subprocess.run([*command, "--only-fill"], env=environment, cwd=REPOSITORY, check=True)
    serving = subprocess.Popen([*command, "--port", str(port)], env=environment, cwd=REPOSITORY)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/demo/")
        yield address
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait()


def wait_for(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.5)
    sys.exit("The demo did not answer.")


def take(browser: Browser, address: str, shot: Shot) -> None:
    context = browser.new_context(
        viewport=shot.size, base_url=address, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in shot.cookies])
    opened = context.new_page()
    if shot.who:
        opened.goto("/demo/")
        opened.locator(f'form[action$="/{shot.who}/"] button').click()
        opened.wait_for_load_state()
    shot.go(opened)
    keep(opened.screenshot(), PICTURES / f"{shot.name}.png")
    context.close()


def keep(png: bytes, path: Path) -> None:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    small = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    size = path.stat().st_size
    print(f"  {path.relative_to(REPOSITORY)} {size // 1024} KB")
    if size > LARGEST:
        sys.exit(f"{path.name} has {size} bytes; at most {LARGEST} are kept.")


def main() -> None:
    if PROGRAM is None:
        sys.exit("No Chromium on this machine: pictures cannot be taken.")
    PICTURES.mkdir(parents=True, exist_ok=True)
    if len(sys.argv) > 1:
        take_all(sys.argv[1])
    else:
        with demo() as address:
            take_all(address)


def take_all(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=QUIET)
        for shot in SHOTS:
            take(browser, address, shot)
        browser.close()


if __name__ == "__main__":
    main()
