"""长辈版 measured in a browser: rules E01–E07, E09, E10 (适老化通用设计规范), page by page."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser
from playwright.sync_api import Page as Sheet

from tests.measures import MEASURE
from tests.pages import Page, pages
from tests.shown import AXE, Shown
from tests.world import LivedIn

# The browser before the community: starting it changes which connection Django uses.
pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.usefixtures("chromium")]

ROOT = Path(__file__).resolve().parents[1]
# The pages of residents: what an elder comes by. Staff have 长辈版 too; theirs are checked by axe in test_every_page.
RESIDENTS = {
    "front:home", "home of a stranger", "front:mine", "front:search", "front:estate", "front:community", "front:code",
    "front:about", "cases:speak", "cases:speak, nothing said", "cases:mine", "cases:case", "cases:said",
    "cases:receipt", "cases:by_receipt, no account", "public case", "own case, resolved", "own case, declined",
    "own case, merged", "notices:inbox", "notices:notice", "notices:kinds", "notices:check", "people:sign_in",
    "people:sign_in_code", "people:sign_in_paper", "people:who", "people:me", "people:devices", "people:homes",
    "people:claim", "people:proxies", "trail:mine", "not found", "front:home, acting for family",
}  # fmt: skip
FOCUS = """
() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const look = e.matches("[type=checkbox], [type=radio]") ? e.closest("label") ?? e : e;
  const ringed = (one) => { const s = getComputedStyle(one);
    return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none"; };
  const box = look.getBoundingClientRect();
  const number = [...document.querySelectorAll("*")].indexOf(e);
  return { number, ringed: ringed(e) || ringed(look), seen: box.width > 0 && box.height > 0,
           words: `${e.tagName} ${(e.innerText || e.name || "").trim()}`.slice(0, 60) };
}
"""
FOCUSABLE = """
() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((e) => !e.disabled && e.type !== "hidden" && e.checkVisibility({ checkVisibilityCSS: true }))
  .filter((e) => e.tabIndex >= 0)
  .filter((e) => e.type !== "radio" || e.checked || ![...document.getElementsByName(e.name)].some((o) => o.checked) &&
    document.getElementsByName(e.name)[0] === e)
  .map((e) => [...document.querySelectorAll("*")].indexOf(e))
"""


@pytest.fixture(scope="module")
def sent(chromium: Browser, lived_in: LivedIn) -> dict[str, list[Page]]:
    """Every resident's page in the usual face and in 长辈版 (the browser comes first, see test_every_page)."""
    found = {face: pages(lived_in, face, RESIDENTS) for face in ("usual", "elder")}
    assert {page.label for page in found["elder"]} == RESIDENTS
    return found


@pytest.fixture(scope="module")
def measured(sent: dict[str, list[Page]], shown: Shown) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Every resident's page measured in both faces at 390 × 844."""
    found = {}
    for face, group in sent.items():
        found[face] = []
        for page in group:
            shown.show(page)
            found[face].append((page.label, shown.sheet.evaluate(MEASURE)))
    return found


def test_e01_no_text_of_an_elder_page_is_smaller_than_18_px(measured: Any) -> None:
    """E01: 适老版主要文字 ≥ 18 dp/pt: here all text, not only the main text."""
    for label, found in measured["elder"]:
        assert found["texts"]
        assert not [text for text in found["texts"] if text["size"] < 18], label


@pytest.mark.parametrize("size", ["30", "34"])
def test_e01_e10_text_grows_to_30_px_and_more_and_nothing_is_lost(
    size: str, sent: dict[str, list[Page]], shown: Shown
) -> None:
    """E01: 主要界面文字最大可调到 ≥ 30; E10: 文字放大, without sideways scrolling at 390 px."""
    for page in sent["usual"]:
        shown.show(grown(page, size))
        found = shown.sheet.evaluate(MEASURE)
        assert found["main"] >= 30, page.label
        assert found["sideways"] <= 0, page.label
        small = [text for text in found["texts"] if text["isMain"] and text["size"] < 18]
        assert not small, f"{page.label}: {small}"


def grown(page: Page, size: str) -> Page:
    """Return the page as it is sent to a reader who chose this size (linli/base/middleware.py adds the class)."""
    html = re.sub(
        r'<html lang="([\w-]+)"(?: class="([^"]*)")?',
        lambda found: f'<html lang="{found[1]}" class="{found[2] or ""} text-{size}"',
        page.html,
        count=1,
    )
    assert f"text-{size}" in html
    return Page(page.label, page.viewer, page.address, html, page.headers)


@pytest.mark.django_db
def test_e01_the_size_that_was_chosen_is_the_class_of_the_page(lived_in: LivedIn) -> None:
    """E01: so that what is measured above is what a reader gets."""
    client = lived_in.browser("asker")
    client.post(reverse("base:set_face"), {"text_size": "30", "back": "/"})
    assert re.search(rb'<html lang="zh-Hans" class="[^"]*\btext-30\b', client.get("/").content)


def test_e02_lines_are_1_3_of_the_size_and_paragraphs_1_3_of_the_line(measured: Any) -> None:
    """E02: 行距 ≥ 1.3 倍，段落间距至少比行距大 1.3 倍."""
    compared = 0
    for label, found in measured["elder"]:
        tight = [text for text in found["texts"] if text["ratio"] < 1.3]
        assert not tight, f"{label}: {tight}"
        close = [gap for gap in found["gaps"] if gap["gap"] < 1.3 * gap["line"] - 0.5]
        assert not close, f"{label}: {close}"
        compared += len(found["gaps"])
    assert compared > 5


def test_e03_contrast_is_4_5_to_1_in_the_dark_too(sent: dict[str, list[Page]], shown: Shown) -> None:
    """E03: 对比度 ≥ 4.5:1 (E10: 高对比). By light, axe measures it on every page in test_every_page."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci)")
    shown.sheet.emulate_media(color_scheme="dark")
    run = "axe.run({ runOnly: ['color-contrast'] })"
    short = f"{run}.then((r) => r.violations.flatMap((v) => v.nodes.map((n) => n.html.slice(0, 120))))"
    wrong = []
    for page in sent["elder"]:
        shown.show(page)
        shown.load_axe()
        wrong += [f"{page.label}: {node}" for node in shown.sheet.evaluate(short)]
    shown.sheet.emulate_media(color_scheme="light")
    assert not wrong, "\n".join(wrong)


def test_e04_e05_elder_targets_are_60_px(measured: Any) -> None:
    """E04: 适老版主要组件可点击区域 ≥ 60 × 60; E05 (≥ 48 × 48 on its home) lies within it."""
    wrong = [
        f"{label}: {one}"
        for label, found in measured["elder"]
        for one in found["targets"]
        if one["width"] < 59.9 or one["height"] < 59.9
    ]
    assert not wrong, "\n".join(wrong)


def test_e07_a_colour_is_never_the_only_sign(sent: dict[str, list[Page]], shown: Shown) -> None:
    """E07: 颜色不是唯一提示: whatever wears a tone says it in words too."""
    silent = """() => [...document.querySelectorAll("[class*='tone-'], [class*='state-'], .badge, .alert")]
      .filter((e) => !e.innerText.trim() && e.checkVisibility()).map((e) => e.outerHTML.slice(0, 120))"""
    for page in sent["elder"]:
        shown.show(page)
        assert shown.sheet.evaluate(silent) == [], page.label


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["长辈版", "亲情版", "关爱版", "关怀版", "关怀"])
def test_e09_search_finds_it_by_all_its_names_and_settings_offer_it(name: str, lived_in: LivedIn) -> None:
    """E09: 搜索“长辈版”可直达，有亲情版/关爱版/关怀版别名; 设置里提供入口."""
    client = Client()
    for address in (reverse("front:search") + f"?q={name}", reverse("front:mine")):
        main = client.get(address).content.decode().partition("<main")[2].partition("</main>")[0]
        assert re.search(r'<button[^>]*name="elder" value="1"', main), address
    switched = client.post(reverse("base:set_face"), {"elder": "1", "back": "/"}, follow=True)
    assert re.search(r'<html lang="zh-Hans" class="[^"]*\belder\b', switched.content.decode())


def test_e10_the_keyboard_reaches_everything_and_shows_where_it_is(
    sent: dict[str, list[Page]], shown: Shown
) -> None:
    """E10: 全程键盘: each thing that can be worked is reached by Tab, in the order of the page, ringed."""
    for label in (
        "front:home",
        "cases:speak",
        "own case, resolved",
        "front:estate",
        "people:sign_in",
        "front:mine",
    ):
        page = next(page for page in sent["elder"] if page.label == label)
        shown.show(page)
        wanted = set(shown.sheet.evaluate(FOCUSABLE))
        reached = walk(shown.sheet, most=len(wanted) + 5)
        assert wanted <= {one["number"] for one in reached}, label
        bare = [one for one in reached if not (one["ringed"] and one["seen"])]
        assert not bare, f"{label}: {bare}"


def walk(sheet: Sheet, most: int) -> list[dict[str, Any]]:
    """Press Tab until it comes round, and return what had the focus."""
    reached: list[dict[str, Any]] = []
    for _step in range(most):
        sheet.keyboard.press("Tab")
        found = sheet.evaluate(FOCUS)
        if found is None or found["number"] in {one["number"] for one in reached}:
            break
        reached.append(found)
    return reached


def test_e10_elder_pages_can_be_heard(sent: dict[str, list[Page]]) -> None:
    """E10: 语音阅读: a button reads the page aloud, and where the device cannot, a telephone number stands there."""
    for page in sent["elder"]:
        assert 'data-listen="#main"' in page.html, page.label
        assert re.search(r'id="listen-instead".*?href="tel:', page.html, re.DOTALL), page.label
