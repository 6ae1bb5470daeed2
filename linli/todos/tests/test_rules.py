from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from linli.todos.rules import Section, answer_by, matter_of, section

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2026, 3, 11, 10, 0, tzinfo=SHANGHAI)
SUNDAY = datetime(2026, 3, 15, 10, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("due", "where"),
    [
        (datetime(2026, 3, 11, 9, 59, tzinfo=SHANGHAI), Section.OVERDUE),
        (datetime(2026, 3, 11, 10, 0, tzinfo=SHANGHAI), Section.TODAY),
        (datetime(2026, 3, 11, 23, 59, tzinfo=SHANGHAI), Section.TODAY),
        (datetime(2026, 3, 12, 0, 0, tzinfo=SHANGHAI), Section.WEEK),
        (datetime(2026, 3, 15, 23, 59, tzinfo=SHANGHAI), Section.WEEK),
        (datetime(2026, 3, 16, 0, 0, tzinfo=SHANGHAI), Section.LATER),
    ],
)
def test_the_list_is_cut_at_now_at_midnight_and_after_sunday(due: datetime, where: Section) -> None:
    assert section(due, WEDNESDAY) == where


def test_on_a_sunday_the_week_ends_with_the_day() -> None:
    assert section(datetime(2026, 3, 15, 23, 0, tzinfo=SHANGHAI), SUNDAY) == Section.TODAY
    assert section(datetime(2026, 3, 16, 0, 0, tzinfo=SHANGHAI), SUNDAY) == Section.LATER


@pytest.mark.parametrize(
    ("title", "matter"),
    [("签收：3幢路灯不亮", "签收"), ("签收: 3幢", "签收"), ("月报", "月报"), ("回访：张阿姨：漏水", "回访")],
)
def test_a_matter_is_named_without_its_subject(title: str, matter: str) -> None:
    assert matter_of(title) == matter


def test_an_answer_is_due_in_fourteen_days() -> None:
    assert answer_by(date(2026, 3, 11)) == date(2026, 3, 25)
