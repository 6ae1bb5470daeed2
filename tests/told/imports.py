"""A ledger that was loaded, one that waits for its columns, a difference to decide, a list that was taken out."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.timezone import localdate

from linli.imports import actions
from linli.imports.actions import files
from linli.imports.models import Conflict
from linli.organisations.models import Membership
from linli.people.models import Person
from linli.register import actions as register

if TYPE_CHECKING:
    from tests.world import LivedIn

HEADINGS = "姓名,身份证号,联系电话,小区,楼栋,室号\n"
ROWS = "王小明,11010519491231002X,{phone},杨柳苑,3幢,502室\n刘波,110105194912310021,,杨柳苑,3幢,502室\n"


def tell(world: "LivedIn") -> None:
    cast, now = world.willow, world.now
    source = actions.source_of(cast.community, "派出所人口台账", cast.sun, now)

    def bring(phone: str, days: int) -> "actions.Run":
        file = actions.new_file_name()
        size = files.keep(file, [(HEADINGS + ROWS.format(phone=phone)).encode()])
        day = localdate(now) - timedelta(days=days)
        run = actions.receive(source, file, "人口.csv", size, stated_on=day, by=cast.sun, at=now)
        return actions.map_columns(run, run.mapping, "auto", plants_homes=False, by=cast.sun, at=now)

    def load(phone: str, days: int) -> "actions.Run":
        run = actions.check(bring(phone, days), cast.sun, now)
        run = actions.go_on(run.token, lambda: now) or run
        run = actions.load(run, cast.sun, now)
        return actions.go_on(run.token, lambda: now) or run

    load("13900000021", 30)
    wang = Person.objects.get(name="王小明", profile__isnull=False)
    register.state(wang, {"phone": "13900000022"}, source="self", by=wang, at=now)
    run = load("13900000023", 1)
    waiting = bring("13900000024", 0)
    memberships = list(Membership.objects.current(cast.sun, localdate(now)))
    made = actions.export(
        cast.community, ["name", "phone"], "csv", reason="核对名单", is_clear=False, by=cast.sun,
        memberships=memberships, at=now,
    )  # fmt: skip
    world.names |= {
        "ledger": run.token,
        "new_ledger": waiting.token,
        "difference": Conflict.objects.get(run=run).token,
        "list": made.token,
    }
