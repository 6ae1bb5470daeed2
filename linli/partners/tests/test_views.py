"""Pages of partners: applications with what was typed, who sees what, every act behind its side."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from linli.attachments.models import Attachment
from linli.partners import actions
from linli.partners.actions import Offered
from linli.partners.models import Booking, Contract, Paper, Partner
from linli.partners.rules import Budget, Kind, State
from linli.partners.tests.rows import DAY, LICENCE, admitted, applied, code, contracted, worker_of
from linli.partners.views.files import ACTS
from linli.trail.models import Look
from tests.cast import MONDAY, Willow
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def act(partner: Partner, verb: str, item: str = "") -> str:
    address = reverse("partners:act", args=[partner.token, verb])
    return f"{address}?item={item}" if item else address


def test_an_application_keeps_what_was_typed_and_names_the_sign_that_is_wrong(willow: Willow) -> None:
    browser, address = signed_in(willow.zhang), reverse("partners:apply")
    typed = {"kind": "property", "name": "新家园物业", "purpose": "管小区", "serves": "杨柳苑"}
    wrong = browser.post(address, typed | {"credit_code": "9135010OM000100Y43"})
    assert wrong.status_code == 422
    assert "是不是 91350100M000100Y43" in text(wrong)
    assert 'value="新家园物业"' in text(wrong)
    lost = browser.post(address, typed | {"credit_code": code(), "serves": "火星"})
    assert lost.status_code == 422
    assert "火星" in text(lost)
    bare = browser.post(address, typed)
    assert bare.status_code == 422
    assert "统一社会信用代码" in text(bare)
    sent = browser.post(address, typed | {"credit_code": "９" + code()[1:]})
    partner = Partner.objects.get()
    assert sent["Location"] == partner.address_of_file
    assert (partner.credit_code, partner.place) == (code(), willow.community)
    assert browser.get(partner.address_of_file).status_code == 200
    assert signed_in(willow.neighbour).get(partner.address_of_file).status_code == 404
    assert Client().get(reverse("partners:partner", args=[partner.token])).status_code == 404, "not admitted"


def test_a_body_comes_in_over_the_pages_with_its_papers(willow: Willow) -> None:
    applicant, sun, wang = (signed_in(who) for who in (willow.zhang, willow.sun, willow.wang))
    partner = applied(willow, by=willow.zhang)
    kept = BytesIO()
    Image.new("RGB", (80, 60)).save(kept, "JPEG")
    scan = SimpleUploadedFile("licence.jpg", kept.getvalue(), "image/jpeg")
    paper = {"kind": "business", "number": "3301", "issuer": "市场监管局", "issued_on": "2026-02-30"}
    assert applicant.post(act(partner, "paper"), paper).status_code == 422, "30 February"
    good = paper | {"issued_on": "2020-01-06", "scan": scan}
    assert applicant.post(act(partner, "paper"), good).status_code == 302
    shown = reverse(
        "attachments:show", args=[Attachment.objects.get(subject=Paper.objects.get().subject).token]
    )
    assert [browser.get(shown).status_code for browser in (applicant, sun, Client())] == [200, 200, 404]
    assert applicant.get(act(partner, "check")).status_code == 404
    assert sun.post(act(partner, "check"), {"words": ""}).status_code == 302
    assert sun.get(act(partner, "admit")).status_code == 404, "sun does not decide"
    assert wang.post(act(partner, "admit"), {"function": ""}).status_code == 302
    partner.refresh_from_db()
    assert partner.state == State.ADMITTED
    public = text(Client().get(reverse("partners:partner", args=[partner.token])))
    assert "营业执照" in public
    assert willow.zhang.name not in public


def test_a_rule_that_says_no_is_read_on_the_form(willow: Willow) -> None:
    partner = applied(willow, by=willow.sun)
    refused = signed_in(willow.sun).post(act(partner, "check"), {"words": ""})
    assert refused.status_code == 422
    assert "另一位同事" in text(refused)


def test_everybody_reads_sums_of_public_money_alone(willow: Willow) -> None:
    partner = admitted(willow)
    public = contracted(willow, partner)
    private = contracted(willow, partner, number="HT-2", budget=Budget.SERVICE_FEE, title="物业服务合同")
    page = text(Client().get(reverse("partners:partner", args=[partner.token])))
    assert "36000.00" in page
    assert "物业服务合同" not in page
    assert Client().get(public.address).status_code == 200
    assert Client().get(private.address).status_code == 404
    assert signed_in(willow.sun).get(private.address).status_code == 200
    assert signed_in(willow.stranger).get(private.address).status_code == 404


def test_a_contract_is_delivered_accepted_and_paid_over_the_pages(willow: Willow) -> None:
    partner = admitted(willow)
    manager = signed_in(worker_of(willow, partner))
    sun, wang = signed_in(willow.sun), signed_in(willow.wang)
    typed = {
        "number": "HT-7", "title": "助餐", "buyer_words": "社区", "delivers": "每日 40 份", "amount": "1.005",
        "budget": "fiscal", "signed_on": "2026-03-01", "since": "2026-03-01", "until": "2027-02-28",
    }  # fmt: skip
    assert sun.post(act(partner, "sign-contract"), typed).status_code == 422, "no third decimal"
    sent = sun.post(act(partner, "sign-contract"), typed | {"amount": "12,000 元"})
    contract = Contract.objects.get()
    assert sent["Location"] == contract.address
    item = {"title": "三月助餐", "due_on": "2027-01-31", "amount": "1000"}
    assert sun.post(act(partner, "promise", contract.token), item | {"amount": "12000.01"}).status_code == 422
    assert sun.post(act(partner, "promise", contract.token), item).status_code == 302
    delivered = contract.deliverables.get()
    assert manager.get(act(partner, "accept", delivered.token)).status_code == 404
    assert manager.post(act(partner, "deliver", delivered.token), {"words": "1240 份"}).status_code == 302
    assert sun.post(act(partner, "accept", delivered.token), {"words": "属实"}).status_code == 302
    assert sun.post(act(partner, "pay", delivered.token), {"voucher": "P-1"}).status_code == 422
    assert wang.post(act(partner, "pay", delivered.token), {"voucher": "P-1"}).status_code == 302
    assert contract.paid() == Decimal("1000.00")
    page = text(Client().get(contract.address))
    assert "P-1" in page
    assert "1000.00" in page


def test_staff_of_another_community_open_no_file_and_do_no_act(willow: Willow) -> None:
    partner = admitted(willow)
    stranger = signed_in(willow.stranger)
    assert stranger.get(partner.address_of_file).status_code == 404
    assert stranger.get(reverse("partners:people", args=[partner.token])).status_code == 404
    for verb in ACTS:
        assert stranger.get(act(partner, verb, "x")).status_code == 404, verb
    assert partner.name not in text(stranger.get(reverse("partners:desk")))
    other = admitted(willow, Kind.ENTERPRISE, "另一家", 2)
    contract = contracted(willow, other)
    assert signed_in(willow.sun).get(act(partner, "end-contract", contract.token)).status_code == 404


def test_the_page_of_rights_says_in_words_what_each_member_may_see(willow: Willow) -> None:
    partner = admitted(willow)
    manager = worker_of(willow, partner)
    page = text(signed_in(manager).get(reverse("partners:people", args=[partner.token])))
    for words in ("看派给本单位的工单", "居民档案、户籍、身份证号", manager.masked):
        assert words in page
    assert manager.name not in page


def test_a_resident_books_and_cancels_and_a_look_at_the_list_leaves_a_trace(willow: Willow) -> None:
    partner = admitted(willow)
    manager = worker_of(willow, partner)
    now = timezone.now()
    offered = Offered("检查燃气软管", "不收费", now + DAY, now + DAY + timedelta(hours=2), 2)
    slot = actions.offer_slot(partner, willow.estate, offered, by=manager, at=now)
    zhang = signed_in(willow.zhang)
    page = text(Client().get(reverse("partners:slots", args=[partner.token])))
    assert "检查燃气软管" in page
    assert zhang.post(reverse("partners:book", args=[slot.token]), {"words": "厨房"}).status_code == 302
    address = reverse("partners:bookings", args=[slot.token])
    assert [signed_in(who).get(address).status_code for who in (willow.sun, willow.zhang)] == [404, 404]
    seen = text(signed_in(manager).get(address))
    assert "502室" in seen
    assert willow.zhang.name not in seen
    assert Look.objects.about(f"people.Person:{willow.zhang.pk}").count() == 1
    booking = Booking.objects.get()
    assert zhang.post(reverse("partners:cancel", args=[booking.token])).status_code == 302
    booking.refresh_from_db()
    assert booking.cancelled_at is not None


def test_a_round_is_one_tap_where_all_is_fine(willow: Willow) -> None:
    partner = admitted(willow)
    manager = worker_of(willow, partner)
    row = actions.plan_round(partner, willow.estate, "夜巡", ["1幢", "3幢"], 7, by=manager, at=MONDAY)
    browser, address = signed_in(manager), reverse("partners:walk", args=[row.token])
    assert browser.post(address, {"once": "k1"}).status_code == 302
    assert browser.post(address, {"once": "k1"}).status_code == 302
    assert browser.post(address, {"once": "k2", "wrong_1": "堆了纸箱"}).status_code == 302
    assert [report.defects for report in row.reports.order_by("pk")] == [
        [],
        [{"point": "3幢", "words": "堆了纸箱"}],
    ]
    assert "堆了纸箱" in text(browser.get(partner.address_of_file))


def test_the_public_list_is_in_order_of_names_and_narrows_by_place(willow: Willow) -> None:
    first, second = admitted(willow, name="乙物业"), admitted(willow, Kind.ENTERPRISE, "甲公司", 2)
    applied(willow, name="还没入驻", number=3)
    page = text(Client().get(reverse("partners:list")))
    assert "还没入驻" not in page
    assert sorted([first.name, second.name], key=page.index) == sorted([first.name, second.name])
    there = text(Client().get(reverse("partners:list"), {"in": willow.elsewhere.token}))
    assert first.name not in there
    only = text(Client().get(reverse("partners:list"), {"kind": "enterprise", "in": willow.community.token}))
    assert second.name in only
    assert first.name not in only


def test_a_file_makes_as_many_queries_for_many_papers_as_for_few(
    willow: Willow, django_assert_max_num_queries: object
) -> None:
    partner = admitted(willow)
    for number in range(4):
        contracted(willow, partner, number=f"C-{number}")
    actions.add_paper(partner, LICENCE, by=willow.sun, at=MONDAY)
    browser = signed_in(willow.sun)
    with django_assert_max_num_queries(32):  # type: ignore[operator]
        assert browser.get(partner.address_of_file).status_code == 200
