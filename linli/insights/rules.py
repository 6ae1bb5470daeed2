"""三率: what counts, what is left out, and when a figure is too small to be shown.

No official weighting of the three rates exists, so none is made: each is printed with its numerator, its
denominator and what is shown apart. A share is a figure only from `MINIMUM_COUNT` upwards (one four-minute
repair once made a council "most responsive"), and carries its 95 % Wilson interval.
"""

from dataclasses import dataclass
from math import sqrt

from django.db import models
from django.utils.translation import gettext_lazy as _

MINIMUM_COUNT = 10  # under this a share says more about chance than about a body
MINIMUM_CELL = 5  # under this a published count could point at somebody


class Measure(models.TextChoices):
    """What is tallied per day, body and community."""

    FILED = "filed", _("收到")
    RESPONSE_DUE = "response_due", _("应回应")
    RESPONSE_MET = "response_met", _("按时回应")
    RESPONSE_WITHDRAWN = "response_withdrawn", _("派单前撤回")
    RESPONSE_MERGED = "response_merged", _("并入他件")
    SOLVED = "solved", _("居民说解决了")
    PARTLY = "partly", _("居民说部分解决")
    NOT_SOLVED = "not_solved", _("居民说没解决")
    SILENT = "silent", _("没有回音（未确认）")
    RATED = "rated", _("给了评价")
    SATISFIED = "satisfied", _("满意及以上")
    DECLINED = "declined", _("不予受理（有理由）")
    CHECKED = "checked", _("核查属实（无人提出的件）")
    REPEATED = "repeated", _("没解决、重新办理")


@dataclass(frozen=True)
class Rate:
    """`numerator` of `denominator`, and the counts that are shown apart and never counted as good."""

    name: str
    says: str
    numerator: int
    denominator: int
    apart: tuple[tuple[str, int], ...]

    @property
    def is_enough(self) -> bool:
        """Whether there are enough answers for a share to mean something."""
        return self.denominator >= MINIMUM_COUNT

    @property
    def percent(self) -> float | None:
        """The share in percent, None where there is too little to say."""
        return 100 * self.numerator / self.denominator if self.is_enough else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % Wilson score interval (1927) in percent, None where there is too little to say."""
        if not self.is_enough:
            return None
        n, share, z = self.denominator, self.numerator / self.denominator, 1.96
        centre = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return 100 * max(centre - half, 0.0), 100 * min(centre + half, 1.0)


def three_rates(tally: dict[str, int]) -> list[Rate]:
    """Return 响应率, 解决率 and 满意率 from the tallied counts (Measure → count)."""

    def count(measure: Measure) -> int:
        return tally.get(measure, 0)

    solved, partly, unsolved = count(Measure.SOLVED), count(Measure.PARTLY), count(Measure.NOT_SOLVED)
    silent = count(Measure.SILENT)
    return [
        Rate(
            str(_("响应率")),
            str(_("首次回应期限落在本期的件里，按时联系或答复了提出人的")),
            count(Measure.RESPONSE_MET),
            count(Measure.RESPONSE_DUE),
            (
                (str(Measure.RESPONSE_WITHDRAWN.label), count(Measure.RESPONSE_WITHDRAWN)),
                (str(Measure.RESPONSE_MERGED.label), count(Measure.RESPONSE_MERGED)),
            ),
        ),
        Rate(
            str(_("解决率")),
            str(_("居民亲自回答（网页、短信、回访）的件里，说“解决了”的")),
            solved,
            solved + partly + unsolved,
            (
                (str(Measure.PARTLY.label), partly),
                (str(Measure.NOT_SOLVED.label), unsolved),
                (str(Measure.SILENT.label), silent),
                (str(Measure.CHECKED.label), count(Measure.CHECKED)),
            ),
        ),
        Rate(
            str(_("满意率")),
            str(_("居民亲自评价的件里，评“满意”或“非常满意”的")),
            count(Measure.SATISFIED),
            count(Measure.RATED),
            (
                (str(Measure.SILENT.label), silent),
                (str(Measure.DECLINED.label), count(Measure.DECLINED)),
            ),
        ),
    ]


def suppressed(cells: dict[str, int], minimum: int = MINIMUM_CELL) -> dict[str, int | None]:
    """Return the row of a published table with every count from 1 to `minimum` - 1 hidden (None).

    Where only one cell would be hidden, the smallest other non-zero cell is hidden with it, so that the total of the
    row does not give the hidden one away.
    """
    small = {name for name, count in cells.items() if 0 < count < minimum}
    if len(small) == 1:
        others = sorted((count, name) for name, count in cells.items() if count and name not in small)
        if others:
            small.add(others[0][1])
    return {name: None if name in small else count for name, count in cells.items()}
