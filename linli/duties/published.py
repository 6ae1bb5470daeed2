"""Holidays as the State Council published them for the years that the chinesecalendar package covers."""

from datetime import date

from chinese_calendar.constants import holidays, workdays

PUBLISHED: dict[date, bool] = dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True)
PUBLISHED_YEARS = frozenset(day.year for day in workdays) | frozenset(day.year for day in holidays)
