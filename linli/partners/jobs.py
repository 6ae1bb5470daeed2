"""What the worker process runs for partners, by the clock."""

from django.utils import timezone

from linli.partners import actions


def warn() -> None:
    """Open what comes due (papers, contracts, terms, rounds, devices). Recognised by each to-do's key; once a day."""
    actions.warn(timezone.now())
