"""Pages of the register: what a desk sees masked, what residents see of themselves, and the traces they leave."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from linli.organisations import actions as organisations
from linli.people import actions as people
from linli.people.models import Person
from linli.places import actions as places
from linli.places.models import Kind
from linli.register import actions
from linli.register.models import Correction, Event, Merge, Profile, Tag
from linli.register.tests.people_rows import kind, number
from linli.trail.models import Look, Seen
from tests.cast import Willow
from tests.signing_in import signed_in


@pytest.fixture
def desk(willow: Willow) -> Client:
    return signed_in(willow.sun)


@pytest.fixture
def now():
    return timezone.now()


def looks_at(person: Person) -> list[Look]:
    return [
        seen.look
        for seen in Seen.objects.filter(subject=person.subject).select_related("look").order_by("id")
    ]


def page(client: Client, address: str, /, *args: str, status: int = 200) -> str:
    answer = client.get(reverse(f"register:{address}", args=args))
    assert answer.status_code == status
    return answer.content.decode()


def post(client: Client, address: str, /, *args: str, status: int = 302, **typed: object) -> str:
    answer = client.post(reverse(f"register:{address}", args=args), typed)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


def test_a_list_masks_and_everybody_on_it_can_see_who_looked(willow: Willow, desk: Client) -> None:
    shown = page(desk, "people")
    assert "张**" in shown
    assert "138****0001" in shown
    assert "张秀英" not in shown
    assert "502室" not in shown
    [look] = looks_at(willow.zhang)
    assert look.purpose == "list"
    assert "居民委员会" in look.looker_words
    assert looks_at(willow.li) == []


def test_a_search_stays_out_of_addresses_and_leaves_a_trace(willow: Willow, desk: Client, now) -> None:
    actions.index_changed(now)
    answer = desk.post(reverse("register:people"), {"wanted": "张秀英"})
    assert answer["Location"] == reverse("register:found")
    shown = page(desk, "found")
    assert "张**" in shown
    assert "陈" not in shown
    assert [look.purpose for look in looks_at(willow.zhang)] == ["search"]
    assert looks_at(willow.chen) == []
    post(desk, "people", status=422, wanted="")
    assert "没有找到" in _searched(signed_in(willow.stranger), "张秀英")


def _searched(client: Client, words: str) -> str:
    client.post(reverse("register:people"), {"wanted": words})
    return page(client, "found")


def test_lists_are_narrowed_by_estate_tag_and_tenure(willow: Willow, desk: Client, now) -> None:
    actions.tag(willow.chen, kind("lives_alone"), since=localdate(now), source="visit", by=willow.sun, at=now)
    address = reverse("register:people")
    assert "陈**" in desk.get(address, {"tag": "lives_alone"}).content.decode()
    assert "张**" not in desk.get(address, {"tag": "lives_alone"}).content.decode()
    assert "何**" in desk.get(address, {"tenure": "tenant"}).content.decode()
    assert "陈**" not in desk.get(address, {"tenure": "tenant"}).content.decode()
    assert "张**" in desk.get(address, {"at": willow.grid.token}).content.decode()
    assert desk.get(address, {"at": willow.elsewhere.token}).status_code == 404


def test_a_list_of_those_with_a_tag_tells_each_that_the_tag_was_shown(
    willow: Willow, desk: Client, now
) -> None:
    actions.tag(willow.chen, kind("lives_alone"), since=localdate(now), source="visit", by=willow.sun, at=now)
    actions.index_changed(now)
    desk.get(reverse("register:people"), {"tag": "lives_alone"})
    _searched(desk, "独居老人")
    assert ["独居老人" in look.fields for look in looks_at(willow.chen)] == [True, True]
    page(desk, "people")
    assert "独居老人" not in looks_at(willow.chen)[-1].fields


def test_what_is_open_for_a_minute_is_put_into_no_form(willow: Willow, desk: Client, now) -> None:
    actions.state(willow.zhang, {"workplace": "东风纺织厂"}, source="self", by=willow.sun, at=now)
    row = actions.propose(willow.zhang, {"workplace": "退休"}, by=willow.zhang, at=now)
    for offer in re.findall(r'name="offer" value="([^"]+)"', page(desk, "person", willow.zhang.token)):
        desk.post(reverse("trail:reveal"), {"offer": offer})
    assert "东风纺织厂" in page(desk, "person", willow.zhang.token)
    for name, token in (("edit", willow.zhang.token), ("correction", row.token)):
        shown = page(desk, name, token)
        assert "东风纺织厂" not in shown
        assert "13800000001" not in shown


def test_a_record_is_masked_and_a_field_opens_for_a_typed_reason(willow: Willow, desk: Client, now) -> None:
    whole = number(date(1956, 4, 2), 12)
    actions.state(willow.zhang, {"identity": whole}, source="paper", by=willow.sun, at=now)
    shown = page(desk, "person", willow.zhang.token)
    assert whole not in shown
    assert "13800000001" not in shown
    assert f"{whole[:4]}**********{whole[-4:]}" in shown
    offers = re.findall(r'name="offer" value="([^"]+)"', shown)
    for offer in offers:
        refused = desk.post(reverse("trail:reveal"), {"offer": offer, "why": ""})
        assert refused.status_code == 422
    for offer in offers:
        desk.post(reverse("trail:reveal"), {"offer": offer, "why": "核对低保材料"})
    answer = desk.get(reverse("register:person", args=[willow.zhang.token]))
    assert whole in answer.content.decode()
    assert "13800000001" in answer.content.decode()
    assert 0 < int(answer["Refresh"]) <= 60
    assert "核对低保材料" in {look.reason for look in looks_at(willow.zhang)}
    assert whole not in page(signed_in(willow.wang), "person", willow.zhang.token)


def test_within_ones_own_task_one_tap_opens(willow: Willow, desk: Client, now) -> None:
    row = actions.propose(willow.zhang, {"workplace": "退休"}, by=willow.zhang, at=now)
    shown = page(desk, "person", willow.zhang.token)
    [*_, offer] = re.findall(r'name="offer" value="([^"]+)"', shown)
    assert desk.post(reverse("trail:reveal"), {"offer": offer}).status_code == 302
    assert f"register.Correction:{row.pk}" in {look.under for look in looks_at(willow.zhang)}


def test_a_worker_of_next_door_gets_404_and_leaves_nothing(willow: Willow) -> None:
    stranger = signed_in(willow.stranger)
    for name in ("person", "edit", "add_tag"):
        page(stranger, name, willow.zhang.token, status=404)
    page(stranger, "home", willow.home.token, status=404)
    assert looks_at(willow.zhang) == []


def test_a_form_is_filled_and_only_what_changed_is_written(willow: Willow, desk: Client, now) -> None:
    actions.state(willow.zhang, {"marriage": "20", "workplace": "厂"}, source="self", by=willow.sun, at=now)
    form = page(desk, "edit", willow.zhang.token)
    assert '<option value="20" selected>' in form
    assert 'value="厂"' not in form
    typed = {"marriage": "30", "source": "visit", "rest_is_right": "on", "name": "", "phone": ""}
    post(desk, "edit", willow.zhang.token, **typed)
    profile = Profile.objects.get(pk=willow.zhang.pk)
    assert (profile.marriage, profile.workplace) == ("30", "厂")
    assert willow.zhang.fact_changes.count() == 1
    wrong = post(
        desk, "edit", willow.zhang.token, status=422, identity="123", source="self", birth_date="1990-06-31"
    )
    for code in ("identity", "birth_date"):  # each sentence stands beside its field
        assert f'id="id_{code}_error"' in wrong
    assert "18 位，您写了 3 位" in wrong
    assert "没有 1990年6月31日 这一天" in wrong
    assert 'value="1990-06-31"' in wrong


def test_what_is_stale_is_confirmed_in_one_tap(willow: Willow, desk: Client, now) -> None:
    long_ago = localdate(now) - timedelta(days=800)
    actions.state(willow.zhang, {"marriage": "20"}, source="self", by=willow.sun, at=now, stated_on=long_ago)
    assert "该确认了" in page(desk, "person", willow.zhang.token)
    post(desk, "confirm", willow.zhang.token, fact="marriage")
    assert Profile.objects.get(pk=willow.zhang.pk).confirmed("marriage") == localdate(now)
    post(desk, "confirm", willow.zhang.token)
    assert "该确认了" not in page(desk, "person", willow.zhang.token)


def test_tags_are_put_on_confirmed_and_ended_with_a_reason(willow: Willow, desk: Client, now) -> None:
    post(desk, "kinds", common="1")
    row = kind("disabled")
    today = localdate(now).isoformat()
    assert row.purpose in page(desk, "add_tag", willow.chen.token)
    post(desk, "add_tag", willow.chen.token, kind=row.pk, since=today, source="paper", detail="二级")
    held = Tag.objects.get()
    assert held.detail == "二级"
    post(desk, "confirm_tag", held.token)
    assert "请写明原因" in post(desk, "end_tag", held.token, status=422)
    post(desk, "end_tag", held.token, because="证件到期")
    assert not Tag.objects.filter(until=None).exists()
    assert "已经有" in post(
        desk, "kinds", status=422, name="残疾", purpose="x", legal_basis="y", sensitivity="sensitive"
    )


def test_a_resident_is_registered_at_a_home(willow: Willow, desk: Client, now) -> None:
    typed = {
        "name": "古丽·买买提", "phone": "139 0000 0002", "identity_kind": "passport", "identity": "c01x00t47",
        "tenure": "tenant", "lives_there": "on", "since": localdate(now).isoformat(), "source": "paper",
    }  # fmt: skip
    post(desk, "add_resident", willow.home.token, **typed)
    profile = Profile.objects.get(person__name="古丽·买买提")
    assert profile.identity == "C01X00T47"
    assert "古丽·***" in page(desk, "home", willow.home.token)
    other = places.plant(Kind.HOME, "602室", willow.building)
    again = post(desk, "add_resident", other.token, status=422, **typed)
    assert "两处都住" in again
    post(desk, "add_resident", other.token, **(typed | {"in_both": "on"}))
    assert profile.person.residencies.count() == 2


def test_an_act_is_shown_beforehand_done_and_taken_back(willow: Willow, desk: Client, now) -> None:
    goal = places.plant(Kind.HOME, "602室", willow.building)
    assert "搬到哪里" in page(desk, "act", willow.home.token, "move")
    address = reverse("register:act", args=[willow.home.token, "move"])
    assert "搬到" in desk.get(address, {"to": goal.token}).content.decode()
    typed = {
        "persons": [willow.zhang.token], "tenure": "tenant", "on": localdate(now).isoformat(), "source": "self",
        "to": goal.token,
    }  # fmt: skip
    told = desk.post(address, typed).content.decode()
    assert "会这样改" in told
    assert not Event.objects.exists()
    answer = desk.post(address, typed | {"sure": "1"})
    event = Event.objects.get()
    assert answer["Location"] == reverse("register:event", args=[event.token])
    assert "602室" in page(desk, "event", event.token)
    assert "请写明原因" in post(desk, "undo_event", event.token, status=422)
    post(desk, "undo_event", event.token, because="登记错了人")
    assert "已撤销" in page(desk, "events")
    assert willow.zhang.residencies.get().lives_there


@pytest.mark.parametrize(
    ("kind_of_act", "typed"),
    [
        ("birth", {"name": "张小宝", "sex": "1"}),
        ("death", {"paper": "证-1"}),
        ("letting", {"people": "李小明 13900000009\n王小红"}),
        ("letting_end", {}),
        ("sale", {"people": "李小明，13900000009", "paper": "不动产-1"}),
        ("move_out", {}),
    ],
)
def test_every_act_has_its_form(willow: Willow, desk: Client, now, kind_of_act: str, typed: dict) -> None:
    who = willow.neighbour if kind_of_act == "letting_end" else willow.chen
    fields = {
        "persons": [who.token],
        "on": localdate(now).isoformat(),
        "source": "paper",
        "sure": "1",
    } | typed
    page(desk, "act", willow.home.token, kind_of_act)
    post(desk, "act", willow.home.token, kind_of_act, **fields)
    assert Event.objects.get().kind == kind_of_act
    assert "请写日期" in post(desk, "act", willow.home.token, kind_of_act, status=422)


def test_a_name_and_a_number_are_no_key_to_an_address_elsewhere(willow: Willow, now) -> None:
    """A desk next door that tries an act with somebody of 柳树社区 learns no door, and the person reads of it."""
    home = places.plant(Kind.HOME, "1室", willow.elsewhere)
    stranger, today = signed_in(willow.stranger), localdate(now).isoformat()
    fields = {"on": today, "source": "paper", "people": "张秀英 13800000001"}
    told = post(stranger, "act", home.token, "letting", status=200, **fields)
    assert "范围以外的住处" in told
    assert "502室" not in told
    assert [look.purpose for look in looks_at(willow.zhang)] == ["list"]
    typed = {"name": "张秀英", "phone": "13800000001", "tenure": "tenant", "lives_there": "on"}
    typed |= {"since": today, "source": "paper", "identity_kind": "none"}
    refused = post(stranger, "add_resident", home.token, status=422, **typed)
    assert "登记的是住在别的社区" in refused
    assert "杨柳苑" not in refused
    post(stranger, "act", home.token, "letting", **(fields | {"sure": "1"}))
    assert "502室" not in page(stranger, "event", Event.objects.get().token)


def test_a_line_without_a_name_is_refused(willow: Willow, desk: Client, now) -> None:
    fields = {"on": localdate(now).isoformat(), "source": "paper", "people": "13900000009"}
    assert "没有姓名" in post(desk, "act", willow.home.token, "letting", status=422, **fields)


def test_two_records_are_compared_merged_and_the_old_address_leads_on(
    willow: Willow, desk: Client, now
) -> None:
    other = people.register("张秀英", "", now)
    actions.belong(other, willow.home, "family", localdate(now), by=willow.sun, at=now)
    post(desk, "look_for_duplicates")
    shown = page(desk, "duplicates")
    assert "同一户里姓名相同" in shown
    token = re.search(r"/register/duplicates/(\w{12})/", shown)[1]
    assert "相同" in page(desk, "duplicate", token)
    post(desk, "merge", token, keep=willow.zhang.token)
    answer = desk.get(reverse("register:person", args=[other.token]))
    assert answer["Location"] == reverse("register:person", args=[willow.zhang.token])
    post(desk, "unmerge", Merge.objects.get().token)
    page(desk, "person", other.token)


def test_residents_read_their_whole_record_confirm_and_propose(willow: Willow, desk: Client, now) -> None:
    actions.state(willow.zhang, {"workplace": "纺织厂"}, source="visit", by=willow.sun, at=now)
    row = kind("veteran")
    held = actions.tag(willow.zhang, row, since=localdate(now), source="paper", by=willow.sun, at=now)
    me = signed_in(willow.zhang)
    shown = page(me, "mine")
    for words in ("张秀英", "13800000001", "纺织厂", row.purpose, row.legal_basis, "上门了解"):
        assert words in shown
    assert looks_at(willow.zhang) == []
    post(me, "mine_confirm")
    form = page(me, "mine_correct")
    assert 'value="纺织厂"' in form
    typed = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) | {
        "workplace": "退休",
        "sex": "",
        "marriage": "",
    }
    typed.pop("csrfmiddlewaretoken", None)
    post(me, "mine_correct", **typed)
    correction = Correction.objects.get()
    assert correction.values == {"workplace": "退休"}
    assert "退休" in page(desk, "correction", correction.token)
    assert "您提出的更正" in {look.fields for look in looks_at(willow.zhang)}
    post(desk, "accept", correction.token)
    assert "已采纳" in page(me, "mine")
    post(me, "object_to_tag", held.token, because="我没当过兵")
    second = Correction.objects.latest("pk")
    assert "请写明原因" in post(desk, "refuse", second.token, status=422)
    post(desk, "refuse", second.token, because="证件齐全")
    assert "证件齐全" in page(me, "mine")


def test_family_is_added_and_a_proposal_withdrawn(willow: Willow, now) -> None:
    me = signed_in(willow.zhang)
    post(me, "mine_newborn", name="张小宝", sex="2", birth_date=localdate(now).isoformat())
    post(me, "mine_family", name="张小弟", relation="73")
    assert Correction.objects.count() == 2
    assert "没有的" not in page(me, "mine")
    post(me, "withdraw", Correction.objects.first().token)
    assert Correction.objects.filter(state="withdrawn").count() == 1
    assert "18 位" in post(me, "mine_family", status=422, name="张小弟", relation="73", identity="1")


def test_a_worker_at_the_counter_leaves_a_line_where_the_whole_record_is_read(willow: Willow, now) -> None:
    organisations.assist(willow.sun, willow.desk, willow.zhang, "本人来核对档案", "counter", now)
    page(signed_in(willow.sun), "mine")
    assert [(look.fields, look.purpose) for look in looks_at(willow.zhang)] == [
        ("代办期间可见的本人事项", "task"),
        ("整份档案和标签", "counter"),
    ]


def test_how_somebody_lives_next_door_is_not_this_desks_to_say(willow: Willow, desk: Client, now) -> None:
    home = places.plant(Kind.HOME, "1室", willow.elsewhere)
    row = actions.belong(
        willow.zhang, home, "owner", localdate(now), by=willow.stranger, at=now, lives_there=False
    )
    post(desk, "describe", row.token, status=404, lives_there="yes")
    row.refresh_from_db()
    assert not row.lives_there


def test_a_proxy_reads_an_elders_tags_and_he_sees_that_she_did(willow: Willow, now) -> None:
    actions.tag(willow.chen, kind("lives_alone"), since=localdate(now), source="visit", by=willow.sun, at=now)
    proxy = people.grant_proxy(willow.chen, willow.daughter, "everything", by=willow.chen, at=now)
    daughter = signed_in(willow.daughter)
    daughter.post(reverse("people:act_for", args=[proxy.token]))
    shown = page(daughter, "mine")
    assert "独居老人" in shown
    assert "陈福生" in shown
    [look] = looks_at(willow.chen)
    assert look.purpose == "family"
    assert "陈**" in look.looker_words


def test_pages_ask_a_constant_number_of_questions(
    willow: Willow, desk: Client, now, django_assert_max_num_queries
) -> None:
    for order in range(15):
        person = people.register(
            f"住户{'甲乙丙丁戊己庚辛壬癸子丑寅卯辰'[order]}", f"139000001{order:02d}", now
        )
        actions.belong(person, willow.home, "family", localdate(now), by=willow.sun, at=now)
    actions.index_changed(now)
    for name, args, most in (
        ("people", (), 22),
        ("home", (willow.home.token,), 18),
        ("person", (person.token,), 26),
    ):
        with django_assert_max_num_queries(most):
            page(desk, name, *args)
    desk.post(reverse("register:people"), {"wanted": "3幢"})
    with django_assert_max_num_queries(22):
        page(desk, "found")


def test_a_household_is_kept_on_its_page(willow: Willow, desk: Client, now) -> None:
    post(desk, "found_household", willow.home.token, head=willow.zhang.token)
    household = willow.zhang.household_memberships.get().household
    post(desk, "set_member", household.token, person=willow.chen.token, verb="join", relation="10")
    shown = page(desk, "household", household.token)
    assert "户主" in shown
    assert "配偶" in shown
    other = actions.found_household(
        willow.home, willow.neighbour, localdate(now), by=willow.sun, at=now, number="2"
    )
    post(desk, "set_member", household.token, person=willow.neighbour.token, verb="leave", status=409)
    assert other.members.filter(until=None).exists()
    post(desk, "set_member", household.token, person=willow.chen.token, verb="head")
    post(desk, "set_member", household.token, person=willow.zhang.token, verb="leave")
    assert willow.chen.household_memberships.get(until=None).relation == "02"
    residency = willow.zhang.residencies.get()
    post(desk, "describe", residency.token, is_registered="no", lives_there="no")
    residency.refresh_from_db()
    assert (residency.lives_there, residency.is_registered) == (False, False)
