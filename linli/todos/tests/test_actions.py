from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from linli.base.errors import Refused
from linli.organisations.models import Membership
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.todos import actions
from linli.todos.actions.outside import Line, Task
from linli.todos.models import OutsideSystem, Pointless, Todo
from linli.todos.rules import Outcome, Reason
from tests.cast import Willow

TODAY = date(2026, 3, 9)


def of(person: Person, on: date = TODAY) -> list[str]:
    roles = Membership.objects.current(person, on)
    return list(Todo.objects.of(person, roles, on).open().order_by("due").values_list("key", flat=True))


def open_for_property(willow: Willow, at: datetime, key: str = "cases.Order:7:sign") -> Todo:
    return actions.open_todo(
        key, "cases.Case:7", "签收：3幢路灯不亮", at + timedelta(hours=2), "/cases/abc/", at,
        organisation=willow.property, power=Power.HANDLE, place_words="杨柳苑", origin="cases",
        acts=[{"label": "签收", "address": "/cases/abc/sign/", "fields": {}}],
    )  # fmt: skip


def admitted(willow: Willow, at: datetime, task: str = "燃气安全月报") -> OutsideSystem:
    system, _token = actions.add_system("应急一张图", willow.urban_management, willow.administrator, at)
    line = Line(task, "安委办〔2026〕3号第二条", Decimal("1.5"), Decimal("200"), date(2026, 12, 31))
    actions.admit(system, line, willow.administrator, at)
    return system


def gas_task(willow: Willow, at: datetime, number: str = "A-1", name: str = "燃气安全月报") -> Task:
    code = willow.community.code or ""
    return Task(number, name, "三月", at + timedelta(days=3), code, "community_desk", "https://example.org/1")


def test_a_todo_waits_for_those_of_the_body_who_hold_the_power(willow: Willow, at: datetime) -> None:
    open_for_property(willow, at)
    assert of(willow.zhao) == ["cases.Order:7:sign"]
    for other in (willow.li, willow.qian, willow.zhang, willow.stranger):
        assert of(other) == []
    actions.open_todo(
        "t:1", "t:1", "裁定", at, "/x/", at, organisation=willow.property, power=Power.ARBITRATE
    )
    assert of(willow.zhao) == ["cases.Order:7:sign"]


def test_a_todo_of_a_person_is_theirs_alone(willow: Willow, at: datetime) -> None:
    actions.open_todo("t:1", "t:1", "回访", at, "/x/", at, person=willow.li, organisation=willow.desk)
    assert of(willow.li) == ["t:1"]
    assert of(willow.sun) == []


def test_a_role_that_ended_shows_nothing(willow: Willow, at: datetime) -> None:
    open_for_property(willow, at)
    roles = list(Membership.objects.filter(person=willow.zhao))
    roles[0].until = date(2026, 3, 10)  # the first day without it
    assert Todo.objects.of(willow.zhao, roles, date(2026, 3, 9)).exists()
    assert not Todo.objects.of(willow.zhao, roles, date(2026, 3, 10)).exists()


def test_opening_again_changes_nothing(willow: Willow, at: datetime) -> None:
    first = open_for_property(willow, at)
    again = actions.open_todo(
        first.key, "other", "别的", at, "/y/", at + timedelta(days=1), organisation=willow.desk
    )
    assert again.pk == first.pk
    assert again.title == "签收：3幢路灯不亮"
    actions.close(first.key, at)
    assert open_for_property(willow, at).closed_at == at


def test_closing_a_case_closes_what_hangs_on_it_and_not_its_neighbour(willow: Willow, at: datetime) -> None:
    for key in (
        "cases.Case:7",
        "cases.Case:7:check",
        "cases.Case:7:order:3",
        "cases.Case:70",
        "cases.Case:70:x",
    ):
        open_for_property(willow, at, key)
    assert actions.close("cases.Case:7", at) == 3
    assert actions.close("cases.Case:7", at + timedelta(days=1)) == 0
    assert of(willow.zhao) == ["cases.Case:70", "cases.Case:70:x"]


def test_rescheduling_moves_what_is_open_only(willow: Willow, at: datetime) -> None:
    todo = open_for_property(willow, at)
    actions.reschedule(todo.key, at + timedelta(days=9))
    actions.close(todo.key, at)
    actions.reschedule(todo.key, at + timedelta(days=20))
    todo.refresh_from_db()
    assert todo.due == at + timedelta(days=9)


def test_a_todo_must_wait_for_somebody(willow: Willow, at: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Todo.objects.create(
            key="t:1", subject="t:1", title="无主", due=at, address="/x/", opened_at=at, origin="t"
        )


def test_an_admitted_task_from_outside_is_posted_once(willow: Willow, at: datetime) -> None:
    system = admitted(willow, at)
    todo, is_new = actions.post_from_outside(system, gas_task(willow, at), at)
    again, is_again_new = actions.post_from_outside(system, gas_task(willow, at), at)
    assert (is_new, is_again_new) == (True, False)
    assert again.pk == todo.pk
    assert todo.title == "燃气安全月报：三月"
    assert todo.organisation == willow.desk
    assert of(willow.li) == [todo.key]
    assert of(willow.stranger) == []


def test_a_task_without_admission_goes_back_with_the_reason(willow: Willow, at: datetime) -> None:
    """C06, G03: who wants a new task needs basis, hours, money and an end date."""
    system = admitted(willow, at)
    with pytest.raises(Refused, match="没有准入") as refused:
        actions.post_from_outside(system, gas_task(willow, at, "A-2", "微信群接龙"), at)
    assert "周" not in str(refused.value.reason)
    assert willow.urban_management.name in str(refused.value.reason)
    assert "依据、用时、经费、期限" in refused.value.rule
    after = datetime(2027, 1, 1, 9, tzinfo=at.tzinfo)
    with pytest.raises(Refused, match="到期"):
        actions.post_from_outside(system, gas_task(willow, after, "A-3"), after)
    actions.end_admission(system.admissions.get(), at)
    with pytest.raises(Refused, match="没有准入"):
        actions.post_from_outside(system, gas_task(willow, at, "A-4"), at)
    assert not Todo.objects.filter(admission__isnull=False).exists()


def test_a_task_for_a_place_or_body_that_does_not_exist_goes_back(willow: Willow, at: datetime) -> None:
    system = admitted(willow, at)
    task = gas_task(willow, at)
    with pytest.raises(Refused, match="区划代码"):
        actions.post_from_outside(system, Task(**(vars(task) | {"place": "000000000000"})), at)
    with pytest.raises(Refused, match="请改派"):
        actions.post_from_outside(system, Task(**(vars(task) | {"function": "astronauts"})), at)
    with pytest.raises(Refused, match="编号"):
        actions.post_from_outside(system, Task(**(vars(task) | {"id": "a:b"})), at)


def test_the_other_system_closes_and_reschedules_its_own_only(willow: Willow, at: datetime) -> None:
    system, other = admitted(willow, at), admitted(willow, at)
    actions.post_from_outside(system, gas_task(willow, at), at)
    with pytest.raises(Refused, match="没有编号"):
        actions.close_from_outside(other, "A-1", at)
    later = at + timedelta(days=8)
    assert actions.reschedule_from_outside(system, "A-1", later).due == later
    assert actions.close_from_outside(system, "A-1", at).closed_at == at
    assert actions.close_from_outside(system, "A-1", later).closed_at == at
    with pytest.raises(Refused, match="已经办结"):
        actions.reschedule_from_outside(system, "A-1", later)


def test_a_token_opens_until_it_is_renewed_or_the_system_retired(willow: Willow, at: datetime) -> None:
    system, token = actions.add_system("应急一张图", willow.urban_management, willow.administrator, at)
    assert actions.system_of(token) == system
    assert token not in str(OutsideSystem.objects.values())
    fresh = actions.renew_token(system)
    assert actions.system_of(token) is None
    assert actions.system_of(fresh) == system
    actions.retire_system(system, at)
    assert actions.system_of(fresh) is None


def test_an_admission_states_all_four_things(willow: Willow, at: datetime) -> None:
    system, _token = actions.add_system("应急一张图", willow.urban_management, willow.administrator, at)
    good = Line("月报", "某办〔2026〕3号", Decimal(1), Decimal(0), date(2026, 12, 31))
    for wrong in ({"basis": " "}, {"task": ""}, {"hours": Decimal(-1)}, {"until": TODAY}):
        with pytest.raises(Refused):
            actions.admit(system, Line(**(vars(good) | wrong)), willow.administrator, at)
    first = actions.admit(system, good, willow.administrator, at)
    second = actions.admit(system, good, willow.administrator, at)
    first.refresh_from_db()
    assert first.ended_at == at
    assert second.is_in_force(TODAY)


def test_only_tasks_from_outside_are_ticked_off_in_the_list(willow: Willow, at: datetime) -> None:
    own = open_for_property(willow, at)
    with pytest.raises(Refused, match="打开它的页面"):
        actions.finish(own, at)
    todo, _is_new = actions.post_from_outside(admitted(willow, at), gas_task(willow, at), at)
    actions.finish(todo, at)
    assert of(willow.li) == []


def test_pointless_is_answered_by_the_issuer_and_nobody_reads_the_name(willow: Willow, at: datetime) -> None:
    """C06: in two taps a worker says so; the issuer answers by a date, the name stays hidden."""
    todo, _is_new = actions.post_from_outside(admitted(willow, at), gas_task(willow, at), at)
    said = actions.say_pointless(todo, Reason.REPEATED, "", willow.li, at)
    assert actions.say_pointless(todo, Reason.UNREAD, "又说", willow.li, at).pk == said.pk
    assert said.issuer == willow.urban_management
    assert said.answer_by == date(2026, 3, 23)
    row = str(Pointless.objects.values().get(pk=said.pk))
    for trace in (willow.li.name, willow.li.token, f"Person:{willow.li.pk}", todo.key):
        assert trace not in row
    links = {field.related_model for field in Pointless._meta.get_fields() if field.is_relation}
    assert Person not in links
    assert Pointless.objects.said_by(willow.li).get() == said
    assert not Pointless.objects.said_by(willow.sun).exists()
    answering = [key for key in of(willow.urban) if key.startswith("todos.Pointless")]
    assert len(answering) == 1
    with pytest.raises(Refused, match="综合行政执法队"):
        actions.answer_pointless(said, Outcome.DROPPED, "不用填了", willow.li, at)
    with pytest.raises(Refused, match="请写明"):
        actions.answer_pointless(said, Outcome.DROPPED, " ", willow.urban, at)
    actions.answer_pointless(said, Outcome.DROPPED, "下月起不用填了，从平台取数", willow.urban, at)
    assert of(willow.urban) == []
    with pytest.raises(Refused, match="已经答复过"):
        actions.answer_pointless(said, Outcome.KEPT, "还是要填", willow.urban, at)


def test_pointless_about_our_own_rules_goes_to_the_district_without_the_case(
    willow: Willow, at: datetime
) -> None:
    todo = open_for_property(willow, at)
    said = actions.say_pointless(todo, Reason.UNFIT, "", willow.zhao, at)
    assert said.issuer == willow.district_centre
    assert said.matter == "签收"
    with pytest.raises(Refused, match="请点一个原因"):
        actions.say_pointless(todo, "", "", willow.zhao, at)
    with pytest.raises(Refused, match="最多 500"):
        actions.say_pointless(todo, Reason.OTHER, "长" * 501, willow.zhao, at)


def test_no_column_counts_or_ranks_staff() -> None:
    """G04, G11: no check-in, points, ranking, online time or reading receipts of staff in any table here."""
    words = (
        "point_",
        "score",
        "rank",
        "online",
        "checkin",
        "check_in",
        "attendance",
        "seen_by",
        "reply_within",
    )
    for label in ("todos", "notices"):
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.get_fields():
                assert not any(word in field.name for word in words), f"{model.__name__}.{field.name}"
