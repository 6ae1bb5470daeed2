"""Several at once: real processes on the real database, because a thread on an in-memory one proves nothing."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections

ROOT = Path(__file__).resolve().parents[3]
SETUP = """
import json, os, sys
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
settings.DEBUG = False
from tests.cast import build
from linli.cases.tests.rows import filed
call_command("migrate", run_syncdb=True, verbosity=0)
willow = build()
case = filed(willow)
print(json.dumps({"case": case.pk, "body": willow.property.pk, "desk": [willow.sun.pk, willow.wang.pk],
    "zhang": willow.zhang.pk, "lamp": willow.lamp.pk}))
"""
WORK = """
import json, sys, time
import django
django.setup()
from datetime import timedelta
from linli.base.errors import Refused
from linli.cases import actions
from linli.cases.models import Case
from linli.organisations.models import Organisation
from linli.people import actions as people
from linli.people.models import Person
from linli.places.models import Place
from tests.cast import MONDAY
given, number, starts = json.loads(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
case = Case.objects.get(pk=given["case"])
body = Organisation.objects.get(pk=given["body"])
by = Person.objects.get(pk=given["desk"][number % 2])
lamp, zhang = Place.objects.get(pk=given["lamp"]), Person.objects.get(pk=given["zhang"])
time.sleep(max(0, starts - time.time()))
known = people.register("钱一", "13900139001", MONDAY)
order = actions.dispatch(case, body, by=by, at=MONDAY + timedelta(minutes=number))
said = actions.Said(text="路灯不亮", place=lamp)
same = actions.file(said, by=zhang, at=MONDAY, once="the same form")
own = actions.file(said, by=zhang, at=MONDAY, once=f"form {number}")
print(json.dumps([order.pk, same.pk, own.number, known.pk]))
"""
EIGHT = 8


def database(tmp_path: Path) -> str:
    """A database of its own: a file where the suite runs on SQLite, else a fresh one beside the suite's."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{tmp_path / 'at_once.sqlite3'}"
    return os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/linli_at_once"


def run(code: str, *args: str, **environment: str) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    everything = {**os.environ, "DJANGO_SETTINGS_MODULE": "linli.config.settings_test", "PYTHONPATH": path}
    everything.update(environment)
    return subprocess.Popen(
        [sys.executable, "-c", code, *args], env=everything, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def make_database(url: str) -> None:
    if url.startswith("sqlite"):
        return
    with psycopg.connect(url.rsplit("/", 1)[0] + "/postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS linli_at_once")
        connection.execute("CREATE DATABASE linli_at_once")


@pytest.mark.slow
def test_eight_dispatches_at_once_by_two_workers_make_one_order_and_a_form_files_once(tmp_path: Path) -> None:
    url = database(tmp_path)
    make_database(url)
    environment = {"DATABASE_URL": url, "LINLI_DATA": str(tmp_path)}
    setup = run(SETUP, **environment)
    given = setup.communicate(timeout=120)[0].strip().splitlines()[-1]
    starts = str(time.time() + 8)
    workers = [run(WORK, given, str(number), starts, **environment) for number in range(EIGHT)]
    said = [json.loads(worker.communicate(timeout=120)[0].strip().splitlines()[-1]) for worker in workers]
    assert all(worker.returncode == 0 for worker in workers)
    orders, same, numbers, registered = (set(column) for column in zip(*said, strict=True))
    assert len(orders) == 1
    assert len(same) == 1
    assert len(numbers) == EIGHT
    assert len(registered) == 1  # the same name and number at one moment is one person
    connections.close_all()
