"""What the guards of personal data need to know of the domains above them, told from the top of the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from linli.base.errors import Refused
from linli.cases.models import Case
from linli.people.models import Person, may_act_for
from linli.people.rules import Scope
from linli.privacy import actions as privacy
from linli.register.models import Profile
from linli.register.rules import identity_number
from linli.register.rules.identity import clean
from linli.todos.actions.outside import system_of
from linli.trail.models import survivor_of

# By what the data tracker knows a person: each takes a code and returns "people.Person:42", or "" where it knows
# nobody of that code. Asked in turn.
PERSON_OF_CODE: list[str] = [
    "linli.config.personal.person_of_token",
    "linli.config.personal.person_of_identity",
]


@dataclass(frozen=True)
class Known:
    """A person as the trail may name them: `token` in addresses, `name` in full."""

    token: str
    name: str
    masked: str


def people_of(subjects: Sequence[str]) -> dict[str, Known]:
    """Return what is known of these persons by subject ("people.Person:42"), in one query."""
    ids = [int(subject.rpartition(":")[2]) for subject in subjects if subject.startswith("people.Person:")]
    found = Person.objects.filter(pk__in=ids).only("token", "name")
    return {person.subject: Known(person.token, person.name, person.masked) for person in found}


def person_of_token(code: str) -> str:
    """Return the subject of the person with that token, "" for none."""
    person = Person.objects.filter(token=code).only("pk").first()
    return person.subject if person else ""


def person_of_identity(code: str) -> str:
    """Return the subject of the person with that identity number (15 or 18 digits, or of a passport), "" for none."""
    try:
        number = identity_number(code)
    except Refused:
        number = clean(code)
    profile = Profile.objects.of_identity(number).order_by("pk").only("pk").first()
    return f"people.Person:{profile.pk}" if profile else ""


def person_of_code(code: str) -> str:
    """Return whom an identity number or a token means, "" where nobody is known by it."""
    for path in PERSON_OF_CODE:
        if subject := import_string(path)(code):
            return survivor_of(str(subject))
    return ""


def may_ask_for(asker: str, subject: str, at: datetime) -> bool:
    """Whether `asker` may read the trail of `subject` at that moment: their own, or as proxy in everything."""
    agent, principal = (
        Person.objects.filter(pk=name.rpartition(":")[2]).first() for name in (asker, subject)
    )
    return agent is not None and principal is not None and may_act_for(agent, principal, Scope.EVERYTHING, at)


def require_tracker_assessed(at: datetime) -> None:
    """Refuse other systems the trail unless an assessment of that is in force."""
    privacy.require_assessed("trail.tracker", at)


def system_of_token(token: str) -> str:
    """Return the name of the admitted outside system that shows this token, "" for none."""
    system = system_of(token)
    return str(system.name) if system else ""


def matters_of(subjects: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return (words, address) of the matters under which somebody looked; those without a page are left out."""
    ids = [int(subject.rpartition(":")[2]) for subject in subjects if subject.startswith("cases.Case:")]
    found = Case.objects.filter(pk__in=ids).only("pk", "token", "number")
    return {case.subject: (_("诉求 %s") % case.number, case.address) for case in found}
