"""谁看了我的信息: everybody reads who looked at their own data, when and why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from linli.base.access import signed_in
from linli.base.pages import page_of
from linli.trail.models import Look


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """The looks at the data of the person who is signed in, latest first."""
    person = request.person  # type: ignore[attr-defined]
    looks = Look.objects.about(f"{person._meta.label}:{person.pk}")
    return render(
        request, "trail/mine.html", {"page": page_of(looks, request, ["-id"]), "now": timezone.now()}
    )
