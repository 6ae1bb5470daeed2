"""What is outside, faked for tests with real processes."""

import os
import signal
from pathlib import Path

from django.conf import settings

from linli.base.gateways import Outcome


def kills_the_sender(attempt: str, number: str, text: str) -> Outcome:
    """Take the message, and kill -9 the process before it hears of it."""
    with (Path(settings.DATA) / "taken").open("a") as taken:
        taken.write(attempt + "\n")
        taken.flush()
        os.fsync(taken.fileno())
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError
