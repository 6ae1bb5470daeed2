"""Everything that waits for somebody, from every module, in one list; a to-do knows an address, no model."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.fields import PathField, TokenField
from linli.organisations.models import Membership, Organisation
from linli.organisations.rules import POWERS
from linli.people.models import Person


class OutsideSystem(models.Model):
    """Another system that may post to-dos; it shows a token of which only the hash is kept."""

    token = TokenField()
    name = models.CharField(_("系统名称"), max_length=60)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", verbose_name=_("归口单位")
    )
    token_hash = models.CharField(max_length=64, unique=True)
    added_at = models.DateTimeField(_("登记时间"))
    is_active = models.BooleanField(_("可用"), default=True)

    class Meta:
        verbose_name = _("外部系统")

    def __str__(self) -> str:
        return self.name


class Admission(models.Model):
    """准入: one task that a system may ask of communities, on what basis, at what cost and until when.

    C06: who wants communities to do a new task, form or system needs such a line, or the task comes back.
    """

    token = TokenField()
    system = models.ForeignKey(OutsideSystem, models.CASCADE, related_name="admissions")
    task = models.CharField(_("任务"), max_length=60)
    basis = models.CharField(_("依据"), max_length=200)
    hours = models.DecimalField(_("每月每社区用时（小时）"), max_digits=6, decimal_places=1)
    money = models.DecimalField(_("每月每社区经费（元）"), max_digits=10, decimal_places=2)
    until = models.DateField(_("准入到期"))
    admitted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    admitted_at = models.DateTimeField(_("准入时间"))
    ended_at = models.DateTimeField(_("提前终止时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("准入")
        constraints = [
            models.UniqueConstraint(
                fields=["system", "task"], condition=models.Q(ended_at=None), name="one_admission_per_task"
            )
        ]

    def __str__(self) -> str:
        return self.task

    def is_in_force(self, on: date) -> bool:
        """Whether the task may be asked for on this day."""
        return self.ended_at is None and on <= self.until


class TodoQuerySet(models.QuerySet["Todo"]):
    """What waits, and for whom."""

    def open(self) -> Self:
        """What still waits."""
        return self.filter(closed_at=None)

    def of(self, person: Person, memberships: Iterable[Membership], on: date | None = None) -> Self:
        """Return what `person` may do: their own, and what waits for a body of theirs whose power they hold.

        `on` leaves out memberships that are not in force that day.
        """
        powers: defaultdict[int, set[str]] = defaultdict(lambda: {""})
        for membership in memberships:
            if on is None or (
                membership.since <= on and (membership.until is None or on <= membership.until)
            ):
                powers[membership.organisation_id] |= POWERS.get(membership.role, frozenset())
        mine = models.Q(person=person)
        for organisation, held in powers.items():
            mine |= models.Q(person=None, organisation=organisation, power__in=sorted(held))
        return self.filter(mine)

    def keyed(self, key_or_prefix: str) -> Self:
        """Return the to-do of this key and all below it: "cases.Case:7" finds "cases.Case:7:sign"."""
        below = models.Q(key__gte=key_or_prefix + ":", key__lt=key_or_prefix + ";")  # ";" follows ":"
        return self.filter(models.Q(key=key_or_prefix) | below)


class Todo(models.Model):
    """One thing to do, by one person or by whoever of an organisation takes it first."""

    token = TokenField()
    key = PathField(max_length=120, unique=True)  # "cases.Order:7:sign"; opening again changes nothing
    subject = models.CharField(max_length=60)  # "cases.Case:7"
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="todos")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="todos")
    power = models.CharField(max_length=16, blank=True)  # who of the organisation: those holding this power
    title = models.CharField(_("事项"), max_length=160)
    place_words = models.CharField(_("地点"), max_length=120, blank=True)
    address = models.CharField(_("页面"), max_length=300)
    # One tap each, sent as POST: [{"label": "签收", "address": "/…/", "fields": {}}]
    acts = models.JSONField(_("一键办理"), default=list, blank=True)
    origin = models.CharField(_("来源"), max_length=60)  # the module, or the outside system
    admission = models.ForeignKey(
        Admission, models.PROTECT, null=True, blank=True, related_name="todos", verbose_name=_("准入")
    )
    due = models.DateTimeField(_("期限"))
    opened_at = models.DateTimeField(_("出现时间"))
    closed_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    objects = TodoQuerySet.as_manager()

    class Meta:
        verbose_name = _("待办")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False) | models.Q(person__isnull=False),
                name="todo_waits_for_somebody",
            )
        ]
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

    def __str__(self) -> str:
        return self.title
