"""Whoever holds the database and takes the guards down: each thing they change, add or take out is named."""

import shutil
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from linli.transparency import actions, checking
from linli.transparency.actions.signing import folder_of
from linli.transparency.models import Checkpoint, Cosignature, Entry, Log, Node, PublicKey
from linli.transparency.tests.test_actions import AT, LOG, keys, own_folder, put, witnesses

pytestmark = pytest.mark.django_db
__all__ = ["keys", "own_folder", "witnesses"]
SUBJECTS = {"case": "cases.Case:"}


@pytest.fixture
def log(keys, witnesses):
    """Ten entries, the last a correction of the fifth; a checkpoint after six and one after all, cosigned."""
    entries = put(6)
    for is_first in (True, False):
        actions.seal(LOG)
        actions.sign_round(LOG, keys, witnesses, AT, is_first=is_first)
        if is_first:
            put(3, start=6)
            actions.correct(entries[4], {"n": 5}, AT)
    assert named() == []
    return Entry.objects.order_by("position")


def cases_now(subjects):
    numbers = {subject: int(subject.partition(":")[2]) for subject in subjects}
    return {
        subject: {"category": "路灯", "n": number, "ref": f"20261122-{number:06}"}
        for subject, number in numbers.items()
        if number < 9
    }


def named():
    return list(checking.findings(LOG, {"cases.Case": cases_now}, folder_of(LOG), SUBJECTS))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("log", "330302001002"), ("type", "case.closed"), ("subject", "cases.Case:4"), ("subject", "letters.Letter:3"),
        ("subject", ""), ("subject", "cases.Case:99"), ("ref", "20261122-000004"), ("at", AT.replace(microsecond=5)),
        ("at", AT - timedelta(days=1)), ("payload", {"category": "路灯", "n": 4}), ("payload", [1]), ("payload", "x"),
        ("payload", {"n": 2**60}), ("payload", {}), ("payload", None), ("salt", b"0" * 32), ("salt", b""),
        ("leaf", b"{}"), ("leaf", b"\xff"), ("position", None), ("position", 77), ("corrects", 1),
    ],
)  # fmt: skip
def test_each_altered_column_of_an_entry_is_named_by_its_number(log, column, value):
    entry = log[3]
    if column == "corrects":
        value = log[value]
    Entry.objects.filter(pk=entry.pk).update(**{column: value})
    assert any("第 3 条" in sentence for sentence in named()), named()


def test_a_correction_that_no_longer_names_what_it_corrects_is_named(log):
    Entry.objects.filter(position=9).update(corrects=None)
    assert any("第 9 条" in sentence for sentence in named())
    Entry.objects.filter(position=9).update(corrects=log[2])
    assert any("第 9 条" in sentence for sentence in named())


def test_all_that_is_wrong_is_named_not_only_the_first(log):
    Node.objects.filter(level=0, index__in=(2, 5, 7)).update(hash=b"x" * 32)
    found = named()
    assert all(any(f"第 {number} 条：叶子" in sentence for sentence in found) for number in (2, 5, 7))


def test_exchanged_deleted_and_inserted_rows_are_named(log):
    Entry.objects.filter(position=3).update(position=50)
    Entry.objects.filter(position=4).update(position=3)
    Entry.objects.filter(position=50).update(position=4)
    assert {"第 3 条", "第 4 条"} <= {sentence.partition("：")[0] for sentence in named()}
    log.filter(position=7).delete()
    assert any("第 7 条不见了" in sentence for sentence in named())
    copied = Entry.objects.get(position=1)
    copied.pk, copied.token, copied.position = None, "copiedcopied", None
    copied.save(force_insert=True)
    assert any("抄来的" in sentence for sentence in named())


def test_rows_renumbered_do_not_make_an_old_value_the_newest(log):
    actions.record(LOG, "case.categorised", "cases.Case:1", "20261122-000001", {"category": "电梯"}, AT)
    actions.seal(LOG)
    first = Entry.objects.filter(subject="cases.Case:1").earliest("position")
    Entry.objects.filter(pk=first.pk).update(id=F("id") + 1000)
    assert any("第 10 条" in sentence and "电梯" in sentence for sentence in named())


@pytest.mark.parametrize("level", [1, 2, 3, 9])
def test_a_node_that_nothing_leads_to_is_named(log, level):
    Node.objects.create(log=LOG, level=level, index=40, hash=b"x" * 32)
    assert any(f"树节点 {level}/40" in sentence for sentence in named())


@pytest.mark.parametrize(("level", "index"), [(0, 9), (1, 4), (2, 1), (3, 0)])
def test_a_node_that_is_gone_is_named(log, level, index):
    Node.objects.get(level=level, index=index).delete()
    assert any(f"{level}/{index}" in sentence or f"第 {index} 条" in sentence for sentence in named())


@pytest.mark.parametrize("which", [0, 1], ids=["first", "last"])
@pytest.mark.parametrize(
    ("rows", "change"),
    [
        (Checkpoint, {"log": "330302001002"}), (Checkpoint, {"size": 7}), (Checkpoint, {"root": b"x" * 32}),
        (Checkpoint, {"note": "nothing"}), (Cosignature, {"witness": "other.example"}), (Cosignature, {"at": AT}),
        (Cosignature, {"line": "— x AAAA\n"}), (Cosignature, {"line": ""}), (PublicKey, {"vkey": "nothing"}),
        (PublicKey, {"holder": "nobody"}), (PublicKey, {"log": "330302001002"}),
    ],
    ids=lambda part: part.__name__ if isinstance(part, type) else "-".join(part),
)  # fmt: skip
def test_what_was_changed_about_signatures_and_keys_is_named(log, rows, change, which):
    rows.objects.filter(pk=rows.objects.order_by("pk")[which].pk).update(**change)
    assert named() or list(checking.findings("330302001002", {}))


def test_holders_exchanged_and_rows_taken_out_are_named(log):
    PublicKey.objects.filter(holder="log").update(holder="witness")
    assert any("被改过" in sentence for sentence in named())
    PublicKey.objects.all().delete()
    assert any("已发布的公钥" in sentence for sentence in named())
    Cosignature.objects.all().delete()
    Checkpoint.objects.order_by("size").last().delete()
    assert any("签名不对" in sentence for sentence in named())


def test_a_checkpoint_that_was_published_and_is_gone_is_named(log):
    Cosignature.objects.all().delete()
    Checkpoint.objects.filter(size=10).delete()
    assert "检查点（10 条）已发布，数据库里没有" in named()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("tile/entries/000.p/10", "第 0 条与已发布的不同"), ("tile/0/000.p/10", "tile/0/000.p/10"),
        ("checkpoint", "已发布的检查点"), ("keys", "公钥"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("content", [b"", b"\xff", b"x" * 320], ids=["empty", "letters", "long"])
def test_a_published_file_that_was_replaced_cut_or_lost_is_named(log, path, words, content):
    (folder_of(LOG) / path).write_bytes(content)
    assert any(words in sentence for sentence in named())
    (folder_of(LOG) / path).unlink()
    assert any(words in sentence for sentence in named()) or path == "checkpoint"


def test_a_log_that_lost_everything_is_still_told_and_one_that_never_was_is_refused(log, keys, capsys):
    for rows in (Cosignature, Checkpoint, Node, Log):
        rows.objects.all().delete()
    Entry.objects.filter(corrects__isnull=False).delete()
    Entry.objects.all().delete()
    with pytest.raises(CommandError, match="对不上"):
        call_command("verify_log")
    assert "第 0 条与已发布的不同" in capsys.readouterr().out
    with pytest.raises(CommandError, match="没有这本日志：330302009999"):
        call_command("verify_log", "330302009999")
    PublicKey.objects.all().delete()
    shutil.rmtree(folder_of(LOG))
    with pytest.raises(CommandError, match="还没有日志"):
        call_command("verify_log")
