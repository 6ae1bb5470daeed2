"""The pages of reports: what is refused is said with what was typed, strangers get 404, a page costs what it must."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from linli.burden.models import Load
from linli.reports import actions
from linli.reports.actions import Asked, Upload
from linli.reports.models import Filling, Template, Wanted
from linli.reports.rules import Subject, Who
from linli.reports.tests.books import content_of, elders, read
from linli.trail.models import Seen
from tests.cast import Willow
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast_begins() -> datetime:
    return timezone.now() - timedelta(days=30)


@pytest.fixture
def template(willow: Willow) -> Template:
    now = timezone.now()
    day = timezone.localdate(now)
    asked = Asked("街道办", "街办〔2026〕1号", "once", day, day + timedelta(days=30))
    upload = Upload("表.xlsx", content_of(elders()))
    made = actions.make("老年人", willow.community, Subject.PERSON, upload, asked, by=willow.sun, at=now)
    return actions.map_columns(made, [], Who(), is_whole=True, by=willow.sun, at=now)


def typed(**more: Any) -> dict[str, Any]:
    day = timezone.localdate()
    return {
        "name": "老年人", "subject": "person", "demander": "街道办", "basis": "街办〔2026〕1号", "period": "once",
        "since": day.isoformat(), "until": (day + timedelta(days=9)).isoformat(),
        "file": SimpleUploadedFile("表.xlsx", content_of(elders())),
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"file": SimpleUploadedFile("表.xlsm", b"PK\x03\x04")}, "宏"),
        ({"file": SimpleUploadedFile("表.xlsx", b"not a zip")}, "不是能读的"),
        ({"until": "2020-01-01"}, "不能早于"),
        ({"basis": ""}, "依据"),
        ({"until": "2026-06-31"}, "2026-03-09"),
    ],
)
def test_a_workbook_that_may_not_come_in_is_refused_with_what_was_typed(
    willow: Willow, more: dict[str, Any], says: str
) -> None:
    answer = signed_in(willow.sun).post(reverse("reports:new"), typed(**more))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert 'value="街道办"' in answer.content.decode()
    assert not Template.objects.exists()


def test_a_question_for_what_is_held_comes_back_with_the_rule_and_all_choices(
    willow: Willow, template: Template
) -> None:
    """G03: the form builder refuses a field already held, and names the rule."""
    address = reverse("reports:columns", args=[template.token])
    answer = signed_in(willow.sun).post(address, {"c3": "question", "c6": "constant", "c6_constant": "无"})
    told = answer.content.decode()
    assert answer.status_code == 422
    assert "已经有了" in told
    assert "国办函〔2026〕12号" in told
    assert 'value="无"' in told


def test_filling_downloading_and_looking_each_leave_a_line_for_those_shown(
    willow: Willow, template: Template
) -> None:
    sun = signed_in(willow.sun)
    address = reverse("reports:fill", args=[template.token])
    day = timezone.localdate().isoformat()
    answer = sun.post(address, {"on": day, "place_words": "杨柳苑", "is_whole": "on"})
    filling = Filling.objects.get()
    assert answer["Location"] == reverse("reports:filling", args=[filling.token])
    assert filling.place == willow.estate
    load = Load.objects.get(
        form="reports:fill"
    )  # once, with who demanded it and what was typed to ask for it
    assert (load.times, load.typed, load.demanded_by) == (1, 3, filling.demand.demander)
    seen = Seen.objects.filter(subject=willow.chen.subject)
    before = seen.count()
    sun.get(answer["Location"])
    assert seen.count() == before, "numbers alone are no look"
    book = sun.get(reverse("reports:book", args=[filling.token]))
    assert "no-store" in book["Cache-Control"]
    assert read(book.content)["汇总表"]["A1"].value == "柳河街道老年人情况统计表"
    sun.get(reverse("reports:missing", args=[filling.token]))
    assert seen.count() == before + 2


def test_a_place_that_is_not_there_and_a_day_that_is_not_are_refused(
    willow: Willow, template: Template
) -> None:
    address = reverse("reports:fill", args=[template.token])
    for wrong in (
        {"on": "2026-06-31", "place_words": "杨柳苑"},
        {"on": "2026-03-01", "place_words": "桃园社区"},
    ):
        answer = signed_in(willow.sun).post(address, wrong)
        assert answer.status_code == 422
        assert list(wrong.values())[1] in answer.content.decode()
    assert not Filling.objects.exists()


def test_an_answer_that_the_register_refuses_stays_in_its_field(willow: Willow, template: Template) -> None:
    now = timezone.now()
    day = timezone.localdate()
    filling = actions.fill(template, willow.community, day, is_whole=True, by=willow.sun, at=now)
    actions.ask(filling, by=willow.sun, at=now)
    wanted = Wanted.objects.get(person=willow.chen, fact="identity")
    li = signed_in(willow.li)
    answer = li.post(reverse("reports:answer", args=[wanted.token]), {"said": "110105194912310021"})
    assert answer.status_code == 422
    assert 'value="110105194912310021"' in answer.content.decode()
    done = li.post(reverse("reports:answer", args=[wanted.token]), {"said": "11010519491231002X"})
    assert done.status_code == 302
    stranger = signed_in(willow.stranger)
    assert stranger.post(reverse("reports:leave", args=[wanted.token])).status_code == 404


def test_the_district_sees_demands_by_department_and_no_person(willow: Willow, template: Template) -> None:
    """C03: the district sees demands per department; the same fact demanded by two is shown as such (G03)."""
    now, day = timezone.now(), timezone.localdate()
    asked = Asked("区民政局", "民〔2026〕2号", "month", day, day + timedelta(days=30))
    upload = Upload("另一张.xlsx", content_of(elders()))
    actions.make("另一张", willow.community, Subject.PERSON, upload, asked, by=willow.sun, at=now)
    told = signed_in(willow.district_officer).get(reverse("reports:demands")).content.decode()
    assert "区民政局" in told
    assert "街道办、" in told.replace("、街道办", "街道办、")
    assert "几家都要的同一项内容" in told
    assert not [person.name for person in (willow.zhang, willow.chen, willow.sun) if person.name in told]


def test_the_lists_that_communities_keep_for_themselves_are_no_departments_demand(
    willow: Willow, template: Template
) -> None:
    actions.ship(willow.community, by=willow.sun, at=timezone.now())
    answer = signed_in(willow.district_officer).get(reverse("reports:demands"))
    assert [row["demander"] for row in answer.context["departments"]] == ["街道办"]
    assert (answer.context["count"], answer.context["own"], answer.context["overlaps"]) == (1, 8, [])
    assert "8 份是社区自己用的台账" in answer.content.decode()


def test_every_demand_is_counted_where_not_all_are_listed(
    willow: Willow, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linli.reports.views.demands.SHOWN_EACH", 1)
    now, day = timezone.now(), timezone.localdate()
    again = Asked("街道办", "街办〔2026〕2号", "month", day, day + timedelta(days=30))
    actions.demand(template, again, by=willow.sun, at=now)
    (department,) = signed_in(willow.district_officer).get(reverse("reports:demands")).context["departments"]
    assert (department["count"], len(department["demands"]), department["more"]) == (2, 1, 1)
    assert department["a_year"] == 13


def test_what_was_saved_is_shown_to_the_community_alone(willow: Willow, template: Template) -> None:
    actions.fill(
        template, willow.community, timezone.localdate(), is_whole=True, by=willow.sun, at=timezone.now()
    )
    assert "分钟（估计）" in signed_in(willow.sun).get(reverse("reports:templates")).content.decode()
    for person in (willow.qian, willow.district_officer, willow.auditor):
        assert signed_in(person).get(reverse("reports:templates")).status_code == 404
        assert "分钟" not in signed_in(person).get(reverse("reports:demands")).content.decode()


def test_lists_cost_as_many_queries_for_many_templates_as_for_few(willow: Willow, template: Template) -> None:
    def queries(name: str, person: Any) -> int:
        client = signed_in(person)
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse(name)).status_code == 200
        return len(caught)

    pages = (("reports:templates", willow.sun), ("reports:demands", willow.district_officer))
    few = [queries(*page) for page in pages]
    actions.ship(willow.community, by=willow.sun, at=timezone.now())
    assert [queries(*page) for page in pages] == few
    assert max(few) <= 10
