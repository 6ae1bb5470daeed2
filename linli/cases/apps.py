"""Cases: a voice, from said to solved."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """The domain of cases."""

    name = "linli.cases"
    verbose_name = _("诉求")
