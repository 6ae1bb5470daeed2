"""No sequence of acts breaks what must always hold: a random walk over a case's life, by a random cast."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from linli.base.errors import Refused
from linli.cases import actions
from linli.cases.actions import Portion, Verdict
from linli.cases.models import Answer, Asking, CallBack, Case, Check, Order
from linli.cases.rules import CLOSED, OPEN, WITH_A_UNIT, OrderState, State
from linli.cases.tests.rows import DONE, filed
from linli.duties.models import Category
from linli.people.models import Person
from linli.todos.models import Todo
from tests.cast import MONDAY, Willow

ACTORS = (
    "zhang",
    "neighbour",
    "sun",
    "wang",
    "zhao",
    "urban",
    "qian",
    "district_officer",
    "checker",
    "stranger",
)


class Walk:
    """One walk: each step names an act and who tries it; refusals are part of life."""

    def __init__(self, willow: Willow) -> None:
        self.willow, self.at = willow, MONDAY
        self.case = filed(willow)
        self.other = filed(willow, by=willow.neighbour)

    def step(self, verb: str, actor: str, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)
        by: Person = getattr(self.willow, actor)
        try:
            getattr(self, verb)(by)
        except Refused:
            pass
        except (Order.DoesNotExist, Asking.DoesNotExist, Check.DoesNotExist, CallBack.DoesNotExist):
            pass
        self.case.refresh_from_db()

    def orders(self) -> Order:
        found = Order.objects.filter(case=self.case).order_by("-pk").first()
        if found is None:
            raise Order.DoesNotExist
        return found

    def accept(self, by: Person) -> None:
        actions.accept(self.case, by=by, at=self.at)

    def dispatch(self, by: Person) -> None:
        actions.dispatch(self.case, self.willow.property, [self.willow.urban_management], by=by, at=self.at)

    def transfer(self, by: Person) -> None:
        actions.transfer(self.case, self.willow.urban_management, by=by, at=self.at, reason="换单位")

    def recall(self, by: Person) -> None:
        actions.recall(self.case, by=by, at=self.at, reason="派错了")

    def categorise(self, by: Person) -> None:
        leaf = Category.objects.get(code="sanitation.litter")
        actions.categorise(self.case, leaf, by=by, at=self.at)

    def sign(self, by: Person) -> None:
        actions.sign(self.orders(), by=by, at=self.at)

    def start(self, by: Person) -> None:
        actions.start(self.orders(), by=by, at=self.at, words="下午来")

    def answer(self, by: Person) -> None:
        actions.answer_order(self.orders(), DONE, by=by, at=self.at)

    def pause(self, by: Person) -> None:
        actions.pause(
            self.case, "等配件", date.fromordinal(self.at.date().toordinal() + 5), by=by, at=self.at
        )

    def resume(self, by: Person) -> None:
        actions.resume(self.case, by=by, at=self.at)

    def extend(self, by: Person) -> None:
        actions.ask_extension(self.orders(), 1, "working_day", "缺人手", by=by, at=self.at)

    def give_back(self, by: Person) -> None:
        actions.ask_return(self.orders(), "not_our_duty", "不归我们", by=by, at=self.at)

    def help(self, by: Person) -> None:
        actions.ask_help(self.orders(), "要登高车", by=by, at=self.at)

    def rule(self, by: Person) -> None:
        asking = Asking.objects.filter(decided_at=None, order__case=self.case).first()
        if asking is None:
            raise Asking.DoesNotExist
        lead = self.willow.property if self.at.minute % 3 == 0 else None
        actions.rule_on(asking, self.at.minute % 2 == 0, "按清单", by=by, at=self.at, lead=lead)

    def resolve(self, by: Person) -> None:
        actions.resolve(self.case, DONE, by=by, at=self.at, missing="不用等")

    def solved(self, by: Person) -> None:
        actions.confirm(self.case, by, Verdict("solved", 4), by=by, at=self.at)

    def not_solved(self, by: Person) -> None:
        actions.confirm(self.case, by, Verdict("not_solved", words="还是不亮"), by=by, at=self.at)

    def reopen(self, by: Person) -> None:
        actions.reopen(self.case, "又坏了", by=by, at=self.at)

    def decline(self, by: Person) -> None:
        actions.decline(self.case, by=by, at=self.at, reason="不归社区", channel="电话 12345")

    def withdraw(self, by: Person) -> None:
        actions.withdraw(self.case, by=by, at=self.at)

    def merge(self, by: Person) -> None:
        actions.merge(self.other, self.case, by=by, at=self.at)

    def unmerge(self, by: Person) -> None:
        actions.unmerge(self.other, by=by, at=self.at, reason="不是一件事")

    def split(self, by: Person) -> None:
        leaf = Category.objects.get(code="sanitation.sorting")
        actions.split(self.case, [Portion("垃圾没人收", leaf)], by=by, at=self.at)

    def check(self, by: Person) -> None:
        actions.ask_check(self.case, by=self.willow.sun, at=self.at)
        found = Check.objects.get(checked_at=None, case=self.case)
        actions.check(found, self.at.minute % 2 == 0, "看过", by=by, at=self.at)

    def tell(self, by: Person) -> None:
        actions.tell_more(self.case, "又摔了一个人", by=by, at=self.at)

    def clocks(self, by: Person) -> None:
        self.at += timedelta(days=self.at.minute % 4)
        actions.run_clocks(self.at)


VERBS = [name for name in vars(Walk) if not name.startswith("_") and name not in ("step", "orders")]
# Who can do what is tried often enough to get far, and everybody else tries as well.
LIKELY = {
    "zhang": ["solved", "not_solved", "reopen", "tell"],
    "sun": [
        "accept",
        "dispatch",
        "transfer",
        "recall",
        "categorise",
        "dispatch",
        "merge",
        "unmerge",
        "split",
    ],
    "zhao": ["sign", "start", "pause", "resume", "extend", "give_back", "resolve", "resolve"],
    "urban": ["sign", "start", "answer", "resolve", "give_back", "help"],
    "qian": ["rule", "sign", "transfer", "resolve"],
    "checker": ["check", "clocks"],
}
steps = st.tuples(
    st.one_of(
        st.sampled_from([(verb, actor) for actor, verbs in LIKELY.items() for verb in verbs]),
        st.tuples(st.sampled_from(VERBS), st.sampled_from(ACTORS)),
    ),
    st.integers(1, 600),
)


def assert_sound(case: Case, at: datetime) -> None:
    orders = list(case.orders.all())
    open_leads = [order for order in orders if order.ended_at is None and order.part == Order.Part.LEAD]
    assert (case.state in CLOSED) == (case.closed_at is not None)
    assert len(open_leads) == (1 if case.state in WITH_A_UNIT else 0), case.state
    assert case.state not in WITH_A_UNIT or open_leads[0].organisation_id == case.lead_id
    assert case.state in WITH_A_UNIT or not [order for order in orders if order.ended_at is None]
    assert case.pauses.filter(until=None).count() == (case.state == State.PAUSED)
    assert case.paused_minutes >= 0
    assert case.due is not None
    assert case.due > case.clock_from
    assert case.remind_at is None or (case.state in OPEN and case.state != State.PAUSED)
    waited_for = case.verdicts.filter(outcome="", round=case.round), case.checks.filter(checked_at=None)
    assert case.state != State.RESOLVED or any(rows.exists() for rows in waited_for), "nobody can end it"
    for answer in Answer.objects.filter(case=case):
        asked = {case.reporter_id, *case.merged.values_list("reporter_id", flat=True)}
        assert answer.rating is None or answer.person_id in asked or answer.round < case.round
    for order in orders:
        assert (order.state in (OrderState.DISPATCHED, OrderState.SIGNED, OrderState.RETURN_ASKED)) == (
            order.ended_at is None
        )
        assert order.due is not None
        assert order.due > order.dispatched_at
    assert (
        not Todo.objects.filter(key__startswith="cases.Order:")
        .open()
        .exclude(
            subject__in=[f"cases.Case:{pk}" for pk in Order.objects.open().values_list("case", flat=True)]
        )
    )


@pytest.mark.slow
@pytest.mark.django_db
@settings(
    max_examples=12,  # on each database, with other walks each time
    stateful_step_count=30,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(walk=st.lists(steps, min_size=15, max_size=40))
def test_no_sequence_of_acts_breaks_what_must_always_hold(
    willow: Willow, walk: list[tuple[tuple[str, str], int]]
) -> None:
    life = Walk(willow)
    for (verb, actor), minutes in walk:
        life.step(verb, actor, minutes)
        assert_sound(life.case, life.at)
        life.other.refresh_from_db()
        assert_sound(life.other, life.at)
