"""What else happened in the lived-in community: one file per domain, one line here.

`tell(world)` acts through the domain's actions and puts the names that tests/access.csv uses into `world.names`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.told import burden, facilities, imports, lettings, partners, privacy, register, reports, trail

if TYPE_CHECKING:
    from tests.world import LivedIn

TOLD: list[Callable[["LivedIn"], None]] = [
    partners.tell,
    facilities.tell,
    trail.tell,
    burden.tell,
    register.tell,
    privacy.tell,
    reports.tell,
    imports.tell,
    lettings.tell,  # last: 张阿姨 owns two more homes from here on
]
