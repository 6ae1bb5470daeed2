"""Every verb of duties: decide and explain, note gaps, keep versions of the list, holidays and hours."""

from linli.duties.actions.calendars import (
    HolidayRow,
    Hours,
    calendar_of,
    import_holidays,
    known_years,
    set_hours,
)
from linli.duties.actions.comparing import Change, changes
from linli.duties.actions.deciding import Deciding, Decision, decide, explain
from linli.duties.actions.editing import (
    Terms,
    add_line,
    add_precedent,
    change_line,
    discard,
    draft,
    publish,
    remove_line,
)
from linli.duties.actions.gaps import close_gap, keepers_of, note_gap, review_gaps
from linli.duties.actions.loading import load_categories, load_defaults

__all__ = [
    "Change",
    "Deciding",
    "Decision",
    "HolidayRow",
    "Hours",
    "Terms",
    "add_line",
    "add_precedent",
    "calendar_of",
    "change_line",
    "changes",
    "close_gap",
    "decide",
    "discard",
    "draft",
    "explain",
    "import_holidays",
    "keepers_of",
    "known_years",
    "load_categories",
    "load_defaults",
    "note_gap",
    "publish",
    "remove_line",
    "review_gaps",
    "set_hours",
]
