"""Everything that may happen to what people are told: the only writer."""

from linli.notices.actions.sending import (
    expire,
    mark_lost,
    resend,
    send_digests,
    send_next,
    settle,
)
from linli.notices.actions.telling import read, read_all, silence, tell, tell_pending, unsilence

__all__ = [
    "expire",
    "mark_lost",
    "read",
    "read_all",
    "resend",
    "send_digests",
    "send_next",
    "settle",
    "silence",
    "tell",
    "tell_pending",
    "unsilence",
]
