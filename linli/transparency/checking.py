"""`linli verify-log`: everything recomputed from the rows, and each row that does not fit named by its number."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from linli.transparency import merkle, notes, publishing, rules, store, tiles, words
from linli.transparency.models import Checkpoint, Entry, Node, PublicKey
from linli.transparency.notes import BadNote

BATCH = 500
# What the business rows say now: subjects ("cases.Case:7") to {recorded field: value}, "ref" among them where wanted.
# A subject whose row is gone is missing from the answer; a field left out is not compared.
Comparer = Callable[[Sequence[str]], dict[str, dict[str, Any]]]


def findings(log: str, comparers: dict[str, Comparer], published: Path | None = None) -> Iterator[str]:
    """Yield one sentence for everything in `log` that is not as it was recorded; none where all is well."""
    yield from _check_entries(log)
    yield from _check_nodes(log)
    yield from _check_checkpoints(log)
    if published is not None and (published / "checkpoint").exists():
        yield from _check_published(log, published)
    for prefix, comparer in comparers.items():
        yield from _check_business(log, prefix, comparer)


def _name(entry: Entry) -> str:
    number = "?" if entry.position is None else entry.position
    return _("第 %(number)s 条（%(type)s，%(ref)s）") % {
        "number": number,
        "type": entry.type,
        "ref": entry.ref,
    }


def _check_entries(log: str) -> Iterator[str]:
    """Every row makes its leaf anew, and the numbers run without a gap."""
    expected = 0
    rows = Entry.objects.filter(log=log).select_related("corrects")
    for entry in rows.filter(position__isnull=False).order_by("position").iterator(BATCH):
        if entry.position != expected:
            yield _("第 %(number)s 条不见了") % {"number": expected}
        expected = (entry.position or 0) + 1
        yield from _check_row(entry)
    for entry in rows.filter(position=None).order_by("id").iterator(BATCH):
        yield from _check_row(entry)


def _check_row(entry: Entry) -> Iterator[str]:
    try:
        said = rules.parts(bytes(entry.leaf))
        commit = bytes.fromhex(said["commit"])
    except (ValueError, KeyError, TypeError):
        yield _("%(entry)s：叶子已损坏") % {"entry": _name(entry)}
        return
    if entry.payload is not None:
        commit = rules.commitment(bytes(entry.salt), entry.payload)
    if rules.leaf(entry.type, entry.at, entry.ref, commit) != bytes(entry.leaf):
        fields = ", ".join(_altered(entry, said, commit))
        yield _("%(entry)s：内容与记录时不同（%(fields)s）") % {"entry": _name(entry), "fields": fields}
    if entry.corrects is not None and entry.payload is not None:
        named = entry.payload.get("corrects")
        if named != merkle.hash_leaf(bytes(entry.corrects.leaf)).hex():
            yield _("%(entry)s：所更正的记录不是它写明的那一条") % {"entry": _name(entry)}


def _altered(entry: Entry, said: dict[str, Any], commit: bytes) -> Iterator[str]:
    """The columns that no longer say what the leaf says; the leaf itself where all of them do."""
    now = {"type": entry.type, "ref": entry.ref, "ts": rules.timestamp(entry.at), "commit": commit.hex()}
    columns = {"type": "type", "ref": "ref", "ts": "at", "commit": "payload"}
    changed = [columns[key] for key in columns if said.get(key) != now[key]]
    yield from changed or ["leaf"]


def _check_nodes(log: str) -> Iterator[str]:
    """Level 0 is the hash of the entries, each level above the hash of pairs below; nothing is missing or too much."""
    entries = Entry.objects.filter(log=log, position__isnull=False).order_by("position")
    below: Iterable[bytes] = (
        merkle.hash_leaf(bytes(leaf)) for leaf in entries.values_list("leaf", flat=True).iterator(BATCH)
    )
    level = 0
    while True:
        stored = Node.objects.filter(log=log, level=level).order_by("index").values_list("index", "hash")
        broken, count = [], 0
        rows = stored.iterator(BATCH)
        for index, hashed in enumerate(below):
            row = next(rows, None)
            count += 1
            if row is None or row[0] != index or bytes(row[1]) != hashed:
                broken.append(index)
                break  # from here on the level is out of step
        else:
            broken += [row[0] for row in islice(rows, 1)]
        yield from (_node_sentence(level, index) for index in broken)
        if broken or count == 0:
            return
        below = _pairs(log, level)
        level += 1


def _pairs(log: str, level: int) -> Iterator[bytes]:
    rows = Node.objects.filter(log=log, level=level).order_by("index").values_list("hash", flat=True)
    hashes = (bytes(hashed) for hashed in rows.iterator(BATCH))
    while (left := next(hashes, None)) is not None and (right := next(hashes, None)) is not None:
        yield merkle.hash_node(left, right)


def _node_sentence(level: int, index: int) -> str:
    if level == 0:
        return _("第 %(number)s 条：叶子与树里的哈希不符") % {"number": index}
    return _("树节点 %(level)s/%(index)s 与它下面的记录不符") % {"level": level, "index": index}


def _check_checkpoints(log: str) -> Iterator[str]:
    """Every signed head is signed by a known key and has the root of the tree as it stands."""
    known = [
        notes.read_vkey(vkey) for vkey in PublicKey.objects.filter(log=log).values_list("vkey", flat=True)
    ]
    size = store.size_of(log)
    for checkpoint in Checkpoint.objects.filter(log=log).order_by("size").iterator(BATCH):
        problem = _problem_of(checkpoint, known, size)
        if problem:
            yield _("检查点（%(size)s 条）：%(problem)s") % {"size": checkpoint.size, "problem": problem}


def _problem_of(checkpoint: Checkpoint, known: list[notes.Verifier], size: int) -> str:
    try:
        head, _seen = notes.open_checkpoint(store.cosigned_note(checkpoint), known)
    except BadNote as error:
        return _("签名不对：%(why)s") % {"why": words.of_problem(error)}
    if (head.size, head.root) != (checkpoint.size, bytes(checkpoint.root)):
        return _("条数或根与签名的不同")
    if head.size > size:
        return _("签过的条数比现有记录多，像是恢复了旧备份")
    try:
        root = store.root(checkpoint.log, head.size)
    except store.Broken:
        return _("树不完整，算不出根")
    return "" if root == head.root else _("根与现有记录算出的不同：签名以后有记录被改")


def _check_published(log: str, folder: Path) -> Iterator[str]:
    """The published entries and the rows are the same, number by number."""
    for level, number, width in tiles.shape(publishing.published_size(folder)):
        if level:
            return
        first = number * tiles.WIDTH
        path = folder / "tile" / "entries" / tiles.name(number, width)
        there = tiles.unbundle(path.read_bytes()) if path.exists() else []
        here = store.leaves(log, first, first + width)
        for offset in range(width):
            if there[offset : offset + 1] != here[offset : offset + 1]:
                yield _("第 %(number)s 条与已发布的不同") % {"number": first + offset}


def _check_business(log: str, prefix: str, comparer: Comparer) -> Iterator[str]:
    """What was last recorded of each field is what the business row says now."""
    rows = Entry.objects.filter(log=log, subject__startswith=f"{prefix}:", payload__isnull=False)
    by_subject = groupby(
        rows.exclude(type=rules.CORRECTION).order_by("subject", "id").iterator(BATCH),
        lambda entry: entry.subject,
    )
    while batch := {subject: list(entries) for subject, entries in islice(by_subject, BATCH)}:
        now = comparer(list(batch))
        for subject, entries in batch.items():
            yield from _compare(subject, entries, now.get(subject))


def _compare(subject: str, entries: list[Entry], now: dict[str, Any] | None) -> Iterator[str]:
    if now is None:
        yield _("%(entry)s：业务记录 %(subject)s 不见了") % {"entry": _name(entries[-1]), "subject": subject}
        return
    now = rules.plain(now)
    said: dict[str, tuple[Entry, Any]] = {"ref": (entries[-1], entries[-1].ref)}
    for entry in entries:
        said |= {field: (entry, value) for field, value in (entry.payload or {}).items()}
    for field in sorted(said.keys() & now.keys()):
        entry, recorded = said[field]
        if recorded != now[field]:
            yield _("%(entry)s：「%(field)s」记录为 %(recorded)s，现在是 %(now)s（%(subject)s）") % {
                "entry": _name(entry), "field": field, "recorded": recorded, "now": now[field], "subject": subject,
            }  # fmt: skip
