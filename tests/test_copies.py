"""A copy of everything about somebody has all that is held, in words, and nothing of those whom it touched too."""

import json
from typing import Any

from django.apps import apps

from linli.people import actions as people
from linli.people.models import Person, PhoneChange
from linli.privacy import actions, told
from linli.privacy.models import catalogue
from linli.register import actions as register
from linli.register.actions import Report
from linli.register.models import Event, Merge
from linli.register.rules import Source
from tests.cast import MONDAY, Willow

NUMBER = "11010519491231002X"
SECRETS = {"password", "totp", "paper_code"}  # digests, which nobody needs to read


def lived(willow: Willow) -> Person:
    """One household: facts of 张阿姨 that changed, two rows of hers merged, a home sold to 李小明 (returned)."""
    zhang = willow.zhang
    said: dict[str, Any] = {"source": Source.PAPER, "by": willow.sun, "at": MONDAY}
    number = {"identity_kind": "resident", "identity": NUMBER, "marriage": "20", "health": "10"}
    register.state(zhang, number | {"workplace": "东风纺织厂"}, **said)
    register.state(zhang, {"workplace": "望江造船厂"}, **said)
    made = register.found_household(willow.home, zhang, MONDAY.date(), by=willow.sun, at=MONDAY)
    register.join(made, willow.chen, "10", MONDAY.date(), by=willow.sun, at=MONDAY)
    register.propose(zhang, {"name": "张小弟", "relation": "73"}, by=zhang, at=MONDAY, kind="family")
    change = PhoneChange(person=zhang, at=MONDAY)
    change.old_phone = "+8613700000007"
    change.save()
    twice = people.register("张秀瑛", zhang.phone, at=MONDAY)
    register.suspect(twice, MONDAY)
    register.merge(zhang, twice, by=willow.sun, at=MONDAY)
    buyer = people.register("李小明", "13900000009", MONDAY)
    register.sale(willow.home, [buyer], Report(MONDAY.date(), Source.PAPER, willow.sun, MONDAY, paper="证1"))
    return buyer


def copy_of(person: Person) -> dict[str, list[dict[str, str]]]:
    return {chapter.table: chapter.rows for chapter in actions.holdings(person, person, "", "", MONDAY)}


def test_a_copy_has_every_column_of_the_catalogue_that_holds_something(willow: Willow) -> None:
    """What is held is read here from the columns themselves, sealed ones too; the copy must name each."""
    lived(willow)
    missing = []
    for person in (willow.zhang, willow.chen):
        copied = copy_of(person)
        for holder in told.holders():
            if holder.is_text:
                continue
            model = apps.get_model(holder.table)
            columns = {column.name: column.attname for column in model._meta.concrete_fields}
            for row in model._base_manager.filter(**{holder.person: person.pk}):
                for field in catalogue().values():
                    name = field.code.rpartition(".")[2]
                    kept = [
                        columns.get(name),
                        columns.get(f"{name}_sealed"),
                        columns.get(f"old_{name}_sealed"),
                    ]
                    holds = any(getattr(row, column) for column in kept if column)
                    if field.table != holder.table or not holds or name in SECRETS:
                        continue
                    if not any(field.label in line for line in copied.get(holder.table, [])):
                        missing.append(f"{person.name}: {field.code}")
    assert sorted(set(missing)) == []


def test_a_copy_says_codes_and_ciphers_in_words(willow: Willow) -> None:
    lived(willow)
    said = json.dumps(copy_of(willow.zhang), ensure_ascii=False)
    for words in (
        "东风纺织厂", "望江造船厂", "+8613700000007", '"性别": "女', "已婚", "健康或良好", "户主", "工作单位",
        "姓名：张小弟；与户主关系：", "电话相同，姓名相近", "姓名：本人说的",
    ):  # fmt: skip
        assert words in said, words
    assert "{'" not in said


def test_what_is_kept_to_take_an_act_back_shows_nobody_the_rows_of_others(willow: Willow) -> None:
    buyer = lived(willow)
    assert str(buyer.pk) in str(Event.objects.get().undo)
    assert "phone_sealed" in str(Merge.objects.get().undo)
    for person in (willow.zhang, willow.chen, buyer):
        copied = copy_of(person)
        said = json.dumps(copied, ensure_ascii=False)
        for machine in ("person_id", "phone_sealed", "phone_index", "verified_by"):
            assert machine not in said
        assert "只用来撤销" in copied["register.Event"][0]["变动前的内容"]
