"""What is held of a person: the profile with the present values, and the history of each fact."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.crypto import blind_index
from linli.base.fields import BlindIndexField, SealedField, TokenField, sealed_in
from linli.people.models import Person
from linli.register.rules import FIELDS, IdentityKind, Source, Value


class Stated(models.Model):
    """Where a row comes from: who said it, when, who entered it and when it was last confirmed."""

    source = models.CharField(_("来源"), max_length=10, choices=Source)
    source_words = models.CharField(_("来源说明"), max_length=120, blank=True)
    stated_on = models.DateField(_("哪天说的"))
    entered_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("录入人")
    )
    confirmed_on = models.DateField(_("最近确认"))

    class Meta:
        abstract = True


class ProfileQuerySet(models.QuerySet["Profile"]):
    def of_identity(self, number: str) -> Self:
        """Return those of whom this paper's number (in its stored form, see `rules.checked_identity`) is held."""
        return self.filter(identity_index=blind_index(number)) if number else self.none()


class Profile(Stated):
    """What the register holds of one person besides name and telephone: one row for one person.

    The row's own source, days and worker hold for every fact that `facts` does not name; `facts` is
    {field: {"source", "words", "stated_on", "by", "confirmed_on"}} for those that differ, so that a row
    loaded from a ledger stays small.
    """

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="profile")
    identity_kind = models.CharField(_("证件种类"), max_length=10, choices=IdentityKind, blank=True)
    identity_sealed = SealedField("identity", row="person_id", index="identity_index")
    identity_index = BlindIndexField(blank=True, db_index=True)
    sex = models.CharField(_("性别"), max_length=1, blank=True)
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    ethnicity = models.CharField(_("民族"), max_length=2, blank=True)
    politics = models.CharField(_("政治面貌"), max_length=2, blank=True)
    marriage = models.CharField(_("婚姻状况"), max_length=2, blank=True)
    schooling = models.CharField(_("学历"), max_length=2, blank=True)
    employment = models.CharField(_("从业状况"), max_length=2, blank=True)
    health_sealed = SealedField("health", row="person_id")
    workplace_sealed = SealedField("workplace", row="person_id")
    nationality = models.CharField(_("国籍"), max_length=40, blank=True)
    registered_at = models.CharField(_("户籍地址"), max_length=120, blank=True)
    lodging = models.CharField(_("居住方式"), max_length=2, blank=True)
    died_on = models.DateField(_("去世日期"), null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    changed_at = models.DateTimeField(_("最近改动"))

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("居民档案")
        indexes = [
            models.Index(
                fields=["birth_date"], name="profile_by_birth", condition=models.Q(birth_date__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"register.Profile:{self.pk}"

    @property
    def identity(self) -> str:
        """The number of the paper in clear, "" where none is held."""
        return sealed_in(self, "identity_sealed").read(self)

    @identity.setter
    def identity(self, number: str) -> None:
        sealed_in(self, "identity_sealed").write(self, number)
        self.identity_index = blind_index(number)

    @property
    def health(self) -> str:
        """The GB/T 2261.3 code, "" where nothing is known."""
        return sealed_in(self, "health_sealed").read(self)

    @health.setter
    def health(self, code: str) -> None:
        sealed_in(self, "health_sealed").write(self, code)

    @property
    def workplace(self) -> str:
        """Where the person works, "" where nothing is known."""
        return sealed_in(self, "workplace_sealed").read(self)

    @workplace.setter
    def workplace(self, words: str) -> None:
        sealed_in(self, "workplace_sealed").write(self, words)

    def value(self, field: str) -> Value:
        """Return the present value of `field` (see `rules.FIELDS`), "" where nothing is known."""
        holder = self.person if FIELDS[field].holder == "person" else self
        found: Value | None = getattr(holder, field)
        return found or ""

    def provenance(self, field: str) -> dict[str, Any]:
        """Return {"source", "words", "stated_on", "by", "confirmed_on"} of a fact; days are ISO text, `by` a number."""
        row = {
            "source": self.source,
            "words": self.source_words,
            "stated_on": self.stated_on.isoformat(),
            "by": self.entered_by_id,
            "confirmed_on": self.confirmed_on.isoformat(),
        }
        own: dict[str, Any] = self.facts.get(field, {})
        return row | own

    def confirmed(self, field: str) -> date:
        """Return the day on which a fact was last said or confirmed."""
        return date.fromisoformat(self.provenance(field)["confirmed_on"])


class FactChange(models.Model):
    """A value that a fact no longer has, with where it came from: history starts with the second value.

    What the table calls sensitive is sealed; the rest is text.
    """

    token = TokenField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="fact_changes")
    field = models.CharField(_("哪一项"), max_length=20)
    value = models.CharField(_("原来的值"), max_length=120, blank=True)
    value_sealed = SealedField("value")
    source = models.CharField(_("来源"), max_length=10, choices=Source, blank=True)
    source_words = models.CharField(_("来源说明"), max_length=120, blank=True)
    stated_on = models.DateField(_("哪天说的"), null=True, blank=True)
    entered_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("录入人")
    )
    confirmed_on = models.DateField(_("最近确认"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("改动时间"))
    replaced_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("改动人")
    )

    class Meta:
        verbose_name = _("资料改动")
        indexes = [models.Index(fields=["person", "id"], name="fact_changes_of_person")]

    def __str__(self) -> str:
        return f"{self.field} {self.replaced_at:%Y-%m-%d}"

    @property
    def before(self) -> str:
        """The value as text, in clear."""
        if FIELDS[self.field].is_sealed:
            return sealed_in(self, "value_sealed").read(self)
        return self.value

    @before.setter
    def before(self, text: str) -> None:
        if FIELDS[self.field].is_sealed:
            sealed_in(self, "value_sealed").write(self, text)
        else:
            self.value = text
