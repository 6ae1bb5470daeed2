from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from linli.base.errors import Refused
from linli.places import actions as places
from linli.places.models import Kind, Place, PlaceCode
from linli.places.rules import may_stand_under
from linli.places.tests.grove import NOW, Grove


def check_tree() -> None:
    """Assert what must hold of every row, whatever was done before."""
    for place in Place.objects.select_related("parent"):
        parent = place.parent
        assert place.path == f"{parent.path if parent else '/'}{place.pk}/"
        for tier in ("community", "street", "district", "estate"):
            own = place.pk if place.kind == tier else getattr(parent, f"{tier}_id", None)
            assert getattr(place, f"{tier}_id") == own, (place.full_name, tier)
        assert place.full_name.endswith(place.name)


def test_a_place_knows_where_it_is(grove: Grove) -> None:
    assert grove.home.full_name == "柳树社区 · 杨柳苑 · 3幢 · 502室"
    assert grove.street.full_name == "东岸区 · 柳河街道"
    assert [step.name for step in grove.home.chain()] == [
        "502室", "3幢", "杨柳苑", "柳树社区", "柳河街道", "东岸区",
    ]  # fmt: skip
    assert grove.home.community == grove.community
    assert grove.community.community == grove.community
    check_tree()


def test_within_is_one_range_and_no_neighbour_slips_in(grove: Grove) -> None:
    assert set(Place.objects.within(grove.community)) == {
        grove.community, grove.grid, grove.estate, grove.building, grove.home, grove.lamp,
    }  # fmt: skip
    assert grove.elsewhere not in Place.objects.within(grove.community)
    assert set(Place.objects.within_any([grove.elsewhere, grove.home])) == {grove.elsewhere, grove.home}
    assert not Place.objects.within_any([]).exists()
    assert grove.community.holds(grove.home)
    assert not grove.community.holds(grove.elsewhere)
    assert not grove.home.holds(grove.community)


def test_within_looks_up_the_index_of_paths(grove: Grove, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert len(list(Place.objects.within(grove.district))) == 9
    assert "path" in Place.objects.within(grove.district).explain()


def test_what_does_not_nest_is_refused_in_words(grove: Grove) -> None:
    with pytest.raises(Refused, match="单元不能放在「杨柳苑」"):
        places.plant(Kind.UNIT, "1单元", grove.estate)
    with pytest.raises(Refused, match="小区不能放在最上层下面"):
        places.plant(Kind.ESTATE, "无主小区", None)
    with pytest.raises(Refused, match="楼栋没有这些资料：建筑面积"):
        places.plant(Kind.BUILDING, "4幢", grove.estate, floor_area="80")
    with pytest.raises(Refused, match="请写上名称"):
        places.plant(Kind.BUILDING, " \u200b ", grove.estate)
    with pytest.raises(Refused, match="经度和纬度要一起填"):
        places.plant(Kind.BUILDING, "4幢", grove.estate, latitude=28.0)
    with pytest.raises(Refused, match="不是区划代码"):
        places.plant(Kind.STREET, "新街道", grove.district, code="99010100")


def test_a_name_is_taken_once_under_a_place_but_lamps_may_share_one(grove: Grove) -> None:
    with pytest.raises(Refused, match="这里已经有「3幢」了"):
        places.plant(Kind.BUILDING, "3幢 ", grove.estate)
    assert places.plant(Kind.FACILITY, "门前路灯", grove.estate).pk != grove.lamp.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.create(kind=Kind.BUILDING, name="3幢", parent=grove.estate, path="/0/")


def test_many_are_planted_at_once_or_none(grove: Grove) -> None:
    rooms = places.plant_many(Kind.HOME, grove.building, [{"name": f"{n}室"} for n in (101, 102)])
    assert rooms[0].full_name == "柳树社区 · 杨柳苑 · 3幢 · 101室"
    with pytest.raises(Refused, match="这些名称重复了：102室、103室"):
        places.plant_many(Kind.HOME, grove.building, [{"name": n} for n in ("103室", "103室", "102室")])
    assert grove.building.children.count() == 3
    check_tree()


def test_the_database_holds_no_place_off_the_earth_and_no_home_of_no_area(grove: Grove) -> None:
    for wrong in (
        {"latitude": 91.0, "longitude": 1.0},
        {"latitude": 1.0, "longitude": None},
        {"floor_area": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Place.objects.filter(pk=grove.home.pk).update(**wrong)


def test_a_new_name_is_read_in_every_full_name_under_it(grove: Grove, worker: Model) -> None:
    places.rename(grove.estate, "青柳苑", by=worker, at=NOW)
    grove.home.refresh_from_db()
    assert grove.home.full_name == "柳树社区 · 青柳苑 · 3幢 · 502室"
    with pytest.raises(Refused, match="来自官方区划表"):
        places.rename(grove.community, "杨树社区", by=worker, at=NOW)


def test_a_moved_estate_takes_everything_under_it_along(grove: Grove, worker: Model) -> None:
    places.lay_grid(grove.grid, [grove.building], by=worker, at=NOW)
    places.move(grove.estate, grove.elsewhere, by=worker, at=NOW)
    grove.home.refresh_from_db()
    assert grove.home.community == grove.elsewhere
    assert grove.home.full_name == "桃园社区 · 杨柳苑 · 3幢 · 502室"
    assert grove.home.grid is None  # the grid belongs to the community that was left
    check_tree()
    with pytest.raises(Refused, match="不能移到"):
        places.move(grove.estate, grove.street, by=worker, at=NOW)


def test_facts_change_only_where_they_fit(grove: Grove, worker: Model) -> None:
    changed = places.change_facts(grove.estate, by=worker, at=NOW, estate_type="old", lacks=["电梯"])
    assert (changed.estate_type, changed.lacks) == ("old", ["电梯"])
    with pytest.raises(Refused, match="小区没有这些资料：居住状况"):
        places.change_facts(grove.estate, by=worker, at=NOW, occupancy="let")


def test_homes_follow_their_building_into_a_grid(grove: Grove, worker: Model) -> None:
    assert places.lay_grid(grove.grid, [grove.building], by=worker, at=NOW) == 2
    later = places.plant(Kind.HOME, "503室", Place.objects.get(pk=grove.building.pk))
    assert set(Place.objects.within(grove.grid)) == {grove.grid, grove.building, grove.home, later}
    grid = Place.objects.get(pk=grove.grid.pk)
    assert grid.holds(later)
    assert not grid.holds(grove.lamp)
    other = places.plant(Kind.GRID, "第二网格", grove.community)
    places.lay_grid(other, [grove.building], by=worker, at=NOW)
    assert set(Place.objects.within(grove.grid)) == {grove.grid}
    building = Place.objects.get(pk=grove.building.pk)
    places.draw_grid(other, [], [building], by=worker, at=NOW)
    assert set(Place.objects.within(other)) == {other}


def test_a_grid_stays_in_its_community(grove: Grove, worker: Model) -> None:
    abroad = places.plant(Kind.BUILDING, "1幢", grove.elsewhere)
    with pytest.raises(Refused, match="不在网格所属的社区里"):
        places.lay_grid(grove.grid, [abroad], by=worker, at=NOW)
    with pytest.raises(Refused, match="不是网格"):
        places.lay_grid(grove.estate, [grove.building], by=worker, at=NOW)
    with pytest.raises(Refused, match="网格要选同一个社区里的"):
        places.plant(Kind.BUILDING, "2幢", grove.elsewhere, grid=grove.grid)


def test_a_place_out_of_use_takes_what_is_under_it_along(grove: Grove, worker: Model) -> None:
    places.retire(grove.building, by=worker, at=NOW)
    assert Place.objects.get(pk=grove.home.pk).retired_at == NOW
    assert not Place.objects.live().within(grove.building).exists()
    with pytest.raises(Refused, match="已经停用"):
        places.plant(Kind.HOME, "601室", grove.building)
    assert places.plant(Kind.BUILDING, "3幢", grove.estate)  # its name is free again


def test_a_code_is_made_once_and_a_new_one_retires_the_old(grove: Grove, worker: Model) -> None:
    first = places.issue_code(grove.lamp, by=worker, at=NOW)
    assert places.issue_code(grove.lamp, by=worker, at=NOW) == first
    assert first.issued_by == f"people.Account:{worker.pk}"
    second = places.replace_code(grove.lamp, by=worker, at=NOW)
    first.refresh_from_db()
    assert (first.is_live, second.is_live) == (False, True)
    assert list(PlaceCode.objects.live()) == [second]
    places.retire_code(second, by=worker, at=NOW)
    assert not PlaceCode.objects.live().exists()
    third = places.issue_code(grove.lamp, by=worker, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceCode.objects.create(place=third.place, issued_at=NOW)


def test_codes_are_made_for_all_that_lack_one(grove: Grove, worker: Model) -> None:
    places.issue_code(grove.lamp, by=worker, at=NOW)
    beneath = Place.objects.within(grove.estate)
    assert places.issue_codes(beneath, by=worker, at=NOW) == 3
    assert places.issue_codes(beneath, by=worker, at=NOW) == 0
    assert PlaceCode.objects.live().count() == 4
    places.retire(grove.home, by=worker, at=NOW)
    with pytest.raises(Refused, match="不用再贴码"):
        places.replace_code(grove.home, by=worker, at=NOW)


def test_a_point_is_in_the_estate_or_community_nearest_to_it(grove: Grove) -> None:
    assert places.locate(28.00126, 120.70130) == grove.estate
    assert places.locate(28.0040, 120.7040) == grove.community
    assert places.locate(28.0300, 120.7300) == grove.elsewhere
    assert places.locate(28.00126, 120.70130, within=grove.community) == grove.estate


@pytest.mark.parametrize("point", [(27.5, 122.4), (0.0, 0.0), (28.0, 121.2), (48.8, 2.3), (500.0, 0.0)])
def test_a_point_in_the_sea_is_refused_and_told_what_to_do(grove: Grove, point: tuple[float, float]) -> None:
    with pytest.raises(Refused, match="请重新定位，或在列表里选地点"):
        places.locate(*point)


def test_a_point_of_the_neighbours_is_not_within_ours(grove: Grove) -> None:
    with pytest.raises(Refused, match="不在桃园社区里"):
        places.locate(28.1010, 120.7010, within=grove.elsewhere)


def test_where_no_position_is_known_a_point_says_nothing(grove: Grove) -> None:
    Place.objects.update(latitude=None, longitude=None)
    assert places.locate(28.0012, 120.7012) is None


def test_lamps_beside_a_point_are_named_nearest_first_and_homes_never(grove: Grove, worker: Model) -> None:
    places.change_facts(grove.home, by=worker, at=NOW, latitude=28.00126, longitude=120.70130)
    assert places.beside(28.00126, 120.70130) == [grove.lamp, grove.estate, grove.community]


def test_the_centre_of_an_estate_is_no_find_spot(grove: Grove) -> None:
    assert Place.objects.has_centre_at(28.0012, 120.7012)
    assert not Place.objects.has_centre_at(28.00125, 120.70128)  # where the lamp really stands


def choose(data: dict[str, str], **options: Any) -> places.Choice:
    return places.choose(data, "place", Place.objects.all(), **options)


def test_words_that_fit_one_place_are_enough(grove: Grove) -> None:
    assert choose({"place_words": "杨柳苑 502"}).place == grove.home
    assert choose({"place_words": "990101001002"}).place == grove.elsewhere
    assert choose({"place_words": "桃园社区"}).place == grove.elsewhere


def test_words_that_fit_several_are_asked_back_and_then_one_tap_decides(grove: Grove) -> None:
    first = choose({"place_words": "社区"})
    assert first.place is None
    assert first.problem == "有几个地方都符合，请点选一个。"
    tapped = {"place_words": "社区", "place_asked": "社区", "place": grove.lamp.token}
    assert choose(tapped).place == grove.lamp
    assert (
        choose(tapped | {"place_words": "桃园"}).place == grove.elsewhere
    )  # other words count, not the old tap


def test_a_place_that_is_not_among_the_allowed_cannot_be_tapped(grove: Grove) -> None:
    assert choose({"place": grove.home.token}, kinds=(Kind.COMMUNITY,)).place is None
    among = Place.objects.within(grove.elsewhere)
    assert places.choose({"place": grove.home.token}, "place", among).place is None
    assert choose({}).problem.startswith("请写上在哪里")
    assert choose({"place_words": "不存在的地方"}).problem.startswith("没有找到「不存在的地方」")


def test_an_old_code_finds_its_place(grove: Grove) -> None:
    assert Place.objects.of_code("990101001") == grove.street
    assert Place.objects.of_code("990101001000") == grove.street
    assert Place.objects.of_code("12345") is None
    assert Place.objects.of_code("990109") is None


STEPS = some.lists(
    some.tuples(some.sampled_from(["plant", "move"]), some.integers(0, 30), some.integers(0, 30))
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_planted_and_moved_the_tree_holds(
    grove: Grove, worker: Model, steps: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        for number, (verb, one, other) in enumerate(steps):
            rows = list(Place.objects.order_by("id"))
            parent, place = rows[one % len(rows)], rows[other % len(rows)]
            kinds = [kind for kind in Kind if may_stand_under(kind, parent.kind)]
            try:
                if verb == "move":
                    places.move(place, parent, by=worker, at=NOW)
                elif kinds:
                    places.plant(kinds[other % len(kinds)], f"第{number}处", parent)
            except Refused:
                continue
        check_tree()
        transaction.set_rollback(True)
