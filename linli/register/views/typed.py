"""What a form was given: an empty one that was sent is an answer too."""

from django.http import QueryDict

from linli.base.asked import Asked


def typed_in(request: Asked) -> QueryDict | None:
    """Return what was sent, None where the page is only opened."""
    return request.POST if request.method == "POST" else None
