"""What 孙社工 and 李网格员 typed, of which each reads their own."""

from datetime import timedelta
from typing import TYPE_CHECKING

from linli.burden import actions

if TYPE_CHECKING:
    from tests.world import LivedIn


def tell(world: "LivedIn") -> None:
    w, now = world.willow, world.now
    actions.note(w.sun, w.desk, "cases:dispatch", 3, 2, now)
    actions.note(w.sun, w.desk, "reports:fill", 0, 240, now - timedelta(days=2), w.street_office.name)
    actions.note(w.li, w.desk, "cases:resolve", 4, 0, now)
    actions.note_errands(now)
