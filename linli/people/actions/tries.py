"""Counting tries, so that codes and passwords cannot be guessed."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.crypto import blind_index
from linli.base.errors import require
from linli.people.models import Tries
from linli.people.rules import LIMITS, LONGEST, next_try

NEARLY = timedelta(seconds=59)  # said in whole minutes, and then the wait is over


def spend(kind: str, whom: str, at: datetime) -> None:
    """Count one try of `kind` (a key of `rules.LIMITS`) by or on `whom`, or refuse it and say when the next
    may be.

    Commits by itself where no transaction is open, so that a failed check afterwards still costs the try.
    What was refused costs nothing: a limit ends by time, whatever happens meanwhile. `whom` is stored as a
    keyed hash.
    """
    with transaction.atomic():
        row, _made = Tries.objects.get_or_create(key=f"{kind}:{blind_index(whom)[:40]}")
        row = Tries.objects.select_for_update().get(pk=row.pk)
        earlier = [datetime.fromtimestamp(second, UTC) for second in row.times]
        allowed = next_try(earlier, LIMITS[kind], at)
        require(
            allowed <= at,
            _("试的次数太多了。请在 %(time)s 以后再试，急事请打社区电话。")
            % {"time": timezone.localtime(allowed + NEARLY).strftime("%H:%M")},
        )
        row.times = [time.timestamp() for time in earlier if time > at - LONGEST] + [at.timestamp()]
        row.save(update_fields=["times"])
