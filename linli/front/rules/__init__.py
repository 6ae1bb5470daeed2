"""What public pages show and how search finds pages."""

from linli.front.rules.shelves import FEWEST_FOR_MEDIAN, RECENT, SHELVES, Figures, Standing, figures, greeting
from linli.front.rules.signposts import Signpost, found

__all__ = [
    "FEWEST_FOR_MEDIAN",
    "RECENT",
    "SHELVES",
    "Figures",
    "Signpost",
    "Standing",
    "figures",
    "found",
    "greeting",
]
