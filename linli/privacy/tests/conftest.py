"""Two data officers beside the cast: 卫数据 of the district, and 曹数据 who approves what 卫数据 wrote."""

from dataclasses import dataclass

import pytest

from linli.organisations import actions as organisations
from linli.organisations.models import Membership
from linli.organisations.rules import Role
from linli.people import actions as people
from linli.people.models import Person
from linli.privacy.models import Assessment
from tests.cast import LONG_AGO, MONDAY, Willow


@dataclass
class Office:
    """The people around the data officer's desk."""

    officer: Person
    second: Person
    li: Membership  # the grid worker's role


@pytest.fixture
def office(willow: Willow) -> Office:
    """The desk before anything was assessed."""
    Assessment.objects.all().delete()
    made = []
    for name in ("卫数据", "曹数据"):
        who = people.register(name, "", at=MONDAY)
        organisations.appoint(
            who, willow.district_centre, Role.DATA_OFFICER, willow.district, LONG_AGO, by=who, at=MONDAY
        )
        made.append(who)
    role = Membership.objects.get(person=willow.li)
    return Office(made[0], made[1], role)
