"""Saying something, by every way in: page, QR code, voice message, counter, telephone, chat, visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from linli.base.errors import Refused, require
from linli.base.words import said as _
from linli.cases.actions.deadlines import clock_by, decided_fields, reminding
from linli.cases.actions.numbering import take_number
from linli.cases.actions.proposing import propose
from linli.cases.actions.telling import act, happened, open_case_todo, quick_form, tell_askers
from linli.cases.models import Case
from linli.cases.rules import Channel, State, Verb, Visibility, stopped_by, title_of, why_not_filed
from linli.duties import actions as duties
from linli.duties.actions import Decision
from linli.duties.models import Category, Matter
from linli.organisations import actions as organisations
from linli.organisations.models import Membership, Organisation
from linli.organisations.rules import Power
from linli.people.models import Person, Proxy, may_act_for
from linli.places.models import Kind, Place

DESPITE = "despite"  # the answer of whoever read "ring this number first" and files on
PLATFORM = "platform"  # the function of the body that runs Linli: feedback about it goes there


@dataclass(frozen=True)
class Said:
    """What somebody said, where, and by which way. `category` may be missing: the desk finds it."""

    text: str
    place: Place
    channel: str = Channel.PAGE
    title: str = ""
    matter: str = ""
    category: Category | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    place_words: str = ""
    position: tuple[float, float] | None = None  # latitude, longitude in WGS-84 degrees
    is_private: bool = False
    has_attachment: bool = False
    nickname: str = ""  # what a group chat calls them; handlers see it, the public never


@transaction.atomic
def file(
    said: Said, *, by: Person | None, at: datetime, reporter: Person | None = None, once: str = ""
) -> Case:
    """File what somebody said themselves, or a family member for them; posted twice with one `once`, filed once.

    `by` None is someone who did not sign in: the receipt's token lets them read on. Nobody's identity is asked.
    """
    if reporter is not None and by is not None and reporter != by:
        require(
            may_act_for(by, reporter, Proxy.Scope.CASES, at),
            _("您还没有得到这位家人的授权，不能替他说。请先在“我的家人”里办授权，或请社区代办。"),
        )
    return _file(said, reporter or by, by, at, once)


@transaction.atomic
def file_for(said: Said, *, resident: Person | None, by: Person, at: datetime, once: str = "") -> Case:
    """File at the counter, by telephone or on a visit what a resident said; None is what a patrol found itself."""
    intake_seat(by, said.place, at)
    return _file(said, resident, by, at, once)


@transaction.atomic
def solve_on_the_spot(
    said: Said, *, resident: Person | None, by: Person, at: datetime, words: str = "", once: str = ""
) -> Case:
    """Note in one tap what was solved there and then: no clock, no rating, on nobody's list."""
    membership = intake_seat(by, said.place, at)
    if found := _posted(once):
        return found
    case = _new(replace(said, is_private=True), resident, by, at, once)
    case.state, case.lead, case.owner = State.ON_SPOT, membership.organisation, membership.organisation
    case.responded_at = case.resolved_at = case.closed_at = at
    case.number = take_number(at)
    case.save()
    happened(case, Verb.ON_SPOT, at, by=by, organisation=membership.organisation, words=words)
    return case


@transaction.atomic
def take_chat(chosen: Sequence[Said], *, by: Person, at: datetime, once: str = "") -> list[Case]:
    """Make cases of the voices that a worker chose from a forwarded chat (`rules.chat_voices` proposes them)."""
    require(bool(chosen), _("还没有选。请勾选要办的几条，再提交。"))
    cases = []
    for place, said in enumerate(chosen):
        key = f"{once}:{place}" if once else ""
        cases.append(file_for(replace(said, channel=Channel.CHAT), resident=None, by=by, at=at, once=key))
    return cases


def chat_reply(cases: Sequence[Case]) -> str:
    """Return the answer to a group as text to paste: what became of each, without anybody's name."""
    lines = [_("大家说的事都记下了：")]
    for case in cases:
        row = {"title": case.shown_title, "number": case.number, "state": case.get_state_display()}
        line = _("· %(title)s（%(number)s）：%(state)s") % row
        if case.public_answer:
            line += "。" + case.public_answer
        elif case.due and case.closed_at is None:
            line += _("，%(due)s前办结") % {"due": f"{case.due.astimezone():%m-%d %H:%M}"}
        lines.append(line)
    return "\n".join(lines)


def intake_seat(by: Person, place: Place, at: datetime) -> Membership:
    """Return the role in which `by` takes in residents' matters at `place`."""
    for membership in Membership.objects.intake_on(by, at):
        if membership.covers(place):
            return membership
    raise Refused(
        _("代居民录入由当地社区、网格的工作人员来做。请核对地点，或转给“%(place)s”的社区。")
        % {"place": str(place)}
    )


def _file(said: Said, reporter: Person | None, by: Person | None, at: datetime, once: str) -> Case:
    if found := _posted(once):
        return found
    case = _new(said, reporter, by, at, once)
    decision = duties.decide(said.category, said.place, at)
    for name, value in decided_fields(said.category, decision).items():
        setattr(case, name, value)
    case.owner = owner_at(case.matter, said.place, decision.desk)
    for name, value in reminding(case, None, clock_by(decision)).items():
        setattr(case, name, value)
    try:
        with transaction.atomic():
            case.number = take_number(at)
            case.save()
    except IntegrityError:
        if found := _posted(once):
            return found  # the same form, posted twice at the same moment
        raise
    _after_filing(case, said, decision, at)
    return case


def _posted(once: str) -> Case | None:
    """Return what the same form has filed already; it mostly has not, so a key is looked for, not a whole row."""
    pk = Case.objects.filter(once=once).values_list("pk", flat=True).first() if once else None
    return Case.objects.get(pk=pk) if pk else None


def _after_filing(case: Case, said: Said, decision: Decision, at: datetime) -> None:
    details = {"channel": case.channel, "because": case.because}
    if said.nickname:
        details["nickname"] = said.nickname
    happened(case, Verb.FILED, at, by=case.filed_by, **details)
    duties.note_gap(decision, case.subject, at)
    propose(case, at, decision.bodies)
    open_intake_todo(case, at)
    if case.reporter is not None and case.filed_by != case.reporter:
        title = _("%(number)s 已经替您提交") % {"number": case.number}
        tell_askers(case, "filed", title, case.due_words, at)


def open_intake_todo(case: Case, at: datetime) -> None:
    """Put the case on the list of the desk that owns it: accept, dispatch, and look over what may be public."""
    acts = []
    if case.proposed_lead is not None and case.category is not None:
        label = _("派给%(body)s") % {"body": case.proposed_lead.name}
        acts.append(act(label, case, "dispatch", lead=case.proposed_lead.token, as_proposed="1"))
    due = case.response_due or case.due or at
    whose = {"organisation": case.owner, "power": Power.DISPATCH}
    title = _("受理派单：%(title)s") % {"title": case.title}
    open_case_todo(case, f"{case.subject}:intake:{case.version}", title, due, at, acts=acts, **whose)
    if case.visibility == Visibility.CHECKING:
        title = _("审校公开：%(title)s") % {"title": case.title}
        shown = act(_("照建议公开"), case, "moderate")
        open_case_todo(case, f"{case.subject}:moderate", title, due, at, acts=[shown], **whose)


def owner_at(matter: str, place: Place, desk: Organisation) -> Organisation:
    """Return who owns a matter until another has signed (首问负责): the desk; Linli's own body owns feedback."""
    if matter == Matter.FEEDBACK and (platform := organisations.find(PLATFORM, place)):
        return platform
    return desk


def _new(said: Said, reporter: Person | None, by: Person | None, at: datetime, once: str) -> Case:
    """Return an unsaved case with everything but its duty: place in all tiers, words masked for the public."""
    category, place = said.category, said.place
    if why := why_not_filed(said.title, said.text, said.has_attachment):
        raise Refused(why)
    if category and not said.answers.get(DESPITE):
        stop = stopped_by(category.questions, said.answers)
        require(not stop, stop)
    require(
        place.community_id is not None or place.kind == Kind.COMMUNITY,
        _("“%(place)s”太大了，不知道该请谁来办。请选到社区、小区或楼栋。") % {"place": str(place)},
    )
    matter = said.matter or (category.matter if category else Matter.CONSULTATION)
    title = title_of(said.title, said.text) or place.name
    hidden = said.is_private or matter == Matter.HELP or (category is not None and not category.is_public)
    latitude, longitude = said.position or (None, None)
    return Case(
        once=once or None,
        matter=matter,
        channel=said.channel,
        title=title,
        text=said.text,
        answers=dict(said.answers),
        reporter=reporter,
        filed_by=by,
        filed_at=at,
        clock_from=at,
        place=place,
        place_words=said.place_words,
        category=category,
        latitude=latitude,
        longitude=longitude,
        visibility=Visibility.PRIVATE if hidden else Visibility.CHECKING,
        public_title=quick_form(title)[:120],  # both are masked with care when somebody looks them over
        **tiers_of(place),
    )


def tiers_of(place: Place) -> dict[str, int | None]:
    """Return the columns that say in which estate, grid, community, street and district a place lies."""
    own = {place.kind: place.pk}
    tiers = (Kind.ESTATE, Kind.GRID, Kind.COMMUNITY, Kind.STREET, Kind.DISTRICT)
    return {f"{tier}_id": own.get(tier) or getattr(place, f"{tier}_id") for tier in tiers}
