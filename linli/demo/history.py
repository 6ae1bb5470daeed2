"""The twelve weeks before today as a queue of what happens next, and everybody who makes it happen."""

import heapq
import itertools
import random
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from linli.base import worktime
from linli.base.errors import Refused
from linli.cases import actions as cases
from linli.cases.models import CallBack, Check
from linli.cases.rules import Outcome
from linli.demo.world import World
from linli.duties.models import Category
from linli.notices import actions as notices
from linli.organisations.models import Organisation
from linli.people.models import Person

SHANGHAI = ZoneInfo("Asia/Shanghai")
Step = Callable[[datetime], None]


@dataclass
class History:
    """The queue of what happens next, and everybody who makes it happen."""

    world: World
    cast: dict[str, Person]
    now: datetime
    draw: random.Random
    queue: list[tuple[datetime, int, Step]] = field(default_factory=list)
    tie: "itertools.count[int]" = field(default_factory=itertools.count)
    categories: dict[str, Category] = field(default_factory=dict)
    calendar: worktime.Calendar | None = None
    lately: deque[str] = field(
        default_factory=lambda: deque(maxlen=40)
    )  # what was said, not to be said again soon

    def plan(self, at: datetime, step: Step) -> None:
        """Let `step` happen at `at`, unless that lies after today."""
        if at <= self.now:
            heapq.heappush(self.queue, (at, next(self.tie), step))

    def at_work(self, at: datetime, **later: float) -> datetime:
        """Return `at` plus some time, moved into office hours."""
        assert self.calendar is not None  # noqa: S101 — set before anything is planned
        wanted = at + timedelta(**later)
        opening = worktime.next_opening(wanted, self.calendar)
        return opening if opening <= wanted else opening + timedelta(minutes=self.draw.randint(5, 90))

    def tick(self, at: datetime) -> None:
        """What the worker does by the clock, and what the checkers do when they come in."""
        cases.run_clocks(at)
        notices.tell_pending(at)
        while notices.send_next(at) is not None:
            pass
        notices.send_digests(at)
        opening = worktime.next_opening(at, self.calendar) if self.calendar else at
        if opening == at:
            self.look_and_ring(at)

    def look_and_ring(self, at: datetime) -> None:
        """核查 and 回访 by those who did none of the work."""
        for check in Check.objects.filter(checked_at=None).select_related("organisation"):
            by = someone_of(check.organisation, "check")
            cases.check(check, True, "到现场看过，和答复一致。", by=by, at=at)
        calls = CallBack.objects.filter(called_at=None).select_related("organisation", "answer")
        for call in calls[:2]:
            by = someone_of(call.organisation, "check")
            reached = self.draw.random() < 0.75
            verdict = cases.Verdict(
                outcome=Outcome.SOLVED, rating=self.draw.choice((3, 4, 5)), words="电话里说好了。"
            )
            cases.call_back(call, was_reached=reached, by=by, at=at, verdict=verdict if reached else None)

    def run(self, say: Callable[[str], None]) -> None:
        """Let everything happen in its order; one transaction a day, so that the disk is not asked a thousand times."""
        day = None
        while self.queue:
            day = self.queue[0][0].astimezone(SHANGHAI).date()
            with transaction.atomic():
                while self.queue and self.queue[0][0].astimezone(SHANGHAI).date() == day:
                    at, _tie, step = heapq.heappop(self.queue)
                    with suppress(Refused):  # as in life: somebody else was quicker, and the rule says no
                        step(at)
            if day.weekday() == 6:
                say(f"  到 {day:%m 月 %d 日}")


def someone_of(body: Organisation, power: str) -> Person:
    """Return whoever of a body holds `power`; every body of the demo has somebody."""
    members = [m for m in body.memberships.select_related("person").order_by("id") if power in m.powers]
    return members[0].person
