"""A body applies with its papers, one person checks, another approves; or it is refused with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from linli.base.errors import Refused, require
from linli.base.words import said as _
from linli.base.worktime import Unit, due
from linli.duties import actions as duties
from linli.organisations import actions as organisations
from linli.organisations.models import Membership, Organisation, Tier
from linli.organisations.rules import Power
from linli.partners.actions.acting import (
    clerk_seat,
    close_todos,
    decider_seat,
    happened,
    lock,
    member_seat,
    move,
    open_for_desk,
    open_for_partner,
    said,
)
from linli.partners.actions.papers import refresh_orders
from linli.partners.models import Partner
from linli.partners.rules import FUNCTIONS, REQUIRED, Kind, PaperKind, State, Verb, credit_code
from linli.people.models import Person
from linli.places.models import Kind as PlaceKind
from linli.places.models import Place

CHECK_WORKING_DAYS = 5  # in which an application is answered
NEEDS_CODE = frozenset({Kind.PROPERTY, Kind.SOCIAL_ORGANISATION, Kind.ENTERPRISE, Kind.DEPARTMENT})
SERVED = frozenset(
    {PlaceKind.COMMUNITY, PlaceKind.ESTATE, PlaceKind.STREET, PlaceKind.DISTRICT, PlaceKind.GRID}
)


@dataclass(frozen=True)
class Profile:
    """What a body says of itself."""

    kind: str
    name: str
    purpose: str
    credit_code: str = ""
    telephone: str = ""
    address: str = ""


@transaction.atomic
def apply(
    profile: Profile,
    place: Place,
    serves: Sequence[Place],
    *,
    by: Person,
    at: datetime,
    leader: Person | None = None,
) -> Partner:
    """Apply for a body to be admitted at `place`, for the places it `serves`. Applied twice with one code at one
    place gives the first application. The desk is asked to check it. `leader` leads a residents' group where `by`
    writes it down for them.
    """
    code = clean_code(profile.kind, profile.credit_code)
    name, purpose = said(profile.name, _("单位名称")), said(profile.purpose, _("这个单位做什么"))
    _require_places(place, serves)
    standing = Partner.objects.filter(place=place).exclude(state=State.LEFT)
    known = standing.filter(credit_code=code) if code else standing.filter(name=name, kind=profile.kind)
    if found := known.first():
        require(found.applied_by_id == by.pk, _("“%(name)s”在这里已经登记过了。") % {"name": found.name})
        return found
    partner = Partner.objects.create(
        kind=profile.kind,
        name=name,
        credit_code=code,
        purpose=purpose,
        telephone=profile.telephone.strip(),
        address=profile.address.strip(),
        place=place,
        applied_by=by,
        applied_at=at,
        leader=(leader or by) if profile.kind == Kind.RESIDENTS_GROUP else None,
    )
    partner.serves.set(serves)
    happened(partner, Verb.APPLIED, at, by=by)
    _ask_to_check(partner, at)
    return partner


@transaction.atomic
def change_profile(partner: Partner, profile: Profile, *, by: Person, at: datetime) -> Partner:
    """Correct what an application says; after refusal this asks again. The admitted change purpose and contact."""
    partner = lock(partner)
    member_seat(partner, by, at)
    require(partner.state != State.LEFT, _("这个单位已经退出。要再来，请重新申请。"))
    if partner.state in {State.APPLIED, State.REFUSED}:
        partner.name = said(profile.name, _("单位名称"))
        partner.credit_code = clean_code(partner.kind, profile.credit_code)
    partner.purpose = said(profile.purpose, _("这个单位做什么"))
    partner.telephone, partner.address = profile.telephone.strip(), profile.address.strip()
    if partner.state == State.REFUSED:
        move(partner, State.APPLIED)
        partner.refused_because = ""
        partner.checked_by = None
        happened(partner, Verb.APPLIED, at, by=by)
        _ask_to_check(partner, at)
    partner.save()
    return partner


@transaction.atomic
def check(partner: Partner, *, by: Person, at: datetime, words: str = "") -> Partner:
    """Say that the papers were seen and agree with what was said. Whoever applied does not check."""
    partner = lock(partner)
    seat = clerk_seat(by, partner.place, at)
    _require_two(partner.applied_by_id, by, _("自己提交的申请，请另一位同事来核对。"))
    if partner.state == State.CHECKED and partner.checked_by_id == by.pk:
        return partner
    _require_papers(partner, at)
    move(partner, State.CHECKED)
    partner.checked_by = by
    partner.save(update_fields=["state", "checked_by"])
    happened(partner, Verb.CHECKED, at, by=by, unit=seat.organisation, words=words)
    close_todos(partner, "check", at)
    limit = due(at, CHECK_WORKING_DAYS, Unit.WORKING_DAY, duties.calendar_of(partner.place)).at
    open_for_desk(
        partner,
        f"admit:{partner.events.count()}",
        _("批准入驻：%(name)s") % {"name": partner.name},
        limit,
        at,
    )
    return partner


@transaction.atomic
def admit(
    partner: Partner,
    *,
    by: Person,
    at: datetime,
    existing: Organisation | None = None,
    function: str = "",
) -> Partner:
    """Approve: another person than who checked. The body becomes an organisation with the places it serves.

    `existing` is a body that works here already (stock-taking); a residents' group is approved in one step and
    needs no organisation until it grows. `function` is the word of duty lines, by its kind where "".
    """
    partner = lock(partner)
    seat = decider_seat(by, partner.place, at)
    if partner.state == State.ADMITTED:
        return partner
    _require_two(partner.applied_by_id, by, _("自己提交的申请，请另一位来批准。"))
    _require_two(partner.checked_by_id, by, _("核对和批准要由两个人来做，请另一位来批准。"))
    is_group = partner.kind == Kind.RESIDENTS_GROUP
    require(is_group or partner.state == State.CHECKED, _("材料还没有人核对。请先请同事核对，再批准。"))
    _require_papers(partner, at)
    move(partner, State.ADMITTED)
    if not is_group:
        partner.organisation = _body_of(partner, existing, function, at)
    partner.admitted_by, partner.admitted_at, partner.left_at = by, at, None
    partner.save()
    refresh_orders(partner, at)
    happened(partner, Verb.ADMITTED, at, by=by, unit=seat.organisation)
    close_todos(partner, "admit", at)
    close_todos(partner, "check", at)
    return partner


@transaction.atomic
def refuse(partner: Partner, reason: str, *, by: Person, at: datetime) -> Partner:
    """Refuse an application with a reason that says what is missing; the applicant may mend it and ask again."""
    partner = lock(partner)
    seat = clerk_seat(by, partner.place, at)
    words = said(reason, _("不予批准的理由，申请的单位要照它补材料"))
    if partner.state == State.REFUSED:
        return partner
    _require_two(partner.applied_by_id, by, _("自己提交的申请，请另一位同事来核对。"))
    move(partner, State.REFUSED)
    partner.refused_because = words[:300]
    partner.save(update_fields=["state", "refused_because"])
    happened(partner, Verb.REFUSED, at, by=by, unit=seat.organisation, words=words)
    close_todos(partner, "check", at)
    close_todos(partner, "admit", at)
    limit = due(at, CHECK_WORKING_DAYS, Unit.WORKING_DAY, duties.calendar_of(partner.place)).at
    title = _("补材料再申请：%(name)s") % {"name": partner.name}
    open_for_partner(partner, f"mend:{partner.events.count()}", title, limit, at)
    return partner


@transaction.atomic
def serve(partner: Partner, places: Sequence[Place], *, by: Person, at: datetime) -> Partner:
    """Let an admitted body serve more places."""
    partner = lock(partner)
    seat = decider_seat(by, partner.place, at)
    _require_places(partner.place, places)
    partner.serves.add(*places)
    if partner.organisation is not None:
        organisations.extend(partner.organisation, places, at)
    names = "、".join(place.name for place in places)
    happened(partner, Verb.SERVES, at, by=by, unit=seat.organisation, words=names)
    return partner


def clean_code(kind: str, typed: str) -> str:
    """Return the credit code as kept; refused where this kind of body has one and none was typed."""
    if typed.strip():
        return credit_code(typed)
    if kind in NEEDS_CODE:
        raise Refused(_("请写统一社会信用代码，证照上有，18 位。"), rule="GB 32100-2015")
    return ""


def _require_places(place: Place, serves: Sequence[Place]) -> None:
    require(bool(serves), _("请选它服务哪里。"))
    for served in serves:
        require(
            served.kind in SERVED and (place.holds(served) or served.holds(place)),
            _("“%(served)s”不在“%(place)s”的范围里，请核对。") % {"served": served.name, "place": place.name},
        )


def _require_two(first: int | None, by: Person, reason: str) -> None:
    require(first != by.pk, reason, rule=_("核对与批准由两人分任"))


def _require_papers(partner: Partner, at: datetime) -> None:
    today = localdate(at)
    for kind in sorted(REQUIRED[partner.kind]):
        held = partner.papers.filter(kind=kind, replaced_at=None)
        label = PaperKind(kind).label
        require(held.exists(), _("还缺“%(paper)s”，请先登记证照再办。") % {"paper": label})
        valid = any(paper.expires_on is None or paper.expires_on >= today for paper in held)
        require(valid, _("“%(paper)s”已经过期，请先换新证再办。") % {"paper": label})


def _body_of(partner: Partner, existing: Organisation | None, function: str, at: datetime) -> Organisation:
    places = list(partner.serves.all())
    if existing is None:
        existing = Organisation.objects.active().filter(name=partner.name, partner=None).first()
    if existing is None:
        word = function.strip() or FUNCTIONS[partner.kind]
        return organisations.create(partner.name, word, Tier.OUTSIDE, places, at, telephone=partner.telephone)
    taken = Partner.objects.filter(organisation=existing).exclude(pk=partner.pk).exists()
    require(not taken, _("“%(name)s”已经有一份档案。") % {"name": existing.name})
    return organisations.extend(existing, places, at)


def _ask_to_check(partner: Partner, at: datetime) -> None:
    limit = due(at, CHECK_WORKING_DAYS, Unit.WORKING_DAY, duties.calendar_of(partner.place)).at
    title = _("核对入驻材料：%(name)s") % {"name": partner.name}
    open_for_desk(partner, f"check:{partner.events.count()}", title, limit, at)


def members_now(partner: Partner, at: datetime) -> list[Membership]:
    """Return who acts for the partner on that day, with the person of each."""
    if partner.organisation_id is None:
        return []
    rows = Membership.objects.on(localdate(at)).filter(organisation=partner.organisation_id)
    return list(rows.select_related("person", "place").order_by("role", "pk"))


def may_decide(memberships: Sequence[Membership], place: Place) -> bool:
    """Tell whether one of these roles decides about partners of `place`."""
    needed = {Power.DISPATCH, Power.OVERSEE}
    return any(needed <= row.powers and row.covers(place) for row in memberships)


def may_keep(memberships: Sequence[Membership], place: Place) -> bool:
    """Tell whether one of these roles keeps the partners of `place`."""
    return any(Power.DISPATCH in row.powers and row.covers(place) for row in memberships)
