"""Start and stop the measured server, and read how much CPU time it and its children have used."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def family(root: int) -> list[int]:
    """Return the process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (words := stat(int(entry.name))):
            children.setdefault(int(words[1]), []).append(int(entry.name))
    found, queue = [], [root]
    while queue:
        one = queue.pop()
        found.append(one)
        queue += children.get(one, [])
    return found


def stat(pid: int) -> list[str]:
    """Return what /proc says of a process behind its name, nothing where it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def cpu_seconds(root: int) -> float:
    """Return the CPU time of a process, its descendants, and those of them that have ended."""
    lines = [words for pid in family(root) if (words := stat(pid))]
    return sum(int(word) for words in lines for word in words[11:15]) / TICK


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """granian as `linli serve` starts it: on SQLite processes with one thread each, on PostgreSQL four threads."""

    def __init__(self, target: str, environment: dict[str, str], *, threads: int) -> None:
        self.port = free_port()
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", "2", "--blocking-threads", str(threads), "--no-ws", "--log-level", "warning", target,
        ]  # fmt: skip
        self.process = subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True)
        self._wait()

    def _wait(self) -> None:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/bench/hello/", timeout=2)
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the measured server did not start")

    def cpu(self) -> float:
        return cpu_seconds(self.process.pid)

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
