"""What nobody has been asked for yet goes onto a list by grid; answers go to the register."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.organisations.actions import desk
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.places.models import Place
from linli.register import actions as register
from linli.register.rules import FIELDS
from linli.register.rules import Source as FactSource
from linli.reports.actions.making import facts_of
from linli.reports.actions.standing import registers, standing, trace
from linli.reports.models import Column, Filling, Template, Wanted
from linli.reports.models.gathering import facts_on, grid_of, residencies
from linli.reports.rules import Source
from linli.todos import actions as todos

WITHOUT_GRID = "none"
QUESTION = "question:"
LONGEST_ANSWER = 200


@transaction.atomic
def ask(filling: Filling, *, by: Person, at: datetime) -> int:
    """Put what is missing in a filling onto the work lists of the grids; returns how many are new.

    A fact that another report wants already is asked once. One to-do for each grid, due when the demand ends:
    people are asked when they are met anyway, nobody is sent out for a list.
    """
    registers(by, filling.place, at)
    table = filling.table
    columns = {column.words: column for column in filling.template.columns.all()}
    facts = facts_of(filling.template.subject)
    people, homes = _where(table, filling)
    new = []
    for name, words in table.get("missing", []):
        column = columns.get(words)
        home = homes.get(name)
        if column is not None and home is not None:
            fact = facts.get(column.fact)
            wanted = (
                f"{QUESTION}{column.pk}" if column.source == Source.QUESTION else (fact.field if fact else "")
            )
            if wanted:
                new.append(_wanted(filling.template, column, name, wanted, people.get(name), home, at))
    before = Wanted.objects.count()
    Wanted.objects.bulk_create(_once(new), batch_size=500, ignore_conflicts=True)
    _open_todos(filling, at)
    return Wanted.objects.count() - before


def _once(rows: Iterable[Wanted]) -> list[Wanted]:
    return list({(row.subject, row.fact): row for row in rows}.values())


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


def _where(table: dict[str, Any], filling: Filling) -> tuple[dict[str, int], dict[str, Place]]:
    """Return who each row is about and in which home, as it was on the day of the filling."""
    names = {name for name, _words in table.get("missing", [])}
    people = {name: int(name.rpartition(":")[2]) for name in names if name.startswith("people.Person:")}
    own = {int(name.rpartition(":")[2]) for name in names if name.startswith("places.Place:")}
    homes = {f"places.Place:{home.pk}": home for home in _homes().filter(pk__in=own)}
    homes |= {
        f"people.Person:{row.person_id}": row.home
        for row in residences(filling.place, filling)
        if f"people.Person:{row.person_id}" in names
    }
    return people, homes


def _homes() -> Any:
    return Place.objects.select_related("grid", "parent__grid", "parent__parent__grid")


def residences(place: Place, filling: Filling) -> list[Any]:
    """Return who lived where on the day of a filling."""
    return [row for row in residencies(place, filling.on) if row.lives_there]


def _open_todos(filling: Filling, at: datetime) -> None:
    """Open one to-do for each grid where something is wanted; an open one is moved to the nearer end."""
    template = filling.template
    body = desk(template.place)
    due = make_aware(datetime.combine(filling.demand.until + timedelta(days=1), time.min))
    open_rows = Wanted.objects.open().filter(template=template)
    grids = {row.grid_id: row.grid for row in open_rows.select_related("grid")}
    for grid_id, grid in grids.items():
        todos.open_todo(
            f"reports.Wanted:{template.pk}:{grid_id or WITHOUT_GRID}",
            template.subject_name,
            _("碰面时顺便问：%(name)s") % {"name": template.name},
            due,
            f"/reports/wanted/?grid={grid.token if grid else WITHOUT_GRID}",
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
    rest = Wanted.objects.open().filter(template=row.template_id, grid=row.grid_id)
    if not rest.exists():
        todos.close(f"reports.Wanted:{row.template_id}:{row.grid_id or WITHOUT_GRID}", at)


@transaction.atomic
def settle_held(place: Place, *, at: datetime) -> int:
    """Take off the lists what the register has come to hold another way; returns how many. May repeat."""
    rows = list(Wanted.objects.open().filter(home__path__startswith=place.path).exclude(person=None))
    fields = {row.fact for row in rows if row.fact in FIELDS}
    held = facts_on({row.person_id for row in rows if row.person_id}, fields, localdate(at))
    done = [row.pk for row in rows if row.person_id and held.get(row.person_id, {}).get(row.fact)]
    return Wanted.objects.filter(pk__in=done).update(answered_at=at)
