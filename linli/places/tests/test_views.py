"""What staff see and do with places, and what a stranger does not."""

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.auth import get_user_model
from django.db.models import Model
from django.template.loader import render_to_string
from django.test import Client, override_settings

from linli.places import actions as places
from linli.places.models import Kind, Place, PlaceCode

SignedIn = Callable[[Model], Client]


@pytest.fixture
def signed_in(db: None) -> SignedIn:
    """Return a client of a staff account of a person."""

    def sign_in(person: Model) -> Client:
        account, _new = get_user_model().objects.get_or_create(username=f"u{person.pk}")
        account.persons.add(person)
        client = Client()
        client.force_login(account)
        return client

    return sign_in


PAGES = ["", "change/", "add/", "add/?kind=facility", "move/", "retire/", "code/", "sheet/"]


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_and_another_community_get_404_or_sign_in(
    willow: Any, signed_in: SignedIn, page: str
) -> None:
    address = f"/places/{willow.estate.token}/{page}"
    assert signed_in(willow.sun).get(address).status_code == 200
    assert signed_in(willow.stranger).get(address).status_code == 404
    assert signed_in(willow.zhang).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_who_oversees_may_look_but_not_change(willow: Any, signed_in: SignedIn, at: Any) -> None:
    qian = signed_in(willow.qian)
    page = qian.get(f"/places/{willow.estate.token}/")
    assert page.status_code == 200
    assert "改资料" not in page.content.decode()
    assert qian.get(f"/places/{willow.estate.token}/change/").status_code == 404
    assert qian.post(f"/places/{willow.estate.token}/code/issue/").status_code == 404
    assert not PlaceCode.objects.exists()


def test_the_tree_begins_at_ones_own_places_and_finds_only_in_them(willow: Any, signed_in: SignedIn) -> None:
    sun = signed_in(willow.sun)
    page = sun.get("/places/").content.decode()
    assert "柳树社区" in page
    assert "东岸区" not in page
    assert "杨柳苑 · 3幢 · 502室" in sun.get("/places/", {"q": "502"}).content.decode()
    assert "没有找到「桃园」" in sun.get("/places/", {"q": "桃园"}).content.decode()


def test_a_place_page_reads_a_constant_number_of_rows(
    willow: Any, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    sun = signed_in(willow.sun)
    address = f"/places/{willow.estate.token}/"
    sun.get(address)
    places.plant_many(Kind.BUILDING, willow.estate, [{"name": f"{n}幢"} for n in range(10, 60)])
    with django_assert_max_num_queries(14):
        page = sun.get(address).content.decode()
    assert page.index("10幢") < page.index("11幢")
    assert "往下看" in page


def test_many_homes_are_added_in_one_form(willow: Any, signed_in: SignedIn) -> None:
    sun = signed_in(willow.sun)
    address = f"/places/{willow.building.token}/add/?kind=home"
    assert "floor_area" in sun.get(address).content.decode()
    answer = sun.post(address, {"names": "601室\n602室\n\n", "occupancy": "let"})
    assert answer.status_code == 302
    assert set(willow.building.children.filter(occupancy="let").values_list("name", flat=True)) == {
        "601室",
        "602室",
    }
    again = sun.post(address, {"names": "601室"})
    assert again.status_code == 409
    assert "601室" in again.content.decode()
    empty = sun.post(address, {"names": " \n", "floor_area": "-3"})
    assert empty.status_code == 422
    assert 'value="-3"' in empty.content.decode()


def test_a_street_cannot_be_added_by_hand(willow: Any, signed_in: SignedIn) -> None:
    page = signed_in(willow.sun).get(f"/places/{willow.community.token}/add/?kind=street").content.decode()
    assert 'href="?kind=estate"' in page
    assert 'href="?kind=street"' not in page


def test_a_position_from_a_chinese_map_is_stored_as_the_phone_would_say_it(
    willow: Any, signed_in: SignedIn
) -> None:
    sun = signed_in(willow.sun)
    address = f"/places/{willow.lamp.token}/change/"
    form = {
        "name": "路灯",
        "facility_kind": "路灯",
        "latitude": "28.0000",
        "longitude": "120.7000",
        "datum": "gcj02",
    }
    assert sun.post(address, form).status_code == 302
    lamp = Place.objects.get(pk=willow.lamp.pk)
    assert lamp.name == "路灯"
    assert 100 < abs(lamp.longitude - 120.7) * 98_000 < 1_000
    half = sun.post(address, form | {"longitude": ""})
    assert half.status_code == 422
    assert "经度和纬度要一起填" in half.content.decode()


def test_a_division_keeps_its_official_name(willow: Any, signed_in: SignedIn) -> None:
    sun = signed_in(willow.sun)
    address = f"/places/{willow.community.token}/change/"
    assert 'name="name"' not in sun.get(address).content.decode()
    sun.post(address, {"name": "别的社区", "latitude": "28", "longitude": "120.7"})
    assert Place.objects.get(pk=willow.community.pk).name == "柳树社区"


def test_buildings_are_ticked_into_a_grid_and_out_of_it(willow: Any, signed_in: SignedIn) -> None:
    sun = signed_in(willow.sun)
    other = places.plant(Kind.GRID, "第二网格", willow.community)
    page = sun.get(f"/places/{other.token}/grid/").content.decode()
    assert "现在归" in page
    form = {"shown": [willow.building.token], "building": [willow.building.token]}
    sun.post(f"/places/{other.token}/grid/lay/", form)
    assert Place.objects.get(pk=willow.home.pk).grid == other
    sun.post(f"/places/{other.token}/grid/lay/", {"shown": [willow.building.token]})
    assert Place.objects.get(pk=willow.home.pk).grid is None
    assert signed_in(willow.stranger).post(f"/places/{other.token}/grid/lay/", form).status_code == 404


@override_settings(PUBLIC_ADDRESS="https://linli.example/")
def test_the_code_of_a_home_says_where_and_nothing_of_who_lives_there(
    willow: Any, signed_in: SignedIn
) -> None:
    sun = signed_in(willow.sun)
    address = f"/places/{willow.home.token}/code/"
    assert sun.post(address + "issue/").status_code == 302
    code = PlaceCode.objects.get()
    page = sun.get(address).content.decode()
    assert f"https://linli.example/q/{code.token}/" in page
    assert "<svg" in page
    assert "style=" not in page
    assert willow.zhang.name not in page
    assert willow.chen.name not in page


def test_looking_at_a_code_makes_none(willow: Any, signed_in: SignedIn) -> None:
    sun = signed_in(willow.sun)
    sun.get(f"/places/{willow.lamp.token}/code/")
    sun.get(f"/places/{willow.estate.token}/sheet/?kinds=building")
    assert sun.get(f"/places/{willow.lamp.token}/code/issue/").status_code == 405
    assert not PlaceCode.objects.exists()


def test_a_replaced_code_has_no_picture_any_more(willow: Any, signed_in: SignedIn, at: Any) -> None:
    old = places.issue_code(willow.lamp, by=willow.sun, at=at)
    picture = Client().get(f"/places/codes/{old.token}.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(picture.content).tag == "{http://www.w3.org/2000/svg}svg"
    signed_in(willow.sun).post(f"/places/{willow.lamp.token}/code/replace/")
    assert Client().get(f"/places/codes/{old.token}.svg").status_code == 404
    assert PlaceCode.objects.live().get(place=willow.lamp) != old


def test_a_sheet_holds_the_chosen_kinds_in_pages_of_twelve(willow: Any, signed_in: SignedIn) -> None:
    places.plant_many(Kind.BUILDING, willow.estate, [{"name": f"{n}幢"} for n in range(10, 23)])
    sun = signed_in(willow.sun)
    answer = sun.post(f"/places/{willow.estate.token}/sheet/", {"kinds": ["building"]})
    assert answer.status_code == 302
    page = sun.get(answer["Location"]).content.decode()
    assert (page.count("<svg"), page.count('class="sticker-page"')) >= (14, 2)
    assert page.count('class="sticker-code"') == 14
    assert "502室" not in page
    assert PlaceCode.objects.count() == 14
    sun.post(f"/places/{willow.estate.token}/sheet/", {"kinds": ["building"]})
    assert PlaceCode.objects.count() == 14
    none = sun.post(f"/places/{willow.estate.token}/sheet/", {})
    assert none.status_code == 422
    assert "请至少勾选一种" in none.content.decode()


def test_taking_a_place_out_of_use_says_first_what_it_means(willow: Any, signed_in: SignedIn) -> None:
    sun = signed_in(willow.sun)
    address = f"/places/{willow.building.token}/retire/"
    assert "下面的 1 个地点一起停用" in sun.get(address).content.decode()
    assert Place.objects.get(pk=willow.building.pk).retired_at is None
    assert sun.post(address).status_code == 302
    assert Place.objects.get(pk=willow.home.pk).retired_at is not None


def test_anyone_finds_places_but_no_homes(willow: Any, signed_in: SignedIn) -> None:
    page = Client().get("/places/find/", {"q": "3幢"}).content.decode()
    assert "门前路灯" in page
    assert "502室" not in page
    assert "没有找到「502」" in Client().get("/places/find/", {"q": "502"}).content.decode()
    own = signed_in(willow.sun).get("/places/find/", {"q": "502"}, headers={"accept": "application/json"})
    assert [row["full_name"] for row in own.json()["places"]] == ["柳树社区 · 杨柳苑 · 3幢 · 502室"]
    other = signed_in(willow.stranger).get(
        "/places/find/", {"q": "502"}, headers={"accept": "application/json"}
    )
    assert other.json()["places"] == []


def test_the_picker_answers_while_one_types(willow: Any) -> None:
    asked = {"where_words": "社区", "name": "where", "kinds": "community"}
    choices = Client().get("/places/find/", asked, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in choices
    assert choices.count('type="radio" name="where"') == 2
    assert 'name="where_asked" value="社区"' in choices


def test_old_codes_find_their_place_by_search(willow: Any) -> None:
    found = (
        Client().get("/places/find/", {"q": "990101001002"}, headers={"accept": "application/json"}).json()
    )
    assert [row["name"] for row in found["places"]] == ["桃园社区"]


def test_the_picker_is_whole_without_a_script_and_names_its_problem(willow: Any) -> None:
    choice = places.choose({"where_words": "社区"}, "where", Place.objects.all(), kinds=(Kind.COMMUNITY,))
    page = render_to_string("places/picker.html", {"choice": choice, "label": "在哪里"})
    assert page.count('type="radio" name="where"') == 2
    assert 'aria-describedby="id_where_help id_where_problem"' in page
    assert 'id="id_where_problem">有几个地方都符合' in page
    assert '<label for="id_where_words">在哪里</label>' in page
    first = render_to_string("places/picker.html", {"choice": places.Choice("where", place=willow.estate)})
    assert f'value="{willow.estate.token}" checked' in first
    assert "aria-invalid" not in first


def test_in_english_the_page_is_english_and_the_names_stay_chinese(willow: Any, signed_in: SignedIn) -> None:
    sun = signed_in(willow.sun)
    sun.cookies["language"] = "en"
    sun.post(f"/places/{willow.estate.token}/sheet/", {"kinds": ["building"]})
    page = sun.get(f"/places/{willow.estate.token}/sheet/?kinds=building").content.decode()
    assert '<html lang="en"' in page
    assert 'lang="zh-Hans">3幢' in page
    assert "100%%" not in page


def test_moving_shows_first_what_goes_along_and_then_moves(willow: Any, signed_in: SignedIn) -> None:
    other = places.plant(Kind.ESTATE, "柳岸新村", willow.community)
    sun, address = signed_in(willow.sun), f"/places/{willow.building.token}/move/"
    assert "移到哪里下面" in sun.get(address).content.decode()
    page = sun.get(address, {"parent_words": "柳岸新村"}).content.decode()
    assert f"柳岸新村 · {willow.building.name}" in page
    assert "户" in page
    assert Place.objects.get(pk=willow.building.pk).parent == willow.estate  # looking moves nothing
    assert sun.post(address, {"parent": other.token}).status_code == 302
    moved = Place.objects.get(pk=willow.building.pk)
    assert moved.parent == other
    assert all(row.path.startswith(moved.path) for row in moved.children.all())
    assert sun.post(address, {"parent": other.token}).status_code == 422  # it is there already


def test_a_move_that_cannot_be_is_explained(willow: Any, signed_in: SignedIn) -> None:
    sun, address = signed_in(willow.sun), f"/places/{willow.building.token}/move/"
    same = places.plant(Kind.ESTATE, "柳岸新村", willow.community)
    places.plant(Kind.BUILDING, willow.building.name, same)
    taken = sun.post(address, {"parent": same.token})
    assert taken.status_code == 422
    assert "这里已经有" in taken.content.decode()
    elsewhere = sun.post(address, {"parent": willow.elsewhere.token})
    assert elsewhere.status_code == 422  # not hers: it is not among what she can choose
    assert "没有找到" in sun.get(address, {"parent_words": "外星"}).content.decode()
    assert (
        sun.get(f"/places/{willow.community.token}/move/").status_code == 404
    )  # divisions follow the tables
    assert Place.objects.get(pk=willow.building.pk).parent == willow.estate
