"""The pages: 我的数据, 我同意过什么, 紧急查看, the data officer's desk. Policy rules: G03, G08."""

import io
import json
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.core.management import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.base import keys
from linli.base.processes import require_start
from linli.organisations import actions as organisations
from linli.people import actions as people
from linli.privacy import actions
from linli.privacy.models import (
    Assessment,
    BreakGlass,
    Consent,
    FieldChange,
    Finding,
    Incident,
    LegalHold,
    RightsRequest,
    SecurityItem,
)
from linli.privacy.tests.conftest import Office
from linli.trail.models import Look
from linli.transparency.models import Entry
from tests.cast import Willow
from tests.signing_in import sign_in

REASON = "楼上漏水淹了电箱，联系不上住户"


def browser(person: Any) -> Client:
    return sign_in(Client(), person)


def post(client: Client, name: str, typed: dict[str, Any], *words: str) -> Any:
    return client.post(reverse(f"privacy:{name}", args=words), typed)


def test_everybody_reads_what_is_kept_why_and_how_long(willow: Willow) -> None:
    page = Client().get(reverse("privacy:fields")).content.decode()
    for words in ("身份证号", "个人信息保护法 第十三条", "搬走后 5 年"):
        assert words in page
    assert "改这一项" not in page


def test_a_form_maker_learns_that_a_fact_is_held(willow: Willow) -> None:
    address = reverse("privacy:duplicates")
    assert "已经有了，不要再问" in Client().get(address, {"asked": "联系电话"}).content.decode()
    assert "目录里没有这一项" in Client().get(address, {"asked": "养了几只猫"}).content.decode()
    answer = Client().get(address, {"asked": "身份证号码", "format": "json"}).json()
    assert answer["is_held"] is True
    assert answer["held_as"][0]["code"] == "register.Profile.identity"


def test_my_data_is_one_page_and_two_files_that_say_the_same(willow: Willow) -> None:
    client = browser(willow.zhang)
    page = client.get(reverse("privacy:mine")).content.decode()
    for fact in ("张秀英", "13800000001", "业主"):
        assert fact in page
    told = json.loads(post(client, "export", {}, "json").content)
    assert told["chapters"][0]["rows"][0]["姓名"] == "张秀英"
    assert told["chapters"][0]["basis"]
    made = post(client, "export", {}, "pdf")
    assert made["Content-Type"] == "application/pdf"
    text = "".join(part.extract_text() for part in pypdf.PdfReader(io.BytesIO(made.content)).pages)
    for fact in ("我的数据", "张秀英", "13800000001", "您的住处"):
        assert fact in text
    assert not Look.objects.filter(seen__subject=willow.zhang.subject).exists()
    assert client.get(reverse("privacy:export", args=["pdf"])).status_code == 405


def test_a_worker_prints_it_for_somebody_at_the_counter_and_it_is_seen(willow: Willow) -> None:
    organisations.assist(
        willow.li, willow.desk, willow.chen, "来窗口要一份自己的信息", "counter", timezone.now()
    )
    client = browser(willow.li)
    made = json.loads(post(client, "export", {}, "json").content)
    assert made["chapters"][0]["rows"][0]["姓名"] == "陈福生"
    look = Look.objects.get(seen__subject=willow.chen.subject, purpose="export")
    assert "柳树社区居民委员会" in look.looker_words


def test_a_proxy_for_cases_alone_gets_no_personal_data(willow: Willow) -> None:
    people.grant_proxy(willow.chen, willow.daughter, "cases", by=willow.chen, at=timezone.now())
    client = browser(willow.daughter)
    session = client.session
    session["acting_for"] = willow.chen.pk
    session.save()
    client.post(reverse("people:act_for", args=[willow.chen.proxies.get().token]))
    answer = client.get(reverse("privacy:mine"))
    assert answer.status_code == 409
    assert "一切事务" in answer.content.decode()


def test_a_request_is_made_and_answered_on_pages(willow: Willow, office: Office) -> None:
    client = browser(willow.zhang)
    assert post(client, "ask", {"kind": "erase", "words": ""}).status_code == 422
    assert post(client, "ask", {"kind": "erase", "words": "请全部删除"}).status_code == 302
    row = RightsRequest.objects.get()
    assert "数据官在办" in client.get(reverse("privacy:asked", args=[row.token])).content.decode()
    assert browser(willow.chen).get(reverse("privacy:asked", args=[row.token])).status_code == 404
    desk = browser(office.officer)
    assert row.get_kind_display() in desk.get(reverse("privacy:desk")).content.decode()
    assert post(desk, "answer", {"outcome": "granted", "words": ""}, row.token).status_code == 422
    assert post(desk, "answer", {"outcome": "granted", "words": "能删的已删"}, row.token).status_code == 302
    page = client.get(reverse("privacy:asked", args=[row.token])).content.decode()
    assert "能删的已删" in page
    assert "搬走后可以再申请" in page
    assert Look.objects.filter(
        seen__subject=willow.zhang.subject, under__startswith="privacy.RightsRequest"
    ).exists()


def test_consent_is_given_and_withdrawn_with_one_tap_and_service_goes_on(
    willow: Willow, office: Office
) -> None:
    desk = browser(office.officer)
    typed = {"code": "hearing", "title": "上门关怀", "text": "提前知道听力情况。", "without": "照样上门"}
    assert post(desk, "notices", typed).status_code == 302
    client = browser(willow.zhang)
    page = client.get(reverse("privacy:consents")).content.decode()
    assert "照样上门" in page
    notice = actions.publish_notice(**typed, by=office.officer, at=timezone.now())
    assert post(client, "agree", {}, notice.token).status_code == 302
    given = Consent.objects.get()
    assert given.token in client.get(reverse("privacy:consents")).content.decode()
    assert notice.digest in Client().get(reverse("privacy:notice", args=[notice.token])).content.decode()
    assert post(browser(willow.chen), "withdraw", {}, given.token).status_code == 404
    assert post(client, "withdraw", {}, given.token).status_code == 302
    assert "已撤回" in client.get(reverse("privacy:consents")).content.decode()
    assert client.get(reverse("privacy:mine")).status_code == 200
    assert post(desk, "end_notice", {}, notice.token).status_code == 302


def test_a_worker_breaks_the_glass_and_the_resident_and_the_officer_read_of_it(
    willow: Willow, office: Office
) -> None:
    client = browser(willow.stranger)
    assert post(client, "break_glass", {"phone": "13800000001", "reason": "急"}).status_code == 422
    wrong = post(client, "break_glass", {"phone": "13800009999", "reason": REASON})
    assert "没有登记这个手机号" in wrong.content.decode()
    assert post(client, "break_glass", {"reason": REASON}).status_code == 422
    assert post(client, "break_glass", {"phone": "13800000001", "reason": REASON}).status_code == 302
    grant = BreakGlass.objects.get()
    page = client.get(reverse("privacy:grant", args=[grant.token])).content.decode()
    assert "张**" in page
    assert "张秀英" not in page
    assert "13800000001" not in page
    assert post(client, "reveal", {}, grant.token, willow.zhang.token).status_code == 302
    assert "13800000001" in client.get(reverse("privacy:grant", args=[grant.token])).content.decode()
    assert browser(willow.sun).get(reverse("privacy:grant", args=[grant.token])).status_code == 404
    assert REASON in browser(willow.zhang).get(reverse("privacy:mine")).content.decode()
    desk = browser(office.officer)
    assert grant.by_words in desk.get(reverse("privacy:desk")).content.decode()
    assert post(desk, "review", {"was_right": "no", "words": "可先问物业"}, grant.token).status_code == 302
    assert "可先问物业" in browser(willow.zhang).get(reverse("privacy:mine")).content.decode()
    BreakGlass.objects.update(ends_at=timezone.now())
    assert "已经关上" in client.get(reverse("privacy:grant", args=[grant.token])).content.decode()
    assert post(client, "reveal", {}, grant.token, willow.zhang.token).status_code == 409


def test_a_place_is_picked_for_breaking_the_glass(willow: Willow, office: Office) -> None:
    client = browser(willow.stranger)
    asked = {
        "reason": REASON,
        "place_words": "杨柳苑",
        "place_asked": "杨柳苑",
        "place": willow.building.token,
    }
    assert post(client, "break_glass", asked).status_code == 302
    page = client.get(reverse("privacy:grant", args=[BreakGlass.objects.get().token])).content.decode()
    assert page.count("打开姓名、电话、住址 60 秒") == 3


def test_the_catalogue_is_edited_with_a_reason(willow: Willow, office: Office) -> None:
    desk, address = browser(office.officer), reverse("privacy:field", args=["people.Person.phone"])
    page = desk.get(address)
    typed = {**page.context["form"].initial, "synonyms": "大哥大", "days": "", "reason": ""}
    assert desk.post(address, typed).status_code == 422
    assert desk.post(address, typed | {"reason": "居民这样叫"}).status_code == 302
    assert FieldChange.objects.get().after == {"synonyms": "大哥大"}
    assert "居民这样叫" in Client().get(reverse("privacy:fields")).content.decode()
    assert desk.get(reverse("privacy:field", args=["no.such.field"])).status_code == 404
    assert browser(willow.sun).get(address).status_code == 404


def test_an_assessment_is_written_by_one_and_approved_by_another(willow: Willow, office: Office) -> None:
    desk = browser(office.officer)
    typed = {
        "feature": "register.import",
        "purpose": "导入居委会的居民台账，建立登记",
        "necessity": "逐户手工录入做不完，容易出错",
        "risks": "台账里的身份证号可能泄露",
        "measures": "加密存放，导入前预演，逐条核对",
        "review_on": (timezone.localdate() + timedelta(days=300)).isoformat(),
    }
    assert post(desk, "assess", typed | {"risks": "低"}).status_code == 422
    assert post(desk, "assess", typed).status_code == 302
    row = Assessment.objects.get()
    assert "批准</button>" not in desk.get(reverse("privacy:assessments")).content.decode()
    assert post(desk, "approve", {}, row.token).status_code == 409
    assert post(browser(office.second), "approve", {}, row.token).status_code == 302
    actions.require_assessed("register.import", timezone.now())
    assert post(desk, "end_assessment", {"because": "改做法"}, row.token).status_code == 302
    assert "改做法" in desk.get(reverse("privacy:assessments")).content.decode()


def test_a_hold_is_set_and_lifted(willow: Willow, office: Office) -> None:
    desk = browser(office.officer)
    assert post(desk, "holds", {"phone": "13800009999", "basis": "案号"}).status_code == 422
    assert post(desk, "holds", {"phone": "13800000001", "basis": "（2026）江民初1号"}).status_code == 302
    page = desk.get(reverse("privacy:holds")).content.decode()
    assert "张**" in page
    assert "张秀英" not in page
    assert post(desk, "lift", {}, LegalHold.objects.get().token).status_code == 302
    assert not LegalHold.objects.in_force().exists()


def test_an_incident_goes_from_found_to_closed(willow: Willow, office: Office) -> None:
    desk = browser(office.officer)
    typed = {
        "found_at": "2026-03-09T09:00", "kinds": "姓名、手机号", "causes": "电脑被盗", "harm": "骚扰电话",
        "severity": "low",
        "remedies": "改了密码", "advice": "陌生来电先核实", "contact": "社区 0577-12345",
        "place_words": "杨柳苑", "place_asked": "杨柳苑", "place": willow.estate.token,
    }  # fmt: skip
    assert post(desk, "record", typed | {"advice": ""}).status_code == 422
    assert post(desk, "record", typed | {"place_words": "", "place": ""}).status_code == 422
    assert post(desk, "record", typed).status_code == 302
    row = Incident.objects.get()
    page = desk.get(reverse("privacy:incident", args=[row.token])).content.decode()
    assert "陌生来电先核实" in page
    entry = Entry.objects.get(type="privacy.incident")
    public = desk.get(reverse("transparency:entry", args=[entry.token])).text
    assert ("<dt>危害程度</dt>" in public, "severity" in public) == (True, False)  # public, so in words
    assert '<dd lang="zh-Hans">较小</dd>' in public
    listed = post(desk, "contacts", {}, row.token).content.decode()
    assert "13800000001" in listed
    assert post(desk, "handle", {"to": "东岸区网信办"}, row.token, "report").status_code == 302
    assert post(desk, "handle", {"lessons": "加密硬盘"}, row.token, "close").status_code == 409
    assert post(desk, "handle", {}, row.token, "tell").status_code == 302
    assert post(desk, "handle", {"lessons": "加密硬盘"}, row.token, "close").status_code == 302
    assert "加密硬盘" in desk.get(reverse("privacy:incident", args=[row.token])).content.decode()
    assert browser(willow.sun).get(reverse("privacy:incident", args=[row.token])).status_code == 404


def test_a_body_speaks_before_a_finding_is_published(willow: Willow, office: Office) -> None:
    desk = browser(office.officer)
    assert (
        post(desk, "open_finding", {"body": "没有这家", "what": "把业主电话给了装修公司"}).status_code == 422
    )
    assert (
        post(desk, "open_finding", {"body": "安居物业", "what": "把业主电话给了装修公司推销"}).status_code
        == 302
    )
    token = Finding.objects.get().token
    assert browser(willow.zhang).get(reverse("privacy:finding", args=[token])).status_code == 404
    assert post(browser(willow.zhao), "finding", {"words": "是员工私自给的"}, token).status_code == 302
    decided = {"is_misuse": "yes", "conclusion": "有聊天记录为证，单位自己也承认了"}
    assert post(desk, "finding", {"is_misuse": "yes", "conclusion": ""}, token).status_code == 422
    assert post(desk, "finding", decided, token).status_code == 302
    page = Client().get(reverse("privacy:findings")).content.decode()
    assert "是员工私自给的" in page
    assert "安居物业" in page
    assert browser(willow.zhao).get(reverse("cases:orders")).status_code == 404


def test_the_security_file_shows_what_was_checked_and_drilled(willow: Willow, office: Office) -> None:
    desk = browser(office.officer)
    assert post(desk, "security", {"code": "grade", "step": "not_ours", "note": ""}).status_code == 422
    assert (
        post(desk, "security", {"code": "grade", "step": "done", "note": "第二级，备案号 33030"}).status_code
        == 302
    )
    assert SecurityItem.objects.get().by == office.officer
    assert "第二级" in desk.get(reverse("privacy:security")).content.decode()
    assert browser(willow.auditor).get(reverse("privacy:security")).status_code == 200


@pytest.mark.parametrize("name", ["desk", "notices", "holds", "record", "open_finding", "assess"])
def test_the_desk_is_the_data_officers_alone(willow: Willow, office: Office, name: str) -> None:
    address = reverse(f"privacy:{name}")
    assert browser(office.officer).get(address).status_code == 200
    for who in (willow.administrator, willow.sun, willow.zhang):
        assert browser(who).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_nothing_starts_without_its_key(db: None, tmp_path: Any, settings: Any) -> None:
    settings.FIELD_KEYS = tmp_path / "keys"
    require_start()
    (settings.FIELD_KEYS / "1").unlink()
    keys.forget_keys()
    with pytest.raises(CommandError, match=r"没有启动.*密钥备份"):
        require_start()
    keys.forget_keys()
