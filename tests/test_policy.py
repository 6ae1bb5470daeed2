"""What formalism looks like and must not be found here: rules of the Party and State on 指尖上的形式主义 and others.

Source: 国办函〔2026〕12号 (G02–G06); what follows from being able to speak up is in test_policy_voice.
Each test's name or docstring names its rule; the elder rules are in test_elder.
"""

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import fields as dataclass_fields
from datetime import timedelta

import pytest
from django.apps import apps
from django.forms import Form
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from linli.attachments import actions as attachments
from linli.cases import actions as cases
from linli.cases.actions import Said, Verdict
from linli.cases.models import Check, Event, Order
from linli.cases.rules import Channel, Outcome, State
from linli.insights import actions as insights
from linli.insights.models import MonthlyCount, Tally
from linli.insights.rules import Measure
from linli.people.models import Account
from linli.people.rules import SESSION_LIVES
from linli.todos import actions as todos
from linli.todos.actions.outside import Line, Task
from linli.todos.schema import SCHEMA
from tests.cast import Willow
from tests.pages import pages
from tests.test_shape import HOUSE, views
from tests.world import LivedIn

MINE = "linli."
CHINESE = re.compile(
    r"打卡|签到|积分|排名|排行|龙虎榜|红黑榜|在线时长|上线率|活跃度|轨迹|勋章|步数|登录率|安装率|下载率"
)
WORDS = {
    "punch", "attendance", "points", "rank", "ranking", "ranks", "leaderboard", "league", "streak", "badge",
    "medal", "track", "tracks", "tracking", "gps", "online", "activity", "steps", "installs", "logins",
}  # fmt: skip
PHRASES = (
    "check_in", "checkin", "clock_in", "last_login", "last_seen", "last_active", "online_time", "sign_in_count",
    "login_count", "install_rate", "read_rate", "top_workers",
)  # fmt: skip
# What says by itself that there is none of it: 不打分、不排名; 不记轨迹; 没有打卡.
DENIED = re.compile(rf"(不|没有|不能)[^。；！？]{{0,24}}?({CHINESE.pattern})[^。；！？]*")
# Where a forbidden word stands in a sentence that says that there is none of it, or in another meaning.
DENIALS = {
    "partners/rules/judging.py": "FORBIDDEN = (",  # what no standard of judgment may name
    "partners/rules/rights.py": "选票、积分、心声",  # what no member of a partner ever sees
    "todos/templates/todos/mine.html": "多少件只有您自己看得到",
    "front/templates/front/about.html": "工作人员没有打卡、积分、排名和轨迹",
    "insights/templates/insights/rates.html": "这里没有排名",
    "duties/defaults/4-people.toml": "要求打卡",  # what people say when they complain about it
    "transparency/actions/signing.py": "已经签到 %(signed)s 条",  # signed up to that entry
}
RANK_OF_A_PROPOSAL = "schema Proposal.rank"  # where the choice stood among the machine's own proposals
POINTS_OF_A_ROUND = "schema Round.points"  # the places that a property company's round looks at


@pytest.fixture
def willow(lived_in: LivedIn) -> Willow:
    """The cast of the lived-in community: one world at a time."""
    return lived_in.willow


def spelled(name: str) -> set[str]:
    """Return the words of a name: "last_login" → last, login."""
    return set(re.findall(r"[a-z]+", re.sub(r"([A-Z])", r"_\1", name).lower()))


def names_in_schema() -> Iterator[tuple[str, str]]:
    """Yield every model's and field's name with its words for people."""
    for model in apps.get_models():
        if model.__module__.startswith(MINE):
            yield model.__name__, str(model._meta.verbose_name)
            for field in model._meta.get_fields():
                yield f"{model.__name__}.{field.name}", str(getattr(field, "verbose_name", ""))


def keys_in(schema: object) -> Iterator[str]:
    """Yield every key of a JSON document."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            yield str(key)
            yield from keys_in(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from keys_in(value)


def test_g04_no_table_address_or_api_counts_presence_or_ranks_anyone() -> None:
    """G04: 不得设置打卡签到、积分排名、统计在线时长: in schema, addresses and API."""
    names = [(f"schema {name}", name.partition(".")[2] or name, words) for name, words in names_in_schema()]
    names += [
        (f"address {name} {pattern.pattern}", f"{name} {pattern.pattern}", "") for name, pattern in views()
    ]
    names += [(f"api {key}", key, "") for key in keys_in(SCHEMA)]
    assert len(names) > 400
    wrong = [
        where
        for where, name, words in names
        if spelled(name) & WORDS or CHINESE.search(words) or any(phrase in name for phrase in PHRASES)
    ]
    assert set(wrong) <= {RANK_OF_A_PROPOSAL, POINTS_OF_A_ROUND}


def test_g04_no_page_speaks_of_it_but_to_say_that_there_is_none() -> None:
    """G04: in no template, script or sentence."""
    wrong = []
    for path in sorted(HOUSE.rglob("*")):
        if path.suffix not in {".html", ".py", ".toml", ".js"} or {"tests", "migrations"} & set(path.parts):
            continue
        text, where = path.read_text(encoding="utf-8"), path.relative_to(HOUSE).as_posix()
        for line in text.splitlines():
            if CHINESE.search(DENIED.sub("", line)) and DENIALS.get(where, "\0") not in line:
                wrong.append(f"{where}: {line.strip()[:80]}")
    assert not wrong, "\n".join(wrong)


def test_g04_no_time_of_last_log_in_is_kept() -> None:
    """G04: no last_login; a device that is signed in is shown to its owner alone and forgotten when it ends."""
    assert Account.last_login is None
    assert "last_login" not in {field.name for field in Account._meta.get_fields()}
    readers = {
        path.relative_to(HOUSE).parts[0]
        for path in HOUSE.rglob("*.py")
        if "tests" not in path.parts and re.search(r"\bSignIn\b", path.read_text(encoding="utf-8"))
    }
    assert readers == {"people", "config"}  # config names it for one's own copy and for what is deleted when


def test_g04_g05_figures_know_no_person() -> None:
    """G04, G05: what is counted hangs on bodies and places; no column leads to who worked."""
    for model in (Tally, MonthlyCount):
        related = {field.related_model.__name__ for field in model._meta.get_fields() if field.related_model}
        assert "Person" not in related
        assert "Account" not in related
    assert not {field for field in ("person", "worker", "by") if hasattr(Tally, field)}


def test_g05_nothing_counts_installs_or_log_ins_and_no_log_in_is_due() -> None:
    """G05: 不得考核通报安装使用率、强制要求定期登录."""
    counted = " ".join(f"{measure.value} {measure.label}" for measure in Measure)
    assert not re.search(r"登录|安装|使用|下载|活跃|login|install|usage", counted)
    for path in (HOUSE / "insights").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(Account|SignIn|Session|last_login)\b", text) or "tests" in path.parts, path
    assert min(SESSION_LIVES["phone"], SESSION_LIVES["staff"]) >= timedelta(days=30)
    expiring = [
        name for name, _words in names_in_schema() if re.search(r"password.*(expire|until|age)", name)
    ]
    assert not expiring


@pytest.mark.django_db
@pytest.mark.once
def test_g02_the_filing_number_stands_on_every_page_and_nothing_asks_to_install(lived_in: LivedIn) -> None:
    """G02: 未经备案的政务应用程序不得要求安装; the number is shown, and a browser is all that is needed."""
    with override_settings(FILING_NUMBER="江政备-2026-0001"):
        for page in pages(lived_in, "usual"):
            assert "江政备-2026-0001" in page.html, page.label
            plea = re.search(r"(请|需|要求).{0,6}(下载|安装).{0,6}(App|APP|应用|客户端|小程序)", page.html)
            assert not plea, f"{page.label}: {plea}"
            assert 'rel="manifest"' not in page.html, page.label
            assert "beforeinstallprompt" not in page.html, page.label
    old = Client(headers={"User-Agent": "Mozilla/5.0 (Linux; Android 5.1) MicroMessenger/7.0"})
    assert old.get("/").status_code == 200


# What somebody said of themselves, until those who live there or a worker agree; then it is one row of the register.
UNTIL_AGREED = {"Newcomer", "Tenant"}


def test_g03_what_is_known_of_a_person_is_held_in_one_place() -> None:
    """G03: 不得重复要求填报: name, number, year of birth and home are fields of the person alone."""
    personal = {"phone", "phone_sealed", "phone_index", "birth_year", "id_number", "gender", "tenure"}
    holders = {name for name, _words in names_in_schema() if name.partition(".")[2] in personal}
    owners = {model.__name__ for model in apps.get_app_config("people").get_models()}
    assert {holder.partition(".")[0] for holder in holders} <= owners | UNTIL_AGREED


@pytest.mark.django_db
@pytest.mark.once
def test_g03_who_is_known_is_not_asked_again(lived_in: LivedIn) -> None:
    """G03: signed in, one is not asked for name and number; assisting, the worker does not type the resident's."""
    asked = re.compile(r'name="(name|phone)"')
    say, intake = reverse("cases:speak"), reverse("cases:intake")
    anybody = lived_in.browser("anonymous").get(say).content.decode()
    assert set(asked.findall(anybody)) == {"name", "phone"}
    assert not asked.findall(lived_in.browser("asker").get(say).content.decode())
    assert asked.findall(lived_in.browser("community_worker").get(intake).content.decode())
    assert not asked.findall(lived_in.browser("assisting").get(intake).content.decode())


@pytest.mark.django_db
def test_g03_a_task_without_basis_and_cost_goes_back_to_who_asked(willow: Willow) -> None:
    """G03: 不得随意要求填表报数: another system's task needs an admission that says why, how long and until when."""
    at = timezone.now()
    system, _token = todos.add_system("报表平台", willow.district_centre, willow.administrator, at)
    task = Task("1", "每日报数", "报数", at, willow.community.code or "", "community_desk", "https://a.cn/1")
    with pytest.raises(Exception, match="没有准入"):
        todos.post_from_outside(system, task, at)
    demanded = {field.name for field in dataclass_fields(Line)}
    assert demanded == {"task", "basis", "hours", "money", "until"}


def forms_of_staff() -> Iterator[type[Form]]:
    """Yield every form of every domain."""
    for kind in itertools.chain(subclasses(Form)):
        if kind.__module__.startswith(MINE):
            yield kind


def subclasses(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from subclasses(child)


@pytest.mark.django_db
@pytest.mark.once
def test_g06_no_photo_and_no_position_is_demanded_of_anyone(lived_in: LivedIn) -> None:
    """G06: 非必要不得强制要求上传工作照片、视频和轨迹: in no form, on no page."""
    positions = {"latitude", "longitude", "photos", "photo", "voice", "file", "position"}
    forms = {kind.__name__: kind for kind in forms_of_staff()}
    assert {"SpeakForm", "IntakeForm"} <= set(forms)
    for name, kind in forms.items():
        demanded = {key for key, field in kind.base_fields.items() if field.required}
        assert not demanded & (positions - {"file"}), name
    for page in pages(lived_in, "usual"):
        for tag in re.findall(r"<input[^>]*type=\"file\"[^>]*>", page.html):
            is_table = 'accept=".' in tag or "holidays" in page.label  # the table is what the page is for
            assert "required" not in tag or is_table, f"{page.label}: {tag}"


@pytest.mark.django_db
def test_g06_work_is_done_from_first_to_last_without_a_photo_or_a_position(willow: Willow) -> None:
    """G06: filed, dispatched, done, checked and confirmed, and no picture or place was asked for."""
    at = timezone.now()
    said = Said(text="路灯不亮", place=willow.lamp, channel=Channel.VISIT)
    case = cases.file_for(said, resident=willow.zhang, by=willow.li, at=at)
    order = cases.dispatch(case, willow.property, by=willow.sun, at=at)
    cases.sign(order, by=willow.zhao, at=at)
    cases.resolve(case, "换了灯泡，亮了。", by=willow.zhao, at=at)
    cases.confirm(case, willow.zhang, Verdict(outcome=Outcome.SOLVED), by=willow.zhang, at=at)
    case.refresh_from_db()
    assert case.state == State.CONFIRMED
    assert attachments.of(case.subject).count() == 0
    assert case.latitude is None


def test_g06_where_staff_were_is_not_kept() -> None:
    """G06: no act of a worker has a place or a device."""
    for model in (Event, Order, Check):
        names = {field.name for field in model._meta.get_fields()}
        assert not names & {"latitude", "longitude", "position", "accuracy", "device", "address"}, model


@pytest.mark.django_db
def test_g06_likes_are_no_figure(willow: Willow) -> None:
    """G06: 不得把点赞量、投票数、转发量作为考评依据: me-too and old likes change no count."""
    at = timezone.now()
    case = cases.file(Said(text="路灯不亮", place=willow.lamp), by=willow.zhang, at=at)
    cases.moderate(case, by=willow.sun, at=at)
    today = timezone.localdate(at)

    def counted() -> list[tuple[object, ...]]:
        insights.tally(today, today)
        insights.count_months(today)
        tallies = Tally.objects.order_by("measure", "organisation").values_list(
            "measure", "organisation", "count"
        )
        return [*tallies, *MonthlyCount.objects.order_by("pk").values_list("category", "filed")]

    before = counted()
    for neighbour in (willow.neighbour, willow.daughter, willow.chen):
        cases.support(case, neighbour, at=at)
    case.refresh_from_db()
    assert case.supports == 3
    assert counted() == before
    for path in (HOUSE / "insights").rglob("*.py"):
        if "tests" not in path.parts:
            used = {
                node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)
            }
            assert not used & {"supports", "supporters", "likes", "Support"}, path
