"""长辈版 and the usual face, measured in a browser on the front's own pages."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from linli.cases import actions as cases
from linli.cases.actions import Said
from linli.places import actions as places
from tests.cast import Willow

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

AXE = Path(__file__).resolve().parents[3] / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}
MEASURE = """
() => {
  const seen = (e) => e.checkVisibility({ checkOpacity: true }) && e.getBoundingClientRect().bottom > 0;
  const words = (e) => `${e.tagName} ${e.className} ${e.innerText || e.name || ""}`.slice(0, 60);
  const texts = [], targets = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !seen(e) || e.closest(".skip-link, script")) continue;
    const style = getComputedStyle(e), size = parseFloat(style.fontSize), line = parseFloat(style.lineHeight);
    texts.push({ size, ratio: line / size, words: words(e) });
  }
  for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    const around = e.matches("[type=checkbox], [type=radio]") ? e.closest("label") ?? e : e;
    if (e.type === "hidden" || !seen(around) || e.classList.contains("skip-link")) continue;
    const box = around.getBoundingClientRect();
    targets.push({ width: box.width, height: box.height, words: words(e) });
  }
  const gaps = [...document.querySelectorAll("main p + p")].filter((p) => seen(p) && seen(p.previousElementSibling) &&
    !p.closest(".timeline, .state, .receipt, .empty, .refusal, #messages"))
    .map((p) => ({ gap: p.getBoundingClientRect().top - p.previousElementSibling.getBoundingClientRect().bottom,
                   line: parseFloat(getComputedStyle(p).lineHeight) }));
  return { texts, targets, gaps, overflow: document.documentElement.scrollWidth - innerWidth };
}
"""


@pytest.fixture
def addresses(willow: Willow) -> dict[str, str]:
    now = timezone.now()
    for text in ("3幢门前路灯不亮三天了", "西门口窨井盖松动，车一过就响"):
        case = cases.file(Said(text=text, place=willow.lamp), by=willow.zhang, at=now)
        cases.moderate(case, by=willow.sun, at=now, public_title=text, public_text=text)
    code = places.issue_code(willow.lamp, by=willow.sun, at=now)
    return {
        "home": reverse("front:home"),
        "around": reverse("front:around"),
        "mine": reverse("front:mine"),
        "search": f"{reverse('front:search')}?q=长辈版",
        "about": reverse("front:about"),
        "estate": reverse("front:estate", args=[willow.estate.token]),
        "community": reverse("front:community", args=[willow.community.token]),
        "code": reverse("front:code", args=[code.token]),
        "missing": reverse("front:code", args=["nosuchcode22"]),
    }


def test_elder_pages_keep_the_measures_of_the_rules(
    addresses: dict[str, str], open_page: Callable[..., Any], live_server: Any
) -> None:
    """E01 (≥ 18 px), E02 (line ≥ 1.3, paragraphs ≥ 1.3 × the line), E04 and E05 (≥ 60 × 60 px to tap)."""
    page = open_page()
    page.context.add_cookies([{"name": "elder", "value": "1", "url": live_server.url}])
    for name, address in addresses.items():
        page.goto(address)
        found = page.evaluate(MEASURE)
        assert found["texts"]
        assert not [text for text in found["texts"] if text["size"] < 18], name
        assert not [text for text in found["texts"] if text["ratio"] < 1.3], name
        assert not [gap for gap in found["gaps"] if gap["gap"] < 1.3 * gap["line"]], name
        small = [one for one in found["targets"] if one["width"] < 59.9 or one["height"] < 59.9]
        assert not small, f"{name}: {small}"
        assert found["overflow"] <= 0, name


def test_other_pages_keep_44_px_to_tap(addresses: dict[str, str], open_page: Callable[..., Any]) -> None:
    """E04: ≥ 44 × 44 px outside 长辈版."""
    page = open_page()
    for name, address in addresses.items():
        page.goto(address)
        found = page.evaluate(MEASURE)
        small = [one for one in found["targets"] if one["width"] < 43.9 or one["height"] < 43.9]
        assert not small, f"{name}: {small}"
        assert found["overflow"] <= 0, name


@pytest.mark.parametrize("size", ["30", "34"])
def test_main_text_grows_to_30_px_and_nothing_is_lost(
    size: str, addresses: dict[str, str], open_page: Callable[..., Any], live_server: Any
) -> None:
    """E01: main text adjustable to ≥ 30 px; no sideways scrolling at 390 px."""
    page = open_page()
    page.context.add_cookies([{"name": "text_size", "value": size, "url": live_server.url}])
    for name, address in addresses.items():
        page.goto(address)
        assert (
            float(page.evaluate("parseFloat(getComputedStyle(document.querySelector('main')).fontSize)"))
            >= 30
        )
        assert page.evaluate(MEASURE)["overflow"] <= 0, name


@pytest.mark.parametrize(
    ("scheme", "elder", "size"),
    [("light", "0", NARROW), ("dark", "0", DESKTOP), ("light", "1", DESKTOP), ("dark", "1", NARROW)],
)
def test_axe_finds_nothing_in_either_face_or_light(
    scheme: str,
    elder: str,
    size: dict[str, int],
    addresses: dict[str, str],
    open_page: Callable[..., Any],
    live_server: Any,
) -> None:
    """E03: contrast ≥ 4.5:1, and everything else that axe knows."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci)")
    page = open_page(size)
    page.emulate_media(color_scheme=scheme)
    page.context.add_cookies([{"name": "elder", "value": elder, "url": live_server.url}])
    run = "axe.run(document).then((r) => r.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))"
    for name, address in addresses.items():
        page.goto(address)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(run)
        assert not found, f"{name}: {found}"


def test_the_whole_way_is_walked_by_keyboard(
    addresses: dict[str, str], open_page: Callable[..., Any]
) -> None:
    """E10: skip to the content, switch the face and come back, all by keyboard, focus always to be seen."""
    page = open_page(DESKTOP)
    page.goto(addresses["home"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.goto(addresses["home"])
    for _step in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "1"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector("html.elder")
    assert page.locator("a.door-main").first.inner_text().startswith("打电话找社区")


def test_every_switch_works_without_script(addresses: dict[str, str], open_page: Callable[..., Any]) -> None:
    page = open_page(script=False)
    page.goto(addresses["about"])
    page.get_by_role("button", name="长辈版").click()
    assert "elder" in (page.locator("html").get_attribute("class") or "")
    assert page.url.endswith(addresses["about"])
    page.get_by_role("button", name="30", exact=True).click()
    assert "text-30" in (page.locator("html").get_attribute("class") or "")


def test_a_page_weighs_less_than_150_kb(addresses: dict[str, str], open_page: Callable[..., Any]) -> None:
    """First load without pictures, compressed as a proxy or whitenoise sends it (gzip 6)."""
    page = open_page()
    bodies: list[int] = []
    page.on("response", lambda answer: bodies.append(len(gzip.compress(answer.body(), 6))))
    page.goto(addresses["estate"])
    page.wait_for_load_state("networkidle")
    assert 0 < sum(bodies) < 150 * 1024
