"""Every verb of the trail."""

from linli.trail.actions.looks import closed, follow, looked, looked_at_many, unfollow
from linli.trail.actions.reveals import reveal
from linli.trail.models import is_open, open_reveal

__all__ = [
    "closed",
    "follow",
    "is_open",
    "looked",
    "looked_at_many",
    "open_reveal",
    "reveal",
    "unfollow",
]
