"""What cannot have happened is refused with a sentence and changes nothing."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from linli.base.errors import Refused
from linli.people import actions as people
from linli.people.models import Person
from linli.places import actions as places
from linli.places.models import Kind, Place
from linli.register import actions
from linli.register.actions import Newborn
from linli.register.actions.undoing import rows_about
from linli.register.models import Event, Household
from linli.register.tests.people_rows import TODAY, number, report
from tests.cast import LONG_AGO, MONDAY, Willow

EARLIER = TODAY - timedelta(days=10)
BEFORE = LONG_AGO - timedelta(days=1)  # the cast has not come to live there yet
Act = Callable[[Willow, Place], object]

ACTS: dict[str, tuple[Act, str]] = {
    "move to where they live": (
        lambda w, up: actions.move([w.neighbour], w.home, "tenant", report(w.sun)),
        "不用搬",
    ),
    "move before they came": (
        lambda w, up: actions.move([w.neighbour], up, "tenant", report(w.sun, BEFORE)),
        "不能早于搬来",
    ),
    "move two centuries ago": (
        lambda w, up: actions.move([w.daughter], up, "tenant", report(w.sun, date(1826, 1, 1))),
        "太早",
    ),
    "move before birth": (
        lambda w, up: actions.move([w.daughter], up, "tenant", report(w.sun, date(1979, 12, 31))),
        "早于陈\\*+的出生日期",
    ),
    "move out before they came": (
        lambda w, up: actions.move_out([w.neighbour], report(w.sun, BEFORE)),
        "不能早于搬来",
    ),
    "letting ended before it began": (
        lambda w, up: actions.end_letting(w.home, [w.neighbour], report(w.sun, BEFORE)),
        "不能早于搬来",
    ),
    "sale before the sellers came": (
        lambda w, up: actions.sale(w.home, [w.daughter], report(w.sun, BEFORE)),
        "不能早于搬来",
    ),
    "sale to the owners": (
        lambda w, up: actions.sale(w.home, [w.zhang, w.chen], report(w.sun)),
        "已经登记是这一户的业主",
    ),
    "birth to a child": (
        lambda w, up: actions.birth([w.zhang], Newborn("张小宝", "1"), report(w.sun, date(1991, 6, 1))),
        "父母的年龄",
    ),
}


@pytest.mark.parametrize(("act", "words"), ACTS.values(), ids=list(ACTS))
def test_an_act_that_cannot_have_happened_is_refused(willow: Willow, act: Act, words: str) -> None:
    up = places.plant(Kind.HOME, "602室", willow.building)
    for who, born in ((willow.zhang, date(1985, 1, 1)), (willow.daughter, date(1980, 1, 1))):
        actions.state(who, {"identity": number(born)}, source="paper", by=willow.sun, at=MONDAY)
    ids = [willow.zhang.pk, willow.chen.pk, willow.neighbour.pk, willow.daughter.pk]
    before = rows_about(ids, [willow.home.pk, up.pk])
    with pytest.raises(Refused, match=words):
        act(willow, up)
    assert rows_about(ids, [willow.home.pk, up.pk]) == before
    assert not Event.objects.exists()


def test_a_home_that_is_let_to_somebody_is_not_let_to_them_again(willow: Willow) -> None:
    actions.letting(willow.home, [willow.daughter], report(willow.sun))
    with pytest.raises(Refused, match="已经登记租住"):
        actions.letting(willow.home, [willow.daughter], report(willow.sun))


DEAD: dict[str, Act] = {
    "move": lambda w, up: actions.move([w.chen], up, "tenant", report(w.sun)),
    "letting": lambda w, up: actions.letting(up, [w.chen], report(w.sun)),
    "sale": lambda w, up: actions.sale(up, [w.chen], report(w.sun)),
    "home": lambda w, up: actions.belong(w.chen, up, "owner", TODAY, by=w.sun, at=MONDAY),
    "household": lambda w, up: actions.found_household(up, w.chen, TODAY, by=w.sun, at=MONDAY),
    "proxy": lambda w, up: people.grant_proxy(w.chen, w.daughter, "everything", by=w.sun, at=MONDAY),
    "merge": lambda w, up: actions.merge(w.neighbour, w.chen, by=w.sun, at=MONDAY),
}


@pytest.mark.parametrize("act", DEAD.values(), ids=list(DEAD))
def test_nothing_new_happens_to_the_dead(willow: Willow, act: Act) -> None:
    up = places.plant(Kind.HOME, "602室", willow.building)
    actions.death(willow.chen, report(willow.sun, EARLIER))
    before = rows_about([willow.chen.pk])
    with pytest.raises(Refused, match=r"登记了?去世"):
        act(willow, up)
    assert rows_about([willow.chen.pk]) == before
    assert not Household.objects.filter(home=up).exists()


def test_a_merge_is_not_taken_apart_after_a_death(willow: Willow) -> None:
    twin = people.register("陈福升", "", MONDAY)
    merged = actions.merge(willow.chen, twin, by=willow.sun, at=MONDAY)
    later = MONDAY + timedelta(hours=1)
    died = actions.death(willow.chen, actions.Report(EARLIER, "paper", willow.sun, later, "证-7"))
    with pytest.raises(Refused, match="请先撤销那一次登记"):
        actions.unmerge(merged, by=willow.sun, at=later)
    actions.undo_event(died, because="登记错了人", by=willow.sun, at=later)
    actions.unmerge(merged, by=willow.sun, at=later)
    assert Person.objects.get(pk=twin.pk).merged_into is None


def test_a_household_whose_members_are_all_merged_away_ends(willow: Willow) -> None:
    twin = people.register("张秀瑛", "", MONDAY)
    actions.found_household(willow.home, willow.zhang, EARLIER, by=willow.sun, at=MONDAY)
    empty = actions.found_household(willow.home, twin, EARLIER, by=willow.sun, at=MONDAY)
    merged = actions.merge(willow.zhang, twin, by=willow.sun, at=MONDAY)
    empty.refresh_from_db()
    assert empty.until is not None
    actions.unmerge(merged, by=willow.sun, at=MONDAY)
    empty.refresh_from_db()
    assert empty.until is None
    assert empty.members.get(until=None).person == twin
