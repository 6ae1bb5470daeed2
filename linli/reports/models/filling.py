"""Workbooks that were filled, kept to be compared, and what nobody has been asked for yet."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.base.crypto import seal, unseal
from linli.base.fields import SealedField, TokenField
from linli.organisations.models import Membership
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.places.models import Place, inside
from linli.reports.models.sealing import sealed, sealed_table, unsealed, unsealed_table
from linli.reports.models.template import Column, Demand, Template, registering


class FillingQuerySet(models.QuerySet["Filling"]):
    """Whose fillings."""

    def kept_by(self, memberships: Iterable[Membership]) -> Self:
        """Return the fillings of places whose register the caller keeps."""
        return self.filter(inside(registering(memberships), "place__"))

    def listed(self) -> Self:
        """Leave workbook and cells in the database."""
        return self.defer("book_sealed", "table_sealed").select_related("place", "made_by", "demand")

    def forgotten(self) -> Self:
        """Return those whose content was purged; count and digest stay."""
        return self.exclude(purged_at=None)


class Filling(models.Model):
    """One version of a workbook: for a place, as the facts were on a day. The content is sealed and purged in time.

    `table` is {"columns": [words], "names": {row: who}, "rows": {row: [cells as text]}}; a row's name is
    "people.Person:42".
    """

    token = TokenField()
    template = models.ForeignKey(Template, models.CASCADE, related_name="fillings")
    demand = models.ForeignKey(Demand, models.PROTECT, related_name="fillings")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("填报范围"))
    on = models.DateField(_("数据日期"))
    version = models.PositiveIntegerField(_("第几版"))
    is_whole = models.BooleanField(_("写全证件号和电话"))
    rows = models.PositiveIntegerField(_("行数"))
    filled = models.PositiveIntegerField(_("系统填的格数"))
    missing = models.JSONField(_("缺的格数"), default=dict)  # column words → how many cells
    warnings = models.JSONField(_("提醒"), default=list)
    digest = models.CharField(_("文件摘要"), max_length=64)  # SHA-256 of the workbook
    book_sealed = SealedField("book")
    table_sealed = SealedField("table")
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("填报人"))
    made_at = models.DateTimeField(_("填报时间"))
    purged_at = models.DateTimeField(_("内容清除时间"), null=True, blank=True)

    objects = FillingQuerySet.as_manager()

    class Meta:
        verbose_name = _("填好的表")
        constraints = [
            models.UniqueConstraint(
                fields=["template", "place", "version"], name="one_filling_for_each_version"
            )
        ]
        indexes = [
            models.Index(fields=["template", "id"], name="fillings_of_template"),
            models.Index(fields=["place", "made_at"], name="fillings_of_place"),
            models.Index(fields=["made_at"], name="fillings_to_purge", condition=Q(purged_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} {self.version}"

    @property
    def book(self) -> bytes:
        """The filled workbook, b"" once purged."""
        return unsealed(self.book_sealed, f"reports.Filling/book/{self.token}")

    @book.setter
    def book(self, content: bytes) -> None:
        self.book_sealed = sealed(content, f"reports.Filling/book/{self.token}")

    @property
    def table(self) -> dict[str, Any]:
        """The cells as text, empty once purged."""
        kept = unsealed_table(self.table_sealed, f"reports.Filling/table/{self.token}")
        return kept or {"columns": [], "names": {}, "rows": {}}

    @table.setter
    def table(self, cells: dict[str, Any]) -> None:
        self.table_sealed = sealed_table(cells, f"reports.Filling/table/{self.token}")

    @property
    def digest_words(self) -> str:
        """The digest in groups of eight, so that it can be read out and fits a phone."""
        return " ".join(self.digest[start : start + 8] for start in range(0, len(self.digest), 8))

    @property
    def missing_count(self) -> int:
        """How many cells nobody has been asked for yet."""
        return sum(self.missing.values())


class WantedQuerySet(models.QuerySet["Wanted"]):
    """What is still to be asked, and by whom."""

    def open(self) -> Self:
        """Return what nobody has answered yet."""
        return self.filter(answered_at=None)

    def askable_by(self, memberships: Iterable[Membership]) -> Self:
        """Return what may be asked at places where the caller takes residents' matters in."""
        places = [row.place for row in memberships if Power.INTAKE in row.powers]
        return self.filter(inside(places, "home__"))


class Wanted(models.Model):
    """One fact that a report needs and nobody has asked for: to be asked when the person is met anyway.

    A fact of the register is answered into the register and never kept here; the answer to a question that
    the register does not hold stays here, sealed, and fills that template's column.
    """

    token = TokenField()
    template = models.ForeignKey(Template, models.CASCADE, related_name="wanted")
    column = models.ForeignKey(Column, models.CASCADE, null=True, blank=True, related_name="wanted")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    home = models.ForeignKey(Place, models.CASCADE, related_name="+", verbose_name=_("住处"))
    grid = models.ForeignKey(
        Place, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("网格")
    )
    subject = models.CharField(max_length=40)  # "people.Person:42" or "places.Place:7"
    fact = models.CharField(_("缺什么"), max_length=40)  # a field of the register, or "question:<column id>"
    opened_at = models.DateTimeField(_("列出时间"))
    answered_at = models.DateTimeField(_("问到时间"), null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    said_sealed = SealedField("said")

    objects = WantedQuerySet.as_manager()

    class Meta:
        verbose_name = _("待问信息")
        constraints = [models.UniqueConstraint(fields=["subject", "fact"], name="asked_for_once")]
        indexes = [
            models.Index(fields=["grid", "home", "id"], name="wanted_of_grid", condition=Q(answered_at=None)),
            models.Index(fields=["template", "id"], name="wanted_of_template", condition=Q(answered_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.fact}"

    @property
    def said(self) -> str:
        """What was answered to a question that the register does not hold, "" while open."""
        return unseal(self.said_sealed, bound_to=f"reports.Wanted/said/{self.token}")

    @said.setter
    def said(self, words: str) -> None:
        self.said_sealed = seal(words, bound_to=f"reports.Wanted/said/{self.token}")
