"""Loading the official division tables."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from linli.base.errors import Refused
from linli.places import actions as places
from linli.places.models import Kind, Place, PlaceAlias
from linli.places.tests.grove import NOW

AREAS = "code,name,cityCode,provinceCode\n330301,东岸区,3303,33\n330399,河口市,3303,33\n"
STREETS = (
    "code,name,areaCode,provinceCode,cityCode\n"
    "330301001,柳河街道,330301,33,3303\n"
    "330399198,河口市直辖村级区划,330399,33,3303\n"
)
VILLAGES = (
    "code,name,streetCode,provinceCode,cityCode,areaCode\n"
    "330301001001,柳树社区,330301001,33,3303,330301\n"
    "330301001002,柳树社区,330301001,33,3303,330301\n"
    "330399198001,柳树社区,330399198,33,3303,330399\n"
)
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "divisions"

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


def write(folder: Path, *, encoding: str = "utf-8", **tables: str) -> None:
    for name, text in ({"areas": AREAS, "streets": STREETS, "villages": VILLAGES} | tables).items():
        (folder / f"{name}.csv").write_bytes(text.encode(encoding))


def load(folder: Path) -> places.Imported:
    return places.import_divisions(folder, at=NOW)


def rows() -> list[tuple[object, ...]]:
    return list(
        Place.objects.order_by("id").values_list("id", "code", "name", "path", "full_name", "street_id")
    )


def test_tables_become_a_tree_under_their_province_and_city(folder: Path) -> None:
    assert load(folder).faults == []
    community = Place.objects.get(code="330301001001")
    assert [step.name for step in community.chain()] == ["柳树社区", "柳河街道", "东岸区", "温州市", "浙江省"]
    assert community.street == Place.objects.get(code="330301001000")
    assert Place.objects.get(code="330301000000").district_id == community.district_id


def test_a_name_that_repeats_is_another_place_by_its_code(folder: Path) -> None:
    load(folder)
    assert Place.objects.filter(name="柳树社区").count() == 3


def test_a_county_without_townships_holds_its_communities_itself(folder: Path) -> None:
    assert load(folder).counts["pseudo"] == 1
    county, community = Place.objects.get(code="330399000000"), Place.objects.get(code="330399198001")
    assert (community.parent, community.street) == (county, None)
    assert not Place.objects.filter(name__contains="直辖").exists()
    assert Place.objects.of_code("330399198") == county


def test_a_second_run_changes_nothing(folder: Path) -> None:
    assert load(folder).changed == 8 + 1  # the places, and the pseudo street's code
    before = rows()
    second = load(folder)
    assert (second.changed, second.faults, rows()) == (0, [], before)


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16"])
def test_tables_may_come_from_any_spreadsheet(folder: Path, encoding: str) -> None:
    write(folder, encoding=encoding)
    assert load(folder).faults == []
    assert Place.objects.get(code="330301001001").name == "柳树社区"


def test_a_row_with_a_broken_parent_is_named_and_the_good_rows_load(folder: Path) -> None:
    broken = (
        "330301777003,无头社区,330301777,33,3303,330301\n"
        "330301001004,错位社区,330399198,33,3303,330301\n"
        "330301001005,缺格社区,,33,3303,330301\n"
        "330301001006,,330301001,33,3303,330301\n"
        '330301001007,"引号社区,330301001,33,3303,330301\n'
        "12345,短码社区,330301001,33,3303,330301\n"
        "330301001008,好社区,330301001,33,3303,330301\n"
    )
    write(folder, villages=VILLAGES + broken)
    result = load(folder)
    reasons = {fault.line.cells["code"]: fault.reason for fault in result.faults}
    assert reasons["330301777003"] == "上级代码 330301777000 不在表里，也没有导入过"
    assert reasons["330301001004"] == "上级代码 330399198 和本行代码 330301001004 对不上"
    assert reasons["330301001005"] == "没有填上级代码"
    assert reasons["330301001006"] == "没有名称"
    assert reasons["12345"].startswith("代码「12345」应为")
    assert {fault.line.number for fault in result.faults} >= {5, 6, 7, 8, 10}
    assert Place.objects.filter(code="330301001008", name="好社区").exists()
    assert Place.objects.filter(kind=Kind.COMMUNITY).count() >= 4


def test_what_hangs_under_a_broken_row_is_named_too(folder: Path) -> None:
    write(folder, streets=STREETS.replace("柳河街道,330301", "柳河街道,330355"))
    faults = load(folder).faults
    assert [fault.line.cells["code"] for fault in faults] == ["330301001", "330301001001", "330301001002"]


def test_an_unknown_city_is_a_broken_parent(folder: Path) -> None:
    write(folder, areas=AREAS + "990101,无名区,9901,99\n")
    (fault,) = load(folder).faults
    assert fault.reason == "上级代码 990100000000 不在表里，也没有导入过"


def test_two_names_for_one_code_are_not_guessed_between(folder: Path) -> None:
    write(folder, areas=AREAS + "330301,西岸区,3303,33\n330399,河口市,3303,33\n")
    (fault,) = load(folder).faults
    assert fault.reason == "这个代码在 areas.csv 第 2 行已是「东岸区」"


def test_a_new_name_in_the_table_is_taken_over(folder: Path) -> None:
    load(folder)
    write(folder, villages=VILLAGES.replace("330301001001,柳树社区", "330301001001,　杨树社区"))
    result = load(folder)
    assert (result.counts["renamed"], result.changed) == (1, 1)
    assert Place.objects.get(code="330301001001").full_name == "杨树社区"


def test_the_same_place_under_another_code_keeps_its_old_one(folder: Path) -> None:
    load(folder)
    county = Place.objects.get(code="330399198001")
    write(folder, villages=VILLAGES.replace("330399198001", "330399198077"))
    result = load(folder)
    assert (result.counts["recoded"], result.changed) == (1, 1)
    county.refresh_from_db()
    assert county.code == "330399198077"
    assert Place.objects.of_code("330399198001") == county
    assert load(folder).changed == 0


def test_an_old_table_does_not_bring_old_codes_back(folder: Path) -> None:
    load(folder)
    write(folder, villages=VILLAGES.replace("330399198001", "330399198077"))
    load(folder)
    before = rows()
    write(folder)
    result = load(folder)
    assert (result.counts["old_code"], result.changed, rows()) == (1, 0, before)


def test_changes_move_a_county_with_all_that_is_under_it(folder: Path) -> None:
    load(folder)
    street = Place.objects.get(code="330301001000")
    write(
        folder,
        areas=AREAS.replace("330301,东岸区,3303", "330288,东岸新区,3302"),
        streets=STREETS.replace("330301001,柳河街道,330301", "330288001,柳河街道,330288"),
        villages=VILLAGES.replace("330301", "330288"),
        changes="old,new,date\n330301,330288,2026-01-01\n",
    )
    result = load(folder)
    assert result.faults == []
    assert (result.counts["moved"], result.counts["renamed"]) == (1, 1)
    street.refresh_from_db()
    assert street.code == "330288001000"
    assert [step.name for step in street.chain()] == ["柳河街道", "东岸新区", "宁波市", "浙江省"]
    assert Place.objects.of_code("330301") == Place.objects.get(code="330288000000")
    assert PlaceAlias.objects.get(code="330301000000").until == date(2026, 1, 1)
    # Two communities of one name under one street cannot be told apart: their new codes are new places.
    assert Place.objects.filter(code__startswith="330288001", kind=Kind.COMMUNITY).count() == 2
    assert load(folder).changed == 0


def test_changes_for_places_first_met_under_their_new_code_are_kept_as_aliases(folder: Path) -> None:
    write(folder, changes="old,new\n330321,330301\n330322,330366\n坏,330301\n")
    result = load(folder)
    assert result.counts["aliased"] == 2  # this one and the pseudo street
    assert [fault.reason for fault in result.faults] == [
        "没有代码为 330366000000 的地点",
        "旧代码和新代码都要是区划代码",
    ]
    assert Place.objects.of_code("330321") == Place.objects.get(code="330301000000")


def test_the_command_shows_progress_and_keeps_the_faults(folder: Path, tmp_path: Path) -> None:
    write(folder, villages=VILLAGES + "330301777003,=无头社区,330301777,33,3303,330301\n")
    errors, out, said = tmp_path / "out" / "errors.csv", StringIO(), StringIO()
    call_command("import_divisions", folder, errors=errors, stdout=out, stderr=said)
    assert "已处理 10 / 10" in out.getvalue()
    assert "1 行没有导入" in said.getvalue()
    with errors.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["文件"], row["行"], row["name"]) == ("villages.csv", "5", "'=无头社区")
    assert row["原因"].startswith("上级代码 330301777000 不在表里")
    write(folder)
    call_command("import_divisions", folder, errors=errors, stdout=out, stderr=said)
    assert not errors.exists()


def test_an_empty_or_missing_folder_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="里没有 CSV 文件"):
        load(tmp_path)
    with pytest.raises(CommandError, match="没有「"):
        call_command("import_divisions", tmp_path / "none")
    (tmp_path / "sub.csv").mkdir()
    for content in ("", "code,name\n"):
        (tmp_path / "empty.csv").write_text(content)
        with pytest.raises(Refused, match="一行区划也没有"):
            load(tmp_path)


@pytest.mark.shared
@pytest.mark.slow
def test_the_official_tables_of_two_cities_load_whole_and_twice() -> None:
    if not SHARED.is_dir():
        pytest.skip("../shared/data/divisions is not here")
    first = load(SHARED)
    assert first.faults == []
    tiers = {kind: Place.objects.filter(kind=kind).count() for kind in Kind}
    assert (tiers[Kind.COMMUNITY], tiers[Kind.DISTRICT], tiers[Kind.CITY]) == (3685 + 3047, 12 + 20, 2)
    assert tiers[Kind.STREET] == 191 + 261 - 1  # 龙港's pseudo street is no place
    dragon_port = Place.objects.of_code("330383")
    assert dragon_port is not None
    assert dragon_port.children.filter(kind=Kind.COMMUNITY).count() == 103
    before = rows()
    second = load(SHARED)
    assert (second.changed, second.faults, rows() == before) == (0, [], True)
