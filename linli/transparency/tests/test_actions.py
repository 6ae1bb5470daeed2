"""The record with real rows: written with the act, sealed once, signed forward only, erased without harm."""

import json
import threading
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from linli.base.errors import Refused
from linli.transparency import actions, checking, guards, merkle, notes, rules, store, witness, witnessing
from linli.transparency.actions.signing import folder_of, origin_of
from linli.transparency.keyring import Keyring
from linli.transparency.models import Checkpoint, Cosignature, Entry, Node, PublicKey

LOG = "330302001001"
AT = datetime(2026, 11, 22, 2, 19, 53, 123456, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.LOG_KEY = tmp_path / "keys"
    settings.LOG_FOLDER = tmp_path / "published"
    settings.PUBLIC_ADDRESS = "https://liushu.example"


@pytest.fixture
def keys(settings):
    return Keyring(settings.LOG_KEY)


@pytest.fixture
def witnesses(tmp_path, keys):
    office = witness.Witness(tmp_path / "office", "street.example/witness")
    for verifier in keys.verifiers(origin_of(LOG)):
        office.trust(verifier.vkey)
    serving = witness.server(office, "127.0.0.1", 0)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{serving.server_address[1]}"
    yield witnessing.configured(f"{address} {office.verifier.vkey}")
    serving.shutdown()
    serving.server_close()


def put(count, log=LOG, start=0):
    return [
        actions.record(
            log,
            "case.filed",
            f"cases.Case:{number}",
            f"20261122-{number:06}",
            {"category": "路灯", "n": number},
            AT,
        )
        for number in range(start, start + count)
    ]


def tamper(entry, **changes):
    """What a database administrator can do who takes the guards down."""
    Entry.objects.filter(pk=entry.pk).update(**changes)


@pytest.mark.django_db
def test_an_act_and_its_record_happen_together_or_not_at_all():

    @transaction.atomic
    def act_that_fails():
        put(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_that_fails()
    assert not Entry.objects.exists()
    entry = put(1)[0]
    entry.refresh_from_db()
    leaf = json.loads(bytes(entry.leaf))
    commit = rules.commitment(bytes(entry.salt), {"n": 0, "category": "路灯"}).hex()
    assert leaf == {
        "v": 1, "type": "case.filed", "ts": "2026-11-22T02:19:53Z", "ref": "20261122-000000", "commit": commit,
    }  # fmt: skip
    assert "路灯" not in bytes(entry.leaf).decode()


@pytest.mark.django_db
def test_telephone_and_identity_numbers_do_not_enter_the_record():
    for value in ("13812345678", {"a": ["联系 138 1234 5678"]}, 13812345678, "33030219900101123X"):
        with pytest.raises(Refused, match=r"手机号|身份证号"):
            actions.record(LOG, "case.filed", "cases.Case:1", "1", {"text": value}, AT)
    with pytest.raises(TypeError):
        actions.record(LOG, "case.filed", "cases.Case:1", "1", {"latitude": 27.99}, AT)
    assert not Entry.objects.exists()
    actions.record(
        LOG, "case.filed", "cases.Case:1", "20261122-000123", {"place": LOG, "hash": "ab" * 32}, AT
    )


@pytest.mark.django_db
def test_sealing_twice_changes_nothing_and_each_log_counts_for_itself():
    put(5)
    put(2, log="510104001001")
    assert actions.seal(LOG) == actions.seal(LOG) == 5
    put(3, start=5)
    actions.seal_all()
    assert store.size_of(LOG) == 8
    assert store.size_of("510104001001") == 2
    rows = Entry.objects.filter(log=LOG).order_by("position")
    assert [row.position for row in rows] == list(range(8))
    nodes = {}
    for row in rows:
        hashed = merkle.hash_leaf(bytes(row.leaf))
        for level, seat, value in merkle.seats_on_append(row.position, hashed, lambda *at: nodes[at]):
            nodes[level, seat] = value
    assert store.root(LOG, 8) == nodes[3, 0]
    assert Node.objects.filter(log=LOG).count() == 15


@pytest.mark.django_db
def test_rare_characters_survive_canonical_json_and_both_databases():
    said = {"名": "䶮𬱖𠮷㐂𰻝𫝀", "z": 'a\u20ac\r\n\u0001"\\/', "é": 1, "𐀀": 2, "ﬀ": 3}
    entry = actions.record(LOG, "notice.posted", "notices.Notice:1", "告示-䶮", said, AT)
    entry.refresh_from_db()
    assert entry.payload == said
    assert not list(checking.findings(LOG, {}))
    with pytest.raises(Refused, match="无法保存的字符"):
        actions.record(LOG, "notice.posted", "notices.Notice:1", "1", {"text": "a\0b"}, AT)


@pytest.mark.django_db
def test_a_payload_has_at_most_65535_bytes():
    room = rules.MOST_BYTES - len('{"text":""}')
    actions.record(LOG, "a", "b:1", "1", {"text": "x" * room}, AT)
    with pytest.raises(Refused, match="太长"):
        actions.record(LOG, "a", "b:1", "1", {"text": "x" * (room + 1)}, AT)


@pytest.mark.django_db
def test_an_erased_person_leaves_a_leaf_whose_receipt_still_verifies(keys):
    entry = put(3)[1]
    actions.seal(LOG)
    actions.sign(LOG, keys, AT)
    guards.install(connection)
    actions.erase(entry)
    actions.erase(entry)
    entry.refresh_from_db()
    assert entry.payload is None
    assert bytes(entry.salt) == b""
    assert not list(checking.findings(LOG, {}))
    assert "路灯".encode() not in actions.receipt(entry)


@pytest.mark.django_db
def test_a_correction_is_a_new_leaf_that_names_the_old_one():
    entry = put(1)[0]
    correction = actions.correct(entry, {"reason": "类别写错"}, AT)
    assert correction.type == "correction"
    assert correction.payload["corrects"] == merkle.hash_leaf(bytes(entry.leaf)).hex()
    assert list(entry.corrections.all()) == [correction]
    with pytest.raises(Refused):
        actions.correct(correction, {"reason": "又错"}, AT)


@pytest.mark.django_db
def test_the_database_itself_refuses_to_change_what_is_recorded(keys):
    guards.install(connection)
    guards.install(connection)  # twice, as a second migration run would
    entry = put(1)[0]
    actions.seal(LOG)
    actions.sign(LOG, keys, AT)
    later = AT + timedelta(days=1)
    changes = [
        {"log": "x"}, {"type": "x"}, {"subject": "x:1"}, {"ref": "x"}, {"at": later}, {"leaf": b"x"}, {"position": 7},
        {"position": None}, {"payload": {"n": 1}}, {"salt": b"y" * 32}, {"token": "x"},
    ]  # fmt: skip
    for change in changes:
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Entry.objects.filter(pk=entry.pk).update(**change)
    for model in (Node, Checkpoint, PublicKey, Entry):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            model.objects.filter(log=LOG)._raw_delete("default")
    for model, change in ((Node, {"hash": b"x"}), (Checkpoint, {"size": 9}), (PublicKey, {"vkey": "x"})):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            model.objects.filter(log=LOG).update(**change)
    connection.check_constraints()  # or a table with checks pending could not be emptied anyway
    for model in (
        (Entry, Node, Checkpoint, Cosignature, PublicKey) if connection.vendor == "postgresql" else ()
    ):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")
    entry.refresh_from_db()
    assert entry.position == 0


@pytest.mark.django_db
def test_the_signer_signs_forward_and_says_the_same_again(keys):
    assert actions.sign(LOG, keys, AT) is None
    put(3)
    actions.seal(LOG)
    first = actions.sign(LOG, keys, AT)
    assert actions.sign(LOG, keys, AT) == first
    head, _seen = notes.open_checkpoint(first.note, keys.verifiers("liushu.example/log/" + LOG))
    assert (head.origin, head.size, head.root) == ("liushu.example/log/" + LOG, 3, store.root(LOG, 3))
    assert first.note.count("\n") == 5
    put(1, start=3)
    actions.seal(LOG)
    assert actions.sign(LOG, keys, AT).size == 4


@pytest.mark.django_db
def test_a_signer_killed_after_remembering_publishes_the_very_same_head(keys):
    put(2)
    actions.seal(LOG)
    note = actions.sign(LOG, keys, AT).note
    Checkpoint.objects.all().delete()  # the crash came between the disk and the database
    assert actions.sign(LOG, keys, AT).note == note


def restore_older_backup(keep):
    """Forget all but the first `keep` entries, as an old backup would."""
    Cosignature.objects.all().delete()
    Checkpoint.objects.filter(size__gt=keep).delete()
    Entry.objects.filter(position__gte=keep).delete()
    Node.objects.all().delete()
    Entry.objects.update(position=None)
    actions.seal(LOG)


@pytest.mark.django_db
def test_a_restored_older_backup_refuses_to_sign_until_the_log_is_recovered(keys):
    entries = put(5)
    call_command("sign", "--once")
    put(3, start=5)
    call_command("sign", "--once")
    signed = store.latest_checkpoint(LOG)
    restore_older_backup(5)
    with pytest.raises(CommandError, match="恢复了旧备份"):
        call_command("sign", "--once")
    put(2, start=90)  # work goes on before anybody notices; these are sealed over what was signed
    put(4, start=100)
    with pytest.raises(CommandError, match="拒绝签名"):
        call_command("sign", "--once")
    assert store.latest_checkpoint(LOG).size == 5
    guards.install(connection)
    call_command("recover_log", "--log", LOG)
    assert store.root(LOG, 8) == bytes(signed.root)
    assert store.size_of(LOG) == 14
    assert Entry.objects.filter(log=LOG, payload__isnull=True).count() == 3
    call_command("recover_log", "--log", LOG)
    call_command("sign", "--once")
    assert store.latest_checkpoint(LOG).size == 14
    assert not list(checking.findings(LOG, {}, folder_of(LOG)))
    entries[4].refresh_from_db()
    assert entries[4].position == 4
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Entry.objects.filter(pk=entries[0].pk).update(ref="x")


@pytest.mark.django_db
def test_a_signer_without_memory_asks_its_witness_and_refuses_what_went_back(keys, witnesses):
    put(4)
    actions.seal(LOG)
    done = actions.sign_round(LOG, keys, witnesses, AT, is_first=True)
    assert done.warnings == []
    assert Cosignature.objects.get().witness == "street.example/witness"
    restore_older_backup(2)
    (keys.folder / "state" / LOG).unlink()
    with pytest.raises(actions.WentBack, match="已经签到 4 条"):
        actions.sign_round(LOG, keys, witnesses, AT, is_first=True)


@pytest.mark.django_db
def test_a_rewritten_record_is_not_signed(keys):
    entries = put(4)
    actions.seal(LOG)
    actions.sign(LOG, keys, AT)
    leaf = rules.leaf("case.filed", AT, "other", rules.commitment(b"s" * 32, {}))
    tamper(entries[1], leaf=leaf, ref="other", payload={}, salt=b"s" * 32)
    Node.objects.all().delete()
    Entry.objects.update(position=None)
    put(2, start=4)
    actions.seal(LOG)
    with pytest.raises(actions.WentBack, match="改写"):
        actions.sign(LOG, keys, AT)


@pytest.mark.django_db
def test_a_silent_witness_is_a_warning_and_a_quiet_log_is_seen_again_each_day(keys, witnesses):
    put(1)
    actions.seal(LOG)
    gone = witnessing.Witness("http://127.0.0.1:9", witnesses[0].verifier)
    done = actions.sign_round(LOG, keys, [gone], AT, is_first=True)
    assert done.checkpoint.size == 1
    assert len(done.warnings) == 2
    now = datetime.now(UTC)
    for at in (now, now, now + timedelta(days=2)):
        actions.sign_round(LOG, keys, witnesses, at, is_first=False)
    assert PublicKey.objects.filter(holder="witness").count() == 1
    note = (folder_of(LOG) / "checkpoint").read_text()
    keys_now = [*keys.verifiers(origin_of(LOG)), witnesses[0].verifier]
    assert len(notes.open_checkpoint(note, keys_now)[1]) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"type": "case.closed"}, {"ref": "other"}, {"at": AT + timedelta(seconds=1)}, {"payload": {"n": 9}},
        {"salt": b"0" * 32}, {"leaf": b"{}"},
    ],
)  # fmt: skip
def test_an_altered_record_row_is_named_by_its_number(keys, change):
    entries = put(6)
    actions.seal(LOG)
    actions.sign(LOG, keys, AT)
    assert not list(checking.findings(LOG, {}))
    tamper(entries[3], **change)
    found = list(checking.findings(LOG, {}))
    assert found
    assert all("第 3 条" in sentence for sentence in found[:1])


@pytest.mark.django_db
def test_an_altered_node_a_lost_row_and_a_false_checkpoint_are_named(keys, tmp_path):
    entries = put(6)
    actions.seal(LOG)
    checkpoint = actions.sign(LOG, keys, AT)
    Node.objects.filter(level=1, index=1).update(hash=b"x" * 32)
    assert any("树节点 1/1" in sentence for sentence in checking.findings(LOG, {}))
    Checkpoint.objects.update(note=checkpoint.note.replace("\n6\n", "\n7\n"))
    assert any("检查点（6 条）：签名不对" in sentence for sentence in checking.findings(LOG, {}))
    entries[2].delete()
    assert any("第 2 条不见了" in sentence for sentence in checking.findings(LOG, {}))


@pytest.mark.django_db
def test_what_was_rewritten_from_leaf_to_root_is_named_from_the_published_files(keys):
    entries = put(6)
    actions.seal(LOG)
    actions.sign_round(LOG, keys, [], AT, is_first=True)
    leaf = rules.leaf("case.filed", AT, "other", rules.commitment(b"s" * 32, {}))
    tamper(entries[3], leaf=leaf, ref="other", payload={}, salt=b"s" * 32)
    Node.objects.all().delete()
    Entry.objects.update(position=None)
    actions.seal(LOG)
    found = list(checking.findings(LOG, {}, folder_of(LOG)))
    assert any("根与现有记录算出的不同" in sentence for sentence in found)
    assert any("第 3 条与已发布的不同" in sentence for sentence in found)


BUSINESS = {}


def business_now(subjects):
    return {subject: BUSINESS[subject] for subject in subjects if subject in BUSINESS}


@pytest.mark.django_db
def test_an_altered_recorded_field_of_a_business_row_is_named(keys, settings):
    put(3)
    actions.record(LOG, "case.categorised", "cases.Case:1", "20261122-000001", {"category": "电梯"}, AT)
    actions.seal(LOG)
    BUSINESS.clear()
    BUSINESS.update(
        {
            f"cases.Case:{number}": {"category": "路灯", "n": number, "ref": f"20261122-{number:06}"}
            for number in range(3)
        }
    )
    BUSINESS["cases.Case:1"]["category"] = "电梯"
    comparers = {"cases.Case": business_now}
    assert not list(checking.findings(LOG, comparers))
    BUSINESS["cases.Case:1"]["category"] = "路灯"
    assert [s.partition("：")[0] for s in checking.findings(LOG, comparers)] == [
        "第 3 条（case.categorised，20261122-000001）"
    ]
    BUSINESS["cases.Case:1"]["category"] = "电梯"
    del BUSINESS["cases.Case:2"]
    assert any("cases.Case:2 不见了" in sentence for sentence in checking.findings(LOG, comparers))


@pytest.mark.django_db
def test_the_migration_puts_the_guards_up_and_takes_them_down():
    migration = import_module("linli.transparency.migrations.0002_guards")
    editor = SimpleNamespace(connection=connection)
    entry = put(1)[0]
    migration.put_up(None, editor)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        entry.delete()
    migration.take_down(None, editor)
    entry.delete()
    assert not Entry.objects.exists()
