"""What somebody agreed to: which words, when, and until when."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.people.models import Person


class ConsentNoticeQuerySet(models.QuerySet["ConsentNotice"]):
    def current(self) -> Self:
        """Return the newest version of each text that is still asked for."""
        newest = (
            ConsentNotice.objects.filter(code=models.OuterRef("code")).order_by("-version").values("pk")[:1]
        )
        return self.filter(pk=models.Subquery(newest), ended_at=None).order_by("code")


class ConsentNotice(models.Model):
    """One version of the text that somebody is asked to agree to; never changed, its hash is in the record."""

    token = TokenField()
    code = models.CharField(_("代号"), max_length=60)
    version = models.PositiveSmallIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=80)
    text = models.TextField(_("全文"), max_length=5000)
    without = models.CharField(_("不同意会怎样"), max_length=200)
    is_sensitive = models.BooleanField(_("敏感信息，单独同意"), default=False)
    digest = models.CharField(_("全文摘要"), max_length=64)  # SHA-256 of the text
    published_at = models.DateTimeField(_("发布时间"))
    published_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = ConsentNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("同意书")
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="each_version_once")]

    def __str__(self) -> str:
        return self.title


class ConsentQuerySet(models.QuerySet["Consent"]):
    def of(self, person: Person) -> Self:
        """Return everything this person ever agreed to, the newest first."""
        return self.filter(person=person).select_related("notice").order_by("-pk")

    def in_force(self) -> Self:
        """Return those that were not withdrawn."""
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """That a person agreed to one version of a text. Service never depends on it; withdrawing is one tap."""

    class Channel(models.TextChoices):
        SELF = "self", _("本人在页面上")
        FAMILY = "family", _("家人代办")
        COUNTER = "counter", _("窗口代办")

    token = TokenField()  # the number of the receipt
    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    notice = models.ForeignKey(ConsentNotice, models.PROTECT, related_name="consents")
    channel = models.CharField(_("方式"), max_length=8, choices=Channel, default=Channel.SELF)
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("经手人"))
    given_at = models.DateTimeField(_("同意时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("同意记录")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "notice"], condition=Q(withdrawn_at=None), name="agreed_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="withdrawn_after_given",
            ),
        ]

    def __str__(self) -> str:
        return self.token


def has_consented(person: Person, code: str) -> bool:
    """Whether the person agreed to the newest version of the text `code` and did not withdraw."""
    return (
        Consent.objects.in_force()
        .filter(person=person, notice__in=ConsentNotice.objects.current().filter(code=code))
        .exists()
    )


def withdrawn(persons: Iterable[int], codes: Iterable[str]) -> set[tuple[int, str]]:
    """Return (person, code) of those who took back what they had agreed to under a code, and did not agree again."""
    given = Consent.objects.filter(person__in=list(persons), notice__code__in=list(codes))
    taken = given.exclude(withdrawn_at=None).values_list("person", "notice__code")
    return set(taken) - set(given.in_force().values_list("person", "notice__code"))
