"""Every way to say something: without a script, by voice, from a chat, in large letters, by keyboard; and about us."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from linli.attachments.tests.material import SECRET, wav
from linli.cases.models import Case
from linli.cases.rules import State
from linli.places import actions as places
from tests.browser import DESKTOP
from tests.cast import MONDAY, Willow
from tests.journeys.steps import (
    act,
    fill,
    look,
    main_of,
    phone_photo,
    say,
    see,
    sign_in_by_phone,
    speaking_form,
)
from tests.journeys.stories import lamp_resolved
from tests.journeys.test_lamp import WORDS, assert_clean_files, scan_and_say

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]
CHAT = """[2026-03-09 19:03] 杨柳依依: 3幢2单元门禁又坏了，谁都能进，能不能修一下
[2026-03-09 19:04] 老何: 收到
[2026-03-09 19:05] 小雨: 垃圾桶旁边堆了旧沙发三天了，没人收，味道很大
[2026-03-09 19:09] 小雨: [图片]"""


def test_speaking_and_confirming_need_no_script(house: Willow, folders: Path, visit: Visit) -> None:
    """Sign in, scan, say with a photo, read on and rate: all of it plain forms."""
    zhang = visit(None, script=False)
    sign_in_by_phone(zhang, "13800000001")
    token = scan_and_say(zhang, house, photos=phone_photo())
    case = Case.objects.get(token=token)
    assert case.text == WORDS
    see(zhang, case.number)
    look(zhang, "no-script-said")
    done = lamp_resolved(house, timezone.now() - timedelta(minutes=5))
    zhang.goto(done.address)
    look(zhang, "no-script-own")
    act(zhang, "confirm", press="非常满意", case=done.token)
    done.refresh_from_db()
    assert (done.state, done.verdicts.get().rating) == (State.CONFIRMED, 5)
    assert len(list((folders / "media").rglob("*.jpg"))) == 2
    assert_clean_files(folders / "media", fewest=2)


def test_what_is_wrong_is_told_and_nothing_typed_is_lost(house: Willow, folders: Path, visit: Visit) -> None:
    """A place that does not exist: the words and the photo stay, one more try files them."""
    page = visit(None, script=False)
    page.goto("/cases/say/")
    form = speaking_form(page)
    fill(form, text=WORDS, photos=phone_photo(), place_words="不存在的小区")
    with page.expect_navigation():
        form.get_by_role("button", name="提交").click()
    see(page, "没有找到")
    look(page, "kept-what-was-typed")
    expect(page.locator("[name=text]")).to_have_value(WORDS)
    token = say(page, where="杨柳苑")
    case = Case.objects.get(token=token)
    assert case.text == WORDS
    assert len(list((folders / "media").rglob("*.jpg"))) == 2


def test_where_the_disk_is_full_the_words_are_filed_and_the_photo_is_named(
    house: Willow, folders: Path, visit: Visit, settings: Any
) -> None:
    """A full disk while uploading (a small quota): what was typed counts, and the page says what was not kept."""
    settings.UPLOAD_QUOTA = 1000  # bytes
    page = visit(house.zhang)
    page.goto(f"/cases/say/?place={house.estate.token}")
    token = say(page, WORDS, photos=phone_photo())
    look(page, "disk-full")
    see(page, "照片")
    assert Case.objects.get(token=token).text == WORDS
    assert not list((folders / "media").rglob("*.jpg"))


def test_a_voice_message_is_enough(house: Willow, folders: Path, visit: Visit, size: dict[str, int]) -> None:
    """Not a word typed: the recording is the case, kept without whatever its tags told."""
    zhang = visit(house.zhang, size)
    zhang.goto(f"/cases/say/?place={house.estate.token}")
    sound = {"name": "voice.wav", "mimeType": "audio/wav", "buffer": wav()}
    token = say(zhang, voice=sound)
    case = Case.objects.get(token=token)
    assert (case.channel, case.text) == ("voice", "")
    zhang.goto(case.address)
    look(zhang, "own-voice")
    heard = zhang.request.get(str(zhang.locator("main audio").first.get_attribute("src")))
    assert heard.status == 200
    assert heard.body().startswith(b"RIFF")
    assert SECRET not in heard.body()
    sun = visit(house.sun, size)
    sun.goto(case.address)
    expect(sun.locator("main audio")).to_have_count(1)


def test_a_group_chat_becomes_cases_and_an_answer_to_paste(
    house: Willow, visit: Visit, size: dict[str, int]
) -> None:
    li = visit(house.li, size)
    li.goto("/cases/intake/chat/")
    fill(li.locator("main form").first, chat=CHAT, place_words="杨柳苑")
    with li.expect_navigation():
        li.get_by_role("button", name="分一分").click()
    look(li, "chat-cut")
    expect(li.locator("main textarea[name^='text-']")).to_have_count(2)
    with li.expect_navigation():
        li.locator("main button[name=take]").click()
    look(li, "chat-answer")
    assert Case.objects.filter(channel="chat").count() == 2
    reply = li.locator("main textarea[readonly]").input_value()
    for case in Case.objects.all():
        assert case.number in reply
        assert case.place == house.estate
    assert not [name for name in ("杨柳依依", "老何", "小雨") if name in reply]


def test_in_large_letters_four_doors_lead_to_a_spoken_case(
    house: Willow, folders: Path, visit: Visit
) -> None:
    """E01, E09: the elder face is one tap from any page; its home has four doors and no more."""
    zhang = visit(house.zhang)
    zhang.goto("/")
    with zhang.expect_navigation():
        zhang.get_by_role("button", name="长辈版").click()
    look(zhang, "elder-home")
    doors = main_of(zhang).locator("ul.doors > li")
    expect(doors).to_have_count(4)
    expect(doors.first.get_by_role("link")).to_have_attribute("href", "tel:12345")
    doors.get_by_role("link").filter(has_text="说一件事").click()
    look(zhang, "elder-speak")
    token = say(zhang, voice={"name": "voice.wav", "mimeType": "audio/wav", "buffer": wav()})
    look(zhang, "elder-said")
    case = Case.objects.get(token=token)
    assert (case.place, case.channel) == (house.estate, "voice")
    see(zhang, case.number)


def test_a_case_is_said_with_the_keyboard_alone(house: Willow, visit: Visit, size: dict[str, int]) -> None:
    """E10: Tab, letters, Space and Enter are enough, and where one stands is always seen."""
    zhang = visit(house.zhang, DESKTOP)
    zhang.goto(f"/cases/say/?place={house.estate.token}")
    zhang.keyboard.press("Tab")
    assert zhang.evaluate("document.activeElement.getAttribute('href')") == "#main"
    zhang.keyboard.press("Enter")
    tab_to(zhang, "[name=text]")
    zhang.keyboard.type("楼道的灯不亮")
    tab_to(zhang, "[name=is_private]")
    zhang.keyboard.press("Space")
    tab_to(zhang, "main form button:not([type=button])")
    with zhang.expect_navigation():
        zhang.keyboard.press("Enter")
    case = Case.objects.get()
    assert (case.text, case.visibility) == ("楼道的灯不亮", "private")
    assert f"/cases/{case.token}/said/" in zhang.url


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what `selector` names has the focus; wherever it rests on the way, it is seen."""
    for _press in range(60):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return s.outlineStyle !== 'none' || s.boxShadow !== 'none' })()"
        )
        assert ring, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
    raise AssertionError(f"not reached by Tab: {selector}")


def test_feedback_about_linli_is_two_taps_away_and_its_answer_is_public(
    house: Willow, visit: Visit, size: dict[str, int]
) -> None:
    """G08: from any page the foot leads to the form; what was answered anybody can read."""
    zhang = visit(house.zhang, size)
    zhang.goto("/notices/")
    zhang.locator("footer").get_by_role("link", name="对邻里提意见").click()
    look(zhang, "feedback")
    token = say(zhang, "长辈版首页的字还想再大一点。", where="柳树社区")
    case = Case.objects.get(token=token)
    assert case.matter == "feedback"
    sun = visit(house.sun, size)
    sun.goto(case.address)
    act(sun, "moderate", case=token)
    act(sun, "dispatch", case=token, having="select[name=lead]", lead=house.desk.token)
    sun.goto(case.address)
    act(sun, "sign", case=token)
    act(sun, "resolve", case=token, answer="字号已经加到 34，底部“字的大小”可以选。")
    nobody = visit(None, size)
    nobody.goto("/")
    nobody.locator("footer").get_by_role("link", name="对邻里提意见").click()
    look(nobody, "feedback-public")
    see(nobody, "字号已经加到 34")


def test_an_old_sticker_still_leads_to_the_form(house: Willow, visit: Visit) -> None:
    """A link from an old QR code says so and leads on."""
    old = places.issue_code(house.lamp, by=house.li, at=MONDAY)
    places.replace_code(house.lamp, by=house.li, at=MONDAY)
    page = visit(None)
    page.goto(f"/q/{old.token}/")
    see(page, "这张码是旧的")
    main_of(page).get_by_role("link", name="说一件事").click()
    expect(main_of(page)).to_contain_text("3幢门前路灯")
