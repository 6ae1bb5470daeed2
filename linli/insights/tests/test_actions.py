"""Tallies from real cases: what counts, for whom, and that counting again changes nothing."""

from datetime import timedelta

import pytest
from django.db.models import Sum
from django.test import Client
from django.utils.timezone import localdate

from linli.cases import actions as cases
from linli.cases.actions import Verdict
from linli.cases.tests.rows import DAY, HOUR, MINUTE, dispatched, filed, resolved
from linli.insights import actions
from linli.insights.models import MonthlyCount, Tally, cases_behind
from linli.insights.rules import MINIMUM_CELL, Measure
from tests.cast import MONDAY, Willow
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
PERIOD = f"first={TODAY - timedelta(days=5)}&last={TODAY + timedelta(days=20)}"


def counted(**which: object) -> dict[str, int]:
    return dict(Tally.objects.filter(**which).order_by().values_list("measure").annotate(Sum("count")))


def some_history(willow: Willow) -> None:
    """One answered in time and solved, one not solved, one withdrawn before anybody was bound."""
    first = resolved(willow)
    cases.confirm(first, willow.zhang, Verdict("solved", 5), by=willow.zhang, at=MONDAY + DAY)
    second = resolved(willow)
    verdict = Verdict("not_solved", words="还是不亮。")
    cases.confirm(second, willow.zhang, verdict, by=willow.zhang, at=MONDAY + DAY)
    third = filed(willow)
    cases.withdraw(third, by=willow.zhang, at=MONDAY + MINUTE)
    actions.tally(TODAY - timedelta(days=1), TODAY + timedelta(days=20))


def test_the_tally_counts_what_the_sheet_counts(willow: Willow) -> None:
    some_history(willow)
    found = counted()
    assert found[Measure.FILED] == 3
    assert found[Measure.SOLVED] == 1
    assert found[Measure.NOT_SOLVED] == found[Measure.REPEATED] == 1
    assert found[Measure.RATED] == found[Measure.SATISFIED] == 1
    assert found[Measure.RESPONSE_WITHDRAWN] == 1


def test_counting_again_changes_nothing(willow: Willow) -> None:
    some_history(willow)
    before = counted()
    actions.tally(TODAY - timedelta(days=1), TODAY + timedelta(days=20))
    assert counted() == before


def test_every_count_equals_the_rows_behind_it(willow: Willow) -> None:
    some_history(willow)
    since = actions.midnight(TODAY - timedelta(days=1))
    until = actions.midnight(TODAY + timedelta(days=21))
    for measure, count in counted().items():
        assert cases_behind(Measure(measure), willow.community, since, until).count() == count, measure


def test_an_answer_counts_for_the_body_whose_work_it_judged_not_for_who_takes_over(willow: Willow) -> None:
    case = resolved(willow)
    for at in (MONDAY + DAY, MONDAY + 3 * DAY):
        verdict = Verdict("not_solved", words="还是不亮。")
        cases.confirm(case, willow.zhang, verdict, by=willow.zhang, at=at)
        if case.lead == willow.property:
            cases.resolve(case, "又换了一次灯泡，会亮了。", by=willow.zhao, at=at + DAY)
    assert case.lead == willow.street_office  # twice not solved
    actions.tally(TODAY - timedelta(days=1), TODAY + timedelta(days=20))
    assert counted(organisation=willow.property)[Measure.NOT_SOLVED] == 2
    assert Measure.NOT_SOLVED not in counted(organisation=willow.street_office)
    since, until = actions.midnight(TODAY), actions.midnight(TODAY + timedelta(days=21))
    behind = cases_behind(Measure.NOT_SOLVED, willow.community, since, until, willow.property)
    assert list(behind) == [case]
    assert not cases_behind(Measure.NOT_SOLVED, willow.community, since, until, willow.street_office)


def test_what_came_back_after_it_was_confirmed_is_repeated_work_of_who_had_led_it(willow: Willow) -> None:
    case = resolved(willow)
    cases.confirm(case, willow.zhang, Verdict("solved", 5), by=willow.zhang, at=MONDAY + DAY)
    cases.reopen(case, "第二天又灭了", by=willow.zhang, at=MONDAY + 2 * DAY)
    declined = filed(willow)
    cases.decline(declined, by=willow.sun, at=MONDAY, reason="不归社区", channel="电话 12345")
    cases.reopen(declined, "就是社区的灯", by=willow.zhang, at=MONDAY + DAY)
    actions.tally(TODAY - timedelta(days=1), TODAY + timedelta(days=20))
    assert counted(organisation=willow.property)[Measure.REPEATED] == 1
    assert counted()[Measure.REPEATED] == 1
    since, until = actions.midnight(TODAY), actions.midnight(TODAY + timedelta(days=21))
    assert list(cases_behind(Measure.REPEATED, willow.community, since, until, willow.property)) == [case]


def test_what_was_dispatched_and_taken_back_was_not_withdrawn_before_dispatch(willow: Willow) -> None:
    case, _order = dispatched(willow)
    cases.recall(case, by=willow.sun, at=MONDAY + HOUR, reason="再核一下")
    cases.withdraw(case, by=willow.zhang, at=MONDAY + 2 * HOUR)
    actions.tally(TODAY - timedelta(days=1), TODAY + timedelta(days=20))
    assert counted()[Measure.RESPONSE_DUE] == 1
    assert Measure.RESPONSE_WITHDRAWN not in counted()


def test_the_street_sees_the_sum_and_the_next_community_nothing(willow: Willow) -> None:
    some_history(willow)
    own = Tally.objects.at(willow.community).aggregate(n=Sum("count"))["n"]
    assert own == Tally.objects.at(willow.street).aggregate(n=Sum("count"))["n"] > 0
    assert not Tally.objects.at(willow.elsewhere).exists()


def test_the_page_shows_counts_without_a_share_where_they_are_few(willow: Willow, client: Client) -> None:
    some_history(willow)
    page = sign_in(client, willow.wang).get(f"/figures/rates/?{PERIOD}")
    assert page.status_code == 200
    assert "件数太少，不算比例" in page.content.decode()


def test_the_form_arrives_with_the_days_that_are_shown(willow: Willow, client: Client) -> None:
    page = sign_in(client, willow.wang).get(f"/figures/rates/?place={willow.community.token}")
    days = [page.context[name].isoformat() for name in ("first", "last")]
    assert all(f'value="{day}"' in page.content.decode() for day in days)


def test_no_acting_person_and_no_reporter_stands_in_the_rows(willow: Willow, client: Client) -> None:
    some_history(willow)
    page = sign_in(client, willow.qian).get(f"/figures/rates/solved/?{PERIOD}").content.decode()
    assert "安居物业" in page
    for name in ("赵强", "孙丽", "张秀英", "李明"):
        assert name not in page


def test_a_stranger_gets_404_for_our_community_and_we_for_a_made_up_measure(
    willow: Willow, client: Client
) -> None:
    wang = sign_in(Client(), willow.wang)
    assert wang.get(f"/figures/rates/?place={willow.community.token}").status_code == 200
    assert wang.get(f"/figures/rates/?place={willow.elsewhere.token}").status_code == 404
    assert wang.get("/figures/rates/everything/").status_code == 404
    assert (
        sign_in(client, willow.stranger).get(f"/figures/rates/?place={willow.community.token}").status_code
        == 404
    )


def test_a_period_that_runs_backwards_is_refused_with_a_sentence(willow: Willow, client: Client) -> None:
    page = sign_in(client, willow.wang).get("/figures/rates/?first=2026-03-09&last=2026-03-01")
    assert "请对调" in page.content.decode()


def test_open_data_hides_small_cells_in_the_page_and_in_the_files(willow: Willow, client: Client) -> None:
    month = localdate().replace(day=1)
    for code, filed_count in (
        ("lighting.lamp_out", MINIMUM_CELL - 1),
        ("lift.broken", 9),
        ("water.no_water", 30),
    ):
        MonthlyCount.objects.create(
            month=month, community=willow.community, category=code, filed=filed_count, closed=0
        )
    address = f"/figures/open/{willow.community.token}/"
    page = client.get(address).content.decode()
    assert "有 2 类件数少，不列出来。" in page
    rows = {row["category"]: row["filed"] for row in client.get(f"{address}cases.json").json()["rows"]}
    assert rows == {"lighting.lamp_out": None, "lift.broken": None, "water.no_water": 30}
    sheet = client.get(f"{address}cases.csv").content.decode("utf-8-sig")
    assert "lighting.lamp_out,," in sheet
    assert "water.no_water,30," in sheet


def test_the_open_months_count_public_cases_only(willow: Willow) -> None:
    case = filed(willow)
    actions.count_months(TODAY)
    assert not MonthlyCount.objects.exists()
    cases.moderate(case, by=willow.sun, at=MONDAY + HOUR)
    actions.count_months(TODAY)
    assert list(MonthlyCount.objects.values_list("category", "filed")) == [(case.category.code, 1)]
