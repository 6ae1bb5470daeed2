"""Many at once, over real HTTP: what two workers tap in the same moment happens once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.utils import timezone

from linli.cases import actions
from linli.cases.models import Case, Order
from linli.cases.rules import State
from linli.notices.models import Notice
from linli.people.models import Person
from linli.todos.models import Todo
from linli.transparency.models import Entry
from tests.cast import Willow
from tests.journeys.stories import lamp_case, lamp_order
from tests.signing_in import signed_in
from tests.visitors import Answer, Visitor

pytestmark = pytest.mark.django_db(transaction=True)

EIGHT = 8


@pytest.fixture
def caller(live_server: Any) -> Callable[[Person], Visitor]:
    """Return `caller(person)`: signed in, with a form's token."""

    def sign_in(person: Person) -> Visitor:
        visitor = Visitor(live_server.url, {"sessionid": signed_in(person).cookies["sessionid"].value})
        assert visitor.get("/cases/say/").status == 200
        return visitor

    return sign_in


def at_once(acts: list[Callable[[], Answer]]) -> list[Answer]:
    """Let all begin in the same moment, each in a thread of its own."""
    gate = Barrier(len(acts))

    def begin(act: Callable[[], Answer]) -> Answer:
        gate.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begin, acts))


def test_eight_requests_at_once_by_two_workers_make_one_order(
    house: Willow, caller: Callable[[Person], Visitor]
) -> None:
    """Both choose the same unit: one order, one to-do, one line in the record; nobody sees an error."""
    case = lamp_case(house, timezone.now())
    workers = [caller(house.sun), caller(house.wang)]
    typed = {"lead": house.property.token}
    answers = at_once(
        [
            lambda worker=workers[number % 2]: worker.post(f"{case.address}dispatch/", typed)
            for number in range(EIGHT)
        ]
    )
    assert {answer.status for answer in answers} <= {302, 409}
    assert answers.count(next(answer for answer in answers if answer.status == 302)) >= 1
    order = Order.objects.get()
    assert order.organisation == house.property
    assert Todo.objects.filter(key__startswith=order.key, closed_at=None).count() == 1
    assert Entry.objects.filter(type="case.dispatched").count() == 1


def test_two_workers_who_choose_different_units_at_once_leave_one_lead(
    house: Willow, caller: Callable[[Person], Visitor]
) -> None:
    """Whoever comes second reads a sentence that says so."""
    case = lamp_case(house, timezone.now())
    workers = [caller(house.sun), caller(house.wang)]
    bodies = [house.property.token, house.urban_management.token]
    answers = at_once(
        [
            lambda number=number: workers[number % 2].post(
                f"{case.address}dispatch/", {"lead": bodies[number % 2]}
            )
            for number in range(EIGHT)
        ]
    )
    leads = Order.objects.filter(ended_at=None, part=Order.Part.LEAD)
    assert leads.count() == 1
    refused = [answer for answer in answers if answer.status == 409]
    assert len(refused) >= 4
    assert {answer.status for answer in answers} <= {302, 409}
    case.refresh_from_db()
    assert case.lead == leads.get().organisation


def test_one_form_posted_eight_times_at_once_files_one_case(
    house: Willow, caller: Callable[[Person], Visitor]
) -> None:
    """A double tap on a slow telephone: every answer leads to the same receipt."""
    zhang = caller(house.zhang)
    typed = {"text": "3幢门前路灯不亮", "place_words": "杨柳苑", "once": "one-form-of-eight"}
    answers = at_once([lambda: zhang.post("/cases/say/", typed)] * EIGHT)
    assert {answer.status for answer in answers} == {302}
    assert len({answer.location for answer in answers}) == 1
    assert Case.objects.count() == 1


def test_eight_confirmations_at_once_count_once_and_tell_a_neighbour_once(
    house: Willow, caller: Callable[[Person], Visitor]
) -> None:
    now = timezone.now()
    case, order = lamp_order(house, now)
    actions.support(case, house.neighbour, at=now)
    actions.sign(order, by=house.zhao, at=now)
    actions.resolve(case, "灯泡换好了，晚上试过会亮。", by=house.zhao, at=now)
    before = Notice.objects.filter(person=house.neighbour).count()
    zhang = caller(house.zhang)
    typed = {"outcome": "solved", "rating": "5"}
    answers = at_once([lambda: zhang.post(f"{case.address}confirm/", typed)] * EIGHT)
    assert {answer.status for answer in answers} == {302}
    case.refresh_from_db()
    assert case.state == State.CONFIRMED
    assert case.verdicts.count() == 1
    assert Notice.objects.filter(person=house.neighbour).count() == before + 1
