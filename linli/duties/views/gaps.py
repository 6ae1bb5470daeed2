"""Gaps in the duty list, for those who keep it."""

from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.base.access import staff
from linli.base.asked import Asked
from linli.base.pages import page_of
from linli.duties import actions
from linli.duties.models import Gap, kept_places
from linli.organisations.rules import Power


@staff(Power.EDIT_DUTIES)
def gaps(request: Asked) -> HttpResponse:
    """Which matters nobody is bound to here: the commonest reasons first, then each, newest first."""
    open_gaps = Gap.objects.open().kept_by(request.memberships)
    reasons = (
        open_gaps.values("reason", "category__name")
        .annotate(n=Count("pk"), last=Max("at"))
        .order_by("-n", "reason")[:10]
    )
    context = {"page": page_of(open_gaps, request, ["-at", "-pk"]), "reasons": reasons, "now": timezone.now()}
    return render(request, "duties/gaps.html", context)


@staff(Power.EDIT_DUTIES)
@require_POST
def review(request: Asked) -> HttpResponse:
    """Decide all open gaps again: what the list or a new body covers now is closed."""
    closed = actions.review_gaps(kept_places(request.memberships), timezone.now())
    messages.success(request, _("重新对照了一遍，补上了 %(n)d 件。") % {"n": closed})
    return redirect("duties:gaps")


@staff(Power.EDIT_DUTIES)
@require_POST
def close(request: Asked, token: str) -> HttpResponse:
    """Set one gap aside."""
    gap = get_object_or_404(Gap.objects.kept_by(request.memberships), token=token)
    actions.close_gap(gap, by=request.person, at=timezone.now())
    return redirect("duties:gaps")
