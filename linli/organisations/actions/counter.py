"""What a worker does about a resident's home and papers at the counter, within their own places."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.organisations.models import Membership
from linli.people import actions as people
from linli.people.models import HomeCode, Person, Residency
from linli.places.models import Place


@transaction.atomic
def settle_at_counter(
    resident: Person, home: Place, tenure: str, since: date, by: Person, at: datetime
) -> Residency:
    """Record and vouch for a home that the resident proved at the counter."""
    require(by != resident, _("不能给自己核验，请家人或同事来确认。"))
    _require_covered(by, home, at)
    residency = people.settle(resident, home, tenure, since, Residency.Source.COUNTER, at)
    return people.verify(residency, by, at, Residency.Source.COUNTER)


@transaction.atomic
def verify_at_counter(residency: Residency, by: Person, at: datetime) -> Residency:
    """Vouch for a home that the resident had claimed themselves."""
    require(by != residency.person, _("不能给自己核验，请家人或同事来确认。"))
    _require_covered(by, residency.home, at)
    return people.verify(residency, by, at, Residency.Source.COUNTER)


@transaction.atomic
def move_out_at_counter(residency: Residency, on: date, by: Person, at: datetime) -> Residency:
    """End a residency because the resident says so at the counter."""
    _require_covered(by, residency.home, at)
    return people.move_out(residency, on, by, at)


@transaction.atomic
def issue_home_code_at_counter(home: Place, by: Person, at: datetime) -> tuple[HomeCode, str]:
    """Make a verification code for a home of one's own place, to be handed over or put in the letter box."""
    _require_covered(by, home, at)
    return people.issue_home_code(home, by, at)


@transaction.atomic
def issue_paper_code_at_counter(resident: Person, by: Person, at: datetime) -> str:
    """Give a resident without a phone a paper code; the worker must be assisting them right now."""
    _require_assisting(by, resident, at)
    return people.issue_paper_code(resident, by, at)


@transaction.atomic
def revoke_paper_code_at_counter(resident: Person, by: Person, at: datetime) -> None:
    """Make a lost paper code worthless; the worker must be assisting the resident right now."""
    _require_assisting(by, resident, at)
    people.revoke_paper_code(resident, by, at)


def _require_covered(worker: Person, home: Place, at: datetime) -> None:
    roles = Membership.objects.intake_on(worker, at)
    require(any(role.covers(home) for role in roles), _("这一户不在您负责的范围里，请找那里的社区。"))


def _require_assisting(worker: Person, resident: Person, at: datetime) -> None:
    running = resident.assisted.running(at).filter(worker=worker)
    require(running.exists(), _("请先为这位居民开始代办，再发或作废登录码。"))
