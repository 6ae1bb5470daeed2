"""Everything that waits for somebody, from every module, in one list. A to-do knows an address, not a model."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.organisations.models import Organisation
from linli.people.models import Person


class Todo(models.Model):
    """One thing to do, by one person or by whoever of an organisation takes it first."""

    token = TokenField()
    key = models.CharField(max_length=120, unique=True)  # "cases.Order:7:sign"; opening again changes nothing
    subject = models.CharField(max_length=60)  # "cases.Case:7"
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="todos")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="todos")
    power = models.CharField(max_length=16, blank=True)  # who of the organisation: those holding this power
    title = models.CharField(_("事项"), max_length=160)
    place_words = models.CharField(_("地点"), max_length=120, blank=True)
    address = models.CharField(_("页面"), max_length=200)
    acts = models.JSONField(
        _("一键办理"), default=list
    )  # [{"label": "签收", "address": "/…/", "fields": {}}], POST
    origin = models.CharField(_("来源"), max_length=60)  # the module, or the outside system
    due = models.DateTimeField(_("期限"))
    opened_at = models.DateTimeField(_("出现时间"))
    closed_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("待办")
        indexes = [
            models.Index(
                fields=["organisation", "due", "id"],
                name="open_todos_of_body",
                condition=models.Q(closed_at=None),
            ),
            models.Index(
                fields=["person", "due", "id"],
                name="open_todos_of_person",
                condition=models.Q(closed_at=None),
            ),
        ]


class OutsideSystem(models.Model):
    """Another system that may post to-dos; it shows a token of which only the hash is kept."""

    name = models.CharField(_("系统名称"), max_length=60)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    basis = models.CharField(_("依据"), max_length=200)
    until = models.DateField(_("准入到期"))
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("外部系统")
