"""What people are told: once in the app, at most one attempt outside by itself per message and person."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.notices.rules import COUNTED, EXPIRED_AFTER, LOST_AFTER, TROUBLED, Kind, State
from linli.organisations.models import Membership
from linli.people.models import Person, Residency


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Whose notices."""

    def of(self, person: Person) -> Self:
        """What `person` was told."""
        return self.filter(person=person)

    def unread(self) -> Self:
        """What has not been acknowledged yet."""
        return self.filter(read_at=None)


class Notice(models.Model):
    """One message to one person. `key` makes it once: telling again with the same key changes nothing."""

    token = TokenField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    key = models.CharField(max_length=120)
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    title = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("内容"), blank=True)
    address = models.CharField(_("页面"), max_length=200, blank=True)  # path in Linli
    because = models.CharField(_("为什么通知您"), max_length=200, blank=True)
    # Passes caps and quiet hours; nothing else may.
    is_urgent = models.BooleanField(_("生命安全"), default=False)
    at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("本人已看"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("通知")
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="told_once")]
        indexes = [
            models.Index(fields=["person", "at", "id"], name="notices_newest"),
            models.Index(
                fields=["person", "at", "id"], name="notices_unread", condition=models.Q(read_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_unread(self) -> bool:
        """Whether its receiver has not acknowledged it yet."""
        return self.read_at is None


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Which attempts are whose turn, and which need a person."""

    def due(self, at: datetime) -> Self:
        """What waits and may leave at `at`; what could not leave for days has expired."""
        return self.filter(state=State.WAITING, not_before__lte=at, not_before__gt=at - EXPIRED_AFTER)

    def expired(self, at: datetime) -> Self:
        """What waited so long that sending it would only confuse."""
        return self.filter(state=State.WAITING, not_before__lte=at - EXPIRED_AFTER)

    def lost(self, at: datetime) -> Self:
        """What a sender took and never reported on: it died, or its gateway did."""
        return self.filter(state=State.SENDING, moved_at__lte=at - LOST_AFTER)

    def to_sum_up(self, day: date) -> Self:
        """What was held back, for persons who have had no digest on `day`."""
        had = Delivery.objects.filter(digest_on=day).values("person")
        return self.filter(state=State.HELD, digest=None).exclude(person__in=had)

    def left_between(self, person_id: int, since: datetime, until: datetime) -> Self:
        """What may have reached a person in [since, until), life-safety messages aside."""
        return self.filter(
            person=person_id, state__in=COUNTED, moved_at__gte=since, moved_at__lt=until
        ).exclude(notice__is_urgent=True)

    def troubled(self) -> Self:
        """What failed or whose outcome is unknown, and nobody has decided about."""
        return self.filter(state__in=TROUBLED, settled_at=None)

    def around(self, memberships: Iterable[Membership], on: date) -> Self:
        """What went to residents at the places, and to colleagues in the bodies, of these memberships."""
        roles = list(memberships)
        residents = Residency.objects.on(on).within([role.place for role in roles])
        colleagues = Membership.objects.on(on).filter(
            organisation__in={role.organisation_id for role in roles}
        )
        return self.filter(
            models.Q(person__in=residents.values("person")) | models.Q(person__in=colleagues.values("person"))
        )


class Delivery(models.Model):
    """One attempt to reach a person outside the app.

    `ordinal` 1 is the machine's only attempt; 2, 3 … are sent again by a person. A row without notice
    is a digest: `digest_on` says of which day, and the rows it sums up point to it.
    """

    attempt = TokenField(max_length=12)  # also the number by which a receiver checks that a message is ours
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", null=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    ordinal = models.PositiveSmallIntegerField(_("第几次"), default=1)
    channel = models.CharField(_("方式"), max_length=10, default="sms")
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    text = models.CharField(_("短信内容"), max_length=300, blank=True)
    words = models.CharField(_("结果说明"), max_length=200, blank=True)
    not_before = models.DateTimeField(_("最早发送"))
    at = models.DateTimeField(_("时间"))
    moved_at = models.DateTimeField(_("状态时间"))
    digest_on = models.DateField(_("汇总日期"), null=True, blank=True)
    digest = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="sums_up")
    # Failed or unknown: who decided what becomes of it, and when.
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(_("人工处理时间"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("外发记录")
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel", "ordinal"], name="one_attempt_per_ordinal"),
            models.UniqueConstraint(fields=["person", "digest_on", "ordinal"], name="one_digest_a_day"),
        ]
        indexes = [
            models.Index(
                fields=["not_before"], name="deliveries_waiting", condition=models.Q(state="waiting")
            ),
            models.Index(fields=["moved_at"], name="deliveries_sending", condition=models.Q(state="sending")),
            models.Index(
                fields=["person"], name="deliveries_held", condition=models.Q(state="held", digest=None)
            ),
            models.Index(
                fields=["id"],
                name="deliveries_troubled",
                condition=models.Q(state__in=["failed", "unknown"], settled_at=None),
            ),
            models.Index(fields=["person", "moved_at"], name="deliveries_of_person"),
        ]

    @property
    def code(self) -> str:
        """The number printed in the message, in groups that a person can read out."""
        return "-".join(self.attempt[start : start + 4] for start in (0, 4, 8))

    @property
    def is_capped(self) -> bool:
        """Whether the daily cap applies: not to life safety, nor to what a person sends again."""
        return self.ordinal == 1 and self.digest_on is None and not (self.notice and self.notice.is_urgent)


class Silence(models.Model):
    """That a person wants no messages of a kind outside the app. In the app everything still arrives."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="silences")
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    since = models.DateTimeField(_("起"))

    class Meta:
        verbose_name = _("不再外发")
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="one_silence_per_kind")]
