"""Every verb of cases. Each is one transaction: lock, check the rule, change, record, tell.

`by` is always the Person who acts, `at` an aware datetime. A rule that says no raises Refused with a sentence.
Actions bring the `case` or `order` they are given up to date under its lock and return it.
"""

from linli.cases.actions.askings import ask_extension, ask_help, ask_return, rule_on
from linli.cases.actions.checking import ask_check, call_back, check
from linli.cases.actions.clocks import recompute, run_clocks
from linli.cases.actions.closing import Verdict, confirm, reopen, withdraw
from linli.cases.actions.desk import (
    accept,
    add_assist,
    categorise,
    decline,
    dispatch,
    dispatch_as_proposed,
    note,
    recall,
    transfer,
)
from linli.cases.actions.duplicates import (
    Alike,
    Voice,
    alike_for_staff,
    alike_to,
    possible_duplicates,
    repeat_of,
)
from linli.cases.actions.filing import (
    Said,
    chat_reply,
    file,
    file_for,
    solve_on_the_spot,
    take_chat,
)
from linli.cases.actions.finding import search
from linli.cases.actions.history import Intake, Taken, record_history
from linli.cases.actions.looking import look_at_reporter, open_contacts
from linli.cases.actions.proposing import (
    Proposed,
    found_personal,
    pressing_category,
    proposed_categories,
    proposed_masks,
    proposed_units,
)
from linli.cases.actions.publicity import hide, moderate, photos_came, proposed_texts, show
from linli.cases.actions.published import tell_changed_duties
from linli.cases.actions.together import (
    Portion,
    follow,
    join,
    merge,
    split,
    support,
    unfollow,
    unmerge,
    unsplit,
)
from linli.cases.actions.tuning import tune, untune
from linli.cases.actions.versions import ChangedDuty, changed_duties
from linli.cases.actions.work import (
    answer_order,
    ask_more,
    pause,
    reply,
    resolve,
    resume,
    sign,
    start,
    tell_more,
)

__all__ = [
    "Alike",
    "ChangedDuty",
    "Intake",
    "Portion",
    "Proposed",
    "Said",
    "Taken",
    "Verdict",
    "Voice",
    "accept",
    "add_assist",
    "alike_for_staff",
    "alike_to",
    "answer_order",
    "ask_check",
    "ask_extension",
    "ask_help",
    "ask_more",
    "ask_return",
    "call_back",
    "categorise",
    "changed_duties",
    "chat_reply",
    "check",
    "confirm",
    "decline",
    "dispatch",
    "dispatch_as_proposed",
    "file",
    "file_for",
    "follow",
    "found_personal",
    "hide",
    "join",
    "look_at_reporter",
    "merge",
    "moderate",
    "note",
    "open_contacts",
    "pause",
    "photos_came",
    "possible_duplicates",
    "pressing_category",
    "proposed_categories",
    "proposed_masks",
    "proposed_texts",
    "proposed_units",
    "recall",
    "recompute",
    "record_history",
    "reopen",
    "repeat_of",
    "reply",
    "resolve",
    "resume",
    "rule_on",
    "run_clocks",
    "search",
    "show",
    "sign",
    "solve_on_the_spot",
    "split",
    "start",
    "support",
    "take_chat",
    "tell_changed_duties",
    "tell_more",
    "transfer",
    "tune",
    "unfollow",
    "unmerge",
    "unsplit",
    "untune",
    "withdraw",
]
