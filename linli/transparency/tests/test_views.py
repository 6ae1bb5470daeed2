"""Anyone checks the record on a page, without an account; nobody changes it there."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linli.transparency import actions, proofs, store
from linli.transparency.keyring import Keyring
from linli.transparency.models import Entry

LOG = "330302001001"
AT = datetime(2026, 11, 22, 2, 19, 53, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.LOG_KEY = tmp_path / "keys"
    settings.LOG_FOLDER = tmp_path / "published"
    settings.PUBLIC_ADDRESS = "https://liushu.example"


def put(count=3):
    return [
        actions.record(
            LOG, "case.filed", f"cases.Case:{n}", f"20261122-{n:06}", {"category": f"路灯{n}号"}, AT
        )
        for n in range(count)
    ]


@pytest.fixture
def sign(settings):
    def run():
        actions.seal(LOG)
        actions.sign_round(LOG, Keyring(settings.LOG_KEY), [], AT, is_first=False)

    return run


def test_a_neighbour_follows_an_entry_from_the_list_to_its_receipt_and_back(client, sign):
    rows = put()
    waiting = client.get(reverse("transparency:entry", args=[rows[1].token]))
    assert "等待封存签名" in waiting.content.decode()
    assert client.get(reverse("transparency:receipt", args=[rows[1].token])).status_code == 409
    sign()
    listed = client.get(reverse("transparency:log", args=[LOG])).content.decode()
    assert "路灯1号" in listed
    assert "已签名 3 条" in listed
    assert "还没有见证方看过" in listed
    page = client.get(reverse("transparency:entry", args=[rows[1].token])).content.decode()
    assert "核对通过" in page
    assert "账本证明不了什么" in page
    receipt = client.get(reverse("transparency:receipt", args=[rows[1].token]))
    assert receipt["Content-Disposition"] == f'attachment; filename="{rows[1].token}.tlog-proof"'
    assert client.get(reverse("transparency:receipt", args=["20261122-000001"])).content == receipt.content
    upload = SimpleUploadedFile("x.tlog-proof", receipt.content)
    checked = client.post(reverse("transparency:verify"), {"receipt": upload}).content.decode()
    assert "核对通过" in checked
    assert "路灯1号" in checked
    pasted = client.post(
        reverse("transparency:verify"), {"text": receipt.content.decode().replace("\n", "\r\n")}
    )
    assert "核对通过" in pasted.content.decode()


def test_a_forged_receipt_is_named_as_such_and_rubbish_gets_a_sentence(client, sign):
    rows = put()
    sign()
    rows[0].refresh_from_db()
    good = proofs.read(actions.receipt(rows[0]))
    forged = proofs.Proof(
        good.index, good.hashes, good.checkpoint, good.extra.replace(b"0\xe5\x8f\xb7", b"9\xe5\x8f\xb7")
    )
    assert forged != good
    for data, words in [
        (forged.write(), "内容或证明被改过"),
        (good.write().replace(b"\n3\n", b"\n4\n"), "签名是假的，或文字被改过"), (b"\xff\x00", "这既不是回执"),
        (proofs.Proof(0, good.hashes, good.checkpoint, b"[]").write(), "读不通"),
    ]:  # fmt: skip
        page = client.post(reverse("transparency:verify"), {"receipt": SimpleUploadedFile("x", data)})
        assert page.status_code == 200
        assert "核对不通过" in page.content.decode()
        assert words in page.content.decode()
    empty = client.post(reverse("transparency:verify"), {})
    assert empty.status_code == 422
    assert "请选一个回执文件" in empty.content.decode()
    large = client.post(reverse("transparency:verify"), {"receipt": SimpleUploadedFile("x", b"x" * 300_000)})
    assert "太大" in large.content.decode()


def test_the_checkpoint_from_the_notice_board_shows_whether_the_log_was_rewritten(client, sign):
    put()
    sign()
    paper = client.get(reverse("transparency:paper", args=[LOG])).content.decode()
    note = client.get(reverse("transparency:checkpoint", args=[LOG])).content.decode()
    assert note.split("\n")[0] == f"liushu.example/log/{LOG}"
    assert note.strip().split("\n")[-1] in paper.replace("&#x2B;", "+")
    put(2)
    sign()
    good = client.post(reverse("transparency:verify"), {"text": note}).content.decode()
    assert "今天的账本正是从它接着往下记的" in good
    Entry.objects.filter(position__gte=2).delete()
    assert "记录少了" in client.post(reverse("transparency:verify"), {"text": note}).content.decode()


def test_an_entry_is_found_by_number_and_a_wrong_number_says_what_to_do(client, sign):
    rows = put()
    found = client.get(reverse("transparency:verify"), {"number": " 20261122-000002 "}).content.decode()
    assert rows[2].token in found
    assert rows[1].token not in found
    assert (
        rows[1].token
        in client.get(reverse("transparency:verify"), {"number": rows[1].token}).content.decode()
    )
    assert "没有编号为" in client.get(reverse("transparency:verify"), {"number": "<script>"}).content.decode()


def test_a_corrected_entry_is_struck_through_and_an_erased_one_says_so(client, sign):
    rows = put()
    actions.correct(rows[0], {"reason": "类别写错"}, AT)
    actions.erase(rows[1])
    sign()
    listed = client.get(reverse("transparency:log", args=[LOG])).content.decode()
    assert listed.count("<s>") == 1
    assert "路灯1号" not in listed
    page = client.get(reverse("transparency:entry", args=[rows[0].token])).content.decode()
    assert "更正了" in page
    erased = client.get(reverse("transparency:entry", args=[rows[1].token])).content.decode()
    assert "已依法删去" in erased
    assert "核对通过" in erased


def test_the_signed_tree_is_served_tile_by_tile_and_nothing_beyond(client, sign):
    put(300)
    sign()
    put(5)
    actions.seal(LOG)
    base = f"/log/{LOG}"
    full = client.get(f"{base}/tile/0/000")
    assert len(full.content) == 8192
    assert full["Content-Type"] == "application/octet-stream"
    assert "immutable" in full["Cache-Control"]
    assert len(client.get(f"{base}/tile/0/001.p/44").content) == 44 * 32
    assert len(client.get(f"{base}/tile/1/000.p/1").content) == 32
    assert client.get(f"{base}/tile/entries/001.p/44").content[:1] == b"\x00"
    for path in (
        "tile/0/001.p/45",
        "tile/0/001",
        "tile/1/000",
        "tile/2/000.p/1",
        "tile/9/000",
        "tile/entries/x",
        "tile/0/0",
    ):
        assert client.get(f"{base}/{path}").status_code == 404, path
    assert client.get(f"{base}/checkpoint")["Content-Type"] == "text/plain; charset=utf-8"
    assert client.get(f"{base}/keys").content.startswith(f"liushu.example/log/{LOG}+".encode())
    for path in ("checkpoint", "keys", "", "paper/", "tile/0/000"):
        assert client.get(f"/log/unknown/{path}").status_code == 404


def test_nothing_on_these_pages_changes_anything(client, sign):
    rows = put()
    sign()
    before = Entry.objects.count(), store.latest_checkpoint(LOG).pk
    for name, arguments in [("verify", []), ("log", [LOG]), ("entry", [rows[0].token]), ("paper", [LOG])]:
        assert client.get(reverse(f"transparency:{name}", args=arguments)).status_code == 200
        assert client.delete(reverse(f"transparency:{name}", args=arguments)).status_code == 405
    assert (Entry.objects.count(), store.latest_checkpoint(LOG).pk) == before


def test_the_list_takes_the_same_few_queries_however_long_it_is(client, sign, django_assert_max_num_queries):
    put(60)
    sign()
    with django_assert_max_num_queries(10):
        page = client.get(reverse("transparency:log", args=[LOG]))
    assert "after=" in page.content.decode()


def test_why_a_thing_is_not_accepted_is_said_in_chinese(client, sign):
    put()
    sign()
    note = client.get(reverse("transparency:checkpoint", args=[LOG])).content.decode()
    elsewhere = note.replace("liushu.example", "other.example")
    for text, words in [
        (elsewhere, "没有一把已知的公钥签过它"),
        ("随便写的", "格式不对"),
        (note[:40], "格式不对"),
    ]:
        page = client.post(reverse("transparency:verify"), {"text": text}).content.decode()
        assert words in page
