"""谁看了我的信息: everybody reads who looked at their own data, when and why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from linli.base.access import signed_in
from linli.base.pages import page_of
from linli.trail.models import Seen, subjects_of


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """The looks at the data of the person who is signed in, latest first."""
    person = request.person  # type: ignore[attr-defined]
    looks = Seen.objects.about(subjects_of(person.subject)).shown(timezone.now())
    return render(
        request, "trail/mine.html", {"page": page_of(looks, request, ["-at", "-id"]), "now": timezone.now()}
    )
