"""What may be the same matter: offered with its reasons, at most three, never blocking."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.attachments import actions as attachments
from linli.cases.models import Case, limits_at
from linli.cases.rules import OPEN, Candidate, State, Visibility, alike, best, likeness, metres_between
from linli.duties.models import Category
from linli.people.models import Person
from linli.places.models import Kind, Place

LOOKED_AT = 300  # newest cases of the community that are compared
OWN_LOOKED_AT = 50
OLDEST = timedelta(days=180)
SAME_WORDS = 0.95
# Where a form that knows nothing better puts a pin: the middle of these says nothing about where the matter is.
PINNED = (Kind.BUILDING, Kind.ESTATE, Kind.COMMUNITY, Kind.GRID)
DEFAULT_METRES = 3.0
SAME_SPOT = 30.0  # metres between two positions, as exact as a telephone among houses


@dataclass(frozen=True)
class Voice:
    """What is compared: a voice that is being typed, or one just filed."""

    place: Place
    text: str
    category: Category | None = None
    position: tuple[float, float] | None = None  # latitude, longitude
    reporter: Person | None = None
    but: int = 0  # the case itself, where it is filed already


@dataclass(frozen=True)
class Alike:
    """An earlier case that may be the same: what a person needs to tell, and why it is offered."""

    case: Case
    because: list[str]
    metres: int | None
    picture: str = ""

    @property
    def token(self) -> str:
        """The public name of the earlier case."""
        return self.case.token

    @property
    def title(self) -> str:
        """Its public title."""
        return self.case.shown_title

    @property
    def text(self) -> str:
        """Its public words."""
        return self.case.public_text

    @property
    def filed_at(self) -> datetime:
        """When it was said."""
        return self.case.filed_at

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        return str(self.case.get_state_display())

    @property
    def why(self) -> str:
        """Why it is offered, in one line."""
        return "，".join(self.because)


def possible_duplicates(voice: Voice, at: datetime, *, for_staff: bool = False) -> list[Alike]:
    """Return at most three earlier cases that may be the same matter, the most alike first.

    Residents are offered public ones and their own; staff all of the community. Closed ones count for some days.
    """
    limits = limits_at(voice.place)
    radius = limits.radius_of(voice.category.code if voice.category else "")
    rows = list(_candidates(voice, at, limits.duplicate_days, for_staff))
    if radius == 0:
        rows = [case for case in rows if case.place_id == voice.place.pk or _is_own(case, voice)]
    found: dict[int, tuple[Case, Candidate]] = {case.pk: (case, _compare(voice, case, at)) for case in rows}
    scores = [
        (likeness(candidate, radius).score, pk)
        for pk, (case, candidate) in found.items()
        if _is_alike(case, candidate, limits.duplicate_words)
    ]
    return [_offer(*found[pk], at) for pk in best(scores)]


def alike_to(case: Case, at: datetime) -> list[Alike]:
    """Return what may be the same as a case that was filed just now."""
    return possible_duplicates(_voice_of(case), at)


def alike_for_staff(case: Case, at: datetime) -> list[Alike]:
    """Return what a desk may want to merge with a case."""
    return possible_duplicates(_voice_of(case), at, for_staff=True)


def repeat_of(person: Person, text: str, at: datetime) -> Case | None:
    """Return the earlier case in which the same person said the same, so that it is offered instead of a new one."""
    earlier = Case.objects.of_person(person).filter(filed_at__gte=at - OLDEST).exclude(state=State.WITHDRAWN)
    for case in earlier.order_by("-id")[:OWN_LOOKED_AT]:
        if case.text.strip() == text.strip() or alike(case.text, text) >= SAME_WORDS:
            return case
    return None


def _voice_of(case: Case) -> Voice:
    position = None
    if case.latitude is not None and case.longitude is not None:
        position = (case.latitude, case.longitude)
    return Voice(case.place, case.text, case.category, position, case.reporter, case.pk)


def _candidates(voice: Voice, at: datetime, closed_days: int, for_staff: bool) -> Iterable[Case]:
    community = voice.place.community_id or voice.place.pk
    fresh = Q(state__in=[*OPEN, State.RESOLVED]) | Q(closed_at__gte=at - timedelta(days=closed_days))
    rows = Case.objects.filter(fresh, community=community, filed_at__gte=at - OLDEST).exclude(pk=voice.but)
    rows = rows.exclude(state__in=(State.MERGED, State.WITHDRAWN, State.DECLINED))
    if voice.category is not None:
        siblings = Q(category__parent=voice.category.parent_id) | Q(category=None)
        rows = rows.filter(siblings)
    if not for_staff:
        shown = Q(visibility=Visibility.PUBLIC)
        rows = rows.filter(shown | Q(reporter=voice.reporter) if voice.reporter else shown)
    return rows.select_related("place", "category").order_by("-id")[:LOOKED_AT]


def _compare(voice: Voice, case: Case, at: datetime) -> Candidate:
    mine, theirs = _own_position(voice.position, voice.place), None
    if case.latitude is not None and case.longitude is not None:
        theirs = _own_position((case.latitude, case.longitude), case.place)
    return Candidate(
        is_same_place=case.place_id == voice.place.pk
        and case.place.kind not in (Kind.COMMUNITY, Kind.ESTATE),
        is_same_estate=case.estate_id is not None and case.estate_id == _estate(voice.place),
        metres=metres_between(*mine, *theirs) if mine and theirs else None,
        age=at - case.filed_at,
        words_alike=alike(voice.text, case.text),
        is_same_person=_is_own(case, voice),
    )


def _is_alike(case: Case, candidate: Candidate, least: int) -> bool:
    """Few words in common say nothing, unless both speak of the same lamp, or of one spot."""
    is_same_facility = candidate.is_same_place and case.place.kind == Kind.FACILITY
    is_same_spot = candidate.metres is not None and candidate.metres <= SAME_SPOT
    return is_same_facility or is_same_spot or candidate.words_alike * 100 >= least


def _estate(place: Place) -> int | None:
    return place.pk if place.kind == Kind.ESTATE else place.estate_id


def _is_own(case: Case, voice: Voice) -> bool:
    return voice.reporter is not None and case.reporter_id == voice.reporter.pk


def _own_position(position: tuple[float, float] | None, place: Place) -> tuple[float, float] | None:
    """Return a position only if it says more than its place does (17,070 of 121,145 cases shared one default)."""
    if position is None or place.latitude is None or place.longitude is None:
        return position
    is_default = metres_between(*position, place.latitude, place.longitude) < DEFAULT_METRES
    return None if is_default and place.kind in PINNED else position


def _offer(case: Case, candidate: Candidate, at: datetime) -> Alike:
    because = []
    if candidate.is_same_person:
        because.append(_("是您以前说过的"))
    if candidate.is_same_place:
        because.append(_("同一个地点"))
    elif candidate.metres is not None:
        because.append(_("相距约 %(n)d 米") % {"n": round(candidate.metres)})
    elif candidate.is_same_estate:
        because.append(_("同一个小区"))
    days = max(0, (at - case.filed_at).days)
    because.append(_("%(n)d 天前说的") % {"n": days} if days else _("今天说的"))
    if candidate.words_alike > 0:
        because.append(_("字面相近 %(n)d%%") % {"n": round(candidate.words_alike * 100)})
    metres = round(candidate.metres) if candidate.metres is not None else None
    return Alike(case, because, metres, _picture_of(case))


def _picture_of(case: Case) -> str:
    """Return the address of its first public thumbnail, "" where there is none."""
    photo = attachments.of(case.subject).filter(form="photo", public_at__isnull=False).first()
    return f"/files/{photo.token}/thumbnail/" if photo else ""
