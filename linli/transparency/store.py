"""Reading the tree: which rows a question needs is found first, then they come in one query."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db.models import Max, Q

from linli.transparency import merkle, tiles
from linli.transparency.models import Checkpoint, Cosignature, Entry, Node

Seat = tuple[int, int]
Answer = TypeVar("Answer")
SEATS_PER_QUERY = 200


class Broken(Exception):
    """The stored tree lacks what it must have; `linli verify-log` names it."""


def size_of(log: str) -> int:
    """Return how many entries are sealed."""
    last = Entry.objects.filter(log=log, position__isnull=False).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def nodes_at(log: str, seats: Iterable[Seat]) -> dict[Seat, bytes]:
    """Return the stored hashes of `seats` (level, index); those that are missing are missing here too."""
    wanted = sorted(set(seats))
    found: dict[Seat, bytes] = {}
    for start in range(0, len(wanted), SEATS_PER_QUERY):
        chosen = Q()
        for level, index in wanted[start : start + SEATS_PER_QUERY]:
            chosen |= Q(log=log, level=level, index=index)  # log in each: SQLite then seeks seat by seat
        rows = Node.objects.filter(chosen).values_list("level", "index", "hash")
        found |= {(level, index): bytes(hashed) for level, index, hashed in rows}
    return found


def ask(log: str, question: Callable[[merkle.Node], Answer]) -> Answer:
    """Answer a question about the tree with one query: asked once to see what it reads, then for good."""
    wanted: list[Seat] = []

    def note_down(level: int, index: int) -> bytes:
        wanted.append((level, index))
        return merkle.EMPTY_ROOT

    question(note_down)
    found = nodes_at(log, wanted)
    if len(found) < len(set(wanted)):
        raise Broken(f"{log}: {sorted(set(wanted) - set(found))}")
    return question(lambda level, index: found[level, index])


def root(log: str, size: int) -> bytes:
    """Return the root over the first `size` entries."""
    return ask(log, lambda node: merkle.root(size, node))


def edge(size: int) -> list[Seat]:
    """Return the seats of the complete subtrees that a tree of `size` consists of."""
    levels = [level for level in range(size.bit_length()) if size >> level & 1]
    return [(level, (size >> level) - 1) for level in levels]


def tile(log: str, level: int, number: int, width: int) -> bytes:
    """Return the hashes of one tile, fewer than `width` where the tree is not that large."""
    first = number * tiles.WIDTH
    rows = Node.objects.filter(log=log, level=level * tiles.HEIGHT, index__gte=first, index__lt=first + width)
    return b"".join(bytes(hashed) for hashed in rows.order_by("index").values_list("hash", flat=True))


def leaves(log: str, first: int, end: int) -> list[bytes]:
    """Return the entries at positions [first, end), as they are hashed."""
    rows = Entry.objects.filter(log=log, position__gte=first, position__lt=end).order_by("position")
    return [bytes(leaf) for leaf in rows.values_list("leaf", flat=True)]


def latest_checkpoint(log: str) -> Checkpoint | None:
    """Return the largest signed tree head."""
    return Checkpoint.objects.filter(log=log).order_by("-size").first()


def checkpoint_for(log: str, position: int) -> Checkpoint | None:
    """Return the checkpoint a receipt should carry: the newest that a witness has seen, else the newest."""
    covering = Checkpoint.objects.filter(log=log, size__gt=position).order_by("-size")
    return covering.filter(cosignatures__isnull=False).first() or covering.first()


def cosigned_note(checkpoint: Checkpoint) -> str:
    """Return the checkpoint with the latest cosignature of each witness."""
    return checkpoint.note + "".join(one.line for one in latest_cosignatures(checkpoint))


def latest_cosignatures(checkpoint: Checkpoint) -> list[Cosignature]:
    """Return the latest cosignature of each witness, by name."""
    latest = {one.witness: one for one in checkpoint.cosignatures.order_by("at")}
    return [latest[witness] for witness in sorted(latest)]
