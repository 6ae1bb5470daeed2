"""Which case a request may open: by who is here, or by the receipts that this browser holds."""

from linli.base.asked import Asked

RECEIPTS = "receipts"  # session key: receipts of what was said in this browser without signing in
MOST_RECEIPTS = 30


def receipts_of(request: Asked, key: str = "") -> list[str]:
    """Return the receipts that this browser keeps, with the one that the address or form names."""
    kept = list(request.session.get(RECEIPTS, []))
    return [*kept, key] if key else kept


def remember(request: Asked, receipt: str) -> None:
    """Let this browser read on: the receipt is all that somebody without an account has."""
    request.session[RECEIPTS] = receipts_of(request, receipt)[-MOST_RECEIPTS:]
