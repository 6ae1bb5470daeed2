"""One-tap doors for the cast; without demo mode they do not exist."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from linli.base.access import open_to_all
from linli.base.asked import Asked
from linli.base.errors import Refused
from linli.demo import actions
from linli.demo.bodies import CAST
from linli.people.views.entering import enter


@open_to_all
def cast(request: Asked) -> HttpResponse:
    """Who lives and works here, each one tap away."""
    if not settings.DEMO:
        raise Http404
    residents = [part for part in CAST if not part.role]
    workers = [part for part in CAST if part.role]
    return render(request, "demo/cast.html", {"residents": residents, "workers": workers})


@open_to_all
@require_POST
def walk_in(request: Asked, key: str) -> HttpResponse:
    """Walk in as one of the cast."""
    if not settings.DEMO:
        raise Http404
    try:
        account = actions.account_of(key)
    except Refused as refused:
        raise Http404 from refused
    way = "staff" if account.username else "phone"
    return enter(request, account, way, "", timezone.now())
