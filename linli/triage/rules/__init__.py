"""What triage decides: how labels are ranked, where a text is personal, and which words are urgent."""

from linli.triage.rules.masking import Span, masked, personal_data
from linli.triage.rules.ranking import Candidate, Proposed, Question, Task
from linli.triage.rules.urgency import Danger, dangers, without_denials

__all__ = [
    "Candidate",
    "Danger",
    "Proposed",
    "Question",
    "Span",
    "Task",
    "dangers",
    "masked",
    "personal_data",
    "without_denials",
]
