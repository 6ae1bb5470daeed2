"""Opening a masked field by one tap: the form is "trail/reveal.html", which any domain's page includes."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from linli.base.access import signed_in
from linli.base.asked import Asked
from linli.base.errors import Refused
from linli.trail import actions


@signed_in
@require_POST
def reveal(request: Asked) -> HttpResponse:
    """Open the field that the signed offer names for 60 seconds, and go back to the page that shows it."""
    offer = actions.read_offer(request.POST.get("offer", ""), request.person.subject)
    why = request.POST.get("why", "")
    try:
        actions.take(offer, why, timezone.now())
    except Refused as refused:
        context = {"offer": offer, "why": why, "refused": refused}
        return render(request, "trail/why.html", context, status=422)
    is_ours = url_has_allowed_host_and_scheme(offer.back, allowed_hosts=None)
    return HttpResponseRedirect(offer.back if is_ours else "/")
