"""Taking over what was said elsewhere and earlier: limits are counted and shown, clocks are silent, nobody is told."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.base.errors import Refused, require
from linli.cases.actions.deadlines import decided_fields
from linli.cases.actions.filing import tiers_of
from linli.cases.actions.numbering import take_numbers
from linli.cases.actions.proposing import candidates
from linli.cases.actions.telling import quick_form
from linli.cases.models import Case, Event
from linli.cases.rules import Broken, Channel, Message, State, Verb, Visibility, title_of, why_not_filed
from linli.duties import actions as duties
from linli.duties.models import Category, Matter
from linli.places.models import Place
from linli.triage import actions as triage
from linli.triage.rules import Candidate, Task

OTHER = "other.other"  # what stands where no word speaks for any category


@dataclass(frozen=True)
class Taken:
    """What became of a batch: how many were new, and of those how many no category spoke for."""

    added: int
    without_category: int
    refused: list[Broken]


class Intake:
    """One import at one place. What does not change between rows is looked up once."""

    def __init__(self, place: Place, at: datetime) -> None:
        self.place, self.at = place, at
        self.deciding = duties.Deciding(place)
        self.owner = self.deciding.bodies.desk
        self.candidates: list[Candidate] = candidates()
        self.categories = {leaf.code: leaf for leaf in Category.objects.leaves()}
        self.tiers = tiers_of(place)

    def once(self, source: str) -> str:
        """Return the key by which a row is known again."""
        return f"import:{self.place.pk}:{source}"[:64]

    @transaction.atomic
    def record(self, olds: Sequence[Message]) -> Taken:
        """Record those of `olds` that are not here yet, with category, lead and limit proposed. All or none."""
        rows = Case.objects.filter(once__in=[self.once(old.source) for old in olds])
        known = dict(rows.values_list("once", "text"))
        here = set(known)
        refused = []
        cases: list[Case] = []
        for old in olds:
            key = self.once(old.source)
            try:
                require(
                    known.setdefault(key, old.text) == old.text,
                    _("这个编号已经有了，内容不一样。请核对编号。"),
                )
                if key not in here:
                    here.add(key)
                    cases.append(self._case(key, old))
            except Refused as no:
                refused.append(Broken(old.line, str(no.reason), [old.source, old.title, old.text]))
        _number(cases)
        Case.objects.bulk_create(cases)
        Event.objects.bulk_create(
            Event(case=case, verb=Verb.IMPORTED, at=self.at, details={"because": case.because})
            for case in cases
        )
        missing = sum(case.category is None or case.category.code == OTHER for case in cases)
        return Taken(len(cases), missing, refused)

    def _case(self, key: str, old: Message) -> Case:
        if why := why_not_filed(old.title, old.text, False):
            raise Refused(why)
        category = self._category(key, old)
        decision = self.deciding.decide(category, old.said_at)
        title = title_of(old.title, old.text)
        case = Case(
            once=key,
            is_history=True,
            state=State.FILED,
            matter=category.matter if category else Matter.COMPLAINT,
            channel=Channel.IMPORT,
            title=title,
            text=old.text,
            answers={"likes": old.likes, "against": old.against} if old.likes or old.against else {},
            filed_at=old.said_at,
            clock_from=old.said_at,
            place=self.place,
            owner=self.owner,
            lead=decision.lead,
            visibility=Visibility.CHECKING,
            public_title=quick_form(title)[:120],  # the text is masked when somebody wants it public
            **self.tiers,
        )
        for name, value in decided_fields(category, decision).items():
            setattr(case, name, value)
        return case

    def _category(self, key: str, old: Message) -> Category | None:
        text = f"{old.title}\n{old.text}"
        proposed = triage.propose(Task.CATEGORY, text, [], key[:60], Channel.IMPORT, self.at, self.candidates)
        label = proposed[0].label if proposed else OTHER
        return self.categories.get(label)


def record_history(place: Place, olds: Iterable[Message], at: datetime) -> Taken:
    """Record what was said elsewhere at `place`, in one go; a second time adds nothing."""
    return Intake(place, at).record(list(olds))


def _number(cases: Sequence[Case]) -> None:
    """Give each case a number of the day on which it was said."""
    days = Counter(localdate(case.filed_at) for case in cases)
    numbers = {day: iter(take_numbers(day, amount)) for day, amount in sorted(days.items())}
    for case in cases:
        case.number = next(numbers[localdate(case.filed_at)])
