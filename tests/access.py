"""tests/access.csv: every address of Linli, its mark, and what each of the cast gets there.

Columns: `name` of the URL, `mark` of its view, `arguments` and `query` (words of `LivedIn.names`), `methods`, then one
column per person with what GET answers: a status, or "login" where it leads to signing in. "stranger" is a community
worker of another community, "resident" a neighbour who has nothing to do with the row that the address names.
Where POST is answered: `body` is what makes it reach the row, `poster` somebody who may, and the last three columns
say what the others get.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.world import LivedIn

TABLE = Path(__file__).with_name("access.csv")
VIEWERS = (
    "anonymous", "resident", "asker", "grid_worker", "community_worker", "secretary", "property_worker",
    "street_officer", "department_officer", "district_officer", "checker", "administrator", "auditor", "stranger",
    "data_officer",
)  # fmt: skip
STRANGERS = ("anonymous", "resident", "stranger")


@dataclass(frozen=True)
class Row:
    """One address and who gets what there."""

    name: str
    mark: str
    arguments: str
    query: str
    methods: frozenset[str]
    expected: dict[str, str]
    body: str
    poster: str
    posted: dict[str, str]

    def path(self, world: LivedIn) -> str:
        """Return the address without its query."""
        return reverse(self.name, kwargs=world.arguments(self.arguments))

    def address(self, world: LivedIn) -> str:
        """Return the whole address."""
        query = world.query(self.query)
        return self.path(world) + (f"?{query}" if query else "")


def rows() -> list[Row]:
    """Read the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                line["name"], line["mark"], line["arguments"], line["query"],
                frozenset(line["methods"].split()), {viewer: line[viewer] for viewer in VIEWERS},
                line["body"], line["poster"], {viewer: line[f"post_{viewer}"] for viewer in STRANGERS},
            )
            for line in csv.DictReader(file)
        ]  # fmt: skip


def ask(client: Client, address: str) -> HttpResponse:
    """GET it and read a file to its end, so that it is closed (`close` itself would close the database as well)."""
    response = client.get(address)
    if response.streaming:
        response.getvalue()
    return response


def spelled(mark: str) -> str:
    """Return a mark with its powers in one order: a set of powers has none."""
    kind, colon, powers = mark.partition(":")
    return kind + colon + "|".join(sorted(powers.split("|")))


def answer(response: HttpResponse) -> str:
    """Return a status in the table's words: a redirect to signing in is "login"."""
    if response.status_code == 302 and response["Location"].startswith("/people/sign-in/?next="):
        return "login"
    return str(response.status_code)
