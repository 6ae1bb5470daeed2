"""Family who act for someone: granting, taking back, acting and stopping."""

from datetime import datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.base.access import open_to_all, signed_in
from linli.base.asked import Asked, tried
from linli.people import actions
from linli.people.forms import ProxyForm
from linli.people.models import Proxy
from linli.people.rules import Scope
from linli.people.views.entering import start_page
from linli.people.views.homes import whose


@signed_in
def proxies(request: Asked) -> HttpResponse:
    """Show who acts for me and for whom I act; grant a new one."""
    now, principal = timezone.now(), whose(request)
    form = ProxyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed, by = form.cleaned_data, request.person
        until = timezone.make_aware(datetime.combine(typed["until"], time.max)) if typed["until"] else None
        granted = tried(
            form,
            lambda: actions.grant_proxy_to_phone(
                principal, typed["name"], typed["phone"], typed["scope"], by, now, until
            ),
        )
        if granted is not None:
            messages.success(request, _("授权好了，家人下次登录就能看到。"))
            return redirect("people:proxies")
    rows = list(Proxy.objects.in_force(now).concerning(principal).select_related("principal", "agent"))
    context = {
        "form": form,
        "whose": principal,
        "granted": [row for row in rows if row.principal_id == principal.pk],
        "held": [row for row in rows if row.agent_id == principal.pk],
        "now": now,
    }
    return render(request, "people/proxies.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def revoke_proxy(request: Asked, token: str) -> HttpResponse:
    """End a proxy from either side."""
    now, side = timezone.now(), whose(request)
    row = get_object_or_404(Proxy.objects.in_force(now).concerning(side), token=token)
    actions.revoke_proxy(row, by=request.person, at=now, acting_for=side)
    messages.success(request, _("收回了，现在起不能再代办。"))
    return redirect("people:proxies")


@signed_in
@require_POST
def act_for(request: Asked, token: str) -> HttpResponse:
    """Begin to act for family under a proxy that holds now; every page says so until one stops."""
    held = Proxy.objects.in_force(timezone.now()).covering(Scope.CASES)
    get_object_or_404(held, agent=request.person, token=token)
    request.session["acting_for"] = token
    return HttpResponseRedirect(start_page(is_staff=False))


@open_to_all
@require_POST
def stop_acting(request: HttpRequest) -> HttpResponse:
    """Act for oneself again."""
    request.session.pop("acting_for", None)
    return HttpResponseRedirect(start_page(is_staff=False))
