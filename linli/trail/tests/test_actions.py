from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from linli.base.errors import Refused
from linli.trail.actions import looked
from linli.trail.models import Look

NOW = datetime(2026, 3, 9, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ZHANG, SUN = "people.Person:1", "people.Person:2"
WORDS = "孙* · 柳树社区居委会 · 社区工作者"

pytestmark = pytest.mark.django_db


def test_a_look_names_who_what_why_and_under_which_matter() -> None:
    looked(ZHANG, SUN, WORDS, "姓名、电话", "回电核实", NOW, under="cases.Case:7")
    (look,) = Look.objects.about(ZHANG)
    assert (look.looker, look.looker_words, look.fields, look.reason) == (
        SUN,
        WORDS,
        "姓名、电话",
        "回电核实",
    )
    assert (look.at, look.under) == (NOW, "cases.Case:7")
    assert not Look.objects.about(SUN).exists()


def test_the_latest_look_comes_first() -> None:
    for reason in ("第一次", "第二次"):
        looked(ZHANG, SUN, WORDS, "电话", reason, NOW)
    assert [look.reason for look in Look.objects.about(ZHANG)] == ["第二次", "第一次"]


@pytest.mark.parametrize("missing", ["looker_words", "fields", "reason"])
def test_a_look_that_cannot_be_explained_is_refused(missing: str) -> None:
    told = {"looker_words": WORDS, "fields": "电话", "reason": "回电核实"} | {missing: " "}
    with pytest.raises(Refused, match="请先写明为什么要看"):
        looked(ZHANG, SUN, at=NOW, **told)
    assert not Look.objects.exists()


def test_looking_at_oneself_leaves_no_line() -> None:
    assert looked(ZHANG, ZHANG, WORDS, "电话", "看自己的", NOW) is None
    assert not Look.objects.exists()


def test_long_reasons_are_cut_by_what_readers_see_and_never_refused() -> None:
    look = looked(ZHANG, SUN, WORDS, "电话", "𬱖" * 500, NOW)
    assert look is not None
    assert (len(look.reason), look.reason[-1]) == (200, "…")


def test_a_look_that_failed_leaves_no_line() -> None:
    @transaction.atomic
    def show_then_fail() -> None:
        looked(ZHANG, SUN, WORDS, "电话", "回电核实", NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        show_then_fail()
    assert not Look.objects.exists()
