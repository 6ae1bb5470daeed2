"""A house of its own for tests that start and kill real processes: a data folder, a database, our commands."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

PATIENCE = 40.0  # seconds; the machine may be busy with other tests


@dataclass
class House:
    """`run(code)` runs Python in it and returns what it printed; `start(command …)` starts a `linli` command."""

    folder: Path
    environment: dict[str, str]
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def run(self, code: str) -> str:
        setup = "import django; django.setup()\n"
        return subprocess.check_output([sys.executable, "-c", setup + code], env=self.environment, text=True)

    def start(self, *words: str, **settings: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{words[0]}.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "django", *words],
            env=self.environment | settings, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        self.started.append(process)
        return process


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.1)


def family(pid: int) -> set[int]:
    """Return the ids of a process and all that descend from it (Linux)."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it ended while we looked
    found, grown = {pid}, True
    while grown:
        more = {child for child, parent in parents.items() if parent in found} - found
        found, grown = found | more, bool(more)
    return found


def alive(pids: set[int]) -> set[int]:
    """Return those that run; a zombie that its parent has not yet collected does not."""
    running = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state not in {"Z", "X"}:
            running.add(pid)
    return running


def _own_database(address: str, name: str, template: str = "template1") -> str:
    """Make a database beside the suite's on the same PostgreSQL server; SQLite makes its file itself."""
    if not address.startswith("postgres"):
        return ""
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[call-overload]
    return urlsplit(address)._replace(path=f"/{name}").geturl()


def _environment(folder: Path, address: str) -> dict[str, str]:
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {
        "LINLI_DATA": str(folder),
        "LINLI_DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "linli.config.settings",
    }
    return environment | ({"DATABASE_URL": address} if address else {})


def _built(shared: Path, name: str) -> Path:
    """Return the folder from which houses are copied, beside a database of that name; all processes share one."""
    folder = shared / "house"
    with (shared / "house.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # who comes second waits until the tables are there
        if not folder.exists():
            folder.mkdir()
            environment = _environment(folder, _own_database(os.environ.get("DATABASE_URL", ""), name))
            migrate = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "-v", "0"]
            subprocess.run(migrate, env=environment, check=True)
    return folder


@pytest.fixture
def house(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, testrun_uid: str, worker_id: str
) -> Iterator[House]:
    own, name = tmp_path_factory.getbasetemp(), f"house_{testrun_uid}"
    folder = _built(own if worker_id == "master" else own.parent, name)
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    mine = f"house_{worker_id}_{time.monotonic_ns()}"
    address = _own_database(os.environ.get("DATABASE_URL", ""), mine, name)
    house = House(tmp_path, _environment(tmp_path, address))
    yield house
    for process in house.started:
        for pid in alive(family(process.pid)):
            os.kill(pid, signal.SIGKILL)
        process.wait()
