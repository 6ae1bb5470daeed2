"""A lamp is out: said by a code on the post, handled, confirmed by the one who said it, and provable by anyone."""

import base64
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from linli.cases.models import Case
from linli.cases.rules import State
from linli.people import actions as people
from linli.places import actions as places
from linli.transparency import actions as transparency
from linli.transparency.actions import sign_round
from linli.transparency.keyring import Keyring
from tests.cast import MONDAY, Willow
from tests.journeys.steps import (
    MAKER,
    act,
    form_for,
    look,
    main_of,
    phone_photo,
    say,
    see,
    sign_in_as_staff,
    sign_in_by_phone,
    status_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "我是张秀英，3幢门前的路灯坏了三天，晚上看不见路。电话13800000001，住3幢502室。"
HERS = ("张秀英", "13800000001", "502室")
Visit = Callable[..., Page]


def scan_and_say(page: Page, house: Willow, **typed: Any) -> str:
    """Scan the sticker on the lamp post and say what is wrong."""
    sticker = places.issue_code(house.lamp, by=house.li, at=MONDAY)
    page.goto(f"/q/{sticker.token}/")
    see(page, "3幢门前路灯")
    look(page, "scanned")
    main_of(page).get_by_role("link", name="说一件事").click()
    expect(main_of(page)).to_contain_text("柳树社区 · 杨柳苑 · 3幢门前路灯")
    look(page, "speak")
    return say(page, WORDS, **typed)


def dispatch(page: Page, token: str) -> None:
    """The desk takes what is proposed: masked words, the photo, the unit of the duty list."""
    page.goto("/cases/desk/")
    look(page, "desk")
    main_of(page).get_by_role("link").filter(has_text="路灯").first.click()
    page.wait_for_url(f"**/cases/{token}/")
    look(page, "work")
    form = form_for(page, "moderate", case=token)
    expect(main_of(page)).not_to_contain_text("还没有遮住")
    assert not [word for word in HERS if word in form.locator("[name=public_text]").input_value()]
    form.locator("input[name=photos]").first.locator("xpath=ancestor::label").click()
    act(page, "moderate", case=token)
    act(page, "categorise", press="路灯不亮", case=token)
    look(page, "work-categorised")
    act(page, "dispatch", press="安居物业", case=token)
    see(page, "已派给安居物业")


def repair(page: Page, token: str) -> None:
    """The property's worker signs from the list and says with a photo that it is done."""
    page.goto("/todos/")
    look(page, "todo-property")
    act(page, "sign", press="签收", case=token)
    page.goto(f"/cases/{token}/")
    photo = phone_photo(shade=90)
    act(page, "resolve", case=token, answer="换了灯泡和镇流器，晚上八点试过，亮了。", photos=photo)
    look(page, "resolved-property")


def publish_pictures(page: Page, token: str) -> None:
    """The desk looks at the new picture too and shows both: before and after."""
    page.goto(f"/cases/{token}/")
    form = form_for(page, "moderate", case=token)
    ticks = form.locator("input[name=photos]")
    for number in range(ticks.count()):
        if not ticks.nth(number).is_checked():
            ticks.nth(number).locator("xpath=ancestor::label").click()
    act(page, "moderate", case=token)


def assert_clean_files(folder: Path, fewest: int = 4) -> None:
    """Nothing on the disk tells where, when or with what a picture was taken."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) >= fewest, files  # each picture has a small copy
    for path in files:
        content = path.read_bytes()
        assert MAKER.encode() not in content, path
        with Image.open(io.BytesIO(content)) as picture:
            assert not dict(picture.getexif()), path
            assert "exif" not in picture.info, path
            assert "comment" not in picture.info, path


def save_proof(page: Page, folder: Path) -> Path:
    """Save the proof that the page offers."""
    with page.expect_download() as saving:
        page.get_by_role("link", name="保存凭证").first.click()
    saving.value.save_as(folder / "lamp.tlog-proof")
    return folder / "lamp.tlog-proof"


def verified(proof: Path, keys: Path) -> subprocess.CompletedProcess[str]:
    """Check a proof with the program that shares no code with the server."""
    words = [sys.executable, "-c", "from linli_verify.command import main; raise SystemExit(main())"]
    words += ["receipt", str(proof), "--key", str(keys)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def altered(proof: Path) -> Path:
    """The same proof, saying that it was about drains."""
    head, extra, *rest = proof.read_text().splitlines(keepends=True)
    told = base64.b64decode(extra.removeprefix("extra "))
    assert b"lighting." in told
    other = base64.b64encode(told.replace(b"lighting.", b"drainage.")).decode()
    wrong = proof.with_name("altered.tlog-proof")
    wrong.write_text("".join([head, f"extra {other}\n", *rest]))
    return wrong


def assert_strangers_find_nothing(visit: Visit, house: Willow, token: str, hers: Page) -> None:
    """Until it is released, neither passers-by nor workers of another community see page, receipt or picture."""
    photo = hers.request.get(f"/cases/{token}/").text().split('"/files/')[1].split("/")[0]
    for private in (f"/cases/{token}/", f"/cases/{token}/said/", f"/files/{photo}/"):
        for stranger in (None, house.stranger):
            assert status_of(visit(stranger), private) == 404, private


def assert_provable(hers: Page, folder: Path, log: str, number: str) -> None:
    """After sealing and signing the proof from the page verifies, and one that was altered does not."""
    transparency.seal_all()
    sign_round(log, Keyring(folder / "keys"), [], timezone.now(), is_first=True)
    keys = folder / "keys.txt"
    keys.write_bytes(hers.request.get(f"/log/{log}/keys").body())
    proof = save_proof(hers, folder)
    done = verified(proof, keys)
    assert done.returncode == 0, done.stdout + done.stderr
    assert number in done.stdout
    assert verified(altered(proof), keys).returncode == 1


def test_a_lamp_reported_by_its_code_is_repaired_confirmed_and_provable(
    house: Willow, folders: Path, visit: Visit, size: dict[str, int]
) -> None:
    """E01, G08 and the main path: each step is what a person taps, beginning with signing in."""
    zhang, sun = visit(None, size), visit(None, size)
    sign_in_by_phone(zhang, "13800000001")
    token = scan_and_say(zhang, house, photos=phone_photo())
    look(zhang, "said")
    case = Case.objects.get(token=token)
    assert (case.place, case.reporter, case.channel) == (house.lamp, house.zhang, "qr")
    see(zhang, case.number)

    neighbour = visit(house.neighbour, size)
    assert_strangers_find_nothing(visit, house, token, zhang)
    _account, password = people.open_staff_account(house.sun, "sunli", house.administrator, MONDAY)
    sign_in_as_staff(sun, "sunli", password)
    dispatch(sun, token)

    neighbour.goto(f"/e/{house.estate.token}/")
    look(neighbour, "estate")
    main_of(neighbour).get_by_role("link").filter(has_text="路灯").first.click()
    neighbour.wait_for_url(f"**/cases/{token}/")
    act(neighbour, "support", case=token)
    look(neighbour, "public-supported")

    repair(visit(house.zhao, size), token)
    zhang.goto("/cases/mine/")
    look(zhang, "mine")
    zhang.goto(f"/cases/{token}/")
    look(zhang, "own-resolved")
    act(zhang, "confirm", press="非常满意", case=token)
    case.refresh_from_db()
    assert case.state == State.CONFIRMED
    assert case.verdicts.get().rating == 5
    look(zhang, "own-confirmed")

    neighbour.goto("/notices/")
    look(neighbour, "notices-neighbour")
    see(neighbour, case.number)
    publish_pictures(sun, token)
    nobody = visit(None, size)
    nobody.goto(f"/cases/{token}/")
    look(nobody, "public")
    expect(main_of(nobody).locator("img")).to_have_count(2)
    assert not [word for word in (*HERS, "赵强", "孙丽") if word in nobody.content()]
    assert_clean_files(folders / "media")
    assert_provable(zhang, folders, house.community.code, case.number)
