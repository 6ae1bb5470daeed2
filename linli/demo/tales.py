"""Twelve weeks of 柳树社区, lived through by calling actions: everything on the pages happened the way it would."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from linli.attachments import actions as attachments
from linli.base import worktime
from linli.cases import actions as cases
from linli.cases.models import Answer, Asking, Case, Order
from linli.cases.rules import Channel, Outcome, State
from linli.demo.history import SHANGHAI, History, someone_of
from linli.demo.pictures import scene
from linli.demo.voices import ACCEPTED, FEEDBACK, NOT_YET, THANKS, VOICES, Voice
from linli.demo.world import World
from linli.duties import actions as duties
from linli.duties.functions import Function
from linli.duties.models import Category
from linli.organisations.models import Organisation
from linli.people.models import Person
from linli.places.models import Kind, Place

WEEKS = 12
CLOCK_EVERY = timedelta(hours=3)
PATHS = (
    ("smooth", 52), ("silent", 12), ("not_solved", 7), ("neglected", 5), ("twice", 2), ("returned", 4),
    ("extension", 3), ("paused", 3), ("joint", 4), ("declined", 2), ("withdrawn", 2), ("on_spot", 6),
    ("transferred", 3), ("asked_more", 4), ("help", 2), ("merged", 3), ("recalled", 1),
)  # fmt: skip
CHANNELS = (
    (Channel.PAGE, 40), (Channel.QR, 18), (Channel.TELEPHONE, 18), (Channel.COUNTER, 10), (Channel.VISIT, 8),
    (Channel.VOICE, 4), (Channel.PATROL, 2),
)  # fmt: skip


def live_through(world: World, cast: dict[str, Person], now: datetime, say: Callable[[str], None]) -> None:
    """Fill the twelve weeks before `now` with matters of every kind and ending."""
    history = History(world, cast, now, random.Random(612))  # noqa: S311 — the same story each time
    history.categories = {c.code: c for c in Category.objects.leaves()}
    history.calendar = duties.calendar_of(world.community)
    first = (now - timedelta(weeks=WEEKS)).replace(hour=0, minute=0, second=0, microsecond=0)
    at = first
    while at <= now:
        history.plan(at, history.tick)
        at += CLOCK_EVERY
    for day in range(WEEKS * 7 + 1):
        morning = first + timedelta(days=day)
        amount = (
            history.draw.choice((3, 4, 5, 6, 7)) if morning.weekday() < 5 else history.draw.choice((2, 3, 4))
        )
        for _ in range(amount):
            minutes = history.draw.randint(7 * 60, 21 * 60 + 30)
            history.plan(morning + timedelta(minutes=minutes), Tale(history).begin)
    for number, (code, text, answer) in enumerate(FEEDBACK):
        spoken = first + timedelta(days=9 + 15 * number, hours=19)
        history.plan(spoken, Tale(history, Voice(code, text, answer), path="smooth").begin)
    history.run(say)


class Tale:
    """One matter from said to its end, step by step along a path."""

    def __init__(self, history: History, voice: Voice | None = None, path: str = "") -> None:
        self.history = history
        draw = history.draw
        self.path = path or draw.choices([p for p, _ in PATHS], [w for _, w in PATHS])[0]
        self.voice = voice or draw.choice([v for v in VOICES if v.text not in history.lately])
        history.lately.append(self.voice.text)
        self.channel = draw.choices([c for c, _ in CHANNELS], [w for _, w in CHANNELS])[0]
        self.worker = history.cast["sun"]
        self.case: Case
        self.twin: Case
        self.left_open = False  # filed without a category: the desk finds it

    def begin(self, at: datetime) -> None:
        """Say it, in the way it is said, and plan what the desk does."""
        draw, world = self.history.draw, self.history.world
        resident = draw.choice(world.residents)
        if draw.random() < 0.03:
            resident = self.history.cast["zhang"]
        place = self._place(resident)
        text = self.voice.text.format(where=self._where(place))
        category = self.history.categories[self.voice.category]
        answers = {q["code"]: q["answers"][-1] for q in category.questions if q.get("stops")}
        self.left_open = self.channel in (Channel.PAGE, Channel.VOICE) and draw.random() < 0.3
        said = cases.Said(
            text=text,
            place=place,
            channel=self.channel,
            category=None if self.left_open else category,
            answers=answers,
        )
        if self.path == "on_spot":
            self.case = cases.solve_on_the_spot(
                said, resident=resident, by=self.worker, at=at, words=self.voice.done
            )
            return
        if self.channel in (Channel.TELEPHONE, Channel.COUNTER, Channel.VISIT):
            self.case = cases.file_for(said, resident=resident, by=self.worker, at=at)
        elif self.channel == Channel.PATROL:
            self.case = cases.file_for(said, resident=None, by=self.history.cast["li"], at=at)
        else:
            self.case = cases.file(said, by=resident, at=at)
        if self.path == "merged":
            again = cases.Said(text=f"{text}我家也是。", place=place, category=category, answers=answers)
            self.twin = cases.file(again, by=draw.choice(world.residents), at=at + timedelta(minutes=40))
        if self.voice.picture and self.channel != Channel.TELEPHONE:
            photo = scene(self.voice.picture, is_done=False)
            attachments.attach(photo, self.case.subject, "before", at, resident.subject)
        self.history.plan(self.history.at_work(at, minutes=draw.randint(10, 150)), self.desk)

    def _place(self, resident: Person) -> Place:
        """Return where a resident's matter is: a facility of their estate, their building, or the estate."""
        home = resident.home_now(self.history.now.date())
        if home is None or home.estate is None:
            return self.history.world.community
        if self.voice.facility:
            near = [f for f in self.history.world.facilities if f.facility_kind == self.voice.facility]
            own = [f for f in near if f.estate_id == home.estate_id]
            if own or near:
                return self.history.draw.choice(own or near)
        unit = home.parent
        return unit.parent if unit and unit.kind == Kind.UNIT and unit.parent else home.estate

    def _where(self, place: Place) -> str:
        return place.name if place.kind in (Kind.BUILDING, Kind.ESTATE) else str(place.estate or place.name)

    def desk(self, at: datetime) -> None:
        """What the desk does with it: look over the public text, answer, then dispatch, decline or leave it."""
        case = self.case
        case.refresh_from_db()
        by = self._desk_worker()
        self._look_over(by, at)
        if case.category is None:
            cases.categorise(case, self.history.categories[self.voice.category], by=by, at=at)
        if case.state not in (State.FILED, State.ACCEPTED):
            self.history.plan(self.history.at_work(at, minutes=30), self.sign)
        elif self.path == "withdrawn" and case.reporter:
            cases.withdraw(case, by=case.reporter, at=at, words="自己已经解决了")
        elif self.path == "declined":
            reason = "这件事要由本人到窗口办理，社区不能代为决定。"
            channel = "请打 12345，或到区政务服务中心二楼综合窗口。"
            cases.decline(case, by=by, at=at, reason=reason, channel=channel)
        else:
            self._send_on(by, at)

    def _look_over(self, by: Person, at: datetime) -> None:
        if self.case.visibility == Case.Visibility.CHECKING:
            cases.moderate(self.case, by=by, at=at)
            for photo in attachments.of(self.case.subject):
                attachments.release(photo, at)
            self._neighbours(at)

    def _send_on(self, by: Person, at: datetime) -> None:
        case, draw, bodies = self.case, self.history.draw, self.history.world.bodies
        if draw.random() < 0.75:
            cases.accept(case, by=by, at=at, words=draw.choice(ACCEPTED))
        if self.path == "merged":
            cases.merge(self.twin, case, by=by, at=at, reason="同一处、同一件事")
        lead = self._lead()
        if self.path in ("transferred", "recalled", "returned") and lead.function != Function.ROADS:
            lead = bodies[Function.ROADS]
        assists = [bodies[Function.STREET_OFFICE]] if self.path == "joint" else []
        cases.dispatch(case, lead, [body for body in assists if body != lead], by=by, at=at)
        self.history.plan(self.history.at_work(at, minutes=draw.randint(15, 200)), self.sign)

    def _neighbours(self, at: datetime) -> None:
        """Some neighbours met with the same, or just want to hear how it goes."""
        draw = self.history.draw
        if self.case.visibility != Case.Visibility.PUBLIC or draw.random() < 0.5:
            return
        near = [r for r in draw.sample(self.history.world.residents, 12) if r.pk != self.case.reporter_id]
        for resident in near[: draw.choice((1, 1, 2, 2, 3, 4, 7))]:
            act = cases.support if draw.random() < 0.8 else cases.follow
            act(self.case, resident, at=at + timedelta(minutes=draw.randint(1, 55)))

    def _desk_worker(self) -> Person:
        """Whoever dispatches for the body that owns the case by now: over a weekend it may have gone up."""
        owner = self.case.owner
        if owner is None or owner.function == Function.COMMUNITY_DESK:
            return self.worker
        members = owner.memberships.select_related("person").order_by("id")
        return next((m.person for m in members if "dispatch" in m.powers), self.worker)

    def _lead(self) -> Organisation:
        case = self.case
        return case.proposed_lead or case.owner or self.history.world.bodies[Function.COMMUNITY_DESK]

    def _order(self) -> Order | None:
        return self.case.orders.open().filter(part=Order.Part.LEAD).select_related("organisation").first()

    def sign(self, at: datetime) -> None:
        """Sign for the order; a neglected one waits until the ladder has reached the street."""
        order = self._order()
        if order is None:
            return
        if self.path == "neglected":
            self.path = "smooth"
            self.history.plan(self.history.at_work(at, days=self.history.draw.randint(9, 16)), self.sign)
            return
        if order.signed_at is None:
            cases.sign(order, by=someone_of(order.organisation, "handle"), at=at)
        following = {
            "returned": self.give_back, "extension": self.ask_time, "paused": self.park, "joint": self.co_answer,
            "transferred": self.hand_on, "recalled": self.hand_on, "asked_more": self.ask_more, "help": self.ask_help,
        }.get(self.path, self.work)  # fmt: skip
        self.history.plan(self.history.at_work(at, minutes=self.history.draw.randint(20, 300)), following)

    def hand_on(self, at: datetime) -> None:
        """The desk sees that it went to the wrong body and puts it right."""
        by, right = self._desk_worker(), self.history.world.bodies[Function.COMMUNITY_DESK]
        right = self.case.proposed_lead or right
        if self.path == "transferred":
            cases.transfer(self.case, right, by=by, at=at, reason="现场属小区共有部分，请物业来办。")
        else:
            cases.recall(self.case, by=by, at=at, reason="地点写错了，先收回核对。")
            cases.dispatch(self.case, right, by=by, at=at + timedelta(minutes=20))
        self.path = "smooth"
        self.history.plan(self.history.at_work(at, hours=1), self.sign)

    def ask_more(self, at: datetime) -> None:
        """Ask the resident for what is missing; they tell."""
        self.path = "smooth"
        order, reporter = self._order(), self.case.reporter
        if order is None or reporter is None:
            return
        by = someone_of(order.organisation, "handle")
        cases.ask_more(self.case, "请问大概在几楼、什么时候最明显？", by=by, at=at)
        told = at + timedelta(hours=self.history.draw.uniform(0.5, 9))
        self.history.plan(told, self.tell_more)
        self.history.plan(self.history.at_work(told, hours=3), self.work)

    def tell_more(self, at: datetime) -> None:
        """The resident answers what was asked."""
        if self.case.reporter:
            cases.tell_more(self.case, "在五楼，晚上八点以后最明显。", by=self.case.reporter, at=at)

    def ask_help(self, at: datetime) -> None:
        """请求支援: the street comes along."""
        self.path = "smooth"
        order = self._order()
        if order is not None:
            by = someone_of(order.organisation, "handle")
            asking = cases.ask_help(order, "要登高车，本单位没有，请街道协调。", by=by, at=at)
            ruler = someone_of(asking.arbiter, "arbitrate")
            cases.rule_on(asking, True, "已联系登高车，明天上午到。", by=ruler, at=at + timedelta(hours=1))
        self.history.plan(self.history.at_work(at, hours=6), self.work)

    def give_back(self, at: datetime) -> None:
        """退单: not ours; the street rules, and the right body gets it."""
        order = self._order()
        self.path = "smooth"
        if order is None:
            return
        by = someone_of(order.organisation, "handle")
        asking = cases.ask_return(
            order, "not_our_duty", "现场看过，属小区共有部分，不是市政设施。", by=by, at=at
        )
        self.history.plan(self.history.at_work(at, hours=3), lambda moment: self.rule(asking, moment))

    def rule(self, asking: Asking, at: datetime) -> None:
        """The arbiter decides and names who it is for."""
        by = someone_of(asking.arbiter, "arbitrate")
        right = self._lead()
        lead = right if right != asking.order.organisation else None
        cases.rule_on(asking, True, "同意退单，按权属派给物业服务企业。", by=by, at=at, lead=lead)
        self.history.plan(self.history.at_work(at, minutes=90), self.sign)

    def ask_time(self, at: datetime) -> None:
        """延期, before it runs out; granted by another body."""
        order = self._order()
        self.path = "smooth"
        if order is not None and order.due and at < order.due and (not self.case.due or at < self.case.due):
            by = someone_of(order.organisation, "handle")
            asking = cases.ask_extension(
                order, 3, worktime.Unit.WORKING_DAY, "配件要从外地调货。", by=by, at=at
            )
            ruler = someone_of(asking.arbiter, "arbitrate")
            cases.rule_on(
                asking, True, "情况属实，同意延期三个工作日。", by=ruler, at=at + timedelta(minutes=40)
            )
        self.history.plan(self.history.at_work(at, days=2), self.work)

    def park(self, at: datetime) -> None:
        """挂账 and on again."""
        order = self._order()
        self.path = "smooth"
        if order is None:
            return
        by = someone_of(order.organisation, "handle")
        cases.start(order, by=by, at=at)
        review = (at + timedelta(days=10)).astimezone(SHANGHAI).date()
        cases.pause(self.case, "等厂家生产的配件到货，约十天。", review, by=by, at=at + timedelta(minutes=5))
        self.history.plan(self.history.at_work(at, days=9), lambda moment: self.go_on(by, moment))

    def go_on(self, by: Person, at: datetime) -> None:
        """Resume when the part has come."""
        cases.resume(self.case, by=by, at=at, words="配件到了。")
        self.history.plan(self.history.at_work(at, hours=5), self.work)

    def co_answer(self, at: datetime) -> None:
        """Each co-unit answers for itself before the lead resolves."""
        self.path = "smooth"
        for order in self.case.orders.open().filter(part=Order.Part.ASSIST).select_related("organisation"):
            by = someone_of(order.organisation, "handle")
            if order.signed_at is None:
                cases.sign(order, by=by, at=at)
            cases.answer_order(order, "已到场协调，主办单位可以施工。", by=by, at=at + timedelta(minutes=30))
        self.history.plan(self.history.at_work(at, hours=4), self.work)

    def work(self, at: datetime) -> None:
        """Begin, tell the asker how it stands, then resolve when the limit is near."""
        order = self._order()
        if order is None or self.case.closed_at:
            return
        self.case.refresh_from_db()
        if self.case.state == State.ASSIGNED:
            by = someone_of(order.organisation, "handle")
            cases.start(
                order, by=by, at=at, words="师傅已经看过现场。" if self.history.draw.random() < 0.6 else ""
            )
        left = (self.case.due - at) if self.case.due else timedelta(days=1)
        share = self.history.draw.uniform(0.2, 0.8)
        late = self.history.draw.random() < 0.1
        wait = max(left * share, timedelta(hours=1)) if not late else max(left * 1.3, timedelta(days=1))
        self.history.plan(
            self.history.at_work(at, hours=min(wait.total_seconds() / 3600, 24 * 12)), self.resolve
        )

    def resolve(self, at: datetime) -> None:
        """Say that it is done, with a picture where there was one, and let the asker answer."""
        order = self._order()
        self.case.refresh_from_db()
        if order is None or self.case.state not in (State.ASSIGNED, State.UNDER_WAY):
            return
        by = someone_of(order.organisation, "handle")
        if self.voice.picture:
            photo = attachments.attach(
                scene(self.voice.picture, is_done=True), self.case.subject, "after", at, by.subject
            )
            if self.case.visibility == Case.Visibility.PUBLIC:
                attachments.release(photo, at)
        missing = "协办单位已口头答复。"
        cases.resolve(
            self.case, self.voice.done, by=by, at=at, public_answer=self.voice.done, missing=missing
        )
        if self.path != "silent":
            self.history.plan(at + timedelta(hours=self.history.draw.uniform(1, 30)), self.answer)

    def answer(self, at: datetime) -> None:
        """The asker says whether it is solved."""
        case, draw = self.case, self.history.draw
        case.refresh_from_db()
        waiting = Answer.objects.waiting().filter(case=case).select_related("person").first()
        if waiting is None or case.state != State.RESOLVED:
            return
        if self.path in ("not_solved", "twice"):
            self.path = {"twice": "not_solved", "not_solved": "smooth"}[self.path]
            verdict = cases.Verdict(outcome=Outcome.NOT_SOLVED, words=draw.choice(NOT_YET))
            cases.confirm(case, waiting.person, verdict, by=waiting.person, at=at)
            self.history.plan(self.history.at_work(at, hours=draw.randint(1, 5)), self.again)
            return
        partly = draw.random() < 0.1
        rating = draw.choices((5, 4, 3, 2), (46, 38, 12, 4))[0]
        verdict = cases.Verdict(
            outcome=Outcome.PARTLY if partly else Outcome.SOLVED,
            rating=min(rating, 3) if partly else rating,
            words=draw.choice(THANKS),
        )
        cases.confirm(case, waiting.person, verdict, by=waiting.person, at=at)

    def again(self, at: datetime) -> None:
        """Another round: whoever holds the order now signs and works."""
        self.case.refresh_from_db()
        order = self._order()
        if order is None and self.case.state in (State.FILED, State.ACCEPTED, State.ASSIGNED):
            self.case.refresh_from_db()
            return
        self.sign(at)
