"""What happened to a case and what neighbours added: timeline, me-too, earlier public texts."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.cases.rules import Verb
from linli.organisations.models import Organisation
from linli.people.models import Person


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> Self:
        """What anyone may read of the timeline: `public_words`, the body and the time, never who acted."""
        return self.filter(is_public=True)


class Event(models.Model):
    """One thing that happened to a case: the timeline, public or for the handlers only."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="events", verbose_name=_("诉求"))
    verb = models.CharField(_("动作"), max_length=24, choices=Verb)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("单位")
    )
    words = models.TextField(_("说明"), blank=True)
    public_words = models.TextField(_("公开说明"), blank=True)  # the same with personal data masked
    details = models.JSONField(default=dict)
    is_public = models.BooleanField(_("公开"), default=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("办理过程")
        indexes = [
            models.Index(fields=["case", "id"], name="timeline"),
            models.Index(fields=["at"], name="events_reopened", condition=models.Q(verb=Verb.REOPENED)),
        ]

    def __str__(self) -> str:
        return self.get_verb_display()


class Support(models.Model):
    """也遇到: a neighbour says "me too" instead of filing again, and hears when it is solved."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="supporters", verbose_name=_("诉求"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("邻居"))
    at = models.DateTimeField(_("时间"))
    is_following_only = models.BooleanField(_("只关注"), default=False)

    class Meta:
        verbose_name = _("也遇到")
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="me_too_once")]

    def __str__(self) -> str:
        return str(self.case_id)


class Moderation(models.Model):
    """What the public text was before and after a person looked at it, and why."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="moderations")
    field = models.CharField(max_length=16)
    before = models.TextField()
    after = models.TextField()
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("公开审校记录")

    def __str__(self) -> str:
        return self.field
