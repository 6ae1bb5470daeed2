"""Pages that belong to no domain."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from linli.base.access import open_to_all

YEAR = 60 * 60 * 24 * 365
CHOICES = {
    "elder": {"0", "1"},
    "text_size": {"", "18", "22", "26", "30", "34"},
    settings.LANGUAGE_COOKIE_NAME: {code for code, _ in settings.LANGUAGES},
}


@open_to_all
@require_POST
def set_face(request: HttpRequest) -> HttpResponse:
    """Switch 长辈版, text size or language, remembered for a year, and go back to the page."""
    back = request.POST.get("back", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    answer = HttpResponseRedirect(back)
    for name, allowed in CHOICES.items():
        value = request.POST.get(name)
        if value in allowed:
            answer.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.SECURE_BEHIND_TLS)
    return answer


@open_to_all
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was open too long or came from elsewhere, and give back what was typed."""
    typed = {key: request.POST.getlist(key) for key in request.POST if key != "csrfmiddlewaretoken"}
    return render(request, "csrf_failed.html", {"typed": typed}, status=403)
