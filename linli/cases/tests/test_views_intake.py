"""Taking in for somebody else: telephone, counter, visit, patrol, on the spot and group chats."""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from linli.attachments import actions as attachments
from linli.cases.forms.intake import chosen_voices
from linli.cases.forms.speaking import position_in
from linli.cases.models import Case
from linli.cases.rules import Channel, State
from linli.cases.tests.pages import carried_in, form_for, newest, once_in, photo, text_of
from linli.organisations import actions as organisations
from tests.cast import Willow
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
INTAKE, CHAT = "/cases/intake/", "/cases/intake/chat/"
GROUP = """李姐 2026/11/20 19:03
3幢电梯里的灯一直闪，眼睛受不了
老王 2026/11/20 19:05
收到
小何 2026/11/20 19:20
东门口垃圾桶满了三天没人收
"""


def take(client: Client, willow: Willow, **more: object) -> object:
    page = text_of(client.get(INTAKE))
    fields = {"channel": "telephone", "once": once_in(page)} | more
    return client.post(INTAKE, form_for(willow.estate, **fields))


def test_an_elder_on_the_telephone_gets_a_number_and_a_code_and_is_the_asker(willow: Willow) -> None:
    """E01: what a resident can do, a worker can do for them, with the same receipts."""
    answer = take(signed_in(willow.li), willow, name="陈福生", phone="0577-88881234")
    case = newest()
    assert answer["Location"] == f"/cases/{case.token}/taken/"
    assert (case.reporter.name, case.filed_by, case.channel) == ("陈福生", willow.li, Channel.TELEPHONE)
    slip = text_of(signed_in(willow.li).get(answer["Location"]))
    assert case.number in slip
    assert case.receipt in slip


def test_only_who_wrote_it_down_reads_the_code_on_the_slip(willow: Willow) -> None:
    answer = take(signed_in(willow.li), willow, name="陈福生")
    assert signed_in(willow.sun).get(answer["Location"]).status_code == 404
    page = text_of(signed_in(willow.sun).get(newest().address))
    assert newest().receipt not in page


@pytest.mark.parametrize("channel", ["telephone", "counter", "visit", "patrol"])
def test_every_way_in_is_noted_and_a_patrol_needs_nobody(willow: Willow, channel: str) -> None:
    """G06: no photo is asked for, and none missing is a defect."""
    assert take(signed_in(willow.li), willow, channel=channel).status_code == 302
    assert newest().channel == channel
    assert newest().reporter is None


def test_a_way_that_is_none_and_a_wrong_number_are_refused_and_the_words_kept(willow: Willow) -> None:
    li = signed_in(willow.li)
    for wrong in ({"channel": "pigeon"}, {"phone": "138000000012"}, {"text": ""}):
        answer = take(li, willow, where="三楼转角", **wrong)
        assert answer.status_code == 422
        assert 'value="三楼转角"' in text_of(answer)
    assert not Case.objects.exists()


def test_a_worker_takes_in_for_their_own_community_only(willow: Willow) -> None:
    li = signed_in(willow.li)
    once = once_in(text_of(li.get(INTAKE)))
    there = form_for(willow.elsewhere, channel="telephone", once=once)
    answer = li.post(INTAKE, there)
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_solved_on_the_spot_in_one_tap_has_no_clock_and_keeps_its_photo(willow: Willow) -> None:
    li = signed_in(willow.li)
    done = {"on_the_spot": "1", "done": "拧紧了灯泡", "photos": photo()}
    assert take(li, willow, **done).status_code == 302
    case = newest()
    assert (case.state, case.due) == (State.ON_SPOT, None)
    assert attachments.of(case.subject).count() == 1
    assert "当场解决" in text_of(li.get(f"/cases/{case.token}/taken/"))


def test_the_worker_on_the_telephone_is_told_whom_to_ring_first(willow: Willow) -> None:
    li = signed_in(willow.li)
    page = text_of(take(li, willow, text="老人说家里闻到煤气味", name="陈福生", photos=photo()))
    assert "现在闻到煤气味了吗" in page
    stop = text_of(li.post(INTAKE, carried_in(page) | {"ask-gas_smell": "是"}))
    assert "119" in stop
    assert li.post(INTAKE, carried_in(stop)).status_code == 302
    assert newest().reporter.name == "陈福生"
    assert attachments.of(newest().subject).count() == 1


def test_a_form_sent_twice_by_a_worker_files_once(willow: Willow) -> None:
    li = signed_in(willow.li)
    form = form_for(willow.estate, channel="counter", once="k" * 32)
    assert li.post(INTAKE, form)["Location"] == li.post(INTAKE, form)["Location"]
    assert Case.objects.count() == 1


def test_in_an_assisted_session_the_form_knows_for_whom(willow: Willow) -> None:
    organisations.assist(willow.li, willow.desk, willow.chen, "不会用手机", "visit", timezone.now())
    li = signed_in(willow.li)
    page = text_of(li.get(INTAKE))
    assert 'name="phone"' not in page
    assert re.search(r'value="visit"[^>]*checked', page)
    assert take(li, willow, channel="visit").status_code == 302
    assert newest().reporter == willow.chen


def test_a_group_chat_becomes_chosen_cases_and_an_answer_to_paste(willow: Willow) -> None:
    li = signed_in(willow.li)
    once = once_in(text_of(li.get(CHAT)))
    place = {key: value for key, value in form_for(willow.estate).items() if key != "text"}
    cut = li.post(CHAT, {"chat": GROUP, "once": once, "cut": "1", **place})
    page = text_of(cut)
    assert "电梯里的灯一直闪" in page
    assert "垃圾桶满了" in page
    assert page.count('name="take-') == 2
    mended = {"text-0": "3幢电梯轿厢灯闪", "take-0": "1", "text-1": "东门口垃圾桶满了"}
    taken = li.post(CHAT, {"chat": GROUP, "once": once, "take": "1", **mended, **place})
    case = Case.objects.get()
    assert (case.text, case.channel, case.reporter) == ("3幢电梯轿厢灯闪", Channel.CHAT, None)
    answer = text_of(li.get(taken["Location"]))
    assert case.number in answer
    assert "李姐" not in answer
    again = li.post(CHAT, {"chat": GROUP, "once": once, "take": "1", **mended, **place})
    assert again["Location"] == taken["Location"]
    assert Case.objects.count() == 1


def test_taking_another_voice_of_the_same_chat_later_files_that_one(willow: Willow) -> None:
    li = signed_in(willow.li)
    place = {key: value for key, value in form_for(willow.estate).items() if key != "text"}
    base = {"chat": GROUP, "once": "k" * 32, "take": "1", **place}
    li.post(CHAT, base | {"take-0": "1", "text-0": "3幢电梯轿厢灯闪"})
    li.post(CHAT, base | {"take-1": "1", "text-1": "东门口垃圾桶满了"})
    assert {case.text for case in Case.objects.all()} == {"3幢电梯轿厢灯闪", "东门口垃圾桶满了"}


def test_a_chat_without_a_place_or_choice_keeps_words_and_ticks(willow: Willow) -> None:
    li = signed_in(willow.li)
    mended = {"text-0": "灯闪<b>", "take-0": "1", "text-1": "桶满"}
    answer = li.post(CHAT, {"chat": GROUP, "once": "k", "take": "1", "place_words": "没有的地方", **mended})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "灯闪<b>" in unescape(page)
    assert "灯闪<b>" not in page
    assert page.count("checked") == 1
    assert not Case.objects.exists()
    nothing = li.post(CHAT, {"chat": "你好\n谢谢", "cut": "1"})
    assert nothing.status_code == 422
    assert "没有认出谁说了什么" in text_of(nothing)


def test_voices_are_read_back_as_ticked_and_mended() -> None:
    data = {"take-0": "1", "text-0": " 灯坏 ", "text-1": "没有勾", "take-2": "1", "text-2": "桶满"}
    assert chosen_voices(data, 3) == [(0, "灯坏"), (2, "桶满")]


@pytest.mark.parametrize(
    ("latitude", "longitude", "position"),
    [
        ("28.0", "120.7", (28.0, 120.7)),
        ("", "", None),
        ("nan", "1", None),
        ("91", "1", None),
        ("x", "1", None),
    ],
)
def test_a_position_is_two_numbers_on_the_globe_or_nothing(
    latitude: str, longitude: str, position: object
) -> None:
    assert position_in({"latitude": latitude, "longitude": longitude}) == position
