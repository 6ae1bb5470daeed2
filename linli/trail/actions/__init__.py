"""Every verb of the trail."""

from linli.trail.actions.disclosure import approve, ask_to_withhold, end_withholding, set_rule
from linli.trail.actions.looks import closed, follow, looked, looked_at_many, unfollow
from linli.trail.actions.offers import Offer, read_offer, take
from linli.trail.actions.queries import answer, ask
from linli.trail.actions.reveals import reveal
from linli.trail.models import is_open, open_reveal

__all__ = [
    "Offer",
    "answer",
    "approve",
    "ask",
    "ask_to_withhold",
    "closed",
    "end_withholding",
    "follow",
    "is_open",
    "looked",
    "looked_at_many",
    "open_reveal",
    "read_offer",
    "reveal",
    "set_rule",
    "take",
    "unfollow",
]
