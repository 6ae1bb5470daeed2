"""Short messages to the outside world: one interface, and gateways for a terminal, a file and the tests.

A gateway is a callable `(attempt, number, text) -> Outcome`, named by its dotted path in
`settings.SMS_GATEWAY`. `attempt` is the caller's id of this one attempt; a supplier that knows it can
recognise a repetition.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from linli.base.crypto import blind_index
from linli.base.text import masked_phone

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sent:
    """The supplier took the message."""


@dataclass(frozen=True)
class Failed:
    """The supplier certainly did not take it; `words` say why."""

    words: str = ""


@dataclass(frozen=True)
class TimedOut:
    """Nobody knows: the message may be on its way. It is never sent again by itself."""


Outcome = Sent | Failed | TimedOut
Gateway = Callable[[str, str, str], Outcome]


def send(attempt: str, number: str, text: str) -> Outcome:
    """Hand one message to the configured gateway. Call it outside a transaction: it may take seconds.

    A refused connection is Failed; any other error leaves the outcome unknown.
    """
    gateway: Gateway = import_string(settings.SMS_GATEWAY)
    try:
        return gateway(attempt, number, text)
    except ConnectionRefusedError as error:
        return Failed(str(error))
    except Exception as error:
        logger.warning("The gateway did not answer for attempt %s: %s", attempt, type(error).__name__)
        return TimedOut()


def console(attempt: str, number: str, text: str) -> Outcome:
    """Write the message to the terminal, for trying Linli out; the number stays masked."""
    logger.info("Message %s to %s: %s", attempt, masked_phone(number), text)
    return Sent()


def file(attempt: str, number: str, text: str) -> Outcome:
    """Append the message as one JSON line to `messages.jsonl` in the data folder, for its owner only.

    The number is masked, with the beginning of its blind index by which two numbers are told apart.
    """
    path = Path(settings.DATA) / "messages.jsonl"
    path.touch(mode=0o600, exist_ok=True)
    whom = f"{masked_phone(number)} {blind_index(number)[:8]}"
    line = {"at": timezone.now().isoformat(), "attempt": attempt, "number": whom, "text": text}
    with path.open("a", encoding="utf-8") as messages:
        messages.write(json.dumps(line, ensure_ascii=False) + "\n")
    return Sent()


@dataclass
class Memory:
    """Keep messages in `sent` as (attempt, number, text); `outcomes` are the next answers, else Sent."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    def __call__(self, attempt: str, number: str, text: str) -> Outcome:
        """Take the message."""
        self.sent.append((attempt, number, text))
        return self.outcomes.pop(0) if self.outcomes else Sent()


memory = Memory()
