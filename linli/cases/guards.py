"""Who may see the files of a case: those who may read its page, as far as that page shows them."""

from typing import cast

from django.http import HttpRequest
from django.utils import timezone

from linli.attachments.rules import Sight
from linli.base.asked import Asked
from linli.cases.models import Case
from linli.cases.views.finding import receipts_of


def attachment_guard(request: HttpRequest, subject_id: int | str) -> Sight | None:
    """Return "full" for askers (with their receipt too) and handlers, "public" for a public case, else None.

    What waits under a form that was not sent yet is named by the form's key, no row, and nobody sees it.
    """
    asked = cast(Asked, request)
    receipts = receipts_of(asked, asked.GET.get("key", ""))
    row = Case.objects.filter(pk=subject_id)
    if row.readable_by(asked.person, asked.memberships, receipts, timezone.now()).exists():
        return "full"
    return "public" if row.public().exists() else None
