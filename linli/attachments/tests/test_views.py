from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.attachments import actions
from linli.attachments.models import Attachment
from linli.attachments.rules import Box
from linli.attachments.tests.material import SOUNDS, encoded, picture, upload
from linli.people.models import Account, Person
from tests.cast import Willow

NOW = timezone.now()
PIXELS = encoded("JPEG", picture(400, 300))


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.ATTACHMENT_GUARDS = {"tests.Thing": "linli.attachments.tests.guards.by_query"}


def attached(subject: str = "tests.Thing:7", content: bytes = PIXELS, role: str = "before") -> Attachment:
    return actions.attach(upload(content), subject, role, NOW, "")


def worker(person: Person) -> Client:
    account = Account.objects.create(username=f"u{person.pk}")
    account.persons.add(person)
    client = Client()
    client.force_login(account)
    return client


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["show", "thumbnail"])
def test_a_stranger_gets_404_the_public_what_was_released_and_a_handler_all(
    client: Client, name: str
) -> None:
    row = attached()
    address = reverse(f"attachments:{name}", args=[row.token])
    assert client.get(address).status_code == 404
    assert client.get(address, {"as": "public"}).status_code == 404
    answer = client.get(address, {"as": "full"})
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Content-Type-Options"] == "nosniff"
    actions.release(row, NOW)
    answer = client.get(address, {"as": "public"})
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("public")
    assert "Cookie" in answer["Vary"]
    assert client.get(address).status_code == 404
    assert client.post(address, {"as": "full"}).status_code == 405


@pytest.mark.django_db
def test_a_subject_without_a_guard_is_seen_by_nobody(client: Client) -> None:
    row = attached("tests.Other:7")
    assert client.get(reverse("attachments:show", args=[row.token]), {"as": "full"}).status_code == 404
    assert client.get(reverse("attachments:show", args=["222222222222"]), {"as": "full"}).status_code == 404


@pytest.mark.django_db
def test_the_public_gets_the_masked_copy_and_the_handler_the_clean_one(
    client: Client, willow: Willow
) -> None:
    row = attached()
    actions.release(row, NOW)
    actions.mask(row, [Box(0, 0, 0.5, 0.5)], by=willow.li, at=NOW)
    row.refresh_from_db()
    for name, masked in (("show", row.masked), ("thumbnail", row.masked_thumbnail)):
        address = reverse(f"attachments:{name}", args=[row.token])
        assert body(client.get(address, {"as": "public"})) == Path(masked.path).read_bytes()
        assert body(client.get(address, {"as": "full"})) != Path(masked.path).read_bytes()


@pytest.mark.django_db
def test_an_unchanged_photo_is_not_sent_again(client: Client) -> None:
    address = reverse("attachments:show", args=[attached().token])
    tag = client.get(address, {"as": "full"})["ETag"]
    again = client.get(address, {"as": "full"}, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ending", "kind"),
    [("webm", "audio/webm"), ("m4a", "audio/mp4"), ("amr", "audio/amr"), ("wav", "audio/")],
)
def test_a_voice_message_is_served_as_sound_whole_or_in_parts(client: Client, ending: str, kind: str) -> None:
    row = attached(content=SOUNDS[ending](), role=actions.VOICE)
    address = reverse("attachments:show", args=[row.token])
    whole = client.get(address, {"as": "full"})
    content = body(whole)
    assert whole["Content-Type"].startswith(kind)
    assert whole["Content-Disposition"].startswith("inline")
    assert whole["X-Content-Type-Options"] == "nosniff"
    for asked, part in (("bytes=0-1", content[:2]), ("bytes=5-", content[5:]), ("bytes=-4", content[-4:])):
        answer = client.get(address, {"as": "full"}, headers={"Range": asked, "Accept-Encoding": "gzip"})
        assert (answer.status_code, answer.content) == (206, part)
        assert answer["Content-Range"].endswith(f"/{len(content)}")
    assert client.get(address, {"as": "full"}, headers={"Range": "bytes=9999999-"}).status_code == 416


@pytest.mark.django_db
def test_a_worker_blacks_out_cells_without_a_script_and_takes_it_back(willow: Willow) -> None:
    row = attached()
    li = worker(willow.li)
    address = reverse("attachments:cover", args=[row.token])
    page = li.get(address, {"grid": "8", "back": "/cases/abc/"}).content.decode()
    assert page.count('name="cell"') == 8 * 6
    assert 'href="/cases/abc/"' in page
    assert not Attachment.objects.get().boxes
    answer = li.post(
        address, {"grid": "8", "cell": ["0-0", "0-1", "x", "77-1"], "back": "https://elsewhere.example/"}
    )
    assert answer.status_code == 302
    assert "elsewhere" not in answer["Location"]
    row.refresh_from_db()
    assert row.boxes == [[0.0, 0.0, 0.25, 1 / 6]]
    assert row.masked_by == f"people.Person:{willow.li.pk}"
    page = li.get(answer["Location"]).content.decode()
    assert page.count("checked") == 2
    assert "公开的样子" in page
    assert li.get(reverse("attachments:uncover", args=[row.token])).status_code == 405
    li.post(reverse("attachments:uncover", args=[row.token]))
    row.refresh_from_db()
    assert not row.masked


@pytest.mark.django_db
def test_nobody_else_blacks_out_and_a_finer_grid_shows_the_same_boxes(client: Client, willow: Willow) -> None:
    row = attached()
    actions.mask(row, [Box(0, 0, 0.5, 0.5)], by=willow.li, at=NOW)
    address = reverse("attachments:cover", args=[row.token])
    assert client.get(address).status_code == 302
    assert worker(willow.zhang).get(address).status_code == 404
    foreign = attached("tests.Thing:8", encoded("JPEG", picture(80, 60)))
    li = worker(willow.li)
    assert li.get(reverse("attachments:cover", args=[foreign.token])).status_code == 404
    assert li.get(address, {"grid": "16"}).content.decode().count("checked") == 8 * 6
