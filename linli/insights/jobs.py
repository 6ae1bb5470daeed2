"""Clocks that call one action."""

from django.utils import timezone

from linli.insights import actions


def refresh() -> None:
    """Count yesterday and today anew; twice does no harm."""
    actions.refresh(timezone.now())


def settle() -> None:
    """Count all days anew that may have changed; twice does no harm."""
    actions.settle(timezone.now())
