from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The domain as Django knows it."""

    name = "linli.places"
