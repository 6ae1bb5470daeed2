"""The source of every page of Linli: valid HTML, language, nothing inline, usable without JavaScript, no dead link."""

import json
import re
import shutil
import subprocess
import urllib.parse
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser

from tests.access import ask, rows
from tests.pages import FACES, Page, browser, pages
from tests.world import LivedIn

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db,
    pytest.mark.usefixtures("chromium"),
]

ROOT = Path(__file__).resolve().parents[1]
VALIDATE = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"

READ = """
(html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const all = (what, within = page) => [...within.querySelectorAll(what)];
  const brief = (e) => e.outerHTML.slice(0, 160);
  // Mostly Chinese: a Chinese name inside an English sentence is a proper name (WCAG 3.1.2 leaves those out).
  const count = (text, signs) => (text.match(signs) ?? []).length;
  const chinese = { test: (text) => count(text, /[\\u3400-\\u9fff]/g) > count(text, /[A-Za-z]/g) };
  const spoken = (e) => (e.closest("[lang]")?.lang ?? "").startsWith("zh");
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT), foreign = [];
  while (walker.nextNode()) {
    const text = walker.currentNode;
    // what somebody is typing (textarea) is in a language that only they know
    const aside = text.parentElement.closest("script, template, textarea");
    if (chinese.test(text.data) && !spoken(text.parentElement) && !aside)
      foreign.push(text.data.trim().slice(0, 60));
  }
  for (const e of all("[alt], [title], [aria-label], [placeholder]"))
    for (const name of ["alt", "title", "aria-label", "placeholder"]) {
      const words = e.getAttribute(name) ?? "";  // it has one language: a Chinese name within English must stay
      if (chinese.test(words) && !/[A-Za-z]{3}/.test(words) && !spoken(e)) foreign.push(`${name}: ${words}`);
    }
  const forms = all("form").map((f) => ({
    method: f.method, action: f.getAttribute("action") ?? "", words: brief(f),
    token: !!f.querySelector("[name=csrfmiddlewaretoken]"),
    sends: all("button, input", f).concat(f.id ? all(`[form="${f.id}"]`) : [])
      .filter((e) => e.matches("button:not([type]), [type=submit]"))
      .map((e) => ({ method: (e.formMethod || f.method), action: e.getAttribute("formaction") ?? "" })),
  }));
  return {
    lang: page.documentElement.lang,
    title: page.title.trim(),
    headings: all("h1").length,
    inline: all("[style], style, script:not([src])").map(brief).concat(
      all("*").filter((e) => [...e.attributes].some((a) => a.name.startsWith("on"))).map(brief)),
    outside: all("script[src], link[href], img[src], source[src], iframe[src], audio[src], video[src]")
      .map((e) => e.getAttribute("src") ?? e.getAttribute("href")).filter((a) => /^(https?:)?\\/\\//.test(a)),
    scripted: all("[hx-get], [hx-post], [data-href]").filter((e) => !e.closest("form, a[href]")).map(brief),
    unlabelled: all("input:not([type=hidden]), select, textarea").filter((e) => !e.labels?.length &&
      !e.getAttribute("aria-label") && !e.getAttribute("aria-labelledby")).map(brief),
    links: all("a[href]").map((e) => e.getAttribute("href")),
    foreign, forms,
  };
}
"""


@pytest.fixture(scope="module")
def sent(chromium: Browser, lived_in: LivedIn) -> dict[str, list[Page]]:
    """Every page in each face. The browser comes first: what starts it changes which connection Django uses."""
    return {face: pages(lived_in, face) for face in FACES}


@pytest.fixture(scope="module")
def read(sent: dict[str, list[Page]], chromium: Browser) -> dict[str, list[tuple[Page, dict[str, Any]]]]:
    """Every page with what a reader of its source finds."""
    context = chromium.new_context()
    sheet = context.new_page()
    found = {
        face: [(page, sheet.evaluate(READ, page.html)) for page in group] for face, group in sent.items()
    }
    context.close()
    return found


def test_the_table_and_the_ways_make_pages_of_every_domain(sent: dict[str, list[Page]]) -> None:
    """No page is left out: a row that answers GET is a page, a file, data or leads on, and says so here."""
    dumped = {page.label for page in sent["usual"]}
    left = {row.name for row in rows() if "GET" in row.methods} - dumped
    assert left == LEADS_ON | FILES, sorted(left ^ (LEADS_ON | FILES))


LEADS_ON = {"demo:cast"}  # the cast is there in demo mode alone
FILES = {
    "places:picture", "transparency:receipt", "transparency:checkpoint", "transparency:keys",
    "transparency:entries", "transparency:tile", "todos:api", "todos:api_schema", "attachments:show",
    "attachments:thumbnail", "insights:open_file", "trail:export", "imports:broken", "imports:download",
    "reports:blank", "reports:book", "reports:month_docx", "reports:month_pdf",
    "tracker:schema", "tracker:find_usage", "tracker:usage_period", "tracker:heartbeat",
}  # fmt: skip


def test_every_page_says_its_language_has_one_heading_and_nothing_inline(read: Any) -> None:
    wrong = []
    for face, group in read.items():
        for page, found in group:
            where = f"{face} {page.label} as {page.viewer}"
            if found["lang"] != ("en" if face == "english" else "zh-Hans"):
                wrong.append(f"{where}: lang {found['lang']!r}")
            if found["headings"] != 1 or not found["title"].split(" · ")[0].strip():
                wrong.append(f"{where}: {found['headings']} h1, title {found['title']!r}")
            wrong += [f"{where}: inline {one}" for one in found["inline"]]
            wrong += [f"{where}: from another host {one}" for one in found["outside"]]
            if "default-src 'self'" not in page.headers.get("Content-Security-Policy", ""):
                wrong.append(f"{where}: no content security policy")
    assert not wrong, "\n".join(wrong)


def test_what_is_chinese_on_an_english_page_says_so(read: Any) -> None:
    wrong = defaultdict(set)
    for page, found in read["english"]:
        wrong[page.label] |= set(found["foreign"])
    told = [f"{label}: {sorted(words)}" for label, words in wrong.items() if words]
    assert not told, "\n".join(told)


def test_every_form_works_without_javascript(read: Any) -> None:
    """Method, address, button and token are there, the address takes that method, and each field has its label."""
    methods = {row.name: row.methods for row in rows()}
    wrong = []
    for face in ("usual", "elder"):
        for page, found in read[face]:
            where = f"{face} {page.label} as {page.viewer}"
            wrong += [f"{where}: only with a script {one}" for one in found["scripted"]]
            wrong += [f"{where}: no label {one}" for one in found["unlabelled"]]
            for form in found["forms"]:
                wrong += [f"{where}: {fault} {form['words']}" for fault in faults(page, form, methods)]
    assert not wrong, "\n".join(sorted(set(wrong)))


def faults(page: Page, form: dict[str, Any], methods: dict[str, frozenset[str]]) -> Iterator[str]:
    """Yield what keeps a form from working without a script."""
    if not form["sends"]:
        yield "no button"
    if form["method"] == "post" and not form["token"]:
        yield "no token"
    for button in [form, *form["sends"]]:
        action = urllib.parse.urljoin(page.address, button["action"] or form["action"] or page.address)
        name = name_of(action)
        if name is None or button["method"].upper() not in methods.get(name, {"GET", "POST"}):
            yield f"{button['method']} {action} is no address for it"


def name_of(address: str) -> str | None:
    """Return the name of the URL, None where there is none."""
    try:
        return resolve(urllib.parse.urlsplit(address).path).view_name
    except Resolver404:
        return None


def test_no_link_leads_nowhere(lived_in: LivedIn, read: Any) -> None:
    """Every link on every page answers whoever was shown it: no 404, no door that is shut."""
    links: dict[tuple[str, str], str] = {}
    for page, found in read["usual"]:
        if page.label in READ_ON_PAPER:
            continue
        for href in found["links"]:
            address = urllib.parse.urldefrag(urllib.parse.urljoin(page.address, href)).url
            if address.startswith("/") and not href.startswith("#"):
                links.setdefault((page.viewer, address), page.label)
    wrong = []
    for (viewer, address), label in links.items():
        response = ask(browser(lived_in, viewer, "usual"), address)
        if response.status_code >= 400:
            wrong.append(f"{label} as {viewer} leads to {address}: {response.status_code}")
    assert len(links) > 300
    assert not wrong, "\n".join(wrong)


# Pages that stand on a step just made in another browser (a code, a receipt on paper), which this one has not made.
READ_ON_PAPER = {"people:new_password", "people:second_factor", "front:home, acting for family"}


def test_html_is_valid(sent: dict[str, list[Page]], tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not VALIDATE.exists():
        pytest.skip("no node or no html-validate on this machine (npm ci): HTML is not validated")
    names = {}
    for face, group in sent.items():
        for number, page in enumerate(group):
            path = tmp_path / f"{face}-{number}.html"
            path.write_text(page.html, encoding="utf-8")
            names[str(path)] = f"{face} {page.label} as {page.viewer}"
    config = ROOT / "tests" / "html-validate.json"
    ran = subprocess.run(  # noqa: PLW1510 — it answers 1 where something is wrong
        [node, str(VALIDATE), "--config", str(config), "--formatter", "json", *names],
        capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert ran.stdout.strip().startswith("["), ran.stderr
    wrong = {
        f"{names[one['filePath']]}: {message['ruleId']} {message['message']} at {message['line']}"
        for one in json.loads(ran.stdout)
        for message in one["messages"]
    }
    assert not wrong, "\n".join(sorted(wrong))


def test_signs_of_a_template_that_broke_are_nowhere(sent: dict[str, list[Page]]) -> None:
    broken = re.compile(r"\{\{|\}\}|\{%|%\}|%\([a-z_]+\)[sd]|None</|&lt;lazy|__proxy__|>-{5,}<")
    wrong = [
        f"{face} {page.label} as {page.viewer}: {hit.group()} in …{page.html[max(0, hit.start() - 60) : hit.end()]}"
        for face, group in sent.items()
        for page in group
        if (hit := broken.search(page.html))
    ]
    assert not wrong, "\n".join(wrong)


# What is open for 60 seconds closes by itself; nothing is typed there.
CLOSES_BY_ITSELF = {"organisations:resident_in_clear", "cases:reveal", "privacy:reveal", "trail:reveal"}


def test_e06_nothing_runs_out_and_no_gesture_is_needed(sent: dict[str, list[Page]]) -> None:
    """E06: no page renews or leaves by itself, and our scripts listen to no touch with several fingers.

    The one page that goes away by itself shows a resident's data in clear to a worker, for 60 seconds.
    """
    for face, group in sent.items():
        for page in group:
            assert 'http-equiv="refresh"' not in page.html.lower(), f"{face} {page.label}"
            assert "Refresh" not in page.headers or page.label in CLOSES_BY_ITSELF, page.label
    for script in (ROOT / "linli").glob("*/static/linli/*.js"):
        found = re.findall(r"touch(?:start|move|end)|gesture\w*|pointermove|setInterval", script.read_text())
        assert not found, f"{script.name}: {found}"


def test_e07_no_advertisement_no_window_and_no_riddle(sent: dict[str, list[Page]]) -> None:
    """E07: 严禁广告、临时弹窗、诱导下载; 非文本验证码须有替代: there is none of them at all."""
    kinds = re.compile(
        r"<dialog|role=\"(?:alert)?dialog\"|<iframe|<embed|<object|<ins\b|adsbygoogle|captcha|图形验证码|广告位|赞助|"
        r"下载(?:APP|App|客户端|应用)|安装(?:APP|App|应用)|打开APP",
        re.IGNORECASE,
    )
    for face, group in sent.items():
        for page in group:
            assert not kinds.search(page.html), f"{face} {page.label}: {kinds.search(page.html)}"
    for script in (ROOT / "linli").glob("*/static/linli/*.js"):
        assert not re.search(r"window\.open|\balert\(|\bconfirm\(|\bprompt\(|showModal", script.read_text())


def test_e09_every_page_has_the_switch_and_every_elder_page_the_way_back(sent: dict[str, list[Page]]) -> None:
    """E09: 首页显著切换入口; here on every page, above everything else."""
    for page in sent["usual"]:
        head = page.html.partition("<main")[0]
        assert re.search(r'name="elder" value="1"[^>]*>.*?长辈版', head, re.DOTALL), page.label
    for page in sent["elder"]:
        head = page.html.partition("<main")[0]
        assert re.search(r'name="elder" value="0"[^>]*>\s*普通版', head), page.label
