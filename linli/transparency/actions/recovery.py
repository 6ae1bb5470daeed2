"""After a restored backup: the tree is brought back to what was published, so that nothing signed is ever unsaid."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection
from django.utils.translation import gettext as _

from linli.base.errors import Refused, require
from linli.transparency import guards, merkle, notes, store, tiles, words
from linli.transparency.actions.sealing import plant, seal
from linli.transparency.models import Checkpoint, Entry, Log, Node, PublicKey
from linli.transparency.notes import BadNote, Head, Verifier

PATIENCE = 30  # seconds
BATCH = 500


@dataclass(frozen=True)
class Recovered:
    """How many entries had their place, got it back, and came back as a row without payload."""

    kept: int
    reseated: int
    restored: int


def read_published(source: str, path: str) -> bytes:
    """Return one file of a published log: `source` is a folder or an http(s) address. Raises OSError."""
    if not source.startswith(("http://", "https://")):
        return (Path(source) / path).read_bytes()
    parts = urlsplit(source)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    asked = kind(parts.netloc, timeout=PATIENCE)
    try:
        asked.request("GET", f"{parts.path.rstrip('/')}/{path}")
        answer = asked.getresponse()
        body = answer.read()
    finally:
        asked.close()
    if answer.status != 200:
        raise OSError(f"{source}/{path}: {answer.status}")
    return body


def recover(log: str, source: str, verifiers: list[Verifier], at: datetime) -> Recovered:
    """Replay `log` from its published files at `source` (a folder or an address).

    The published tree is checked whole before anything changes: its checkpoint must bear one of `verifiers`' signatures
    and its entries must hash to the signed root. Rows that hold a published leaf get its position; a leaf
    whose row was lost comes back as a row without payload; what was sealed here after the backup and never
    published keeps its row and is sealed again, behind all that was signed. The published checkpoint is kept where it
    was lost, as of `at`. A second run changes nothing.
    """
    head, note = _published_head(source, verifiers)
    leaves = list(_published_leaves(source, head.size))
    require(
        _root_of(leaves) == head.root,
        _("发布的文件和它的检查点对不上，没有改动任何记录。请换一份发布文件再试。"),
    )
    if store.leaves(log, 0, head.size) == leaves and _is_planted(log, head):
        _keep_checkpoint(log, head, note, verifiers, at)
        return Recovered(head.size, 0, 0)
    with guards.lifted(connection):
        Log.objects.get_or_create(name=log)
        Log.objects.select_for_update().get(name=log)
        recovered = _replant(log, leaves)
        _keep_checkpoint(log, head, note, verifiers, at)
    seal(log)
    return recovered


def _keep_checkpoint(log: str, head: Head, note: str, verifiers: list[Verifier], at: datetime) -> None:
    """Keep what the log itself has signed, and with which keys; witnesses sign anew."""
    lines = note.removeprefix(head.text + "\n").splitlines(keepends=True)
    own = [line for line in lines if line.startswith(f"{notes.DASH} {head.origin} ")]
    signed = head.text + "\n" + "".join(own)
    Checkpoint.objects.get_or_create(
        log=log, size=head.size, defaults={"root": head.root, "note": signed, "at": at}
    )
    for one in notes.check(signed, verifiers)[1]:
        PublicKey.objects.get_or_create(
            log=log, vkey=one.verifier.vkey, defaults={"holder": PublicKey.Holder.LOG, "at": at}
        )


def _published_head(source: str, verifiers: list[Verifier]) -> tuple[Head, str]:
    try:
        note = read_published(source, "checkpoint").decode("utf-8", "replace")
        head, _seen = notes.open_checkpoint(note, verifiers)
    except BadNote as error:
        why = words.of_problem(error)
        raise Refused(_("发布的检查点不作数：%(why)s。没有改动任何记录。") % {"why": why}) from error
    return head, note


def _published_leaves(source: str, size: int) -> Iterator[bytes]:
    for level, number, width in tiles.shape(size):
        if level == 0:
            entries = tiles.unbundle(read_published(source, "tile/entries/" + tiles.name(number, width)))
            yield from entries[:width]


def _nodes_of(leaves: list[bytes]) -> dict[store.Seat, bytes]:
    nodes: dict[store.Seat, bytes] = {}
    for position, leaf in enumerate(leaves):
        hashed = merkle.hash_leaf(leaf)
        for level, index, value in merkle.seats_on_append(position, hashed, lambda *seat: nodes[seat]):
            nodes[level, index] = value
    return nodes


def _root_of(leaves: list[bytes]) -> bytes:
    nodes = _nodes_of(leaves)
    return merkle.root(len(leaves), lambda *seat: nodes[seat])


def _is_planted(log: str, head: Head) -> bool:
    try:
        return store.root(log, head.size) == head.root
    except store.Broken:
        return False


def _replant(log: str, leaves: list[bytes]) -> Recovered:
    """Take the tree down and set it up again from `leaves`; rows beyond them wait to be sealed."""
    rows = Entry.objects.filter(log=log).values_list("leaf", "pk", "position")
    held = {bytes(leaf): (key, position) for leaf, key, position in rows.iterator()}
    kept = sum(1 for position, leaf in enumerate(leaves) if held.get(leaf, (0, -1))[1] == position)
    Entry.objects.filter(log=log).update(position=None)
    Node.objects.filter(log=log).delete()
    lost = [(position, leaf) for position, leaf in enumerate(leaves) if leaf not in held]
    Entry.objects.bulk_create([_lost_entry(log, *one) for one in lost], batch_size=BATCH)
    found = [(position, held[leaf][0]) for position, leaf in enumerate(leaves) if leaf in held]
    plant([(log, *seat, value) for seat, value in _nodes_of(leaves).items()], found)
    return Recovered(kept, len(found) - kept, len(lost))


def _lost_entry(log: str, position: int, leaf: bytes) -> Entry:
    said = json.loads(leaf)
    at = datetime.fromisoformat(said["ts"])
    return Entry(
        log=log, type=said["type"], subject="", ref=said["ref"], at=at, payload=None, salt=b"",
        leaf=leaf, position=position,
    )  # fmt: skip
