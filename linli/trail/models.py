"""Who looked at whose data: written where rows become personal output, the one thing a GET may write."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class LookQuerySet(models.QuerySet["Look"]):
    """Phrases about looks."""

    def about(self, subject: str) -> Self:
        """Return the looks at `subject` ("people.Person:42"), latest first."""
        return self.filter(subject=subject).order_by("-id")


class Look(models.Model):
    """One look at one person's data. Everyone is named by id and words, so that this floor knows no model."""

    at = models.DateTimeField(_("时间"))
    subject = models.CharField(_("被查看人"), max_length=40)  # "people.Person:42"
    looker = models.CharField(_("查看人"), max_length=40)
    looker_words = models.CharField(_("查看人说明"), max_length=120)  # "李* · 柳树社区居委会 · 网格员"
    fields = models.CharField(_("看了什么"), max_length=200)
    reason = models.CharField(_("事由"), max_length=200)
    under = models.CharField(_("依据事项"), max_length=60, blank=True)  # "cases.Case:7"

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = _("查看记录")
        indexes = [models.Index(fields=["subject", "id"], name="look_by_subject")]

    def __str__(self) -> str:
        return f"{self.looker_words}: {self.fields}"
