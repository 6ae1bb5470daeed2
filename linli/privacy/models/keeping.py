"""What was purged when, and what must not be purged."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.people.models import Person


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def in_force(self) -> Self:
        """Return those that nobody lifted."""
        return self.filter(ended_at=None)


class LegalHold(models.Model):
    """That a person's data must stay for a proceeding: neither purge nor erasure touches it meanwhile."""

    token = TokenField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="legal_holds", verbose_name=_("当事人"))
    basis = models.CharField(_("依据"), max_length=200)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("起"))
    ended_at = models.DateTimeField(_("解除时间"), null=True, blank=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("依法保留")
        constraints = [
            models.UniqueConstraint(fields=["person", "basis"], condition=Q(ended_at=None), name="held_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("at")), name="hold_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.basis


def held_persons() -> set[int]:
    """Return the ids of everybody whose data is under a hold."""
    return set(LegalHold.objects.in_force().values_list("person", flat=True))


class Purge(models.Model):
    """That rows past their retention were removed: how many, of which table, never whose."""

    table = models.CharField(_("哪一类"), max_length=80)
    words = models.CharField(_("名称"), max_length=120)
    days = models.PositiveIntegerField(_("保存天数"))
    count = models.PositiveIntegerField(_("清除条数"))
    held = models.PositiveIntegerField(_("依法保留人数"), default=0)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("清除记录")
        indexes = [models.Index(fields=["at"], name="purges_by_time")]

    def __str__(self) -> str:
        return f"{self.words} {self.count}"
