"""Exactly one access mark stands on every view: who may call it at all.

Which rows a caller may see is the QuerySet's business (`Case.objects.seen_by(person)`), and whether a change is
allowed the rules'. Marks nest nothing and read nothing but the request. What only some may see no browser keeps: the
back button shows nothing of it after signing out, nor after the minute of an opened field.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

View = Callable[..., HttpResponse]


def open_to_all(view: View) -> View:
    """Anyone, signed in or not: speaking, following and reading need no verified identity."""
    return _marked(view, view, "everyone")


def signed_in(view: View) -> View:
    """Any person who is signed in, for what is their own."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "person", None) is None:
            return redirect_to_login(request.get_full_path())
        return _unkept(view(request, *args, **kwargs))

    return _marked(guarded, view, "signed_in")


def staff(*powers: str) -> Callable[[View], View]:
    """Someone whose roles today hold one of `powers` somewhere; a stranger gets 404, as if the page did not exist."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if getattr(request, "person", None) is None:
                return redirect_to_login(request.get_full_path())
            if not request.powers & set(powers):  # type: ignore[attr-defined]
                raise Http404
            return _unkept(view(request, *args, **kwargs))

        return _marked(guarded, view, "staff:" + "|".join(powers))

    return mark


def by_token(view: View) -> View:
    """A machine that shows its own token; the view checks it."""
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return _marked(view, view, "token")


def _unkept(response: HttpResponse) -> HttpResponse:
    if "Cache-Control" not in response:
        add_never_cache_headers(response)
    return response


def _marked(guarded: View, view: View, mark: str) -> View:
    if hasattr(view, "access_mark"):
        raise TypeError(f"{view.__name__} wears two access marks")
    guarded.access_mark = mark  # type: ignore[attr-defined]
    return guarded
