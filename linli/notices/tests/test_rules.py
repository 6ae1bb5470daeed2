from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from linli.notices.rules import Kind, is_digest_hour, kind_of, may_leave_at, may_say_outside, sign_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(hour: int, minute: int = 0, day: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        (at(6, 59), at(7)),
        (at(7), at(7)),
        (at(21, 59), at(21, 59)),
        (at(22), at(7, day=10)),
        (at(23, 30), at(7, day=10)),
        (at(0, 5, day=10), at(7, day=10)),
    ],
)
def test_a_message_of_the_night_waits_for_seven_in_the_morning(now: datetime, leaves: datetime) -> None:
    assert may_leave_at(now, is_urgent=False) == leaves


def test_life_safety_leaves_at_any_hour() -> None:
    assert may_leave_at(at(3), is_urgent=True) == at(3)


@pytest.mark.parametrize(
    ("hour", "yes"), [(7, False), (17, False), (18, True), (21, True), (22, False), (3, False)]
)
def test_a_digest_goes_out_in_the_evening_and_never_at_night(hour: int, yes: bool) -> None:
    assert is_digest_hour(at(hour)) is yes


@pytest.mark.parametrize(
    "words",
    [
        "请联系王师傅 13812345678",
        "请联系 0577-8812 3456",
        "身份证号后四位",
        "张秀英，您的事办好了",
        "验证码 1234",
        "请向物业转账",
        "点这里 http://example.com",
        "全角号码１３８１２３４５６７８",
    ],
)
def test_what_names_a_person_a_number_money_or_a_code_does_not_leave_the_house(words: str) -> None:
    assert not may_say_outside(words, "张秀英")


@pytest.mark.parametrize("words", ["您说的事办好了，请看看", "周五（3月13日）前有人来修", "共 120 户"])
def test_plain_words_may_leave(words: str) -> None:
    assert may_say_outside(words, "张秀英")


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("cases.Case:7:resolved", Kind.CASE),
        ("duties.Gap:1", Kind.WORK),
        ("people.Proxy:3:granted", Kind.ACCOUNT),
        ("organisations.AssistedSession:3", Kind.ACCOUNT),
        ("something", Kind.COMMUNITY),
    ],
)
def test_the_kind_is_read_from_who_tells(key: str, kind: Kind) -> None:
    assert kind_of(key) == kind


@pytest.mark.parametrize("typed", ["k7m2-9qxt-4wza", "K7M2 9QXT 4WZA", "Ｋ７Ｍ２－９qxt－4wza"])
def test_a_number_is_read_as_people_type_it(typed: str) -> None:
    assert sign_of(typed) == "k7m29qxt4wza"
