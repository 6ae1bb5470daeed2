"""What happened in the register of the lived-in community."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.timezone import localdate

from linli.people import actions as people
from linli.places import actions as places
from linli.places.models import Kind
from linli.register import actions
from linli.register.models import Duplicate, Merge, TagKind

if TYPE_CHECKING:
    from tests.world import LivedIn


def tell(world: "LivedIn") -> None:
    """A household, a tag, a move, two proposals, a pair that may be one person and a merge."""
    willow, now = world.willow, world.now
    day = localdate(now) - timedelta(days=3)
    actions.load_tag_kinds()
    kind = TagKind.objects.get(code="lives_alone")
    said = {"source": "visit", "by": willow.sun, "at": now}
    actions.state(willow.chen, {"marriage": "丧偶", "birth_date": "1945-05-01"}, **said)
    tag = actions.tag(willow.chen, kind, since=day, **said)
    own_tag = actions.tag(willow.zhang, TagKind.objects.get(code="volunteer"), since=day, **said)
    household = actions.found_household(willow.home, willow.zhang, day, by=willow.sun, at=now)
    top = places.plant(Kind.HOME, "1102室", willow.building)
    names = ("周小明", "周小明", "吴小军")
    first, second, third = (people.register(name, f"1390000000{n}", now) for n, name in enumerate(names))
    for person in (first, second, third):
        actions.belong(person, top, "tenant", day, by=willow.sun, at=now)
    [pair] = actions.found_duplicates(willow.community, now)
    fourth = people.register("吴小军", "", now)
    merge = actions.merge(third, fourth, by=willow.sun, at=now)
    event = actions.move_out([third], actions.Report(day, "self", willow.sun, now))
    correction = actions.propose(willow.neighbour, {"workplace": "超市"}, by=willow.neighbour, at=now)
    assert Duplicate.objects.filter(pk=pair.pk).exists()
    assert Merge.objects.filter(pk=merge.pk).exists()
    world.names |= {
        "registered": willow.chen.token,
        "chen": willow.chen.token,
        "register_tag": tag.token,
        "register_own_tag": own_tag.token,
        "register_person": first.token,
        "register_household": household.token,
        "register_residency": willow.chen.residencies.get(until=None).token,
        "register_event": event.token,
        "register_duplicate": pair.token,
        "register_merge": merge.token,
        "register_correction": correction.token,
        "register_home": top.token,
    }
