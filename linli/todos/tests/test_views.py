import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.organisations.rules import Power
from linli.people.models import Account, Person
from linli.todos import actions
from linli.todos.actions.outside import Line
from linli.todos.forms import CloseForm, RescheduleForm, TaskForm
from linli.todos.models import Admission, OutsideSystem, Pointless, Todo
from linli.todos.schema import SCHEMA
from tests.cast import Willow

SignIn = Callable[[Person], Client]
API = "/todos/api/"


@pytest.fixture
def sign_in() -> SignIn:
    def enter(person: Person) -> Client:
        account, _is_new = Account.objects.get_or_create(username=f"u{person.pk}")
        account.persons.add(person)
        client = Client()
        client.force_login(account)
        return client

    return enter


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def open_for_property(willow: Willow, now: datetime, number: int = 7, **more: object) -> Todo:
    fields: dict[str, object] = {
        "organisation": willow.property, "power": Power.HANDLE, "place_words": "杨柳苑", "origin": "cases",
        "acts": [{"label": "签收", "address": f"/cases/{number}/sign/", "fields": {"from": "todos"}}],
    }  # fmt: skip
    due = now + timedelta(minutes=number)
    title = f"签收：第 {number} 件 <b>路灯</b>"
    return actions.open_todo(
        f"cases.Order:{number}:sign", "cases.Case:7", title, due, f"/cases/{number}/", now, **(fields | more)
    )  # type: ignore[arg-type]


@pytest.fixture
def system(willow: Willow, now: datetime) -> tuple[OutsideSystem, str]:
    system, token = actions.add_system("应急一张图", willow.urban_management, willow.administrator, now)
    until = now.date() + timedelta(days=90)
    line = Line("燃气安全月报", "安委办〔2026〕3号", Decimal("1.5"), Decimal("200"), until)
    actions.admit(system, line, willow.administrator, now)
    return system, token


def task(**changes: object) -> dict[str, object]:
    return {
        "id": "A-1", "task": "燃气安全月报", "title": "三月", "due": "2030-03-20T17:00:00+08:00",
        "place": "990101001001", "function": "community_desk", "address": "https://example.org/1",
    } | changes  # fmt: skip


def post(token: str, body: object, path: str = API) -> HttpResponse:
    text = body if isinstance(body, str) else json.dumps(body)
    return Client().post(
        path, text, content_type="application/json", headers={"authorization": f"Bearer {token}"}
    )  # type: ignore[return-value]


def test_one_list_by_what_is_due_each_doable_in_a_tap(willow: Willow, sign_in: SignIn, now: datetime) -> None:
    open_for_property(willow, now, 900)
    open_for_property(willow, now, -30)
    page = sign_in(willow.zhao).get(reverse("todos:mine")).content.decode()
    assert page.index("第 -30 件") < page.index("第 900 件")
    assert "已过期限" in page
    assert 'action="/cases/900/sign/"' in page
    assert 'name="from" value="todos"' in page
    assert "<b>路灯" not in page
    assert "第 900 件" not in sign_in(willow.stranger).get(reverse("todos:mine")).content.decode()


def test_a_load_is_seen_by_its_bearer_alone(willow: Willow, sign_in: SignIn, now: datetime) -> None:
    """G04: counts are made for whoever asks, about themselves; no address takes another person."""
    for number in (-5, -3, 20000):
        open_for_property(willow, now, number)
    answer = sign_in(willow.zhao).get(reverse("todos:mine"))
    assert sum(count for _name, count in answer.context["load"]) == 3
    assert dict(answer.context["load"])["已过期限"] == 2
    for boss in (willow.wang, willow.qian, willow.district_officer, willow.administrator):
        other = sign_in(boss).get(reverse("todos:mine"), {"person": willow.zhao.token})
        assert sum(count for _name, count in other.context["load"]) == 0


def test_an_empty_list_says_what_will_appear(willow: Willow, sign_in: SignIn) -> None:
    page = sign_in(willow.zhang).get(reverse("todos:mine")).content.decode()
    assert "现在没有等您办的事" in page
    assert "没意义" not in page  # a resident is not asked about rules for staff
    assert "/sign" in Client().get(reverse("todos:mine"))["Location"]


def test_the_list_is_paged_by_key_and_asks_a_constant_number_of_questions(
    willow: Willow, sign_in: SignIn, now: datetime, django_assert_max_num_queries
) -> None:
    for number in range(45):
        open_for_property(willow, now, number)
    zhao = sign_in(willow.zhao)
    with django_assert_max_num_queries(7):
        first = zhao.get(reverse("todos:mine"))
    seen = [todo.key for todo in first.context["page"].rows]
    second = zhao.get(reverse("todos:mine"), {"after": first.context["page"].after})
    seen += [todo.key for todo in second.context["page"].rows]
    assert seen == [f"cases.Order:{number}:sign" for number in range(40)]


def test_pointless_takes_two_taps_and_is_read_without_a_name(
    willow: Willow, sign_in: SignIn, now: datetime
) -> None:
    todo = open_for_property(willow, now)
    zhao = sign_in(willow.zhao)
    assert reverse("todos:pointless", args=[todo.token]) in zhao.get(reverse("todos:mine")).content.decode()
    assert 'value="repeated"' in zhao.get(reverse("todos:pointless", args=[todo.token])).content.decode()
    answer = zhao.post(reverse("todos:pointless", args=[todo.token]), {"reason": "repeated"}, follow=True)
    assert "公开答复" in answer.content.decode()
    refused = zhao.post(reverse("todos:pointless", args=[todo.token]), {"words": "写了很多话"})
    assert refused.status_code == 409
    assert "写了很多话" in refused.content.decode()
    said = Pointless.objects.get()
    for reader in (willow.wang, willow.district_officer, willow.administrator, willow.auditor):
        staff = sign_in(reader)
        page = staff.get(reverse("todos:statement", args=[said.token])).content.decode()
        page += staff.get(reverse("todos:statements")).content.decode()
        assert "赵强" not in page
        assert "路灯" not in page  # nor whose case it was about
    assert sign_in(willow.zhang).get(reverse("todos:statements")).status_code == 404
    assert sign_in(willow.li).post(reverse("todos:pointless", args=[todo.token])).status_code == 404


def test_the_issuer_answers_on_the_page(willow: Willow, sign_in: SignIn, now: datetime) -> None:
    said = actions.say_pointless(open_for_property(willow, now), "unread", "", willow.zhao, now)
    address = reverse("todos:statement", args=[said.token])
    assert "公开答复</button>" not in sign_in(willow.qian).get(address).content.decode()
    answer = {"outcome": "changed", "answer": "改为一季度一次"}
    assert sign_in(willow.qian).post(address, answer).status_code == 404
    centre = sign_in(willow.district_officer)
    assert address in centre.get(reverse("todos:mine")).content.decode()
    assert centre.post(address, answer).status_code == 302
    assert "改为一季度一次" in sign_in(willow.zhao).get(address).content.decode()


def test_another_system_posts_closes_and_reschedules(
    willow: Willow, sign_in: SignIn, system: tuple[OutsideSystem, str]
) -> None:
    _row, token = system
    first = post(token, task())
    assert (first.status_code, first.json()["state"]) == (201, "open")
    again = post(token, task(title="改了也没用"))
    assert (again.status_code, again.json()) == (200, first.json())
    li = sign_in(willow.li)
    page = li.get(reverse("todos:mine")).content.decode()
    assert "燃气安全月报：三月" in page
    assert "安委办〔2026〕3号" in page
    moved = post(token, {"id": "A-1", "due": "2030-04-01T09:00:00+08:00"}, API + "reschedule/")
    assert moved.json()["due"].startswith("2030-04-01T01:00")
    todo = Todo.objects.get(admission__isnull=False)
    assert li.post(reverse("todos:done", args=[todo.token])).status_code == 302
    stands = Client().get(API, {"id": "A-1"}, headers={"authorization": f"Bearer {token}"})
    assert stands.json()["state"] == "closed"
    assert post(token, {"id": "A-1"}, API + "close/").json()["state"] == "closed"
    assert sign_in(willow.stranger).post(reverse("todos:done", args=[todo.token])).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ("not json", 400, ""),
        ("[1]", 400, ""),
        ({}, 400, "task"),
        (task(due="2030-03-20T17:00:00"), 400, "due"),
        (task(due="tomorrow"), 400, "due"),
        (task(due="2030-13-40T99:00:00+08:00"), 400, "due"),
        (task(place="9901"), 400, "place"),
        (task(address="javascript:alert(1)"), 400, "address"),
        (task(address="http://example.org"), 400, "address"),
        (task(id="a:b"), 400, "id"),
        (task(title="长" * 101), 400, "title"),
        (task(task="微信群接龙"), 409, ""),
        (task(place="000000000000"), 409, ""),
        ("x" * 70_000, 400, ""),
    ],
)
def test_every_refusal_of_the_api_is_a_sentence(
    system: tuple[OutsideSystem, str], body: object, status: int, field: str
) -> None:
    answer = post(system[1], body)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["title"].endswith("。")
    assert not field or problem["errors"][field]
    assert not Todo.objects.filter(admission__isnull=False).exists()


def test_what_is_no_json_is_refused_with_a_sentence_whatever_it_says_it_is(
    system: tuple[OutsideSystem, str],
) -> None:
    answer = Client().post(API, {"id": "A\0"}, headers={"authorization": f"Bearer {system[1]}"})
    assert answer.status_code == 400
    assert answer.json()["title"]


def test_a_task_without_admission_comes_back_with_the_rule(system: tuple[OutsideSystem, str]) -> None:
    """C06: basis, hours, money, end date."""
    problem = post(system[1], task(task="微信群接龙")).json()
    assert problem["status"] == 409
    assert "退回" in problem["title"]
    assert "依据、用时、经费、期限" in problem["rule"]


def test_without_a_token_nothing_opens(system: tuple[OutsideSystem, str]) -> None:
    for header in ("", "Bearer", "Bearer wrong", "Basic abc", f"Basic {system[1]}"):
        answer = Client().post(
            API, json.dumps(task()), content_type="application/json", headers={"authorization": header}
        )
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"


def test_the_published_schema_names_the_fields_that_are_read() -> None:
    schemas = Client().get(API + "schema/").json()["components"]["schemas"]
    assert schemas == SCHEMA["components"]["schemas"]
    for name, form in (("Task", TaskForm()), ("Close", CloseForm()), ("Reschedule", RescheduleForm())):
        assert set(schemas[name]["properties"]) == set(form.fields)
        assert set(schemas[name]["required"]) == {f for f, field in form.fields.items() if field.required}


def test_an_administrator_lets_a_system_in_and_the_token_is_shown_once(
    willow: Willow, sign_in: SignIn
) -> None:
    keeper = sign_in(willow.administrator)
    values = {"name": "应急一张图", "organisation": willow.urban_management.pk}
    page = keeper.post(reverse("todos:systems"), values, follow=True)
    row = OutsideSystem.objects.get()
    token = page.content.decode().split("交给对方保存：")[1].split("<")[0].strip()
    assert actions.system_of(token) == row
    address = reverse("todos:system", args=[row.token])
    assert token not in keeper.get(address).content.decode()
    wrong = keeper.post(address, {"task": "月报", "hours": "1"})
    assert wrong.status_code == 422
    assert 'value="月报"' in wrong.content.decode()
    line = {"task": "月报", "basis": "某办〔2026〕3号", "hours": "1", "money": "0", "until": "2030-12-31"}
    assert keeper.post(address, line).status_code == 302
    public = Client().get(reverse("todos:admissions")).content.decode()
    for words in ("月报", "某办〔2026〕3号", "2030-12-31", willow.urban_management.name):
        assert words in public
    assert post(token, task(task="月报")).status_code == 201
    admission = Admission.objects.get()
    assert keeper.post(reverse("todos:end_admission", args=[admission.token])).status_code == 302
    assert post(token, task(id="A-2", task="月报")).status_code == 409
    keeper.post(reverse("todos:retire", args=[row.token]))
    assert post(token, task(id="A-3", task="月报")).status_code == 401
    fresh = keeper.post(reverse("todos:renew", args=[row.token]), follow=True).content.decode()
    assert actions.system_of(fresh.split("交给对方保存：")[1].split("<")[0].strip()) == row


def test_nobody_else_lets_systems_in(
    willow: Willow, sign_in: SignIn, system: tuple[OutsideSystem, str]
) -> None:
    for other in (willow.wang, willow.qian, willow.stranger, willow.zhang):
        client = sign_in(other)
        assert client.get(reverse("todos:systems")).status_code == 404
        assert client.get(reverse("todos:system", args=[system[0].token])).status_code == 404
        assert client.post(reverse("todos:retire", args=[system[0].token])).status_code == 404
    assert Admission.objects.get().ended_at is None
