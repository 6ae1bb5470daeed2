"""What every request passes: the reader's face (elder mode), and refusals made readable."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render

from linli.base.errors import Refused

Answer = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]
NUL = "\0"


def face(get_response: Answer) -> Answer:
    """Set `request.elder` (长辈版 on?) and `request.text_size` (px) from the reader's cookies."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.elder = request.COOKIES.get("elder") == "1"  # type: ignore[attr-defined]
        size = request.COOKIES.get("text_size", "")
        request.text_size = int(size) if size in {"18", "22", "26", "30", "34"} else None  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


class Legible:
    """Take NUL out of what was sent, and let no address have it: nobody types it, and PostgreSQL keeps no such text."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: object, kwargs: object) -> None:
        """Clean the form that CSRF has read by now; what machines send without it is read by their views."""
        if NUL in request.path_info:
            raise Http404
        if getattr(view, "csrf_exempt", False):
            return
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        if request.method == "POST":
            sent = request.POST
            if any(NUL in value for name in sent for value in sent.getlist(name)):
                request.POST = _without_nul(sent)  # type: ignore[assignment]


def _without_nul(sent: QueryDict) -> QueryDict:
    clean = sent.copy()
    for name, values in sent.lists():
        clean.setlist(name, [value.replace(NUL, "") for value in values])
    return clean


class Refusals:
    """Turn Refused into a readable page with status 409, or JSON problem details for those who ask for JSON."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; refusals come back through `process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal with its sentence; everything else is not ours."""
        if not isinstance(exception, Refused):
            return None
        if "application/json" in request.headers.get("Accept", "") or request.path.startswith("/api/"):
            problem = {"title": str(exception.reason), "status": 409, "rule": str(exception.rule)}
            return JsonResponse(problem, status=409, content_type="application/problem+json")
        messages.get_messages(request)
        typed = {key: request.POST.getlist(key) for key in request.POST if key != "csrfmiddlewaretoken"}
        return render(request, "refused.html", {"refused": exception, "typed": typed}, status=409)


refusals = Refusals
legible = Legible
