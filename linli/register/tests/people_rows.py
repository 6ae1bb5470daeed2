"""What tests of the register need again and again."""

from datetime import date

from linli.organisations.models import Membership
from linli.people.models import Person
from linli.register import actions
from linli.register.actions import Report
from linli.register.models import TagKind
from linli.register.rules import check_digit
from tests.cast import MONDAY

TODAY = MONDAY.date()


def number(born: date, order: int = 11, area: str = "980101") -> str:
    """Return a whole identity number of an invented person."""
    first = f"{area}{born:%Y%m%d}{order:03d}"
    return first + check_digit(first)


def role_of(worker: Person) -> list[Membership]:
    """Return the roles of a worker."""
    return list(Membership.objects.current(worker, TODAY))


def report(by: Person, on: date = TODAY, paper: str = "证-7") -> Report:
    """Return a report of a worker who saw a paper."""
    return Report(on, "paper", by, MONDAY, paper)


def kind(code: str) -> TagKind:
    """Return a kind of tag of the common table."""
    actions.load_tag_kinds()
    return TagKind.objects.get(code=code)
