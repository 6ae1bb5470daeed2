"""Who read what of a newcomer, a tenant or somebody who asks: left where rows become pages."""

from collections.abc import Iterable
from datetime import datetime

from linli.base.words import said as _
from linli.lettings.models import Inquiry, Letting, Newcomer
from linli.organisations.models import Membership
from linli.people.models import Person
from linli.trail import actions as trail
from linli.trail.rules import Purpose


def shown_to_occupant(rows: Iterable[Newcomer], occupant: Person, at: datetime) -> None:
    """Leave that somebody of the home read who wants to live there. Their name is not told: 这一户的人."""
    trail.looked_at_many(
        [row.seen_as for row in rows],
        occupant.subject,
        _("您登记的那一户的人"),
        _("姓名、哪天住进来"),
        _("确认您的来住登记"),
        at,
        purpose=Purpose.FAMILY,
    )


def shown_newcomers(rows: Iterable[Newcomer], worker: Person, membership: Membership, at: datetime) -> None:
    """Leave that a worker read the list of those who wait (names masked)."""
    trail.looked_at_many(
        [row.seen_as for row in rows],
        worker.subject,
        membership.looker_words(worker),
        _("名单中的一行（姓名已遮盖、住处）"),
        _("看来住登记名单"),
        at,
        purpose=Purpose.LIST,
    )


def shown_to_desk(row: Newcomer, worker: Person, membership: Membership, at: datetime) -> None:
    """Leave that a worker read a registration, number masked."""
    trail.looked(
        row.seen_as,
        worker.subject,
        membership.looker_words(worker),
        _("姓名、住处、哪天住进来（电话、证件号已遮盖）"),
        _("核对来住登记"),
        at,
        under=row.subject,
    )


def shown_letting(row: Letting, reader: Person, words: str, at: datetime) -> None:
    """Leave that one side of a letting, or a worker, read of the other; whoever is no person yet leaves no line."""
    parties = {tenant.person_id for tenant in row.tenants.all() if tenant.person_id} | {row.landlord_id}
    trail.looked_at_many(
        [f"people.Person:{pk}" for pk in sorted(parties)],
        reader.subject,
        words,
        _("租房登记：姓名、住处、租期"),
        _("看租房登记"),
        at,
        under=row.subject,
        purpose=Purpose.TASK,
    )


def shown_lettings(rows: Iterable[Letting], worker: Person, membership: Membership, at: datetime) -> None:
    """Leave that a worker read the list of lettings (landlords' names masked, doors)."""
    trail.looked_at_many(
        [f"people.Person:{row.landlord_id}" for row in rows],
        worker.subject,
        membership.looker_words(worker),
        _("租房登记名单中的一行（姓名已遮盖、住处）"),
        _("看租房登记名单"),
        at,
        purpose=Purpose.LIST,
    )


def shown_inquiries(rows: Iterable[Inquiry], reader: Person, words: str, at: datetime) -> None:
    """Leave that the owner or the desk read what somebody asked about an empty home."""
    trail.looked_at_many(
        [f"people.Person:{row.person_id}" for row in rows],
        reader.subject,
        words,
        _("求租留言（姓名已遮盖）"),
        _("答复求租留言"),
        at,
        purpose=Purpose.TASK,
    )
