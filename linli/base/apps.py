from django.apps import AppConfig

from linli.base.forms import speak_plainly


class BaseConfig(AppConfig):
    name = "linli.base"

    def ready(self) -> None:
        """Give every form the house's sentences."""
        speak_plainly()
