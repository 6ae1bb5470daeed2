"""The catalogue as it holds today: what the domains' data files say, and what the data officer changed."""

from functools import lru_cache
from pathlib import Path

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.people.models import Person
from linli.privacy.rules import Field, overlaid, read


class FieldChange(models.Model):
    """One edit of one row of the catalogue; the rows themselves come with the domains (`fields.csv`)."""

    code = models.CharField(_("字段"), max_length=80, db_index=True)
    before = models.JSONField(_("改前"))
    after = models.JSONField(_("改后"))
    reason = models.CharField(_("为什么改"), max_length=200)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("修改人"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("目录修改")

    def __str__(self) -> str:
        return self.code


@lru_cache
def _shipped() -> dict[str, Field]:
    files = [Path(config.path) / "fields.csv" for config in apps.get_app_configs()]
    return {field.code: field for path in files if path.is_file() for field in read(path)}


def catalogue() -> dict[str, Field]:
    """Return every field by code, as the data officer left it; one query."""
    fields = dict(_shipped())
    for change in FieldChange.objects.order_by("pk"):
        if change.code in fields:
            fields[change.code] = overlaid(fields[change.code], change.after)
    return fields


def field_of(code: str) -> Field | None:
    """Return one field, None where the catalogue has none."""
    shipped = _shipped().get(code)
    if shipped is None:
        return None
    for change in FieldChange.objects.filter(code=code).order_by("pk"):
        shipped = overlaid(shipped, change.after)
    return shipped


def fields_of_table(table: str) -> list[Field]:
    """Return the fields of a table ("people.Person") in the order of the data file."""
    return [field for field in catalogue().values() if field.table == table]


def retention_of(table: str) -> int | None:
    """Return after how many days a table's rows go: the longest of its fields; None where none names a number."""
    return max((field.days for field in fields_of_table(table) if field.days is not None), default=None)
