from django.apps import AppConfig


class TrailConfig(AppConfig):
    """The domain as Django knows it."""

    name = "linli.trail"
