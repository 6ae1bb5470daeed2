"""People move: in, within, out; and somebody may belong to two homes but lives in one, unless they say both."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from linli.base.errors import require
from linli.base.words import said as _
from linli.people import actions as people
from linli.people.models import Person, Residency, ResidencyQuerySet
from linli.people.rules import Tenure
from linli.places.models import Kind, Place
from linli.register.actions.finding import index
from linli.register.actions.happening import Report, happened, tell
from linli.register.actions.households import found_household, join, leave
from linli.register.models import Event, Household, HouseholdMember
from linli.register.rules import HEAD_OF_HOUSEHOLD, EventKind

COUNTER = Residency.Source.COUNTER


@transaction.atomic
def belong(
    person: Person,
    home: Place,
    tenure: str,
    since: date,
    *,
    by: Person,
    at: datetime,
    lives_there: bool = True,
    in_both: bool = False,
) -> Residency:
    """Let a person belong to one more home, verified by a worker: as owner who lives elsewhere, or living there.

    Who is already said to live in another home is asked which: a move is `move`; `in_both` says it is really two.
    """
    if lives_there and not in_both:
        other = _lives_in(person, localdate(at)).exclude(home=home).select_related("home").first()
        is_near = other is not None and other.home.community_id == home.community_id
        where = (
            _("本社区的另一户") if is_near else _("别的社区")
        )  # a name and a number are no key to an address
        require(
            other is None,
            _(
                "登记的是住在%(home)s。搬过来了请用“搬家”；两处都住，请勾选“两处都住”；只是房主，请选“不住这里”。"
            )
            % {"home": where},
        )
    residency = people.settle(person, home, tenure, since, COUNTER, at, lives_there=lives_there)
    if residency.tenure != tenure or residency.lives_there != lives_there:
        people.describe(residency, by, at, tenure=tenure, lives_there=lives_there)
    verified = people.verify(residency, by, at, COUNTER)
    index([person.pk], at)
    return verified


def move(persons: Sequence[Person], home: Place, tenure: str, report: Report) -> Event:
    """Let persons move into `home` from the day of the report, all in one act.

    Where they lived ends that day; who owns the home they leave stays its owner who lives elsewhere. Their
    household comes along whole, or whoever goes leaves it and forms one of their own. It is a 迁入 where none of
    them lived in the community before.
    """
    require(bool(persons), _("请选择谁搬家。"))
    require(home.kind == Kind.HOME, _("请选到具体的一户（几幢几室）。"))
    require(tenure in Tenure.values, _("请选择是业主、家属还是租户。"))
    today = localdate(report.at)
    left = Residency.objects.on(today).filter(person__in=persons, lives_there=True).select_related("home")
    before = next((row.home for row in left.order_by("pk") if row.home_id != home.pk), None)
    stays_put = {row.person_id for row in left if row.home_id == home.pk} - {
        row.person_id for row in left if row.home_id != home.pk
    }
    require(
        not report.is_by_hand or not {person.pk for person in persons} <= stays_put,
        _("他们已经登记住在%(home)s，不用搬。") % {"home": home.full_name},
    )
    is_inside = before is not None and before.community_id == home.community_id

    def do() -> None:
        for person in persons:
            _leave_homes(person, report, but=home)
            _arrive(person, home, tenure, report)
        _take_household_along(persons, home, report)

    kind = EventKind.MOVE if is_inside else EventKind.MOVE_IN
    event = happened(kind, home, persons, report, do, place_before=before)
    words = {"day": report.on, "home": home.full_name}
    tell(persons, event, _("从 %(day)s 起登记为住在%(home)s。"), words)
    return event


def move_out(persons: Sequence[Person], report: Report) -> Event:
    """Let persons leave the community's homes from the day of the report; owners stay owners who live elsewhere."""
    require(bool(persons), _("请选择谁搬走。"))
    today = localdate(report.at)
    left = Residency.objects.on(today).filter(person__in=persons, lives_there=True).select_related("home")
    first = left.order_by("pk").first()
    require(first is not None, _("没有登记他们住在哪里，不用迁出。"))
    assert first is not None  # noqa: S101 — for the type checker

    def do() -> None:
        for person in persons:
            _leave_homes(person, report)
            leave_household(person, report)

    event = happened(EventKind.MOVE_OUT, first.home, persons, report, do)
    tell(persons, event, _("从 %(day)s 起登记为已搬走。"), {"day": report.on})
    return event


def _lives_in(person: Person, on: date) -> ResidencyQuerySet:
    return Residency.objects.on(on).filter(person=person, lives_there=True)


def _leave_homes(person: Person, report: Report, but: Place | None = None) -> None:
    """End where the person lives; an owner goes on owning. Ownership of homes they do not live in is untouched."""
    held = Residency.objects.filter(person=person, until=None, lives_there=True).select_related("home")
    for row in held.exclude(home=but) if but is not None else held:
        end_stay(row, report)
        if row.tenure == Tenure.OWNER:
            settle(person, row.home, Tenure.OWNER, report, lives_there=False)


def _arrive(person: Person, home: Place, tenure: str, report: Report) -> None:
    held = Residency.objects.filter(person=person, home=home, until=None).first()
    if held is not None and not held.lives_there:  # an owner who comes to live in their home
        end_stay(held, report)
        tenure = held.tenure
    settle(person, home, tenure, report)


def settle(
    person: Person, home: Place, tenure: str, report: Report, *, lives_there: bool = True
) -> Residency:
    """Write a residency that the report itself proves."""
    residency = people.settle(person, home, tenure, report.on, COUNTER, report.at, lives_there=lives_there)
    if report.by is None or report.by == person:
        return residency
    return people.verify(residency, report.by, report.at, COUNTER)


def end_stay(row: Residency, report: Report) -> None:
    """End a residency with the day of the report. A day before it began is refused, unless nobody said when that was:
    a ledger that knew no day was given its own.
    """
    is_guessed = row.source == Residency.Source.IMPORT or not report.is_by_hand
    on = max(report.on, row.since) if is_guessed else report.on
    people.move_out(row, on, report.by or row.person, report.at)


def leave_household(person: Person, report: Report) -> None:
    """Leave the household on the day of the report, no earlier than it was joined."""
    held = HouseholdMember.objects.filter(person=person, until=None).first()
    if held is not None:
        leave(person, max(report.on, held.since), by=report.by, at=report.at)


def _take_household_along(persons: Sequence[Person], home: Place, report: Report) -> None:
    """A household whose members all go moves whole, relations kept; else those who go form their own."""
    held = HouseholdMember.objects.filter(person__in=persons, until=None).select_related("household")
    groups: dict[int, list[HouseholdMember]] = {}
    for member in held:
        groups.setdefault(member.household_id, []).append(member)
    for household_id, members in groups.items():
        if members[0].household.home_id == home.pk:
            continue
        stays = HouseholdMember.objects.filter(household=household_id, until=None).exclude(person__in=persons)
        heads = [row for row in members if row.relation == HEAD_OF_HOUSEHOLD]
        for member in members:
            leave(member.person, max(report.on, member.since), by=report.by, at=report.at)
        if heads and not stays.exists():
            household = found_household(
                home, heads[0].person, report.on, by=report.by, at=report.at,
                number=members[0].household.number,
            )  # fmt: skip
            for member in members:
                if member is not heads[0]:
                    join(household, member.person, member.relation, report.on, by=report.by, at=report.at)


def household_at(home: Place, on: date) -> Household | None:
    """Return the first household of a home on that day."""
    return Household.objects.on(on).filter(home=home).order_by("pk").first()
