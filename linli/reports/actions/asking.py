"""What nobody has been asked for yet goes onto a list by grid; answers go to the register."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate, make_aware

from linli.base.errors import require
from linli.base.words import said as _
from linli.organisations.actions import desk
from linli.organisations.rules import Power
from linli.people.models import Person, Residency
from linli.places.models import Place
from linli.register import actions as register
from linli.register.rules import FIELDS
from linli.register.rules import Source as FactSource
from linli.reports.actions.making import facts_of
from linli.reports.actions.standing import registers, standing, trace
from linli.reports.models import Column, Demand, Filling, Template, Wanted
from linli.reports.models.gathering import facts_on, grid_of, residencies, with_above
from linli.reports.rules import FACTS, Fact, Source
from linli.todos import actions as todos
from linli.todos.models import Todo

WITHOUT_GRID = "none"
QUESTION = "question:"
LONGEST_ANSWER = 200
MOST_ASKED = 2_000  # put on the lists at once: nobody is buried under a list; pressing again adds the next


@transaction.atomic
def ask(filling: Filling, *, by: Person, at: datetime) -> int:
    """Put what is missing in a filling onto the work lists of the grids; returns how many are new (at most MOST_ASKED).

    A fact that another report wants already is asked once. One to-do for each grid, due when the demand ends:
    people are asked when they are met anyway, nobody is sent out for a list.
    """
    registers(by, filling.place, at)
    gaps = _new_gaps(filling)
    people, homes = _where([name for name, _fact in gaps], filling)
    rows = [
        _wanted(filling.template, column, name, fact, people.get(name), homes[name], at)
        for (name, fact), column in gaps.items()
        if name in homes
    ]
    Wanted.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    _open_todos(filling, at)
    return len(rows)


def _new_gaps(filling: Filling) -> dict[tuple[str, str], Column]:
    """Return {(row, fact): column} of what is missing and not on any list yet, at most MOST_ASKED."""
    columns = {column.words: column for column in filling.template.columns.all()}
    facts = facts_of(filling.template.subject)
    missing = [
        (name, _wanted_fact(columns[words], facts), columns[words])
        for name, words in filling.table.get("missing", [])
        if words in columns
    ]
    there = set(
        Wanted.objects.filter(
            fact__in={fact for _name, fact, _column in missing},
            home__in=Place.objects.within(filling.place),
        ).values_list("subject", "fact")
    )
    new = {(name, fact): column for name, fact, column in missing if fact and (name, fact) not in there}
    return dict(islice(new.items(), MOST_ASKED))


def _wanted_fact(column: Column, facts: Mapping[str, Fact]) -> str:
    """Return what is to be asked for a column: a field of the register, or the column's own question."""
    if column.source == Source.QUESTION:
        return f"{QUESTION}{column.pk}"
    return facts[column.fact].field if column.fact in facts else ""


def _wanted(
    template: Template, column: Column, name: str, fact: str, person_id: int | None, home: Place, at: datetime
) -> Wanted:
    grid = grid_of(home)
    return Wanted(
        template=template,
        column=column if fact.startswith(QUESTION) else None,
        person_id=person_id,
        home=home,
        grid=grid,
        subject=name,
        fact=fact,
        opened_at=at,
    )


def _where(rows: Iterable[str], filling: Filling) -> tuple[dict[str, int], dict[str, Place]]:
    """Return who each row is about and in which home, as it was on the day of the filling."""
    names = set(rows)
    people = {name: int(name.rpartition(":")[2]) for name in names if name.startswith("people.Person:")}
    own = {int(name.rpartition(":")[2]) for name in names if name.startswith("places.Place:")}
    homes = {f"places.Place:{home.pk}": home for home in with_above(Place.objects.filter(pk__in=own))}
    for row in residencies(filling.place, filling.on):
        if row.lives_there and f"people.Person:{row.person_id}" in names:
            homes[f"people.Person:{row.person_id}"] = row.home
    return people, homes


def _open_todos(filling: Filling, at: datetime) -> None:
    """Open one to-do for each grid where something is wanted and none is open yet."""
    template = filling.template
    body = desk(template.place)
    due = make_aware(datetime.combine(filling.demand.until + timedelta(days=1), time.min))
    open_rows = Wanted.objects.open().filter(template=template)
    grids = {row.grid_id: row.grid for row in open_rows.select_related("grid")}
    there = set(Todo.objects.keyed(f"reports.Wanted:{template.pk}").open().values_list("address", flat=True))
    for grid_id, grid in grids.items():
        address = f"/reports/wanted/?grid={grid.token if grid else WITHOUT_GRID}"
        if address in there:
            continue
        todos.open_todo(
            f"reports.Wanted:{template.pk}:{grid_id or WITHOUT_GRID}:{filling.pk}",
            template.subject_name,
            _("碰面时顺便问：%(name)s") % {"name": template.name},
            due,
            address,
            at,
            organisation=body,
            power=Power.INTAKE,
            place_words=grid.full_name if grid else template.place.full_name,
            origin=_("报表"),
        )


@transaction.atomic
def show(rows: list[Wanted], *, by: Person, at: datetime) -> list[Wanted]:
    """Return rows of the work list after leaving a look for each person on them; held meanwhile means done."""
    people = sorted({row.person_id for row in rows if row.person_id})
    if people and rows:
        role = standing(by, rows[0].home, Power.INTAKE, at)
        trace(
            people, by, role, _("姓名、住处、还缺哪些信息"), _("上门或来访时补问报表缺的信息"), at,
            f"reports.Template:{rows[0].template_id}",
        )  # fmt: skip
    return rows


@transaction.atomic
def answer(wanted: Wanted, said: str, *, by: Person, at: datetime) -> Wanted:
    """Take the answer to what was wanted: a fact goes to the register, once; a question's answer stays here.

    Raises Refused for an empty answer and for what the register refuses (a wrong check digit, 31 June). Again
    changes nothing.
    """
    standing(by, wanted.home, Power.INTAKE, at)
    row = Wanted.objects.select_for_update().get(pk=wanted.pk)
    said = " ".join(said.split())
    require(bool(said), _("还没写答案。不愿意说的，请按“不愿说”。"))
    require(len(said) <= LONGEST_ANSWER, _("答案最多 %(most)s 个字。") % {"most": LONGEST_ANSWER})
    if row.answered_at is not None:
        return row
    if row.fact.startswith(QUESTION):
        row.said = said
    elif row.person is not None:
        register.state(
            row.person,
            {row.fact: said},
            source=FactSource.VISIT,
            source_words=row.template.name,
            stated_on=localdate(at),
            by=by,
            at=at,
        )
    _close(row, by, at)
    return row


@transaction.atomic
def leave(wanted: Wanted, *, by: Person, at: datetime) -> Wanted:
    """Take something off the list because the person would rather not say; the cell stays empty. Nobody is urged."""
    standing(by, wanted.home, Power.INTAKE, at)
    row = Wanted.objects.select_for_update().get(pk=wanted.pk)
    if row.answered_at is None:
        _close(row, by, at)
    return row


def _close(row: Wanted, by: Person, at: datetime) -> None:
    row.answered_at, row.answered_by = at, by
    row.save(update_fields=["answered_at", "answered_by", "said_sealed"])
    _close_todo(row.template_id, row.grid_id, at)


def _close_todo(template_id: int, grid_id: int | None, at: datetime) -> None:
    if not Wanted.objects.open().filter(template=template_id, grid=grid_id).exists():
        todos.close(f"reports.Wanted:{template_id}:{grid_id or WITHOUT_GRID}", at)


@transaction.atomic
def settle_held(place: Place, *, at: datetime) -> int:
    """Take off the lists what the register has come to hold another way, or whose person is no more; returns how many.

    A list that is empty then leaves the to-dos. May repeat.
    """
    inside = Wanted.objects.open().filter(home__path__startswith=place.path).exclude(person=None)
    rows = list(inside.select_related("person").select_for_update(of=("self",)))
    fields = {row.fact for row in rows if row.fact in FIELDS}
    held = facts_on({row.person_id for row in rows if row.person_id}, fields, localdate(at))
    done = [row for row in rows if _needs_no_asking(row, held)]
    Wanted.objects.filter(pk__in=[row.pk for row in done]).update(answered_at=at)
    for template_id, grid_id in sorted({(row.template_id, row.grid_id or 0) for row in done}):
        _close_todo(template_id, grid_id or None, at)
    return len(done)


def _needs_no_asking(row: Wanted, held: Mapping[int, Mapping[str, object]]) -> bool:
    person = row.person
    if person is None:
        return False
    return person.merged_into_id is not None or bool(held.get(person.pk, {}).get(row.fact))


@transaction.atomic
def drop_undemanded(place: Place, *, at: datetime) -> int:
    """Take off the lists what nobody may demand any more, and who lives there no more; returns how many.

    A fact that another report in force wants too stays on its list. What left may be asked again on a new basis.
    """
    today = localdate(at)
    demanded = Demand.objects.on(today).filter(template__retired_at=None).values("template")
    rows = Wanted.objects.open().filter(home__path__startswith=place.path)
    ended = rows.exclude(template__in=demanded)
    lives_there = Residency.objects.on(today).filter(
        person=OuterRef("person"), home=OuterRef("home"), lives_there=True
    )
    left = rows.filter(person__isnull=False, person__merged_into=None).exclude(Exists(lives_there))
    lists = {*ended.values_list("template_id", "grid_id"), *left.values_list("template_id", "grid_id")}
    for fact, heir in _wanting(place, demanded).items():
        ended.filter(fact=fact).update(template=heir)
    gone = left.delete()[0] + ended.delete()[0]
    for template_id, grid_id in lists:
        _close_todo(template_id, grid_id, at)
    return gone


def _wanting(place: Place, templates: Any) -> dict[str, int]:
    """Return by field of the register which of these templates of a place asks for it."""
    columns = Column.objects.filter(template__in=templates, template__place__path__startswith=place.path)
    asked = columns.filter(source=Source.FACT, fact__in=FACTS).order_by("-template_id")
    return {FACTS[fact].field: template for template, fact in asked.values_list("template_id", "fact")}


def settle_everywhere(at: datetime) -> int:
    """Settle the lists of every community, each in a transaction of its own; returns how much left them."""
    open_in = Wanted.objects.open().values("home__community")
    places = Place.objects.filter(pk__in=open_in).order_by("pk")
    return sum(drop_undemanded(place, at=at) + settle_held(place, at=at) for place in places)
