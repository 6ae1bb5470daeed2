"""A copy of everything is everything that the person may read at that moment, and nothing more."""

import json
from datetime import datetime, timedelta

from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.people.models import Person
from linli.privacy import actions
from linli.privacy.rules import Outcome, Right
from linli.privacy.tests.conftest import Office
from linli.trail import actions as trail
from linli.trail.rules import Disclosure, Purpose
from tests.cast import MONDAY, Willow
from tests.signing_in import sign_in

DAY = timedelta(days=1)


def copy_of(person: Person, at: datetime) -> str:
    chapters = actions.holdings(person, person, "", "", at)
    return json.dumps([chapter.rows for chapter in chapters], ensure_ascii=False)


def test_a_look_that_waits_or_is_withheld_is_in_no_copy_before_its_day(willow: Willow) -> None:
    asked = trail.ask_to_withhold("反恐怖主义法 第五十一条", "正在核查", "people.Person:1", "甲", MONDAY)
    basis = trail.approve(asked, willow.auditor.subject, "褚* · 审计员", MONDAY)
    by = willow.auditor.subject
    trail.set_rule(Purpose.TASK, Disclosure.NEVER, 0, basis, by, MONDAY)
    trail.set_rule(Purpose.TYPED, Disclosure.AFTER_DAYS, 30, None, by, MONDAY)
    about, looker = willow.zhang.subject, willow.sun.subject
    trail.looked(about, looker, "孙* · 依法查询", "电话", "协查", MONDAY, "cases.Case:1")
    trail.looked(about, looker, "孙* · 稍后公开", "电话", "核实", MONDAY)
    assert "孙*" not in copy_of(willow.zhang, MONDAY + DAY)
    later = copy_of(willow.zhang, MONDAY + 31 * DAY)
    assert "稍后公开" in later
    assert "依法查询" not in later


def test_the_file_to_take_away_withholds_the_same(willow: Willow) -> None:
    now = timezone.now()
    trail.set_rule(Purpose.TYPED, Disclosure.AFTER_DAYS, 30, None, willow.auditor.subject, now)
    trail.looked(willow.zhang.subject, willow.sun.subject, "孙* · 稍后公开", "电话", "核实", now)
    client = sign_in(Client(), willow.zhang)
    made = client.post(reverse("privacy:export", args=["json"]))
    assert "张秀英" in made.text
    assert "稍后公开" not in made.text
    assert "稍后公开" not in client.get(reverse("privacy:mine")).text


def test_a_copy_has_the_looks_at_a_row_that_was_merged_into_ones_own(willow: Willow) -> None:
    trail.looked(willow.chen.subject, willow.sun.subject, "孙* · 社区工作者", "电话", "核实", MONDAY)
    assert "孙*" not in copy_of(willow.zhang, MONDAY)
    trail.follow(willow.chen.subject, willow.zhang.subject, MONDAY)
    assert "孙*" in copy_of(willow.zhang, MONDAY)


def test_a_number_written_into_a_request_or_its_answer_is_in_no_table(willow: Willow, office: Office) -> None:
    number = "11010519491231002X"
    asked = actions.ask(willow.zhang, Right.CORRECT, f"身份证号应是{number}", by=willow.zhang, at=MONDAY)
    done = actions.answer(asked, Outcome.GRANTED, f"已改成{number}", by=office.officer, at=MONDAY)
    assert (number in asked.words, number in done.answer) == (True, True)
    for model in apps.get_models(include_auto_created=True):
        assert number not in repr(list(model._base_manager.values_list())), model
