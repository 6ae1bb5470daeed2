"""What people do on pages, by the words, addresses and field names that they meet there."""

import io
import os
import re
from pathlib import Path
from typing import Any

import pyotp
from PIL import ExifTags, Image
from playwright.sync_api import Locator, Page, expect

from linli.base.gateways import memory

MAKER = "SECRETMAKER"
LATITUDE = (28.0, 0.0, 36.0)
SHOTS = os.environ.get("LINLI_SHOTS", "")  # a folder: look at what the journeys saw


def look(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody asked for pictures."""
    if SHOTS:
        width = (page.viewport_size or {"width": 0})["width"]
        page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)


def phone_photo(width: int = 1600, height: int = 1200, *, shade: int = 40) -> dict[str, Any]:
    """A JPEG as a telephone takes it: where it was taken, with which camera, held upright."""
    image = Image.new("RGB", (width, height), (shade, shade, shade + 20))
    image.paste((230, 190, 90), (width // 3, height // 5, width // 2, height // 2))
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = MAKER, f"{MAKER} X1"
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.DateTime] = "2026:03:09 09:58:00"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[1], gps[2], gps[3], gps[4] = "N", LATITUDE, "E", (120.0, 42.0, 0.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=88, comment=MAKER.encode())
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


# ---- signing in, as people really do ----


def sign_in_by_phone(page: Page, phone: str) -> None:
    """Type the number, read the message, type its code."""
    page.goto("/people/sign-in/")
    look(page, "sign-in")
    page.get_by_label("手机号").fill(phone)
    page.get_by_role("button", name="给我发登录码").click()
    page.wait_for_url("**/sign-in/code/")
    text = [text for _attempt, number, text in memory.sent if number.endswith(phone)][-1]
    found = re.search(r"\d{6}", text)
    assert found, text
    page.get_by_label("6 位数字").fill(found[0])
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda address: "sign-in" not in address)


def sign_in_as_staff(page: Page, username: str, password: str) -> None:
    """User name and given password, a new password, the authenticator's first code."""
    page.goto("/people/sign-in/staff/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_url("**/staff/password/")
    page.get_by_label("新密码").fill("杨柳依依-030911")
    page.get_by_label("再写一次").fill("杨柳依依-030911")
    page.get_by_role("button", name="就用这个密码").click()
    page.wait_for_url("**/staff/code/")
    look(page, "second-factor")
    secret = page.get_by_role("main").locator("code").inner_text().replace(" ", "")
    page.get_by_label("6 位数字").fill(pyotp.TOTP(secret).now())
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda address: "sign-in" not in address)


# ---- forms, found by what they do ----


def form_for(page: Page, verb: str, *, case: str = "", having: str = "") -> Locator:
    """Return the form that does `verb` (of the case with that token), opening what it is folded into.

    Where several forms do it, `having` is a selector of what the wanted one holds.
    """
    forms = page.locator(f"main form[action$='{case}/{verb}/']")
    form = (forms.filter(has=page.locator(having)) if having else forms).first
    form.wait_for(state="attached")
    unfold(form)
    return form


def unfold(hidden: Locator) -> None:
    """Open whatever this is folded into, the outermost first."""
    folded = hidden.locator("xpath=ancestor::details[not(@open)]")
    while folded.count():
        folded.first.locator("summary").first.click()


def fill(form: Locator, **typed: Any) -> None:
    """Fill fields by name: words, a choice (value), a tick (True) or files."""
    for name, value in typed.items():
        field = form.locator(f"[name='{name}']").first
        unfold(field)
        kind = field.evaluate("field => field.type")
        if kind == "radio":
            tap_choice(form, name, value)
        elif kind == "checkbox":
            tap_choice(form, name, value if isinstance(value, str) else "")
        elif kind == "file":
            field.set_input_files(value)
        elif kind.startswith("select"):
            field.select_option(value)
        else:
            field.fill(value)


def tap_choice(form: Locator, name: str, value: str = "") -> None:
    """Tap the words beside a radio button or a tick box, as a finger does."""
    selector = f"input[name='{name}']" + (f"[value='{value}']" if value else "")
    choice = form.locator(selector).first
    around = choice.locator("xpath=ancestor::label")
    if around.count():
        around.first.click()
    else:
        choice.check()


def act(page: Page, verb: str, *, press: str = "", case: str = "", having: str = "", **typed: Any) -> None:
    """Fill the form for `verb` and press its button (the one with these words), then wait for the answer."""
    form = form_for(page, verb, case=case, having=having)
    fill(form, **typed)
    button = form.locator("button").filter(has_text=press).first if press else form.locator("button").last
    unfold(button)
    with page.expect_navigation():
        button.click()


def speaking_form(page: Page) -> Locator:
    return page.locator("main form").filter(has=page.locator("[name=once]"))


def say(page: Page, text: str = "", *, where: str = "", **typed: Any) -> str:
    """Fill the speaking form that is open, page after page where it has several; return the case's token."""
    wanted = {"text": text, "place_words": where, **typed}
    left = {name: value for name, value in wanted.items() if value}
    for _page in range(5):
        form = speaking_form(page)
        here = {name: left.pop(name) for name in list(left) if form.locator(f"[name='{name}']").count()}
        fill(form, **here)
        with page.expect_navigation():
            form.locator(".taps button").last.click()
        if found := re.search(r"/cases/(\w+)/said/", page.url):
            return found[1]
        places = page.locator("main input[type=radio][name=place]")
        if places.count():
            tap_choice(speaking_form(page), "place")  # several fit: the nearest stands first
    raise AssertionError(f"not filed: {page.url} {main_of(page).inner_text()[:800]}")


def main_of(page: Page) -> Locator:
    return page.get_by_role("main")


def see(page: Page, *words: str) -> None:
    """All these words stand on the page, not folded away."""
    for one in words:
        expect(main_of(page)).to_contain_text(one, use_inner_text=True)


def status_of(page: Page, address: str) -> int:
    """What the address answers to whoever is signed in here."""
    return int(page.request.get(address, max_redirects=0).status)
