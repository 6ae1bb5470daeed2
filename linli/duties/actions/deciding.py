"""Who leads, who assists and until when, for a matter at a place, with the reasons."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from linli.base.worktime import Calendar, due, due_of_stages
from linli.duties.actions.calendars import calendar_of
from linli.duties.actions.reasons import Choice, why
from linli.duties.actions.remembering import lines_for
from linli.duties.functions import Function
from linli.duties.models import Category, DutyLine, DutyList, in_force_of
from linli.duties.rules import DESK_RESPONSE, DESK_SIGN, Clause, desk_limits, ranked
from linli.organisations import actions as organisations
from linli.organisations.models import Organisation, Tier
from linli.places.models import Place


@dataclass(frozen=True)
class Decision:
    """What the duty list says. `line` None: nobody matched, `lead` is the desk, `gap` says what is missing.

    Times are aware. `because` are sentences that cite the line and its basis, in the order of the reasoning.
    """

    category: Category | None
    place: Place
    at: datetime
    duty_list: DutyList | None
    line: DutyLine | None
    lead: Organisation
    assists: list[Organisation]
    sign_due: datetime
    response_due: datetime
    due: datetime
    due_words: str
    is_certain: bool
    calendar: Calendar
    because: list[str]
    desk: Organisation  # 兜底服务台 of the place
    bodies: list[Organisation]  # all that serve the place, the nearest first
    gap: str = ""
    stages: list[tuple[str, int, str]] = field(default_factory=list)
    limits: tuple[tuple[int, str], tuple[int, str]] = (
        DESK_SIGN,
        DESK_RESPONSE,
    )  # of signing and first response

    @property
    def next_tier(self) -> str:
        """Where the case whistles to when it is late."""
        return self.line.next_tier if self.line else Tier.STREET.value


def decide(category: Category | None, place: Place, at: datetime) -> Decision:
    """Decide by the list in force at `at`; words are in the house's language, because they go on record.

    Refused where no desk serves the place: then nobody at all could own the matter.
    """
    return Deciding(place).decide(category, at)


def explain(category: Category | None, place: Place, at: datetime) -> Decision:
    """Decide as `decide` does, in the language of the reader: for pages that show why."""
    return _explain(Deciding(place), category, at)


class Deciding:
    """What decisions at one place stand on, read once: bodies, lists, calendar. Kept for a batch, no longer."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.lists = list(DutyList.objects.published_above(place))
        self.bodies = _Bodies(place)
        self.calendar = calendar_of(place)

    def decide(self, category: Category | None, at: datetime) -> Decision:
        """Decide by the list in force at `at`, as `decide` does."""
        with translation.override(settings.LANGUAGE_CODE):
            return _explain(self, category, at)


def _explain(ground: Deciding, category: Category | None, at: datetime) -> Decision:
    choice = _choose(ground, category, at)
    place, calendar = ground.place, ground.calendar
    whole = due_of_stages(at, choice.stages, calendar)
    return Decision(
        category=category,
        place=place,
        at=at,
        duty_list=choice.duty_list,
        line=choice.line,
        lead=choice.lead,
        assists=choice.assists,
        sign_due=due(at, *choice.sign, calendar).at,
        response_due=due(at, *choice.response, calendar).at,
        due=whole.at,
        due_words=whole.words,
        is_certain=whole.is_certain,
        calendar=calendar,
        because=why(choice, whole),
        desk=choice.desk,
        bodies=choice.bodies,
        gap=choice.gap,
        stages=choice.stages,
        limits=(choice.sign, choice.response),
    )


def _choose(ground: Deciding, category: Category | None, at: datetime) -> Choice:
    place, bodies = ground.place, ground.bodies
    duty_list = in_force_of(ground.lists, at)
    candidates = _candidates(duty_list, category, place)
    line, skipped = _first_with_body(candidates, bodies)
    lead = bodies.of(line.lead) if line else None
    terms = line.limits if line else (DESK_SIGN, DESK_RESPONSE)
    desk_stages = [(name, amount, str(unit)) for name, amount, unit in desk_limits(_matter(category))]
    return Choice(
        category=category,
        place=place,
        duty_list=duty_list,
        line=line,
        lead=lead or bodies.desk,
        assists=bodies.all_of(line.assists, but=lead) if line else [],
        desk=bodies.desk,
        bodies=bodies.rows,
        skipped=skipped,
        gap=_gap_of(category, duty_list, line, skipped),
        sign=terms[0],
        response=terms[1],
        stages=line.staged if line else desk_stages,
    )


def _matter(category: Category | None) -> str:
    return category.matter if category else ""


class _Bodies:
    """The bodies that serve a place, by function, nearest first; read in one query."""

    def __init__(self, place: Place) -> None:
        self.rows = list(Organisation.objects.serving(place))
        self.by_function: dict[str, Organisation] = {}
        found: Organisation | None = None
        for row in self.rows:
            self.by_function.setdefault(row.function, row)
            found = found or (row if row.is_desk else None)
        self.desk = found or organisations.desk(place)

    def of(self, function: str) -> Organisation | None:
        """The body that does `function` here; the community desk is whichever desk is nearest."""
        return self.desk if function == Function.COMMUNITY_DESK else self.by_function.get(function)

    def all_of(self, functions: list[str], *, but: Organisation | None) -> list[Organisation]:
        """Those of `functions` that exist here, each once, without `but`."""
        found = [self.of(function) for function in functions]
        return list(dict.fromkeys(body for body in found if body is not None and body != but))


def _candidates(duty_list: DutyList | None, category: Category | None, place: Place) -> list[DutyLine]:
    """The lines that apply, the deciding one first."""
    if duty_list is None or category is None:
        return []
    categories = [pk for pk in (category.pk, category.parent_id) if pk is not None]
    lines = {line.pk: line for pk in categories for line in lines_for(duty_list, pk)}
    clauses = [Clause(pk, line.category_id, line.place_id, line.ownership) for pk, line in lines.items()]
    ownership = place.ownership or category.ownership
    order = ranked(clauses, categories, _nearest_first(place), ownership, category.sort)
    return [lines[pk] for pk in order]


def _nearest_first(place: Place) -> list[int]:
    """The place and what it lies in; the grid over it comes just before its community."""
    ids = list(reversed(place.ancestor_ids()))
    if place.grid_id and place.grid_id not in ids:
        community = place.community_id
        ids.insert(ids.index(community) if community in ids else len(ids), place.grid_id)
    return ids


def _first_with_body(lines: list[DutyLine], bodies: _Bodies) -> tuple[DutyLine | None, list[DutyLine]]:
    """The first line whose lead exists here, else the first line; with those whose lead does not exist."""
    for index, line in enumerate(lines):
        if bodies.of(line.lead) is not None:
            return line, lines[:index]
    return (lines[0] if lines else None), lines


def _gap_of(
    category: Category | None,
    duty_list: DutyList | None,
    line: DutyLine | None,
    skipped: list[DutyLine],
) -> str:
    """What the list lacks; "" where it decides, or where the matter has no category yet."""
    if category is None:
        return ""
    if duty_list is None:
        return _("这里还没有发布权责清单")
    if line is None:
        return _("清单里没有「%(category)s」的条目") % {"category": category.spoken_name}
    if skipped:
        functions = dict.fromkeys(row.lead_words for row in skipped)
        return _("这里没有登记%(functions)s") % {"functions": _("、").join(functions)}
    return ""
