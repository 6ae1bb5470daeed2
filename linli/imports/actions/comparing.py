"""What a chunk of rows means beside what is held: who is new, what changes, what repeats, what a person must decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from linli.base.bulk import blind_indexes, parts_of
from linli.base.text import masked_name
from linli.imports.rules.rows import Broken, Draft
from linli.imports.rules.runs import Outcome, overrules
from linli.people.models import Residency
from linli.people.rules import Tenure
from linli.register.actions import bulk as register
from linli.register.actions.bulk import Held
from linli.register.models import Profile, TagKind
from linli.register.rules import HEAD_OF_HOUSEHOLD, NOT_RELATED, IdentityKind


class Stay(NamedTuple):
    """A residency in force of somebody known: its key, home, tenure, last day, and the home's path."""

    pk: int
    home: int
    tenure: str
    since: date
    until: date | None
    lives_there: bool
    is_registered: bool | None
    source: str
    path: str


class Clash(NamedTuple):
    """A difference for a person to decide; values as stored, homes by key."""

    draft: Draft
    person: int
    field: str
    held: str
    offered: str
    is_elsewhere: bool = False


@dataclass
class Known:
    """Somebody known whom a row is about, with what the row adds, repeats, changes and contradicts."""

    draft: Draft
    person: int
    home: int
    held: Held | None
    adds: dict[str, str] = field(default_factory=dict)
    repeats: list[str] = field(default_factory=list)
    stays_new: bool = False
    stay: int = 0  # the residency that `fills` is about
    fills: dict[str, Any] = field(default_factory=dict)  # what was not known of it
    tags: list[int] = field(default_factory=list)
    joins: bool = False
    clashes: list[Clash] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """What becomes of the row."""
        if self.clashes:
            return Outcome.CONFLICTING
        if self.adds or self.stays_new or self.tags or self.joins or self.fills:
            return Outcome.CHANGED
        return Outcome.REPEATED


@dataclass
class Compared:
    """A chunk with every row in one of the lists; `homes` are the keys of the homes of `new` (0: none)."""

    new: list[tuple[Draft, int]] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)
    households: dict[tuple[str, int], tuple[int, bool]] = field(default_factory=dict)

    def tally(self) -> dict[str, int]:
        """Return how many rows had each outcome."""
        counts = {Outcome.NEW.value: len(self.new), Outcome.BROKEN.value: len(self.broken)}
        for row in self.known:
            counts[row.outcome] = counts.get(row.outcome, 0) + 1
        return counts


def compare(drafts: Sequence[tuple[Draft, int]], told: register.Told, scope: str) -> Compared:
    """Sort readable rows, each with the key of its home (0 or below: none, or still to be planted).

    `scope` is the path of the importer's place ("" for everywhere): of somebody who lives elsewhere nothing is
    compared but that they do. One person occurs at most once.
    """
    result = Compared(kinds=dict(TagKind.objects.filter(retired_at=None).values_list("name", "pk")))
    rows = _with_known_tags(drafts, result)
    rows, persons = _who(rows, result)
    members = register.members_among(set(persons.values()))
    rows = _with_one_head(rows, {number for number, who in persons.items() if who in members}, result)
    keys = {persons[draft.number] for draft, _home in rows if draft.number in persons}
    held, stays = register.held_of(keys), _stays(keys)
    tags = register.tags_among(keys)
    indexes = _phone_indexes([draft for draft, _home in rows if draft.number in persons])
    for draft, home in rows:
        person = persons.get(draft.number)
        if person is None:
            _newcomer(draft, home, result)
            continue
        row = Known(draft, person, home, held.get(person))
        own = stays.get(person, [])
        is_elsewhere = bool(own) and not any(stay.path.startswith(scope) for stay in own)
        if row.held is not None and (died := row.held.value("died_on")):
            _of_the_dead(row, died, told, indexes, result)
            continue
        if not is_elsewhere:
            _facts(row, told, indexes)
            row.tags = [kind for tag in draft.tags if (person, kind := result.kinds[tag]) not in tags]
            row.joins = bool(draft.household) and home != 0 and person not in members
            _household(row, members.get(person))
        _home(row, own, told, is_elsewhere=is_elsewhere)
        result.known.append(row)
    return result


def _of_the_dead(
    row: Known, died: str, told: register.Told, indexes: dict[int, str], result: Compared
) -> None:
    """Of somebody who died only facts are compared; a later ledger in which they live is wrong, or the register is."""
    if told.stated_on.isoformat() > died and not row.draft.facts.get("died_on"):
        words = _("登记里这位居民已经去世，台账却还有；请核对，登记错了请先撤销")
        result.broken.append(Broken(row.draft.number, row.draft.cells, words))
        return
    _facts(row, told, indexes)
    result.known.append(row)


def _newcomer(draft: Draft, home: int, result: Compared) -> None:
    if draft.facts.get("died_on"):
        words = _("登记里没有这个人；已经去世的，不再新建档案")
        result.broken.append(Broken(draft.number, draft.cells, words))
    else:
        result.new.append((draft, home))


def _with_known_tags(drafts: Sequence[tuple[Draft, int]], result: Compared) -> list[tuple[Draft, int]]:
    """Leave out rows with a tag that is not in the table."""
    fit: list[tuple[Draft, int]] = []
    for draft, home in drafts:
        unknown = [tag for tag in draft.tags if tag not in result.kinds]
        if unknown:
            words = _("没有“%(tags)s”这种标签，请核对，或先在标签表里添加")
            result.broken.append(Broken(draft.number, draft.cells, words % {"tags": "、".join(unknown)[:60]}))
        else:
            fit.append((draft, home))
    return fit


def _with_one_head(
    rows: list[tuple[Draft, int]], settled: set[int], result: Compared
) -> list[tuple[Draft, int]]:
    """Leave out rows that would give a household a second head; needs to know the households of the chunk.

    Rows in `settled` are about people who belong to a household already: a person decides what changes there.
    """
    numbers = {draft.household for draft, _home in rows if draft.household}
    if not numbers:
        return rows
    result.households = register.households_of(numbers)
    headed = {key for key, (_pk, has_head) in result.households.items() if has_head}
    members = register.heads_among(headed, result.households)
    fit: list[tuple[Draft, int]] = []
    for draft, home in rows:
        key = draft.household, home
        if draft.household and draft.relation == HEAD_OF_HOUSEHOLD and draft.number not in settled:
            if key in headed and not _is_head(draft, members.get(key, ("", ""))):
                words = _("户号 %(number)s 已经有户主，请核对与户主关系") % {"number": draft.household[:30]}
                result.broken.append(Broken(draft.number, draft.cells, words))
                continue
            headed.add(key)
            members.setdefault(key, (draft.facts["name"], draft.facts.get("birth_date", "")))
        fit.append((draft, home))
    return fit


def _is_head(draft: Draft, head: tuple[str, str]) -> bool:
    return head == (draft.facts["name"], draft.facts.get("birth_date", ""))


def _who(rows: list[tuple[Draft, int]], result: Compared) -> tuple[list[tuple[Draft, int]], dict[int, int]]:
    """Return the rows that say who they are about, and {number of the row: person} of those who are known: by paper,
    else by name, home and birth date. A row that fits several people is nobody's.
    """
    numbers = {draft.facts["identity"]: draft.number for draft, _home in rows if draft.facts.get("identity")}
    found = {numbers[number]: person for number, person in register.of_identities(list(numbers)).items()}
    wanted: dict[tuple[str, int, str], list[Draft]] = {}
    for draft, home in rows:
        if draft.number not in found and home > 0 and (born := draft.facts.get("birth_date")):
            wanted.setdefault((draft.facts["name"], home, born), []).append(draft)
    alike: dict[int, set[int]] = {}
    for person, home, name, born, has_number in _living_at({home for _name, home, _born in wanted}):
        for draft in wanted.get((name, home, born), ()):
            # Two papers are two people, or one wrong: that is for the look-up of duplicates, not for a guess.
            if not (has_number and draft.facts.get("identity")):
                alike.setdefault(draft.number, set()).add(person)
    found |= {number: persons.pop() for number, persons in alike.items() if len(persons) == 1}
    unclear = {number for number, persons in alike.items() if number not in found}
    words = _("这一户登记了几位同名同生日的人，分不清是哪一位；请写证件号码，或先核对是否重复登记")
    result.broken += [
        Broken(draft.number, draft.cells, words) for draft, _home in rows if draft.number in unclear
    ]
    return [row for row in rows if row[0].number not in unclear], found


def _living_at(homes: set[int]) -> Iterator[tuple[int, int, str, str, bool]]:
    """Yield (person, home, name, birth date as ISO text, whether a paper is held) of who lives there now.

    First who lives there, then who they are: a database without statistics would join from the wrong end.
    """
    for part in parts_of(sorted(homes)):
        at_home = Residency.objects.filter(home__in=part, until=None).values_list("person", "home")
        home_of: dict[int, list[int]] = {}
        for person, home in at_home:
            home_of.setdefault(person, []).append(home)
        for lot in parts_of(sorted(home_of)):
            rows = Profile.objects.filter(pk__in=lot).values_list(
                "pk", "person__name", "birth_date", "identity_index", "person__merged_into"
            )
            for person, name, born, index, kept in rows:
                for home in home_of[person] if kept is None else ():
                    yield person, home, name, born.isoformat() if born else "", bool(index)


def _stays(persons: set[int]) -> dict[int, list[Stay]]:
    found: dict[int, list[Stay]] = {}
    for part in parts_of(sorted(persons)):
        rows = Residency.objects.filter(person__in=part, until=None)
        columns = (
            "person", "pk", "home", "tenure", "since", "until", "lives_there", "is_registered", "source", "home__path",
        )  # fmt: skip
        for person, *rest in rows.values_list(*columns):
            found.setdefault(person, []).append(Stay(*rest))
    return found


def _phone_indexes(drafts: Sequence[Draft]) -> dict[int, str]:
    """Return {row: blind index of its phone} of rows about people who are known."""
    phones = [draft.facts.get("phone", "") for draft in drafts]
    return {draft.number: index for draft, index in zip(drafts, blind_indexes(phones), strict=True)}


def _facts(row: Known, told: register.Told, indexes: dict[int, str]) -> None:
    held, draft = row.held, row.draft
    if held is None:
        row.adds = {code: value for code, value in draft.facts.items() if code != "died_on"}
        if day := draft.facts.get("died_on"):
            row.clashes.append(Clash(draft, row.person, "died_on", "", day))
        return
    for code, value in draft.facts.items():
        index = indexes.get(draft.number, "") if code == "phone" else ""
        if held.is_empty(code) or _first_paper(held, draft, code):
            if code == "died_on":  # more ends with it than a fact: a person says that it is so
                row.clashes.append(Clash(draft, row.person, code, "", value))
            else:
                row.adds[code] = value
        elif not held.differs(code, value, index):
            row.repeats.append(code)
        elif code in draft.derived and not held.is_empty("identity"):
            continue  # the number that carries it was compared itself
        else:
            _differs(row, held, code, told)


def _first_paper(held: Held, draft: Draft, code: str) -> bool:
    """Whether somebody of whom it was said that they have no papers, a baby, has their first."""
    has_none = held.value("identity_kind") == IdentityKind.NONE and held.is_empty("identity")
    return code == "identity_kind" and has_none and "identity" in draft.facts


def _differs(row: Known, held: Held, code: str, told: register.Told) -> None:
    value = row.draft.facts[code]
    source, stated, _confirmed = held.said(code)
    if overrules(code, source, stated, told.stated_on):
        row.adds[code] = value
    else:
        row.clashes.append(Clash(row.draft, row.person, code, held.value(code), value))


def _household(row: Known, member: register.Member | None) -> None:
    """Compare to which household the person belongs, and as what."""
    draft = row.draft
    if member is None or not draft.household:
        return
    if draft.household != member.number:
        if row.home == member.home:
            offered = f"{row.home} {draft.relation or NOT_RELATED} {draft.household}"
            row.clashes.append(Clash(draft, row.person, "household", member.number, offered))
    elif draft.relation and draft.relation != member.relation:
        row.clashes.append(Clash(draft, row.person, "relation", member.relation, draft.relation))


def _home(row: Known, own: list[Stay], told: register.Told, *, is_elsewhere: bool) -> None:
    """Compare where the person lives: a second home is an owner's, anybody else who moved is for a person to decide."""
    draft, home = row.draft, row.home
    if home == 0:
        return
    here = next((stay for stay in own if stay.home == home), None)
    if here is not None:
        _stay(row, here, told)
        return
    if draft.until:
        return  # it ended before anybody here knew of it
    lived = next((stay for stay in own if stay.lives_there), None)
    owns_only = draft.tenure == Tenure.OWNER and draft.lives_there is not True
    if lived is None or draft.lives_there is False or (owns_only and not is_elsewhere):
        row.stays_new = True
    else:
        offered = f"{home} {draft.tenure}".strip()
        row.clashes.append(Clash(draft, row.person, "home", str(lived.home), offered, is_elsewhere))


def _stay(row: Known, here: Stay, told: register.Told) -> None:
    """Compare how the person belongs to the home: what was not known is filled in, what differs is to be decided."""
    draft = row.draft
    if draft.until and draft.until <= told.stated_on.isoformat():
        row.clashes.append(Clash(draft, row.person, "until", "", f"{here.home} {draft.until}"))
        return
    row.stay = here.pk
    # A ledger that knew no day was given its own.
    is_guessed = (
        here.source == Residency.Source.IMPORT
        and row.held is not None
        and here.since == row.held.row["stated_on"]
    )
    since = "" if is_guessed else here.since.isoformat()
    compared = (
        ("tenure", here.tenure, draft.tenure),
        ("lives_there", _bit(here.lives_there), _bit(draft.lives_there)),
        ("is_registered", _bit(here.is_registered), _bit(draft.is_registered)),
        ("since", since, draft.since if draft.since != here.since.isoformat() else ""),
    )
    for name, held, offered in compared:
        if offered and not held:
            row.fills[name] = offered if name == "since" else offered == "1"
        elif offered and held != offered:
            row.clashes.append(Clash(draft, row.person, name, held, f"{here.home} {offered}"))


def _bit(known: bool | None) -> str:
    return "" if known is None else str(int(known))


def example(row: Draft | Broken, words: str) -> list[str]:
    """Return what a report shows of a row: its number, whom it is about (masked), and what there is to say."""
    name = masked_name(row.facts.get("name", "")) if isinstance(row, Draft) else ""
    return [str(row.number), name, words]
