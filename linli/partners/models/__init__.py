"""What is remembered of partners."""

from linli.partners.models.committee import Term, TermMember
from linli.partners.models.contracts import Contract, Deliverable, Penalty
from linli.partners.models.estate import Booking, Device, Round, RoundReport, VisitSlot
from linli.partners.models.groups import Grant
from linli.partners.models.judging import Evaluation, Standard
from linli.partners.models.partner import HandoverItem, Paper, Partner, PartnerEvent, Suspension

__all__ = [
    "Booking",
    "Contract",
    "Deliverable",
    "Device",
    "Evaluation",
    "Grant",
    "HandoverItem",
    "Paper",
    "Partner",
    "PartnerEvent",
    "Penalty",
    "Round",
    "RoundReport",
    "Standard",
    "Suspension",
    "Term",
    "TermMember",
    "VisitSlot",
]
