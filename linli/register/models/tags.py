"""Tags: what the community must know of a person for a stated purpose, from a day to a day."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.base.fields import SealedField, TokenField, sealed_in
from linli.people.models import Person
from linli.register.models.facts import Stated
from linli.register.rules import Sensitivity, is_stale


class TagKind(models.Model):
    """A row of the table of tags. None is put on a person without a purpose and a legal basis."""

    code = models.CharField(_("代码"), max_length=30, unique=True)
    name = models.CharField(_("名称"), max_length=20, unique=True)
    purpose = models.CharField(_("用途"), max_length=200)
    legal_basis = models.CharField(_("法律依据"), max_length=200)
    sensitivity = models.CharField(_("敏感程度"), max_length=10, choices=Sensitivity)
    shelf_life_days = models.PositiveIntegerField(_("多少天后再确认"), null=True, blank=True)
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("标签种类")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(purpose="") & ~Q(legal_basis=""), name="tag_has_purpose_and_basis"
            )
        ]

    def __str__(self) -> str:
        return self.name


class TagQuerySet(models.QuerySet["Tag"]):
    def on(self, day: date) -> Self:
        """Return those that hold on that day; `until` is the first day without."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class Tag(Stated):
    """That a tag holds of a person. Its detail (level, number of a certificate) is sealed."""

    token = TokenField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="tags")
    kind = models.ForeignKey(TagKind, models.PROTECT, related_name="tags", verbose_name=_("标签"))
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)
    detail_sealed = SealedField("detail")
    ended_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    ended_because = models.CharField(_("为什么结束"), max_length=120, blank=True)

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("标签")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(until=None), name="tagged_once_with_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="tag_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["kind", "person"], name="tags_of_kind")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind_id}"

    @property
    def detail(self) -> str:
        """Level, certificate number and the like in clear, "" where there is none."""
        return sealed_in(self, "detail_sealed").read(self)

    @detail.setter
    def detail(self, words: str) -> None:
        sealed_in(self, "detail_sealed").write(self, words)

    def is_stale(self, on: date) -> bool:
        """Whether it has to be asked again; `kind` should be fetched along."""
        return is_stale(self.kind.shelf_life_days, self.confirmed_on, on)
