"""A child is born, somebody dies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.timezone import localdate

from linli.base.errors import Refused, require
from linli.base.words import said as _
from linli.people import actions as people
from linli.people.models import Person, Residency
from linli.people.rules import Tenure
from linli.register.actions.happening import Report, happened, tell
from linli.register.actions.households import join
from linli.register.actions.moving import end_stay, leave_household, settle
from linli.register.actions.stating import state
from linli.register.actions.tagging import untag
from linli.register.models import Event, HouseholdMember, Profile, Tag
from linli.register.rules import EventKind, IdentityKind, Value, checked_name, codes

YOUNGEST_PARENT = 12  # years


@dataclass(frozen=True)
class Newborn:
    """A child without papers yet: sex by GB/T 2261.1, relation to the head of the household by GB/T 4761."""

    name: str
    sex: str
    relation: str = ""


def birth(parents: Sequence[Person], newborn: Newborn, report: Report) -> Event:
    """Register a child born on the day of the report: a person without a number, living with its parents.

    The same name, day and home again is refused as registered already.
    """
    require(bool(parents), _("请选择孩子的父亲或母亲。"))
    name = checked_name(newborn.name)
    require(bool(name), _("请写孩子的姓名；还没取名，可以先写“李某之子”。"))
    require(newborn.sex in codes("sex"), _("请选择性别。"))
    require(not newborn.relation or newborn.relation in codes("relation"), _("请选择与户主的关系。"))
    young = Profile.objects.filter(person__in=parents, birth_date__year__gt=report.on.year - YOUNGEST_PARENT)
    require(not young.exists(), _("父母的年龄和孩子的出生日期对不上，请核对。"))
    today = localdate(report.at)
    homes = Residency.objects.on(today).filter(person__in=parents, lives_there=True).select_related("home")
    at_home = homes.order_by("pk").first()
    if at_home is None:
        raise Refused(_("孩子的父母还没有登记住处，请先登记住处。"))
    same = Residency.objects.on(today).filter(
        home=at_home.home, person__name=name, person__profile__birth_date=report.on
    )
    require(not same.exists(), _("这个孩子已经登记过了。"))

    def do() -> Iterable[Person]:
        child = people.register(name, "", report.at, report.by, birth_year=report.on.year)
        values: dict[str, Value] = {
            "sex": newborn.sex,
            "birth_date": report.on,
            "identity_kind": IdentityKind.NONE,
        }
        state(child, values, source=report.source, by=report.by, at=report.at)
        settle(child, at_home.home, Tenure.FAMILY, report)
        member = HouseholdMember.objects.filter(person__in=parents, until=None).order_by("pk").first()
        if member is not None:
            relation = newborn.relation or ("20" if newborn.sex == "1" else "30")
            join(member.household, child, relation, report.on, by=report.by, at=report.at)
        return [child]

    event = happened(EventKind.BIRTH, at_home.home, parents, report, do)
    tell(parents, event, _("孩子%(name)s已登记到您家。"), {"name": name})
    return event


def death(person: Person, report: Report) -> Event:
    """Register a death: residencies, household and tags end, proxies are taken back, accounts close.

    Nobody is told anything under this name any more; members of the household are told once.
    """
    require(bool(report.paper.strip()), _("请写死亡证明或注销户口证明的编号。"))
    row = Person.objects.get(pk=person.pk)
    require(row.closed_at is None, _("这位居民已经登记过去世。"))
    homes = (
        Residency.objects.filter(person=person, until=None).select_related("home").order_by("-lives_there")
    )
    last = homes.first()
    if last is None:
        raise Refused(_("没有登记这位居民住在哪里，请先登记住处，再登记去世。"))
    require(
        all(row.since <= report.on for row in homes if row.source != Residency.Source.IMPORT),
        _("去世的日子早于搬来的日子，请核对日期。"),
    )
    family = _family(person)

    def do() -> None:
        state(person, {"died_on": report.on}, source=report.source, by=report.by, at=report.at)
        people.close(person, report.by or person, report.at)  # first, so that what follows is told to nobody
        for residency in homes:
            end_stay(residency, report)
        leave_household(person, report)
        for held in Tag.objects.filter(person=person, until=None):
            untag(held, because=_("去世"), by=report.by, at=report.at, on=max(report.on, held.since))

    event = happened(EventKind.DEATH, last.home, [person], report, do)
    tell(family, event, _("您家一位家人的去世已登记，他（她）的标签、代办和账号都已停用。"), {})
    return event


def _family(person: Person) -> list[Person]:
    """Return those of the same household who can be told."""
    own = HouseholdMember.objects.filter(person=person, until=None).values("household")
    rows = Person.objects.filter(
        Q(household_memberships__household__in=own), household_memberships__until=None
    )
    return list(rows.exclude(pk=person.pk).distinct().order_by("pk"))
