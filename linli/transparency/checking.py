"""`linli verify-log`: everything recomputed from the rows, and each row that does not fit named by its number."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import groupby, islice
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from linli.transparency import checking_heads, merkle, rules
from linli.transparency.models import Entry, Node

BATCH = 500
# What the business rows say now: subjects ("cases.Case:7") to {recorded field: value}, "ref" among them where wanted.
# A subject whose row is gone is missing from the answer; a field left out is not compared.
Comparer = Callable[[Sequence[str]], dict[str, dict[str, Any]]]
Seated = tuple[int, bytes]  # a hash and its number within its level
UNREADABLE = (ValueError, TypeError, AttributeError, OverflowError)


def findings(
    log: str,
    comparers: dict[str, Comparer],
    published: Path | None = None,
    subjects: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Yield one sentence for everything in `log` that is not as it was recorded; none where all is well.

    `subjects` says what the subject of an act begins with, by the first word of its type.
    """
    checks = [
        _check_entries(log, subjects or {}),
        _check_nodes(log),
        checking_heads.check_signed(log),
        checking_heads.check_published(log, published) if published is not None else iter(()),
        *(_check_business(log, prefix, comparer) for prefix, comparer in comparers.items()),
    ]
    for check in checks:
        try:
            yield from check
        except UNREADABLE as error:  # a value that no program of ours wrote: the other checks go on
            yield _("有一行读不出，这一项没有核对完：%(why)s") % {"why": error}


def _name(entry: Entry) -> str:
    number = "?" if entry.position is None else entry.position
    return _("第 %(number)s 条（%(type)s，%(ref)s）") % {
        "number": number,
        "type": entry.type,
        "ref": entry.ref,
    }


def _check_entries(log: str, subjects: Mapping[str, str]) -> Iterator[str]:
    """Every row makes its leaf anew, and the numbers run without a gap."""
    expected = 0
    rows = Entry.objects.filter(log=log).select_related("corrects")
    for entry in rows.filter(position__isnull=False).order_by("position").iterator(BATCH):
        if entry.position != expected:
            yield _("第 %(number)s 条不见了") % {"number": expected}
        expected = (entry.position or 0) + 1
        yield from _check_row(entry, subjects)
    for entry in rows.filter(position=None).order_by("id").iterator(BATCH):
        yield from _check_row(entry, subjects)
    yield from _check_copies(log)


def _check_copies(log: str) -> Iterator[str]:
    """No two leaves are the same, for each has a salt of its own: a second one was copied into the table."""
    rows = Entry.objects.filter(log=log).order_by("pk")
    copied = rows.order_by().values_list("leaf").annotate(times=Count("pk")).filter(times__gt=1)
    for leaf, _times in copied:
        for entry in rows.filter(leaf=leaf)[1:]:
            yield _("%(entry)s：和另一条一模一样，是抄来的") % {"entry": _name(entry)}


def _check_row(entry: Entry, subjects: Mapping[str, str]) -> Iterator[str]:
    try:
        said = rules.parts(bytes(entry.leaf))
        commit = bytes.fromhex(said["commit"])
    except (ValueError, KeyError, TypeError):
        yield _("%(entry)s：叶子已损坏") % {"entry": _name(entry)}
        return
    fields = ", ".join(_altered(entry, said, commit))
    if fields:
        yield _("%(entry)s：内容与记录时不同（%(fields)s）") % {"entry": _name(entry), "fields": fields}
    if not _is_of_its_subject(entry, subjects):
        yield _("%(entry)s：所记的事项（%(subject)s）被改过") % {
            "entry": _name(entry),
            "subject": entry.subject,
        }
    if entry.payload is not None and _corrected_by(entry) != _named_by(entry):
        yield _("%(entry)s：所更正的记录不是它写明的那一条") % {"entry": _name(entry)}


def _altered(entry: Entry, said: dict[str, Any], commit: bytes) -> list[str]:
    """The columns that no longer say what the leaf says; the leaf itself where all of them do."""
    columns = {
        "type": said.get("type") == entry.type,
        "ref": said.get("ref") == entry.ref,
        "at": said.get("ts") == rules.timestamp(entry.at) and not entry.at.microsecond,
        "payload": _commits(entry, commit),
    }
    altered = [name for name, is_as_said in columns.items() if not is_as_said]
    is_whole = rules.leaf(entry.type, entry.at, entry.ref, commit) == bytes(entry.leaf)
    return altered or ([] if is_whole else ["leaf"])


def _commits(entry: Entry, commit: bytes) -> bool:
    """Whether payload and salt make the leaf's commitment; of an erased entry neither is left."""
    if entry.payload is None:
        return not entry.salt
    try:
        return rules.commitment(bytes(entry.salt), entry.payload) == commit
    except (ValueError, TypeError):  # no program of ours writes what is no canonical JSON
        return False


def _is_of_its_subject(entry: Entry, subjects: Mapping[str, str]) -> bool:
    """Whether the row still names what the act was about; a row that was only got back names nothing."""
    if entry.corrects is not None:
        return (entry.subject, entry.ref) == (entry.corrects.subject, entry.corrects.ref)
    is_only_back = entry.payload is None and not entry.subject
    return is_only_back or entry.subject.startswith(subjects.get(entry.type.partition(".")[0], ""))


def _corrected_by(entry: Entry) -> str | None:
    """The hash of the leaf that the row says it corrects."""
    return None if entry.corrects is None else merkle.hash_leaf(bytes(entry.corrects.leaf)).hex()


def _named_by(entry: Entry) -> str | None:
    """The hash of the leaf that the recorded words say they correct."""
    is_correction = entry.type == rules.CORRECTION and isinstance(entry.payload, dict)
    return entry.payload.get("corrects") if is_correction and entry.payload else None


def _check_nodes(log: str) -> Iterator[str]:
    """Level 0 is the hash of the entries, each level above the hash of pairs below; nothing is missing or too much."""
    entries = Entry.objects.filter(log=log, position__isnull=False).order_by("position")
    leaves = entries.values_list("position", "leaf").iterator(BATCH)
    expected: Iterator[Seated] = (
        (position, merkle.hash_leaf(bytes(leaf))) for position, leaf in leaves if position is not None
    )
    levels = Node.objects.filter(log=log).aggregate(highest=Max("level"))["highest"]
    for level in range(0 if levels is None else levels + 1):
        for index in _unlike(expected, _stored(log, level)):
            yield _node_sentence(level, index)
        expected = _pairs(_stored(log, level))
    for index, _hash in expected:
        yield _node_sentence(0 if levels is None else levels + 1, index)


def _stored(log: str, level: int) -> Iterator[Seated]:
    rows = Node.objects.filter(log=log, level=level).order_by("index").values_list("index", "hash")
    return ((index, bytes(hashed)) for index, hashed in rows.iterator(BATCH))


def _unlike(expected: Iterator[Seated], stored: Iterator[Seated]) -> Iterator[int]:
    """Where two rows of hashes, both in their order, differ, or only one of them has any."""
    for index, both in groupby(merge(expected, stored, key=itemgetter(0)), key=itemgetter(0)):
        hashes = [hashed for _index, hashed in both]
        if len(hashes) != 2 or hashes[0] != hashes[1]:
            yield index


def _pairs(below: Iterator[Seated]) -> Iterator[Seated]:
    """The hashes over each two neighbours that are both there."""
    for index, both in groupby(below, key=lambda seated: seated[0] >> 1):
        hashes = [hashed for _index, hashed in both]
        if len(hashes) == 2:
            yield index, merkle.hash_node(*hashes)


def _node_sentence(level: int, index: int) -> str:
    if level == 0:
        return _("第 %(number)s 条：叶子与树里的哈希不符") % {"number": index}
    return _("树节点 %(level)s/%(index)s 与它下面的记录不符") % {"level": level, "index": index}


def _check_business(log: str, prefix: str, comparer: Comparer) -> Iterator[str]:
    """What was last recorded of each field is what the business row says now."""
    rows = Entry.objects.filter(log=log, subject__startswith=f"{prefix}:", payload__isnull=False)
    by_subject = groupby(
        rows.exclude(type=rules.CORRECTION).order_by("subject", "id").iterator(BATCH),
        attrgetter("subject"),
    )
    while batch := {subject: list(entries) for subject, entries in islice(by_subject, BATCH)}:
        now = comparer(list(batch))
        for subject, entries in batch.items():
            entries.sort(key=_order)
            yield from _compare(subject, entries, now.get(subject))


def _order(entry: Entry) -> tuple[bool, int]:
    """As they stand in the tree, behind them what has no place yet: that order cannot be changed, row numbers can."""
    return entry.position is None, entry.pk if entry.position is None else entry.position


def _compare(subject: str, entries: list[Entry], now: dict[str, Any] | None) -> Iterator[str]:
    if now is None:
        yield _("%(entry)s：业务记录 %(subject)s 不见了") % {"entry": _name(entries[-1]), "subject": subject}
        return
    now = rules.plain(now)
    number = now.pop("ref", None)
    said: dict[str, tuple[Entry, Any]] = {}
    for entry in entries:
        if number is not None and entry.ref != number:
            yield _changed(subject, entry, "ref", entry.ref, number)
        payload = entry.payload if isinstance(entry.payload, dict) else {}
        said |= {field: (entry, value) for field, value in payload.items()}
    for field in sorted(said.keys() & now.keys()):
        entry, recorded = said[field]
        if recorded != now[field]:
            yield _changed(subject, entry, field, recorded, now[field])


def _changed(subject: str, entry: Entry, field: str, recorded: object, now: object) -> str:
    return _("%(entry)s：「%(field)s」记录为 %(recorded)s，现在是 %(now)s（%(subject)s）") % {
        "entry": _name(entry), "field": field, "recorded": recorded, "now": now, "subject": subject,
    }  # fmt: skip
