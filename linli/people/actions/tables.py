"""Who was seen in the tables behind the pages."""

from collections.abc import Iterable
from datetime import datetime

from linli.base.words import said as _
from linli.people.models import Person
from linli.trail import actions as trail


def seen_in_table(persons: Iterable[int], table: str, by: Person, at: datetime) -> None:
    """Write down that `by`, auditing, saw the rows of these persons (their numbers) in the table of that name."""
    trail.looked_at_many(
        [f"people.Person:{number}" for number in persons],
        by.subject,
        _("%(name)s · 审计") % {"name": by.masked},
        _("后台表：%(table)s") % {"table": table},
        _("审计查看后台表（不显示姓名、电话原文）"),
        at,
    )
