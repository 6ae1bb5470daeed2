"""Child processes that live and die with the one that started them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.management import CommandError
from django.utils.module_loading import import_string

PR_SET_PDEATHSIG = 1  # linux/prctl.h
GRACE = 6.0  # seconds between "please stop" and "stop"
STEADY = 60.0  # seconds after which a child counts as well again
LONGEST_WAIT = 30.0
LOOK = 0.2


def die_with_parent(by: int = signal.SIGKILL) -> None:
    """Ask the kernel to send this process `by` when its parent dies, in whatever way. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, by)


def _child_begins() -> None:
    die_with_parent(signal.SIGTERM)


@dataclass
class Child:
    """One program that is kept running, in a session of its own so that its whole family ends with it."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    start_at: float = 0.0
    started: float = 0.0
    wait: float = 1.0

    def start(self, now: float) -> None:
        """Start the program; `now` is a monotonic time in seconds."""
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_child_begins,  # noqa: PLW1509 (this process has no threads)
        )
        self.started = now

    def look(self, now: float) -> int | None:
        """Start what should run and does not; return the exit code of a program that has just died."""
        if self.process is None:
            if now >= self.start_at:
                self.start(now)
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.end_family()
        self.wait = 1.0 if now - self.started > STEADY else min(self.wait * 2, LONGEST_WAIT)
        self.process, self.start_at = None, now + self.wait
        return code

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the program, which ends its own children."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end_family(self) -> None:
        """Kill whatever of the program's session is left: the children of one that was killed, say."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return  # nobody is left
        if self.process.returncode is None:
            self.process.wait()


class Keeper:
    """Runs children until somebody says stop (Ctrl-C or SIGTERM), and leaves no process behind."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stopping = False

    def stop(self, *_signal: object) -> None:
        """Begin to stop; fit as a signal handler."""
        self.stopping = True

    def run(self) -> None:
        """Keep the children running until `stop`, starting the dead again after a growing pause."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.stop)
        try:
            while not self.stopping:
                for child in self.children:
                    code = child.look(time.monotonic())
                    if code is not None:
                        sys.stderr.write(f"{child.name}: exit {code}, again in {child.wait:.0f} s\n")
                time.sleep(LOOK)
        finally:
            self.end_all()

    def end_all(self) -> None:
        """Ask all to stop, wait for `GRACE` seconds at most, and kill what is left."""
        for child in self.children:
            child.ask_to_stop()
        patience = time.monotonic() + GRACE
        for child in self.children:
            if child.process is not None:
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.0, patience - time.monotonic()))
                child.end_family()


def require_start() -> None:
    """Refuse to start (CommandError, one sentence) where one of settings.START_CHECKS says why not."""
    for path in settings.START_CHECKS:
        if refusal := import_string(path)():
            raise CommandError(refusal)
