"""Make many cases out of a few: real ones are made by calling actions, then their rows are copied inside the database.

A copy is `INSERT … SELECT` from the rows of the originals and a table of numbers, so that each copied row has the shape
of one that actions wrote. Keys are shifted by a block, so that they stay unique and joined; public tokens are scattered
as random ones are; times are moved back, so that the copies fill the years before the originals evenly.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, models

from linli.cases.models import Answer, Case, Event, Order
from linli.notices.models import Delivery, Notice
from linli.todos.models import Todo
from linli.transparency.models import Entry
from linli.triage.models import Proposal

CHUNK = 20_000  # cases per statement
OPEN_SHARE = 0.01  # open work is bounded by hands: of a hundred cases one is not over yet
A_DAY = 330  # cases a day in the whole street, so that more cases are more years and not busier days
DAY = 86_400
PREFIX = len("cases.Case:")
SCATTER = 0x9E3779B1  # odd, so that multiplying modulo 2**44 maps no two numbers to one


@dataclass(frozen=True)
class Span:
    """Copies number `first` to `last` of the cases `originals`; copy i lies (last - i) * `step` + `offset` s back."""

    originals: Sequence[int]
    first: int
    last: int
    step: float
    offset: float


class Copier:
    """Writes the SQL of one database; `block` is how far the keys of one copy lie from those of the next."""

    def __init__(self, block: int) -> None:
        self.block = block
        self.is_sqlite = connection.vendor == "sqlite"

    def key(self, column: str) -> str:
        return f"o.{column} + n.i * {self.block}"

    def text(self, expression: str) -> str:
        return f"CAST({expression} AS text)"

    def token(self, letter: str, expression: str) -> str:
        """A 12-sign name that no original has, scattered over the index as random names are."""
        if self.is_sqlite:
            return f"printf('{letter}%011x', (({expression}) * {SCATTER}) & 17592186044415)"
        return f"'{letter}' || lpad(to_hex((({expression})::bigint * {SCATTER}) & 17592186044415), 11, '0')"

    def case_of(self, subject: str) -> str:
        """The key of the copied case, from "cases.Case:7"."""
        return f"(CAST(substr(o.{subject}, {PREFIX + 1}) AS bigint) + n.i * {self.block})"

    def subject(self) -> str:
        return "'cases.Case:' || " + self.text(self.case_of("subject"))

    def moved(self, column: str, span: Span) -> str:
        seconds = f"(({span.last} - n.i) * {span.step} + {span.offset})"
        if self.is_sqlite:
            back = f"'-' || CAST({seconds} AS integer) || ' seconds'"
            return f"strftime('%Y-%m-%d %H:%M:%S', o.{column}, {back})"
        return f"o.{column} - {seconds} * interval '1 second'"

    def numbers(self, first: int, last: int) -> str:
        if self.is_sqlite:
            return f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
        return f"WITH n AS (SELECT generate_series({first}, {last}) AS i) "

    def number(self, span: Span) -> str:
        """20241103-004711: the day of the copy, and digits that are its own."""
        moved = self.moved("filed_at", span)
        day = f"strftime('%Y%m%d', {moved})" if self.is_sqlite else f"to_char({moved}, 'YYYYMMDD')"
        return f"{day} || '-' || " + self.text(f"({self.key('id')})")

    def address(self, case: str) -> str:
        return f"'/cases/' || {self.token('x', case)} || '/'"

    def plans(self, span: Span) -> list[tuple[type[models.Model], str, dict[str, str]]]:
        """Per table: which rows belong to the originals, and what differs in a copy besides key and times."""
        ids = ", ".join(map(str, span.originals))
        subjects = ", ".join(f"'cases.Case:{pk}'" for pk in span.originals)
        of_case, of_subject = f"o.case_id IN ({ids})", f"o.subject IN ({subjects})"
        case, name = {"case_id": self.key("case_id")}, self.subject()
        tail = "o.key || '-' || " + self.text("n.i")
        entries = {
            "subject": name, "token": self.token("x", self.key("id")), "position": self.key("position"),
            "ref": "o.ref || '-' || " + self.text("n.i"),
        }  # fmt: skip
        told = f"o.address IN (SELECT '/cases/' || token || '/' FROM cases_case WHERE id IN ({ids}))"
        return [
            (Case, f"o.id IN ({ids})", {
                "number": self.number(span), "once": "NULL",
                "token": self.token("x", self.key("id")), "receipt": self.token("r", self.key("id")),
            }),
            (Order, of_case, case),
            (Event, of_case, case),
            (Answer, of_case, case),
            (Todo, of_subject, {
                "key": tail, "subject": name, "token": self.token("x", self.key("id")),
                "address": self.address(self.case_of("subject")),
            }),
            (Entry, of_subject, entries),
            (Proposal, of_subject, {"subject": name}),
            (Notice, told, {"key": tail, "token": self.token("x", self.key("id"))}),
            (Delivery, f"o.notice_id IN (SELECT o.id FROM notices_notice o WHERE {told})", {
                "notice_id": self.key("notice_id"), "attempt": self.token("x", self.key("id")), "state": "'sent'",
            }),
        ]  # fmt: skip

    def copy(self, span: Span, first: int, last: int) -> None:
        """Insert copies number `first` to `last` of all that belongs to the originals."""
        for model, belongs, special in self.plans(span):
            table, chosen, names = model._meta.db_table, [], []
            for column in model._meta.concrete_fields:
                names.append(f'"{column.column}"')
                if column.primary_key:
                    chosen.append(self.key("id"))
                elif column.column in special:
                    chosen.append(special[column.column])
                elif isinstance(column, models.DateTimeField):
                    chosen.append(self.moved(column.column, span))
                else:
                    chosen.append(f'o."{column.column}"')
            originals = f"o.id < {self.block} AND {belongs}"
            select = f"SELECT {', '.join(chosen)} FROM {table} o CROSS JOIN n WHERE {originals}"
            into, numbers = f"INSERT INTO {table} ({', '.join(names)})", self.numbers(first, last)
            with connection.cursor() as cursor:
                cursor.execute(f"{into} {numbers}{select}" if self.is_sqlite else f"{numbers}{into} {select}")


TABLES = [Case, Order, Event, Answer, Todo, Entry, Proposal, Notice, Delivery]


def multiply(target: int, over: Sequence[int], running: Sequence[int]) -> None:
    """Copy the cases `over` (and a hundredth as many of `running`, the newest) until there are about `target`."""
    widest = max(m.objects.order_by("-pk").values_list("pk", flat=True).first() or 0 for m in TABLES)
    copier = Copier(widest + 1)
    closed = max(round((target * (1 - OPEN_SHARE) - len(over)) / len(over)), 0)
    opened = max(round((target * OPEN_SHARE - len(running)) / len(running)), 0)
    spans = [
        Span(over, 1, closed, DAY * len(over) / A_DAY, 3 * DAY),
        Span(running, closed + 1, closed + opened, 3 * DAY / max(opened, 1), 0),
    ]
    begun, made = time.perf_counter(), 0
    for span in spans:
        step = max(CHUNK // len(span.originals), 1)
        for first in range(span.first, span.last + 1, step):
            last = min(first + step - 1, span.last)
            copier.copy(span, first, last)
            made += (last - first + 1) * len(span.originals)
            print(
                f"\r  {made:>9,} cases, {time.perf_counter() - begun:.0f} s",
                end="",
                file=sys.stderr,
                flush=True,
            )
    print(file=sys.stderr)


def settle() -> None:
    """Let the database know its new size: sequences moved on, statistics gathered, all of it on disk."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        for model in TABLES:
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
