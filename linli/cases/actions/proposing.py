"""What the machine proposes and a person disposes: category and unit, each with its reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.cases.models import Case
from linli.duties.models import Category
from linli.organisations.models import Organisation
from linli.triage import actions as triage
from linli.triage.models import Proposal
from linli.triage.rules import Candidate, Span, Task, dangers, personal_data, without_denials

SHOWN = 3
# Under which category the questions stand that a kind of danger calls for.
OF_DANGER = {
    "gas": "gas_leak",
    "fire": "fire",
    "lift": "trapped",
    "electricity": "wire_hazard",
    "violence": "violence",
    "collapse": "disaster",
    "falling": "falling_tiles",
    "life": "mental_health",
    "medical": "check_in",
}
MASK = "*"  # what stands for a covered word: 张**


@dataclass(frozen=True)
class Proposed:
    """One proposal for a person to take or leave: `choice` is a Category or an Organisation."""

    choice: Category | Organisation
    score: float  # 0 to 1; 1 for the line of the duty list
    because: list[str]


def propose(case: Case, at: datetime, bodies: Iterable[Organisation]) -> None:
    """Let triage propose a category where none was chosen, or units where one was; what it says is kept.

    `bodies` are those that serve the place, the nearest first.
    """
    if case.category is not None:
        known = [Candidate(body.token) for body in bodies if body.takes_orders(localdate(at))]
        triage.propose(Task.UNIT, case.text, facts_of(case), case.subject, case.channel, at, known)
    elif case.text:
        triage.propose(Task.CATEGORY, case.text, [], case.subject, case.channel, at, candidates())


def learn_category(case: Case) -> None:
    """Learn from the category a person chose, or let stand when they dispatched."""
    if case.category is not None and case.text:
        triage.learn(Task.CATEGORY, case.text, [], case.category.code, case.subject)


def learn_unit(case: Case, body: Organisation) -> None:
    """Learn from the body a person chose."""
    triage.learn(Task.UNIT, case.text, facts_of(case), body.token, case.subject)


def facts_of(case: Case) -> list[str]:
    """Return the facts that speak for a unit, from the most specific to the most general."""
    code = case.category.code if case.category else "-"
    places = (("place", case.place_id), ("estate", case.estate_id), ("community", case.community_id))
    facts = [f"{code}@{name}:{place}" for name, place in places if place]
    return [*facts, f"{code}@street:{case.street_id}", code]


def candidates() -> list[Candidate]:
    """Return the categories that may be proposed, with the words people use for them."""
    return [Candidate(leaf.code, (leaf.name, *leaf.words)) for leaf in Category.objects.leaves()]


def proposed_categories(case: Case) -> list[Proposed]:
    """Return what was proposed for a case without a chosen category, best first."""
    said = _said(case, Task.CATEGORY)
    leaves = {leaf.code: leaf for leaf in Category.objects.leaves().filter(code__in=said)}
    return [Proposed(leaves[code], *said[code]) for code in said if code in leaves]


def proposed_units(case: Case, on: date) -> list[Proposed]:
    """Return at most three bodies that take orders on that day: by the duty list, then what such cases were given."""
    said = _said(case, Task.UNIT)
    standing = Organisation.objects.active().filter(token__in=said)
    bodies = {body.token: body for body in standing if body.takes_orders(on)}
    found: list[Proposed] = []
    if case.proposed_lead is not None and case.proposed_lead.takes_orders(on):
        found.append(Proposed(case.proposed_lead, 1.0, list(case.because)))
    for token, (score, because) in said.items():
        if token in bodies and bodies[token] != case.proposed_lead:
            found.append(Proposed(bodies[token], score, because or [_("以前同样的事常派给它")]))
    return found[:SHOWN]


def _said(case: Case, task: str) -> dict[str, tuple[float, list[str]]]:
    row = Proposal.objects.filter(subject=case.subject, task=task).order_by("-pk").first()
    return {each["label"]: (each["score"], list(each["because"])) for each in row.proposed} if row else {}


def pressing_category(text: str) -> Category | None:
    """Return the category whose safety questions a text calls for (gas, lift, fire …), None where no word does.

    Words of danger come first, then what the categories are called; what the text denies (「没有煤气味」) is not
    said. It is asked, never concluded: a person answers the question.
    """
    leaves = Category.objects.leaves().exclude(questions=[])
    pressing = [leaf for leaf in leaves if any(question.get("stops") for question in leaf.questions)]
    for danger in dangers(text):
        for leaf in pressing:
            if leaf.code.rpartition(".")[2] == OF_DANGER.get(danger.kind):
                return leaf
    low = without_denials(text).lower()
    named = (leaf for leaf in pressing if any(word.lower() in low for word in [leaf.name, *leaf.words]))
    return next(named, None)


def found_personal(case: Case) -> dict[str, list[Span]]:
    """Return, for each text the public would read, where it still seems to name a person, telephone, room or plate."""
    names = ("public_title", "public_text", "public_answer")
    found = {name: personal_data(getattr(case, name)) for name in names}
    open_ones = {name: [span for span in spans if MASK not in span.words] for name, spans in found.items()}
    return {name: spans for name, spans in open_ones.items() if spans}


def proposed_masks(text: str) -> list[Span]:
    """Return where `text` seems to name a person, telephone, room or number plate; a person decides."""
    return list(personal_data(text))
