from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from linli.triage.measuring import measure_categories, measure_units, read

MATERIAL = Path(__file__).resolve().parents[3].parent / "shared" / "data"
needs_material = pytest.mark.skipif(not MATERIAL.exists(), reason="../shared/data is not here")


@pytest.mark.shared
@needs_material
def test_later_cases_find_their_unit_among_three_as_often_as_the_card_says() -> None:
    measured = measure_units(MATERIAL / "dispatch" / "events.csv")
    assert measured.first >= 0.52
    assert measured.among_three >= 0.74
    assert measured == read()["unit"]


@pytest.mark.shared
@needs_material
def test_unseen_messages_find_their_topic_as_often_as_the_card_says() -> None:
    measured = measure_categories(MATERIAL / "messages" / "labelled.csv")
    assert measured.first >= 0.75
    assert measured == read()["category"]


def test_measuring_without_material_says_so(tmp_path: Path) -> None:
    out = StringIO()
    call_command("measure_triage", data=tmp_path, stdout=out)
    assert out.getvalue().count("跳过") == 2
