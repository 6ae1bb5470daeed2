"""The life of an import, what may become of a row, and who decides where two statements differ."""

from datetime import date, datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.register.rules import Source

CHUNK = 4_000  # rows of one transaction: a third of a second of writing, while others wait on SQLite
SLICE = 100.0  # seconds that one job works before another gets its turn; a job is ended after 300
EXAMPLES = 12  # of each outcome in the report
KEPT_UNLOADED = timedelta(days=3)
KEPT_LOADED = timedelta(days=7)
KEPT_ERRORS = timedelta(days=30)
KEPT_EXPORT = timedelta(days=1)
ORPHANED = timedelta(days=1)
LOST_AFTER = timedelta(
    minutes=8
)  # without a sign of life a run is taken up again: longer than a job is let run

REGISTERS = frozenset(
    {"register"}
)  # organisations.rules.Power.REGISTER: whoever keeps the register imports and exports


class State(models.TextChoices):
    """What an import waits for, or does."""

    RECEIVED = "received", _("等您对应栏目")
    CHECKING = "checking", _("正在试算")
    CHECKED = "checked", _("试算好了，等您确认")
    LOADING = "loading", _("正在导入")
    LOADED = "loaded", _("导入完成")
    STOPPED = "stopped", _("已停下")
    FAILED = "failed", _("读不下去了")


RUNNING = frozenset({State.CHECKING, State.LOADING})
NEXT: dict[str, frozenset[str]] = {
    State.RECEIVED: frozenset({State.CHECKING, State.STOPPED}),
    State.CHECKING: frozenset({State.CHECKED, State.STOPPED, State.FAILED}),
    State.CHECKED: frozenset({State.CHECKING, State.LOADING, State.STOPPED}),
    State.LOADING: frozenset({State.LOADED, State.STOPPED, State.FAILED}),
    State.STOPPED: frozenset({State.CHECKING, State.LOADING}),
    State.FAILED: frozenset({State.CHECKING, State.STOPPED}),
    State.LOADED: frozenset(),
}


class Outcome(models.TextChoices):
    """What becomes of a row, in the order of the report."""

    NEW = "new", _("新的人")
    CHANGED = "changed", _("补充或更新")
    REPEATED = "repeated", _("和现有的一样")
    CONFLICTING = "conflicting", _("和现有的不一致，等人决定")
    AGAIN = "again", _("同一人在这个文件里又出现")
    BROKEN = "broken", _("有错，没有导入")


class Decision(models.TextChoices):
    """What a person decided about a conflict."""

    OPEN = "open", _("等人决定")
    KEPT = "kept", _("保留现有的")
    TAKEN = "taken", _("采用文件里的")
    BOTH_WRONG = "both_wrong", _("两个都不对")


DECISIONS = frozenset({Decision.KEPT, Decision.TAKEN, Decision.BOTH_WRONG})
# Said by the person or their family, or seen by a worker: no ledger overrules it without a person deciding.
FIRST_HAND = frozenset({Source.SELF, Source.FAMILY, Source.VISIT, Source.PAPER, Source.LETTING})
# Who somebody is, and that they died: never changed by a ledger without a person deciding, however new it is.
WHO_IT_IS = frozenset({"name", "identity", "identity_kind", "birth_date", "sex", "died_on"})


def may_follow(state: str, following: str) -> bool:
    """Whether an import may go from one state to the other."""
    return following in NEXT[state]


def overrules(field: str, held_source: str, held_on: date, stated_on: date) -> bool:
    """Whether what a ledger of `stated_on` says may take the place of a differing held value by itself: the held one
    was stated earlier, by a ledger too, and is not about who the person is.
    """
    return field not in WHO_IT_IS and held_source not in FIRST_HAND and held_on < stated_on


def kept_until(state: str, since: datetime) -> datetime:
    """Return when the uploaded file of an import in that state is deleted, counted from its last change."""
    return since + (KEPT_LOADED if state == State.LOADED else KEPT_UNLOADED)
