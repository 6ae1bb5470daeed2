"""Writing the monthly work report: figures as they stand now, and the secretary's closing words."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.people.models import Person
from linli.places.models import Kind, Place
from linli.reports.actions.standing import registers
from linli.reports.models import MonthlyReport
from linli.reports.models.figures import figures_of

LONGEST_CLOSING = 2000
KINDS = (Kind.COMMUNITY, Kind.GRID, Kind.ESTATE)


@transaction.atomic
def write_month(place: Place, month: date, closing: str, *, by: Person, at: datetime) -> MonthlyReport:
    """Write a new version of the report of a community on the month that holds the day `month`.

    The figures are those of this moment and are kept with the version; `closing` is what the secretary adds.
    Raises Refused for a month that has not begun.
    """
    registers(by, place, at)
    first = month.replace(day=1)
    require(first <= localdate(at), _("这个月还没开始，写不了报告。"))
    require(place.kind in KINDS, _("月度报告按社区、网格或小区写。"))
    closing = closing.replace("\r\n", "\n").strip()
    require(len(closing) <= LONGEST_CLOSING, _("结尾一段最多 %(most)s 个字。") % {"most": LONGEST_CLOSING})
    Place.objects.select_for_update().get(pk=place.pk)
    earlier = MonthlyReport.objects.filter(place=place, month=first)
    last = earlier.aggregate(last=Max("version"))["last"] or 0
    return MonthlyReport.objects.create(
        place=place,
        month=first,
        version=last + 1,
        figures=figures_of(place, first, at),
        closing=closing,
        made_by=by,
        made_at=at,
    )
