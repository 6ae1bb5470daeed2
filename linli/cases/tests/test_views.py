"""Speaking: whatever was typed, sent twice, refused or asked back, nothing is lost and nobody is asked who they are."""

import errno
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.utils import timezone

from linli.attachments import actions as attachments
from linli.attachments.models import Attachment
from linli.cases import actions
from linli.cases.models import Case
from linli.cases.rules import LONGEST_TEXT, Channel, Message, State, Visibility
from linli.cases.tests.pages import (
    SPEAK,
    TEXT,
    carried_in,
    form_for,
    newest,
    once_in,
    photo,
    say,
    text_of,
)
from linli.organisations import actions as organisations
from linli.people import actions as people
from linli.people.models import Proxy
from linli.places import actions as places
from tests.cast import Willow
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


def test_a_stranger_says_something_without_name_or_number_and_reads_on_with_the_receipt(
    willow: Willow, client: Client
) -> None:
    """S02: nobody is asked who they are before they may speak."""
    answer = say(client, willow.estate)
    case = newest()
    assert answer.status_code == 302
    assert answer["Location"] == f"/cases/{case.token}/said/"
    assert (case.reporter, case.filed_by, case.text, case.place) == (None, None, TEXT, willow.estate)
    receipt = text_of(client.get(answer["Location"]))
    assert case.number in receipt
    assert case.receipt in receipt
    assert client.get(f"/cases/{case.token}/").status_code == 200
    other = Client()
    assert other.get(f"/cases/{case.token}/").status_code == 404
    assert other.get(f"/cases/{case.token}/said/").status_code == 404
    found = other.get(
        "/cases/receipt/", {"code": f" {case.receipt[:4].upper()}-{case.receipt[4:8]} {case.receipt[8:]} "}
    )
    assert found["Location"] == f"/cases/r/{case.receipt}/"
    assert TEXT in text_of(other.get(found["Location"]))


def test_a_wrong_receipt_code_says_what_to_do(client: Client, db: None) -> None:
    answer = client.get("/cases/receipt/", {"code": "abcdefghjkmn"})
    assert answer.status_code == 404
    assert "没有找到这个查询码" in text_of(answer)
    assert 'value="abcdefghjkmn"' in text_of(answer)


def test_an_empty_form_is_refused_with_a_sentence_and_files_nothing(willow: Willow, client: Client) -> None:
    answer = say(client, willow.estate, text="  ", where="3幢门口")
    assert answer.status_code == 422
    assert "还没有写内容" in text_of(answer)
    assert 'value="3幢门口"' in text_of(answer)
    assert not Case.objects.exists()


def test_ten_thousand_and_one_characters_are_refused_and_all_given_back(
    willow: Willow, client: Client
) -> None:
    long = "灯" * (LONGEST_TEXT + 1)
    answer = say(client, willow.estate, text=long)
    assert answer.status_code == 422
    assert "现在多了 1 字" in text_of(answer)
    assert long in text_of(answer)
    lines = "灯\r\n" * (
        LONGEST_TEXT // 2
    )  # a browser sends two signs for the end of a line, people count one
    assert say(client, willow.estate, text=lines).status_code == 302
    assert not newest().text.count("\r")


def test_emoji_and_rare_characters_come_back_as_typed(willow: Willow, client: Client) -> None:
    words = "䶮𬱖家的👨‍👩‍👧‍👦灯坏了🙏"
    token = say(client, willow.estate, text=words)["Location"]
    assert newest().text == words
    assert words in text_of(client.get(token.replace("said/", "")))


def test_markup_is_shown_as_typed_and_never_runs(willow: Willow, client: Client) -> None:
    words = "<script>alert(1)</script><b>灯</b>坏了"
    address = say(client, willow.estate, text=words)["Location"]
    for page in (address, address.replace("said/", "")):
        shown = text_of(client.get(page))
        assert "<script>alert" not in shown
        assert "<b>灯" not in shown
        assert "&lt;script&gt;" in shown
    staff = text_of(signed_in(willow.sun).get(f"/cases/{newest().token}/"))
    assert "<script>alert" not in staff
    assert "&lt;b&gt;" in staff


def test_a_form_posted_twice_files_once_with_its_photo_once(willow: Willow, client: Client) -> None:
    once = once_in(text_of(client.get(SPEAK)))
    first = client.post(SPEAK, form_for(willow.estate, once=once, photos=photo()))
    second = client.post(SPEAK, form_for(willow.estate, once=once, photos=photo()))
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1
    assert attachments.of(newest().subject).count() == 1


def test_a_refused_photo_keeps_the_words_and_says_which_and_why(willow: Willow, client: Client) -> None:
    paper = SimpleUploadedFile("合同.jpg", b"%PDF-1.4 not a picture", "image/jpeg")
    answer = say(client, willow.estate, photos=[paper, photo()])
    case = newest()
    assert case.text == TEXT
    assert attachments.of(case.subject).count() == 1
    assert "合同.jpg" in text_of(client.get(answer["Location"]))
    alone = say(client, willow.estate, text="", photos=[paper])
    assert alone.status_code == 422
    assert "合同.jpg" in text_of(alone)
    assert Case.objects.count() == 1


def test_a_photo_of_thirty_megabytes_is_refused_and_the_matter_filed(willow: Willow, client: Client) -> None:
    huge = SimpleUploadedFile("大图.jpg", b"\xff\xd8" + b"0" * (30 * 1024 * 1024), "image/jpeg")
    answer = say(client, willow.estate, photos=[huge])
    assert newest().text == TEXT
    assert not Attachment.objects.exists()
    page = text_of(client.get(answer["Location"]))
    assert "大图.jpg" in page
    assert "25 MB" in page


def test_a_photo_alone_is_enough(willow: Willow, client: Client) -> None:
    assert say(client, willow.estate, text="", photos=[photo()]).status_code == 302
    assert newest().title == willow.estate.name


def test_a_photo_sent_with_a_form_that_lacks_something_need_not_be_chosen_again(
    willow: Willow, client: Client
) -> None:
    once = once_in(text_of(client.get(SPEAK)))
    answer = client.post(
        SPEAK, {"text": TEXT, "once": once, "place_words": "没有这个地方", "photos": photo()}
    )
    assert answer.status_code == 422
    assert "已经收好 1 个文件" in text_of(answer)
    assert TEXT in text_of(answer)
    assert once_in(text_of(answer)) == once
    assert client.post(SPEAK, form_for(willow.estate, once=once)).status_code == 302
    assert attachments.of(newest().subject).count() == 1


def test_words_of_gas_are_asked_about_and_the_photo_waits_meanwhile(willow: Willow, client: Client) -> None:
    answer = say(client, willow.estate, text="楼道里闻到煤气味，很重", photos=[photo()])
    page = text_of(answer)
    assert answer.status_code == 200
    assert not Case.objects.exists()
    assert "现在闻到煤气味了吗" in page
    carried = carried_in(page)
    stop = client.post(SPEAK, carried | {"ask-gas_smell": "是"})
    assert "119" in text_of(stop)
    assert not Case.objects.exists()
    assert 'href="tel:119"' in text_of(stop)
    assert "继续登记" in text_of(stop)
    despite = carried_in(text_of(stop))
    assert despite["despite"] == "1"
    assert client.post(SPEAK, despite).status_code == 302
    case = newest()
    assert case.answers["despite"] == "1"
    assert case.answers["gas_smell"] == "是"
    assert case.category is not None
    assert any(q["code"] == "gas_smell" for q in case.category.questions)
    assert attachments.of(case.subject).count() == 1
    staff = text_of(signed_in(willow.sun).get(case.address))
    assert "现在闻到煤气味了吗" in staff
    assert "gas_smell" not in staff


def test_no_gas_smelt_is_no_gas_leak(willow: Willow, client: Client) -> None:
    page = text_of(say(client, willow.estate, text="上周闻到煤气味，现在没有了，想问问检修"))
    assert client.post(SPEAK, carried_in(page) | {"ask-gas_smell": "否"}).status_code == 302
    assert newest().category is None
    assert newest().answers == {"gas_smell": "否"}
    assert "现在闻到煤气味了吗" in text_of(client.get(newest().address))


def test_a_chosen_category_asks_its_questions_once_and_they_may_be_left_out(
    willow: Willow, client: Client
) -> None:
    page = text_of(say(client, willow.estate, text="顶楼天花板滴水", category="house.roof_leak"))
    assert "交付还不到五年" in page
    assert not Case.objects.exists()
    assert client.post(SPEAK, carried_in(page)).status_code == 302
    case = newest()
    assert case.category is not None
    assert case.category.code == "house.roof_leak"
    assert case.answers == {}


def test_a_point_at_sea_is_refused_where_nothing_else_says_where_and_left_out_where_something_does(
    willow: Willow, client: Client
) -> None:
    once = once_in(text_of(client.get(SPEAK)))
    at_sea = {"latitude": "20.5", "longitude": "130.5"}
    answer = client.post(SPEAK, {"text": TEXT, "once": once, **at_sea})
    assert answer.status_code == 422
    assert "在海上" in text_of(answer)
    assert TEXT in text_of(answer)
    assert client.post(SPEAK, form_for(willow.estate, once=once, **at_sea)).status_code == 302
    assert newest().latitude is None
    here = {"latitude": "28.00121", "longitude": "120.70121"}
    assert client.post(SPEAK, {"text": TEXT, "once": once + "2", **here}).status_code == 302
    assert (newest().place, newest().latitude) == (willow.estate, 28.00121)
    odd = {"latitude": "nan", "longitude": "east"}
    assert client.post(SPEAK, form_for(willow.estate, once=once + "3", **odd)).status_code == 302


def test_a_number_of_twelve_digits_is_refused_at_its_field_and_kept(willow: Willow, client: Client) -> None:
    answer = say(client, willow.estate, phone="138000000012", name="张阿姨")
    page = text_of(answer)
    assert answer.status_code == 422
    assert "11 位" in page
    assert 'value="138000000012"' in page
    assert 'id="id_phone_error"' in page
    assert say(client, willow.estate, phone="１３８ 0000 0001", name="张秀英").status_code == 302
    assert newest().reporter == willow.zhang


def test_a_place_is_found_in_two_steps_without_a_script(willow: Willow, client: Client) -> None:
    once = once_in(text_of(client.get(SPEAK)))
    first = client.post(SPEAK, {"text": TEXT, "once": once, "place_words": "3幢", "place_asked": ""})
    if first.status_code == 422:  # several places fit: tap one
        assert willow.building.token in text_of(first)
        assert TEXT in text_of(first)
        tapped = {"place": willow.building.token, "place_words": "3幢", "place_asked": "3幢"}
        first = client.post(SPEAK, {"text": TEXT, "once": once, **tapped})
    assert first.status_code == 302
    assert newest().place == willow.building


def test_other_words_than_those_tapped_count(willow: Willow, client: Client) -> None:
    tapped = form_for(willow.estate, once="k" * 32) | {"place_words": "桃园社区"}
    assert client.post(SPEAK, tapped).status_code == 302
    assert newest().place == willow.elsewhere


def test_a_scanned_code_knows_the_place_and_an_old_one_still_does(willow: Willow, client: Client) -> None:
    now = timezone.now()
    old = places.issue_code(willow.lamp, by=willow.li, at=now - timedelta(days=400))
    fresh = places.replace_code(willow.lamp, by=willow.li, at=now)
    for code in (fresh, old):
        page = text_of(client.get(SPEAK, {"code": code.token}))
        assert willow.lamp.full_name in page
        assert 'name="place_words"' not in page
        once = once_in(page)
        assert client.post(SPEAK, {"text": TEXT, "code": code.token, "once": once}).status_code == 302
        assert (newest().place, newest().channel) == (willow.lamp, Channel.QR)
    unknown = client.get(SPEAK, {"code": "zzzz"})
    assert unknown.status_code == 200
    assert 'name="place_words"' in text_of(unknown)


def test_the_code_of_a_home_stands_for_its_estate(willow: Willow, client: Client) -> None:
    code = places.issue_code(willow.home, by=willow.li, at=timezone.now())
    page = text_of(client.get(SPEAK, {"code": code.token}))
    assert willow.estate.name in page
    assert "502" not in page


def test_who_is_signed_in_finds_their_estate_and_is_not_asked_for_a_number(willow: Willow) -> None:
    zhang = signed_in(willow.zhang)
    page = text_of(zhang.get(SPEAK))
    assert willow.estate.full_name in page
    assert 'name="phone"' not in page
    assert say(zhang, willow.estate, is_private="on").status_code == 302
    assert (newest().reporter, newest().visibility) == (willow.zhang, Visibility.PRIVATE)


def test_a_daughter_speaks_for_her_father_and_he_is_the_asker(willow: Willow) -> None:
    now = timezone.now()
    proxy = people.grant_proxy(willow.chen, willow.daughter, Proxy.Scope.CASES, willow.chen, now)
    client = signed_in(willow.daughter)
    session = client.session
    session["acting_for"] = proxy.token
    session.save()
    assert say(client, willow.estate).status_code == 302
    assert (newest().reporter, newest().filed_by) == (willow.chen, willow.daughter)
    assert client.get(newest().address).status_code == 200


def test_in_an_assisted_session_the_resident_is_the_asker_and_the_worker_stays_named(willow: Willow) -> None:
    now = timezone.now()
    organisations.assist(willow.li, willow.desk, willow.chen, "陈伯不会用手机", "counter", now)
    li = signed_in(willow.li)
    assert say(li, willow.estate).status_code == 302
    case = newest()
    assert (case.reporter, case.filed_by, case.channel) == (willow.chen, willow.li, Channel.COUNTER)


def test_feedback_about_linli_is_said_in_one_form_and_answered_in_public(
    willow: Willow, client: Client
) -> None:
    """G08: complaints and suggestions about the application itself."""
    address = "/cases/feedback/"
    page = text_of(client.get(address))
    form = form_for(willow.estate, text="字太小，看不清", category="platform.idea", once=once_in(page))
    assert client.post(address, form).status_code == 302
    case = newest()
    assert case.matter == "feedback"
    signed_in(willow.sun).post(f"{case.address}moderate/")
    assert "字太小，看不清" in text_of(client.get(address))
    assert "字太小" not in text_of(client.get(SPEAK))


def test_possible_duplicates_are_offered_and_joined_with_one_tap(willow: Willow, client: Client) -> None:
    say(signed_in(willow.zhang), willow.lamp)
    earlier = newest()
    signed_in(willow.sun).post(f"{earlier.address}moderate/")
    neighbour = signed_in(willow.neighbour)
    answer = say(neighbour, willow.lamp, text="3幢门前的路灯还是不亮")
    case = newest()
    page = text_of(neighbour.get(answer["Location"]))
    assert "是不是同一件事" in page
    assert earlier.shown_title in page
    assert client.post(f"{case.address}same/", {"as": earlier.token}).status_code == 404
    assert neighbour.post(f"{case.address}same/", {"as": earlier.token}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.parent) == (State.MERGED, earlier)
    own = text_of(neighbour.get(case.address))
    assert earlier.number in own
    assert willow.zhang.name not in own


def test_in_elder_mode_one_thing_is_asked_per_page_and_nothing_is_lost(
    willow: Willow, client: Client
) -> None:
    client.cookies["elder"] = "1"
    page = text_of(client.get(SPEAK))
    assert 'name="place_words"' not in page
    assert 'name="phone"' not in page
    empty = client.post(SPEAK, {"step": "what", "once": once_in(page), "text": ""})
    assert empty.status_code == 422
    assert "还没有写内容" in text_of(empty)
    where = client.post(SPEAK, {"step": "what", "once": once_in(page), "text": TEXT, "photos": photo()})
    assert where.status_code == 200
    assert 'name="place_words"' in text_of(where)
    carried = carried_in(text_of(where))
    lost = client.post(SPEAK, carried | {"place_words": "没有的地方"})
    assert lost.status_code == 422
    assert carried_in(text_of(lost))["text"] == TEXT
    who = client.post(SPEAK, carried | form_for(willow.estate, text=TEXT))
    assert 'name="phone"' in text_of(who)
    assert not Case.objects.exists()
    wrong = client.post(SPEAK, carried_in(text_of(who)) | {"phone": "138"})
    assert wrong.status_code == 422
    assert 'name="phone"' in text_of(wrong)
    last = client.post(SPEAK, carried_in(text_of(wrong)) | {"phone": "13800000001", "name": "张秀英"})
    assert last.status_code == 302
    case = newest()
    assert (case.reporter, case.place, case.text) == (willow.zhang, willow.estate, TEXT)
    assert attachments.of(case.subject).count() == 1


def test_reading_the_form_writes_nothing(willow: Willow, client: Client) -> None:
    before = Case.objects.count(), Attachment.objects.count()
    for address in (SPEAK, "/cases/feedback/", "/cases/receipt/"):
        assert client.get(address).status_code == 200
        assert "sessionid" not in client.cookies
    assert (Case.objects.count(), Attachment.objects.count()) == before


def test_the_key_of_what_was_taken_over_opens_it_to_nobody(willow: Willow, client: Client) -> None:
    moment = timezone.now() - timedelta(days=90)
    actions.record_history(willow.community, [Message(2, "188006", "一封信", "我家的难处", moment)], moment)
    old = newest()
    for key in (old.once, old.once[:40], f"import:{willow.community.pk}:188006"):
        answer = client.post(SPEAK, form_for(willow.lamp, once=key))
        assert old.token not in answer["Location"]
    assert client.get(old.address).status_code == 404
    assert client.get(f"{old.address}said/").status_code == 404


def test_a_sign_that_no_database_keeps_is_left_out_wherever_it_is_sent(
    willow: Willow, client: Client
) -> None:
    assert say(client, willow.lamp, text="路灯\0不亮", phone="138\0").status_code == 422
    assert say(client, willow.lamp, text="路灯\0不亮").status_code == 302
    case = newest()
    assert case.text == "路灯不亮"
    told = client.post(f"{case.address}tell-more/", {"words": "又\0灭了", "key": f"{case.receipt}\0"})
    assert told.status_code == 409  # nobody was named
    assert client.get("/cases/mine/?show=%00&after=%00").status_code < 500
    assert client.get("/cases/%00/").status_code == 404
    assert client.get(f"/cases/r/{case.receipt}%00/").status_code == 404


def test_a_disk_that_is_full_while_a_photo_comes_in_costs_the_photo_and_not_the_words(
    willow: Willow, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", full)
    answer = say(client, willow.lamp, photos=[photo()])
    assert newest().text == TEXT
    assert not Attachment.objects.exists()
    assert "存不下" in text_of(client.get(answer["Location"]))
