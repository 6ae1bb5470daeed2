"""A newcomer who waits at 张阿姨's door, one taken back, a letting of hers, her empty home and what was asked of it."""

from datetime import timedelta
from typing import TYPE_CHECKING

from linli.lettings import actions
from linli.lettings.actions import Arrival, Sender, Terms, Vacancy
from linli.lettings.models import Tenant
from linli.people import actions as people
from linli.people.models import Residency, Tenure
from linli.places import actions as places
from linli.places.models import Kind
from tests.cast import LONG_AGO

if TYPE_CHECKING:
    from tests.world import LivedIn


def tell(world: "LivedIn") -> None:
    w, now = world.willow, world.now
    sticker = places.issue_code(w.home, by=w.sun, at=now)
    waits = actions.register_newcomer(
        sticker, Arrival("鲁新来", "13900000081", now.date()), Sender(None, "a", "10.0.0.1"), now
    )
    undone = actions.register_newcomer(
        sticker, Arrival("毕路过", "13900000082", now.date()), Sender(None, "b", "10.0.0.1"), now
    )
    homes = []
    for name in ("901室", "902室"):
        home = places.plant(Kind.HOME, name, w.building)
        owned = people.settle(
            w.zhang, home, Tenure.OWNER, LONG_AGO, Residency.Source.COUNTER, now, lives_there=False
        )
        people.verify(owned, w.sun, now, Residency.Source.COUNTER)
        homes.append(home)
    terms = Terms(now.date(), now.date() + timedelta(days=200), "room", [("何建军", "13800000004")])
    letting = actions.register_letting(homes[0], w.zhang, terms, by=w.zhang, at=now)
    assert Tenant.objects.of_person(w.neighbour).filter(letting=letting).exists()
    vacancy = actions.offer(homes[1], w.zhang, Vacancy(2, now.date(), "朝南，六楼"), now)
    inquiry = actions.ask(vacancy, w.neighbour, "两个人住，周六想看看", now)
    world.names |= {
        "home_sticker": sticker.token, "newcomer": waits.token, "newcomer_undone": undone.token,
        "own_letting_home": homes[1].token, "letting": letting.token, "vacancy": vacancy.token,
        "inquiry": inquiry.token,
    }  # fmt: skip
