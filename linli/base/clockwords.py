"""Times and deadlines in the words of neighbours. Pure: local datetimes in, a sentence part out."""

from datetime import datetime, timedelta

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

WEEKDAYS = [
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
]


def moment_words(at: datetime, now: datetime) -> str:
    """Say when `at` is, seen from `now`; both local. The hour is said for yesterday, today and tomorrow only."""
    days = (at.date() - now.date()).days
    near = {-1: _("昨天 %(hour)s"), 0: _("今天 %(hour)s"), 1: _("明天 %(hour)s")}
    if days in near:
        return near[days] % {"hour": f"{at.hour}:{at.minute:02d}"}
    return _date_words(at, now)


def due_words(due: datetime, now: datetime) -> str:
    """Say until when, seen from `now`; both local. A deadline at the very end of a day is that day's."""
    if due < now:
        return _("已过期 %(length)s") % {"length": length_words(now - due)}
    days = (due.date() - now.date()).days
    if days == 0:
        return _("今天 %(hour)s 前") % {"hour": f"{due.hour}:{due.minute:02d}"}
    if days == 1:
        return _("明天 %(hour)s 前") % {"hour": f"{due.hour}:{due.minute:02d}"}
    weeks = (monday(due) - monday(now)).days // 7
    if weeks == 0:
        return _("%(weekday)s前") % {"weekday": WEEKDAYS[due.weekday()]}
    if weeks == 1:
        return _("下%(weekday)s前") % {"weekday": WEEKDAYS[due.weekday()]}
    return _("%(date)s前") % {"date": _date_words(due, now)}


def length_words(length: timedelta | float | None) -> str:
    """Say a length of time (a timedelta or seconds) in its largest whole unit: 40 分钟, 5 小时, 3 天."""
    if length is None:
        return ""
    seconds = length.total_seconds() if isinstance(length, timedelta) else float(length)
    minutes = max(int(seconds // 60), 1)
    if minutes < 60:
        return ngettext("%(n)s 分钟", "%(n)s 分钟", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 24:
        return ngettext("%(n)s 小时", "%(n)s 小时", hours) % {"n": hours}
    days = hours // 24
    return ngettext("%(n)s 天", "%(n)s 天", days) % {"n": days}


def monday(at: datetime) -> datetime:
    """Return the midnight that begins the week of `at`."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=at.weekday())


def _date_words(at: datetime, now: datetime) -> str:
    """A date in the reader's order; the format letters are Django's (n month, j day, Y year, M month's name)."""
    return dateformat.format(at, _("n月j日") if at.year == now.year else _("Y年n月j日"))
