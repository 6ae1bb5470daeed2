"""What is not solved, and what nobody touches, goes up to those who can do something about it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from linli.cases import actions
from linli.cases.models import Case, Event
from linli.cases.rules import State, Tier, Verb
from linli.notices.models import Notice
from linli.todos.models import Todo
from tests.cast import MONDAY, Willow
from tests.journeys.steps import act, look, main_of, phone_photo, see, status_of
from tests.journeys.stories import DARK, lamp_order

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]
STILL_DARK = ["灯还是不亮，只换了灯罩。", "亮了一晚又灭了，线路没有修。"]
HANDLERS = ("孙丽", "赵强", "李明")


def test_not_solved_twice_goes_to_the_street_with_the_whole_file(
    house: Willow, visit: Visit, size: dict[str, int]
) -> None:
    case, _order = lamp_order(house, timezone.now() - timedelta(minutes=30))
    zhang, zhao = visit(house.zhang, size), visit(house.zhao, size)
    for number, words in enumerate(STILL_DARK):
        zhao.goto("/todos/")
        act(zhao, "sign", case=case.token)
        zhao.goto(case.address)
        answer = f"第{number + 1}次上门，换了灯罩和灯泡。"
        act(zhao, "resolve", case=case.token, answer=answer, photos=phone_photo(shade=60 + number))
        zhang.goto(case.address)
        look(zhang, f"not-solved-{number + 1}")
        act(zhang, "confirm", case=case.token, press="没解决", words=words)
        see(zhang, "重新计时")
    case.refresh_from_db()
    assert (case.tier, case.state, case.lead) == (Tier.STREET, State.ASSIGNED, house.street_office)

    look(zhang, "went-up-own")
    see(zhang, "柳河街道办事处")
    qian = visit(house.qian, size)
    qian.goto("/todos/")
    look(qian, "todo-street")
    main_of(qian).get_by_role("link").filter(has_text="路灯").first.click()
    qian.wait_for_url(f"**{case.address}")
    look(qian, "work-street")
    see(qian, DARK, *STILL_DARK, "第1次上门，换了灯罩和灯泡。", "第2次上门，换了灯罩和灯泡。")
    expect(main_of(qian).locator("img")).to_have_count(2)
    act(qian, "sign", case=case.token)
    assert status_of(visit(house.stranger, size), f"{case.address}said/") == 404


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return MONDAY.replace(day=day, hour=hour, minute=minute)


# Said on Monday 2026-03-09 at 10:00; 3 working days end on Thursday at 17:30; the office is open 9:00-17:30.
LADDER = [
    (on(9, 14), Verb.LAPSED),  # 4 working hours to sign
    (on(11, 9), Verb.UPDATE_PRESSED),  # 1 working day for the first word, over at closing time
    (on(12, 13, 30), Verb.WARNED),  # 4 working hours before the limit
    (on(13, 9), Verb.PRESSED),  # the limit is closing time: told when the office opens again
    (on(17, 9), Verb.SUPERVISED),  # 2 working days after the limit, over a weekend
    (on(20, 9), Verb.WHISTLED),  # 5 working days after it
]


def test_what_nobody_touches_is_warned_pressed_supervised_and_whistled_upward(
    house: Willow, visit: Visit, size: dict[str, int]
) -> None:
    """Each step exactly at its working time, once however often the clock job runs, and never on a weekend."""
    case, _order = lamp_order(house, MONDAY)
    assert case.due == on(12, 17, 30)
    known = set(Event.objects.values_list("pk", flat=True))
    for moment, verb in LADDER:
        actions.run_clocks(moment - timedelta(minutes=1))
        assert not Event.objects.exclude(pk__in=known).exists(), verb
        for _again in range(2):
            actions.run_clocks(moment)
        new = Event.objects.exclude(pk__in=known)
        assert [event.verb for event in new] == [verb]
        known |= {event.pk for event in new}
        assert not _told_on_a_weekend()
    case.refresh_from_db()
    assert (case.tier, case.lead, case.round) == (Tier.STREET, house.street_office, 1)

    whistle = case.events.get(verb=Verb.WHISTLED)
    assert whistle.by is None
    assert whistle.details["unit"] == "安居物业"
    assert "超过期限" in whistle.details["obstacle"]
    told = Notice.objects.filter(person=house.qian).last()
    assert "安居物业" in told.title
    assert not [name for name in HANDLERS if name in told.title + told.body]

    qian = visit(house.qian, size)
    qian.goto("/todos/")
    see(qian, "路灯")
    look(qian, "todo-whistled")
    qian.goto(case.address)
    see(qian, DARK, "安居物业", "超过期限")
    look(qian, "work-whistled")
    assert not [name for name in HANDLERS if name in main_of(qian).inner_text()]
    nobody = visit(None, size)
    nobody.goto(case.address)
    look(nobody, "public-whistled")
    see(nobody, "催办", "督办", "吹哨上报", "柳河街道办事处")
    assert not [name for name in HANDLERS if name in main_of(nobody).inner_text()]


def _told_on_a_weekend() -> bool:
    return any(timezone.localtime(at).weekday() >= 5 for at in Notice.objects.values_list("at", flat=True))


def test_a_call_for_help_reaches_the_street_as_its_own_kind(house: Willow, visit: Visit) -> None:
    """请求支援: the obstacle travels upward in the unit's own words, and counts against nobody."""
    case, _order = lamp_order(house, timezone.now() - timedelta(minutes=30))
    zhao = visit(house.zhao)
    zhao.goto(case.address)
    act(zhao, "sign", case=case.token)
    act(zhao, "ask-help", case=case.token, reason="地下电缆断了，要市政开挖，物业没有资质。")
    todo = Todo.objects.get(key__startswith="cases.Asking")
    assert todo.organisation == house.street_office
    qian = visit(house.qian)
    qian.goto(case.address)
    see(qian, "地下电缆断了")
    act(qian, "rule", case=case.token, press="同意", ruling="街道联系市政，明天到场。")
    assert Case.objects.get().orders.open().count() == 2
