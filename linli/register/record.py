"""A person's record as a page shows it: facts with source and freshness, masked for whoever is not the person."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date

from linli.base.asked import Asked
from linli.base.words import said as _
from linli.organisations.models import Membership
from linli.people.models import Person, Residency
from linli.register.models import (
    Correction,
    FactChange,
    HouseholdMember,
    Profile,
    Tag,
    profile_or_empty,
    registered_places,
)
from linli.register.rules import FIELDS, CorrectionState, Source, is_stale, masked, shown
from linli.trail.actions import Offer
from linli.trail.models import Reveal

NOT_LISTED = frozenset({"identity_kind"})  # said beside the number


@dataclass(frozen=True)
class Task:
    """The task within which a worker opens a field with one tap; both are "" outside any."""

    under: str = ""
    reason: str = ""


@dataclass
class FactRow:
    """One fact: what is shown of it, what opens it, where it comes from and whether it has to be asked again."""

    code: str
    label: str
    value: str
    source: str
    said: date | None
    confirmed: date | None
    is_stale: bool
    offer: Offer | None = None
    until: datetime | None = None


@dataclass
class Record:
    """What a page needs of one person."""

    person: Person
    profile: Profile
    facts: list[FactRow]
    missing: list[str]
    tags: list[dict[str, Any]]
    residencies: list[Residency]
    member: HouseholdMember | None
    history: list[dict[str, Any]] = field(default_factory=list)

    @property
    def has_stale(self) -> bool:
        """Whether anything has to be asked again."""
        return any(fact.is_stale for fact in self.facts)


def register_role(request: Asked) -> Membership:
    """Return the first role in which the caller keeps the register."""
    role: Membership = next(row for row in request.memberships if registered_places([row]))
    return role


def task_of(person: Person, request: Asked) -> Task:
    """Return what the caller is doing for this person: assisting them, or answering what they proposed."""
    assisting = request.assisting
    if assisting is not None and assisting.resident_id == person.pk:
        return Task(f"organisations.AssistedSession:{assisting.pk}", assisting.reason)
    waiting = Correction.objects.waiting_within(request.memberships).filter(person=person).first()
    if waiting is not None and waiting.state == CorrectionState.WAITING:
        return Task(f"register.Correction:{waiting.pk}", _("核实您提出的更正"))
    return Task()


def catalogue_code(code: str) -> str:
    """Return the name of a fact in the field catalogue: "register.Profile.identity"."""
    holder = "people.Person" if FIELDS[code].holder == "person" else "register.Profile"
    return f"{holder}.{code}"


def staff_record(person: Person, request: Asked, at: datetime, *, with_history: bool = False) -> Record:
    """Return the record as a worker sees it: masked, each masked fact with what opens it."""
    opened = {
        row.field: row.ends_at
        for row in Reveal.objects.filter(
            looker=request.person.subject, subject=person.subject, opened_at__lte=at, ends_at__gt=at
        )
    }
    task = task_of(person, request)
    record = _record(person, at)
    for row in record.facts:
        value = record.profile.value(row.code)
        hidden = masked(row.code, value)
        if hidden == row.value:
            continue
        row.until = opened.get(catalogue_code(row.code))
        if row.until is None:
            row.value = hidden
            row.offer = Offer(
                subject=person.subject,
                field=catalogue_code(row.code),
                fields=row.label,
                looker=request.person.subject,
                looker_words=register_role(request).looker_words(request.person),
                back=request.path,
                under=task.under,
                reason=task.reason,
            )
    if with_history:
        record.history = history_of(person, in_clear=False)
    return record


def own_record(person: Person, at: datetime) -> Record:
    """Return the record as the person themselves (or family for them) reads it: whole."""
    record = _record(person, at)
    record.history = history_of(person, in_clear=True)
    return record


def history_of(person: Person, *, in_clear: bool) -> list[dict[str, Any]]:
    """Return the values that facts no longer have, latest first, as steps of a timeline."""
    changes = FactChange.objects.filter(person=person).select_related("replaced_by").order_by("-id")[:50]
    steps = []
    for change in changes:
        value = change.before
        kind = shown(change.field, value) if in_clear else masked(change.field, value)
        source = Source(change.source).label if change.source in Source.values else ""
        words = {"label": FIELDS[change.field].label, "value": kind}
        steps.append(
            {
                "at": change.replaced_at,
                "words": _("“%(label)s”以前是：%(value)s") % words,
                "who": change.replaced_by.masked if change.replaced_by else "",
                "note": f"{source} {change.stated_on or ''}".strip(),
            }
        )
    return steps


def _record(person: Person, at: datetime) -> Record:
    today = at.date()
    profile = profile_or_empty(person)
    held = [code for code in FIELDS if profile.value(code)]
    tags = Tag.objects.on(today).filter(person=person).select_related("kind").order_by("kind_id")
    homes = person.residencies.with_building().order_by("until", "-since", "-pk")
    members = HouseholdMember.objects.on(today).filter(person=person).select_related("household__home")
    return Record(
        person=person,
        profile=profile,
        facts=[_row(profile, code, today) for code in held if code not in NOT_LISTED],
        missing=[str(FIELDS[code].label) for code in FIELDS if code not in held and code != "died_on"],
        tags=[{"tag": tag, "is_stale": tag.is_stale(today)} for tag in tags],
        residencies=list(homes),
        member=members.first(),
    )


def _row(profile: Profile, code: str, today: date) -> FactRow:
    fact = FIELDS[code]
    if profile.stated_on is None:  # nothing is held but what the person left on registering
        said = {"source": Source.SELF, "words": "", "stated_on": "", "confirmed_on": ""}
    else:
        said = profile.provenance(code)
    confirmed = parse_date(said["confirmed_on"])
    label = str(fact.label)
    if code == "identity" and profile.identity_kind:
        label = shown("identity_kind", profile.identity_kind)
    source = str(Source(said["source"]).label) if said["source"] in Source.values else ""
    return FactRow(
        code=code,
        label=label,
        value=shown(code, profile.value(code)),
        source=f"{source}（{said['words']}）" if said["words"] else source,
        said=parse_date(said["stated_on"]),
        confirmed=confirmed,
        is_stale=is_stale(fact.shelf_life, confirmed, today),
    )
