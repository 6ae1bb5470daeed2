"""Exactly once in the app and at most once outside, with real threads and killed processes."""

import json
import signal

import pytest

from linli.base.tests.house import House, wait_until

PERSONS = """
from django.utils import timezone
from linli.people import actions as people
now = timezone.now()
persons = [people.register(f"居民{n}", f"1380000000{n}", at=now) for n in range(5)]
"""

EIGHT = (
    PERSONS
    + """
import threading
from django.db import connection
from linli.notices import actions
gate = threading.Barrier(8)
def tell_and_send():
    gate.wait()
    for number in range(3):
        actions.tell(persons, f"cases.Case:{number}:x", "停水通知", "", "", "您住在这里", now, is_urgent=True)
        while actions.send_next(timezone.now()):
            pass
    connection.close()
threads = [threading.Thread(target=tell_and_send) for _ in range(8)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
from linli.notices.models import Delivery, Notice
print(Notice.objects.count(), Delivery.objects.filter(state="sent").count(), Delivery.objects.count())
"""
)


@pytest.mark.slow
def test_eight_at_once_tell_once_and_send_once(house: House) -> None:
    house.environment["LINLI_SMS_GATEWAY"] = "linli.base.gateways.file"
    assert house.run(EIGHT).split()[-3:] == ["15", "15", "15"]
    lines = (house.folder / "messages.jsonl").read_text().splitlines()
    attempts = [json.loads(line)["attempt"] for line in lines]
    assert len(attempts) == len(set(attempts)) == 15


TELL_ONE = (
    PERSONS
    + """
from linli.notices import actions
actions.tell(persons[:1], "cases.Case:1:x", "停水通知", "", "", "您住在这里", now, is_urgent=True)
"""
)
HAND_OUT_AGAIN = """
from datetime import timedelta
from django.utils import timezone
from django_q.models import OrmQ
print(OrmQ.objects.update(lock=timezone.now() - timedelta(seconds=1)))
"""
STATES = """
from linli.notices.models import Delivery, Notice
print(Notice.objects.count(), *Delivery.objects.values_list("state", flat=True))
"""
LATER = """
from datetime import timedelta
from django.utils import timezone
from linli.notices import actions
actions.mark_lost(timezone.now() + timedelta(minutes=11))
"""


@pytest.mark.slow
def test_a_sender_killed_by_nine_leaves_unknown_and_sends_no_second_message(house: House) -> None:
    house.environment["LINLI_SMS_GATEWAY"] = "linli.notices.tests.gateways.kills_the_sender"
    taken = house.folder / "taken"
    house.run(TELL_ONE)
    worker = house.start("work")
    wait_until(taken.exists, "the gateway to take the message")
    assert int(house.run(HAND_OUT_AGAIN)) >= 1  # the job was not acknowledged; here it is again
    wait_until(
        lambda: house.run("from django_q.models import OrmQ; print(OrmQ.objects.count())") == "0\n", "job"
    )
    assert house.run(STATES).split() == ["1", "sending"]
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    house.run(LATER)
    assert house.run(STATES).split() == ["1", "unknown"]
    assert len(taken.read_text().splitlines()) == 1
