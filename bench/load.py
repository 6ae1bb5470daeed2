"""A small HTTP/1.1 load generator: so many connections, each sending its next request when the last was answered.

It runs in a process of its own, so that its CPU time is not the server's.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass


@dataclass
class Run:
    """What one run measured; times in milliseconds."""

    requests: int
    seconds: float
    errors: int
    p50: float
    p99: float


def bytes_of(method: str, path: str, cookie: str, token: str, body: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: keep-alive"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if method == "POST":
        lines += [
            f"X-CSRFToken: {token}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body.encode())}",
        ]
    return ("\r\n".join(lines) + "\r\n\r\n" + (body if method == "POST" else "")).encode()


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lower = head.lower()
    if b"transfer-encoding: chunked" in lower:
        parts = []
        while (size := int((await reader.readline()).strip() or b"0", 16)) > 0:
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readline()
        return status, b"".join(parts)
    at = lower.find(b"content-length:")
    length = int(lower[at + 15 : lower.find(b"\r", at)]) if at >= 0 else 0
    return status, await reader.readexactly(length)


async def connection(port: int, scripts: list, index: int, until: float, times: list[float], bad: list[str]) -> None:
    """Go through this connection's own script over and over; a time covers one whole pass of the script."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    step = index
    while time.perf_counter() < until:
        script = scripts[step % len(scripts)]
        step += 16
        begun = time.perf_counter()
        for request in script:
            writer.write(request)
            await writer.drain()
            status, _body = await answer(reader)
            if status >= 400:
                bad.append(f"{status} {request.split(b' ', 2)[1].decode()}")
        times.append((time.perf_counter() - begun) * 1000)
    writer.close()


async def drive(port: int, scripts: list, connections: int, seconds: float) -> tuple[Run, list[str]]:
    times: list[float] = []
    bad: list[str] = []
    begun = time.perf_counter()
    until = begun + seconds
    await asyncio.gather(*(connection(port, scripts, i, until, times, bad) for i in range(connections)))
    lasted = time.perf_counter() - begun
    times.sort()
    count = len(times)
    p50, p99 = (times[count // 2], times[min(count - 1, int(count * 0.99))]) if count else (0.0, 0.0)
    return Run(count, lasted, len(bad), p50, p99), bad


def main() -> None:
    """Read a plan from standard input: {port, connections, seconds, scripts: [[{method, path, cookie, token, body}]]}."""
    plan = json.load(sys.stdin)
    scripts = [
        [bytes_of(r.get("method", "GET"), r["path"], r.get("cookie", ""), r.get("token", ""), r.get("body", "")) for r in script]
        for script in plan["scripts"]
    ]
    run, bad = asyncio.run(drive(plan["port"], scripts, plan["connections"], plan["seconds"]))
    json.dump({**asdict(run), "bad": bad[:3]}, sys.stdout)


if __name__ == "__main__":
    main()
