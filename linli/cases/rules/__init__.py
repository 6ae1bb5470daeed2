"""What a case may become, and when somebody must be told. Pure: no row, no clock, no request."""

from linli.cases.rules.chat import ChatVoice, chat_voices
from linli.cases.rules.clocks import LADDER, Ladder, Rung, rung_moment
from linli.cases.rules.closing import Outcome, Rating, outcome_of, sampled, to_call_first, window_ends
from linli.cases.rules.likeness import Candidate, Likeness, alike, best, likeness, metres_between
from linli.cases.rules.limits import Limits
from linli.cases.rules.messages import Broken, Message, messages_in, moment_of
from linli.cases.rules.states import (
    CLOSED,
    MOVES,
    OPEN,
    PUBLIC_VERBS,
    WITH_A_UNIT,
    AskingSort,
    Channel,
    OrderState,
    Part,
    ReturnReason,
    State,
    Tier,
    Verb,
    Visibility,
    may_follow,
    next_tier,
)
from linli.cases.rules.tuning import NUMBERS, Number, check_numbers
from linli.cases.rules.words import (
    LONGEST_TEXT,
    is_mere_acknowledgement,
    stopped_by,
    title_of,
    why_not_filed,
)

__all__ = [
    "CLOSED",
    "LADDER",
    "LONGEST_TEXT",
    "MOVES",
    "NUMBERS",
    "OPEN",
    "PUBLIC_VERBS",
    "WITH_A_UNIT",
    "AskingSort",
    "Broken",
    "Candidate",
    "Channel",
    "ChatVoice",
    "Ladder",
    "Likeness",
    "Limits",
    "Message",
    "Number",
    "OrderState",
    "Outcome",
    "Part",
    "Rating",
    "ReturnReason",
    "Rung",
    "State",
    "Tier",
    "Verb",
    "Visibility",
    "alike",
    "best",
    "chat_voices",
    "check_numbers",
    "is_mere_acknowledgement",
    "likeness",
    "may_follow",
    "messages_in",
    "metres_between",
    "moment_of",
    "next_tier",
    "outcome_of",
    "rung_moment",
    "sampled",
    "stopped_by",
    "title_of",
    "to_call_first",
    "why_not_filed",
    "window_ends",
]
