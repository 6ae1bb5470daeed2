"""Public facilities (公共部件): what each is, who answers for it, how it is, when it was and is to be looked at."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.base.fields import PathField, TokenField
from linli.cases.models import Case
from linli.facilities.rules import Condition, Doer, Payer, Result, Standing, Unit, standing
from linli.organisations.models import Membership, Organisation
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.places.models import FacilityClass, Place, inside

AT_PLACE = frozenset(
    {Power.INTAKE, Power.REGISTER}
)  # the community and its grid: whatever stands at their place
WORKS = AT_PLACE | {Power.HANDLE}  # others: what their own body answers for or keeps up
READS = WORKS | {Power.OVERSEE}


class FacilityKind(models.Model):
    """A kind of facility: two digits of its class and two of its own, and by which words it is called."""

    code = models.CharField(_("种类代码"), max_length=4, unique=True)
    facility_class = models.CharField(_("部件大类"), max_length=12, choices=FacilityClass)
    name = models.CharField(_("部件种类"), max_length=40, unique=True)
    names = models.JSONField(_("别的叫法"), default=list)

    class Meta:
        verbose_name = _("部件种类")

    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    """How often a kind is inspected, by whom, on what basis. A change moves what is due from then on."""

    token = TokenField()
    kind = models.ForeignKey(FacilityKind, models.CASCADE, related_name="plans")
    name = models.CharField(_("查什么"), max_length=60)
    every = models.PositiveSmallIntegerField(_("多久一次"))
    unit = models.CharField(_("单位"), max_length=6, choices=Unit)
    doer = models.CharField(_("由谁来查"), max_length=12, choices=Doer)
    warn_days = models.PositiveSmallIntegerField(_("提前几天提醒"))
    basis = models.CharField(_("依据"), max_length=300)
    changed_at = models.DateTimeField(_("修改时间"), null=True, blank=True)
    changed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("检验周期")
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="one_plan_of_a_name")]

    def __str__(self) -> str:
        return self.name


class FacilityQuerySet(models.QuerySet["Facility"]):
    def live(self) -> Self:
        """Return those in use."""
        return self.filter(place__retired_at=None)

    def within(self, place: Place) -> Self:
        """Return those at or under a place."""
        return self.filter(inside([place], "place__"))

    def seen_by(self, memberships: Iterable[Membership]) -> Self:
        """Return those at the caller's places of work, and those their body answers for or keeps up."""
        held = [row for row in memberships if row.powers & READS]
        bodies = {row.organisation_id for row in held}
        mine = inside([row.place for row in held if row.powers & (AT_PLACE | {Power.OVERSEE})], "place__")
        return self.filter(mine | Q(responsible__in=bodies) | Q(upkeep__in=bodies))

    def registered_by(self, memberships: Iterable[Membership]) -> Self:
        """Return those whose file the caller keeps."""
        return self.filter(
            inside([row.place for row in memberships if Power.REGISTER in row.powers], "place__")
        )


class Facility(models.Model):
    """The file of one facility; where it stands, whose it is and its QR code are its place's."""

    place = models.OneToOneField(Place, models.CASCADE, primary_key=True, related_name="facility")
    kind = models.ForeignKey(FacilityKind, models.PROTECT, related_name="facilities")
    number = PathField(_("部件编码"), max_length=16, unique=True)
    condition = models.CharField(_("状况"), max_length=8, choices=Condition, default=Condition.GOOD)
    condition_since = models.DateField(_("这样从哪天起"))
    responsible = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("管理单位")
    )
    upkeep = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("维保单位")
    )
    payer = models.CharField(_("谁出钱维护"), max_length=8, choices=Payer, default=Payer.UNKNOWN)
    installed_on = models.DateField(_("启用日期"), null=True, blank=True)
    model_words = models.CharField(_("型号、编号"), max_length=80, blank=True)
    enrolled_at = models.DateTimeField(_("建档时间"))

    objects = FacilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("部件档案")
        indexes = [
            models.Index(fields=["kind", "number"], name="facility_by_kind"),
            models.Index(fields=["condition", "number"], name="facility_by_condition"),
        ]

    def __str__(self) -> str:
        return str(self.place)

    @property
    def subject(self) -> str:
        """This row as text."""
        return f"facilities.Facility:{self.pk}"

    @property
    def address(self) -> str:
        """Its page, by the token of its place."""
        return reverse("facilities:facility", args=[self.place.token])

    def may_be_inspected_by(self, memberships: Sequence[Membership]) -> bool:
        """Whether one of these roles looks after it: at its place, or in the body that answers for or keeps it up."""
        bodies = {self.responsible_id, self.upkeep_id}
        return any(
            (row.powers & WORKS and row.organisation_id in bodies)
            or (row.powers & AT_PLACE and row.covers(self.place))
            for row in memberships
        )


class ConditionChange(models.Model):
    """That the condition of a facility changed, and why."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="changes")
    condition = models.CharField(_("变成"), max_length=8, choices=Condition)
    before = models.CharField(_("原来"), max_length=8, choices=Condition, blank=True)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    by_words = models.CharField(_("哪个单位"), max_length=80, blank=True)
    words = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("部件状况记录")
        indexes = [models.Index(fields=["facility", "-id"], name="changes_of_facility")]

    def __str__(self) -> str:
        return self.get_condition_display()


class InspectionDueQuerySet(models.QuerySet["InspectionDue"]):
    def standing(self) -> Self:
        """Return those of facilities in use."""
        return self.filter(facility__place__retired_at=None).exclude(facility__condition=Condition.MISSING)


class InspectionDue(models.Model):
    """When a facility was last and is next inspected by one plan: moved by inspections and by changes of the plan."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="dues")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="dues")
    last_on = models.DateField(_("上次检验"), null=True, blank=True)
    due_on = models.DateField(_("下次检验"))  # the last day
    # A report names the next day itself (电梯); then it stands instead of the interval.
    is_named = models.BooleanField(_("以报告为准"), default=False)

    objects = InspectionDueQuerySet.as_manager()

    class Meta:
        verbose_name = _("检验安排")
        constraints = [models.UniqueConstraint(fields=["facility", "plan"], name="one_due_of_a_plan")]
        indexes = [models.Index(fields=["due_on", "id"], name="inspections_by_due")]

    def __str__(self) -> str:
        return str(self.plan)

    def standing_on(self, today: date) -> Standing:
        """Return where it stands on that day."""
        return standing(self.due_on, self.plan.warn_days, today)


class Inspection(models.Model):
    """One look at a facility: by which plan, what was found, and the case that a defect became."""

    token = TokenField()
    facility = models.ForeignKey(Facility, models.CASCADE, related_name="inspections")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="inspections")
    on = models.DateField(_("检验日期"))
    at = models.DateTimeField(_("记录时间"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    by_words = models.CharField(_("检验单位"), max_length=80)
    result = models.CharField(_("结果"), max_length=8, choices=Result)
    words = models.CharField(_("情况"), max_length=500, blank=True)
    report_number = models.CharField(_("报告编号"), max_length=60, blank=True)
    case = models.ForeignKey(Case, models.SET_NULL, null=True, blank=True, related_name="+")
    once = models.CharField(max_length=40, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("检验记录")
        indexes = [models.Index(fields=["facility", "-id"], name="inspections_of_facility")]

    def __str__(self) -> str:
        return f"{self.on} {self.get_result_display()}"

    @property
    def subject(self) -> str:
        """This row as text; photos hang on it."""
        return f"facilities.Inspection:{self.pk}"
