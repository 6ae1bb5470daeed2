"""Bodies, roles and assisted sessions, with real rows."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from linli.base.errors import Refused
from linli.organisations import actions as organisations
from linli.organisations.models import AssistedSession, Membership, Tier, members_with
from linli.organisations.rules import Power, Role
from linli.people import actions as people
from linli.places import actions as places
from linli.places.models import Kind
from linli.trail.models import Look

AT = datetime(2026, 3, 9, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = AT.date()


@pytest.fixture
def town(db):
    province = places.plant(Kind.PROVINCE, "江南省", None)
    city = places.plant(Kind.CITY, "望江市", province)
    district = places.plant(Kind.DISTRICT, "东岸区", city)
    street = places.plant(Kind.STREET, "柳河街道", district)
    willow = places.plant(Kind.COMMUNITY, "柳树社区", street)
    peach = places.plant(Kind.COMMUNITY, "桃园社区", street)
    grid = places.plant(Kind.GRID, "第一网格", willow)
    estate = places.plant(Kind.ESTATE, "杨柳苑", willow)
    building = places.plant(Kind.BUILDING, "3幢", estate, grid=grid)
    home = places.plant(Kind.HOME, "502室", building)
    far_home = places.plant(Kind.HOME, "101室", places.plant(Kind.ESTATE, "桃花苑", peach))
    desk = organisations.create("柳树居委会", "desk", Tier.COMMUNITY, [willow], AT, is_desk=True)
    street_desk = organisations.create("街道服务台", "desk", Tier.STREET, [street], AT, is_desk=True)
    li, zhang, wang = (people.register(name, "", AT) for name in ("李网格员", "张阿姨", "王主任"))
    return SimpleNamespace(**{name: value for name, value in locals().items() if name != "db"})


def appoint(town, person, role, place=None, since=date(2025, 1, 1), organisation=None):
    return organisations.appoint(
        person, organisation or town.desk, role, place or town.willow, since, town.wang, AT
    )


def test_the_nearest_body_that_serves_a_place_is_found(town):
    everywhere = organisations.create("街道物业办", "property", Tier.STREET, [town.street], AT)
    near = organisations.create("安居物业", "property", Tier.OUTSIDE, [town.estate], AT)
    assert organisations.find("property", town.home) == near
    assert organisations.find("property", town.peach) == everywhere
    assert organisations.find("property", town.district) is None
    organisations.retire(near, town.wang, AT)
    assert organisations.find("property", town.home) == everywhere


def test_a_body_that_serves_a_grid_serves_the_buildings_under_it(town):
    team = organisations.create("网格服务队", "errands", Tier.COMMUNITY, [town.grid], AT)
    assert organisations.find("errands", town.home) == team
    assert organisations.find("errands", town.estate) is None


def test_every_place_has_the_desk_around_it_and_one_only(town):
    assert organisations.desk(town.home) == town.desk
    assert organisations.desk(town.peach) == town.street_desk
    with pytest.raises(Refused, match="服务台"):
        organisations.desk(town.district)
    with pytest.raises(Refused, match="只设一个"):
        organisations.create("第二服务台", "desk", Tier.COMMUNITY, [town.willow], AT, is_desk=True)


def test_a_role_holds_from_its_first_day_until_the_day_it_ends(town):
    membership = appoint(town, town.li, Role.GRID_WORKER, since=TODAY)
    assert list(Membership.objects.current(town.li, TODAY)) == [membership]
    assert not Membership.objects.current(town.li, TODAY - timedelta(days=1)).exists()
    organisations.dismiss(membership, TODAY + timedelta(days=3), town.wang, AT)
    assert Membership.objects.current(town.li, TODAY + timedelta(days=2)).exists()
    assert not Membership.objects.current(town.li, TODAY + timedelta(days=3)).exists()
    assert list(members_with(town.desk, Power.HANDLE, TODAY)) == [town.li]
    assert not members_with(town.desk, Power.DISPATCH, TODAY).exists()
    assert not members_with(town.desk, Power.HANDLE, TODAY + timedelta(days=3)).exists()


def test_appointing_twice_is_appointing_once_and_the_database_holds_it(town):
    first = appoint(town, town.li, Role.GRID_WORKER)
    assert appoint(town, town.li, Role.GRID_WORKER) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            person=town.li, organisation=town.desk, role=Role.GRID_WORKER, place=town.willow, since=TODAY
        )


def test_an_administrator_is_not_also_the_auditor_or_the_data_officer(town):
    appoint(town, town.li, Role.ADMINISTRATOR)
    for role in (Role.AUDITOR, Role.DATA_OFFICER):
        with pytest.raises(Refused, match="同一个人"):
            appoint(town, town.li, role)
    appoint(town, town.zhang, Role.AUDITOR)


def test_a_closed_body_gives_no_rights(town):
    appoint(town, town.li, Role.GRID_WORKER)
    organisations.retire(town.desk, town.wang, AT)
    assert not Membership.objects.current(town.li, TODAY).exists()


def test_who_looked_is_told_with_body_and_role_and_without_the_full_name(town):
    seat = appoint(town, town.li, Role.GRID_WORKER)
    assert seat.looker_words(town.li) == "李*** · 柳树居委会 · 网格员"


def test_an_assisted_session_is_told_logged_and_over_after_thirty_minutes_without_any_job(town):
    appoint(town, town.li, Role.GRID_WORKER)
    session = organisations.assist(town.li, town.desk, town.zhang, "本人来窗口", "counter", AT)
    assert session.ends_at - session.started_at == timedelta(minutes=30)
    assert town.zhang.pending_notices.filter(title="有工作人员替您代办", body__contains="本人来窗口").exists()
    look = Look.objects.about(town.zhang.subject).get()
    assert (look.reason, look.looker) == ("本人来窗口", f"people.Person:{town.li.pk}")
    assert look.looker_words == "李*** · 柳树居委会 · 代办"
    almost = AT + timedelta(minutes=29, seconds=59)
    assert list(AssistedSession.objects.running(almost)) == [session]
    assert not AssistedSession.objects.running(AT + timedelta(minutes=30)).exists()
    session.refresh_from_db()
    assert session.ended_at is None  # nothing had to flip it


def test_a_worker_assists_one_resident_at_a_time_never_themselves_and_only_with_the_power(town):
    appoint(town, town.li, Role.GRID_WORKER)
    appoint(town, town.wang, Role.AUDITOR)
    with pytest.raises(Refused, match="自己"):
        organisations.assist(town.li, town.desk, town.li, "试试", "counter", AT)
    with pytest.raises(Refused, match="受理人员"):
        organisations.assist(town.wang, town.desk, town.zhang, "试试", "counter", AT)
    with pytest.raises(Refused, match="为什么"):
        organisations.assist(town.li, town.desk, town.zhang, "  ", "counter", AT)
    first = organisations.assist(town.li, town.desk, town.zhang, "本人来窗口", "counter", AT)
    assert organisations.assist(town.li, town.desk, town.zhang, "本人来窗口", "counter", AT) == first
    with pytest.raises(Refused, match="先结束"):
        organisations.assist(town.li, town.desk, town.wang, "电话", "telephone", AT)
    later = AT + timedelta(minutes=31)
    second = organisations.assist(town.li, town.desk, town.wang, "电话", "telephone", later)
    first.refresh_from_db()
    assert first.ended_at == first.ends_at
    organisations.end_assist(second, later + timedelta(minutes=2))
    assert not AssistedSession.objects.running(later + timedelta(minutes=3)).exists()


def test_whoever_installs_linli_gets_one_administrator_with_a_password_of_a_day(town):
    membership, password = organisations.install_administrator("冯磊", "feng", "系统管理", town.district, AT)
    assert membership.person.staff_account.check_password(password)
    assert Membership.objects.current(membership.person, TODAY).get().powers == {Power.ADMINISTER}
    with pytest.raises(Refused, match="已有人用"):
        organisations.install_administrator("别人", "feng", "系统管理", town.district, AT)
    second, _password = organisations.install_administrator("褚卫", "chu", "系统管理", town.district, AT)
    assert second.organisation == membership.organisation


def test_the_command_prints_the_password_and_explains_an_unknown_place(town, capsys):
    with pytest.raises(CommandError, match="没有这个区划代码"):
        call_command("administrator", "冯磊", "feng", place="000000000000")
    place = places.plant(Kind.COMMUNITY, "有码社区", town.street, code="990101001009")
    call_command("administrator", "冯磊", "feng", place=place.code)
    assert "临时密码只显示这一次" in capsys.readouterr().out
