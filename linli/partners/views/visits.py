"""Residents book a visit at home; who comes sees the door and the words, and each look is noted."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.base.access import open_to_all, signed_in
from linli.base.asked import Asked, tried
from linli.base.fields import public_token
from linli.partners import actions
from linli.partners.forms.estate import BookForm, WalkForm
from linli.partners.models import Booking, Partner, Round, VisitSlot
from linli.partners.views.acting import opened, sides_of


@open_to_all
def slots(request: Asked, token: str) -> HttpResponse:
    """The times in which a partner comes to homes, and which of them are one's own."""
    partner = get_object_or_404(Partner.objects.shown().select_related("organisation"), token=token)
    now = timezone.localtime()
    rows = list(VisitSlot.objects.filter(partner=partner).coming(now)[:60])
    person = request.acting_for or request.person
    own = {}
    if person is not None:
        booked = Booking.objects.filter(slot__in=rows, person=person, cancelled_at=None)
        own = {booking.slot_id: booking for booking in booked}
    lines = [(slot, slot.left(), own.get(slot.pk)) for slot in rows]
    context = {"partner": partner, "lines": lines, "now": now, "takes": partner.takes_orders(now.date())}
    return render(request, "partners/slots.html", context)


@signed_in
def book(request: Asked, token: str) -> HttpResponse:
    """Book a seat for one's home, or for whom one acts."""
    slot = get_object_or_404(
        VisitSlot.objects.select_related("partner", "place"), token=token, withdrawn_at=None
    )
    form = BookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person = request.acting_for or request.person
        made = tried(
            form,
            lambda: actions.book(
                slot,
                resident=person,
                by=request.person,
                at=timezone.now(),
                words=form.cleaned_data["words"],
                assisted=request.assisting is not None,
            ),
        )
        if made is not None:
            messages.success(request, _("约好了。改主意了可以随时取消。"))
            return redirect("partners:slots", slot.partner.token)
    return render(
        request, "partners/book.html", {"slot": slot, "form": form}, status=422 if form.errors else 200
    )


@signed_in
@require_POST
def cancel(request: Asked, token: str) -> HttpResponse:
    """Give a seat back."""
    person = request.acting_for or request.person
    booking = get_object_or_404(Booking.objects.select_related("slot__partner"), token=token, person=person)
    actions.cancel_booking(booking, by=request.person, at=timezone.now())
    messages.success(request, _("取消了。"))
    return redirect("partners:slots", booking.slot.partner.token)


@signed_in
def bookings(request: Asked, token: str) -> HttpResponse:
    """Who booked a slot, for those who come: door and words, names masked; each look is noted."""
    slot = get_object_or_404(VisitSlot.objects.select_related("partner", "place"), token=token)
    partner = opened(request, slot.partner.token)
    if not sides_of(request, partner).member:
        raise Http404
    words = f"{request.person.masked} · {partner.name}"
    rows = actions.bookings_shown(slot, request.person, words, timezone.now())
    return render(request, "partners/bookings.html", {"slot": slot, "partner": partner, "rows": rows})


@signed_in
def walk(request: Asked, token: str) -> HttpResponse:
    """Report a round: tap once where all is fine, write beside a point what is wrong."""
    row = get_object_or_404(Round.objects.select_related("partner", "place"), token=token, ended_on=None)
    partner = opened(request, row.partner.token)
    if not sides_of(request, partner).member:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = WalkForm(data, points=row.points, initial={"once": public_token()})
    if request.method == "POST" and form.is_valid():
        report = tried(
            form,
            lambda: actions.walk_round(
                row,
                form.defects(),
                by=request.person,
                at=timezone.now(),
                photos=request.FILES.getlist("photos"),
                once=form.cleaned_data["once"],
            ),
        )
        if report is not None:
            messages.success(request, _("巡查记好了，有 %(n)s 处问题。") % {"n": len(report.defects)})
            return redirect("partners:file", partner.token)
    context = {"round": row, "partner": partner, "form": form}
    return render(request, "partners/walk.html", context, status=422 if form.errors else 200)
