"""The same view, the same rows, no template: what rendering costs is the difference."""

from functools import wraps
from types import FunctionType

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import path, resolve, reverse

from bench.pages import PAGES
from linli.cases.views.lines import lines_of


def touched(value, depth=0):
    """Evaluate what a template would have evaluated, and count it."""
    if isinstance(value, QuerySet):
        return len(value)
    if isinstance(value, dict) and depth < 3:
        return sum(touched(v, depth + 1) for v in value.values())
    if isinstance(value, list | tuple):
        return len(value)
    return 1


def without_template(request, template, context=None, **options):
    return HttpResponse(str(touched(context or {})))


# What draws, and what takes its place: `rows_of` draws rows of the desk's list, `lines_of` only finds their words.
DRAWING = {"render": without_template, "rows_of": lines_of}


def strip(view: FunctionType) -> FunctionType:
    """Return a copy of the view in whose world nothing is drawn."""
    inner = view
    while hasattr(inner, "__wrapped__"):
        inner = inner.__wrapped__
    world = inner.__globals__ | {name: other for name, other in DRAWING.items() if name in inner.__globals__}
    bare = FunctionType(inner.__code__, world, inner.__name__, inner.__defaults__, inner.__closure__)
    bare.__kwdefaults__ = inner.__kwdefaults__

    @wraps(inner)
    def answer(request, *args, **kwargs):
        return bare(request, *args, **kwargs)

    return answer


def plain_page(name: str):
    def answer(request, token=None):
        target = resolve(reverse(name, kwargs={"token": token} if token else {}))
        return strip(target.func)(request, **target.kwargs)

    return answer


def plain_pages():
    return [
        path(f"bench/{page.key}/" + ("<str:token>/" if page.takes_token else ""), plain_page(page.url))
        for page in PAGES
    ]
