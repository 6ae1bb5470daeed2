"""Real processes: two sealers at once, and a sealer killed in the middle."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.db import connection, connections

from linli.transparency import actions, checking, merkle, rules, store
from linli.transparency.models import Entry, Log, Node

LOG = "330302001001"
AT = datetime(2026, 11, 22, tzinfo=UTC)
COUNT = 3000
SEALER = """
import django, sys, time
django.setup()
from linli.transparency.actions import sealing
sealing.BATCH = int(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
sealing.seal("330302001001")
"""
TABLES = (Log, Entry, Node)


@pytest.fixture
def address(tmp_path, settings, transactional_db):
    """A database that other processes see: the test's own on PostgreSQL, a file on SQLite."""
    if connection.vendor == "postgresql":
        at = connection.settings_dict
        password = f":{quote(at['PASSWORD'], safe='')}" if at["PASSWORD"] else ""
        host = quote(at["HOST"] or "", safe="") + (f":{at['PORT']}" if at["PORT"] else "")
        yield f"postgresql://{quote(at['USER'], safe='')}{password}@{host}/{at['NAME']}"
        return
    path = tmp_path / "file.sqlite3"
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL"}
    usual = connections["default"]
    connections["default"] = usual.copy()
    connections["default"].settings_dict = {**usual.settings_dict, "NAME": str(path), "OPTIONS": options}
    with connections["default"].schema_editor() as editor:
        for model in TABLES:
            editor.create_model(model)
    yield f"sqlite:///{path}"
    connections["default"].close()
    connections["default"] = usual


@pytest.fixture
def start(address, tmp_path):
    running = []

    def sealer(batch):
        environment = os.environ | {
            "DATABASE_URL": address,
            "LINLI_DATA": str(tmp_path / "data"),
            "DJANGO_SETTINGS_MODULE": "linli.config.settings",
        }
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            [sys.executable, "-c", SEALER, str(batch)],
            env=environment,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            text=True,
        )
        running.append(process)
        assert process.stdout.readline() == "ready\n", process.stderr.read()
        return process

    yield sealer
    for process in running:
        process.kill()
        process.communicate()


def go(process):
    process.stdin.write("\n")
    process.stdin.flush()


def fill():
    for number in range(COUNT // 500):
        rows = []
        for step in range(500):
            row = Entry(
                log=LOG, type="a", subject=f"b:{number}", ref=f"{number}-{step}", at=AT, salt=b"", leaf=b"",
            )  # fmt: skip
            row.payload, row.salt = {"n": step}, bytes(32)
            row.leaf = rules.leaf("a", AT, row.ref, rules.commitment(row.salt, row.payload))
            rows.append(row)
        Entry.objects.bulk_create(rows)


def assert_whole():
    assert store.size_of(LOG) == COUNT
    assert Entry.objects.filter(log=LOG).count() == COUNT
    assert Entry.objects.values("position").distinct().count() == COUNT
    assert not list(checking._check_entries(LOG, {})) + list(checking._check_nodes(LOG))
    nodes = {}
    for position, leaf in enumerate(store.leaves(LOG, 0, COUNT)):
        hashed = merkle.hash_leaf(leaf)
        for level, index, value in merkle.seats_on_append(position, hashed, lambda *seat: nodes[seat]):
            nodes[level, index] = value
    assert store.root(LOG, COUNT) == merkle.root(COUNT, lambda *seat: nodes[seat])
    assert Node.objects.count() == len(nodes)


@pytest.mark.slow
def test_two_processes_that_seal_at_once_leave_no_gap_and_nothing_twice(start):
    fill()
    sealers = [start(37), start(41)]
    for sealer in sealers:
        go(sealer)
    for sealer in sealers:
        _out, errors = sealer.communicate(timeout=60)
        assert sealer.returncode == 0, errors
    assert_whole()


@pytest.mark.slow
def test_a_sealer_killed_in_the_middle_loses_and_doubles_nothing(start):
    fill()
    for _round in range(3):
        before = store.size_of(LOG)
        sealer = start(20)
        go(sealer)
        deadline = time.monotonic() + 20
        while store.size_of(LOG) == before and time.monotonic() < deadline:
            time.sleep(0.002)
        sealer.kill()
        sealer.wait()
        assert before < store.size_of(LOG) < COUNT
    actions.seal(LOG)
    assert_whole()
