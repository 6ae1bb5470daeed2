import pytest
from hypothesis import given
from hypothesis import strategies as some

from linli.base.errors import Refused
from linli.places.rules import (
    ABOVE,
    DIVISIONS,
    Kind,
    clean_name,
    default_coordinates,
    division_kind,
    extent_of,
    facts_of,
    from_gcj02,
    full_code,
    full_name,
    is_beneath,
    is_default_coordinate,
    known_heads,
    may_be_added_under,
    may_stand_under,
    metres_between,
    path_end,
    read_division,
    short_code,
    sort_name,
    to_gcj02,
)

IDS = some.lists(some.integers(1, 10**9), min_size=1, max_size=9)


def path_of(ids: list[int]) -> str:
    return "/" + "".join(f"{number}/" for number in ids)


@given(IDS, IDS)
def test_a_path_lies_under_another_exactly_if_it_continues_it(above: list[int], other: list[int]) -> None:
    assert is_beneath(path_of(other), path_of(above)) == (other[: len(above)] == above)


@given(IDS, IDS)
def test_whatever_is_planted_deeper_stays_in_the_range(above: list[int], more: list[int]) -> None:
    path, deeper = path_of(above), path_of(above + more)
    assert path < deeper < path_end(path)


@pytest.mark.parametrize(
    ("kind", "parent", "allowed"),
    [
        (Kind.COMMUNITY, Kind.DISTRICT, True),  # 龙港市 has no townships
        (Kind.COMMUNITY, Kind.CITY, False),
        (Kind.HOME, Kind.UNIT, True),
        (Kind.HOME, Kind.COMMUNITY, True),  # a village house
        (Kind.GRID, Kind.ESTATE, False),
        (Kind.UNIT, Kind.ESTATE, False),
        (Kind.FACILITY, Kind.HOME, False),
        (Kind.FACILITY, Kind.STREET, True),
        (Kind.COMMUNITY, None, True),
        (Kind.ESTATE, None, False),
    ],
)
def test_the_tree_nests_as_the_country_is_governed(kind: Kind, parent: Kind | None, allowed: bool) -> None:
    assert may_stand_under(kind, parent) is allowed


def test_no_kind_can_stand_under_itself_however_many_steps_between() -> None:
    def reaches(kind: Kind, wanted: Kind) -> bool:
        return any(above == wanted or reaches(Kind(above), wanted) for above in ABOVE[kind])

    assert not [kind for kind in Kind if reaches(kind, kind)]


def test_people_add_what_the_official_tables_do_not_hold() -> None:
    assert may_be_added_under(Kind.COMMUNITY) == [
        Kind.GRID, Kind.ESTATE, Kind.BUILDING, Kind.HOME, Kind.FACILITY,
    ]  # fmt: skip
    assert not DIVISIONS & set(may_be_added_under(Kind.STREET))
    assert may_be_added_under(Kind.HOME) == []


def test_only_a_home_has_a_floor_area_and_only_an_estate_lacks() -> None:
    assert {kind for kind in Kind if "floor_area" in facts_of(kind)} == {Kind.HOME}
    assert {kind for kind in Kind if "lacks" in facts_of(kind)} == {Kind.ESTATE}


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("  鼓楼　社区 \n", "鼓楼 社区"),
        ("\ufeff鼓楼\u200b社区", "鼓楼社区"),
        ("䢺源社区", "䢺源社区"),
        ("𬱖家村", "𬱖家村"),
        (" \u3000 ", ""),
    ],
)
def test_names_lose_what_cannot_be_seen_and_keep_every_character(typed: str, clean: str) -> None:
    assert clean_name(typed) == clean


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("33", "330000000000"),
        ("3303", "330300000000"),
        ("330302", "330302000000"),
        ("330302006", "330302006000"),
        ("330302006044", "330302006044"),
        ("３３０３０２", "330302000000"),
        ("'330302006044", "330302006044"),
        (" 330302 ", "330302000000"),
        ("33030", ""),
        ("3.3E+11", ""),
        ("", ""),
    ],
)
def test_division_codes_are_kept_whole_and_read_short(typed: str, whole: str) -> None:
    assert full_code(typed) == whole


@pytest.mark.parametrize("code", ["33", "3303", "330302", "330302006", "330302006044"])
def test_short_form_and_whole_form_are_one_code(code: str) -> None:
    whole = full_code(code)
    assert short_code(whole, division_kind(whole)) == code


def test_a_full_name_begins_at_the_community() -> None:
    street = full_name(Kind.STREET, "五马街道", "鹿城区")
    community = full_name(Kind.COMMUNITY, "柳树社区", street)
    assert street == "鹿城区 · 五马街道"
    assert full_name(Kind.ESTATE, "杨柳苑", community) == "柳树社区 · 杨柳苑"


def test_names_stand_as_people_count() -> None:
    assert sorted(["10幢", "2幢", "1幢"], key=sort_name) == ["1幢", "2幢", "10幢"]


def test_a_row_of_a_village_names_its_street() -> None:
    row = {"code": "990101001001", "name": " 柳树社区 ", "streetCode": "990101001", "areaCode": "990101"}
    division = read_division(row)
    assert (division.kind, division.name, division.parent) == (Kind.COMMUNITY, "柳树社区", "990101001000")
    assert not division.has_gap


def test_an_empty_finest_cell_is_a_gap_and_the_next_is_read() -> None:
    division = read_division(
        {"code": "990101001001", "name": "柳树社区", "streetCode": "", "areaCode": "990101"}
    )
    assert division.has_gap
    assert division.parent == "990101000000"


def test_a_table_without_columns_for_what_is_above_means_what_the_digits_say() -> None:
    assert read_division({"代码": "990101001", "名称": "柳河街道"}).parent == "990101000000"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"code": "99010", "name": "甲"}, "代码「99010」应为 2、4、6、9 或 12 位数字"),
        ({"code": "", "name": "甲"}, "代码「」应为 2、4、6、9 或 12 位数字"),
        ({"code": "990101", "name": " "}, "没有名称"),
        ({"code": "990101", "name": "甲" * 121}, "名称超过 120 个字"),
        ({"code": "990101", "name": "\ufffd"}, "名称里有认不出的字，文件编码可能不对"),
        ({"code": "990101", "name": "甲", "cityCode": "9902"}, "上级代码 9902 和本行代码 990101 对不上"),
        ({"code": "990101", "name": "甲", "cityCode": "坏"}, "上级代码「坏」不是区划代码"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(row: dict[str, str], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        read_division(row)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("code", "name", "is_pseudo"),
    [
        ("330383198", "龙港县直辖村级区划", True),
        ("469001198", "县直辖村级区划", True),
        ("4290", "省直辖县级行政区划", True),
        ("1101", "市辖区", True),
        ("330326401", "开发区", False),
        ("330302006", "五马街道", False),
    ],
)
def test_seats_that_only_fill_the_numbering_are_no_places(code: str, name: str, is_pseudo: bool) -> None:
    assert read_division({"code": code, "name": name}).is_pseudo is is_pseudo


def test_provinces_and_cities_are_known_by_their_codes() -> None:
    heads = known_heads()
    assert (heads["330000000000"].name, heads["330300000000"].name) == ("浙江省", "温州市")
    assert (heads["510000000000"].name, heads["510100000000"].name) == ("四川省", "成都市")
    assert heads["510100000000"].parent == "510000000000"
    provinces = [head for head in heads.values() if head.kind == Kind.PROVINCE]
    assert (len(provinces), len(heads) - len(provinces)) == (31, 342)


def test_a_point_on_a_chinese_map_is_some_hundred_metres_off() -> None:
    # 天安门 in WGS-84 and in GCJ-02, as published with several independent converters.
    shifted = to_gcj02(39.90734, 116.39089)
    assert metres_between(shifted, (39.90874, 116.39713)) < 3


@given(some.floats(18, 53), some.floats(74, 134))
def test_gcj02_and_back_comes_home_within_a_decimetre(latitude: float, longitude: float) -> None:
    shifted = to_gcj02(latitude, longitude)
    assert 1 < metres_between(shifted, (latitude, longitude)) < 1_500
    assert metres_between(from_gcj02(*shifted), (latitude, longitude)) < 0.1


def test_outside_china_the_maps_agree() -> None:
    assert from_gcj02(48.8584, 2.2945) == (48.8584, 2.2945)


def test_one_degree_of_latitude_is_111_kilometres() -> None:
    assert metres_between((28, 120), (29, 120)) == pytest.approx(111_195, abs=5)
    assert metres_between((28, 120), (28, 120)) == 0


@given(some.floats(-80, 80), some.floats(-179, 179), some.floats(1, 10_000))
def test_a_square_holds_its_middle_and_ends_at_its_distance(
    latitude: float, longitude: float, metres: float
) -> None:
    extent = extent_of((latitude, longitude), metres)
    assert extent.holds((latitude, longitude))
    assert metres_between((extent.north, longitude), (latitude, longitude)) == pytest.approx(metres, rel=1e-3)


def test_a_coordinate_that_many_reports_share_is_a_default() -> None:
    hall, lamp = (42.3594, -71.0587), (42.3601, -71.0512)
    assert default_coordinates([hall] * 20 + [lamp] * 19) == {hall}


def test_a_point_on_a_buildings_centre_says_nothing() -> None:
    centre = (28.0012, 120.7012)
    assert is_default_coordinate(centre, [centre])
    assert is_default_coordinate((0.0, 0.0), [])
    assert not is_default_coordinate((28.00125, 120.70128), [centre])
