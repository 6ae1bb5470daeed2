"""What people are told: once in the app, at most one attempt outside per message and address."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.people.models import Person


class Notice(models.Model):
    """One message to one person. `key` makes it once: telling again with the same key changes nothing."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    key = models.CharField(max_length=120)
    title = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("内容"), blank=True)
    address = models.CharField(_("页面"), max_length=200, blank=True)  # path in Linli
    because = models.CharField(_("为什么通知您"), max_length=200, blank=True)
    is_urgent = models.BooleanField(
        _("生命安全"), default=False
    )  # passes caps and quiet hours; nothing else may
    at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("通知")
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="told_once")]
        indexes = [models.Index(fields=["person", "id"], name="notices_newest")]


class Delivery(models.Model):
    """One attempt to reach a person outside the app. A time-out is "unknown" and never resent by itself."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发")
        HELD = "held", _("并入汇总")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已送出")
        FAILED = "failed", _("发送失败")
        UNKNOWN = "unknown", _("结果不明")

    attempt = models.CharField(_("发送编号"), max_length=32, unique=True)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", null=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    channel = models.CharField(_("方式"), max_length=10)  # sms
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    words = models.CharField(_("结果说明"), max_length=200, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("外发记录")
