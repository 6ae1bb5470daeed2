"""What a thief of disks would find: no identity number and no telephone of anybody in clear, wherever it is kept."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from linli.base.gateways import file as file_gateway
from linli.people import actions as people
from linli.people.models import Account, Person
from linli.register.models import Profile
from tests.access import rows
from tests.test_access import FORM
from tests.world import LivedIn

pytestmark = pytest.mark.django_db


def secrets_of_everybody() -> set[str]:
    """Return every telephone (as typed and as stored) and identity number that the community holds."""
    phones = {held.phone for model in (Person, Account) for held in model.objects.all()}
    short = {phone.removeprefix("+86") for phone in phones}
    numbers = {profile.identity for profile in Profile.objects.exclude(identity_index="")}
    return {value for value in phones | short | numbers if len(value) >= 8}


def dumped() -> Iterator[tuple[str, str]]:
    """Give every value of every table, background jobs and sessions among them, as text: (table, row)."""
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield table, "|".join(_text(value) for value in row)


def _text(value: Any) -> str:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).decode(errors="replace")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def opened() -> Iterator[tuple[str, str]]:
    """Give what is packed in rows: job arguments and sessions, unpacked as whoever holds the disk and code would."""
    for job in OrmQ.objects.all():
        yield "job", repr(SignedPackage.loads(job.payload))
    session = apps.get_model("sessions", "Session")
    for row in session.objects.all():
        yield "session", repr(row.get_decoded())


def kept(folder: Path) -> Iterator[tuple[str, str]]:
    """Give every file beneath `folder` as text."""
    for path in sorted(folder.rglob("*")) if folder.exists() else []:
        if path.is_file():
            yield str(path.name), path.read_bytes().decode(errors="replace")


def leaks(places: Iterator[tuple[str, str]], secrets: set[str]) -> set[tuple[str, str]]:
    return {(place, secret) for place, text in places for secret in secrets if secret in text}


def test_no_table_job_session_file_or_log_holds_a_number_in_clear(
    lived_in: LivedIn, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """After everybody did what they may: each form was sent, a code asked for, a resident found and opened."""
    caplog.set_level("DEBUG", logger="linli")
    caplog.set_level("DEBUG", logger="django.request")
    secrets = secrets_of_everybody()
    assert "13800000001" in secrets
    with transaction.atomic():
        anonymous = lived_in.browser("anonymous")
        anonymous.post("/people/sign-in/", {"phone": "13800000001"})
        worker = lived_in.browser("community_worker")
        worker.post("/organisations/assist/", {"wanted": "13800000001"})
        for row in rows():
            if row.poster:
                lived_in.browser(row.poster).post(row.address(lived_in), FORM | lived_in.arguments(row.body))
        found = leaks(dumped(), secrets) | leaks(opened(), secrets)
        transaction.set_rollback(True)
    assert not found
    assert not leaks(kept(Path(settings.MEDIA_ROOT)), secrets)
    assert not leaks(kept(Path(settings.LOG_FOLDER)), secrets)
    said = capfd.readouterr()
    assert not leaks(iter([("log", caplog.text + said.out + said.err)]), secrets)


def test_the_file_gateway_keeps_numbers_masked(settings: Any, tmp_path: Path) -> None:
    """It is a trial's stand-in for a supplier, and lies in the data folder that is backed up."""
    settings.DATA = tmp_path
    file_gateway("a1", "+8613800000001", "登录码")
    assert "13800000001" not in (tmp_path / "messages.jsonl").read_text()


def test_the_search_finds_what_it_looks_for(lived_in: LivedIn) -> None:
    """A number that somebody writes into a column in clear is found."""
    with transaction.atomic():
        people.notify(lived_in.willow.zhang, "leak", "请回电 13800000001", "", "", lived_in.now)
        found = leaks(dumped(), secrets_of_everybody())
        transaction.set_rollback(True)
    assert {place for place, _secret in found} == {"people_pendingnotice"}
