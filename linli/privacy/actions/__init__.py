"""Every verb of privacy."""

from linli.privacy.actions.assessing import approve, assess, end_assessment, require_assessed
from linli.privacy.actions.breaches import (
    check_item,
    close_incident,
    concerned,
    contacts,
    decide_finding,
    hear,
    letter,
    open_finding,
    record_incident,
    report_incident,
    tell_concerned,
)
from linli.privacy.actions.breaking import break_glass, reveal_under, review, seen_under
from linli.privacy.actions.cataloguing import change_field, duplicates_of
from linli.privacy.actions.consenting import consent, end_notice, publish_notice, withdraw
from linli.privacy.actions.keeping import hold, lift, purge, purge_all
from linli.privacy.actions.officers import LOG, guards, officers_of
from linli.privacy.actions.questions import list_questions
from linli.privacy.actions.rights import answer, ask, erase, holdings
from linli.privacy.actions.rotating import (
    begin_rotation,
    check_keys,
    leftovers,
    retire_old_keys,
    rotate_files,
    rotate_rest,
    rotate_step,
)

__all__ = [
    "LOG",
    "answer",
    "approve",
    "ask",
    "assess",
    "begin_rotation",
    "break_glass",
    "change_field",
    "check_item",
    "check_keys",
    "close_incident",
    "concerned",
    "consent",
    "contacts",
    "decide_finding",
    "duplicates_of",
    "end_assessment",
    "end_notice",
    "erase",
    "guards",
    "hear",
    "hold",
    "holdings",
    "leftovers",
    "letter",
    "lift",
    "list_questions",
    "officers_of",
    "open_finding",
    "publish_notice",
    "purge",
    "purge_all",
    "record_incident",
    "report_incident",
    "require_assessed",
    "retire_old_keys",
    "reveal_under",
    "review",
    "rotate_files",
    "rotate_rest",
    "rotate_step",
    "seen_under",
    "tell_concerned",
    "withdraw",
]
