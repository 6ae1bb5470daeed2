"""A compiled phrase (linli.base.compiled) reads what the phrase itself reads, for any values, and is built once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from linli.base.compiled import Compiled
from linli.organisations.models import Membership
from tests.cast import MONDAY, Willow

TODAY = MONDAY.date()


def roles(**counted: Any) -> Compiled[Membership]:
    def phrase(person: Any, on: Any) -> models.QuerySet[Membership]:
        counted["built"].append(1)
        return Membership.objects.current(person, on)

    return Compiled(phrase, person=models.BigIntegerField(), on=models.DateField())


@pytest.mark.django_db
def test_it_reads_what_the_phrase_reads_for_every_value_and_is_built_once(willow: Willow) -> None:
    built: list[int] = []
    compiled = roles(built=built)
    for person in (willow.li, willow.sun, willow.zhao, willow.zhang):
        for on in (TODAY, TODAY - timedelta(days=10_000)):
            wanted = list(Membership.objects.current(person, on))
            with CaptureQueriesContext(connection) as seen:
                rows = compiled.read(person=person.pk, on=on)
                words = [(row, row.organisation.name, row.place.name, row.since) for row in rows]
            assert words == [(row, row.organisation.name, row.place.name, row.since) for row in wanted]
            assert len(seen) == 1  # with the neighbours that the phrase reads along
    assert compiled.read(person=willow.sun.pk, on=TODAY)
    assert built == [1]


@pytest.mark.django_db
def test_a_row_that_came_after_the_first_reading_is_found(willow: Willow) -> None:
    compiled = roles(built=[])
    before = compiled.read(person=willow.sun.pk, on=TODAY)
    Membership.objects.filter(pk=before[0].pk).update(until=TODAY)
    assert before[0] not in compiled.read(person=willow.sun.pk, on=TODAY)


@pytest.mark.parametrize("values", [{"person": 1}, {"person": None, "on": TODAY}, {"person": 1, "of": TODAY}])
def test_a_value_that_is_missing_none_or_unknown_is_said_at_once(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="needs a value"):
        roles(built=[]).read(**values)
