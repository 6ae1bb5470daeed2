"""What the worker runs for imports; each calls one action with the present time. Arguments carry tokens only."""

from django.utils import timezone

from linli.imports import actions


def go_on(token: str) -> None:
    """Deal with more rows of a run. Recognised by the rows that are done."""
    actions.go_on(token, timezone.now)


def sweep() -> None:
    """Take up runs whose worker is gone, and delete files whose time is over. Again finds nothing."""
    now = timezone.now()
    actions.wake(now)
    actions.purge(now)
    actions.purge_exports(now)
