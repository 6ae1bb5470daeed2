"""What the person who is here may do today: `request.memberships`, `request.powers`, `request.assisting`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def present_powers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Set the present memberships, their powers, and the assisted session that is running, if one is."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.memberships = []  # type: ignore[attr-defined]
        request.powers = frozenset()  # type: ignore[attr-defined]
        request.assisting = None  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
