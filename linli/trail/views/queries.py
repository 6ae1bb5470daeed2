"""The questions that wait for a data officer, and answering one."""

from datetime import datetime

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from linli.base.access import staff
from linli.base.asked import Asked, tried
from linli.base.pages import page_of
from linli.base.words import said as _
from linli.trail import actions
from linli.trail.forms import AnswerForm
from linli.trail.models import Query, QueryQuerySet
from linli.trail.rules import Purpose
from linli.trail.views.audit import AUDIT, role_words


@staff(AUDIT)
def waiting(request: Asked) -> HttpResponse:
    """The questions that nobody has answered yet, the most urgent first."""
    page = page_of(
        asked_of(request).filter(answered_at=None).select_related("seen__look"), request, ["due", "id"]
    )
    return render(request, "trail/queries.html", {"now": timezone.now(), "page": page})


@staff(AUDIT)
def query(request: Asked, token: str) -> HttpResponse:
    """One question with the look it is about, and the form to answer it; whoever asked can read that it was opened."""
    now = timezone.now()
    row = get_object_or_404(asked_of(request).select_related("seen__look"), token=token)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said, was_right = form.cleaned_data["answer"], form.cleaned_data["was_right"] == "yes"
        by, words = request.person.subject, role_words(request)
        if tried(form, lambda: actions.answer(row, said, was_right, by, words, now)) is not None:
            return redirect("trail:queries")
    _leave_trace(request, row, now)
    context = {"now": now, "query": row, "look": row.seen.look, "form": form}
    return render(request, "trail/query.html", context, status=422 if form.errors else 200)


def asked_of(request: Asked) -> QueryQuerySet:
    """Return the questions about looks within the places that the caller audits."""
    return Query.objects.beneath(row.place.path for row in request.memberships if AUDIT in row.powers)


@transaction.atomic
def _leave_trace(request: Asked, query: Query, at: datetime) -> None:
    actions.looked_at_many(
        {query.seen.subject, query.seen.look.looker},
        request.person.subject,
        role_words(request),
        _("对一次查看的疑问"),
        _("答复“这条不对”"),
        at,
        f"trail.Query:{query.pk}",
        Purpose.AUDIT,
    )
