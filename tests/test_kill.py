"""Kill -9 of web, worker and signer under load: what was acknowledged is there once, and the log verifies."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

import pytest

from linli.base.tests.house import House, alive, family, house, wait_until
from tests.visitors import LOST, Answer, Visitor

__all__ = ["house"]

SPEAKERS = 4
BETWEEN = 5  # cases acknowledged between two kills
FEWEST_DONE = 4  # cases that were taken through to "resolved" meanwhile

PREPARE = """
from tests.cast import build
from tests.signing_in import signed_in
willow = build()
for person in (willow.sun, willow.zhao):
    print(signed_in(person).cookies["sessionid"].value)
print(willow.estate.token, willow.property.token)
"""
COUNT = """
import json
from django.db.models import Count
from linli.cases.models import Case, Order
from linli.notices.models import Delivery, Notice
from linli.transparency.models import Checkpoint, Entry
twice = Notice.objects.values("person", "title").annotate(n=Count("id")).filter(n__gt=1)
print(json.dumps({
    "tokens": list(Case.objects.values_list("token", flat=True)),
    "numbers": list(Case.objects.order_by("number").values_list("number", flat=True)),
    "unrecorded": Case.objects.exclude(number__in=Entry.objects.filter(type="case.filed").values("ref")).count(),
    "filed": Entry.objects.filter(type="case.filed").count(),
    "resolved": list(Case.objects.exclude(resolved_at=None).values_list("token", flat=True)),
    "orders": Order.objects.count(),
    "dispatched": Case.objects.exclude(lead=None).count(),
    "notices": Notice.objects.count(),
    "twice": twice.count(),
    "sealed": Entry.objects.exclude(position=None).count(),
    "entries": Entry.objects.count(),
    "checkpoints": Checkpoint.objects.count(),
    "unfinished": Delivery.objects.filter(state="waiting").count(),
}))
"""
HAND_OUT_AGAIN = """
from datetime import timedelta
from django.utils import timezone
from django_q.models import OrmQ
OrmQ.objects.update(lock=timezone.now() - timedelta(seconds=1))
"""
WAITING = "from django_q.models import OrmQ; print(OrmQ.objects.count())"


@dataclass
class Load:
    """What the callers were promised: cases that were acknowledged, and which of them were said to be done."""

    address: str
    estate: str
    unit: str
    over: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)
    acknowledged: list[str] = field(default_factory=list)  # tokens, one for each redirect that came back
    resolved: list[str] = field(default_factory=list)
    lost: int = 0  # answers that never came
    strange: list[str] = field(default_factory=list)  # answers that nobody should get

    def ask(self, visitor: Visitor, path: str, typed: dict[str, str] | None) -> Answer | None:
        """Ask until an answer comes, as a person does who presses again; None when time is up first."""
        while True:
            try:
                answer = visitor.get(path) if typed is None else visitor.post(path, typed)
            except LOST:
                self.lost += 1
                if self.over.is_set():
                    return None
                time.sleep(0.1)
                continue
            if answer.status not in (200, 302, 409):
                self.strange.append(f"{answer.status} {path}")
            return answer

    def speak(self, speaker: int) -> None:
        """File one case after the other, each by somebody with a telephone."""
        visitor = Visitor(self.address)
        number = 0
        while not self.over.is_set():
            if "csrftoken" not in visitor.cookies:
                self.ask(visitor, "/cases/say/", None)
                continue
            number += 1
            key = f"speaker-{speaker}-case-{number}"
            phone = f"139{speaker:02d}{number:06d}"
            typed = {"text": f"{key}：楼道的灯不亮", "place": self.estate, "once": key, "phone": phone}
            answer = self.ask(visitor, "/cases/say/", typed)
            found = re.search(r"/cases/(\w+)/said/", answer.location) if answer else None
            if found:
                with self.lock:
                    self.acknowledged.append(found[1])

    def handle(self, desk: Visitor, worker: Visitor) -> None:
        """Take cases through to their end, while all is dying around."""
        self.ask(desk, "/cases/say/", None)
        self.ask(worker, "/cases/say/", None)
        done = 0
        while not self.over.is_set():
            if done >= len(self.acknowledged):
                time.sleep(0.05)
                continue
            token = self.acknowledged[done]
            done += 1
            steps = [
                (desk, "dispatch", {"lead": self.unit}),
                (worker, "sign", {}),
                (worker, "resolve", {"answer": "灯泡换好了，晚上试过会亮。"}),
            ]
            answers = [
                self.ask(who, f"/cases/{token}/{verb}/", {"next": "/cases/say/", **typed})
                for who, verb, typed in steps
            ]
            if all(answer is not None and answer.status == 302 for answer in answers):
                self.resolved.append(token)


@pytest.fixture
def serving(house: House) -> tuple[House, int]:
    """The house with its web server and worker, and a signer that signs each second."""
    house.environment["LINLI_SMS_GATEWAY"] = "linli.base.gateways.file"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return house, port


def serve(house: House, port: int) -> subprocess.Popen[bytes]:
    return house.start("serve", "--port", str(port), "--processes", "2")


def sign(house: House) -> subprocess.Popen[bytes]:
    return house.start("sign", "--every", "1")


def answers(address: str) -> bool:
    try:
        return Visitor(address, patience=5).get("/cases/say/").status == 200
    except LOST:
        return False


def members(serving: subprocess.Popen[bytes], word: str) -> list[int]:
    """Return those of the server's family whose command line holds `word`, oldest first."""
    found = []
    for pid in sorted(alive(family(serving.pid)) - {serving.pid}):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if word.encode() in words:
            found.append(pid)
    return found


def kill(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


@dataclass
class Killer:
    """Kills at random, and brings back what nobody else does."""

    house: House
    port: int
    web: subprocess.Popen[bytes]
    signer: subprocess.Popen[bytes]
    chance: random.Random
    killed: dict[str, int] = field(default_factory=dict)

    def strike(self, what: str) -> None:
        self.killed[what] = self.killed.get(what, 0) + 1
        if what == "signer":
            kill([self.signer.pid])
            self.signer.wait()
            self.signer = sign(self.house)
        elif what == "everything":
            kill(sorted(alive(family(self.web.pid))))
            self.web.wait()
            self.web = serve(self.house, self.port)
        elif what == "worker":
            kill(members(self.web, "work")[:1])
        else:
            pids = members(self.web, "granian")
            kill([self.chance.choice(pids[1:])] if len(pids) > 1 else pids)


def prepared(house: House, address: str) -> tuple[Load, Visitor, Visitor]:
    """Fill the house with the cast; return the load to come, the desk and the property's worker."""
    desk, worker, tokens = house.run(PREPARE).strip().splitlines()[-3:]
    estate, unit = tokens.split()
    load = Load(address, estate, unit)
    return load, Visitor(address, {"sessionid": desk}), Visitor(address, {"sessionid": worker})


@pytest.mark.slow
def test_killed_under_load_nothing_acknowledged_is_lost_and_the_log_verifies(
    serving: tuple[House, int],
) -> None:
    house, port = serving
    address = f"http://127.0.0.1:{port}"
    load, desk, worker = prepared(house, address)
    killer = Killer(house, port, serve(house, port), sign(house), random.Random(7))
    wait_until(lambda: answers(address), "the first page")
    threads = [Thread(target=load.speak, args=(number,)) for number in range(SPEAKERS)]
    threads.append(Thread(target=load.handle, args=(desk, worker)))
    for thread in threads:
        thread.start()
    try:
        strike(load, killer)
    finally:
        load.over.set()
        for thread in threads:
            thread.join()
    finish(house)
    stop(killer)
    for words in (["seal"], ["sign", "--once"], ["verify_log"]):
        done = linli(house, *words)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
    found = json.loads(house.run(COUNT).splitlines()[-1])
    assert_nothing_lost(load, found, killer)
    assert_told_once(house, found)
    assert found["sealed"] == found["entries"] > 0
    assert found["checkpoints"] > 1


def strike(load: Load, killer: Killer) -> None:
    """Kill one after the other, each time in the middle of work: some cases after the last blow."""
    plan = ["web", "signer", "worker", "web", "everything", "signer", "worker", "web"]
    killer.chance.shuffle(plan)
    for what in plan:
        so_far = len(load.acknowledged)
        wait_until(
            lambda so_far=so_far: len(load.acknowledged) >= so_far + BETWEEN, "cases between two kills"
        )
        time.sleep(killer.chance.uniform(0, 0.3))
        killer.strike(what)
    wait_until(
        lambda: answers(load.address) and len(load.resolved) >= FEWEST_DONE, "work after the last kill"
    )


def finish(house: House) -> None:
    """Let the worker do what killed workers left: their jobs come back (sooner here than after six minutes)."""
    house.run(HAND_OUT_AGAIN)
    wait_until(lambda: house.run(WAITING).strip() == "0", "the worker to finish")


def stop(killer: Killer) -> None:
    for process in (killer.web, killer.signer):
        process.send_signal(signal.SIGTERM)
    for process in (killer.web, killer.signer):
        process.wait(30)


def assert_nothing_lost(load: Load, found: dict[str, Any], killer: Killer) -> None:
    tokens = found["tokens"]
    assert not load.strange, load.strange[:5]
    assert len(load.acknowledged) >= BETWEEN * sum(killer.killed.values())
    assert load.lost > 0, "nobody noticed that anything was killed"
    assert len(load.acknowledged) == len(set(load.acknowledged))
    assert set(load.acknowledged) <= set(tokens)
    assert len(tokens) - len(load.acknowledged) <= SPEAKERS  # each speaker's last answer may never have come
    numbers = [int(number.partition("-")[2]) for number in found["numbers"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert (found["unrecorded"], found["filed"]) == (0, len(tokens))  # case and entry: both or neither
    assert len(load.resolved) >= FEWEST_DONE
    assert set(load.resolved) <= set(found["resolved"])
    assert found["orders"] == found["dispatched"]


def assert_told_once(house: House, found: dict[str, Any]) -> None:
    """Nobody has the same notice twice; outside, no attempt was handed over twice."""
    assert found["twice"] == 0
    assert found["notices"] >= len(found["resolved"]) > 0
    path = house.folder / "messages.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    messages = [json.loads(line) for line in lines]
    attempts = [message["attempt"] for message in messages]
    assert len(attempts) == len(set(attempts))
    told = [(message["number"], message["text"]) for message in messages]
    assert len(told) == len(set(told))


def linli(house: House, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "django", *words],
        env=house.environment,
        capture_output=True,
        text=True,
        check=False,
    )
