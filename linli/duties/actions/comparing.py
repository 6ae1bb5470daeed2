"""What a new version of the duty list changes, for those who publish it and for open work."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from linli.duties.models import Category, DutyLine, DutyList
from linli.duties.rules import line_order
from linli.places.models import Place

Key = tuple[int, int | None, str]


@dataclass(frozen=True)
class Change:
    """One line that a version adds, drops or rewrites; `words` say each difference, old first."""

    category_id: int
    place_id: int | None
    ownership: str
    old: DutyLine | None
    new: DutyLine | None
    words: list[str]

    def concerns(self, category: Category, place: Place) -> bool:
        """Whether the line is one that a case of `category` at `place` may fall under."""
        ownership = place.ownership or category.ownership
        line = self.line
        return (
            self.category_id in (category.pk, category.parent_id)
            and self.ownership in ("", ownership)
            and (line.place is None or line.place.holds(place))
        )

    @property
    def line(self) -> DutyLine:
        """The line as it will be, or as it was where it is dropped."""
        line = self.new or self.old
        assert line is not None  # noqa: S101 (a change has one side at least)
        return line


def changes(old: DutyList | None, new: DutyList) -> list[Change]:
    """Compare two versions line by line (category, place, ownership); lines that say the same are left out.

    Cases asks this when a list is published, to show each worker what it changes for their open work: an open case
    keeps its version, so nothing moves by itself.
    """
    before = _by_key(old)
    after = _by_key(new)
    found = [_change(key, before.get(key), after.get(key)) for key in {**before, **after}]
    differing = [change for change in found if change.words]
    return sorted(differing, key=lambda change: line_order(change.line.number))


def _by_key(duty_list: DutyList | None) -> dict[Key, DutyLine]:
    lines = duty_list.ordered_lines() if duty_list else []
    return {(line.category_id, line.place_id, line.ownership): line for line in lines}


def _change(key: Key, old: DutyLine | None, new: DutyLine | None) -> Change:
    return Change(*key, old, new, _words(old, new))


def _words(old: DutyLine | None, new: DutyLine | None) -> list[str]:
    if old is None:
        return [_("新增：由%(lead)s主办") % {"lead": new.lead_words if new else ""}]
    if new is None:
        return [_("删去：原由%(lead)s主办") % {"lead": old.lead_words}]
    was, now = _said(old), _said(new)
    return [
        _("%(what)s：%(old)s → %(new)s") % {"what": what, "old": was[what], "new": now[what]}
        for what in was
        if was[what] != now[what]
    ]


def _said(line: DutyLine) -> dict[str, str]:
    """Each part of a line under its name, as a reader sees it."""
    return {
        pgettext("duty line", "主办"): line.lead_words,
        pgettext("duty line", "协办"): _("、").join(line.assist_words) or _("无"),
        pgettext("duty line", "签收"): line.sign_words,
        pgettext("duty line", "首次回应"): line.response_words,
        pgettext("duty line", "办理"): _("，").join(line.stage_words),
        _("上报至"): line.next_tier_words,
        _("依据"): line.basis,
    }
