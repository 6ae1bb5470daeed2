"""Keys: lost, changed, rotated, taken away."""

import ast
import os
import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.core.management import CommandError, call_command

from linli.base import crypto, keys
from linli.base.crypto import blind_index, key_of
from linli.base.fields import SealedField, sealed_fields
from linli.base.keys import KeyMissing
from linli.people import actions as people
from linli.people.models import Account, Person
from linli.privacy import actions
from linli.privacy.actions import rotating
from linli.privacy.models import KeyInUse, Rotation
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
HOUSE = Path(rotating.__file__).resolve().parents[2]
PERSONAL = re.compile(r"phone|identity|\bname\b|birth|address|\btext\b|words")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Any:
    settings.FIELD_KEYS = tmp_path / "keys"
    settings.MEDIA_ROOT = tmp_path / "media"
    yield settings.FIELD_KEYS
    keys.forget_keys()
    crypto.forget_ciphers()


def forget(folder: Path, name: str) -> None:
    (folder / name).rename(folder.parent / f"away-{name}")
    keys.forget_keys()
    crypto.forget_ciphers()


def zhang() -> Person:
    return people.register("张秀英", "13800000001", at=MONDAY)


def test_every_sealed_column_is_known_to_rotation() -> None:
    hidden = [
        f"{model._meta.label}.{column.name}"
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if column.name.endswith("_sealed") and not isinstance(column, SealedField)
    ]
    assert not hidden, f"use linli.base.fields.SealedField: {hidden}"
    for model, field in sealed_fields():
        row = model._meta.get_field(field.row.removesuffix("_id"))
        assert getattr(row, "unique", False), f"{model._meta.label}.{field.name} is bound to {field.row}"


def test_a_fresh_deployment_makes_its_keys_and_remembers_them(folder: Path) -> None:
    actions.check_keys(MONDAY)
    assert sorted(path.name for path in folder.iterdir()) == ["1", "index"]
    actions.check_keys(MONDAY)
    assert KeyInUse.objects.count() == 2


@pytest.mark.parametrize("name", ["1", "index"])
def test_a_lost_key_is_one_sentence_and_no_start(folder: Path, name: str) -> None:
    zhang()
    actions.check_keys(MONDAY)
    forget(folder, name)
    with pytest.raises(KeyMissing, match="密钥备份"):
        actions.check_keys(MONDAY)
    assert not (folder / name).exists()


def test_an_old_database_without_its_keys_does_not_start(folder: Path) -> None:
    zhang()
    for name in ("1", "index"):
        forget(folder, name)
    with pytest.raises(KeyMissing):
        actions.check_keys(MONDAY)
    assert not folder.exists() or not list(folder.iterdir())


def test_another_databases_key_does_not_start(folder: Path) -> None:
    actions.check_keys(MONDAY)
    (folder / "1").write_text("ab" * 32)
    keys.forget_keys()
    with pytest.raises(KeyMissing, match="不是这个数据库"):
        actions.check_keys(MONDAY)


def test_everything_is_found_and_read_while_the_key_is_rotated_and_after(
    folder: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(rotating, "STEP", 2)
    persons = [people.register(f"居民{number}", f"1380000000{number}", at=MONDAY) for number in range(5)]
    path = Path(folder.parent / "media" / "f")
    crypto.seal_file([b"a list"], path, bound_to="x")
    assert actions.begin_rotation(MONDAY, with_index=True) == 2
    assert actions.begin_rotation(MONDAY, with_index=True) == 2  # the running one goes on
    steps = 0
    while actions.rotate_step(MONDAY) is not None:
        steps += 1
        for number, person in enumerate(persons):
            found = Person.objects.of_phone(f"1380000000{number}").get()
            assert (found.pk, found.phone) == (person.pk, f"1380000000{number}")
        assert (
            Person.objects.filter(
                phone_index__in=[blind_index("13800000001"), blind_index("13800000003")]
            ).count()
            == 2
        )
    assert steps > 5
    assert actions.rotate_files() == 1
    assert actions.leftovers() == {}
    assert {key_of(sealed) for sealed in Person.objects.values_list("phone_sealed", flat=True)} == {2}
    assert actions.retire_old_keys(MONDAY) == [folder / "1"]
    forget(folder, "1")
    forget(folder, "index")
    KeyInUse.objects.filter(kind="index", key_id=1).update(retired_at=MONDAY)
    actions.check_keys(MONDAY)
    assert Person.objects.of_phone("13800000003").get().phone == "13800000003"
    with crypto.unseal_file(path, bound_to="x") as file:
        assert file.read() == b"a list"


def test_a_rotation_that_was_killed_goes_on_where_it_was(folder: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(rotating, "STEP", 1)
    for number in range(3):
        people.register(f"居民{number}", f"1380000000{number}", at=MONDAY)
    actions.begin_rotation(MONDAY)
    while Rotation.objects.get(table="people.Person").count < 1:
        actions.rotate_step(MONDAY)
    with pytest.raises(KeyMissing, match="rotate-keys"):
        actions.retire_old_keys(MONDAY)
    call_command("rotate_keys")
    assert actions.leftovers() == {}
    assert Rotation.objects.get(table="people.Person").count == 3
    assert key_of(Person.objects.all()[0].phone_sealed) == 2


def test_a_value_pasted_into_another_row_does_not_open_and_rotation_does_not_bless_it(folder: Path) -> None:
    first, second = zhang(), people.register("何建军", "13800000004", at=MONDAY)
    Person.objects.filter(pk=second.pk).update(phone_sealed=first.phone_sealed)
    with pytest.raises(InvalidTag):
        _phone = Person.objects.get(pk=second.pk).phone
    call_command("rotate_keys")
    with pytest.raises(InvalidTag):
        _phone = Person.objects.get(pk=second.pk).phone
    assert Person.objects.get(pk=first.pk).phone == "13800000001"
    assert actions.leftovers() == {"people.Person.phone_sealed": 1}


def test_somebody_signs_in_with_a_slip_from_before_the_rotation(folder: Path) -> None:
    person = people.register("陈福生", "", at=MONDAY)
    code = people.issue_paper_code(person, by=person, at=MONDAY)
    call_command("rotate_keys", "--with-index")
    account = Account.objects.get(persons=person)
    assert Account.objects.filter(paper_code_index=blind_index(f"paper:{code}")).get() == account


def test_the_command_names_what_may_be_taken_away(folder: Path, capsys: Any) -> None:
    zhang()
    call_command("rotate_keys")
    call_command("rotate_keys", "--retire")
    assert f"不再需要 {folder / '1'}" in capsys.readouterr().out
    os.remove(folder / "1")
    os.remove(folder / "index")
    keys.forget_keys()
    crypto.forget_ciphers()
    with pytest.raises(CommandError, match="密钥备份"):
        call_command("rotate_keys")


def test_a_background_job_is_given_rows_and_never_persons_data() -> None:
    """`later(job, …)` keeps its arguments in a table in clear: tokens, ids and days, no name, number or text."""
    allowed = {"pk", "id", "token", "attempt"}
    wrong = []
    for path in sorted(HOUSE.rglob("*.py")):
        if "tests" in path.parts or (path.name == "jobs.py" and path.parent.name == "base"):
            continue
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or ast.unparse(call.func) not in {"later", "jobs.later"}:
                continue
            for argument in call.args[1:]:
                words = ast.unparse(argument)
                names = {node.attr for node in ast.walk(argument) if isinstance(node, ast.Attribute)}
                if PERSONAL.search(words) or (isinstance(argument, ast.Attribute) and not names <= allowed):
                    wrong.append(f"{path.relative_to(HOUSE)}:{call.lineno} {words}")
    assert not wrong, f"jobs that carry more than the name of a row: {wrong}"
