from datetime import timedelta

import pytest
from django.utils import timezone

from linli.triage import actions
from linli.triage.models import Count, Proposal
from linli.triage.rules import Candidate, Task

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LAMP = Candidate("lighting.lamp_out", ["路灯不亮"])
LEAK = Candidate("water.leak", ["漏水"])
BOTH = [LAMP, LEAK]
CASE = "cases.Case:7"


def category(text: str, subject: str = CASE) -> list[str]:
    proposed = actions.propose(Task.CATEGORY, text, [], subject, "page", NOW, BOTH)
    return [each.label for each in proposed]


def unit(features: list[str], subject: str = CASE) -> list[str]:
    return [each.label for each in actions.propose(Task.UNIT, "", features, subject, "page", NOW)]


def test_what_was_proposed_is_kept_with_its_reasons_and_its_engine() -> None:
    assert category("门口路灯不亮") == [LAMP.label]
    row = Proposal.objects.get()
    assert row.proposed[0]["label"] == LAMP.label
    assert "路灯不亮" in row.proposed[0]["because"]
    assert row.engine == actions.BASELINE
    assert (row.group, row.at, row.chosen, row.rank) == ("page", NOW, "", None)


def test_asked_again_before_anyone_chose_the_newest_answer_stands() -> None:
    category("门口路灯不亮")
    category("楼上漏水")
    assert Proposal.objects.get().proposed[0]["label"] == LEAK.label


def test_it_learns_from_what_people_choose() -> None:
    assert category("井盖翘起来了") == []
    for number in range(3):
        actions.learn(Task.CATEGORY, "井盖翘起来了", [], LAMP.label, f"cases.Case:{number + 20}")
    assert category("井盖又翘起来了", "cases.Case:30")[0] == LAMP.label


def test_the_same_choice_twice_teaches_once_and_another_corrects_it() -> None:
    category("门口路灯不亮")
    for _again in range(2):
        actions.learn(Task.CATEGORY, "门口路灯不亮", [], LAMP.label, CASE)
    assert Count.objects.get(label=LAMP.label, feature__endswith="路灯").count == 1
    assert Proposal.objects.get().rank == 1
    actions.learn(Task.CATEGORY, "门口路灯不亮", [], LEAK.label, CASE)
    assert Count.objects.get(label=LAMP.label, feature__endswith="路灯").count == 0
    assert Count.objects.get(label=LEAK.label, feature__endswith="路灯").count == 1
    row = Proposal.objects.get()
    assert (row.chosen, row.rank) == (LEAK.label, 0)


def test_units_are_proposed_by_place_and_category_from_specific_to_general() -> None:
    assert unit(["lamp@3", "lamp"]) == []
    for number in range(4):
        actions.learn(Task.UNIT, "", ["lamp@3", "lamp"], "property", f"cases.Case:{number + 20}")
    for number in range(6):
        actions.learn(Task.UNIT, "", ["lamp@9", "lamp"], "city", f"cases.Case:{number + 40}")
    assert unit(["lamp@3", "lamp"], "cases.Case:60") == ["property", "city"]
    assert unit(["lamp@5", "lamp"], "cases.Case:61") == ["city", "property"]


def test_no_name_or_number_of_a_text_is_learned() -> None:
    actions.learn(Task.CATEGORY, "我叫张建国，住3幢502室，电话13812341234，路灯不亮", [], LAMP.label, CASE)
    features = " ".join(Count.objects.values_list("feature", flat=True))
    assert "路灯" in features
    assert "张建国" not in features
    assert "138" not in features
    assert "502" not in features


def test_another_engine_speaks_under_its_name(settings) -> None:
    settings.TRIAGE = "linli.triage.tests.engines.certain"
    assert category("门口路灯不亮") == [LEAK.label]
    assert Proposal.objects.get().engine == "linli.triage.tests.engines.certain"


@pytest.mark.parametrize("engine", ["linli.triage.tests.engines.broken", "no.such.engine"])
def test_a_failing_engine_is_replaced_by_the_baseline_which_says_so(settings, engine: str) -> None:
    settings.TRIAGE = engine
    assert category("门口路灯不亮") == [LAMP.label]
    assert Proposal.objects.get().engine == actions.BASELINE


def test_switched_off_it_neither_proposes_nor_learns(settings) -> None:
    settings.TRIAGE = "off"
    assert category("门口路灯不亮") == []
    actions.learn(Task.CATEGORY, "门口路灯不亮", [], LAMP.label, CASE)
    assert not Proposal.objects.exists()
    assert not Count.objects.exists()


def test_errors_are_counted_by_group_over_what_people_decided() -> None:
    for number, chosen in enumerate([LAMP.label, LAMP.label, LEAK.label, ""]):
        category("门口路灯不亮", f"cases.Case:{number}")
        if chosen:
            actions.learn(Task.CATEGORY, "门口路灯不亮", [], chosen, f"cases.Case:{number}")
    row = next(Proposal.objects.errors_since(NOW - timedelta(days=1)))
    assert (row.group, row.cases, row.first, row.among_three) == ("page", 3, 2, 2)
    assert not list(Proposal.objects.errors_since(NOW + timedelta(days=1)))


def test_proposing_asks_a_constant_number_of_queries(django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(5):
        category("门口路灯不亮，楼上漏水，井盖坏了，" * 50)
