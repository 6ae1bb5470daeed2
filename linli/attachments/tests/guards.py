"""A guard as the domain of a subject would offer it: what it answers is in the request's query or the person's name."""

from django.http import HttpRequest


def by_query(request: HttpRequest, subject_id: int | str) -> str | None:
    """`?as=full`, `?as=public`, or nobody; staff who are signed in see everything of thing 7."""
    if getattr(request, "person", None) is not None and subject_id == 7:
        return "full"
    return request.GET.get("as")
