"""Persons, the homes they live in, who may act for whom, and how they sign in."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.crypto import blind_index, seal, unseal
from linli.base.fields import TokenField
from linli.base.text import masked_name
from linli.places.models import Place


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class Account(AbstractBaseUser):
    """A way to sign in: a phone number (residents) or a user name with TOTP (staff). One phone may serve several people."""

    token = TokenField()
    username = models.CharField(_("用户名"), max_length=40, unique=True, null=True, blank=True)
    phone_index = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    phone_sealed = models.BinaryField(editable=False, default=b"")
    totp_sealed = models.BinaryField(editable=False, default=b"")
    totp_last_step = models.BigIntegerField(default=0, editable=False)  # a code opens once
    paper_code_index = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    is_active = models.BooleanField(_("可用"), default=True)
    is_staff = models.BooleanField(_("可看后台表"), default=False)
    persons = models.ManyToManyField("Person", related_name="accounts", verbose_name=_("使用人"))

    objects = AccountManager()
    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = _("账号")

    @property
    def phone(self) -> str:
        return unseal(self.phone_sealed, bound_to=f"people.Account/phone/{self.token}")

    @phone.setter
    def phone(self, number: str) -> None:
        self.phone_sealed = seal(number, bound_to=f"people.Account/phone/{self.token}")
        self.phone_index = blind_index(number) or None

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """Admin tables are read-only; whoever may enter may look."""
        return self.is_active and self.is_staff and permission.split(".")[-1].startswith("view_")

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff


class Person(models.Model):
    """A human being. `name` may be empty for someone who spoke without saying who they are."""

    token = TokenField()
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    called = models.CharField(_("称呼"), max_length=20, blank=True)  # 张阿姨
    phone_index = models.CharField(max_length=64, db_index=True, blank=True, editable=False)
    phone_sealed = models.BinaryField(editable=False, default=b"")
    birth_year = models.PositiveSmallIntegerField(_("出生年份"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("居民")

    def __str__(self) -> str:
        return self.name or str(_("未留姓名"))

    @property
    def masked(self) -> str:
        """The name for those who need not know it."""
        return masked_name(self.name) or str(_("匿名"))

    @property
    def phone(self) -> str:
        return unseal(self.phone_sealed, bound_to=f"people.Person/phone/{self.token}")

    @phone.setter
    def phone(self, number: str) -> None:
        self.phone_sealed = seal(number, bound_to=f"people.Person/phone/{self.token}")
        self.phone_index = blind_index(number)


class Tenure(models.TextChoices):
    OWNER = "owner", _("业主")
    FAMILY = "family", _("家属")
    TENANT = "tenant", _("租户")


class Residency(models.Model):
    """That a person lives in (or owns) a home, from a day to a day, and how we know."""

    class Source(models.TextChoices):
        SELF = "self", _("本人自报")
        CODE = "code", _("核验码")
        COUNTER = "counter", _("窗口核验")
        FAMILY = "family", _("家人确认")
        IMPORT = "import", _("台账导入")

    person = models.ForeignKey(Person, models.CASCADE, related_name="residencies")
    home = models.ForeignKey(Place, models.PROTECT, related_name="residencies", verbose_name=_("住处"))
    tenure = models.CharField(_("身份"), max_length=8, choices=Tenure)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=8, choices=Source)
    verified_at = models.DateTimeField(_("核验时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("居住关系")


class Proxy(models.Model):
    """Family acting for someone: scoped, revocable, and the person it is for is told."""

    class Scope(models.TextChoices):
        CASES = "cases", _("说事、查进度、评价")
        NOTICES = "notices", _("收通知")
        EVERYTHING = "everything", _("以上全部")

    principal = models.ForeignKey(Person, models.CASCADE, related_name="proxies", verbose_name=_("本人"))
    agent = models.ForeignKey(Person, models.CASCADE, related_name="acts_for", verbose_name=_("代办家人"))
    scope = models.CharField(_("范围"), max_length=12, choices=Scope)
    granted_at = models.DateTimeField(_("授权时间"))
    granted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    until = models.DateTimeField(_("到期"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("亲情代办")
