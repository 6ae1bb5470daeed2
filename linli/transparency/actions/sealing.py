"""Giving entries their place in the tree, many at a time, so that nobody who records has to queue for it."""

from django.db import connection, transaction

from linli.transparency import merkle, store
from linli.transparency.models import Entry, Log, Node

BATCH = 5000


def seal(log: str) -> int:
    """Seal everything that is not sealed yet, and return the size of the tree.

    Sought by "has no position", not by "id beyond the last": ids may commit out of order. Two sealers queue
    on the log's row, so one of them finds nothing left; a sealer killed midway leaves its batch unsealed.
    """
    size, sealed = _seal_batch(log)
    while sealed == BATCH:
        size, sealed = _seal_batch(log)
    return size


def seal_all() -> None:
    """Job, each minute: seal every log with something to seal; a second run finds nothing to do."""
    for log in unsealed_logs():
        seal(log)


def unsealed_logs() -> list[str]:
    """Return the logs that have entries without a place."""
    waiting = Entry.objects.filter(position=None).order_by("log")
    return list(waiting.values_list("log", flat=True).distinct())


@transaction.atomic
def _seal_batch(log: str) -> tuple[int, int]:
    """Seal up to BATCH entries; return (size of the tree, entries sealed now)."""
    Log.objects.get_or_create(name=log)
    Log.objects.select_for_update().get(name=log)
    size = store.size_of(log)
    unsealed = Entry.objects.filter(log=log, position=None).order_by("id")
    waiting = list(unsealed.values_list("pk", "leaf")[:BATCH])
    nodes = store.nodes_at(log, store.edge(size)) if waiting else {}
    new: list[tuple[str, int, int, bytes]] = []
    for position, (_key, leaf) in enumerate(waiting, start=size):
        hashed = merkle.hash_leaf(bytes(leaf))
        for level, index, value in merkle.seats_on_append(position, hashed, lambda *seat: nodes[seat]):
            nodes[level, index] = value
            new.append((log, level, index, value))
    plant(new, [(position, key) for position, (key, _leaf) in enumerate(waiting, start=size)])
    return size + len(waiting), len(waiting)


def plant(nodes: list[tuple[str, int, int, bytes]], positions: list[tuple[int, int]]) -> None:
    """Write nodes (log, level, index, hash) and the positions (position, entry id) of entries.

    Plain SQL: a million entries take seconds where bulk_create and bulk_update would take minutes.
    """
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in ("log", "level", "index", "hash"))
    table, entries = quote(Node._meta.db_table), quote(Entry._meta.db_table)
    with connection.cursor() as cursor:
        if nodes:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES (%s, %s, %s, %s)", nodes)  # noqa: S608
            cursor.executemany(f"UPDATE {entries} SET position = %s WHERE id = %s", positions)  # noqa: S608
