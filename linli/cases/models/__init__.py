"""A voice, from said to solved: the case, its orders, what was answered, and what the asker said."""

from linli.cases.models.case import Case, handled_case
from linli.cases.models.closing import Answer, CallBack, Check
from linli.cases.models.keeping import (
    CalendarMark,
    CaseSettings,
    CaseSettingsChange,
    DayCount,
    limits_at,
    settings_at,
)
from linli.cases.models.story import Event, Moderation, Support
from linli.cases.models.work import Asking, Order, Pause

__all__ = [
    "Answer",
    "Asking",
    "CalendarMark",
    "CallBack",
    "Case",
    "CaseSettings",
    "CaseSettingsChange",
    "Check",
    "DayCount",
    "Event",
    "Moderation",
    "Order",
    "Pause",
    "Support",
    "handled_case",
    "limits_at",
    "settings_at",
]
