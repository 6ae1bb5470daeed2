"""What a line of the trail must say, when its subject may read it, and how long something stays open."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

WORDS_LENGTH = 120
FIELDS_LENGTH = 200
REASON_LENGTH = 200
QUERY_LENGTH = 500
ANSWER_LENGTH = 1000
REVEAL_LIMIT = timedelta(seconds=60)
QUERY_LIMIT = timedelta(days=15)  # natural days in which the data officer answers 这条不对
LONGEST_DELAY = 365  # days; whoever wants more needs a withholding
REVIEW_PERIOD = timedelta(days=365)  # a withholding holds for a year and lapses unless somebody reviews it
WARN_BEFORE = timedelta(days=30)
MANY_REVEALS = 10  # by one worker on one day outside tasks: a question, not a score
MANY_RETURNS = 5  # looks of one worker at one person outside tasks within the period shown


class Purpose(TextChoices):
    """What a look was for, in a word that a machine can count; the reason says it in full."""

    TASK = "task", _("办理本人的事")
    COUNTER = "counter", _("窗口服务")
    SEARCH = "search", _("查找")
    LIST = "list", _("名单")
    EXPORT = "export", _("导出")
    REPORT = "report", _("报表")
    FAMILY = "family", _("亲情代办")
    AUDIT = "audit", _("审计")
    EMERGENCY = "emergency", _("应急")
    TYPED = "typed", _("写明事由")


class Disclosure(TextChoices):
    """When the person looked at may read it."""

    IMMEDIATE = "immediate", _("马上公开给本人")
    AFTER_DAYS = "after_days", _("过若干天公开给本人")
    AT_CLOSE = "at_close", _("办结时公开给本人，最晚有期限")
    NEVER = "never", _("依法不公开，每年复核")


def is_complete(looker_words: str, fields: str, reason: str) -> bool:
    """Tell whether a look can be explained to the person looked at (个人信息保护法 第十七条、第五十五条)."""
    return all(text.strip() for text in (looker_words, fields, reason))


def shown_from(disclosure: str, at: datetime, days: int, holds_until: datetime | None) -> datetime:
    """Return when the subject may read a look of `at`.

    `days` is the delay, for AT_CLOSE the latest date (the close may come before). A withheld look is readable
    when its withholding lapses without review: what nobody defends is not secret.
    """
    if disclosure == Disclosure.NEVER:
        if holds_until is None:
            raise ValueError("a look that is never shown needs a withholding")
        return holds_until
    return at if disclosure == Disclosure.IMMEDIATE else at + timedelta(days=days)


def are_days_fit(disclosure: str, days: int) -> bool:
    """Whether a delay fits its class: none for what is shown at once, 1 to 365 days for what waits."""
    waits = disclosure in {Disclosure.AFTER_DAYS, Disclosure.AT_CLOSE}
    return 1 <= days <= LONGEST_DELAY if waits else days == 0


def is_within_task(purpose: str) -> bool:
    """Whether the purpose itself is the reason: then none need be typed."""
    return purpose not in {Purpose.TYPED, Purpose.EMERGENCY}


def reveal_ends(at: datetime) -> datetime:
    """Return until when a field that is opened now stays open."""
    return at + REVEAL_LIMIT


def without_names(text: str, names: Iterable[str], instead: str) -> str:
    """Return `text` with each of `names` replaced: who else stood in a list is not for each of them to read."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, instead)
    return text


def is_household(under: str) -> bool:
    """Whether a look was at the members of one household, who are told of each other as 同户家人."""
    return under.startswith("register.Household:")
