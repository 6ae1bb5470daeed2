"""A landlord registers, tenants confirm, it is extended and ended; empty homes are offered through the desk."""

from datetime import timedelta

import pytest

from linli.base.errors import Refused
from linli.lettings import actions
from linli.lettings.actions import Vacancy
from linli.lettings.models import Inquiry, Letting, Offer, Tenant
from linli.lettings.rules import LettingState
from linli.lettings.tests.rows import NEW_PHONE, Flat, flat, let
from linli.people import actions as people
from linli.people.models import PendingNotice, Person, Residency
from linli.register.models import Event
from linli.todos.models import Todo
from tests.cast import MONDAY, Willow

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)
TODAY = MONDAY.date()


@pytest.fixture
def door(willow: Willow) -> Flat:
    return flat(willow)


@pytest.fixture
def tenant() -> Person:
    return people.register("鲁新来", NEW_PHONE, MONDAY)


def told(person: Person, part: str) -> bool:
    return PendingNotice.objects.filter(person=person, key__contains=part).exists()


def row_of(letting: Letting, person: Person) -> Tenant:
    return Tenant.objects.of_person(person).get(letting=letting)


def lives(person: Person, flat: Flat, on: object) -> bool:
    return Residency.objects.on(on).filter(person=person, home=flat.home, lives_there=True).exists()  # type: ignore[arg-type]


def test_a_tenant_confirms_and_lives_there_from_the_first_day(door: Flat, tenant: Person) -> None:
    row = let(door, since=TODAY - timedelta(days=3))
    assert let(door, since=TODAY - timedelta(days=3)) == row
    assert told(tenant, "lettings-asked")
    assert not lives(tenant, door, TODAY)
    for _twice in range(2):
        actions.confirm(row_of(row, tenant), by=tenant, at=LATER)
    residency = Residency.objects.get(person=tenant)
    assert (residency.since, residency.tenure) == (TODAY - timedelta(days=3), "tenant")
    assert residency.verified_by == door.owner
    row.refresh_from_db()
    assert row.state == LettingState.RUNNING
    assert Event.objects.filter(kind="letting", place=door.home).count() == 1


def test_the_owner_who_lived_there_stays_its_verified_owner(willow: Willow, tenant: Person) -> None:
    door = flat(willow, lives_there=True)
    row = let(door)
    actions.confirm(row_of(row, tenant), by=tenant, at=LATER)
    owner = Residency.objects.on(TODAY).get(person=door.owner, home=door.home)
    assert not owner.lives_there
    assert owner.verified_at is not None
    actions.extend(row, row.until + timedelta(days=30), by=door.owner, at=LATER)


def test_who_lets_a_room_goes_on_living_there(willow: Willow, tenant: Person) -> None:
    door = flat(willow, lives_there=True)
    row = let(door, purpose="room")
    actions.confirm(row_of(row, tenant), by=tenant, at=LATER)
    assert lives(door.owner, door, TODAY)
    assert lives(tenant, door, TODAY)
    second = people.register("毕合租", "13900000072", MONDAY)
    other = let(door, purpose="room", tenants=[("毕合租", "13900000072")])
    actions.confirm(row_of(other, second), by=second, at=LATER)
    assert lives(second, door, TODAY)


def test_only_a_verified_owner_lets_and_only_the_named_number_confirms(
    willow: Willow, door: Flat, tenant: Person
) -> None:
    other = Flat(door.home, willow.zhang, door.code)
    with pytest.raises(Refused, match="已核验的业主"):
        let(other)
    row = let(door)
    with pytest.raises(Refused, match="不是您的手机号"):
        actions.confirm(row.tenants.get(), by=willow.zhang, at=LATER)
    with pytest.raises(Refused, match="已核验的业主"):
        actions.extend(row, row.until + timedelta(days=1), by=tenant, at=LATER)


def test_a_tenant_says_that_it_is_not_so_and_nothing_is_registered(door: Flat, tenant: Person) -> None:
    row = let(door)
    for _twice in range(2):
        actions.decline(row_of(row, tenant), by=tenant, at=LATER)
    row.refresh_from_db()
    assert row.state == LettingState.WITHDRAWN
    assert not lives(tenant, door, TODAY)
    assert told(door.owner, "lettings-answered")
    with pytest.raises(Refused, match="答复过"):
        actions.confirm(row_of(row, tenant), by=tenant, at=LATER)


def test_a_letting_of_the_future_begins_on_its_day_by_the_clock(door: Flat, tenant: Person) -> None:
    row = let(door, since=TODAY + timedelta(days=5))
    actions.confirm(row_of(row, tenant), by=tenant, at=LATER)
    assert actions.run_clocks(LATER)["begun"] == 0
    assert not lives(tenant, door, TODAY)
    later = MONDAY + timedelta(days=5)
    assert actions.run_clocks(later)["begun"] == 1
    assert lives(tenant, door, later.date())
    assert actions.run_clocks(later)["begun"] == 0


def test_a_letting_is_extended_and_told_and_ended_and_residency_ends_that_day(
    door: Flat, tenant: Person
) -> None:
    row = let(door, since=TODAY - timedelta(days=60))
    actions.confirm(row_of(row, tenant), by=tenant, at=LATER)
    with pytest.raises(Refused, match="晚于"):
        actions.extend(row, row.until - timedelta(days=1), by=door.owner, at=LATER)
    row = actions.extend(row, row.until + timedelta(days=90), by=door.owner, at=LATER)
    assert told(tenant, "lettings-extended")
    with pytest.raises(Refused, match="不能早于"):
        actions.end(row, TODAY - timedelta(days=90), by=door.owner, at=LATER)
    for _twice in range(2):
        row = actions.end(row, TODAY, by=door.owner, at=LATER)
    assert row.state == LettingState.ENDED
    assert not lives(tenant, door, TODAY)
    assert lives(tenant, door, TODAY - timedelta(days=1))
    assert told(tenant, "register-event")


def test_an_end_to_come_is_told_at_once_and_done_on_its_day(door: Flat, tenant: Person) -> None:
    row = let(door)
    actions.confirm(row_of(row, tenant), by=tenant, at=LATER)
    row = actions.end(row, TODAY + timedelta(days=10), by=door.owner, at=LATER)
    assert told(tenant, "lettings-ending")
    assert lives(tenant, door, TODAY)
    day = MONDAY + timedelta(days=10)
    assert actions.run_clocks(day)["ended"] == 1
    assert not lives(tenant, door, day.date())
    assert actions.run_clocks(day)["ended"] == 0


def test_one_of_two_tenants_leaves_and_the_letting_goes_on(door: Flat, tenant: Person) -> None:
    second = people.register("毕合租", "13900000072", MONDAY)
    row = let(door, tenants=[("鲁新来", NEW_PHONE), ("毕合租", "13900000072")])
    for person in (tenant, second):
        actions.confirm(row_of(row, person), by=person, at=LATER)
    row = actions.end(row, TODAY, by=second, at=LATER)
    row.refresh_from_db()
    assert row.state == LettingState.RUNNING
    assert lives(tenant, door, TODAY)
    assert not lives(second, door, TODAY)
    row = actions.end(row, TODAY, by=tenant, at=LATER)
    assert row.state == LettingState.ENDED


def test_a_home_is_let_whole_once_at_a_time(door: Flat, tenant: Person) -> None:
    let(door)
    with pytest.raises(Refused, match="已经登记出租"):
        let(door, tenants=[("毕合租", "13900000072")])
    with pytest.raises(Refused, match="已经登记出租"):
        let(door, purpose="room", tenants=[("毕合租", "13900000072")])
    later = let(door, since=TODAY + timedelta(days=400), tenants=[("毕合租", "13900000072")])
    assert later.state == LettingState.WAITING


def test_an_end_that_nears_is_told_once_and_a_term_that_ran_out_changes_no_residency(
    door: Flat, tenant: Person
) -> None:
    """《民法典》第七百三十四条: who stays, and is let stay, goes on without a term."""
    row = let(door, days=20)
    actions.confirm(row_of(row, tenant), by=tenant, at=LATER)
    actions.run_clocks(LATER)
    assert told(tenant, "lettings-until")
    assert told(door.owner, "lettings-until")
    after = MONDAY + timedelta(days=40)
    actions.run_clocks(after)
    assert lives(tenant, door, after.date())
    row.refresh_from_db()
    assert row.is_past_its_day(after.date())
    assert PendingNotice.objects.filter(person=tenant, key__contains="lettings-until").count() == 1


def test_an_empty_home_is_offered_asked_about_answered_and_hidden_when_let(
    willow: Willow, door: Flat, tenant: Person
) -> None:
    row = actions.offer(door.home, door.owner, Vacancy(2, TODAY, "朝南"), MONDAY)
    assert actions.offer(door.home, door.owner, Vacancy(3, TODAY, "朝南"), LATER) == row
    inquiry = actions.ask(row, tenant, "两个人住，周六想看", LATER)
    assert actions.ask(row, tenant, "两个人住，周六想看", LATER) == inquiry
    assert told(door.owner, "lettings-inquiry")
    assert Todo.objects.open().get(key=inquiry.subject).organisation == willow.desk
    actions.answer(inquiry, "周六下午三点服务台见", by=willow.sun, at=LATER)
    assert told(tenant, "lettings-answer")
    assert not Todo.objects.open().filter(key=inquiry.subject).exists()
    with pytest.raises(Refused, match="答复过"):
        actions.answer(inquiry, "别的话", by=door.owner, at=LATER)
    letting = let(door)
    assert Offer.objects.shown(LATER).exists()
    actions.confirm(row_of(letting, tenant), by=tenant, at=LATER)
    assert not Offer.objects.shown(LATER).exists()
    with pytest.raises(Refused, match="登记出租"):
        actions.offer(door.home, door.owner, Vacancy(2, TODAY), LATER)
    with pytest.raises(Refused, match="租出去"):
        actions.ask(row, willow.zhang, "还在吗", LATER)


def test_an_offer_runs_out_by_time_and_is_renewed_or_taken_down_by_its_owner(
    willow: Willow, door: Flat
) -> None:
    row = actions.offer(door.home, door.owner, Vacancy(2, TODAY), MONDAY)
    over = MONDAY + timedelta(days=60)
    assert not Offer.objects.shown(over).exists()
    actions.renew(row, by=door.owner, at=over)
    assert Offer.objects.shown(over).exists()
    with pytest.raises(Refused, match="业主"):
        actions.take_down(row, by=willow.zhang, at=over)
    for _twice in range(2):
        actions.take_down(row, by=door.owner, at=over)
    assert not Offer.objects.shown(over).exists()
    with pytest.raises(Refused, match="您自己的"):
        actions.ask(actions.offer(door.home, door.owner, Vacancy(2, TODAY), over), door.owner, "好", over)


def test_somebody_asks_only_so_often_a_day(door: Flat, tenant: Person) -> None:
    row = actions.offer(door.home, door.owner, Vacancy(2, TODAY), MONDAY)
    for number in range(5):
        actions.ask(row, tenant, f"第{number}次", MONDAY)
    with pytest.raises(Refused, match="次数多"):
        actions.ask(row, tenant, "又一次", MONDAY)
    assert Inquiry.objects.count() == 5
