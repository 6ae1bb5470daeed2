"""`linli-verify` against what the server publishes: it imports nothing of it, and says no to every change."""

import ast
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import linli_verify
from linli.transparency import actions, notes, proofs, store
from linli.transparency.actions.signing import folder_of, origin_of
from linli.transparency.keyring import Keyring
from linli.transparency.models import Entry, PublicKey
from linli_verify.command import main

LOG = "330302001001"
AT = datetime(2026, 11, 22, 2, 19, 53, tzinfo=UTC)
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes([3]) * 32)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.LOG_KEY = tmp_path / "keys"
    settings.LOG_FOLDER = tmp_path / "published"
    settings.PUBLIC_ADDRESS = "https://liushu.example"


def grow(count):
    keys = Keyring(Path(folder_of("x").parent.parent / "keys"))
    rows = [
        actions.record(LOG, "case.filed", f"cases.Case:{n}", f"号-{n}", {"地点": f"䶮-{n}"}, AT)
        for n in range(count)
    ]
    actions.seal(LOG)
    actions.sign_round(LOG, keys, [], AT, is_first=False)
    return rows, keys


@pytest.fixture
def keys_file(tmp_path):
    def write():
        path = tmp_path / "keys.txt"
        path.write_text("# the log's own\n\n" + "".join(key.vkey + "\n" for key in PublicKey.objects.all()))
        return str(path)

    return write


def put(tmp_path, data):
    path = tmp_path / "x.tlog-proof"
    path.write_bytes(data)
    return str(path)


def test_the_verifier_imports_only_the_standard_library_cryptography_and_itself():
    for path in Path(linli_verify.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                root = name.split(".")[0]
                assert root in {"cryptography", "linli_verify"} or root in sys.stdlib_module_names, path


@pytest.mark.django_db
def test_a_receipt_verifies_in_a_process_without_django(tmp_path, keys_file):
    rows, _keys = grow(5)
    rows[3].refresh_from_db()
    path = put(tmp_path, actions.receipt(rows[3]))
    code = (
        "import sys; from linli_verify.command import main; code = main(sys.argv[1:]); "
        "assert not {'django', 'linli'} & set(sys.modules); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "receipt", path, "--key", keys_file(), "--language", "zh"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "核对通过" in done.stdout
    assert "第 3 条" in done.stdout
    assert "䶮-3" in done.stdout


@pytest.mark.django_db
def test_a_receipt_with_any_part_changed_is_refused(tmp_path, keys_file, capsys):
    rows, _keys = grow(5)
    rows[3].refresh_from_db()
    good = proofs.read(actions.receipt(rows[3]))
    keys = keys_file()
    assert main([put(tmp_path, good.write()), "--keys", keys]) == 0
    changed = [
        proofs.Proof(
            good.index, good.hashes, good.checkpoint, good.extra.replace("䶮-3".encode(), "䶮-4".encode())
        ),
        proofs.Proof(
            good.index, good.hashes, good.checkpoint, good.extra.replace(b'"salt":"', b'"salt":"00')
        ),
        proofs.Proof(
            good.index, good.hashes, good.checkpoint, good.extra.replace(b"case.filed", b"case.filex")
        ),
        proofs.Proof(2, good.hashes, good.checkpoint, good.extra),
        proofs.Proof(good.index, [*good.hashes, bytes(32)], good.checkpoint, good.extra),
        proofs.Proof(good.index, good.hashes[:-1], good.checkpoint, good.extra),
        proofs.Proof(good.index, good.hashes, good.checkpoint.replace("\n5\n", "\n6\n"), good.extra),
    ]
    for proof in changed:
        assert main(["receipt", put(tmp_path, proof.write()), "--key", keys, "--language", "en"]) == 1
        assert "Not verified" in capsys.readouterr().err
    for data in (
        b"",
        b"\xff",
        good.write()[:50],
        proofs.Proof(3, good.hashes, good.checkpoint, b"{}").write(),
    ):
        assert main(["receipt", put(tmp_path, data), "--key", keys]) == 2
    assert main(["receipt", put(tmp_path, good.write())]) == 2
    assert main(["receipt", str(tmp_path / "absent"), "--key", keys]) == 2
    stranger = notes.verifier_of(good.checkpoint.split("\n", 1)[0], notes.ED25519, STRANGER).vkey
    assert main(["receipt", put(tmp_path, good.write()), "--key", stranger, "--language", "zh"]) == 1
    assert "公钥" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_receipt_verifies_after_growth_after_key_rotation_and_with_an_unknown_signature(
    tmp_path, keys_file
):
    rows, keys = grow(3)
    rows[1].refresh_from_db()
    old = actions.receipt(rows[1])
    keys.rotate()
    grow(300)
    (keys.folder / "1").unlink()
    grow(3)
    assert PublicKey.objects.count() == 2
    unknown = notes.cosign_line("stranger.example", STRANGER, "anything\n", 7)
    for data in (old, actions.receipt(rows[1]), old + unknown.encode()):
        assert main(["receipt", put(tmp_path, data), "--key", keys_file()]) == 0
    newest = PublicKey.objects.order_by("-id").first().vkey
    assert main(["receipt", put(tmp_path, actions.receipt(rows[1])), "--key", newest]) == 0
    assert main(["receipt", put(tmp_path, old), "--key", newest]) == 1


@pytest.mark.django_db
def test_an_erased_entrys_receipt_verifies_and_says_nothing(tmp_path, keys_file, capsys):
    rows, _keys = grow(4)
    actions.erase(Entry.objects.get(pk=rows[2].pk))
    assert (
        main(
            [
                "receipt",
                put(tmp_path, actions.receipt(Entry.objects.get(pk=rows[2].pk))),
                "--key",
                keys_file(),
                "--language",
                "zh",
            ]
        )
        == 0
    )
    said = capsys.readouterr().out
    assert "已依法删去" in said
    assert "䶮" not in said


@pytest.mark.django_db
def test_witnesses_are_named_and_may_be_demanded(tmp_path, keys_file, capsys):
    rows, _keys = grow(2)
    rows[0].refresh_from_db()
    receipt = actions.receipt(rows[0])
    text = notes.split(proofs.read(receipt).checkpoint)[0]
    path = put(
        tmp_path,
        receipt + notes.cosign_line("street.example/witness", STRANGER, text, 1_800_000_000).encode(),
    )
    witness = notes.verifier_of("street.example/witness", notes.COSIGNATURE, STRANGER).vkey
    assert main(["receipt", path, "--key", keys_file(), "--witnesses", "1"]) == 1
    assert (
        main(
            ["receipt", path, "--key", keys_file(), "--key", witness, "--witnesses", "1", "--language", "en"]
        )
        == 0
    )
    assert "street.example/witness at 2027-01-15" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_whole_published_folder_verifies_and_a_flipped_byte_is_named(tmp_path, keys_file, capsys):
    grow(70)
    grow(460)
    source = folder_of(LOG)
    assert sorted(path.name for path in (source / "tile" / "0").iterdir()) == ["000", "001", "002.p"]
    assert [path.name for path in (source / "tile" / "0" / "002.p").iterdir()] == ["18"]
    keys = keys_file()
    assert main(["log", str(source), "--key", keys]) == 0
    for part, offset, word in [
        ("tile/entries/001", 5000, "entry"), ("tile/entries/000", 0, "entry 0"), ("tile/0/001", 32 * 7, "entry 263"),
        ("tile/entries/002.p/18", 3, "entry 512"), ("tile/1/000.p/2", 40, "tile/1"), ("checkpoint", 80, ""),
    ]:  # fmt: skip
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(source, copy)
        data = bytearray((copy / part).read_bytes())
        data[offset] ^= 1
        (copy / part).write_bytes(data)
        assert main(["log", str(copy), "--key", keys, "--language", "en"]) in (1, 2), part
        assert word in capsys.readouterr().err


@pytest.mark.django_db
def test_two_checkpoints_are_consistent_and_a_fork_is_not(tmp_path, keys_file):
    _rows, keys = grow(10)
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text(store.latest_checkpoint(LOG).note)
    grow(300)
    new.write_text(store.latest_checkpoint(LOG).note)
    source = ["--source", str(folder_of(LOG)), "--key", keys_file()]
    assert main(["consistency", str(old), str(new), *source]) == 0
    assert main(["consistency", str(new), str(old), *source]) == 1
    forked = notes.Head(origin_of(LOG), 10, bytes(32))
    old.write_text(keys.sign(forked.origin, forked.text))
    assert main(["consistency", str(old), str(new), *source]) == 1
    assert main(["checkpoint", str(old), "--key", keys_file()]) == 0
    old.write_text("nothing")
    assert main(["checkpoint", str(old), "--key", keys_file()]) == 2


@pytest.mark.django_db(transaction=True)
def test_a_log_verifies_over_http(live_server, keys_file, settings, client):
    settings.ALLOWED_HOSTS = ["*"]
    grow(300)
    assert main(["log", f"{live_server.url}/log/{LOG}", "--key", keys_file()]) == 0
    assert main(["log", f"{live_server.url}/log/none", "--key", keys_file()]) == 2
