import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import timedelta
from http.client import HTTPConnection

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.brokers.orm import ORM
from django_q.models import OrmQ, Schedule
from django_q.signing import SignedPackage

from linli.base.jobs import every, keep_schedule, later
from linli.base.processes import Child
from linli.base.tests.house import House, alive, family, wait_until


def waiting() -> list[tuple[str, tuple[object, ...]]]:
    packages = [SignedPackage.loads(row.payload) for row in OrmQ.objects.order_by("pk")]
    return [(package["func"], tuple(package["args"])) for package in packages]


@pytest.mark.django_db
def test_a_job_is_kept_with_the_transaction_that_causes_it_or_lost_with_it() -> None:
    later("linli.somewhere.jobs.work", 7)
    with suppress(ZeroDivisionError), transaction.atomic():
        later("linli.somewhere.jobs.work", 8)
        raise ZeroDivisionError
    assert waiting() == [("linli.somewhere.jobs.work", (7,))]


@pytest.mark.django_db
def test_a_job_whose_worker_was_killed_is_handed_out_again() -> None:
    later("linli.somewhere.jobs.work")
    first, second = ORM("linli"), ORM("linli")
    assert len(first.dequeue()) == 1  # and is killed: nothing is acknowledged
    assert not second.dequeue()
    retry = timedelta(seconds=settings.Q_CLUSTER["retry"])
    assert OrmQ.objects.get().lock > timezone.now() + retry - timedelta(seconds=30)
    OrmQ.objects.update(lock=timezone.now() - timedelta(seconds=1))  # six minutes later
    ((job, _payload),) = second.dequeue()
    second.acknowledge(job)
    assert not OrmQ.objects.exists()


def test_no_job_runs_twice_at_once() -> None:
    assert settings.Q_CLUSTER["retry"] > settings.Q_CLUSTER["timeout"] + 3


@pytest.mark.django_db
def test_the_clock_is_set_once_however_often() -> None:
    every(5, "linli.somewhere.jobs.look")
    every(9, "linli.somewhere.jobs.look")
    Schedule.objects.create(func="linli.somewhere.jobs.look", schedule_type=Schedule.MINUTES, minutes=1)
    keep_schedule([(7, "linli.somewhere.jobs.look"), (1, "linli.somewhere.jobs.write")])
    keep_schedule([(7, "linli.somewhere.jobs.look")])
    assert list(Schedule.objects.values_list("func", "minutes")) == [("linli.somewhere.jobs.look", 7)]


@pytest.mark.parametrize("job", [job for _minutes, job in settings.SCHEDULE])
def test_every_job_on_the_clock_exists(job: str) -> None:
    assert callable(import_string(job))


def test_a_child_that_dies_is_started_again_after_a_growing_pause() -> None:
    child = Child("short", [sys.executable, "-c", "raise SystemExit(3)"])
    now = time.monotonic()
    pauses = []
    for _round in range(3):
        child.look(now)
        assert child.process is not None
        child.process.wait()
        assert child.look(now) == 3
        assert child.look(now) is None  # not yet
        assert child.process is None
        pauses.append(child.wait)
        now += child.wait
    assert pauses == [2.0, 4.0, 8.0]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether our own code answers at `port`: the face switch refuses a GET."""
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/face/")
        return connection.getresponse().status == 405
    except OSError:
        return False


def child_of(process: subprocess.Popen[bytes], word: str) -> int:
    """Return the id of the child of `process` whose command names `word`; 0 where it is not running."""
    for pid in alive(family(process.pid)) - {process.pid}:
        with suppress(OSError), open(f"/proc/{pid}/stat") as stat, open(f"/proc/{pid}/cmdline") as command:
            if int(stat.read().rpartition(")")[2].split()[1]) == process.pid and word in command.read():
                return pid
    return 0


@pytest.mark.slow
def test_ctrl_c_stops_everything_and_what_was_killed_comes_back(house: House) -> None:
    port = free_port()
    serve = house.start("serve", "--port", str(port))
    wait_until(lambda: answers(port), "the first answer")
    wait_until(lambda: len(family(serve.pid)) >= 6, "the worker's own children")
    for word in ("granian", "work"):
        wait_until(lambda word=word: bool(child_of(serve, word)), word)  # type: ignore[misc]
        killed = child_of(serve, word)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda word=word, killed=killed: child_of(serve, word) not in {0, killed}, word)  # type: ignore[misc]
    wait_until(lambda: answers(port), "an answer after the kill")
    wait_until(lambda: len(family(serve.pid)) >= 6, "everybody's return")  # a dying server may still answer
    everyone = family(serve.pid)
    begun = time.monotonic()
    serve.send_signal(signal.SIGINT)
    assert serve.wait(15) == 0
    assert time.monotonic() - begun < 10
    wait_until(lambda: not alive(everyone), f"the end of {everyone}")
    assert not answers(port)


@pytest.mark.slow
def test_children_do_not_outlive_a_server_that_is_killed(house: House) -> None:
    port = free_port()
    serve = house.start("serve", "--port", str(port))
    wait_until(lambda: answers(port), "the first answer")
    everyone = family(serve.pid)
    serve.kill()
    wait_until(lambda: not alive(everyone), f"the end of {everyone}")


@pytest.mark.slow
def test_a_port_that_is_taken_is_said_at_once(house: House) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert house.start("serve", "--port", str(port)).wait(30) == 1
    assert str(port) in (house.folder / "serve.log").read_text()
    assert "Traceback" not in (house.folder / "serve.log").read_text()
