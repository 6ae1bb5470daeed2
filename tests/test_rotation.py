"""Keys change under a whole house: what is found, opened and taken back before, is so after."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from linli.base import crypto, keys
from linli.base.keys import KeyMissing
from linli.imports.actions import files
from linli.organisations.models import Membership
from linli.people import actions as people
from linli.people.models import Tenure
from linli.places import actions as places
from linli.places.models import Kind
from linli.privacy import actions
from linli.register import actions as register
from linli.register.actions import Report
from linli.register.models import PersonWords, Profile, opaque, word_keys
from linli.register.rules import Source
from linli.register.rules.words import name_words
from tests.cast import MONDAY, Willow, build

NUMBER = "11010519491231002X"


@pytest.fixture
def sealed(db: None, settings: Any, tmp_path: Path) -> Any:
    settings.FIELD_KEYS, settings.MEDIA_ROOT = tmp_path / "keys", tmp_path / "media"
    yield build()  # a cast whose data is sealed under keys of this test alone
    keys.forget_keys()
    crypto.forget_ciphers()


def test_acts_are_taken_back_names_found_and_ledgers_read_under_the_new_keys(sealed: Willow) -> None:
    person, facts = sealed.neighbour, {"identity_kind": "resident", "identity": NUMBER, "sex": "2"}
    twice = people.register("何建钧", "13900000077", at=MONDAY)
    register.state(twice, facts, source=Source.PAPER, by=sealed.sun, at=MONDAY)
    merged = register.merge(person, twice, by=sealed.sun, at=MONDAY)
    files.keep("ledger", [b"a ledger"])
    actions.begin_rotation(MONDAY + timedelta(minutes=1), with_index=True)
    while actions.rotate_step(MONDAY) is not None:
        pass
    left = actions.leftovers()
    assert left["register.undo"] > 0
    assert left["MEDIA_ROOT"] == 1
    with pytest.raises(KeyMissing, match="rotate-keys"):
        actions.retire_old_keys(MONDAY)
    call_command("rotate_keys")  # begins another, and finishes what this one left
    assert actions.leftovers() == {}
    for path in actions.retire_old_keys(MONDAY):
        path.rename(path.with_name(f"away-{path.name}"))
    keys.forget_keys()
    crypto.forget_ciphers()
    newest = word_keys()[0]
    names = opaque(sorted(name_words("何建军")), sealed.community.pk, newest)
    kept = PersonWords.objects.get(person=person).words.replace("'", "")  # PostgreSQL shows words in quotes
    assert set(names) <= set(kept.split()), "under the newest key"
    roles = list(Membership.objects.filter(person=sealed.sun).select_related("place"))
    assert register.search("何建军", roles, MONDAY) == [person]
    assert Profile.objects.of_identity(NUMBER).get().person == person
    register.unmerge(merged, by=sealed.sun, at=MONDAY)
    assert Profile.objects.get(person=twice).identity == NUMBER
    assert not Profile.objects.filter(person=person).exists()
    with files.opened("ledger") as content:
        assert content.read() == b"a ledger"


def test_a_move_is_taken_back_after_a_rotation(sealed: Willow) -> None:
    upstairs = places.plant(Kind.HOME, "602室", sealed.building)
    event = register.birth(
        [sealed.zhang],
        register.Newborn("张小宝", "1"),
        Report(MONDAY.date(), Source.PAPER, sealed.sun, MONDAY),
    )
    moved = register.move(
        [sealed.neighbour], upstairs, Tenure.TENANT, Report(MONDAY.date(), Source.PAPER, sealed.sun, MONDAY)
    )
    call_command("rotate_keys", "--with-index")
    assert register.undo_event(moved, because="登记错了", by=sealed.sun, at=MONDAY).undone_at
    assert register.undo_event(event, because="登记错了", by=sealed.sun, at=MONDAY).undone_at
