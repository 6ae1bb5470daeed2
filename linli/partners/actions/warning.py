"""What the clock asks: papers that run out, contracts, terms, rounds and devices that come due."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.base.work_calendar import Calendar
from linli.base.worktime import Unit, before
from linli.duties import actions as duties
from linli.partners.actions.acting import end_of, open_for_desk, open_for_partner
from linli.partners.models import Contract, Device, Paper, Partner, Round, Term
from linli.partners.rules import Kind, State, renewal_due, stage_reached
from linli.partners.rules.terms import TERM_RULE

CONTRACT_AHEAD = timedelta(days=60)
ROUND_AHEAD = timedelta(days=1)
DEVICE_AHEAD = timedelta(days=7)
FARTHEST = timedelta(days=200)  # no paper further ahead can be within 120 working days
WORKING = (State.ADMITTED, State.SUSPENDED)


@transaction.atomic
def warn(at: datetime) -> int:
    """Open what is due on the lists; each has its key, so that a second run opens nothing. Returns how many."""
    asked = 0
    for ask in (_papers, _contracts, _terms, _rounds, _devices):
        asked += sum(1 for _one in ask(at))
    return asked


def warning_moments(paper: Paper, calendar: Calendar, stages: Sequence[int]) -> list[tuple[int, datetime]]:
    """Return when each stage of warning (working days ahead of the last day) begins for a paper that ends."""
    if paper.expires_on is None:
        return []
    end = end_of(paper.expires_on)
    return [(stage, before(end, stage, Unit.WORKING_DAY, calendar)) for stage in stages]


def _papers(at: datetime) -> Iterator[None]:
    """Warn of papers at each stage, and say what follows once one has lapsed."""
    today = localdate(at)
    rows = Paper.objects.filter(
        replaced_at=None, expires_on__lte=today + FARTHEST, partner__state__in=WORKING
    ).select_related("partner__place", "partner__organisation")
    calendars: dict[int, Calendar] = {}
    for paper in rows.order_by("pk"):
        partner = paper.partner
        if partner.place_id not in calendars:
            calendars[partner.place_id] = duties.calendar_of(partner.place)
        stage = stage_reached(
            at, warning_moments(paper, calendars[partner.place_id], settings.PAPER_WARNINGS)
        )
        if stage is None or paper.expires_on is None:
            continue
        words = {"paper": paper.get_kind_display(), "name": partner.name, "day": paper.expires_on.isoformat()}
        if paper.expires_on < today:
            key = f"paper:{paper.kind}:{paper.pk}:lapsed"
            title = _("“%(paper)s”%(day)s 已过期：%(name)s") % words
            if paper.kind in partner.required_papers:
                title = _("“%(paper)s”%(day)s 已过期，已停接新单：%(name)s") % words
        else:
            key = f"paper:{paper.kind}:{paper.pk}:{stage}"
            title = _("“%(paper)s”%(day)s 到期，请换证：%(name)s") % words
        open_for_partner(partner, key, title, end_of(paper.expires_on), at)
        open_for_desk(partner, key, title, end_of(paper.expires_on), at)
        yield


def _contracts(at: datetime) -> Iterator[None]:
    today = localdate(at)
    rows = Contract.objects.filter(ended_on=None, renewal=None, until__range=(today, today + CONTRACT_AHEAD))
    for contract in rows.select_related("partner__place", "partner__organisation"):
        title = _("合同 %(day)s 到期，续签还是另选：%(title)s") % {
            "day": contract.until.isoformat(),
            "title": contract.title,
        }
        key = f"contract:{contract.pk}"
        open_for_desk(contract.partner, key, title, end_of(contract.until), at, contract.address)
        open_for_partner(contract.partner, key, title, end_of(contract.until), at, contract.address)
        yield


def _terms(at: datetime) -> Iterator[None]:
    today = localdate(at)
    rows = Term.objects.standing().filter(
        ends_on__lte=today + timedelta(days=100),
        partner__kind=Kind.OWNERS_COMMITTEE,
        partner__state__in=WORKING,
    )
    for term in rows.select_related("partner__place", "partner__organisation"):
        if term.ends_on is None or today < renewal_due(term.ends_on):
            continue
        title = _("业委会任期 %(day)s 届满，请组织换届（%(rule)s）：%(name)s") % {
            "day": term.ends_on.isoformat(),
            "name": term.partner.name,
            "rule": TERM_RULE,
        }
        open_for_desk(term.partner, f"renewal:{term.pk}", title, end_of(term.ends_on), at)
        open_for_partner(term.partner, f"renewal:{term.pk}", title, end_of(term.ends_on), at)
        yield


def _rounds(at: datetime) -> Iterator[None]:
    """A round that comes due waits on the company's list; walking it closes what waits."""
    today = localdate(at)
    rows = Round.objects.filter(ended_on=None, partner__state__in=WORKING)
    for row in rows.select_related("partner__place", "partner__organisation", "place"):
        if row.next_on - ROUND_AHEAD <= today:
            title = _("巡查：%(title)s") % {"title": row.title}
            key = f"round:{row.pk}:{row.next_on.isoformat()}"
            open_for_partner(row.partner, key, title, end_of(row.next_on), at)
            yield


def _devices(at: datetime) -> Iterator[None]:
    today = localdate(at)
    rows = Device.objects.filter(ended_on=None, partner__state__in=WORKING)
    for row in rows.select_related("partner__place", "partner__organisation"):
        if row.next_on - DEVICE_AHEAD <= today:
            title = _("保养设备：%(name)s") % {"name": row.name}
            key = f"device:{row.pk}:{row.next_on.isoformat()}"
            open_for_partner(row.partner, key, title, end_of(row.next_on), at)
            yield


def is_ending(paper: Paper, partner: Partner, at: datetime) -> bool:
    """Tell whether the first warning of a paper has begun."""
    moments = warning_moments(paper, duties.calendar_of(partner.place), settings.PAPER_WARNINGS)
    return stage_reached(at, moments) is not None
