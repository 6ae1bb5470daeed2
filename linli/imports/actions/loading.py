"""One chunk of a ledger: read, compared, written, and noted on its run, in one transaction or not at all."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.bulk import blind_indexes, parts_of, seal_all, tokens
from linli.base.locks import one_at_a_time
from linli.imports.actions import marks
from linli.imports.actions.comparing import Clash, Compared, Known, compare, example
from linli.imports.actions.homes import HomeFinder
from linli.imports.actions.reading import Row
from linli.imports.models import BrokenRows, Conflict, Run, State, label_of
from linli.imports.rules.rows import Broken, Draft, RowReader
from linli.imports.rules.runs import EXAMPLES, Decision, Outcome
from linli.people.actions import bulk as people
from linli.people.actions.bulk import NewPerson, NewStay
from linli.register.actions import bulk as register
from linli.register.actions.bulk import NewMember, Told
from linli.register.rules import NOT_RELATED

MOST_TIMES = 8  # rows about one person in one chunk


class TakenOver(Exception):
    """Somebody else deals with this run, or it was stopped: whoever learns it leaves quietly."""


@dataclass
class Tools:
    """What reading and comparing one ledger needs, kept from chunk to chunk."""

    run: int
    reader: RowReader
    finder: HomeFinder
    told: Told
    scope: str  # path of the place, "" for everywhere
    seen: set[int] = field(default_factory=set)  # who occurred, for the check; the load asks the register
    met: list[tuple[int, int]] = field(
        default_factory=list
    )  # (row, mark) of whom the present chunk met first
    examples: dict[str, list[list[str]]] = field(default_factory=dict)


@transaction.atomic
def deal_with(run: Run, rows: Sequence[Row], tools: Tools, at: datetime, percent: int) -> Run:
    """Deal with the next rows of a run that is checked or loaded; returns the run as it now stands.

    Raises TakenOver where the run is not where `run` says: stopped, or in the hands of another worker.
    """
    row = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if (row.state, row.done) != (run.state, run.done):
        raise TakenOver
    writes = row.state == State.LOADING
    if writes:
        one_at_a_time("imports", "load")  # two ledgers at once must not make one person twice
    counts, broken = _sorted(rows, tools, at, writes=writes)
    if not writes:
        marks.add(row, tools.met)
        tools.met.clear()
    _keep_broken(row, broken)
    for outcome, count in counts.items():
        if count:
            row.counts[outcome] = row.counts.get(outcome, 0) + count
    row.examples = tools.examples
    row.done, row.beat_at, row.percent = rows[-1][0], at, percent
    row.save(update_fields=["counts", "examples_sealed", "done", "beat_at", "percent"])
    return row


def _sorted(
    rows: Sequence[Row], tools: Tools, at: datetime, *, writes: bool
) -> tuple[dict[str, int], list[Broken]]:
    """Read, find homes, compare and, where `writes`, write. Returns the counts by outcome and the broken rows."""
    read = [tools.reader.read(number, cells) for number, cells in rows]
    broken = [row for row in read if isinstance(row, Broken)]
    drafts, planted = _at_home([row for row in read if isinstance(row, Draft)], tools, broken, writes=writes)
    counts: dict[str, int] = {"planted": planted, Outcome.BROKEN.value: 0}
    for chunk in _each_person_once(drafts, tools, counts, broken, writes=writes):
        compared = compare(chunk, tools.told, tools.scope)
        _settle_decided(compared)
        broken += compared.broken
        _note_examples(compared, tools)
        for outcome, count in compared.tally().items():
            if outcome != Outcome.BROKEN:
                counts[outcome] = counts.get(outcome, 0) + count
        if writes:
            _write(compared, tools, at)
    counts[Outcome.BROKEN.value] = len(broken)
    shown = tools.examples.setdefault(Outcome.BROKEN.value, [])
    shown += [example(row, row.reason) for row in broken[: EXAMPLES - len(shown)]]
    return counts, broken


def _at_home(
    drafts: list[Draft], tools: Tools, broken: list[Broken], *, writes: bool
) -> tuple[list[tuple[Draft, int]], int]:
    """Give every draft the key of its home; those whose home is unknown are broken."""
    homes = tools.finder.find([draft.home for draft in drafts if draft.home is not None], writes=writes)
    placed: list[tuple[Draft, int]] = []
    for draft in drafts:
        if draft.home is None:
            placed.append((draft, 0))
        elif draft.home in homes.unknown:
            broken.append(Broken(draft.number, draft.cells, homes.unknown[draft.home]))
        else:
            placed.append((draft, homes.found[draft.home]))
    return placed, homes.planted


def _each_person_once(
    drafts: list[tuple[Draft, int]],
    tools: Tools,
    counts: dict[str, int],
    broken: list[Broken],
    *,
    writes: bool,
) -> Iterator[list[tuple[Draft, int]]]:
    """Yield the drafts in lots in which nobody occurs twice: the second row about a person is compared with what the
    first one left. A check, which leaves nothing, counts it as "again".
    """
    if not writes:
        yield _met_first(drafts, tools, counts)
        return
    for _turn in range(MOST_TIMES):
        taken: set[Any] = set()
        lot: list[tuple[Draft, int]] = []
        again: list[tuple[Draft, int]] = []
        for row in drafts:
            keys = _keys(row)
            (lot if taken.isdisjoint(keys) else again).append(row)
            taken |= keys
        if lot:
            yield lot
        drafts = again
    words = _("同一个人在附近的行里出现了 %(n)d 次以上，请核对") % {"n": MOST_TIMES}
    broken += [Broken(draft.number, draft.cells, words) for draft, _home in drafts]


def _keys(row: tuple[Draft, int]) -> set[Any]:
    """Return by what a row's person may be known: a number, and name, home and birth date."""
    draft, home = row
    facts = draft.facts
    found: set[Any] = {facts["identity"]} if facts.get("identity") else set()
    if home > 0 and "birth_date" in facts:
        found.add((facts["name"], home, facts["birth_date"]))
    return found


def _met_first(
    drafts: list[tuple[Draft, int]], tools: Tools, counts: dict[str, int]
) -> list[tuple[Draft, int]]:
    """Return the rows about people whom the check has not met before; of those met with a number, name and home are
    remembered for the chunk alone: a million would fill the memory for the sake of a forecast.
    """
    fresh, near = [], set()
    marks_of = zip(drafts, _marks(drafts), _marks(drafts, by_name=True), strict=True)
    for row, mark, by_name in marks_of:
        is_numbered = bool(row[0].facts.get("identity"))
        if mark in tools.seen or by_name in tools.seen or (by_name in near and not is_numbered):
            counts[Outcome.AGAIN.value] = counts.get(Outcome.AGAIN.value, 0) + 1
            shown = tools.examples.setdefault(Outcome.AGAIN.value, [])
            shown += [example(row[0], "")] * (len(shown) < EXAMPLES)
            continue
        near.add(by_name)
        tools.seen.add(mark)
        tools.met.append((row[0].number, mark))
        fresh.append(row)
    return fresh


def _marks(drafts: Sequence[tuple[Draft, int]], *, by_name: bool = False) -> list[int]:
    """Return a number for whom each draft is about, from a keyed hash: small, and says nothing by itself."""
    words = []
    for draft, home in drafts:
        facts = draft.facts
        place = "|".join(draft.home) if draft.home is not None and home <= 0 else str(home)
        named = f"{facts['name']}|{facts.get('birth_date')}|{place}"
        words.append(named if by_name else facts.get("identity") or named)
    return [int(index.rpartition(".")[2][:15], 16) for index in blind_indexes(words)]


def _settle_decided(compared: Compared) -> None:
    """Drop differences that a person has decided about: the held value stands, and nobody is asked again."""
    rows = [row for row in compared.known if row.clashes]
    if not rows:
        return
    indexes = dict(zip(map(id, _clashes(rows)), _offered_indexes(_clashes(rows)), strict=True))
    decided: set[tuple[int, str, str]] = set()
    for part in parts_of(sorted({row.person for row in rows})):
        settled = Conflict.objects.filter(person__in=part).exclude(decision=Decision.OPEN)
        decided |= set(settled.values_list("person", "field", "offered_index"))
    for row in rows:
        row.clashes = [
            clash for clash in row.clashes if (clash.person, clash.field, indexes[id(clash)]) not in decided
        ]


def _clashes(rows: Sequence[Known]) -> list[Clash]:
    return [clash for row in rows for clash in row.clashes]


def _offered_indexes(clashes: Sequence[Clash]) -> list[str]:
    return blind_indexes([f"{clash.person}:{clash.field}:{clash.offered}" for clash in clashes])


def _note_examples(compared: Compared, tools: Tools) -> None:
    """Keep the first rows of each outcome, masked, for the report."""
    for row in compared.known:
        shown = tools.examples.setdefault(row.outcome, [])
        if len(shown) < EXAMPLES and row.outcome != Outcome.REPEATED:
            names = [clash.field for clash in row.clashes] or [*row.adds, *row.fills]
            shown.append(example(row.draft, "、".join(map(label_of, names))))
    shown = tools.examples.setdefault(Outcome.NEW.value, [])
    shown += [example(draft, "") for draft, _home in compared.new[: EXAMPLES - len(shown)]]


def _write(compared: Compared, tools: Tools, at: datetime) -> None:
    told = tools.told
    keys = people.add_persons([_new_person(draft) for draft, _home in compared.new], at)
    people_there = [(draft, home, key) for (draft, home), key in zip(compared.new, keys, strict=True)]
    unknown = [row for row in compared.known if row.held is None and row.adds]
    register.add_profiles(
        [(key, draft.facts) for draft, _home, key in people_there]
        + [(row.person, row.adds) for row in unknown],
        told,
    )
    register.confirm_all(
        [(row.held, row.repeats) for row in compared.known if row.held and row.repeats], told
    )
    register.state_all([(row.held, row.adds) for row in compared.known if row.held and row.adds], told)
    moved = [(row.draft, row.home, row.person) for row in compared.known if row.stays_new]
    joined = [(row.draft, row.home, row.person) for row in compared.known if row.joins]
    people.fill_stays([(row.stay, row.fills) for row in compared.known if row.fills])
    stays = [_new_stay(*row, told) for row in people_there + moved if row[1] > 0]
    people.add_stays(stays, told.by, at)
    members = [
        NewMember(
            key,
            draft.household,
            home,
            draft.relation or NOT_RELATED,
            draft.since or told.stated_on.isoformat(),
        )
        for draft, home, key in people_there + joined
        if draft.household and home > 0 and not draft.until
    ]
    if members:
        register.add_members(members, compared.households)
    tags = [
        (key, compared.kinds[tag]) for draft, _home, key in people_there for tag in dict.fromkeys(draft.tags)
    ]
    tags += [(row.person, kind) for row in compared.known for kind in dict.fromkeys(row.tags)]
    if tags:
        register.add_tags(tags, told)
    people.touch([row.person for row in compared.known if row.adds or row.stays_new], at)
    _ask(_clashes(compared.known), tools)


def _new_person(draft: Draft) -> NewPerson:
    born = draft.facts.get("birth_date", "")
    return NewPerson(draft.facts["name"], draft.facts.get("phone", ""), int(born[:4]) if born else None)


def _new_stay(draft: Draft, home: int, person: int, told: Told) -> NewStay:
    since = draft.since or min(draft.until or told.stated_on.isoformat(), told.stated_on.isoformat())
    lives_there = draft.lives_there is not False
    return NewStay(person, home, draft.tenure, since, draft.until, lives_there, draft.is_registered)


def _ask(clashes: Sequence[Clash], tools: Tools) -> None:
    """List differences for a person to decide; one that waits already is not listed twice."""
    if not clashes:
        return
    names = tokens(len(clashes))
    held = seal_all([clash.held for clash in clashes], [f"imports.Conflict/held/{name}" for name in names])
    offered = seal_all(
        [clash.offered for clash in clashes], [f"imports.Conflict/offered/{name}" for name in names]
    )
    Conflict.objects.bulk_create(
        [
            Conflict(
                token=names[number], run_id=tools.run, person_id=clash.person, row=clash.draft.number,
                field=clash.field, held_sealed=held[number], offered_sealed=offered[number], offered_index=index,
                is_elsewhere=clash.is_elsewhere,
            )
            for number, (clash, index) in enumerate(zip(clashes, _offered_indexes(clashes), strict=True))
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _keep_broken(run: Run, broken: Sequence[Broken]) -> None:
    """Keep the rows that were not taken, sealed, to be mended and loaded again."""
    if not broken:
        return
    rows = sorted((row.number, row.reason, list(row.cells)) for row in broken)
    kept = BrokenRows(run=run, first=rows[0][0], count=len(rows))
    sealed: Any = BrokenRows._meta.get_field("rows_sealed")
    sealed.write(kept, json.dumps(rows, ensure_ascii=False))
    kept.save(force_insert=True)
