"""Every page of Linli in a real browser, in both faces: axe, weight, width, what is tapped, what the browser refuses.

Pages come out of the test client once and are shown by a small server, so that no page needs a log-in. Each face is a
class, so that two processes can look at once.
"""

import gzip
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.measures import MEASURE
from tests.pages import Page, pages
from tests.shown import AXE, Shown, static_file
from tests.world import LivedIn

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db,
    pytest.mark.usefixtures("chromium"),
]

MOST_BYTES = 150 * 1024
RUN_AXE = """
() => axe.run(document, { resultTypes: ["violations"] }).then((found) => found.violations
  .filter((v) => ["serious", "critical"].includes(v.impact))
  .map((v) => [v.id, v.impact, v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200))]))
"""


@dataclass
class Seen:
    """What the browser found on one page."""

    where: str
    violations: list[tuple[str, str, list[str]]]
    sideways: int  # px that it scrolls to the side
    small: list[dict[str, Any]]  # what is tapped there and is less than 44 × 44 px
    weight: int  # bytes of a first visit without pictures, compressed


@cache
def weight_of(path: str) -> int:
    """Return the bytes of a static file as it travels."""
    return len(gzip.compress(Path(static_file(path) or "").read_bytes(), 9))


@pytest.fixture(scope="class")
def seen(chromium: Browser, lived_in: LivedIn, shown: Shown, request: pytest.FixtureRequest) -> list[Seen]:
    """Every page looked at once at 390 × 844, in the face of the class that asks.

    The browser comes first: what starts it changes which connection Django uses.
    """
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci)")
    found = []
    for page in pages(lived_in, request.cls.face):
        shown.show(page)
        weight = len(gzip.compress(page.html.encode(), 6)) + sum(weight_of(path) for path in shown.asked)
        measured = shown.sheet.evaluate(MEASURE)
        small = [one for one in measured["targets"] if min(one["width"], one["height"]) < 43.9]
        shown.load_axe()
        violations = shown.sheet.evaluate(RUN_AXE)
        found.append(Seen(f"{page.label} as {page.viewer}", violations, measured["sideways"], small, weight))
    return found


class EveryPage:
    """What holds on every page of a face."""

    def test_axe_finds_nothing_serious(self, seen: list[Seen]) -> None:
        """axe-core: no violation of impact serious or critical."""
        assert not [f"{one.where}: {hit}" for one in seen for hit in one.violations]

    @pytest.mark.usefixtures("seen")
    def test_the_browser_refuses_nothing_and_no_script_breaks(self, shown: Shown) -> None:
        """The content security policy holds on every page, nothing is asked of another host, no script fails."""
        assert not shown.complaints, "\n".join(shown.complaints)

    def test_a_first_visit_to_any_page_weighs_at_most_150_kb(self, seen: list[Seen]) -> None:
        """Without pictures, compressed: the page, its styles, scripts and signs."""
        assert max(one.weight for one in seen) > 20_000, "nothing was weighed"
        assert not [f"{one.where}: {one.weight}" for one in seen if one.weight > MOST_BYTES]

    def test_every_page_fits_a_telephone(self, seen: list[Seen]) -> None:
        """No sideways scrolling at 390 px; what is wide (a table, a checkpoint) scrolls in its own box."""
        assert not [f"{one.where}: {one.sideways} px" for one in seen if one.sideways > 0]

    def test_e04_targets_are_44_px_on_every_page(self, seen: list[Seen]) -> None:
        """E04: 其他页面 ≥ 44 × 44, on every page of residents and of staff; links in running text aside."""
        assert not [f"{one.where}: {small}" for one in seen for small in one.small]


class TestUsualFace(EveryPage):
    face = "usual"


class TestElderFace(EveryPage):
    face = "elder"


def test_axe_would_find_something(shown: Shown) -> None:
    html = '<html lang="zh"><title>x</title><main><h1>x</h1><img src="/x.png"></main>'
    shown.show(Page("a picture without words", "anonymous", "/", html, {"Content-Type": "text/html"}))
    shown.load_axe()
    assert [rule for rule, _impact, _nodes in shown.sheet.evaluate(RUN_AXE)] == ["image-alt"]
