"""The front's pages: what a stranger, a resident and a worker see, and what nobody may."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from linli.cases import actions as cases
from linli.cases.actions import Said, Verdict
from linli.cases.models import Case
from linli.front.models import OtherPlatform
from linli.notices import actions as notices
from linli.organisations import actions as organisations
from linli.people.models import Account, Person
from linli.places import actions as places
from linli.places.models import Place
from linli.transparency import actions as transparency
from tests.cast import Willow

SignIn = Callable[..., Client]
LAMP = "3幢门前路灯不亮三天了"


@pytest.fixture
def sign_in() -> SignIn:
    def enter(person: Person, *, staff: bool = False) -> Client:
        account = Account.objects.create(
            username=f"u{person.pk}" if staff else None, phone_index=str(person.pk)
        )
        account.persons.add(person)
        client = Client()
        client.force_login(account)
        return client

    return enter


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def said(
    willow: Willow, text: str, at: datetime, place: Place | None = None, by: Person | None = None
) -> Case:
    """Something said and looked over, so that everybody reads it."""
    case = cases.file(Said(text=text, place=place or willow.lamp), by=by or willow.zhang, at=at)
    return cases.moderate(case, by=willow.sun, at=at, public_title=text, public_text=text)


def solved(willow: Willow, text: str, at: datetime, days: int) -> Case:
    case = said(willow, text, at)
    order = cases.dispatch(case, willow.property, by=willow.sun, at=at)
    cases.start(order, by=willow.zhao, at=at, words="明天上午来换。")
    cases.resolve(case, "换好了，晚上试过会亮。", by=willow.zhao, at=at + timedelta(days=days))
    return cases.confirm(
        case, willow.zhang, Verdict("solved", 5), by=willow.zhang, at=at + timedelta(days=days)
    )


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_a_stranger_is_told_what_this_is_and_finds_a_community(willow: Willow, client: Client) -> None:
    page = text_of(client, reverse("front:home"))
    assert "说一件事" in page
    assert "柳树社区" in page
    assert "不用下载" in page  # G02: nothing has to be installed


def test_a_resident_comes_home_to_their_own_estate(willow: Willow, sign_in: SignIn, now: datetime) -> None:
    said(willow, LAMP, now)
    notices.tell([willow.zhang], "k", "路灯的事有进展", "", "/", "您说的", now)
    page = text_of(sign_in(willow.zhang), reverse("front:home"))
    assert "杨柳苑" in page
    assert "张秀英" in page
    assert LAMP in page
    assert "路灯的事有进展" in page


def test_a_neighbour_reads_the_public_words_and_never_the_name(
    willow: Willow, sign_in: SignIn, now: datetime
) -> None:
    said(willow, LAMP, now)
    hidden = cases.file(
        Said(text="我家的私事", place=willow.estate, is_private=True), by=willow.zhang, at=now
    )
    for address in (reverse("front:estate", args=[willow.estate.token]), reverse("front:home")):
        page = text_of(sign_in(willow.neighbour) if address == "/" else Client(), address)
        assert LAMP in page
        assert "张秀英" not in page
        assert hidden.title not in page


def test_what_waits_for_moderation_is_not_public(willow: Willow, client: Client, now: datetime) -> None:
    cases.file(Said(text=LAMP, place=willow.lamp), by=willow.zhang, at=now)
    assert LAMP not in text_of(client, reverse("front:estate", args=[willow.estate.token]))


def test_the_estate_page_says_how_long_it_took_and_counts_only_what_was_confirmed(
    willow: Willow, client: Client, now: datetime
) -> None:
    for number in range(5):
        solved(willow, f"第{number}盏路灯不亮了", now - timedelta(days=20), days=3)
    said(willow, "窨井盖松动有响声", now)
    address = reverse("front:estate", args=[willow.estate.token])
    page = text_of(client, address)
    assert "<strong>5</strong>" in page
    assert "<strong>3 天</strong>" in page
    ended = text_of(client, f"{address}?show=ended")
    assert "第0盏路灯" in ended
    assert "窨井盖" not in ended
    assert "窨井盖" in text_of(client, f"{address}?show=said")
    assert "窨井盖" in text_of(client, f"{address}?show=nonsense")  # an unknown shelf shows all


def test_a_community_page_holds_its_estates_and_leads_to_data_and_record(
    willow: Willow, client: Client
) -> None:
    page = text_of(client, reverse("front:community", args=[willow.community.token]))
    assert reverse("front:estate", args=[willow.estate.token]) in page
    assert reverse("insights:open_data", args=[willow.community.token]) in page
    assert reverse("transparency:verify") in page
    for leads_on in ("partners:list", "duties:lists", "lettings:offers"):
        assert reverse(leads_on) in page
    assert client.get(reverse("front:community", args=[willow.estate.token])).status_code == 404
    assert client.get(reverse("front:estate", args=[willow.home.token])).status_code == 404


def test_a_community_leads_to_its_log_once_there_is_one(
    willow: Willow, client: Client, now: datetime
) -> None:
    log = reverse("transparency:log", args=[willow.community.code])
    page = reverse("front:community", args=[willow.community.token])
    said(willow, "路灯不亮", now)
    assert log not in text_of(client, page)  # nothing is sealed yet: the link would lead nowhere
    transparency.seal(willow.community.code)
    assert log in text_of(client, page)
    assert client.get(log).status_code == 200


def test_who_left_no_number_finds_the_page_for_a_receipt(client: Client, db: None) -> None:
    for page in ("front:home", "front:mine"):
        assert reverse("cases:receipt") in text_of(client, reverse(page))


def test_a_code_knows_where_it_hangs_and_shows_what_is_already_under_way(
    willow: Willow, client: Client, now: datetime
) -> None:
    said(willow, LAMP, now)
    solved(willow, "去年也坏过", now - timedelta(days=9), days=1)
    code = places.issue_code(willow.lamp, by=willow.sun, at=now)
    page = text_of(client, reverse("front:code", args=[code.token]))
    assert "3幢门前路灯" in page
    assert f"code={code.token}" in page
    assert LAMP in page
    assert "去年也坏过" not in page  # settled: nothing to say me-too to


def test_a_code_at_a_home_tells_nothing_of_the_home(willow: Willow, client: Client, now: datetime) -> None:
    code = places.issue_code(willow.home, by=willow.sun, at=now)
    page = text_of(client, reverse("front:code", args=[code.token]))
    assert "杨柳苑" in page
    for secret in ("502", "张秀英", "陈福生", "3幢"):
        assert secret not in page


def test_an_old_code_says_so_and_still_leads_on(willow: Willow, client: Client, now: datetime) -> None:
    old = places.issue_code(willow.lamp, by=willow.sun, at=now)
    places.replace_code(willow.lamp, by=willow.sun, at=now)
    page = text_of(client, reverse("front:code", args=[old.token]))
    assert "这张码是旧的" in page
    assert f"place={willow.lamp.token}" in page
    stranger = text_of(client, reverse("front:code", args=["nosuchcode22"]), status=404)
    assert "不是邻里的" in stranger


def test_elder_home_has_four_doors_and_the_switch_stands_on_every_page(
    willow: Willow, sign_in: SignIn, client: Client
) -> None:
    """E09: a prominent switch on the home page; E06, E07: one task per page, nothing that pops up."""
    assert 'name="elder" value="1"' in text_of(client, reverse("front:about"))
    zhang = sign_in(willow.zhang)
    answer = zhang.post(reverse("base:set_face"), {"elder": "1", "text_size": "30", "back": "/"})
    assert answer["Location"] == "/"
    page = text_of(zhang, reverse("front:home"))
    assert 'class="elder text-30"' in page
    for door in ("打电话找社区", "说一件事", "找人帮忙", "听通知", "读给我听"):
        assert door in page
    assert 'name="elder" value="0"' in page


@pytest.mark.parametrize("asked", ["长辈版", "亲情版", "关爱版", "关怀版"])
def test_search_leads_to_the_elder_switch_itself(asked: str, client: Client, db: None) -> None:
    """E09"""
    page = text_of(client, f"{reverse('front:search')}?q={asked}")
    assert "打开长辈版" in page


def test_search_finds_places_pages_and_public_matters_but_no_private_ones(
    willow: Willow, client: Client, now: datetime
) -> None:
    said(willow, LAMP, now)
    private = cases.file(
        Said(text="路灯照进我家卧室", place=willow.estate, is_private=True), by=willow.zhang, at=now
    )
    page = text_of(client, f"{reverse('front:search')}?q=路灯")
    assert LAMP in page
    assert private.title not in page
    assert reverse("front:estate", args=[willow.estate.token]) in text_of(
        client, f"{reverse('front:search')}?q=杨柳"
    )
    assert "没有找到" in text_of(client, f"{reverse('front:search')}?q=䶮𬱖")
    assert "&lt;script&gt;" in text_of(client, f"{reverse('front:search')}?q=<script>")


def test_feedback_about_linli_is_one_tap_from_every_page(willow: Willow, client: Client) -> None:
    """G08: a way to complain about the platform, reachable in at most two taps."""
    for name in ("front:home", "front:about", "front:search", "front:mine", "front:around"):
        assert reverse("cases:feedback") in text_of(client, reverse(name)), name


@override_settings(FILING_NUMBER="浙ICP备00000001号")
def test_the_filing_number_stands_on_every_page(client: Client, db: None) -> None:
    """G02"""
    assert "浙ICP备00000001号" in text_of(client, reverse("front:home"))


def test_without_a_filing_number_the_page_says_so(client: Client, db: None) -> None:
    """G02"""
    assert "还没有备案编号" in text_of(client, reverse("front:home"))


def test_the_other_platforms_are_published_by_the_administrator_alone(
    willow: Willow, sign_in: SignIn, client: Client
) -> None:
    address = reverse("front:platforms")
    typed = {"name": "网格通", "owner": "区里", "used_for": "上报", "relation": "writes"}
    assert sign_in(willow.sun, staff=True).post(address, typed).status_code == 404
    assert client.post(address, typed).status_code == 302  # to sign in
    administrator = sign_in(willow.administrator, staff=True)
    refused = administrator.post(address, typed | {"relation": ""})
    assert refused.status_code == 422
    assert "网格通" in refused.content.decode()  # what was typed is still there
    assert administrator.post(address, typed).status_code == 302
    assert "网格通" in text_of(client, reverse("front:about"))
    platform = OtherPlatform.objects.get()
    end = reverse("front:end_platform", args=[platform.token])
    assert administrator.get(end).status_code == 405
    administrator.post(end)
    assert "已停用" in text_of(client, reverse("front:about"))


def test_mine_shows_my_matters_and_who_acts_for_me(
    willow: Willow, sign_in: SignIn, client: Client, now: datetime
) -> None:
    assert "用手机号登录" in text_of(client, reverse("front:mine"))
    said(willow, LAMP, now)
    zhang = sign_in(willow.zhang)
    page = text_of(zhang, reverse("front:mine"))
    assert LAMP in page
    assert "亲情代办" in page
    assert "打开长辈版" in page  # E09: in the settings


def test_work_opens_for_staff_only_and_shows_only_their_doors(
    willow: Willow, sign_in: SignIn, client: Client
) -> None:
    assert client.get(reverse("front:work")).status_code == 302
    assert sign_in(willow.zhang).get(reverse("front:work")).status_code == 404
    zhao = text_of(sign_in(willow.zhao, staff=True), reverse("front:work"))
    assert "工单" in zhao
    assert "公开审校" not in zhao
    assert "公开审校" in text_of(sign_in(willow.sun, staff=True), reverse("front:work"))


def test_the_page_is_english_where_the_reader_wants_it(client: Client, db: None) -> None:
    client.post(reverse("base:set_face"), {"language": "en", "back": "/about/"})
    page = text_of(client, reverse("front:about"))
    assert '<html lang="en"' in page
    client.post(reverse("base:set_face"), {"language": "zh-hans"})
    assert '<html lang="zh-Hans"' in text_of(client, reverse("front:about"))


def test_a_switch_of_face_leads_nowhere_else(client: Client, db: None) -> None:
    answer = client.post(reverse("base:set_face"), {"elder": "1", "back": "https://example.org/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("page", ["home", "mine", "estate", "community", "code", "search"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    page: str, willow: Willow, sign_in: SignIn, now: datetime
) -> None:
    code = places.issue_code(willow.lamp, by=willow.sun, at=now)
    address = {
        "home": reverse("front:home"),
        "mine": reverse("front:mine"),
        "estate": reverse("front:estate", args=[willow.estate.token]),
        "community": reverse("front:community", args=[willow.community.token]),
        "code": reverse("front:code", args=[code.token]),
        "search": f"{reverse('front:search')}?q=路灯",
    }[page]
    client = sign_in(willow.zhang)
    counts = []
    for more in (1, 7):
        for number in range(more):
            said(willow, f"路灯不亮，第{more}批{number}号", now)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert "路灯不亮" in client.get(address).content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 16


def test_whoever_acts_for_somebody_reads_it_on_every_page_and_ends_it_in_one_tap(
    willow: Willow, sign_in: SignIn, now: datetime
) -> None:
    sun = sign_in(willow.sun, staff=True)
    assert "结束代办" not in text_of(sun, reverse("front:about"))
    organisations.assist(willow.sun, willow.desk, willow.chen, "陈伯来电，替他说一件事", "telephone", at=now)
    page = text_of(sun, reverse("front:about"))
    assert "陈福生" in page
    assert "陈伯来电，替他说一件事" in page
    assert timezone.localtime(now + timedelta(minutes=30)).strftime("%H:%M") in page
    assert f'action="{reverse("organisations:end_assist")}"' in page
    sun.post(reverse("organisations:end_assist"))
    assert "陈伯来电" not in text_of(sun, reverse("front:about"))
