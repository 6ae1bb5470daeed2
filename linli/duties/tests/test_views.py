"""The pages: anyone reads, keepers edit, a stranger gets 404, refusals keep what was typed."""

import io
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from linli.duties import actions as duties
from linli.duties.models import Category, DutyList, Gap, Holiday, WorkCalendar
from linli.people.models import Account, Person

SignIn = Callable[[Person], Client]
NOTICE = "2027-01-01~2027-01-03,元旦,休\n2027-05-01~2027-05-05,劳动节,休\n2027-10-01~2027-10-07,国庆节,休"
LINE = {
    "lead": "street_office",
    "assists": ["property"],
    "basis": "街道办〔2026〕3号",
    "sign_amount": 2,
    "sign_unit": "working_hour",
    "response_amount": 4,
    "response_unit": "working_hour",
    "stages": "查看 2 工作日\n修复 5 工作日",
    "ownership": "",
    "next_tier": "street",
}


@pytest.fixture
def sign_in() -> SignIn:
    """Sign in as staff: powers come with the roles."""

    def enter(person: Person) -> Client:
        account, _is_new = Account.objects.get_or_create(username=f"u{person.pk}")
        account.persons.add(person)
        client = Client()
        client.force_login(account)
        return client

    return enter


@pytest.fixture
def keeper(willow, sign_in) -> Client:
    return sign_in(willow.district_officer)


@pytest.fixture
def draft(willow, at) -> DutyList:
    return duties.draft(willow.district, by=willow.district_officer, at=at)


def in_force(willow, at) -> DutyList:
    return DutyList.objects.in_force(willow.lamp, at)


def test_anyone_reads_who_leads_what_in_what_time_and_on_what_basis(willow, at, client):
    row = in_force(willow, at)
    page = client.get(reverse("duties:lists")).content.decode()
    assert reverse("duties:list", args=[row.token]) in page
    page = client.get(reverse("duties:list", args=[row.token]), {"group": "lighting"}).content.decode()
    assert "路灯管理单位" in page
    assert "3 个工作日" in page
    assert "城市照明管理规定" in page


def test_a_matter_is_found_by_how_people_say_it(willow, at, client):
    address = reverse("duties:list", args=[in_force(willow, at).token])
    found = client.get(address, {"q": "黑灯瞎火"}).content.decode()
    assert "路灯不亮" in found
    assert "没有找到这样的条目" in client.get(address, {"q": "火星移民"}).content.decode()


def test_a_line_shows_the_questions_that_stop_the_form(willow, at, client):
    line = in_force(willow, at).lines.get(category__code="energy.gas_leak")
    page = client.get(reverse("duties:line", args=[line.token])).content.decode()
    assert "119" in page
    assert "紧急工作时" in page


def test_a_draft_is_for_its_keeper_alone(willow, at, client, sign_in, keeper, draft):
    line = draft.lines.first()
    addresses = [
        reverse("duties:list", args=[draft.token]),
        reverse("duties:line", args=[line.token]),
        reverse("duties:changes", args=[draft.token]),
    ]
    for address in addresses:
        assert keeper.get(address).status_code == 200
        assert client.get(address).status_code == 404
        assert sign_in(willow.sun).get(address).status_code == 404


@pytest.mark.parametrize("name", ["publish", "add_line", "discard"])
def test_a_stranger_and_a_worker_cannot_touch_a_draft(willow, at, client, sign_in, draft, name):
    address = reverse(f"duties:{name}", args=[draft.token])
    assert sign_in(willow.stranger).post(address, LINE).status_code == 404
    assert sign_in(willow.zhao).get(address).status_code == 404
    assert client.get(address).status_code == 302  # to the sign-in page
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_keeper_of_another_district_gets_404(willow, at, sign_in, draft):
    from_elsewhere = duties.draft(willow.district.parent, by=None, at=at)
    keeper = sign_in(willow.district_officer)
    assert keeper.get(reverse("duties:publish", args=[draft.token])).status_code == 200
    assert keeper.get(reverse("duties:publish", args=[from_elsewhere.token])).status_code == 404


def test_the_whole_way_draft_change_add_publish(willow, at, keeper):
    made = keeper.post(reverse("duties:draft", args=[willow.district.token]))
    draft = DutyList.objects.get(published_at=None)
    assert made["Location"] == reverse("duties:list", args=[draft.token])
    line = draft.lines.get(category__code="noise.neighbour")
    address = reverse("duties:change_line", args=[line.token])
    assert "劝导调解 3 工作日" in keeper.get(address).content.decode()
    assert keeper.post(address, LINE).status_code == 302
    line.refresh_from_db()
    assert (line.lead, [stage["amount"] for stage in line.stages]) == ("street_office", [2, 5])
    matter = Category.objects.get(code="water.low_pressure")
    where = {"place": willow.estate.token}
    keeper.post(reverse("duties:add_line", args=[draft.token]), LINE | where | {"category": matter.pk})
    added = draft.lines.get(category=matter, place=willow.estate)
    assert added.assists == ["property"]
    page = keeper.get(reverse("duties:publish", args=[draft.token])).content.decode()
    assert "主办：社区服务台 → 街道办事处" in page
    assert added.number in page
    keeper.post(reverse("duties:publish", args=[draft.token]), {"note": "噪声由街道牵头"})
    draft.refresh_from_db()
    assert not draft.is_draft
    assert "噪声由街道牵头" in Client().get(reverse("duties:list", args=[draft.token])).content.decode()
    assert (
        "社区服务台 → 街道办事处"
        in Client().get(reverse("duties:changes", args=[draft.token])).content.decode()
    )


def test_a_line_that_is_wrong_comes_back_filled_in(willow, keeper, draft):
    line = draft.lines.get(category__code="noise.neighbour")
    address = reverse("duties:change_line", args=[line.token])
    wrong = keeper.post(address, LINE | {"stages": "尽快修好", "basis": "我写的依据"})
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert "看不懂「尽快修好」" in page
    assert "我写的依据" in page
    outside = keeper.post(address, LINE | {"place_words": "不存在的地方"})
    assert outside.status_code == 422
    assert "没有找到「不存在的地方」" in outside.content.decode()
    twice = keeper.post(address, LINE | {"assists": ["street_office"]})
    assert "主办不用再写进协办" in twice.content.decode()


def test_looking_at_a_published_line_to_change_it_is_refused_in_words(willow, at, keeper):
    line = in_force(willow, at).lines.get(category__code="noise.neighbour")
    answer = keeper.post(reverse("duties:change_line", args=[line.token]), LINE)
    assert answer.status_code == 422
    assert "已经发布，不能再改" in answer.content.decode()


def test_removing_and_discarding_need_a_tap_not_a_look(willow, keeper, draft):
    line = draft.lines.first()
    assert keeper.get(reverse("duties:remove_line", args=[line.token])).status_code == 405
    assert keeper.post(reverse("duties:remove_line", args=[line.token])).status_code == 302
    assert not draft.lines.filter(pk=line.pk).exists()
    assert keeper.get(reverse("duties:discard", args=[draft.token])).status_code == 405
    keeper.post(reverse("duties:discard", args=[draft.token]))
    assert not DutyList.objects.filter(pk=draft.pk).exists()


def test_why_names_the_body_the_time_and_the_line(willow, client):
    asked = {"category": "lighting.lamp_out", "place": willow.lamp.token}
    page = client.get(reverse("duties:why"), asked).content.decode()
    assert "安居物业" in page
    assert "部件先属主、后属地" in page
    assert "第 6.2 条" in page
    by_words = client.get(reverse("duties:why"), {"category": "lighting.lamp_out", "place_words": "杨柳苑"})
    assert "安居物业" in by_words.content.decode()
    assert client.get(reverse("duties:why")).status_code == 200


def test_why_never_names_a_home(willow, client):
    page = client.get(reverse("duties:why"), {"category": "lighting.lamp_out", "place": willow.home.token})
    assert "502" not in page.content.decode()


def test_gaps_are_shown_to_their_keeper_and_close_when_filled(willow, at, client, sign_in, keeper):
    decision = duties.decide(Category.objects.get(code="energy.gas_leak"), willow.estate, at)
    gap = duties.note_gap(decision, "cases.Case:1", at)
    page = keeper.get(reverse("duties:gaps")).content.decode()
    assert "这里没有登记燃气企业" in page
    assert sign_in(willow.sun).get(reverse("duties:gaps")).status_code == 404
    keeper.post(reverse("duties:review_gaps"))
    assert Gap.objects.open().count() == 1
    assert sign_in(willow.stranger).post(reverse("duties:close_gap", args=[gap.token])).status_code == 404
    keeper.post(reverse("duties:close_gap", args=[gap.token]))
    assert Gap.objects.open().count() == 0


def test_holidays_of_a_known_year_are_public_and_unknown_years_are_named(willow, client):
    page = client.get(reverse("duties:holidays"), {"year": "2026"}).content.decode()
    assert "2026-10-01 ~ 10-07" in page
    assert "国庆节" in page
    coming = timezone.localtime().year + 1
    if coming > 2026:
        assert f"{coming} 年的放假安排还没有公布或导入" in page


def test_the_notice_is_imported_from_a_gbk_file_or_pasted_and_a_broken_one_keeps_what_was_typed(
    willow, sign_in, keeper
):
    administrator = sign_in(willow.administrator)
    address = reverse("duties:import_holidays")
    typed = {"year": "2027", "notice": "国办发明电〔2026〕7号"}
    broken = administrator.post(address, typed | {"table": NOTICE.replace("国庆节,休", "国庆节,也许")})
    assert broken.status_code == 422
    assert "第 3 行看不懂" in broken.content.decode()
    assert "国办发明电〔2026〕7号" in broken.content.decode()
    half = administrator.post(address, typed | {"table": NOTICE.splitlines()[0]})
    assert "不完整" in half.content.decode()
    assert "全国年节及纪念日放假办法" in half.content.decode()
    file = io.BytesIO(NOTICE.encode("gbk"))
    file.name = "holidays.csv"
    assert administrator.post(address, typed | {"file": file}).status_code == 302
    assert Holiday.objects.filter(year=2027).count() == 15
    assert keeper.get(address).status_code == 200
    assert sign_in(willow.zhao).get(address).status_code == 404


def test_the_keeper_sets_office_hours_and_reads_how_they_count(willow, sign_in, keeper):
    address = reverse("duties:hours", args=[willow.community.token])
    assert "用的是上级或默认的时间" in keeper.get(address).content.decode()
    typed = {
        "opens": "08:30",
        "closes": "17:00",
        "weekdays": ["1", "2", "3", "4", "5"],
        "rests_on_holidays": "on",
    }
    assert keeper.post(address, typed).status_code == 302
    assert WorkCalendar.objects.get(place=willow.community).day_counts_from_next is False
    assert "工作日当天就算第一天" in keeper.get(address).content.decode()
    wrong = keeper.post(address, typed | {"closes": "08:00"})
    assert wrong.status_code == 422
    assert "下班时间要晚于上班时间" in wrong.content.decode()
    assert sign_in(willow.sun).get(address).status_code == 404


def test_pages_take_a_constant_number_of_queries(willow, at, client, draft, keeper):
    row = in_force(willow, at)
    pages = [
        (client, reverse("duties:lists"), 4),
        (client, reverse("duties:list", args=[row.token]) + "?q=水", 6),
        (client, reverse("duties:categories"), 3),
        (client, reverse("duties:why") + f"?category=lighting.lamp_out&place={willow.lamp.token}", 14),
        (keeper, reverse("duties:publish", args=[draft.token]), 10),
        (keeper, reverse("duties:gaps"), 8),
    ]
    for browser, address, budget in pages:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        assert len(queries) <= budget, (address, [query["sql"][:90] for query in queries])


def test_the_pages_speak_english_to_who_asks_for_it(willow, at, client):
    client.cookies["language"] = "en"
    address = reverse("duties:list", args=[in_force(willow, at).token])
    asked = {"category": "lighting.lamp_out", "place": willow.lamp.token}
    with translation.override("zh-hans"):  # the request leaves its language behind
        page = client.get(address, {"group": "lighting"}).content.decode()
        why = client.get(reverse("duties:why"), asked).content.decode()
    assert "Street lamp out" in page
    assert "3 working days" in page
    assert "street lighting unit" in page
    assert "who owns it comes before where it is" in why
    assert "is responsible" in why


def test_load_duties_and_import_holidays_run_from_the_command_line(willow, tmp_path):
    said = io.StringIO()
    call_command("load_duties", place="990101000000", stdout=said)
    assert "第 1 版" in said.getvalue()
    with pytest.raises(CommandError, match="没有区划代码"):
        call_command("load_duties", place="000000000000")
    file = tmp_path / "holidays.csv"
    file.write_text(NOTICE, encoding="utf-8")
    call_command("import_holidays", str(file), year=2027, notice="国办发明电〔2026〕7号", stdout=said)
    assert Holiday.objects.filter(year=2027).count() == 15
    with pytest.raises(CommandError, match="文号"):
        call_command("import_holidays", str(file), year=2027, notice=" ")
