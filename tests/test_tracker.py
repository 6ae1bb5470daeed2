from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from linli.people import actions as people
from linli.people.models import Proxy
from linli.register import actions as register
from linli.todos import actions as todos
from linli.trail import actions as trail
from linli.trail.actions import looked
from linli.trail.models import Look, Seen
from linli.trail.rules import Disclosure, Purpose
from linli.trail.schema import SCHEMA
from tests.cast import Willow

FIND = "/v2/findUsage"
DAY = timedelta(days=1)
WORDS = "孙* · 柳树社区居民委员会 · 社区工作者"


@pytest.fixture
def system(willow: Willow) -> Client:
    _system, token = todos.add_system("市民通", willow.district_centre, willow.administrator, timezone.now())
    return Client(headers={"Authorization": f"Bearer {token}"})


def find(system: Client, asker: Any, about: Any = None, **query: str) -> Any:
    code = about.token if about else asker.token
    return system.get(FIND, {"userCode": code} | query, headers={"X-Road-UserId": asker.token})


def look(willow: Willow, ago: timedelta, **more: Any) -> None:
    words = (WORDS, "姓名、电话", "回电核实路灯的事")
    looked(willow.zhang.subject, willow.sun.subject, *words, timezone.now() - ago, **more)


def test_a_usage_has_the_fields_of_the_protocol_and_ours(willow: Willow, system: Client) -> None:
    look(willow, DAY, under="cases.Case:7")
    Look.objects.update(body=willow.desk.token, request_id="a1b2c3")
    answer = find(system, willow.zhang).json()
    assert answer["totalUsages"] == 1
    (usage,) = answer["usages"]
    assert parse_datetime(usage.pop("logtime")).utcoffset() == timedelta(hours=8)
    assert usage == {
        "action": "回电核实路灯的事（姓名、电话）",
        "receiverCode": willow.desk.token,
        "receiverName": "柳树社区居民委员会",
        "receiverSystem": "Linli",
        "purposeCode": "task",
        "requestId": "a1b2c3",
        "leafIndex": Look.objects.get().pk - 1,
        "disclosure": "immediate",
    }


def test_the_newest_comes_first_and_the_total_ignores_offset_and_limit(
    willow: Willow, system: Client
) -> None:
    for days in (3, 1, 2):
        look(willow, days * DAY)
    answer = find(system, willow.zhang, offset="1", limit="1").json()
    times = [usage["logtime"] for usage in find(system, willow.zhang).json()["usages"]]
    assert times == sorted(times, reverse=True)
    assert (answer["totalUsages"], [usage["logtime"] for usage in answer["usages"]]) == (3, [times[1]])


def test_a_period_bounds_list_and_total(willow: Willow, system: Client) -> None:
    for days in (9, 5, 1):
        look(willow, days * DAY)
    now = timezone.localtime()
    start, end = (now - 6 * DAY).isoformat(), (now - 2 * DAY).replace(tzinfo=None).isoformat()
    answer = find(system, willow.zhang, periodStart=start, periodEnd=end).json()
    assert (answer["totalUsages"], len(answer["usages"])) == (1, 1)


def test_what_is_not_due_is_neither_listed_nor_counted(willow: Willow, system: Client) -> None:
    trail.set_rule(Purpose.TASK, Disclosure.AFTER_DAYS, 30, None, willow.auditor.subject, timezone.now())
    look(willow, 31 * DAY, under="cases.Case:7")
    look(willow, DAY, under="cases.Case:7")
    assert find(system, willow.zhang).json()["totalUsages"] == 1


def test_whoever_acts_for_another_may_ask_and_the_other_reads_that(willow: Willow, system: Client) -> None:
    refused = find(system, willow.daughter, willow.chen)
    assert (refused.status_code, "代办" in refused.json()["title"]) == (400, True)
    now = timezone.now()
    people.grant_proxy(willow.chen, willow.daughter, Proxy.Scope.EVERYTHING, by=willow.chen, at=now)
    assert find(system, willow.daughter, willow.chen).status_code == 200
    (line,) = Seen.objects.about([willow.chen.subject])
    assert ("代看" in line.look.looker_words, "市民通" in line.look.reason) == (True, True)
    assert find(system, willow.chen).json()["totalUsages"] == 1


def test_an_unknown_code_answers_like_somebody_nobody_looked_at(willow: Willow, system: Client) -> None:
    answer = system.get(FIND, {"userCode": "nobody"}, headers={"X-Road-UserId": "nobody"})
    assert (answer.status_code, answer.json()) == (200, {"totalUsages": 0, "usages": []})


@pytest.mark.parametrize(
    "query",
    [
        {"offset": "-1"}, {"limit": "0"}, {"limit": "x"}, {"limit": "99999999999999"}, {"offset": "１"},
        {"periodStart": "yesterday"}, {"periodStart": "2026-02-30T10:00:00"}, {"periodStart": ""},
        {"periodStart": "0001-01-01T00:00:00+14:00"}, {"periodEnd": "9999-12-31T23:59:59-14:00"},
        {"periodStart": "2026-03-02T00:00:00Z", "periodEnd": "2026-03-01T00:00:00Z"},
        {"userCode": ""}, {"userCode": "x" * 61}, {"userCode": "a\0b"},
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_read_is_400_in_words(
    willow: Willow, system: Client, query: dict[str, str]
) -> None:
    answer = system.get(FIND, {"userCode": willow.zhang.token} | query, headers={"X-Road-UserId": "a"})
    assert answer.status_code == 400, query
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"]


def test_a_person_is_known_by_identity_number_and_after_a_merge_by_the_survivor(
    willow: Willow, system: Client
) -> None:
    now = timezone.now()
    number = "11010519491231002X"
    register.state(
        willow.zhang, {"identity_kind": "resident", "identity": number}, source="paper", by=willow.sun, at=now
    )
    look(willow, DAY)
    asked = {"userCode": "110105491231002"}, {"X-Road-UserId": "110105491231002"}  # the 15 digits of before
    assert system.get(FIND, asked[0], headers=asked[1]).json()["totalUsages"] == 1
    trail.follow(willow.zhang.subject, willow.neighbour.subject, now)
    assert system.get(FIND, asked[0], headers=asked[1]).json()["totalUsages"] == 1
    assert find(system, willow.neighbour).json()["totalUsages"] == 1


def test_without_the_header_nobody_asked(willow: Willow, system: Client) -> None:
    assert system.get(FIND, {"userCode": willow.zhang.token}).status_code == 400


def test_only_an_admitted_system_is_answered(willow: Willow) -> None:
    for token in ("", "Bearer", "Bearer x", "Basic x"):
        client = Client(headers={"Authorization": token} if token else {})
        for address in (FIND, "/v2/usagePeriod"):
            answer = client.get(address)
            assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_the_trail_says_how_far_it_goes_back(willow: Willow, system: Client) -> None:
    look(willow, 40 * DAY)
    answer = system.get("/v2/usagePeriod").json()
    assert set(answer) == {"periodStart"}
    start = parse_datetime(answer["periodStart"])
    assert abs(start - (timezone.now() - 40 * DAY)) < timedelta(minutes=1)


def test_it_says_that_it_is_alive(db: None) -> None:
    answer = Client().get("/v2/heartbeat")
    assert answer.json()["status"] == "OK"


def test_the_description_is_served_as_it_stands(db: None) -> None:
    assert Client().get("/v2/openapi.json").json() == SCHEMA
