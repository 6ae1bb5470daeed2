"""How people come in: codes sent, numbers changed, tries counted, devices signed in."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.crypto import blind_index, seal, unseal
from linli.base.fields import BlindIndexField, SealedField, TokenField
from linli.people.models.persons import Account, Person


class SignInCode(models.Model):
    """One code sent to one number. It opens once, for a short time, and dies after a few wrong tries."""

    token = TokenField()  # what the page carries instead of the number
    phone_index = BlindIndexField(db_index=True)
    phone_sealed = SealedField("phone", index="phone_index")
    code_index = BlindIndexField()
    asked_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, default="sending")  # sending, sent, failed, unknown

    class Meta:
        verbose_name = _("短信登录码")

    @property
    def phone(self) -> str:
        """The number in clear, normalised; "" where none is known."""
        return unseal(self.phone_sealed, bound_to=f"people.SignInCode/phone/{self.token}")

    @phone.setter
    def phone(self, number: str) -> None:
        self.phone_sealed = seal(number, bound_to=f"people.SignInCode/phone/{self.token}")
        self.phone_index = blind_index(number)


class PhoneChange(models.Model):
    """That a person changed their number; the old one is told, and the row says how that went until forgotten."""

    token = TokenField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="phone_changes")
    old_phone_sealed = SealedField("phone")
    at = models.DateTimeField(_("时间"))
    outcome = models.CharField(max_length=8, default="sending")  # of telling the old number; see SignInCode

    class Meta:
        verbose_name = _("换手机号")

    @property
    def old_phone(self) -> str:
        """The number as it was, in clear; "" where none was known."""
        return unseal(self.old_phone_sealed, bound_to=f"people.PhoneChange/phone/{self.token}")

    @old_phone.setter
    def old_phone(self, number: str) -> None:
        self.old_phone_sealed = seal(number, bound_to=f"people.PhoneChange/phone/{self.token}")


class Tries(models.Model):
    """When somebody last tried something that may be tried only so often. `key` is a keyed hash of whom or
    where.
    """

    key = models.CharField(max_length=80, unique=True)
    times = models.JSONField(default=list)  # seconds since 1970, oldest first, no older than a day

    class Meta:
        verbose_name = _("尝试次数")

    def is_recent(self, since: datetime) -> bool:
        """Whether any of the tries was later than that."""
        return any(second > since.timestamp() for second in self.times)


class SignInQuerySet(models.QuerySet["SignIn"]):
    def open_of(self, account: Account, at: datetime) -> Self:
        """Return the devices on which the account is signed in at that moment, the newest first."""
        return self.filter(account=account, ended_at=None, ends_at__gt=at).order_by("-at", "-pk")

    def open_of_phone(self, person: Person, at: datetime) -> Self:
        """Return the devices that are signed in by a number which the person uses, the newest first."""
        by_number = Account.objects.filter(persons=person).exclude(phone_index=None)
        return self.filter(account__in=by_number, ended_at=None, ends_at__gt=at).order_by("-at", "-pk")


class SignIn(models.Model):
    """One device that is signed in. Ending it deletes its session; nothing is kept about what it does
    afterwards.
    """

    token = TokenField()
    account = models.ForeignKey(Account, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, db_index=True, editable=False)
    device_index = BlindIndexField(blank=True)  # of the device's own cookie
    device = models.CharField(_("设备"), max_length=60)  # "iPhone · 微信"
    at = models.DateTimeField(_("登录时间"))
    ends_at = models.DateTimeField(_("最晚退出"))
    ended_at = models.DateTimeField(_("退出时间"), null=True, blank=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("登录设备")
