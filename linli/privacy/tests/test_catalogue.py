"""The catalogue names every personal fact of every domain. Policy rules: G03 (nothing is asked twice)."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from linli.base.errors import Refused
from linli.base.fields import SealedField
from linli.people.models import Person
from linli.privacy import actions, told
from linli.privacy.models import FieldChange, catalogue, field_of, retention_of
from linli.privacy.models.catalogue import _shipped
from linli.privacy.rules import check, folded, matching
from tests.cast import MONDAY, Willow

OURS = [model for model in apps.get_models() if model.__module__.startswith("linli.")]


def name_of(column: "models.Field[Any, Any]") -> str:
    return column.name.removesuffix("_sealed").removesuffix("_index").removeprefix("old_")


def acted(column: "models.Field[Any, Any]") -> bool:
    """Whether a column says who did something in office, not whom the row is about."""
    return column.name == "by" or column.name.endswith("_by")


@pytest.mark.once
def test_every_column_of_every_model_is_catalogued_or_named_as_not_personal() -> None:
    tables, columns = told.not_personal()
    missing = []
    for model in OURS:
        label, listed = model._meta.label, {field.code for field in _shipped().values()}
        for column in model._meta.concrete_fields:
            if f"{label}.{name_of(column)}" in listed or column.name in columns or acted(column):
                continue
            is_person = column.is_relation and column.related_model is Person
            if label in tables and not (
                isinstance(column, SealedField) and label.startswith(("people", "register"))
            ):
                continue
            if not is_person:
                missing.append(f"{label}.{column.name}")
    assert not missing, "a field catalogue (fields.csv) lacks:\n" + "\n".join(missing)


@pytest.mark.once
def test_every_model_that_names_a_person_is_shown_to_them() -> None:
    shown = {f"{holder.table}.{holder.person.partition('__')[0]}" for holder in told.holders()}
    missing = []
    for model in OURS:
        for column in model._meta.get_fields():
            if not column.concrete or not column.is_relation or column.related_model is not Person:
                continue
            name = f"{model._meta.label}.{column.name}"
            if not acted(column) and name not in shown and name not in told.not_about():
                missing.append(name)
    assert not missing, f"linli/config/held.py names no holder for {missing}"


@pytest.mark.once
def test_every_holder_names_a_column_that_exists() -> None:
    for holder in told.holders():
        model = apps.get_model(holder.table)
        assert model._meta.get_field(
            "id"
            if holder.person == "pk" and holder.table == "people.Person"
            else holder.person.split("__")[0]
        )
        assert [field for field in _shipped().values() if field.table == holder.table], holder.table


@pytest.mark.once
def test_every_row_says_what_for_on_which_basis_and_how_long() -> None:
    for field in _shipped().values():
        check(field)
        assert field.sensitivity in {"public", "internal", "sensitive"}
    labels = [field.label for field in _shipped().values()]
    assert len(labels) == len(set(labels))


@pytest.mark.once
def test_every_table_that_is_purged_has_a_number_of_days(db: None) -> None:
    assert [keep.table for keep in told.keeps() if retention_of(keep.table) is None] == []


@pytest.mark.once
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("手机号", "people.Person.phone"),
        ("联系电话", "people.Person.phone"),
        ("请填写您的联系电话（必填）", "people.Person.phone"),
        ("ｐhone", "people.Person.phone"),
        ("身份证号码", "register.Profile.identity"),
        ("register.Profile.sex", "register.Profile.sex"),
        ("家庭住址", "people.Residency.home"),
        ("低保", "register.Tag.kind"),
    ],
)
def test_a_form_that_asks_again_is_found(asked: str, code: str) -> None:
    assert matching(asked, _shipped().values())[0].code == code


@pytest.mark.once
@pytest.mark.parametrize("asked", ["", "　", "最喜欢的颜色", "养了几只猫"])
def test_a_fact_that_nobody_holds_is_free_to_ask(asked: str) -> None:
    assert matching(asked, _shipped().values()) == []


@pytest.mark.once
def test_names_are_compared_without_marks_and_widths() -> None:
    assert folded(" 手机 号（必填）：") == "手机号必填"


def test_only_the_data_officer_changes_the_catalogue_and_the_history_stays(
    willow: Willow, office: Any
) -> None:
    with pytest.raises(Refused, match="数据官"):
        actions.change_field("people.Person.phone", {"kept": "两年"}, "试", by=willow.li, at=MONDAY)
    with pytest.raises(Refused, match="依据"):
        actions.change_field("people.Person.phone", {"basis": " "}, "试", by=office.officer, at=MONDAY)
    with pytest.raises(Refused, match="整数"):
        actions.change_field("people.Person.phone", {"days": 0}, "试", by=office.officer, at=MONDAY)
    actions.change_field(
        "people.Person.phone", {"synonyms": "大哥大"}, "居民这样叫", by=office.officer, at=MONDAY
    )
    actions.change_field(
        "people.Person.phone", {"synonyms": "大哥大"}, "再来一次", by=office.officer, at=MONDAY
    )
    assert FieldChange.objects.count() == 1
    assert [field.code for field in actions.duplicates_of("大哥大")] == ["people.Person.phone"]
    changed = field_of("people.Person.phone")
    assert changed is not None
    assert changed == catalogue()["people.Person.phone"]
    assert FieldChange.objects.get().before["synonyms"].startswith("电话")
