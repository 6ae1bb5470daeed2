"""Who is here: `request.person` (None for a stranger)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def present_person(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Set `request.person` to the person whom this session chose among those who use the account."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.person = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            persons = request.user.persons.all()  # type: ignore[union-attr]
            chosen = request.session.get("person")
            request.person = persons.filter(pk=chosen).first() or persons.order_by("pk").first()  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
