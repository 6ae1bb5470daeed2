"""The verbs of photos and voice messages. A subject is named as text, "cases.Case:7"."""

from linli.attachments.actions.keeping import VOICE, Kept, attach, attach_all, erase, move, of, sweep
from linli.attachments.actions.showing import mask, release, withhold

__all__ = [
    "VOICE",
    "Kept",
    "attach",
    "attach_all",
    "erase",
    "mask",
    "move",
    "of",
    "release",
    "sweep",
    "withhold",
]
