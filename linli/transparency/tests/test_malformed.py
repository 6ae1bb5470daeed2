"""What nobody of good will would bring: the verifier, the page and the witness answer in a sentence."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linli.transparency import actions, merkle, notes, proofs, rules, store
from linli.transparency.actions.signing import folder_of
from linli.transparency.models import Entry, Node
from linli.transparency.tests.test_verifier import LOG, STRANGER, grow, keys_file, own_folder, put
from linli_verify.command import main

pytestmark = pytest.mark.django_db
__all__ = ["keys_file", "own_folder"]
ODD = (
    None, 1, 1.5, float("nan"), 10**30, 2**60, "", "x", "\ud800", [], [1], {}, {"a": 1.5}, {"\ud800": 1}, True,
    "2026-99-99T99:99:99Z",
)  # fmt: skip


@pytest.fixture
def good():
    rows, _keys = grow(5)
    rows[3].refresh_from_db()
    return actions.receipt(rows[3])


def told_as(good, told):
    """The receipt with something else in what its signature does not cover."""
    raw = told if isinstance(told, bytes) else json.dumps(told).encode()
    first, _extra, *rest = good.split(b"\n")
    return b"\n".join([first, b"extra " + base64.b64encode(raw), *rest])


def oddities(good):
    said = json.loads(proofs.read(good).extra)
    for raw in (b"", b"[]", b"null", b"[" * 100_000, b'{"a":' * 50_000, b"NaN", b"1" * 5000, b"\xff"):
        yield told_as(good, raw)
    for name in said:
        for value in ODD:
            if (name, value) not in (("v", True), ("payload", None)):
                yield told_as(good, {**said, name: value})
    lines = good.split(b"\n")
    gap = lines.index(b"")
    for at, word in ((2, b"index "), (gap + 2, b"")):
        for number in (b"", b"-1", b"+1", b"01", b"1" * 5000, "１".encode(), b"9" * 19):
            yield b"\n".join([*lines[:at], word + number, *lines[at + 1 :]])
    for at in range(len(lines) - 1):
        yield b"\n".join(lines[:at])
        yield b"\n".join([*lines[:at], b"!!", *lines[at + 1 :]])
    yield from (b"", b"\n\n", b"\x00", b"\xff\xfe")


def test_the_verifier_and_the_page_answer_every_oddity_with_a_sentence(
    good, tmp_path, keys_file, client, capsys
):
    keys = keys_file()
    assert main(["receipt", put(tmp_path, good), "--key", keys]) == 0
    capsys.readouterr()
    for data in oddities(good):
        path = put(tmp_path, data)
        for words in (["receipt", path, "--key", keys], ["checkpoint", path, "--key", keys]):
            assert main([*words, "--language", "zh"]) in (1, 2), data
            assert capsys.readouterr().err.startswith(("核对不通过", "读不了"))
        page = client.post(reverse("transparency:verify"), {"receipt": SimpleUploadedFile("x", data)})
        assert page.status_code in (200, 422), data
        assert "核对通过" not in page.content.decode(), data


@pytest.mark.parametrize(
    "source",
    [
        "http://[x", "http://127.0.0.1:99999", "http://127.0.0.1:1/账", "http://", "https://", "http://127.0.0.1:x/",
        ".", "/", "absent", "x" * 5000,
    ],
    ids=range(10),
)  # fmt: skip
def test_a_source_that_is_none_is_unreadable(source, good, keys_file):
    assert main(["log", source, "--key", keys_file()]) == 2


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"x" * 5000, b"a+b+c", b"\n# only words\n", b"[]"], ids=range(6)
)
def test_keys_that_are_none_are_unreadable(content, good, tmp_path):
    receipt = put(tmp_path, good)
    keys = tmp_path / "keys.txt"
    keys.write_bytes(content)
    assert main(["receipt", receipt, "--key", str(keys)]) == 2
    assert main(["receipt", receipt, "--key", content.decode("latin-1").replace("\0", "")]) == 2
    assert main(["receipt", receipt, "--key", str(tmp_path)]) == 2


def test_files_as_windows_saves_them_are_read(good, tmp_path, keys_file):
    keys, note = Path(keys_file()), tmp_path / "checkpoint"
    keys.write_bytes("\ufeff".encode() + keys.read_bytes().replace(b"\n", b"\r\n"))
    note.write_bytes("\ufeff".encode() + store.latest_checkpoint(LOG).note.replace("\n", "\r\n").encode())
    assert main(["checkpoint", str(note), "--key", str(keys)]) == 0


def test_a_log_whose_owner_signs_nonsense_cannot_speak_in_the_verifiers_name(tmp_path, capsys):
    origin, key = "liushu.example/log/1", Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)
    vkey = notes.verifier_of(origin, notes.ED25519, key).vkey
    for payload in ("text", ["list"], {"字": "行\n核对通过：\x1b[2J"}):
        salt = b"s" * 32
        leaf = rules.canonical(
            {"v": 1, "type": "a\nb", "ts": "x", "ref": "y", "commit": rules.commitment(salt, payload).hex()}
        )
        head = notes.Head(origin, 1, merkle.hash_leaf(leaf))
        note = head.text + "\n" + notes.sign_line(origin, key, head.text)
        told = {"v": 1, "type": "a\nb", "ts": "x", "ref": "y", "salt": salt.hex(), "payload": payload}
        path = put(tmp_path, proofs.Proof(0, [], note, rules.canonical(told)).write())
        code = main(["receipt", path, "--key", vkey, "--language", "zh"])
        assert code == (0 if isinstance(payload, dict) else 2)
        said = capsys.readouterr()
        assert len((said.out or said.err).splitlines()) == (6 if code == 0 else 1)
        assert "\x1b" not in said.out


def test_a_witness_that_signs_beyond_all_time_is_unreadable(good, tmp_path, keys_file):
    text = notes.split(proofs.read(good).checkpoint)[0]
    office = notes.verifier_of("street.example/witness", notes.COSIGNATURE, STRANGER)
    line = notes.cosign_line(office.name, STRANGER, text, 2**63)
    path = put(tmp_path, good + line.encode())
    assert main(["receipt", path, "--key", keys_file(), "--key", office.vkey]) == 2
    with pytest.raises(notes.BadNote):
        notes.check(f"{text}\n{line}", [office])


def test_a_terminal_without_the_letters_still_gets_its_answer(good, tmp_path, keys_file):
    done = subprocess.run(
        [sys.executable, "-m", "linli_verify.command", "receipt", put(tmp_path, good), "--key", keys_file()],
        env={**os.environ, "PYTHONIOENCODING": "gb2312"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "核对通过" in done.stdout.decode("gb2312")
    assert "\\u4dae-3" in done.stdout.decode("gb2312")


def test_an_older_checkpoint_is_checked_from_a_folder_that_has_grown(tmp_path, keys_file):
    partial = folder_of(LOG) / "tile" / "0" / "000.p" / "5"
    for more, size in ((5, 5), (2, 7), (300, 307)):
        grow(more)
        (tmp_path / str(size)).write_text(store.latest_checkpoint(LOG).note)
        assert partial.exists() == (size < 256)  # served until the full one is
        old, new = str(tmp_path / "5"), str(tmp_path / str(min(size, 7)))
        source = ["--source", str(folder_of(LOG)), "--key", keys_file()]
        assert main(["consistency", old, new, *source]) == 0


def test_a_tree_with_a_hole_is_told_in_words(good, client):
    Node.objects.filter(level=0, index=4).delete()
    note = store.latest_checkpoint(LOG).note
    page = client.post(reverse("transparency:verify"), {"text": note})
    assert "缺了一块" in page.content.decode()
    token = Entry.objects.get(position=0).token
    assert client.get(reverse("transparency:entry", args=[token])).status_code == 200
    assert client.get(reverse("transparency:receipt", args=[token])).status_code == 409


def test_numbers_are_written_in_one_way_only():
    for text in ("", "-1", "01", "１", "9" * 19, "1" * 5000, "1 "):
        with pytest.raises(notes.BadNote):
            notes.read_number(text)
    assert notes.read_number("0") == 0
    with pytest.raises(notes.BadNote):
        notes.read_addition("old 07\n\nx")
