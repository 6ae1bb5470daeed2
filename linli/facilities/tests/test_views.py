"""Pages of facilities: two taps, refusals that are readable, and what the public does not read."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from linli.attachments.models import Attachment
from linli.facilities import actions
from linli.facilities.actions import Found
from linli.facilities.models import Facility, Inspection, Plan
from linli.facilities.rules import Result
from linli.facilities.tests.rows import enrolled, plan_of
from linli.places import actions as places
from tests.cast import MONDAY, Willow
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def test_an_inspection_is_two_taps_from_the_qr_code(willow: Willow) -> None:
    lamp = enrolled(willow, "路灯", willow.lamp)
    code = places.issue_code(willow.lamp, by=None, at=MONDAY)
    worker = signed_in(willow.zhao)
    scanned = text(worker.get(reverse("front:code", args=[code.token])))
    assert lamp.address in scanned, "the first tap"
    page = text(worker.get(lamp.address))
    form = re.search(r'action="([^"]+/inspect/)".*?</form>', page, re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="(plan|result|once)" value="([^"]+)"', form[0]))
    assert fields["result"] == "fine"
    assert worker.post(form[1], fields).status_code == 302, "the second"
    assert worker.post(form[1], fields).status_code == 302
    assert Inspection.objects.count() == 1


def test_a_defect_with_a_photo_files_a_case_and_the_photo_stays_with_the_workers(willow: Willow) -> None:
    lamp = enrolled(willow, "路灯", willow.lamp)
    kept = BytesIO()
    Image.new("RGB", (80, 60)).save(kept, "JPEG")
    photo = SimpleUploadedFile("lamp.jpg", kept.getvalue(), "image/jpeg")
    worker, address = signed_in(willow.zhao), reverse("facilities:inspect", args=[willow.lamp.token])
    assert worker.get(address).status_code == 200
    empty = worker.post(address, {"result": "defect", "words": ""})
    assert empty.status_code == 422
    assert "哪里有问题" in text(empty)
    sent = worker.post(address, {"result": "defect", "words": "灯杆倾斜，张阿姨看见的", "photos": photo})
    assert sent.status_code == 302
    record = Inspection.objects.get()
    assert record.case is not None
    attachment = Attachment.objects.get(subject=record.subject)
    shown = reverse("attachments:show", args=[attachment.token])
    assert worker.get(shown).status_code == 200
    assert Client().get(shown).status_code == 404
    public = text(Client().get(lamp.address))
    assert "待修" in public
    assert "张阿姨" not in public, "what a worker wrote is not for everybody"
    assert attachment.token not in public


def test_everybody_reads_what_it_is_who_answers_and_when_it_is_looked_at(willow: Willow) -> None:
    lift = enrolled(willow)
    page = text(Client().get(lift.address))
    for words in (lift.number, "安居物业", "半月维护保养", "TSG T5002", "业主共有"):
        assert words in page
    assert "记一次检查" not in page
    estate = Client().get(reverse("facilities:around", args=[willow.estate.token]))
    assert "3幢电梯" in text(estate)
    assert "3幢电梯" not in text(Client().get(reverse("facilities:around", args=[willow.elsewhere.token])))
    assert Client().get(reverse("facilities:around", args=[willow.home.token])).status_code == 404


def test_staff_of_another_community_record_and_change_nothing(willow: Willow) -> None:
    lift = enrolled(willow)
    stranger = signed_in(willow.stranger)
    token = lift.place.token
    assert stranger.post(reverse("facilities:inspect", args=[token]), {"result": "fine"}).status_code == 404
    assert (
        stranger.post(reverse("facilities:condition", args=[token]), {"condition": "missing"}).status_code
        == 404
    )
    assert stranger.get(reverse("facilities:edit", args=[token])).status_code == 404
    assert lift.place.name not in text(stranger.get(reverse("facilities:list")))
    assert lift.place.name not in text(stranger.get(reverse("facilities:due")))
    assert not Inspection.objects.exists()


def test_lists_narrow_by_kind_condition_and_words_and_show_what_is_late(willow: Willow) -> None:
    lift, lamp = enrolled(willow), enrolled(willow, "路灯", willow.lamp)
    actions.inspect(lamp, plan_of(lamp, "亮灯"), Found(Result.DEFECT, "灭了"), by=willow.zhao, at=MONDAY)
    sun, address = signed_in(willow.sun), reverse("facilities:list")
    assert lift.place.name in text(sun.get(address))
    only_lamps = text(sun.get(address, {"kind": lamp.kind.code}))
    assert lamp.place.name in only_lamps
    assert lift.place.name not in only_lamps
    broken = text(sun.get(address, {"condition": "to_mend"}))
    assert lamp.place.name in broken
    assert lift.place.name not in broken
    assert lift.place.name in text(sun.get(address, {"q": "3幢 电梯"}))
    late = text(sun.get(reverse("facilities:due"), {"only": "late"}))
    assert "已超期" in late


def test_a_file_is_opened_on_a_page_and_a_rhythm_changed_by_the_district_alone(willow: Willow) -> None:
    sun, address = signed_in(willow.sun), reverse("facilities:edit", args=[willow.lamp.token])
    assert sun.get(address).status_code == 200
    typed = {"kind": "路灯", "ownership": "common", "responsible": willow.property.token, "payer": "fee"}
    bad = sun.post(address, typed | {"kind": "飞碟"})
    assert bad.status_code == 422
    assert "没有“飞碟”" in text(bad)
    assert sun.post(address, typed | {"installed_on": "2026-06-31"}).status_code == 422
    assert sun.post(address, typed).status_code == 302
    assert Facility.objects.get().responsible == willow.property
    plan = Plan.objects.get(kind__name="路灯")
    change = reverse("facilities:plan", args=[plan.token])
    assert sun.get(change).status_code == 404
    wu = signed_in(willow.district_officer)
    rhythm = {"every": 2, "unit": "month", "doer": "responsible", "warn_days": 5, "basis": "管护合同"}
    assert wu.post(change, rhythm).status_code == 302
    assert wu.post(change, rhythm | {"basis": ""}).status_code == 422
    assert "管护合同" in text(Client().get(reverse("facilities:plans")))


def test_a_table_is_tried_then_kept_on_the_page(willow: Willow) -> None:
    sun, address = signed_in(willow.sun), reverse("facilities:import")
    table = "名称,位置,种类\n新灯,杨柳苑,路灯\n坏灯,火星,路灯\n".encode()

    def send(**more: str) -> str:
        file = SimpleUploadedFile("灯.csv", table, "text/csv")
        return text(sun.post(address, {"file": file} | more))

    tried = send()
    assert "还没有改动" in tried
    assert "火星" in tried
    assert not Facility.objects.exists()
    assert "导入好了" in send(keep="on")
    assert Facility.objects.get().place.name == "新灯"
    assert sun.post(address, {}).status_code == 422


def test_a_page_of_a_facility_makes_as_many_queries_however_long_its_history(
    willow: Willow, django_assert_max_num_queries: object
) -> None:
    lamp = enrolled(willow, "路灯", willow.lamp)
    for _n in range(6):
        actions.inspect(lamp, plan_of(lamp, "亮灯"), Found(), by=willow.zhao, at=MONDAY)
    worker = signed_in(willow.zhao)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        assert worker.get(lamp.address).status_code == 200
