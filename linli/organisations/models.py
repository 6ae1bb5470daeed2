"""Bodies that act: what they do, where, and who acts for them from when to when."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.organisations.rules import Role
from linli.people.models import Person
from linli.places.models import Place


class Tier(models.TextChoices):
    COMMUNITY = "community", _("社区")
    STREET = "street", _("街道")
    DISTRICT = "district", _("区县")
    OUTSIDE = "outside", _("社会单位")


class Organisation(models.Model):
    """A body. `function` (职能) is the word by which duty lines call it: "property", "street_urban_management" …"""

    token = TokenField()
    name = models.CharField(_("名称"), max_length=80)
    function = models.CharField(_("职能"), max_length=40, db_index=True)
    tier = models.CharField(_("层级"), max_length=10, choices=Tier)
    telephone = models.CharField(_("对外电话"), max_length=30, blank=True)
    serves = models.ManyToManyField(Place, related_name="served_by", verbose_name=_("服务范围"))
    is_desk = models.BooleanField(_("兜底服务台"), default=False)  # 首问负责: owns what nobody else matches
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("组织")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """That a person acts for an organisation in a role at a place, from a day to a day. Rights come from this alone."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(_("角色"), max_length=24, choices=Role)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("范围"))
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("任职")


class AssistedSession(models.Model):
    """代办: a worker acts for a resident for at most 30 minutes, marked, logged and with a reason."""

    worker = models.ForeignKey(Person, models.PROTECT, related_name="assisting")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    resident = models.ForeignKey(Person, models.CASCADE, related_name="assisted")
    reason = models.CharField(_("事由"), max_length=200)
    channel = models.CharField(_("渠道"), max_length=12)  # counter, telephone, visit
    started_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("最晚结束"))
    ended_at = models.DateTimeField(_("结束"), null=True, blank=True)

    class Meta:
        verbose_name = _("代办记录")
