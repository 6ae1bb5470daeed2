"""Why a decision fell as it did, in sentences that cite the line and its basis."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.base.worktime import Due, limit_words
from linli.duties.functions import spoken
from linli.duties.models import Category, DutyLine, DutyList
from linli.duties.rules import Sort, principle_words
from linli.organisations.models import Organisation
from linli.places.models import Ownership, Place


@dataclass(frozen=True)
class Choice:
    """What was chosen, before any time is counted; `skipped` are better lines whose lead does not exist here."""

    category: Category | None
    place: Place
    duty_list: DutyList | None
    line: DutyLine | None
    lead: Organisation
    assists: list[Organisation]
    desk: Organisation
    bodies: list[Organisation]
    skipped: list[DutyLine]
    gap: str
    sign: tuple[int, str]
    response: tuple[int, str]
    stages: list[tuple[str, int, str]]


def why(choice: Choice, whole: Due) -> list[str]:
    """Return the reasoning: principle, ownership, line with basis, body, time."""
    return [*_why_line(choice), *_why_body(choice), _why_time(choice, whole)]


def _why_line(choice: Choice) -> list[str]:
    category, duty_list, line = choice.category, choice.duty_list, choice.line
    if category is None:
        return [_("还没有归类，先由%(desk)s负责到底（首问负责）。") % {"desk": choice.lead.name}]
    if duty_list is None:
        return [_("这里还没有发布权责清单，先由%(desk)s负责到底（首问负责）。") % {"desk": choice.lead.name}]
    sentences = [principle_words(category.sort), _owner_words(category, choice.place)]
    if line is None:
        values = {"list": duty_list, "category": category.spoken_name, "desk": choice.lead.name}
        sentences.append(
            _("%(list)s没有「%(category)s」这一条，先由%(desk)s负责到底（首问负责），缺口会报给清单维护人。")
            % values
        )
    else:
        values = {"list": duty_list, "number": line.number, "lead": line.lead_words, "basis": line.basis}
        sentences.append(_("%(list)s第 %(number)s 条：由%(lead)s主办。依据：%(basis)s。") % values)
    return [sentence for sentence in sentences if sentence]


def _owner_words(category: Category, place: Place) -> str:
    if place.ownership:
        label = Ownership(place.ownership).label
        return _("「%(place)s」登记的权属是%(owner)s。") % {"place": place.name, "owner": label}
    if category.ownership and category.sort == Sort.PART:
        label = Ownership(category.ownership).label
        return _("这个地点没有登记权属，这类事通常是%(owner)s，先按这个算。") % {"owner": label}
    return ""


def _why_body(choice: Choice) -> list[str]:
    line = choice.line
    if line is None:
        return []
    values = {"gap": choice.gap, "name": choice.lead.name, "function": spoken(line.lead)}
    if line in choice.skipped:
        sentences = [_("%(gap)s，先由%(name)s负责到底（首问负责），缺口会报给清单维护人。") % values]
    elif choice.skipped:
        numbers = _("、").join(row.number for row in choice.skipped)
        sentences = [
            _("第 %(numbers)s 条更贴切，但%(gap)s，所以按上面这条交给%(name)s。")
            % {"numbers": numbers, **values}
        ]
    else:
        sentences = [_("这里的%(function)s是%(name)s。") % values]
    if choice.assists:
        names = _("、").join(body.name for body in choice.assists)
        sentences.append(_("协办：%(names)s。") % {"names": names})
    return sentences


def _why_time(choice: Choice, whole: Due) -> str:
    return _("%(sign)s内签收，%(response)s内先回应；办结期限 %(words)s") % {
        "sign": limit_words(*choice.sign),
        "response": limit_words(*choice.response),
        "words": whole.words,
    }
