"""Where a letting stands, as a sentence and a tone, for one of its sides."""

from datetime import date

from django.utils.translation import gettext as _

from linli.lettings.models import Letting
from linli.lettings.rules import LettingState, TenantState
from linli.people.models import Person


def sentence_of(row: Letting, reader: Person | None, today: date) -> tuple[str, str]:
    """Return the sentence and the tone of a list row: calm, soon, late or done."""
    tenants = list(row.tenants.all())
    waiting = [one for one in tenants if one.state == TenantState.WAITING]
    words = {"until": row.until.isoformat(), "since": row.since.isoformat(), "count": len(waiting)}
    if row.state == LettingState.WITHDRAWN:
        return _("没有租成"), "done"
    if row.state == LettingState.ENDED:
        day = row.ends_on or row.until
        return _("%(day)s 起已退租") % {"day": day.isoformat()}, "done"
    if row.state == LettingState.WAITING:
        if reader is not None and any(one.phone_index == reader.phone_index for one in waiting):
            return _("等您确认"), "soon"
        if waiting:
            return _("等 %(count)s 位承租人确认") % words, "soon"
        return _("确认好了，%(since)s 起租") % words, "calm"
    if row.ends_on is not None:
        return _("%(day)s 起退租") % {"day": row.ends_on.isoformat()}, "soon"
    if row.is_past_its_day(today):
        return _("登记的租期 %(until)s 已到，还没说续租还是退租") % words, "late"
    return _("租住中，到 %(until)s") % words, "calm"
