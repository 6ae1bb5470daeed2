"""The number of the request, and in which role the person who is here looks, for every look of the request."""

import secrets
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from linli.trail.circumstances import PRESENT, Circumstances

Answer = Callable[[HttpRequest], HttpResponse]


def number_request(get_response: Answer) -> Answer:
    """Give the request a number (`request.number`, answer header X-Request-Id) that its looks carry.

    Stands after `present_powers`: body and place are those of the first role in force today.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        number = secrets.token_hex(8)
        request.number = number  # type: ignore[attr-defined]
        memberships: list[Any] = getattr(request, "memberships", [])
        seat = memberships[0] if memberships else None
        here = (
            Circumstances(number, seat.organisation.token, seat.place.path) if seat else Circumstances(number)
        )
        before = PRESENT.set(here)
        try:
            response = get_response(request)
        finally:
            PRESENT.reset(before)
        response["X-Request-Id"] = number
        return response

    return middleware
