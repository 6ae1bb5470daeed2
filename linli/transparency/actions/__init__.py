"""Every verb of the record."""

from linli.transparency.actions.recording import correct, erase, record

__all__ = ["correct", "erase", "record"]
