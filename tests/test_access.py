"""Every address of Linli, walked as everyone: tests/access.csv says who gets what (tests/access.py explains it)."""

import hashlib

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.access import STRANGERS, VIEWERS, Row, answer, ask, rows, spelled
from tests.signing_in import account_of
from tests.test_shape import views
from tests.world import LivedIn

pytestmark = pytest.mark.django_db

REFUSED = {"404", "403", "405", "401", "login"}
# What a GET may write: who looked at whose data (E in the trail), and what a session remembers of its own page.
WRITTEN_BY_READING = {"trail.Look", "trail.Seen", "sessions.Session"}
FORM = {"csrfmiddlewaretoken": "of a form"}  # a real form is never empty


def contents(*, without: set[str] = frozenset()) -> dict[str, str]:
    """Return a digest of every table."""
    digests = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label not in without:
            held = repr(list(model._base_manager.order_by("pk").values_list()))
            digests[model._meta.label] = hashlib.sha256(held.encode()).hexdigest()
    return digests


def get(world: LivedIn, viewer: str, row: Row) -> str:
    return answer(ask(world.browser(viewer), row.address(world)))


def post(world: LivedIn, viewer: str, row: Row) -> str:
    return answer(world.browser(viewer).post(row.address(world), FORM | world.arguments(row.body)))


def viewers_of(row: Row) -> list[str]:
    """Everyone on SQLite; on PostgreSQL one of each answer, for who may enter is decided before any SQL differs."""
    if connection.vendor == "sqlite":
        return list(VIEWERS)
    return list({row.expected[viewer]: viewer for viewer in VIEWERS}.values())


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    marked = {name: spelled(pattern.callback.access_mark) for name, pattern in views()}
    table = {row.name: row.mark for row in rows()}
    assert len(rows()) == len(table), "a name stands in the table twice"
    assert sorted(marked) == sorted(table)
    assert {name: mark for name, mark in table.items() if marked[name] != mark} == {}


def test_get_answers_everyone_as_the_table_says_and_writes_nothing(lived_in: LivedIn) -> None:
    before, wrong = contents(without=WRITTEN_BY_READING), []
    for row in rows():
        for viewer in viewers_of(row):
            got = get(lived_in, viewer, row)
            if got != row.expected[viewer]:
                wrong.append(f"{row.name} as {viewer}: {got}, not {row.expected[viewer]}")
    assert not wrong, "\n".join(wrong)
    after = contents(without=WRITTEN_BY_READING)
    assert [name for name in before if before[name] != after[name]] == []


def test_what_is_only_done_is_never_done_by_get() -> None:
    """A row without GET answers 405 to whoever may post there, and nothing but a refusal to anyone."""
    for row in rows():
        if "GET" not in row.methods:
            assert set(row.expected.values()) <= REFUSED, row.name
            if row.poster and row.poster in row.expected:
                assert row.expected[row.poster] == "405", row.name


def test_no_row_of_this_community_opens_to_the_staff_of_another() -> None:
    """The table itself is right: what a mark keeps for staff and an address names, a stranger never gets."""
    for row in rows():
        if row.mark.startswith("staff") and row.arguments and row.name not in OPEN_TO_ALL_STAFF:
            assert row.expected["stranger"] in REFUSED, row.name
            assert "POST" not in row.methods or row.posted["stranger"] in REFUSED, row.name
            assert row.expected["resident"] == "404", row.name
            assert row.expected["anonymous"] == "login", row.name


# 减负意见 are read by all staff, without names; a count's rows are those of the caller's own places.
OPEN_TO_ALL_STAFF = {"todos:statement", "insights:rows"}


def test_a_strangers_post_is_refused_and_changes_nothing(lived_in: LivedIn) -> None:
    before, wrong = contents(), []
    for row in rows():
        for viewer in STRANGERS:
            expected = row.posted[viewer]
            if expected in REFUSED and (got := post(lived_in, viewer, row)) != expected:
                wrong.append(f"{row.name} as {viewer}: {got}, not {expected}")
    assert not wrong, "\n".join(wrong)
    after = contents()
    assert [name for name in before if before[name] != after[name]] == []


def test_what_is_open_answers_everyone_as_the_table_says(lived_in: LivedIn) -> None:
    wrong = []
    for row in rows():
        for viewer in STRANGERS:
            expected = row.posted[viewer]
            if not expected or expected in REFUSED:
                continue
            with transaction.atomic():
                if (got := post(lived_in, viewer, row)) != expected:
                    wrong.append(f"{row.name} as {viewer}: {got}, not {expected}")
                transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)


def test_whoever_may_post_is_answered_by_the_view_itself(lived_in: LivedIn) -> None:
    """So that a refusal above is a refusal of the stranger, not of a broken address or an empty form."""
    wrong = []
    for row in rows():
        if row.poster:
            with transaction.atomic():
                got = post(lived_in, row.poster, row)
                transaction.set_rollback(True)
            if got in REFUSED or got.startswith("5"):
                wrong.append(f"{row.name} as {row.poster}: {got}")
        else:
            assert "POST" not in row.methods or row.mark == "token" or row.name.startswith("demo:"), row.name
    assert not wrong, "\n".join(wrong)


def test_no_form_is_taken_from_another_site(lived_in: LivedIn) -> None:
    for row in rows():
        if "POST" not in row.methods or row.mark == "token":
            continue
        client = Client(enforce_csrf_checks=True)
        client.cookies = lived_in.browser(row.poster or "anonymous").cookies
        assert client.post(row.address(lived_in), FORM).status_code == 403, row.name


def test_a_machine_shows_its_own_token_or_gets_401(lived_in: LivedIn) -> None:
    client = Client(headers={"Authorization": f"Bearer {lived_in.names['bearer']}"})
    assert client.get(reverse("todos:api"), {"id": "t-1"}).status_code == 200
    refused = Client(headers={"Authorization": "Bearer of another"}).get(reverse("todos:api"), {"id": "t-1"})
    assert refused.status_code == 401
    for row in rows():
        if row.mark == "token":
            answers = row.posted if "POST" in row.methods else row.expected
            assert set(answers.values()) == {"401"}, row.name


def test_tables_open_to_table_readers_alone_and_refuse_to_write(lived_in: LivedIn) -> None:
    """Whoever audits, by a role that the administrator gives, may look and never write; the administrator may not."""
    reader = lived_in.browser("auditor")
    own = [model for model in admin.site._registry if model.__module__.startswith("linli.")]
    assert own
    addresses = [reverse("admin:index")]
    addresses += [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in own
    ]
    for viewer in VIEWERS:
        if viewer in {"auditor", "data_officer"}:
            continue
        for address in addresses[:3]:
            answered = lived_in.browser(viewer).get(address)
            assert answered.status_code in {302, 404}, (viewer, address)
    before = contents(without=WRITTEN_BY_READING)
    for address in addresses:
        assert reader.get(address).status_code == 200, address
    for model in own:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._base_manager.order_by("pk").first()
        assert reader.post(reverse(f"{name}_add"), FORM).status_code == 403, name
        if row is not None:
            assert reader.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200, name
            assert reader.post(reverse(f"{name}_change", args=[row.pk]), FORM).status_code == 403, name
            assert reader.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
        picked = {"action": "delete_selected", "_selected_action": [row.pk if row else 1], "post": "yes"}
        reader.post(reverse(f"{name}_changelist"), picked)
    after = contents(without=WRITTEN_BY_READING)
    assert [name for name in before if before[name] != after[name]] == []


def test_whoever_is_seen_in_a_table_can_read_who_audited(lived_in: LivedIn) -> None:
    """个人信息保护法 art. 54: who audits is seen too. The row shows no name or number in clear."""
    reader, zhang = lived_in.browser("auditor"), lived_in.willow.zhang
    with transaction.atomic():
        page = reader.get(reverse("admin:people_person_change", args=[zhang.pk])).text
        assert zhang.name not in page
        assert zhang.phone not in page
        assert zhang.masked in page
        seen = lived_in.browser("asker").get(reverse("trail:mine")).text
        assert "审计查看后台表" in seen
        assert lived_in.willow.auditor.name not in seen
        before = contents()["trail.Look"]
        reader.get(reverse("admin:people_residency_changelist"))
        reader.get(reverse("admin:organisations_membership_changelist"))
        assert contents()["trail.Look"] != before
        transaction.set_rollback(True)


def test_the_administrator_keeps_the_keys_and_reads_no_persons_data(lived_in: LivedIn) -> None:
    """Who administers does not read: no tables, no resident's card, no case, no word about 张阿姨 on any page."""
    feng, names = lived_in.browser("administrator"), lived_in.willow
    assert feng.get(reverse("admin:index"), follow=True).status_code == 404
    for row in rows():
        if "GET" in row.methods and row.expected["administrator"] == "200":
            page = feng.get(row.address(lived_in))
            if page.headers["Content-Type"].startswith("text/html"):
                assert names.zhang.name not in page.text, row.name
                assert names.zhang.phone not in page.text, row.name


def test_a_password_alone_opens_no_table(lived_in: LivedIn) -> None:
    """The tables have no way in of their own: staff come in by password and second factor, or not at all."""
    account = account_of(lived_in.willow.auditor)
    account.set_password("a good long password")
    account.save()
    client = Client()
    typed = {"username": account.username, "password": "a good long password", "next": "/tables/"}
    client.post("/tables/login/", typed)
    assert client.get("/tables/").status_code == 302
    assert client.get(reverse("todos:mine")).status_code == 302
