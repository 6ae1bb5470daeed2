"""The signer among what can go wrong around it: lost memory, damaged files, witnesses that answer nonsense."""

import http.server
import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from linli.transparency import actions, checking, notes, store, tiles, witnessing
from linli.transparency.actions.signing import folder_of
from linli.transparency.keyring import Keyring
from linli.transparency.models import Checkpoint, Cosignature, Entry, Node
from linli.transparency.tests.test_actions import AT, LOG, keys, own_folder, put, witnesses
from linli.transparency.tests.test_verifier import STRANGER
from linli_verify.command import main

pytestmark = pytest.mark.django_db
__all__ = ["keys", "own_folder", "witnesses"]


def signed(keys, count):
    put(count, start=Entry.objects.count())
    actions.seal(LOG)
    return actions.sign_round(LOG, keys, [], AT, is_first=True).checkpoint


def restore(size):
    """What an older backup leaves."""
    Checkpoint.objects.filter(size__gt=size).delete()
    Entry.objects.filter(position__gte=size).delete()
    Node.objects.all().delete()
    Entry.objects.update(position=None)
    actions.seal(LOG)


def test_what_it_published_reminds_a_signer_that_lost_its_memory(keys):
    signed(keys, 4)
    signed(keys, 3)
    restore(4)
    (keys.folder / "state" / LOG).unlink()
    with pytest.raises(CommandError, match="已经签到 7 条"):
        call_command("sign", "--once")
    assert list(Checkpoint.objects.values_list("size", flat=True)) == [4]
    call_command("recover_log", "--log", LOG)
    assert not list(checking.findings(LOG, {}, folder_of(LOG)))
    call_command("sign", "--once")
    assert store.latest_checkpoint(LOG).size == 7


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"size": 4, "root": "", "note": ""}', "\x00"], ids=range(5)
)
def test_a_damaged_memory_or_publication_holds_up_its_own_log_alone(keys, content, capsys):
    signed(keys, 4)
    put(2, log="330302001002")
    for path, words in (
        (keys.folder / "state" / LOG, "记忆"),
        (folder_of(LOG) / "checkpoint", "已发布的检查点"),
    ):
        kept = path.read_text()
        path.write_text(content)
        with pytest.raises(CommandError, match=words):
            call_command("sign", "--once")
        path.write_text(kept)
    call_command("sign", "--once")
    assert store.latest_checkpoint("330302001002").size == 2


@pytest.mark.parametrize("content", ["", "no", "ab", "zz" * 32], ids=range(4))
def test_a_damaged_key_is_told_and_nothing_is_signed_without_it(keys, content):
    signed(keys, 2)
    (keys.folder / "1").write_text(content)
    put(1, start=2)
    with pytest.raises(CommandError, match="签名钥匙"):
        call_command("sign", "--once")
    assert Checkpoint.objects.count() == 1


@pytest.mark.parametrize(
    "text", ["nonsense", "http://x", "x y+z", "http://h:x {log}", "http://h {log}"], ids=range(5)
)
def test_witnesses_written_wrongly_are_told_at_the_start(keys, monkeypatch, text):
    log = keys.verifiers("liushu.example/log/1")[0].vkey
    monkeypatch.setenv(witnessing.ENVIRONMENT, text.format(log=log))
    with pytest.raises(CommandError, match=witnessing.ENVIRONMENT):
        call_command("sign", "--once")


def answering(*answers):
    """A witness that gives these (status, body) one after the other, whatever it is asked."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            status, body = left.pop(0)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    left = list(answers)
    serving = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    office = notes.verifier_of("street.example/witness", notes.COSIGNATURE, STRANGER)
    return serving, witnessing.Witness(f"http://127.0.0.1:{serving.server_address[1]}", office)


@pytest.mark.parametrize("body", [b"", b"x\n", b"9" * 5000, b"-1\n", b"\xff"], ids=range(5))
def test_a_witness_that_answers_nonsense_is_a_warning(keys, body):
    serving, office = answering((409, body), (200, body))
    try:
        put(3)
        actions.seal(LOG)
        for _turn in range(2):
            done = actions.sign_round(LOG, keys, [office], AT, is_first=False)
            assert len(done.warnings) == 1
    finally:
        serving.shutdown()
        serving.server_close()


def test_of_a_witness_that_signs_with_several_keys_the_known_one_is_kept(keys):
    checkpoint = signed(keys, 3)
    text = notes.split(checkpoint.note)[0]
    name = "street.example/witness"
    other = notes.sign_line(name, STRANGER, text)  # the same name, a kind of key that nobody told us of
    mine = notes.cosign_line(name, STRANGER, text, 1_800_000_000)
    serving, office = answering((200, (other + mine).encode()))
    try:
        assert not actions.sign_round(LOG, keys, [office], AT, is_first=False).warnings
    finally:
        serving.shutdown()
        serving.server_close()
    assert Cosignature.objects.get().line == mine


def test_a_clock_that_went_back_stops_neither_signing_nor_witnesses(keys, witnesses):
    for days in (0, -400, 400):
        put(2, start=Entry.objects.count())
        actions.seal(LOG)
        done = actions.sign_round(LOG, keys, witnesses, AT + timedelta(days=days), is_first=False)
        assert not done.warnings
        assert done.checkpoint.cosignatures.count() == 1


def test_two_signers_with_memories_of_their_own_do_not_sign_over_each_other(keys, tmp_path):
    signed(keys, 3)
    other = Keyring(tmp_path / "others")
    put(1, start=3)
    actions.seal(LOG)
    assert actions.sign(LOG, other, AT).size == 4
    with pytest.raises(actions.WentBack, match="不是本机签的"):
        actions.sign(LOG, keys, AT)


@pytest.mark.parametrize("sizes", [(1, 2), (255, 256, 257), (256, 512), (65_535, 65_536, 65_537)], ids=str)
def test_at_each_edge_of_a_tile_the_published_folder_verifies(keys, sizes):
    for size in sizes:
        Entry.objects.bulk_create(_entries(Entry.objects.count(), size), batch_size=5000)
        actions.seal(LOG)
        actions.sign_round(LOG, keys, [], AT, is_first=False)
        source = folder_of(LOG)
        for level, number, width in tiles.shape(size):
            assert (source / "tile" / str(level) / tiles.name(number, width)).stat().st_size == 32 * width
        assert main(["log", str(source), "--key", str(source / "keys")]) == 0


def _entries(start, end):
    row = put(1, start=start)[0]
    row.delete()
    for number in range(start, end):
        yield Entry(
            log=LOG,
            type=row.type,
            subject="",
            ref=str(number),
            at=row.at,
            leaf=b"%d" % number,
            payload=None,
            salt=b"",
        )
