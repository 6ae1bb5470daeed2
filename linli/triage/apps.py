from django.apps import AppConfig


class TriageConfig(AppConfig):
    """Proposals for a category and a unit, and the search for personal data in text."""

    name = "linli.triage"
