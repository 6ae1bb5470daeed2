"""办件参数 on a page: bounds, who may, the history; and what too few words in common keep off the desk."""

from dataclasses import asdict, fields
from datetime import timedelta

import pytest
from django.utils import timezone

from linli.base.errors import Refused
from linli.cases import actions
from linli.cases.actions.duplicates import Voice
from linli.cases.models import CaseSettings, CaseSettingsChange, limits_at
from linli.cases.rules import NUMBERS, Limits, check_numbers
from linli.cases.tests.pages import text_of
from linli.cases.tests.rows import MONDAY, filed
from tests.cast import Willow
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


def typed(**changed: int) -> dict[str, object]:
    return {
        **{number.name: asdict(Limits())[number.name] for number in NUMBERS},
        "words": "居民反映太慢",
        **changed,
    }


@pytest.mark.once
def test_every_number_has_words_and_bounds_around_its_default() -> None:
    named = {number.name for number in NUMBERS}
    assert named == {field.name for field in fields(Limits) if field.name != "radii"}
    for number in NUMBERS:
        assert number.low <= asdict(Limits())[number.name] <= number.high, number.name
        assert str(number.meaning).endswith("。")


@pytest.mark.once
@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"confirm_days": 31}, "请填 1 到 30"),
        ({"confirm_days": 0}, "请填 1 到 30"),
        ({"points": 3}, "没有这个参数"),
        ({"supervise_days": 9, "whistle_days": 3}, "不能早于"),
        ({"supervise_days": 6}, "不能早于"),  # 上报 stays at 5
        ({"duplicate_metres": 500}, ""),
    ],
)
def test_numbers_out_of_bounds_are_refused(numbers: dict[str, int], said: str) -> None:
    if not said:
        check_numbers(numbers, asdict(Limits()))
        return
    with pytest.raises(Refused, match=said):
        check_numbers(numbers, asdict(Limits()))


def test_whoever_keeps_the_duty_list_tunes_with_a_reason_and_the_history_says_so(willow: Willow) -> None:
    wu, address = signed_in(willow.district_officer), f"/cases/numbers/{willow.community.token}/"
    assert address in text_of(signed_in(willow.wang).get("/cases/numbers/"))
    page = text_of(wu.get(address))
    assert "按默认的办" in page
    assert "办完以后等居民说有没有解决" in page
    too_much = wu.post(address, typed(confirm_days=99))
    assert too_much.status_code == 422
    assert 'value="99"' in text_of(too_much)
    assert "请填 1 到 30" in text_of(too_much)
    without_reason = wu.post(address, typed(confirm_days=7) | {"words": ""})
    assert "为什么改" in text_of(without_reason)
    assert not CaseSettings.objects.exists()
    assert wu.post(address, typed(confirm_days=7)).status_code == 302
    assert CaseSettings.objects.get().numbers == {"confirm_days": 7}
    assert limits_at(willow.lamp).confirm_days == 7
    page = text_of(wu.get(address))
    assert "居民反映太慢" in page
    assert "等居民确认 7" in page
    wu.post(address, typed(confirm_days=7))
    assert CaseSettingsChange.objects.count() == 1  # the same again is no change
    assert wu.post(address, {"follow": "1"}).status_code == 302
    assert limits_at(willow.lamp) == Limits()
    assert "改回按上一级的办" in text_of(wu.get(address))


def test_the_secretary_reads_the_numbers_but_does_not_set_them(willow: Willow) -> None:
    wang, address = signed_in(willow.wang), f"/cases/numbers/{willow.community.token}/"
    page = text_of(wang.get(address))
    assert "由维护权责清单的人来改" in page
    assert 'name="confirm_days"' not in page
    refused = wang.post(address, typed(confirm_days=7))
    assert refused.status_code == 422
    assert "维护权责清单的人" in text_of(refused)
    assert wang.post(address, {"follow": "1"}).status_code == 409
    assert signed_in(willow.stranger).get(address).status_code == 404
    assert not CaseSettings.objects.exists()


def test_the_nearest_tier_counts_and_says_whose_it_is(willow: Willow) -> None:
    by, now = willow.district_officer, timezone.now()
    actions.tune(willow.district, {"confirm_days": 9}, by=by, at=now)
    assert limits_at(willow.lamp).confirm_days == 9
    page = text_of(signed_in(by).get(f"/cases/numbers/{willow.community.token}/"))
    assert willow.district.name in page
    actions.tune(willow.community, {"reopen_days": 20}, by=by, at=now)
    assert limits_at(willow.lamp) == Limits(reopen_days=20)  # a row counts as a whole


def test_few_words_in_common_are_not_offered_to_the_desk_and_the_number_can_be_tuned(willow: Willow) -> None:
    filed(willow, text="楼道里堆了好几辆旧自行车，过不去人", place=willow.building)
    voice = Voice(willow.building, "单元门的门禁刷不开，老人进不来", reporter=None)
    later = MONDAY + timedelta(hours=1)
    assert not actions.possible_duplicates(voice, later, for_staff=True)
    actions.tune(willow.community, {"duplicate_words": 0}, by=willow.district_officer, at=MONDAY)
    assert len(actions.possible_duplicates(voice, later, for_staff=True)) == 1


def test_two_voices_about_one_lamp_are_offered_whatever_their_words(willow: Willow) -> None:
    filed(willow, text="灯坏了三天", place=willow.lamp)
    voice = Voice(willow.lamp, "晚上门口黑漆漆的，老人出门怕摔")
    assert actions.possible_duplicates(voice, MONDAY + timedelta(hours=1), for_staff=True)
