"""The demo's own promises: its words fit the duty list, its figures are the study's, its doors are shut elsewhere."""

import random

import pytest
from django.test import Client

from linli.demo.bodies import BODIES, CAST, HOMES, OTHER_STAFF
from linli.demo.pictures import scene
from linli.demo.voices import FEEDBACK, VOICES
from linli.demo.world import ESTATES, GRIDS, HOUSEHOLDS, RESIDENTS, _household_sizes
from linli.duties import defaults
from linli.duties.functions import Function


def test_every_voice_belongs_to_a_category_of_the_default_list() -> None:
    codes = {f"{group['code']}.{entry['code']}" for group in defaults.groups() for entry in group["entry"]}
    assert {voice.category for voice in VOICES} <= codes
    assert {code for code, _said, _answer in FEEDBACK} <= codes


def test_the_figures_are_those_of_the_community_that_was_studied() -> None:
    assert (len(ESTATES), len(GRIDS), HOUSEHOLDS, RESIDENTS) == (9, 7, 1903, 5764)
    assert sum(plan.homes for plan in ESTATES) == HOUSEHOLDS
    sizes = _household_sizes(random.Random(1))
    assert (len(sizes), sum(sizes)) == (HOUSEHOLDS, RESIDENTS)
    assert {name for _grid, estates in GRIDS for name in estates} == {plan.name for plan in ESTATES}


def test_nine_people_work_at_the_community_desk() -> None:
    of_cast = [part for part in CAST if part.body == Function.COMMUNITY_DESK]
    assert len(of_cast) + len(OTHER_STAFF) == 9


def test_every_body_has_a_function_that_duty_lines_can_name() -> None:
    assert set(BODIES) <= set(Function.values)
    assert set(HOMES) >= {part.key for part in CAST if not part.role}


@pytest.mark.parametrize("name", sorted({voice.picture for voice in VOICES if voice.picture}))
def test_every_scene_can_be_drawn_before_and_after(name: str) -> None:
    assert scene(name, is_done=False).read() != scene(name, is_done=True).read()


@pytest.mark.django_db
def test_the_one_tap_doors_exist_in_demo_mode_only(client: Client, settings) -> None:
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/zhang/").status_code == 404
    settings.DEMO = True
    assert client.get("/demo/").status_code == 200
    assert client.post("/demo/nobody/").status_code == 404
