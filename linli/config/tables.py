"""Django's admin as this house has it: tables to look at, entered the way everybody enters."""

from django.contrib.admin.apps import AdminConfig


class TablesConfig(AdminConfig):
    default_site = "linli.base.admin.TablesSite"
