"""A small HTTP/1.1 load generator: so many connections, each sending its next request when the last was answered.

It runs in a process of its own, so that its CPU time is not the server's; it shares the machine's cores with it. What
a script's answer names can stand in its later requests: MADE is the token of the case that was just made, SERIAL a
number that no other pass has. Both are as long as what replaces them, so that lengths stay true.
"""

import asyncio
import itertools
import json
import re
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

MADE, SERIAL = "@@case@made@", "@@serial@no@"
LOCATION = re.compile(rb"\r\nlocation: \S*?/cases/([0-9a-z]{12})/", re.I)
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.I)
END = b"\r\n\r\n"


@dataclass
class Run:
    """What one run measured; times in milliseconds, of one whole pass of a script."""

    requests: int
    seconds: float
    errors: int
    p50: float
    p99: float
    own_cpu: float  # seconds that the generator itself used


def bytes_of(request: dict) -> bytes:
    method, body = request.get("method", "GET"), request.get("body", "")
    lines = [f"{method} {request['path']} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip"]
    lines += ["Accept-Language: zh-CN", "Connection: keep-alive"]
    if cookie := request.get("cookie"):
        lines.append(f"Cookie: {cookie}")
    if method == "POST":
        lines += [f"X-CSRFToken: {request['csrf']}", "Content-Type: application/x-www-form-urlencoded"]
        lines.append(f"Content-Length: {len(body.encode())}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + (body.encode() if method == "POST" else b"")


@dataclass(frozen=True)
class Step:
    """One request of a script, and the status that it must be answered with."""

    sent: bytes
    expected: int
    name: str


class Load:
    """All connections of one run and what they saw."""

    def __init__(self, scripts: list[list[Step]], until: float) -> None:
        self.scripts, self.until = scripts, until
        self.times: list[float] = []
        self.bad: list[str] = []
        self.serials: Iterator[int] = itertools.count(time.time_ns() % 16**9 * 16**3)
        self.order = itertools.count()
        self.open = 0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Caller(asyncio.Protocol):
    """One connection: goes through one script after another."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.buffer = b""
        self.left = -1  # bytes of the body that are still to come; -1 while the head is
        self.head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.load.open += 1
        self.begin()

    def connection_lost(self, _error: Exception | None) -> None:
        if time.perf_counter() < self.load.until:
            self.load.bad.append("connection closed by the server")
        self.load.open -= 1
        if not self.load.open and not self.load.over.done():
            self.load.over.set_result(None)

    def begin(self) -> None:
        if time.perf_counter() >= self.load.until:
            self.transport.close()
            return
        self.script = self.load.scripts[next(self.load.order) % len(self.load.scripts)]
        self.at, self.made = 0, b""
        self.serial = b"%012x" % (next(self.load.serials) % 16**12)
        self.begun = time.perf_counter()
        self.send()

    def send(self) -> None:
        sent = self.script[self.at].sent.replace(SERIAL.encode(), self.serial)
        self.transport.write(sent.replace(MADE.encode(), self.made) if self.made else sent)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.left < 0:
            head, end, rest = self.buffer.partition(END)
            if not end:
                return
            length = LENGTH.search(head)
            self.head, self.left = head, int(length[1]) if length else 0
            self.buffer = rest
        if len(self.buffer) >= self.left:
            self.buffer, self.left = b"", -1
            self.answered()

    def answered(self) -> None:
        step = self.script[self.at]
        if int(self.head[9:12]) != step.expected:
            self.load.bad.append(f"{self.head[9:12].decode()} instead of {step.expected}: {step.name}")
            self.begin()
            return
        if found := LOCATION.search(self.head):
            self.made = self.made or found[1]
        self.at += 1
        if self.at < len(self.script):
            self.send()
            return
        self.load.times.append((time.perf_counter() - self.begun) * 1000)
        self.begin()


async def drive(
    port: int, scripts: list[list[Step]], connections: int, seconds: float
) -> tuple[Run, list[str]]:
    begun = time.perf_counter()
    load = Load(scripts, begun + seconds)
    loop = asyncio.get_running_loop()
    for _ in range(connections):
        await loop.create_connection(lambda: Caller(load), "127.0.0.1", port)
    await load.over
    lasted = time.perf_counter() - begun
    times = sorted(load.times)
    count = len(times)
    p50, p99 = (times[count // 2], times[min(count - 1, int(count * 0.99))]) if count else (0.0, 0.0)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Run(count, lasted, len(load.bad), p50, p99, used.ru_utime + used.ru_stime), load.bad


def main() -> None:
    """Read a plan from standard input: port, connections, seconds, and scripts as lists of requests."""
    plan = json.load(sys.stdin)
    scripts = [
        [Step(bytes_of(r), r.get("expect", 200), f"{r.get('method', 'GET')} {r['path']}") for r in script]
        for script in plan["scripts"]
    ]
    run, bad = asyncio.run(drive(plan["port"], scripts, plan["connections"], plan["seconds"]))
    json.dump({**asdict(run), "bad": sorted(set(bad))[:3]}, sys.stdout)


if __name__ == "__main__":
    main()
