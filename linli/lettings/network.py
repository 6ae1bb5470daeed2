"""Where a request comes from, for counting registrations."""

from django.conf import settings
from django.http import HttpRequest

from linli.people.rules import asked_from


def network_of(request: HttpRequest) -> str:
    """Return the network a request comes from: behind the TLS proxy, what the proxy saw."""
    if settings.SECURE_BEHIND_TLS:
        return asked_from(request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip())
    return asked_from(request.META.get("REMOTE_ADDR", ""))
