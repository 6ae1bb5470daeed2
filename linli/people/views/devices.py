"""The devices on which an account is signed in."""

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from linli.base.access import signed_in
from linli.base.asked import Asked
from linli.people import actions
from linli.people.models import SignIn


@signed_in
def devices(request: Asked) -> HttpResponse:
    """List them: which device, since when; each can be signed out."""
    now = timezone.now()
    rows = SignIn.objects.open_of(request.user, now)
    context = {"rows": rows, "present": request.session.session_key, "now": now}
    return render(request, "people/devices.html", context)


@signed_in
@require_POST
def end_device(request: Asked, token: str) -> HttpResponse:
    """Sign one of them out, at once."""
    now = timezone.now()
    row = get_object_or_404(SignIn.objects.open_of(request.user, now), token=token)
    actions.end_sign_in(row, now)
    if row.session_key == request.session.session_key:
        logout(request)
        return redirect("people:sign_in")
    return redirect("people:devices")


@signed_in
@require_POST
def end_other_devices(request: Asked) -> HttpResponse:
    """Sign out every device but this one."""
    now = timezone.now()
    for row in SignIn.objects.open_of(request.user, now).exclude(session_key=request.session.session_key):
        actions.end_sign_in(row, now)
    return redirect("people:devices")
