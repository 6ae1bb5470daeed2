"""What decides about partners: codes, states, papers, money, terms, judging."""

from linli.partners.rules.codes import credit_code
from linli.partners.rules.contracts import (
    LARGEST_SUM,
    Budget,
    is_public_money,
    require_dates,
    require_instalments,
    require_other_person,
    sum_of_money,
)
from linli.partners.rules.judging import ANSWER_DAYS, Met, why_not_judged, why_not_standard
from linli.partners.rules.papers import (
    REQUIRED,
    PaperKind,
    Validity,
    orders_until,
    stage_reached,
    validity,
)
from linli.partners.rules.standing import (
    FUNCTIONS,
    HANDOVER,
    MOVES,
    TAKES_PART,
    Kind,
    State,
    Verb,
    may_follow,
)
from linli.partners.rules.terms import LONGEST_YEARS, Post, TermState, ends_on, renewal_due, term_state

__all__ = [
    "ANSWER_DAYS",
    "FUNCTIONS",
    "HANDOVER",
    "LARGEST_SUM",
    "LONGEST_YEARS",
    "MOVES",
    "REQUIRED",
    "TAKES_PART",
    "Budget",
    "Kind",
    "Met",
    "PaperKind",
    "Post",
    "State",
    "TermState",
    "Validity",
    "Verb",
    "credit_code",
    "ends_on",
    "is_public_money",
    "may_follow",
    "orders_until",
    "renewal_due",
    "require_dates",
    "require_instalments",
    "require_other_person",
    "stage_reached",
    "sum_of_money",
    "term_state",
    "validity",
    "why_not_judged",
    "why_not_standard",
]
