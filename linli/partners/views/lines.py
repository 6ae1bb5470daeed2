"""What pages show of a partner's rows: papers with their worth, contracts with their sums, terms with their state."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.duties import actions as duties
from linli.partners.actions import warning_moments
from linli.partners.models import Contract, Deliverable, Paper, Partner, PartnerEvent, Term
from linli.partners.models.contracts import in_fen
from linli.partners.rules import State, TermState, Validity, validity

TONES = {Validity.GOOD: "calm", Validity.ENDING: "soon", Validity.LAPSED: "late", Validity.REPLACED: "done"}
TERM_TONES = {TermState.RENEWAL_DUE: "soon", TermState.OVERDUE: "late", TermState.ENDED: "done"}


@dataclass(frozen=True)
class PaperLine:
    """One paper and what it is worth today."""

    paper: Paper
    worth: Validity
    tone: str
    is_needed: bool


def paper_lines(partner: Partner, now: datetime) -> list[PaperLine]:
    """Return the standing papers, what runs out first on top; the newest replaced ones after them."""
    calendar, today = duties.calendar_of(partner.place), localdate(now)
    rows = sorted(
        partner.papers.order_by("-replaced_at", "-id")[:30],
        key=lambda paper: (
            paper.replaced_at is not None,
            paper.expires_on is None,
            paper.expires_on or today,
        ),
    )
    lines = []
    for paper in rows:
        moments = warning_moments(paper, calendar, settings.PAPER_WARNINGS)
        from_when = localdate(min(moment for _stage, moment in moments)) if moments else None
        worth = validity(paper.expires_on, paper.replaced_at is not None, from_when, today)
        lines.append(PaperLine(paper, worth, TONES[worth], paper.kind in partner.required_papers))
    return lines


@dataclass(frozen=True)
class ContractLine:
    """One contract, what has been paid of it, and where it stands."""

    contract: Contract
    paid: Decimal
    words: str
    tone: str


def contract_lines(contracts: QuerySet[Contract], now: datetime) -> list[ContractLine]:
    """Return contracts with their sums, the newest first, in two queries."""
    rows = list(contracts.select_related("partner", "previous", "renewal").order_by("-since", "-id")[:50])
    paid = dict(
        Deliverable.objects.filter(contract__in=rows, paid_on__isnull=False)
        .values_list("contract")
        .annotate(sum=Sum("paid_amount"))
        .order_by()
    )
    return [ContractLine(row, in_fen(paid.get(row.pk)), *standing_of(row, now)) for row in rows]


def standing_of(contract: Contract, now: datetime) -> tuple[str, str]:
    """Return where a contract stands, and its tone."""
    today = localdate(now)
    if contract.ended_on is not None and contract.ended_on <= today:
        return _("%(day)s 提前终止") % {"day": contract.ended_on.isoformat()}, "late"
    if today < contract.since:
        return _("%(day)s 开始") % {"day": contract.since.isoformat()}, "calm"
    if today > contract.until:
        return _("%(day)s 到期") % {"day": contract.until.isoformat()}, "done"
    return _("履行中，到 %(day)s") % {"day": contract.until.isoformat()}, "calm"


def term_lines(terms: Iterable[Term], now: datetime) -> list[dict[str, Any]]:
    """Return terms, the newest first, with their state in words and who sits in them."""
    today = localdate(now)
    lines = []
    for term in terms:
        state = term.state_on(today)
        seated = [member for member in term.members.all() if member.until is None or member.until > today]
        tone = TERM_TONES.get(state, "calm")
        lines.append({"term": term, "state": state, "tone": tone, "seated": seated})
    return lines


def steps_of(events: Iterable[PartnerEvent]) -> list[dict[str, Any]]:
    """Return lines of a timeline, as `linli/timeline.html` takes them."""
    return [
        {"at": event.at, "words": event.get_verb_display(), "who": event.by_words, "note": event.words}
        for event in events
    ]


def sentence_of(partner: Partner, now: datetime) -> tuple[str, str]:
    """Return where a partner stands as a sentence, and its tone."""
    if partner.state == State.ADMITTED and not partner.takes_orders(localdate(now)):
        return _("必需的证照过期了，暂时不接新单"), "late"
    tone = {State.SUSPENDED: "late", State.LEFT: "done", State.REFUSED: "late", State.ADMITTED: "calm"}
    return str(State(partner.state).label), tone.get(State(partner.state), "soon")
