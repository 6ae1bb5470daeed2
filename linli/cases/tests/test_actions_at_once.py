"""Several at once: real processes on the real database, because a thread on an in-memory one proves nothing."""

import json
import subprocess
import sys
import time

import pytest

from linli.base.tests.house import House, house

__all__ = ["house"]

SETUP = """
import json
from tests.cast import build
from linli.cases.tests.rows import filed
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


@pytest.mark.slow
def test_eight_dispatches_at_once_by_two_workers_make_one_order_and_a_form_files_once(house: House) -> None:
    given = house.run(SETUP).strip().splitlines()[-1]
    starts = str(time.time() + 8)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORK, given, str(number), starts],
            env=house.environment, stdout=subprocess.PIPE, text=True,
        )
        for number in range(EIGHT)
    ]  # fmt: skip
    said = [json.loads(worker.communicate(timeout=120)[0].strip().splitlines()[-1]) for worker in workers]
    assert all(worker.returncode == 0 for worker in workers)
    orders, same, numbers, registered = (set(column) for column in zip(*said, strict=True))
    assert len(orders) == 1
    assert len(same) == 1
    assert len(numbers) == EIGHT
    assert len(registered) == 1  # the same name and number at one moment is one person
