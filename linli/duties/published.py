"""Holidays as the State Council published them for the years that the chinesecalendar package covers."""

from datetime import date

from chinese_calendar.constants import Holiday, holidays, workdays

PUBLISHED: dict[date, bool] = dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True)
PUBLISHED_YEARS = frozenset(day.year for day in PUBLISHED)
_CHINESE = {holiday.value: holiday.chinese for holiday in Holiday}
NAMES: dict[date, str] = {day: _CHINESE.get(name, name) for day, name in {**holidays, **workdays}.items()}
