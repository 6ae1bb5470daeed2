from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client

from linli.trail.actions import looked
from linli.trail.models import Look


def sign_in(person: Any) -> Client:
    account = get_user_model().objects.create(phone_index=f"phone-of-{person.pk}")
    account.persons.add(person)
    client = Client()
    client.force_login(account)
    return client


def look_at(person: Any, by: Any, at: Any, reason: str = "回电核实路灯的事") -> None:
    looked(f"people.Person:{person.pk}", f"people.Person:{by.pk}", "孙* · 柳树社区居委会", "电话", reason, at)


def test_everyone_reads_who_looked_at_their_own_data_and_nobody_elses(willow: Any, at: Any) -> None:
    look_at(willow.zhang, willow.sun, at)
    look_at(willow.chen, willow.sun, at, reason="上门看望")
    page = sign_in(willow.zhang).get("/looks/mine/").content.decode()
    assert "孙* · 柳树社区居委会" in page
    assert "回电核实路灯的事" in page
    assert "上门看望" not in page
    assert Look.objects.count() == 2  # reading one's own trail is no look


def test_without_looks_the_page_says_what_will_appear(willow: Any) -> None:
    assert "还没有人看过您的个人信息" in sign_in(willow.zhang).get("/looks/mine/").content.decode()


def test_whoever_is_not_signed_in_is_asked_to(db: None) -> None:
    assert Client().get("/looks/mine/").status_code == 302


def test_a_long_trail_is_paged_with_a_constant_number_of_queries(
    willow: Any, at: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(25):
        look_at(willow.zhang, willow.sun, at, reason=f"第{number:02}次")
    zhang = sign_in(willow.zhang)
    with django_assert_max_num_queries(8):
        page = zhang.get("/looks/mine/").content.decode()
    assert "第24次" in page
    assert "第04次" not in page
    assert "往下看" in page
