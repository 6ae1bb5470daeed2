"""What everybody may read of partners: who works here, papers, contracts paid with public money, findings."""

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from linli.base.access import open_to_all
from linli.base.asked import Asked
from linli.base.pages import page_of
from linli.partners.models import Contract, Evaluation, Partner, Standard, Term, TermMember, VisitSlot
from linli.partners.rules import Kind, Met, Validity
from linli.partners.views.acting import Sides, offered, sides_of
from linli.partners.views.lines import (
    contract_lines,
    paper_lines,
    sentence_of,
    standing_of,
    steps_of,
    term_lines,
)
from linli.partners.views.money_acts import CONTRACT_ACTS, EVALUATION_ACTS, ITEM_ACTS, MONEY_ACTS
from linli.places.models import Place

NOBODY = Sides(clerk=False, decider=False, member=False)


@open_to_all
def partners(request: Asked) -> HttpResponse:
    """Who works here: admitted bodies by name; `?in=` a place, `?kind=`."""
    rows = Partner.objects.shown().select_related("organisation", "place")
    place = Place.objects.live().filter(token=request.GET.get("in", "")).first()
    if place is not None:
        rows = rows.filter(serves__in=[*place.ancestor_ids(), *_beneath(place)]).distinct()
    kind = request.GET.get("kind", "")
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    now = timezone.localtime()
    page = page_of(rows, request, ["name", "id"])
    context = {
        "page": page,
        "lines": [(row, *sentence_of(row, now)) for row in page.rows],
        "kinds": Kind.choices,
        "kind": kind,
        "place": place,
    }
    return render(request, "partners/list.html", context)


@open_to_all
def partner(request: Asked, token: str) -> HttpResponse:
    """One partner as everybody sees it."""
    rows = Partner.objects.once_admitted().select_related("organisation", "place")
    row = get_object_or_404(rows, token=token)
    now = timezone.localtime()
    seated = Prefetch("members", TermMember.objects.select_related("person").order_by("pk"))
    terms = Term.objects.filter(partner=row).prefetch_related(seated).order_by("-number")[:5]
    papers = [line for line in paper_lines(row, now) if line.worth != Validity.REPLACED]
    events = row.events.filter(is_public=True).order_by("-id")[:30]
    sentence, tone = sentence_of(row, now)
    context = {
        "partner": row,
        "sentence": sentence,
        "tone": tone,
        "serves": row.serves.order_by("path"),
        "papers": papers,
        "contracts": contract_lines(Contract.objects.public().filter(partner=row), now),
        "evaluations": Evaluation.objects.published().filter(partner=row).order_by("-since")[:12],
        "terms": term_lines(terms, now),
        "grants": row.grants.order_by("-id")[:12],
        "slots": VisitSlot.objects.filter(partner=row).coming(now)[:3],
        "suspension": row.suspensions.order_by("-id").first(),
        "handover": row.handover.order_by("id"),
        "steps": steps_of(events),
        "may_open": _opens_file(request, row),
        "now": now,
    }
    return render(request, "partners/partner.html", context)


@open_to_all
def contract(request: Asked, token: str) -> HttpResponse:
    """One contract: what is promised, delivered, accepted and paid; public where public money pays."""
    rows = Contract.objects.opened_by(request.person, request.memberships)
    row = get_object_or_404(
        rows.select_related("partner__place", "partner__organisation", "previous", "renewal"), token=token
    )
    now = timezone.localtime()
    sides = sides_of(request, row.partner) if request.person is not None else NOBODY
    items = row.deliverables.prefetch_related("penalties").order_by("due_on", "id")
    words, tone = standing_of(row, now)
    context = {
        "contract": row,
        "partner": row.partner,
        "words": words,
        "tone": tone,
        "paid": row.paid(),
        "items": [
            (item, item.is_late(now.date()), offered(MONEY_ACTS, ITEM_ACTS, item, sides)) for item in items
        ],
        "acts": offered(MONEY_ACTS, CONTRACT_ACTS, row, sides),
        "may_open": _opens_file(request, row.partner),
    }
    return render(request, "partners/contract.html", context)


@open_to_all
def evaluation(request: Asked, token: str) -> HttpResponse:
    """What was found of a body, criterion by criterion, with its answer; a draft for those it concerns alone."""
    rows = Evaluation.objects.opened_by(request.person, request.memberships)
    row = get_object_or_404(
        rows.select_related("partner__place", "partner__organisation", "standard", "evaluator"), token=token
    )
    sides = sides_of(request, row.partner) if request.person is not None else NOBODY
    found = [
        (criterion, Met(met).label if met in Met.values else "", reason)
        for place, criterion in enumerate(row.standard.criteria)
        for met, reason in [row.findings.get(str(place), ("", ""))]
    ]
    acts = offered(MONEY_ACTS, EVALUATION_ACTS, row, sides)
    context = {"evaluation": row, "partner": row.partner, "found": found, "acts": acts}
    return render(request, "partners/evaluation.html", context)


@open_to_all
def standards(request: Asked) -> HttpResponse:
    """The criteria by which bodies are judged, the ones in force first."""
    rows = Standard.objects.filter(replaced_on=None).select_related("place")
    return render(request, "partners/standards.html", {"page": page_of(rows, request, ["kind", "id"])})


def _beneath(place: Place) -> list[int]:
    """Return the ids of the estates under a community: partners serve estates and what is above them."""
    return list(Place.objects.live().within(place).filter(kind="estate").values_list("pk", flat=True)[:500])


def _opens_file(request: Asked, row: Partner) -> bool:
    if request.person is None:
        return False
    return Partner.objects.opened_by(request.person, request.memberships).filter(pk=row.pk).exists()
