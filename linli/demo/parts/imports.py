"""Two ledgers of 柳树社区: one loaded, one that differs from what a resident said and waits to be decided."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.demo.world import Say, World
from linli.imports import actions
from linli.imports.actions import files
from linli.imports.models import Run
from linli.people.models import Person
from linli.register import actions as register
from linli.register.rules import check_digit

HEADINGS = "姓名,身份证号,民族,联系电话,小区,楼栋,单元,室号,居住身份\n"
NAMES = ("何秋生", "罗春梅", "邓国强", "许小燕", "傅立新", "沈玉珍", "曾志远", "彭丽华")
SAID = "19911110001"


def fill(world: World, cast: dict[str, Person], at: datetime, say: Say) -> None:
    """Bring two ledgers of one source, a month apart; one row of the second is broken."""
    sun = cast["sun"]
    home = next(place for place in world.homes if place.parent is not None and place.estate is not None)
    first = [_row(number, name, home, f"1992222{number:04d}") for number, name in enumerate(NAMES)]
    _load(world, sun, first, at - timedelta(days=40))
    person = Person.objects.get(name=NAMES[0], profile__identity_index__gt="")
    register.state(person, {"phone": SAID}, source="self", by=person, at=at - timedelta(days=20))
    second = [_row(0, NAMES[0], home, "19933330000"), *first[1:], first[1].replace(NAMES[1], "")]
    run = _load(world, sun, second, at - timedelta(days=3))
    say(_("台账：%(n)d 处不一致等人决定") % {"n": run.counts.get("conflicting", 0)})


def _row(number: int, name: str, home: object, phone: str) -> str:
    day = f"{1950 + number * 6}0{number + 1}15"
    first = f"980101{day}{number * 2 + 1:03d}"
    parts = {place.kind: place.name for place in home.chain()}  # type: ignore[attr-defined]
    where = [parts.get("estate", ""), parts.get("building", ""), parts.get("unit", ""), parts.get("home", "")]
    return ",".join([name, first + check_digit(first), "汉族", phone, *where, "租户"])


def _load(world: World, by: Person, rows: list[str], at: datetime) -> Run:
    source = actions.source_of(world.community, "派出所流动人口台账", by, at)
    file = actions.new_file_name()
    size = files.keep(file, [(HEADINGS + "\n".join(rows) + "\n").encode()])
    run = actions.receive(source, file, "流动人口.csv", size, stated_on=localdate(at), by=by, at=at)
    run = actions.map_columns(run, run.mapping, run.day_order, plants_homes=False, by=by, at=at)
    for verb in (actions.check, actions.load):
        run = verb(run, by, at)
        run = actions.go_on(run.token, lambda: at) or run
    return run
