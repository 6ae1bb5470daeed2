"""Who may see photos of inspections: those who look after the facility; the public reads the result."""

from typing import cast

from django.http import HttpRequest

from linli.attachments.rules import Sight
from linli.base.asked import Asked
from linli.facilities.models import Facility


def inspection_guard(request: HttpRequest, subject_id: int | str) -> Sight | None:
    """Return "full" for whoever sees the facility at work, else None."""
    asked = cast(Asked, request)
    seen = Facility.objects.seen_by(asked.memberships).filter(inspections__pk=subject_id)
    return "full" if asked.memberships and seen.exists() else None
