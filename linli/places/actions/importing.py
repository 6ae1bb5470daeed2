"""Loading the official division tables: again and again, each time changing only what has changed."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.errors import Refused, require
from linli.places.actions.planting import root_all, seedling
from linli.places.actions.reading import Line, lines_of, tables_in
from linli.places.actions.replanting import give_code, move_division, name_division, remember_code
from linli.places.models import Place, PlaceAlias
from linli.places.rules import (
    TIERS_OF_DIVISIONS,
    Division,
    Kind,
    full_code,
    known_heads,
    may_stand_under,
    read_division,
)

BATCH = 500
CHANGES = "changes.csv"
CHANGED = ("added", "renamed", "recoded", "moved", "aliased")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that could not be loaded, and why, in the reader's words."""

    line: Line
    reason: str


@dataclass
class Imported:
    """What an import did: `counts` of rows by what became of them (CHANGED, unchanged, pseudo, old_code)."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """How many changes were made; 0 when the tables say what is known."""
        return sum(self.counts[what] for what in CHANGED)


@dataclass
class _Tables:
    """What the folder says, by 12-digit code, with the places found or made so far."""

    divisions: dict[str, tuple[Division, Line]]
    with_townships: set[str]  # counties
    places: dict[str, Place] = field(default_factory=dict)

    def above(self, division: Division) -> str:
        """Return the code of what holds `division`; pseudo divisions are stepped over. "" for a province."""
        code = division.parent
        while code:
            known = self.divisions[code][0] if code in self.divisions else known_heads().get(code)
            if known is None or not known.is_pseudo:
                break
            code = known.parent
        return code

    def fetch(self, codes: set[str]) -> None:
        """Find the places of `codes`, by the code they have."""
        missing = codes - self.places.keys() - {""}
        self.places |= {str(place.code): place for place in Place.objects.filter(code__in=missing)}


def import_divisions(
    folder: Path, *, at: datetime, progress: Progress = lambda done, total: None
) -> Imported:
    """Load every division table in `folder`, say by `progress(done, total)` how far it is, return what it
    did.

    Tables are CSV with the columns code, name and those of what is above (areaCode, streetCode …);
    `changes.csv` with old, new and perhaps date says which codes have changed. Each batch of rows is a
    transaction: an import that was broken off is finished by running it again, and a second run changes
    nothing. A row that cannot be loaded becomes a Fault and takes no good row with it.
    """
    result = Imported()
    tables = _read(folder, result)
    changes = list(lines_of(folder / CHANGES)) if (folder / CHANGES).exists() else []
    require(
        bool(tables.divisions or result.faults or changes),
        _("「%(folder)s」的表里一行区划也没有，请核对文件。") % {"folder": folder},
    )
    _follow_changes(changes, result, at, is_last=False)
    done, total = 0, len(tables.divisions)
    for kind in TIERS_OF_DIVISIONS:
        tier = [row for row in tables.divisions.values() if row[0].kind == kind]
        for batch in _batches(tier):
            _load(kind, batch, tables, result, at)
            done += len(batch)
            progress(done, total)
    _follow_changes(changes, result, at, is_last=True)
    return result


def _batches(rows: Sequence[tuple[Division, Line]]) -> Iterator[Sequence[tuple[Division, Line]]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _read(folder: Path, result: Imported) -> _Tables:
    tables = _Tables({}, set())
    for path in tables_in(folder):
        for line in lines_of(path) if path.name != CHANGES else ():
            try:
                _note(read_division(line.cells), line, tables)
            except Refused as refused:
                result.faults.append(Fault(line, refused.reason))
    for division, line in list(tables.divisions.values()):
        _add_heads(division, line, tables)
    return tables


def _note(division: Division, line: Line, tables: _Tables) -> None:
    """Keep a row; the same row twice is one, two names for one code are not."""
    if division.code in tables.divisions:
        other, first = tables.divisions[division.code]
        require(
            other == division,
            _("这个代码在 %(file)s 第 %(n)s 行已是「%(name)s」")
            % {"file": first.file, "n": first.number, "name": other.name},
        )
        return
    tables.divisions[division.code] = division, line
    if division.kind == Kind.STREET and not division.is_pseudo:
        tables.with_townships.add(division.parent)


def _add_heads(division: Division, line: Line, tables: _Tables) -> None:
    """Add the provinces and cities above `division` that no table holds."""
    code = division.parent
    while code and code not in tables.divisions and code in known_heads():
        tables.divisions[code] = known_heads()[code], line
        code = known_heads()[code].parent


@transaction.atomic
def _load(
    kind: str, batch: Sequence[tuple[Division, Line]], tables: _Tables, result: Imported, at: datetime
) -> None:
    """Load rows of one tier; what is above them has been loaded."""
    codes = {division.code for division, _line in batch}
    tables.fetch(codes | {tables.above(division) for division, _line in batch})
    aliases = {
        alias.code: alias.place for alias in PlaceAlias.objects.filter(code__in=codes).select_related("place")
    }
    fresh: list[tuple[Place, Place | None]] = []
    standing: list[tuple[Division, Place | None]] = []
    for division, line in batch:
        try:
            parent = _parent(division, tables)
        except Refused as refused:
            result.faults.append(Fault(line, refused.reason))
            continue
        if division.code in aliases and not division.is_pseudo:
            result.counts["old_code"] += 1
        elif division.is_pseudo:
            _note_pseudo(division, parent, aliases, result)
        elif division.code in tables.places:
            _renew(tables.places[division.code], division, parent, result)
        else:
            standing.append((division, parent))
    twins = _twins(kind, standing, tables)
    for division, parent in standing:
        found = twins.get((parent.pk if parent else None, division.name), [])
        if len(found) == 1:
            give_code(found[0], division.code, until=at.date())
            tables.places[division.code] = found[0]
            result.counts["recoded"] += 1
        else:
            fresh.append((seedling(kind, division.name, parent, {"code": division.code}), parent))
    tables.places |= {str(place.code): place for place in root_all(fresh)}
    result.counts["added"] += len(fresh)


def _parent(division: Division, tables: _Tables) -> Place | None:
    """Return the place that holds `division`. Raises Refused where the row names none that is there."""
    code = tables.above(division)
    if division.has_gap:
        allowed = division.kind == Kind.COMMUNITY and code not in tables.with_townships
        require(bool(code) and allowed, _("没有填上级代码"))
    if not code:
        require(division.kind == Kind.PROVINCE, _("没有填上级代码"))
        return None
    parent = tables.places.get(code)
    if parent is None:
        newer = Place.objects.filter(aliases__code=code).first()
        require(
            newer is None,
            _("上级代码 %(old)s 已改为 %(new)s，请用新的区划表")
            % {"old": code, "new": newer.code if newer else ""},
        )
        raise Refused(_("上级代码 %(code)s 不在表里，也没有导入过") % {"code": division.parent})
    require(
        may_stand_under(division.kind, parent.kind),
        _("上级「%(name)s」不能直接管这一级") % {"name": parent.name},
    )
    return parent


def _note_pseudo(
    division: Division, parent: Place | None, aliases: dict[str, Place], result: Imported
) -> None:
    """Let the code of a pseudo division find what stands above it."""
    if parent is not None and division.code not in aliases:
        remember_code(division.code, parent, until=None)
        result.counts["aliased"] += 1
    result.counts["pseudo"] += 1


def _renew(place: Place, division: Division, parent: Place | None, result: Imported) -> None:
    """Bring a known place up to its row."""
    is_moved, is_renamed = place.parent_id != (parent.pk if parent else None), place.name != division.name
    if is_moved and parent is not None:
        move_division(place, parent)
        result.counts["moved"] += 1
    if is_renamed:
        name_division(place, division.name)
        result.counts["renamed"] += 1
    if not is_moved and not is_renamed:
        result.counts["unchanged"] += 1


def _twins(
    kind: str, standing: list[tuple[Division, Place | None]], tables: _Tables
) -> dict[tuple[int | None, str], list[Place]]:
    """Return places with the parent and name of a row whose code is new, if no table has their code."""
    twins: dict[tuple[int | None, str], list[Place]] = {}
    parents = {parent.pk for _division, parent in standing if parent}
    found = Place.objects.live().filter(
        kind=kind, parent__in=parents, name__in={division.name for division, _parent in standing}
    )
    for place in found:
        if place.code not in tables.divisions:
            twins.setdefault((place.parent_id, place.name), []).append(place)
    return twins


def _follow_changes(changes: list[Line], result: Imported, at: datetime, *, is_last: bool) -> None:
    """Give places the codes they have now: before the tables only those that stand, after them all."""
    for line in changes:
        try:
            what = _follow(line, at, is_last=is_last)
        except Refused as refused:
            result.faults.append(Fault(line, refused.reason))
        else:
            result.counts[what] += 1


@transaction.atomic
def _follow(line: Line, at: datetime, *, is_last: bool) -> str:
    """Follow one change; returns what it came to, "" where nothing."""
    old, new = full_code(line.cells.get("old", "")), full_code(line.cells.get("new", ""))
    if not is_last and not (old and new):
        return ""  # said once, at the end
    require(bool(old and new), _("旧代码和新代码都要是区划代码"))
    if PlaceAlias.objects.filter(code=old).exists():
        return ""
    until = _day(line.cells.get("date", "")) or at.date()
    place, newer = Place.objects.filter(code=old).first(), Place.objects.filter(code=new).first()
    if place is not None and newer is None:
        give_code(place, new, until=until)
        return "recoded"
    if not is_last:
        return ""
    require(place is None, _("新旧代码各有一个地点，要人工核对后再合并"))
    require(newer is not None, _("没有代码为 %(code)s 的地点") % {"code": new})
    if newer is not None:
        remember_code(old, newer, until=until)
    return "aliased"


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Refused(_("日期「%(typed)s」应写成 2026-01-31 的样子") % {"typed": typed}) from None
