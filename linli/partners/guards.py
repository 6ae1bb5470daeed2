"""Who may see scans of certificates and photos of rounds: those who may open the partner's file."""

from typing import Any, cast

from django.http import HttpRequest

from linli.attachments.rules import Sight
from linli.base.asked import Asked
from linli.partners.models import Paper, Partner, RoundReport


def paper_guard(request: HttpRequest, subject_id: int | str) -> Sight | None:
    """Return "full" for the partner's people and its desk; the public reads number and date, never the scan."""
    found = Paper.objects.filter(pk=subject_id).values("partner")
    return _sight(request, found)


def round_guard(request: HttpRequest, subject_id: int | str) -> Sight | None:
    """Return "full" for the partner's people and its desk: photos of a round show where people live."""
    found = RoundReport.objects.filter(pk=subject_id).values("round__partner")
    return _sight(request, found)


def _sight(request: HttpRequest, partners: Any) -> Sight | None:
    asked = cast(Asked, request)
    if asked.person is None:
        return None
    opened = Partner.objects.opened_by(asked.person, asked.memberships).filter(pk__in=partners)
    return "full" if opened.exists() else None
