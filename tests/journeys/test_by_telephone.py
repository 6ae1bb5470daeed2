"""陈伯, 81, has no smartphone: he rings the community, and another body rings him when it is done."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from linli.cases import actions
from linli.cases.models import CallBack, Case
from linli.cases.rules import State
from linli.organisations import actions as organisations
from linli.organisations.models import AssistedSession
from linli.organisations.rules import Role
from linli.people import actions as people
from linli.trail.models import Look
from tests.cast import LONG_AGO, Willow
from tests.journeys.steps import act, fill, look, main_of, say, see

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]
WORDS = "陈伯打电话来：3幢门前的路灯不亮，晚上下楼看不见台阶。"


def begin_to_assist(page: Page, house: Willow) -> None:
    """Find the resident, say why and how he came; from then on each page says for whom one acts."""
    page.goto("/organisations/assist/")
    fill(page.locator("main form").first, wanted="陈福生")
    with page.expect_navigation():
        page.locator("main form button").first.click()
    look(page, "assist-found")
    main_of(page).locator(f"a[href*='{house.chen.token}']").first.click()
    act(page, "assist", case=house.chen.token, reason="老人打电话来，没有智能手机", channel="telephone")
    banner = page.get_by_role("region", name="正在代办")
    expect(banner).to_contain_text("陈福生")
    session = AssistedSession.objects.get()
    assert session.ends_at - session.started_at == timedelta(minutes=30)
    expect(banner).to_contain_text(f"{timezone.localtime(session.ends_at):%H:%M}")


def test_an_elder_rings_and_is_rung_back_by_a_body_that_did_none_of_the_work(
    house: Willow, visit: Visit, size: dict[str, int]
) -> None:
    li = visit(house.li, size)
    begin_to_assist(li, house)
    li.goto("/cases/say/")
    look(li, "assisted-speak")
    token = say(li, WORDS, where="杨柳苑")
    look(li, "assisted-said")
    case = Case.objects.get(token=token)
    assert (case.reporter, case.filed_by, case.channel) == (house.chen, house.li, "telephone")
    with li.expect_navigation():
        li.get_by_role("region", name="正在代办").get_by_role("button").click()
    expect(li.get_by_role("region", name="正在代办")).to_have_count(0)

    now = timezone.now()
    order = actions.dispatch(case, house.property, by=house.sun, at=now)
    actions.sign(order, by=house.zhao, at=now)
    actions.resolve(case, "灯泡换好了，晚上试过会亮。", by=house.zhao, at=now)
    call = CallBack.objects.get()
    assert call.organisation == house.checkers

    refuse_own_body(visit, house, case, call)
    checker = visit(house.checker, size)
    checker.goto("/cases/checks/")
    look(checker, "checks")
    act(checker, "call-back", press="接通了", case=token, outcome="solved", rating="4", words="亮了，谢谢。")
    case.refresh_from_db()
    call.refresh_from_db()
    assert case.state == State.CONFIRMED
    assert call.was_reached
    verdict = case.verdicts.get()
    assert (verdict.person, verdict.rating, verdict.taken_by) == (house.chen, 4, house.checker)


def refuse_own_body(visit: Visit, house: Willow, case: Case, call: CallBack) -> None:
    """A caller employed by the unit that repaired it, and the worker who took it in, cannot confirm for him."""
    insider = people.register("吕强", "", at=timezone.now())
    organisations.appoint(
        insider,
        house.property,
        Role.CHECKER,
        house.estate,
        LONG_AGO,
        by=house.administrator,
        at=timezone.now(),
    )
    now = timezone.now()
    organisations.assist(house.li, house.desk, house.chen, "回访", "telephone", now)
    typed = {"call": str(call.pk), "was_reached": "1", "outcome": "solved", "rating": "5"}
    for who, verb in ((insider, "call-back"), (house.zhao, "call-back"), (house.li, "confirm")):
        page = visit(who)
        page.goto("/todos/")
        csrf = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
        answer = page.request.post(f"{case.address}{verb}/", form=typed | {"csrfmiddlewaretoken": csrf})
        assert answer.status in (403, 404, 409), (str(who), answer.status)
    case.refresh_from_db()
    assert case.state == State.RESOLVED
    assert not case.verdicts.exclude(outcome="").exists()


def test_the_caller_sees_the_number_only_after_asking_and_it_leaves_a_trace(
    house: Willow, visit: Visit
) -> None:
    assert Look.objects.count() == 0
    now = timezone.now()
    said = actions.Said(WORDS, house.lamp, channel="telephone")
    case = actions.file_for(said, resident=house.zhang, by=house.li, at=now)
    order = actions.dispatch(case, house.property, by=house.sun, at=now)
    actions.sign(order, by=house.zhao, at=now)
    actions.resolve(case, "换好了，亮了。", by=house.zhao, at=now)
    checker = visit(house.checker)
    checker.goto("/cases/checks/")
    assert "13800000001" not in checker.content()
    act(checker, "show-number", case=case.token)
    look(checker, "number-shown")
    assert "13800000001" in checker.content()
    assert Look.objects.about(house.zhang.subject).count() == 1
    zhang = visit(house.zhang)
    zhang.goto("/looks/mine/")
    look(zhang, "looked-at-me")
    see(zhang, "柳河街道核查回访组")
