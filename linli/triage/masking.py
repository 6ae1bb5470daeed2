"""Personal data in text, under its first address; `linli.triage.rules` is the door."""

from linli.triage.rules.masking import Span, masked, personal_data

__all__ = ["Span", "masked", "personal_data"]
