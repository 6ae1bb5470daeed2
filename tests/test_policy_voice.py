"""Rules about speaking up: G08 (国办函〔2026〕12号), G11 (工作群组整治), S02 (民发〔2022〕29号), F01 (人脸识别).

The rules about counting and demanding are in test_policy, those about elders in test_elder.
"""

import re
import tomllib
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.base.worktime import Unit
from linli.cases import actions as cases
from linli.cases.actions import Said
from linli.cases.forms.intake import IntakeForm
from linli.cases.forms.speaking import SpeakForm
from linli.cases.models import Case
from linli.cases.rules import Channel
from linli.duties.models import DutyLine, Matter
from linli.notices.models import Notice
from linli.people.rules import SESSION_LIVES
from tests.access import ask, rows
from tests.cast import Willow
from tests.pages import pages
from tests.test_shape import HOUSE
from tests.world import LivedIn


@pytest.fixture
def willow(lived_in: LivedIn) -> Willow:
    """The cast of the lived-in community: one world at a time."""
    return lived_in.willow


@pytest.mark.django_db
@pytest.mark.once
def test_g08_a_complaint_about_linli_is_two_taps_from_every_page(lived_in: LivedIn) -> None:
    """G08: 应提供投诉建议功能: one tap leads from each page to the form, the second sends it."""
    feedback = reverse("cases:feedback")
    looked_at = 0
    for face in ("usual", "elder"):
        for page in pages(lived_in, face):
            assert f'href="{feedback}"' in page.html, f"{face} {page.label}"
            looked_at += 1
    assert looked_at > 200
    for viewer in ("anonymous", "asker", "property_worker", "stranger"):
        form = lived_in.browser(viewer).get(feedback, follow=True)
        assert form.status_code == 200
        assert b'name="text"' in form.content


@pytest.mark.django_db
def test_g08_the_answer_to_a_complaint_is_public(lived_in: LivedIn) -> None:
    """G08: what was said and answered stands where the next one comes to complain."""
    willow, at = lived_in.willow, timezone.now()
    form = lived_in.browser("asker").get(reverse("cases:feedback"))
    typed = {
        "text": "字太小，看不清",
        "place": willow.community.token,
        "place_words": "",
        "once": "of-this-form",
    }
    assert form.status_code == 200
    assert lived_in.browser("asker").post(reverse("cases:feedback"), typed).status_code == 302
    case = Case.objects.latest("pk")
    assert case.matter == Matter.FEEDBACK
    by = willow.sun
    cases.moderate(case, by=by, at=at)
    cases.dispatch(case, case.owner, by=by, at=at)
    cases.resolve(case, "下一版把字加大，本周五上线。", by=by, at=at)
    stranger = Client()
    page = stranger.get(reverse("cases:feedback"), follow=True).content.decode()
    assert f'href="{case.address}"' in page
    assert "下一版把字加大，本周五上线。" in stranger.get(case.address).content.decode()


def test_g11_no_unit_is_bound_to_answer_within_minutes() -> None:
    """G11: 严禁即时响应: no limit is counted in minutes, and 紧急工作时 is for danger and cut supplies alone."""
    assert set(Unit) == {Unit.URGENT_HOUR, Unit.WORKING_HOUR, Unit.WORKING_DAY, Unit.NATURAL_DAY}
    urgent = []
    for path in sorted((HOUSE / "duties" / "defaults").glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        tomllib.loads(text)
        urgent += re.findall(r"[1-9]\\d* ?分钟", text)
    assert not urgent


@pytest.mark.django_db
def test_g11_urgent_hours_are_for_what_cannot_wait(willow: Willow) -> None:
    """G11: a question, an idea or a word about Linli never rings anybody out of hours, and nothing within the hour."""
    wrong = []
    for line in DutyLine.objects.select_related("category"):
        units = {line.sign_unit, line.response_unit, *(stage["unit"] for stage in line.stages)}
        waits = line.category.matter in {Matter.CONSULTATION, Matter.SUGGESTION, Matter.FEEDBACK}
        if (Unit.URGENT_HOUR in units and waits) or min(line.sign_amount, line.response_amount) < 1:
            wrong.append(f"{line.number} {line.category.name} {line.category.matter}")
    assert not wrong, wrong


def test_g11_who_read_what_is_shown_to_nobody_else() -> None:
    """G11: no read receipts of staff: when a notice was read is asked by the notices' own pages alone."""
    assert hasattr(Notice, "read_at")
    readers = {
        path.relative_to(HOUSE).parts[0]
        for path in HOUSE.rglob("*")
        if path.suffix in {".py", ".html"}
        and not {"tests", "migrations"} & set(path.parts)
        and "read_at" in path.read_text(encoding="utf-8")
    }
    assert readers == {"notices"}


@pytest.mark.django_db
def test_s02_whatever_the_way_in_there_is_one_desk_and_nobody_need_know_who_is_responsible(
    willow: Willow,
) -> None:
    """S02: 前台一口受理、后台分工协同: every channel ends on one list; the speaker names no unit."""
    at, last = timezone.now(), Case.objects.latest("pk").pk
    for channel in (Channel.PAGE, Channel.QR, Channel.VOICE):
        said = Said(text="路灯不亮", place=willow.lamp, channel=channel)
        cases.file(said, by=willow.zhang, at=at)
    for channel in (Channel.COUNTER, Channel.TELEPHONE, Channel.VISIT, Channel.PATROL):
        said = Said(text="路灯不亮", place=willow.lamp, channel=channel)
        cases.file_for(said, resident=None, by=willow.li, at=at)
    cases.take_chat([Said(text="路灯不亮", place=willow.lamp, nickname="小何")], by=willow.sun, at=at)
    desk = Case.objects.in_scope_of(list(willow.sun.memberships.select_related("place"))).filter(pk__gt=last)
    live = set(Channel) - {Channel.IMPORT}
    assert set(desk.values_list("channel", flat=True)) == {str(channel) for channel in live}
    assert set(desk.values_list("owner", flat=True)) == {willow.desk.pk}
    for kind in (SpeakForm, IntakeForm):
        assert not set(kind.base_fields) & {"organisation", "lead", "unit", "department"}, kind


@pytest.mark.django_db
@pytest.mark.once
def test_s02_residents_are_led_to_one_form(lived_in: LivedIn) -> None:
    """S02: home, estate, community, code and search lead to the same form, not to one per office."""
    doors = {row.name for row in rows() if row.mark == "everyone" and "speak" in row.name}
    assert doors == {"cases:speak"}
    say = reverse("cases:speak")
    for name in ("front:home", "front:estate", "front:community", "front:code"):
        row = next(row for row in rows() if row.name == name)
        page = ask(lived_in.browser("asker"), row.address(lived_in)).content.decode()
        assert f'href="{say}' in page, name


def test_f01_no_way_in_looks_at_a_face() -> None:
    """F01: 人脸识别不得作为唯一验证方式: there is none at all: telephone, paper code, password with second factor."""
    assert set(SESSION_LIVES) == {"phone", "staff", "paper"}
    wrong = []
    for path in sorted(HOUSE.rglob("*")):
        if path.suffix not in {".py", ".html", ".js"} or {"tests", "vendor"} & set(path.parts):
            continue
        text = path.read_text(encoding="utf-8")
        if re.search(
            r"人脸识别|刷脸|face[_-]?(id|recognition|login|match)|biometric|webauthn", text, re.IGNORECASE
        ):
            wrong.append(str(path))
        wrong += [f"{path}: {use}" for use in re.findall(r"getUserMedia\([^)]*video[^)]*\)", text)]
    assert not wrong
    needs = (Path(HOUSE).parent / "locks" / "run.in").read_text(encoding="utf-8").lower()
    assert not re.search(r"face|opencv|dlib|insight", needs)
