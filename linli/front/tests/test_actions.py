"""Publishing which other platforms staff must use."""

import pytest

from linli.base.errors import Refused
from linli.front.actions import Declared, declare_platform, end_platform
from linli.front.models import OtherPlatform, Relation
from tests.cast import MONDAY, Willow

GRID_APP = Declared("网格通", "区社会治理中心", "上报巡查", Relation.WRITES)


def test_an_administrator_publishes_a_platform_once_and_may_change_it(willow: Willow) -> None:
    first = declare_platform(GRID_APP, by=willow.administrator, at=MONDAY)
    changed = Declared("网格通", "区社会治理中心", "上报巡查", Relation.REPLACES)
    second = declare_platform(changed, by=willow.administrator, at=MONDAY)
    assert first.pk == second.pk
    assert OtherPlatform.objects.get().relation == Relation.REPLACES


def test_nobody_else_may_and_an_empty_name_is_refused(willow: Willow) -> None:
    with pytest.raises(Refused, match="系统管理员"):
        declare_platform(GRID_APP, by=willow.sun, at=MONDAY)
    with pytest.raises(Refused, match="名称"):
        declare_platform(Declared(" ", "", "", Relation.PULLS), by=willow.administrator, at=MONDAY)
    with pytest.raises(Refused, match="关系"):
        declare_platform(Declared("某平台", "", "", "friend"), by=willow.administrator, at=MONDAY)
    assert not OtherPlatform.objects.exists()


def test_an_ended_platform_stays_in_the_list_and_ending_twice_keeps_the_day(willow: Willow) -> None:
    platform = declare_platform(GRID_APP, by=willow.administrator, at=MONDAY)
    end_platform(platform, by=willow.administrator, at=MONDAY)
    end_platform(platform, by=willow.administrator, at=MONDAY.replace(day=20))
    platform.refresh_from_db()
    assert platform.ended_at == MONDAY
    with pytest.raises(Refused):
        end_platform(platform, by=willow.zhang, at=MONDAY)
