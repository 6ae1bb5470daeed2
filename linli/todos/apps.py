from django.apps import AppConfig


class TodosConfig(AppConfig):
    name = "linli.todos"
