from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "linli.duties"
