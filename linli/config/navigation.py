"""What every page shows around its content: the bars of the three faces."""

from typing import Any

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """Give templates `person`, `powers`, `elder`, `text_size` and the bars."""
    return {
        "person": getattr(request, "person", None),
        "powers": getattr(request, "powers", frozenset()),
        "assisting": getattr(request, "assisting", None),
        "elder": getattr(request, "elder", False),
        "text_size": getattr(request, "text_size", None),
    }
