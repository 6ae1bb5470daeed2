"""Formats, without a database: canonical leaves, notes, tiles, receipts."""

import base64
import subprocess
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.base.errors import Refused
from linli.transparency import notes, proofs, rules, tiles
from linli_verify import folder, receipts
from linli_verify import notes as theirs

pytestmark = pytest.mark.once
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_TEXT = "This is an example message.\n"
ORIGIN = "liushu.example/log/330302001001"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
WITNESS_KEY = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)
VERIFIER = notes.verifier_of(ORIGIN, notes.ED25519, KEY)
WITNESS = notes.verifier_of("street.example/witness", notes.COSIGNATURE, WITNESS_KEY)
HEAD = notes.Head(ORIGIN, 3, bytes(range(32)))


def signed(head=HEAD):
    return head.text + "\n" + notes.sign_line(ORIGIN, KEY, head.text)


def test_a_leaf_is_canonical_json_in_whole_seconds_of_utc():
    at = datetime(2026, 11, 22, 10, 19, 53, 999999, tzinfo=timezone(timedelta(hours=8)))
    assert rules.leaf("case.filed", at, "20261122-000001", bytes(32)).decode() == (
        '{"commit":"'
        + "0" * 64
        + '","ref":"20261122-000001","ts":"2026-11-22T02:19:53Z","type":"case.filed","v":1}'
    )


@pytest.mark.parametrize(
    "value",
    [
        "13812345678", "电话：138-1234-5678。", "+86 13812345678", "008613812345678", "１３８１２３４５６７８",
        13812345678, "330302199001011234", "33030219900101123x", "330302900101123",
        {"13812345678": 1}, [["打13912345678"]],
    ],
)  # fmt: skip
def test_numbers_that_name_a_person_are_refused(value):
    with pytest.raises(Refused):
        rules.check_public({"text": value})


@pytest.mark.parametrize(
    "value",
    [
        "20261122-000123", "330302001001", "ab13812345678cd", "0577-88888888", "2026-11-22T02:19:53Z",
        123456, True, None,
        "1.13812345678", "99999999999", "3幢2单元", "f" * 64,
    ],
)  # fmt: skip
def test_numbers_that_name_a_matter_are_not(value):
    rules.check_public({"text": value})


@pytest.mark.parametrize("value", ["a\0b", "\ud83d"])
def test_signs_that_no_database_keeps_are_refused_with_a_sentence(value):
    with pytest.raises(Refused, match="字符"):
        rules.check_public({"text": value})


@pytest.mark.parametrize("log", ["", "receipt", "entry", "a/b", "a b", "柳树", "x" * 41, ".."])
def test_a_log_has_a_name_that_fits_into_an_address(log):
    with pytest.raises(ValueError):
        rules.check_log_name(log)


def test_dates_and_decimals_become_text_and_floats_are_an_error():
    assert rules.plain({"due": datetime(2026, 1, 2, 3, tzinfo=UTC)}) == {"due": "2026-01-02T03:00:00Z"}
    with pytest.raises(TypeError):
        rules.plain({"a": [{"b": 0.5}]})


@pytest.mark.parametrize(
    "value",
    [
        {"b": 1, "a": [True, None, -5, "x"]}, {"䶮": "𬱖𠮷", "é": "\u0000\u001f\"\\/\u007f\u2028"}, {"ﬀ": 1, "𐀀": 2},
        {},
        [[], {}],
    ],
)  # fmt: skip
def test_the_verifier_writes_the_same_canonical_json_as_the_server(value):
    assert receipts.canonical(value) == rules.canonical(value)


@pytest.mark.parametrize("read", [notes.read_vkey, theirs.read_key])
def test_the_example_key_of_the_specification_is_read_and_a_false_one_is_not(read):
    assert read(EXAMPLE_KEY).name == "example.com/foo"
    for wrong in (EXAMPLE_KEY.replace("530d", "530e"), "a+b", "", EXAMPLE_KEY[:-4], "x+00000000+AA=="):
        with pytest.raises((notes.BadNote, theirs.UnreadableError)):
            read(wrong)
    assert notes.read_vkey(EXAMPLE_KEY).vkey == EXAMPLE_KEY


def test_a_checkpoint_is_three_lines_and_opens_with_the_logs_key_only():
    assert HEAD.text == f"{ORIGIN}\n3\n{base64.b64encode(HEAD.root).decode()}\n"
    assert notes.open_checkpoint(signed(), [VERIFIER])[0] == HEAD
    with pytest.raises(notes.BadNote):
        notes.open_checkpoint(signed(), [WITNESS])
    with pytest.raises(notes.BadNote):
        notes.open_checkpoint(signed().replace("\n3\n", "\n4\n"), [VERIFIER])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n3\n", "\n03\n"),
        ("\n3\n", "\n-3\n"),
        ("\n3\n", "\n3\nextension\n"),
        ("\n3\n", "\n３\n"),
        (ORIGIN, ""),
    ],
)
def test_a_badly_written_checkpoint_is_refused_by_both(old, new):
    text = HEAD.text.replace(old, new, 1)
    note = text + "\n" + notes.sign_line(ORIGIN, KEY, text)
    with pytest.raises(notes.BadNote):
        notes.open_checkpoint(note, [VERIFIER])
    with pytest.raises((theirs.UnreadableError, theirs.FalseError)):
        theirs.read_checkpoint(note, [theirs.read_key(VERIFIER.vkey)])


@pytest.mark.parametrize(
    "note", ["", "\n", "text\n\n", "text\n\n— name", "text\n\n- name AAAAAAAA\n", "t\tx\n\n— n AAAAAAAA\n"]
)
def test_what_is_no_note_is_refused_by_both(note):
    with pytest.raises(notes.BadNote):
        notes.split(note)
    with pytest.raises(theirs.UnreadableError):
        theirs.read_checkpoint(note, [])


def test_unknown_signatures_are_passed_over_and_a_false_known_one_spoils_the_note():
    stranger = notes.cosign_line("stranger.example", WITNESS_KEY, HEAD.text, 5)
    cosigned = notes.cosign_line(WITNESS.name, WITNESS_KEY, HEAD.text, 1_800_000_000)
    note = signed() + stranger + cosigned
    seen = notes.open_checkpoint(note, [VERIFIER, WITNESS])[1]
    assert [(one.verifier.name, one.time) for one in seen] == [(ORIGIN, 0), (WITNESS.name, 1_800_000_000)]
    keys = [theirs.read_key(VERIFIER.vkey), theirs.read_key(WITNESS.vkey)]
    assert theirs.read_checkpoint(note, keys).witnesses == {WITNESS.name: 1_800_000_000}
    false = signed() + notes.cosign_line(WITNESS.name, WITNESS_KEY, HEAD.text + "x", 5)
    with pytest.raises(notes.BadNote):
        notes.open_checkpoint(false, [VERIFIER, WITNESS])
    with pytest.raises(theirs.FalseError):
        theirs.read_checkpoint(false, keys)
    assert notes.open_checkpoint(false, [VERIFIER])[0] == HEAD


def test_tiles_are_named_and_shaped_as_the_specification_says():
    assert tiles.name(1234067) == folder.tile_name(1234067, 256) == "x001/x234/067"
    assert tiles.name(273, 112) == folder.tile_name(273, 112) == "273.p/112"
    assert tiles.name(0) == "000"
    assert tiles.name(1000) == folder.tile_name(1000, 256) == "x001/000"
    shape = list(tiles.shape(70_000))
    assert sum(1 for level, _n, width in shape if level == 0 and width == 256) == 273
    assert [row for row in shape if row[2] < 256] == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert (1, 0, 256) in shape
    assert len(shape) == 274 + 2 + 1
    assert list(tiles.shape(256)) == [(0, 0, 256), (1, 0, 1)]
    assert list(tiles.shape(0)) == []
    assert list(tiles.shape(600, since=520)) == [(0, 2, 88), (1, 0, 2)]


@pytest.mark.parametrize(
    "path",
    ["0", "00", "000.p/256", "000.p/0", "000.p/01", "x000/000", "x01/000", "1234067", "000/", "../000"],
)
def test_a_tile_has_one_name_only(path):
    assert tiles.parse(path) is None
    assert tiles.parse("x001/x234/067") == (1234067, 256)
    assert tiles.parse("273.p/112") == (273, 112)


def test_an_entry_of_65535_bytes_is_bundled_and_one_of_65536_is_refused():
    entries = [b"x" * 65_535, b"", "䶮".encode()]
    assert tiles.unbundle(tiles.bundle(entries)) == entries
    assert tiles.bundle(entries)[:2] == b"\xff\xff"
    with pytest.raises(ValueError):
        tiles.bundle([b"x" * 65_536])
    for cut in (1, 65_530, 65_538):
        with pytest.raises(ValueError):
            tiles.unbundle(tiles.bundle(entries)[:cut])


def test_a_receipt_is_read_as_it_was_written_and_nothing_else_is_a_receipt():
    proof = proofs.Proof(5, [bytes(32), bytes([7]) * 32], signed(), b'{"a":1}')
    written = proof.write()
    assert proofs.read(written) == proof
    assert written.decode().startswith("c2sp.org/tlog-proof@v1\nextra eyJhIjoxfQ==\nindex 5\nAAAA")
    assert proofs.read(proofs.Proof(0, [], signed()).write()).extra == b""
    for wrong in (
        b"",
        b"\xff",
        written.replace(b"@v1", b"@v2"),
        written.replace(b"index 5", b"index 05"),
        written[:40],
    ):
        with pytest.raises(notes.BadNote):
            proofs.read(wrong)


def test_openssl_alone_verifies_a_checkpoint_with_the_command_of_the_documentation(tmp_path):
    document = Path(__file__).resolve().parents[3] / "docs" / "record.md"
    block = document.read_text().split("**With openssl alone**")[1].split("```sh\n")[1].split("```")[0]
    if subprocess.run(["sh", "-c", "command -v openssl"], capture_output=True, check=False).returncode:
        pytest.skip("openssl is not installed")
    note, vkey, script = tmp_path / "checkpoint", tmp_path / "vkey", tmp_path / "check.sh"
    script.write_text(block)
    stranger = notes.cosign_line(WITNESS.name, WITNESS_KEY, HEAD.text, 5)
    note.write_text(signed() + stranger)
    vkey.write_text(VERIFIER.vkey + "\n")
    good = subprocess.run(["sh", script, note, vkey], capture_output=True, text=True, check=False)
    assert "Signature Verified Successfully" in good.stdout
    assert good.returncode == 0
    note.write_text(note.read_text().replace("\n3\n", "\n4\n"))
    assert subprocess.run(["sh", script, note, vkey], capture_output=True, check=False).returncode != 0
