"""What the clock does for privacy."""

from django.db import DatabaseError
from django.utils import timezone

from linli.base.keys import KeyMissing
from linli.privacy import actions


def purge() -> None:
    """Remove what is past its retention. A second run finds nothing more to remove; once a day."""
    actions.purge_all(timezone.now())


def list_questions() -> None:
    """Keep what residents ask about looks on the data officers' lists. Recognised by the key of the to-do."""
    actions.list_questions(timezone.now())


def lost_key() -> str:
    """Return why nothing may start: a key of personal fields is lost or is another; "" where all are here.

    Asked before tables exist (the very first start), it finds nothing to guard.
    """
    try:
        actions.check_keys(timezone.now())
    except KeyMissing as missing:
        return str(missing)
    except DatabaseError:
        return ""
    return ""
