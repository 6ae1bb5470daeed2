"""What every act shares: who may, what is written down, what waits for whom."""

from datetime import date, datetime, time
from typing import Any

from django.utils.timezone import localdate, make_aware

from linli.base.errors import Refused, require
from linli.base.words import said as _
from linli.organisations import actions as organisations
from linli.organisations.models import Membership, Organisation
from linli.organisations.rules import Power
from linli.partners.models import Partner, PartnerEvent
from linli.partners.rules import MOVES
from linli.partners.rules.standing import PUBLIC_VERBS, RECORDED
from linli.people.models import Person
from linli.places.models import Place
from linli.todos import actions as todos
from linli.transparency import actions as transparency

ORIGIN = "partners"
DECIDES = frozenset({Power.DISPATCH, Power.OVERSEE})


def lock(partner: Partner) -> Partner:
    """Return the partner under its lock, as it stands."""
    return (
        Partner.objects.select_for_update(of=("self",))
        .select_related("organisation", "place")
        .get(pk=partner.pk)
    )


def clerk_seat(by: Person, place: Place, at: datetime) -> Membership:
    """Return the role in which `by` keeps the partners of `place` (派单的社区、街道工作人员)."""
    return _seat(
        by, place, at, frozenset({Power.DISPATCH}), _("合作单位由当地社区、街道的工作人员登记和核对。")
    )


def decider_seat(by: Person, place: Place, at: datetime) -> Membership:
    """Return the role in which `by` decides about partners of `place` (书记主任、街道、区里)."""
    return _seat(by, place, at, DECIDES, _("批准、暂停、退出由社区书记主任或街道负责人决定。"))


def member_seat(partner: Partner, by: Person, at: datetime) -> None:
    """Refuse whoever does not act for the partner itself: its people, a group's leader, an applicant."""
    is_one = partner.leader_id == by.pk or (
        partner.organisation_id is None and partner.applied_by_id == by.pk
    )
    if not is_one and partner.organisation_id is not None:
        roles = Membership.objects.current(by, localdate(at))
        is_one = any(role.organisation_id == partner.organisation_id for role in roles)
    require(is_one, _("这件事要由“%(name)s”自己的人来办。") % {"name": partner.name})


def _seat(by: Person, place: Place, at: datetime, powers: frozenset[Power], reason: str) -> Membership:
    for membership in Membership.objects.current(by, localdate(at)):
        if powers <= membership.powers and membership.covers(place):
            return membership
    raise Refused(reason)


def move(partner: Partner, state: str) -> None:
    """Bring a locked partner into `state`, or refuse where that does not follow."""
    require(
        state in allowed(partner),
        _("“%(name)s”现在是“%(state)s”，不能这样办。")
        % {"name": partner.name, "state": partner.get_state_display()},
    )
    partner.state = state


def allowed(partner: Partner) -> frozenset[str]:
    """Return the states that may follow."""
    return MOVES[partner.state]


def happened(
    partner: Partner,
    verb: str,
    at: datetime,
    *,
    by: Person | None,
    unit: Organisation | None = None,
    words: str = "",
    is_hidden: bool = False,
    **facts: Any,
) -> PartnerEvent:
    """Write one line of the timeline and, for an act that concerns everybody, one entry of the record.

    `facts` are plain values without personal data (contract number, sum, day) for the record. `is_hidden` keeps
    an act between the parties: what owners pay of their own money is read by owners, not by everybody.
    """
    event = PartnerEvent.objects.create(
        partner=partner,
        verb=verb,
        at=at,
        by=by,
        by_words=unit.name if unit is not None else "",
        words=words[:500],
        is_public=verb in PUBLIC_VERBS and not is_hidden,
    )
    if verb in RECORDED and not is_hidden:
        payload = {
            "unit": unit.name if unit is not None else partner.name,
            "partner": partner.name,
            "partner_kind": partner.kind,
            "partner_state": partner.state,
            **facts,
        }
        transparency.record(
            log_of(partner), f"partner.{verb}", partner.subject, ref=partner.token, payload=payload, at=at
        )
    return event


def log_of(partner: Partner) -> str:
    """Return the name of the log that holds this partner: the code of its community, or of its place."""
    community = partner.place.community or partner.place
    return community.code or f"place-{community.token}"


def open_for_desk(
    partner: Partner, key: str, title: str, due: datetime, at: datetime, address: str = "", *, acts: Any = ()
) -> None:
    """Put something on the list of the desk that looks after the partner."""
    todos.open_todo(
        f"{partner.subject}:{key}",
        partner.subject,
        title,
        due,
        address or partner.address_of_file,
        at,
        organisation=organisations.desk(partner.place),
        power=Power.DISPATCH,
        place_words=str(partner.place),
        origin=ORIGIN,
        acts=acts,
    )


def open_for_partner(
    partner: Partner, key: str, title: str, due: datetime, at: datetime, address: str = ""
) -> None:
    """Put something on the list of the partner's own people, or of a group's leader; an applicant's where new."""
    whose: dict[str, Any] = {"organisation": partner.organisation}
    if partner.organisation is None:
        whose = {"person": partner.leader or partner.applied_by}
    todos.open_todo(
        f"{partner.subject}:{key}:own",
        partner.subject,
        title,
        due,
        address or partner.address_of_file,
        at,
        place_words=str(partner.place),
        origin=ORIGIN,
        **whose,
    )


def close_todos(partner: Partner, key: str, at: datetime) -> None:
    """Take what was opened under `key` off the lists."""
    todos.close(f"{partner.subject}:{key}", at)


def end_of(day: date) -> datetime:
    """Return the last moment of a day, as a due time."""
    return make_aware(datetime.combine(day, time(23, 59)))


def said(words: str, what: str) -> str:
    """Return the words without blanks around; refused where none were typed."""
    require(bool(words.strip()), _("请写%(what)s。") % {"what": what})
    return words.strip()
