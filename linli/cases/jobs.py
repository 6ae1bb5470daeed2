"""What the worker process runs for cases, by the clock."""

from django.utils import timezone

from linli.cases import actions


def run_clocks() -> None:
    """Let lapse, remind and send up what is due. Recognised by each row's own state: a second run does nothing."""
    actions.run_clocks(timezone.now())


def tell_changed_duties() -> None:
    """Tell workers what a newly published duty list changes for their open work, once each."""
    actions.tell_changed_duties(timezone.now())
