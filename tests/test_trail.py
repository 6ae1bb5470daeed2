import csv
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.organisations import actions as organisations
from linli.people import actions as people
from linli.people.models import Proxy
from linli.trail import actions as trail
from linli.trail.actions import Offer, looked, looked_at_many
from linli.trail.models import Look, Query, Seen, Withholding
from linli.trail.rules import Disclosure, Purpose
from tests.cast import Willow
from tests.signing_in import signed_in

MINE = "/looks/mine/"
DAY = timedelta(days=1)
WORDS = "孙* · 柳树社区居委会 · 社区工作者"


def look_at(person: Any, by: Any, at: Any, reason: str = "回电核实路灯的事", **more: Any) -> Look:
    made = looked(person.subject, by.subject, WORDS, "电话", reason, at, **more)
    assert made is not None
    return made


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def worked(willow: Willow, at: Any, **more: Any) -> Look:
    """Let 孙社工 look at 张阿姨 at the desk of 柳树社区."""
    look = look_at(willow.zhang, willow.sun, at, **more)
    look.body, look.path = willow.desk.token, willow.community.path
    look.save()
    return look


def test_everyone_reads_who_looked_at_their_own_data_and_nobody_elses(willow: Willow, at: Any) -> None:
    look_at(willow.zhang, willow.sun, at)
    look_at(willow.chen, willow.sun, at, reason="上门看望")
    page = text(signed_in(willow.zhang), MINE)
    assert WORDS in page
    assert "回电核实路灯的事" in page
    assert "上门看望" not in page
    assert Look.objects.count() == 2  # reading one's own trail is no look


def test_without_looks_the_page_says_what_will_appear(willow: Willow) -> None:
    assert "还没有人看过您的个人信息" in text(signed_in(willow.zhang), MINE)


def test_whoever_is_not_signed_in_is_asked_to(db: None) -> None:
    for name in ("mine", "export", "audit", "queries", "disclosure"):
        assert Client().get(reverse(f"trail:{name}")).status_code == 302


def test_a_long_trail_is_paged_with_a_constant_number_of_queries(
    willow: Willow, at: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(25):
        look_at(willow.zhang, willow.sun, at, reason=f"第{number:02}次")
    zhang = signed_in(willow.zhang)
    with django_assert_max_num_queries(9):
        page = text(zhang, MINE)
    assert "第24次" in page
    assert "第04次" not in page
    assert "往下看" in page


def test_a_period_narrows_the_list_and_one_that_is_no_period_says_so(willow: Willow, at: Any) -> None:
    look_at(willow.zhang, willow.sun, at - 40 * DAY, reason="上个月")
    look_at(willow.zhang, willow.sun, at, reason="今天")
    zhang = signed_in(willow.zhang)
    day = at.date().isoformat()
    page = text(zhang, f"{MINE}?since={day}&until={day}")
    assert "今天" in page
    assert "上个月" not in page
    assert "不早于" in text(zhang, f"{MINE}?since={day}&until=2020-01-01")
    assert zhang.get(f"{MINE}?until=9999-12-31&since=0001-01-01").status_code == 200


def test_what_is_not_due_is_neither_on_the_page_nor_in_the_file(willow: Willow) -> None:
    now = timezone.now()
    trail.set_rule(Purpose.TASK, Disclosure.AFTER_DAYS, 30, None, willow.auditor.subject, now - 60 * DAY)
    look_at(willow.zhang, willow.sun, now - 31 * DAY, reason="到期的", under="cases.Case:1")
    look_at(willow.zhang, willow.sun, now - DAY, reason="没到期的", under="cases.Case:1")
    zhang = signed_in(willow.zhang)
    for address in (MINE, reverse("trail:export"), reverse("trail:export") + "?form=json"):
        response = zhang.get(address)
        shown = (response.getvalue() if response.streaming else response.content).decode()
        assert ("到期的" in shown, "没到期的" in shown) == (True, False), address


def test_a_person_takes_their_trail_away_without_formulas_in_it(willow: Willow, at: Any) -> None:
    look_at(willow.zhang, willow.sun, at, reason="=HYPERLINK(1)")
    zhang = signed_in(willow.zhang)
    rows = list(csv.reader(zhang.get(reverse("trail:export")).getvalue().decode("utf-8-sig").splitlines()))
    assert rows[1][3] == "'=HYPERLINK(1)"
    (line,) = json.loads(zhang.get(reverse("trail:export") + "?form=json").getvalue())
    assert (line["who"], line["reason"]) == (WORDS, "=HYPERLINK(1)")


def test_a_household_is_told_of_each_other_as_family(willow: Willow, at: Any) -> None:
    both = [willow.chen.subject, willow.daughter.subject]
    looked_at_many(
        both, willow.sun.subject, WORDS, "户内成员", "核对陈小梅的住址", at, "register.Household:1"
    )
    page = text(signed_in(willow.chen), MINE)
    assert "同户家人" in page
    assert "陈小梅" not in page


def test_a_proxy_reads_the_trail_and_the_principal_reads_that(willow: Willow) -> None:
    now = timezone.now()
    proxy = people.grant_proxy(willow.chen, willow.daughter, Proxy.Scope.EVERYTHING, by=willow.chen, at=now)
    look_at(willow.chen, willow.sun, now, reason="上门看望")
    daughter = signed_in(willow.daughter)
    session = daughter.session
    session["acting_for"] = proxy.token
    session.save()
    assert "上门看望" in text(daughter, MINE)
    assert "代看" in text(signed_in(willow.chen), MINE)
    people.grant_proxy(willow.chen, willow.daughter, Proxy.Scope.NOTICES, by=willow.chen, at=now)
    assert "上门看望" not in text(daughter, MINE)


def test_staff_are_named_in_full_only_where_the_deployment_says_so(
    willow: Willow, at: Any, settings: Any
) -> None:
    worked(willow, at)
    zhang = signed_in(willow.zhang)
    assert "孙丽" not in text(zhang, MINE)
    settings.LOOKERS_BY_NAME = True
    assert "孙丽 · 柳树社区居委会" in text(zhang, MINE)


def test_a_worker_reads_who_looked_at_theirs_like_anybody(willow: Willow, at: Any) -> None:
    looked(
        willow.sun.subject, willow.wang.subject, "王** · 居委会 · 书记主任", "姓名、电话", "核对通讯录", at
    )
    assert "核对通讯录" in text(signed_in(willow.sun), MINE)


def question(willow: Willow, at: Any) -> tuple[Client, str]:
    worked(willow, at)
    zhang = signed_in(willow.zhang)
    page = text(zhang, MINE)
    return zhang, page.split(reverse("trail:ask", args=["@"]).split("@")[0])[1].split("/")[0]


def test_this_is_wrong_is_asked_answered_and_read(willow: Willow, at: Any) -> None:
    zhang, line = question(willow, at)
    address = reverse("trail:ask", args=[line])
    assert signed_in(willow.neighbour).get(address).status_code == 404
    assert zhang.get(reverse("trail:ask", args=["forged"])).status_code == 404
    assert zhang.post(address, {"words": " "}).status_code == 422
    assert zhang.post(address, {"words": "我没有办过这件事"}).status_code == 302
    query = Query.objects.get()
    assert "我没有办过这件事" in text(zhang, MINE)
    auditor = signed_in(willow.auditor)
    assert "我没有办过这件事" in text(auditor, reverse("trail:queries"))
    desk = reverse("trail:query", args=[query.token])
    assert auditor.post(desk, {"was_right": "no"}).status_code == 422
    assert auditor.post(desk, {"was_right": "no", "answer": "查实不当，已批评"}).status_code == 302
    assert "查实不当，已批评" in text(zhang, MINE)
    assert "答复“这条不对”" in text(zhang, MINE)  # the officer's reading is a look too
    assert auditor.get(desk).status_code == 200


def test_auditors_search_in_sums_and_their_own_reading_leaves_rows(willow: Willow) -> None:
    now = timezone.now()
    for number in range(12):
        worked(willow, now - timedelta(minutes=number + 1))
    auditor = signed_in(willow.auditor)
    page = text(auditor, reverse("trail:audit"))
    assert "一天里多次在任务之外" in page
    assert "反复打开同一位居民" in page
    assert "张秀英" not in page
    assert Look.objects.about(willow.sun.subject).get().purpose == Purpose.AUDIT
    assert WORDS in text(auditor, reverse("trail:audit") + f"?worker={willow.sun.token}")
    nobody = text(auditor, reverse("trail:audit") + "?since=2001-01-01&until=2001-02-01")
    assert "这段时间没有查看记录" in nobody


def test_whose_data_a_look_showed_is_masked_and_traced(willow: Willow, at: Any) -> None:
    worked(willow, timezone.now())
    auditor = signed_in(willow.auditor)
    page = text(auditor, reverse("trail:audit"))
    act = page.split('href="/looks/audit/')[1].split("/")[0]
    shown = text(auditor, reverse("trail:act", args=[act]))
    assert willow.zhang.masked in shown
    assert "审计查看记录" in text(signed_in(willow.zhang), MINE)
    assert auditor.get(reverse("trail:act", args=["1"])).status_code == 404


def test_an_auditor_of_another_place_finds_nothing(willow: Willow) -> None:
    look = worked(willow, timezone.now())
    Look.objects.filter(pk=look.pk).update(path="1.9.9.")
    assert WORDS not in text(signed_in(willow.auditor), reverse("trail:audit"))


def test_the_administrator_does_not_open_the_trail(willow: Willow) -> None:
    administrator = signed_in(willow.administrator)
    for name in ("audit", "queries", "disclosure"):
        assert administrator.get(reverse(f"trail:{name}")).status_code == 404


def test_sums_are_public_and_count_what_is_withheld(willow: Willow) -> None:
    now = timezone.now()
    asked = trail.ask_to_withhold("反恐怖主义法第五十一条", "办案", willow.wang.subject, "王*", now)
    basis = trail.approve(asked, willow.qian.subject, "钱*", now)
    trail.set_rule(Purpose.TASK, Disclosure.NEVER, 0, basis, willow.auditor.subject, now)
    look_at(willow.zhang, willow.sun, now, under="cases.Case:1")
    page = text(Client(), reverse("trail:totals"))
    assert "反恐怖主义法第五十一条" in page
    assert "<td>1</td><td>1</td><td>0</td><td>1</td>" in page
    assert "回电核实" not in text(signed_in(willow.zhang), MINE)


@pytest.fixture(autouse=True)
def fresh_sums() -> None:
    cache.clear()


def test_rules_and_bases_are_set_by_two_people_on_the_page(willow: Willow) -> None:
    auditor, now = signed_in(willow.auditor), timezone.now()
    asked = trail.ask_to_withhold("反恐怖主义法第五十一条", "办案", willow.wang.subject, "王*", now)
    never = {"purpose": "task", "disclosure": "never", "basis": asked.token, "days": ""}
    assert auditor.post(reverse("trail:rule"), never).status_code == 422
    assert auditor.post(reverse("trail:approve", args=[asked.token])).status_code == 302
    assert auditor.post(reverse("trail:rule"), never).status_code == 302
    assert "反恐怖主义法" in text(auditor, reverse("trail:disclosure"))
    late = {"purpose": "list", "disclosure": "after_days", "days": "999", "basis": ""}
    assert auditor.post(reverse("trail:rule"), late).status_code == 422
    auditor.post(reverse("trail:ask_to_withhold"), {"basis": "某法第一条", "why": "办案"})
    own = Withholding.objects.get(basis="某法第一条")
    assert auditor.post(reverse("trail:approve", args=[own.token])).status_code == 409
    assert auditor.post(reverse("trail:end_withholding", args=[asked.token])).status_code == 302


def offered(willow: Willow, **more: str) -> str:
    told = {"subject": willow.zhang.subject, "field": "people.Person.phone", "fields": "电话"}
    told |= {"looker": willow.sun.subject, "looker_words": WORDS, "back": "/todos/"}
    return Offer(**(told | more)).signed


def test_one_tap_opens_within_a_task_and_asks_for_a_reason_outside(willow: Willow) -> None:
    sun, address = signed_in(willow.sun), reverse("trail:reveal")
    asked = sun.post(address, {"offer": offered(willow)})
    assert asked.status_code == 422
    assert "为什么要看" in asked.content.decode()
    assert not Seen.objects.exists()
    assert sun.post(address, {"offer": offered(willow), "why": "核对回电号码"}).url == "/todos/"
    assert trail.is_open(willow.zhang.subject, "people.Person.phone", willow.sun.subject, timezone.now())
    task = offered(willow, field="x", under="cases.Case:1", reason="办理您说的事")
    assert sun.post(address, {"offer": task}).status_code == 302
    assert signed_in(willow.wang).post(address, {"offer": task}).status_code == 409
    away = offered(willow, field="y", under="cases.Case:1", reason="办理", back="https://elsewhere.example/")
    assert sun.post(address, {"offer": away}).url == "/"


def test_a_worker_who_reads_a_trail_for_somebody_at_the_counter_is_no_family(willow: Willow, at: Any) -> None:
    organisations.assist(willow.sun, willow.desk, willow.zhang, "本人来问谁看过", "counter", timezone.now())
    text(signed_in(willow.sun), MINE)
    look = Look.objects.about(willow.zhang.subject).first()
    assert look is not None
    assert (look.purpose, look.fields) == (Purpose.COUNTER, "谁看了我的信息")
