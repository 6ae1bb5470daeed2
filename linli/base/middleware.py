"""What every request passes: the reader's face (elder mode), and refusals made readable."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from linli.base.errors import Refused

Answer = Callable[[HttpRequest], HttpResponse]


def face(get_response: Answer) -> Answer:
    """Set `request.elder` (长辈版 on?) and `request.text_size` (px) from the reader's cookies."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.elder = request.COOKIES.get("elder") == "1"  # type: ignore[attr-defined]
        size = request.COOKIES.get("text_size", "")
        request.text_size = int(size) if size in {"18", "22", "26", "30", "34"} else None  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


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
