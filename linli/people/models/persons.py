"""Persons, the homes they live in, who may act for whom, and how they sign in."""

from datetime import date, datetime
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from linli.base.crypto import blind_index, seal, unseal
from linli.base.fields import BlindIndexField, SealedField, TokenField
from linli.base.text import masked_name, masked_phone
from linli.people.rules import Scope, Tenure, scope_covers
from linli.places.models import Kind, Place, inside


class AccountManager(BaseUserManager["Account"]):
    """Staff accounts by user name; residents' accounts have none."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the staff account of that name."""
        return self.get(username=username)


class Account(AbstractBaseUser):
    """A way to sign in: a phone number (residents), a paper code (those without a phone), or a user name with
    TOTP (staff).

    One phone may serve several people. No time of the last sign-in is kept (国办函〔2026〕12号: no online
    time of staff).
    """

    last_login = None
    token = TokenField()
    username = models.CharField(_("用户名"), max_length=40, unique=True, null=True, blank=True)
    phone_index = BlindIndexField(unique=True, null=True, blank=True)
    phone_sealed = SealedField("phone", index="phone_index")
    totp_sealed = SealedField("totp")
    totp_enrolled_at = models.DateTimeField(null=True, blank=True, editable=False)
    totp_last_step = models.BigIntegerField(default=0, editable=False)  # a code opens once
    must_change_password = models.BooleanField(default=False, editable=False)
    paper_code_index = BlindIndexField(unique=True, null=True, blank=True)
    is_active = models.BooleanField(_("可用"), default=True)
    persons: "models.ManyToManyField[Person, Any]" = models.ManyToManyField(
        "Person", related_name="accounts", verbose_name=_("使用人")
    )

    objects = AccountManager()
    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = _("账号")

    def __str__(self) -> str:
        return self.username or self.token

    @property
    def phone(self) -> str:
        """The number in clear, normalised; "" where none is known."""
        return unseal(self.phone_sealed, bound_to=f"people.Account/phone/{self.token}")

    @phone.setter
    def phone(self, number: str) -> None:
        self.phone_sealed = seal(number, bound_to=f"people.Account/phone/{self.token}")
        self.phone_index = blind_index(number) or None

    @property
    def totp_secret(self) -> str:
        """The shared secret of the authenticator, base32; "" before it is made."""
        return unseal(self.totp_sealed, bound_to=f"people.Account/totp/{self.token}")

    @totp_secret.setter
    def totp_secret(self, secret: str) -> None:
        self.totp_sealed = seal(secret, bound_to=f"people.Account/totp/{self.token}")

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """No account has permissions: powers come from roles (organisations), the tables ask for those."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """As above."""
        return False


class PersonQuerySet(models.QuerySet["Person"]):
    def of_phone(self, number: str) -> Self:
        """Return those who gave this number (normalised, see `rules.phone_number`)."""
        return self.filter(phone_index=blind_index(number)) if number else self.none()

    def living_within(self, places: list[Place], on: date) -> Self:
        """Return those whose home on that day is at or under one of `places`."""
        homes = Residency.objects.on(on).within(places)
        return self.filter(pk__in=homes.values("person"))

    def without_home(self, on: date) -> Self:
        """Return those of whom no home is known on that day."""
        return self.filter(~Exists(Residency.objects.on(on).filter(person=OuterRef("pk"))))


class Person(models.Model):
    """A human being. `name` may be empty for someone who spoke without saying who they are."""

    token = TokenField()
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    called = models.CharField(_("称呼"), max_length=20, blank=True)  # 张阿姨
    phone_index = BlindIndexField(db_index=True, blank=True)
    phone_sealed = SealedField("phone", index="phone_index")
    birth_year = models.PositiveSmallIntegerField(_("出生年份"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("登记时间"))
    # When what the person is found by changed (name, phone, homes); None once the search has read it.
    changed_at = models.DateTimeField(null=True, blank=True, db_index=True, editable=False)
    closed_at = models.DateTimeField(
        _("停用时间"), null=True, blank=True, editable=False
    )  # died: told nothing
    # Set where this row turned out to be the same human being as another; its address leads there.
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged_from", editable=False
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("居民")
        indexes = [models.Index(fields=["name"], name="people_by_name")]

    def __str__(self) -> str:
        return self.name or str(_("未留姓名"))

    @property
    def subject(self) -> str:
        """The name by which lower floors know this person."""
        return f"people.Person:{self.pk}"

    @property
    def masked(self) -> str:
        """The name for those who need not know it."""
        return masked_name(self.name) or str(_("匿名"))

    @property
    def staff_account(self) -> "Account | None":
        """The account with user name and second factor, if this person has one."""
        return Account.objects.filter(persons=self).exclude(username=None).first()

    @property
    def masked_phone(self) -> str:
        """The number with its middle hidden, "" where none is known."""
        return masked_phone(self.phone)

    @property
    def phone(self) -> str:
        """The number in clear, normalised; "" where none is known."""
        return unseal(self.phone_sealed, bound_to=f"people.Person/phone/{self.token}")

    @phone.setter
    def phone(self, number: str) -> None:
        self.phone_sealed = seal(number, bound_to=f"people.Person/phone/{self.token}")
        self.phone_index = blind_index(number)

    def home_now(self, on: date) -> Place | None:
        """Return the home on that day: a verified one before a claimed one, the newest first."""
        residency = (
            self.residencies.on(on)
            .select_related("home")
            .order_by(F("verified_at").desc(nulls_last=True), "-since", "-pk")
            .first()
        )
        return residency.home if residency else None


class ResidencyQuerySet(models.QuerySet["Residency"]):
    def on(self, day: date) -> Self:
        """Return those in force on that day; `until` is the first day without."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def within(self, places: list[Place]) -> Self:
        """Return those whose home is at or under one of `places`."""
        return self.filter(inside(places, "home__"))

    def with_building(self) -> Self:
        """Fetch home and building along, for `building` without further queries."""
        return self.select_related("home__parent__parent")

    def verified(self) -> Self:
        """Return those that someone besides the person vouched for."""
        return self.exclude(verified_at=None)

    def awaiting_family(self, person: Person, on: date) -> Self:
        """Return claims on homes where `person` lives verified today, for them to confirm."""
        homes = Residency.objects.on(on).verified().filter(person=person)
        return self.on(on).filter(verified_at=None, home__in=homes.values("home")).exclude(person=person)


class Residency(models.Model):
    """That a person lives in (or owns) a home, from a day to a day, and how we know. Rights by relation end
    with it.
    """

    class Source(models.TextChoices):
        SELF = "self", _("本人自报")
        CODE = "code", _("核验码")
        COUNTER = "counter", _("窗口核验")
        FAMILY = "family", _("家人确认")
        IMPORT = "import", _("台账导入")

    token = TokenField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="residencies")
    home = models.ForeignKey(Place, models.PROTECT, related_name="residencies", verbose_name=_("住处"))
    tenure = models.CharField(_("身份"), max_length=8, choices=Tenure)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)  # the first day on which it no longer holds
    lives_there = models.BooleanField(_("住在这里"), default=True)  # an owner may live elsewhere
    is_registered = models.BooleanField(
        _("户口在这里"), null=True, blank=True
    )  # 户籍; None: nobody asked yet
    source = models.CharField(_("来源"), max_length=8, choices=Source)
    verified_at = models.DateTimeField(_("核验时间"), null=True, blank=True)
    verified_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ResidencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("居住关系")
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="residency_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["person", "home"], condition=Q(until=None), name="lives_there_once"
            ),
        ]

    @property
    def building(self) -> Place | None:
        """The building (幢) of the home, for those who need not know the door."""
        above = self.home.parent
        return above.parent if above is not None and above.kind == Kind.UNIT else above

    def is_current(self, on: date) -> bool:
        """Whether it holds on that day."""
        return self.since <= on and (self.until is None or self.until > on)


class ProxyQuerySet(models.QuerySet["Proxy"]):
    def in_force(self, at: datetime) -> Self:
        """Return those that hold at that moment: granted, not revoked, not run out."""
        return self.filter(Q(until=None) | Q(until__gt=at), granted_at__lte=at, revoked_at=None)

    def covering(self, scope: str) -> Self:
        """Return those whose scope includes `scope`."""
        return self.filter(scope__in=[held for held in Scope.values if scope_covers(held, scope)])

    def concerning(self, person: Person) -> Self:
        """Return those in which `person` is either side."""
        return self.filter(Q(principal=person) | Q(agent=person))


class Proxy(models.Model):
    """Family acting for someone: scoped, revocable, and the person it is for is told."""

    Scope = Scope

    token = TokenField()
    principal = models.ForeignKey(Person, models.CASCADE, related_name="proxies", verbose_name=_("本人"))
    agent = models.ForeignKey(Person, models.CASCADE, related_name="acts_for", verbose_name=_("代办家人"))
    scope = models.CharField(_("范围"), max_length=12, choices=Scope)
    granted_at = models.DateTimeField(_("授权时间"))
    granted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    until = models.DateTimeField(_("到期"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    revoked_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ProxyQuerySet.as_manager()

    class Meta:
        verbose_name = _("亲情代办")
        constraints = [
            models.UniqueConstraint(
                fields=["principal", "agent"], condition=Q(revoked_at=None), name="one_proxy_for_each_agent"
            ),
            models.CheckConstraint(condition=~Q(principal=F("agent")), name="nobody_is_their_own_proxy"),
        ]

    @property
    def opens_cases(self) -> bool:
        """Whether the agent may speak and follow in the principal's name."""
        return scope_covers(self.scope, Scope.CASES)


def may_act_for(agent: Person, principal: Person, scope: str, at: datetime) -> bool:
    """Whether `agent` may act for `principal` in matters of `scope` at that moment; everyone acts for
    themselves.
    """
    if agent == principal:
        return True
    return Proxy.objects.in_force(at).covering(scope).filter(agent=agent, principal=principal).exists()


class HomeCode(models.Model):
    """核验码: a code that a worker hands out for one home; whoever types it first is verified as living
    there.
    """

    home = models.ForeignKey(Place, models.CASCADE, related_name="home_codes")
    code_index = BlindIndexField(unique=True)
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("发放时间"))
    ends_at = models.DateTimeField(_("有效期至"))
    used_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("核验码")


class PendingNotice(models.Model):
    """Something a person must be told, left here because notices stand on a higher floor and fetch it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="pending_notices")
    key = models.CharField(max_length=120)
    title = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("内容"), blank=True)
    address = models.CharField(_("页面"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"))
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("待转通知")
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="left_to_tell_once")]
        indexes = [models.Index(fields=["id"], condition=Q(taken_at=None), name="notices_left_to_tell")]
