"""What follows every act: the timeline, the record, who is told, and on whose list it waits."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from linli.base.errors import Refused
from linli.base.words import kept
from linli.base.words import said as _
from linli.cases.models import Case, Event, Order, Support
from linli.cases.record import facts_of
from linli.cases.rules import PUBLIC_VERBS, State, Verb, Visibility
from linli.duties.models import Matter
from linli.notices import actions as notices
from linli.organisations.models import Organisation, members_with
from linli.people.models import Person
from linli.todos import actions as todos
from linli.transparency import actions as transparency
from linli.triage.rules import masked, personal_data

ORIGIN = "cases"
RECORDED_VERBS = PUBLIC_VERBS | {Verb.CATEGORISED, Verb.MODERATED, Verb.HIDDEN, Verb.SHOWN}


def public_form(text: str) -> str:
    """Return `text` with names, phones, rooms and plates masked, for a person to check before it is public."""
    return masked(text, personal_data(text))


def quick_form(text: str) -> str:
    """Return `text` masked by rules alone, for notices until somebody looks over what may be public."""
    return masked(text, personal_data(text, by_rules_only=True))


def happened(
    case: Case,
    verb: str,
    at: datetime,
    *,
    by: Person | None = None,
    organisation: Organisation | None = None,
    words: str = "",
    **details: Any,
) -> Event:
    """Write one line of the timeline and, for a public act, one entry of the record, after the change was kept.

    `words` are what was typed; the public reads them masked. `details` are plain values without personal data.
    """
    is_public = verb in PUBLIC_VERBS
    words = kept(words)
    event = Event.objects.create(
        case=case,
        verb=verb,
        at=at,
        by=by,
        organisation=organisation,
        words=words,
        public_words=public_form(words) if is_public and words else "",
        details=details,
        is_public=is_public,
    )
    if verb in RECORDED_VERBS and not case.is_history:
        payload = {"act": verb, "unit": organisation.name if organisation else "", **facts_of(case)}
        transparency.record(
            log_of(case), f"case.{verb}", case.subject, ref=case.number, payload=payload, at=at
        )
    return event


def log_of(case: Case) -> str:
    """Return the name of the log that holds this case: its community's division code."""
    return case.community.code or f"place-{case.community.token}"


def askers(case: Case) -> list[Person]:
    """Return everyone who asked for this: the reporter, and those whose cases were merged into it."""
    merged = Person.objects.filter(cases__parent=case, cases__state=State.MERGED).order_by("cases__pk")
    return list(dict.fromkeys([*([case.reporter] if case.reporter else []), *merged]))


def tell_askers(
    case: Case, what: str, title: str, body: str, at: datetime, *, people: list[Person] | None = None
) -> None:
    """Tell everyone who asked, once per `what`; family who receive notices for them hear it too.

    `people` are the askers where the act has looked them up already.
    """
    if case.is_history:
        return
    told = askers(case) if people is None else people
    is_alone = [one.pk for one in told] == [case.reporter_id]
    matter = case.title if is_alone else case.public_title  # one asker's words are not told to another
    _tell(told, case, what, title, _with(matter, body), at, _("这件事是您提出的。"))


def tell_followers(case: Case, what: str, title: str, at: datetime) -> None:
    """Tell the neighbours who met with the same or follow it, while it is public."""
    if case.is_history or case.visibility != Visibility.PUBLIC:
        return
    cases = [case.pk, *case.merged.filter(state=State.MERGED).values_list("pk", flat=True)]
    standing = Support.objects.filter(case__in=cases).values("person")
    people = Person.objects.filter(pk__in=standing).exclude(pk=case.reporter_id or 0)
    _tell(people.iterator(), case, what, title, case.public_title, at, _("您说过也遇到，或关注了这件事。"))


def _with(matter: str, body: str) -> str:
    """Begin with what the matter is: the title, which may leave the house, has its number alone."""
    return "\n".join(part for part in (matter, body) if part)


def _tell(
    people: Iterable[Person], case: Case, what: str, title: str, body: str, at: datetime, because: str
) -> None:
    key = f"{case.subject}:{what}"
    notices.tell(people, key, title, body, case.address, because, at)


def tell_body(
    case: Case, organisation: Organisation, what: str, power: str, title: str, at: datetime
) -> None:
    """Tell those of a body who hold `power`, in the app; outside it only where the matter is urgent."""
    if case.is_history:
        return
    people = members_with(organisation, power, localdate(at))
    urgent = case.is_urgent and case.matter == Matter.HAZARD
    because = _("%(body)s承办这件事。") % {"body": organisation.name}
    key = f"{case.subject}:{what}:{organisation.pk}"
    notices.tell(people, key, title, "", case.address, because, at, outside=case.is_urgent, is_urgent=urgent)


def open_case_todo(case: Case, key: str, title: str, due: datetime, at: datetime, **whose: Any) -> None:
    """Put something on a list, with the case's page and place; history waits for nobody."""
    if case.is_history:
        return
    place_words = whose.pop("place_words", "") or place_words_of(case)
    todos.put_todo(
        key, case.subject, title, due, case.address, at, place_words=place_words, origin=ORIGIN, **whose
    )


def place_words_of(case: Case) -> str:
    """Return where it is, for those who handle it."""
    return " · ".join(words for words in (case.where, case.place_words) if words)


def act(label: str, case: Case, verb: str, **fields: Any) -> dict[str, object]:
    """Return what one tap does from a list: POST `fields` to the case's address + verb."""
    return {"label": str(label), "address": f"{case.address}{verb}/", "fields": fields}


def end_order(order: Order, state: str, at: datetime) -> None:
    """Let an order end in `state`, take its to-dos off the lists and let what was asked lapse."""
    order.state, order.ended_at = state, at
    order.save(update_fields=["state", "ended_at", "answer", "answered_at", "worker", "signed_at"])
    todos.close(order.key, at)
    for asking in order.askings.filter(decided_at=None):
        asking.decided_at, asking.is_granted, asking.ruling = at, False, _("工单已结束，申请随之了结")
        asking.save(update_fields=["decided_at", "is_granted", "ruling"])
        todos.close(asking.key, at)


def require_words(words: str, what: str) -> str:
    """Return the words without blanks around them; refused where none were typed."""
    if not words.strip():
        raise Refused(_("请写一句%(what)s，提出人和接手的人都要看。") % {"what": what})
    return words.strip()
