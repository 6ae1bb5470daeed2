"""Fixtures that the tests of the whole house share."""

from tests.shown import shown
from tests.world import lived_in

__all__ = ["lived_in", "shown"]
