"""Values and files at rest, and the keys they need."""

import io
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from linli.base import bulk, crypto, keys

pytestmark = pytest.mark.once
HERE = "people.Person/phone/k3m9"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Any:
    settings.FIELD_KEYS = tmp_path / "keys"
    yield settings.FIELD_KEYS
    keys.forget_keys()
    crypto.forget_ciphers()


@pytest.mark.parametrize("cipher", ["aes-256-gcm", "sm4-gcm"])
def test_a_value_opens_in_its_own_row_and_in_no_other(cipher: str, settings: Any) -> None:
    settings.FIELD_CIPHER = cipher
    sealed = crypto.seal("13800138000", bound_to=HERE)
    assert b"13800138000" not in sealed
    assert crypto.unseal(sealed, bound_to=HERE) == "13800138000"
    assert crypto.seal("13800138000", bound_to=HERE) != sealed
    with pytest.raises(InvalidTag):
        crypto.unseal(sealed, bound_to="people.Person/phone/other")
    with pytest.raises(InvalidTag):
        crypto.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), bound_to=HERE)


def test_what_was_sealed_under_one_cipher_opens_after_the_other_was_chosen(settings: Any) -> None:
    sealed = crypto.seal("䶮先生", bound_to=HERE)
    settings.FIELD_CIPHER = "sm4-gcm"
    assert crypto.unseal(sealed, bound_to=HERE) == "䶮先生"
    assert crypto.seal("䶮先生", bound_to=HERE)[0] == crypto.SM4


def test_sm4_is_the_national_standard() -> None:
    """The vector of GB/T 32907-2016: key and plain text 0123…3210."""
    same = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = crypto.Cipher(crypto.algorithms.SM4(same), crypto.modes.ECB()).encryptor()
    assert encryptor.update(same).hex() == "681edf34d206965e86b3e94f536e4246"


def test_nothing_is_stored_for_nothing() -> None:
    assert crypto.seal("", bound_to=HERE) == b""
    assert crypto.unseal(b"", bound_to=HERE) == ""
    assert crypto.blind_index("") == ""


def test_a_key_made_by_another_process_seals_the_next_value(folder: Path) -> None:
    first = crypto.seal("a", bound_to=HERE)
    os.utime(folder, (1, 1))  # the folder has been as it is for long
    assert crypto.key_of(crypto.seal("a", bound_to=HERE)) == 1
    (folder / "2").write_text("ab" * 32)
    second = crypto.seal("a", bound_to=HERE)
    assert [crypto.key_of(first), crypto.key_of(second)] == [1, 2]
    assert crypto.unseal(first, bound_to=HERE) == crypto.unseal(second, bound_to=HERE) == "a"


def test_sealing_does_not_list_the_folder_each_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crypto.seal("a", bound_to=HERE)
    os.utime(folder, (1, 1))
    crypto.seal("a", bound_to=HERE)
    monkeypatch.setattr(Path, "iterdir", lambda path: pytest.fail("listed"))
    crypto.seal("a", bound_to=HERE)
    crypto.blind_index("a")


def test_a_lost_key_is_named_and_never_made_again(folder: Path) -> None:
    sealed = crypto.seal("a", bound_to=HERE)
    keys.next_key(folder)
    (folder / "1").unlink()
    (folder / "index").unlink()
    keys.forget_keys()
    crypto.forget_ciphers()
    for broken in (lambda: crypto.unseal(sealed, bound_to=HERE), lambda: crypto.blind_index("a")):
        with pytest.raises(keys.KeyMissing, match="密钥备份"):
            broken()
    assert sorted(path.name for path in folder.iterdir()) == ["2"]


def test_a_damaged_key_is_named(folder: Path) -> None:
    keys.first_keys(folder)
    (folder / "1").write_text("not hex")
    with pytest.raises(keys.KeyMissing, match="不完整"):
        crypto.seal("a", bound_to=HERE)


def test_keys_are_readable_by_their_owner_only(folder: Path) -> None:
    keys.first_keys(folder)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_an_index_under_a_new_key_knows_its_older_form(folder: Path) -> None:
    old = crypto.blind_index("13800138000")
    keys.next_index_key(folder)
    new = crypto.blind_index("13800138000")
    assert (crypto.index_key_of(old), crypto.index_key_of(new)) == (1, 2)
    assert len(old) == len(new) == 64
    assert new != old
    assert new.older == (old,)  # type: ignore[attr-defined]


def test_many_values_are_sealed_and_found_as_each_alone_would_be(folder: Path) -> None:
    numbers = ["13800138000", "", "13900001111"]
    sealed = bulk.seal_all(numbers, [HERE] * 3)
    assert [crypto.unseal(each, bound_to=HERE) for each in sealed] == numbers
    crypto.blind_index("a")
    keys.next_index_key(folder)
    assert bulk.blind_indexes(numbers) == [crypto.blind_index(number) for number in numbers]
    found = crypto.blind_index(numbers[0])
    assert isinstance(found, crypto.Blinded)
    assert [forms[0] for forms in crypto.index_forms(numbers)] == [found, *found.older]


@pytest.mark.parametrize("length", [0, 1, crypto.CHUNK - 1, crypto.CHUNK, crypto.CHUNK + 1, 3 * crypto.CHUNK])
def test_a_file_of_any_length_comes_back(length: int, tmp_path: Path) -> None:
    clear = os.urandom(length)
    pieces = [clear[start : start + 50_000] for start in range(0, length, 50_000)]
    assert crypto.seal_file(pieces, tmp_path / "f", bound_to="imports.Run/7") == length
    with crypto.unseal_file(tmp_path / "f", bound_to="imports.Run/7") as file:
        assert file.read() == clear
        file.seek(max(length - 5, 0))
        assert file.read() == clear[-5:]
    assert stat.S_IMODE((tmp_path / "f").stat().st_mode) == 0o600


def test_a_workbook_can_be_read_and_written_without_a_clear_copy(tmp_path: Path) -> None:
    with (
        crypto.FileSealer(tmp_path / "f", bound_to="x") as sealer,
        zipfile.ZipFile(sealer, "w") as archive,
    ):
        archive.writestr("sheet.xml", "110105194912310021" * 20_000)
    assert b"sheet.xml" not in (tmp_path / "f").read_bytes()
    with crypto.unseal_file(tmp_path / "f", bound_to="x") as file, zipfile.ZipFile(file) as archive:
        assert archive.read("sheet.xml").decode() == "110105194912310021" * 20_000


def test_a_file_that_was_altered_cut_or_moved_does_not_open(tmp_path: Path) -> None:
    path = tmp_path / "f"
    crypto.seal_file([os.urandom(3 * crypto.CHUNK)], path, bound_to="x")
    whole = path.read_bytes()
    step = crypto.CHUNK + crypto.TAG
    swapped = whole[: crypto.HEADER] + whole[crypto.HEADER + step : crypto.HEADER + 2 * step]
    swapped += whole[crypto.HEADER : crypto.HEADER + step] + whole[crypto.HEADER + 2 * step :]
    for wrong in (whole[:-step], whole[: crypto.HEADER], whole[:-1], b"", b"PK" + whole[2:], swapped):
        path.write_bytes(wrong)
        with pytest.raises(InvalidTag), crypto.unseal_file(path, bound_to="x") as file:
            file.read()
    path.write_bytes(whole)
    with pytest.raises(InvalidTag):
        crypto.unseal_file(path, bound_to="y")


def test_a_file_whose_writing_failed_does_not_open(tmp_path: Path) -> None:
    def broken() -> Any:
        yield b"half"
        raise OSError

    with pytest.raises(OSError):
        crypto.seal_file(broken(), tmp_path / "f", bound_to="x")
    with pytest.raises(InvalidTag):
        crypto.unseal_file(tmp_path / "f", bound_to="x")


def test_a_file_outlives_its_first_key(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "f"
    crypto.seal_file([b"name,phone"], path, bound_to="x")
    assert not crypto.reseal_file(path)
    keys.next_key(folder)
    assert crypto.reseal_file(path)
    assert not crypto.reseal_file(path)
    (folder / "1").unlink()
    keys.forget_keys()
    crypto.forget_ciphers()
    with crypto.unseal_file(path, bound_to="x") as file:
        assert io.TextIOWrapper(file).read() == "name,phone"
