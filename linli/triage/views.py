"""The public card of the proposer: what it is for, how it works, how often it errs, who answers for it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.base.access import open_to_all
from linli.triage import actions, measuring
from linli.triage.models import GroupError, Proposal
from linli.triage.rules import Task
from linli.triage.rules.card import CARD_DAYS, CARD_MINIMUM, GROUPS, share_words
from linli.triage.rules.names import has_model


@open_to_all
@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """Show the card. Figures of use come from what people here chose, figures of trial from public material."""
    trial = [
        {
            "task": Task(task).label,
            "cases": figure.cases,
            "first": f"{figure.first:.1%}",
            "three": f"{figure.among_three:.1%}",
        }
        for task, figure in measuring.read().items()
    ]
    context = {
        "use": [_line(row) for row in Proposal.objects.errors_since(timezone.now() - CARD_DAYS)],
        "trial": trial,
        "engine": actions.engine_name(),
        "is_off": actions.engine_name() == actions.OFF,
        "is_baseline": actions.engine_name() == actions.BASELINE,
        "owner": getattr(settings, "TRIAGE_OWNER", "") or _("本平台的数据官"),
        "minimum": CARD_MINIMUM,
        "days": CARD_DAYS.days,
        "has_model": has_model(),
    }
    return render(request, "triage/card.html", context)


def _line(row: GroupError) -> dict[str, Any]:
    return {
        "task": Task(row.task).label,
        "group": GROUPS.get(row.group, row.group),
        "first": share_words(row.first, row.cases),
        "three": share_words(row.among_three, row.cases),
    }
