"""Holidays and office hours: everyone may read how time is counted, keepers change it."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.access import open_to_all, staff
from linli.base.asked import Asked, tried
from linli.base.worktime import Unit, convention_words, hours_words
from linli.duties import actions
from linli.duties.actions import HolidayRow, Hours
from linli.duties.forms import HolidayForm, HoursForm
from linli.duties.models import Holiday, WorkCalendar, kept_places
from linli.duties.published import NAMES, PUBLISHED
from linli.organisations.rules import Power
from linli.places.models import Place


@open_to_all
def holidays(request: Asked) -> HttpResponse:
    """The days off and make-up days of a year, which years are known, and which are not yet."""
    now = timezone.localtime()
    known = sorted(actions.known_years(), reverse=True)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and int(asked) in known else min(now.year, known[0])
    context = {
        "year": year,
        "years": known[:6],
        "rows": _spans(_days_of(year)),
        "unknown": [wanted for wanted in (now.year, now.year + 1) if wanted not in known],
        "may_import": bool(request.powers & {Power.EDIT_DUTIES, Power.ADMINISTER}),
        "kept": kept_places(request.memberships),
    }
    return render(request, "duties/holidays.html", context)


def _days_of(year: int) -> list[tuple[date, bool, str]]:
    rows = Holiday.objects.filter(year=year).order_by("day").values_list("day", "is_working", "name")
    published = sorted(day for day in PUBLISHED if day.year == year)
    return list(rows) or [(day, PUBLISHED[day], NAMES[day]) for day in published]


def _spans(days: list[tuple[date, bool, str]]) -> list[dict[str, Any]]:
    """Days in a row of the same kind and name as one span."""
    spans: list[dict[str, Any]] = []
    for day, is_working, name in days:
        same = spans and (spans[-1]["is_working"], spans[-1]["name"]) == (is_working, name)
        if same and day - spans[-1]["last"] == timedelta(days=1):
            spans[-1]["last"] = day
        else:
            spans.append({"first": day, "last": day, "is_working": is_working, "name": name})
    return spans


@staff(Power.EDIT_DUTIES, Power.ADMINISTER)
def import_holidays(request: Asked) -> HttpResponse:
    """Take over the State Council's notice for a year."""
    form = HolidayForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        rows = [HolidayRow(day, working, name) for day, working, name in typed["rows"]]
        by, now = request.person, timezone.now()
        done = tried(
            form, lambda: actions.import_holidays(typed["year"], rows, typed["notice"], by=by, at=now)
        )
        if done is not None:
            values = {"year": typed["year"], "n": done}
            messages.success(request, _("%(year)d 年的放假安排已经导入，改了 %(n)d 天。") % values)
            return redirect("duties:holidays")
    return render(request, "duties/holidays_import.html", {"form": form}, status=422 if form.errors else 200)


@staff(Power.EDIT_DUTIES)
def hours(request: Asked, token: str) -> HttpResponse:
    """When the office of a place works, and how that counts."""
    kept = Place.objects.within_any(kept_places(request.memberships))
    place = get_object_or_404(kept, token=token)
    calendar = actions.calendar_of(place)
    form = HoursForm(request.POST or None, initial=vars(calendar) | {"weekdays": sorted(calendar.weekdays)})
    if request.method == "POST" and form.is_valid():
        wanted = Hours(**form.cleaned_data)
        by, now = request.person, timezone.now()
        if tried(form, lambda: actions.set_hours(place, wanted, by=by, at=now)) is not None:
            messages.success(request, _("工作时间已经改好，以后的期限按新的算。"))
            return redirect("duties:hours", place.token)
    context = {
        "place": place,
        "form": form,
        "is_own": WorkCalendar.objects.filter(place=place).exists(),
        "said": hours_words(calendar),
        "convention": convention_words(list(Unit), calendar),
    }
    return render(request, "duties/hours.html", context, status=422 if form.errors else 200)
