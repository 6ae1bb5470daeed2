"""Everything that waits for somebody, from every module, in one list; a to-do knows an address, no model."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.crypto import blind_index
from linli.base.fields import PathField, TokenField
from linli.organisations.models import Membership, Organisation
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.todos.rules import Outcome, Reason


class OutsideSystemQuerySet(models.QuerySet["OutsideSystem"]):
    """Which systems a caller may admit."""

    def administered_by(self, memberships: Iterable[Membership]) -> Self:
        """Return the systems of bodies within the places that the caller administers."""
        bodies = Organisation.objects.administered_by(memberships)
        return self.filter(organisation__in=bodies.values("pk"))


class OutsideSystem(models.Model):
    """Another system that may post to-dos; it shows a token of which only the hash is kept."""

    token = TokenField()
    name = models.CharField(_("系统名称"), max_length=60)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", verbose_name=_("归口单位")
    )
    token_hash = models.CharField(max_length=64, unique=True)
    added_at = models.DateTimeField(_("登记时间"))
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    is_active = models.BooleanField(_("可用"), default=True)

    objects = OutsideSystemQuerySet.as_manager()

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


def _in_force(membership: Membership, on: date) -> bool:
    return membership.since <= on and (membership.until is None or on < membership.until)


def _whose(person: Person, memberships: Iterable[Membership], on: date | None, **common: None) -> models.Q:
    """Return the condition "theirs, or of a body of theirs whose power they hold", `common` holding for each way in."""
    powers: defaultdict[int, set[str]] = defaultdict(lambda: {""})
    for membership in memberships:
        if on is None or _in_force(membership, on):
            powers[membership.organisation_id] |= membership.powers
    mine = models.Q(person=person, **common)
    for organisation, held in powers.items():
        mine |= models.Q(person=None, organisation=organisation, power__in=sorted(held), **common)
    return mine


class TodoQuerySet(models.QuerySet["Todo"]):
    """What waits, and for whom."""

    def open(self) -> Self:
        """What still waits."""
        return self.filter(closed_at=None)

    def of(self, person: Person, memberships: Iterable[Membership], on: date | None = None) -> Self:
        """Return what `person` may do: their own, and what waits for a body of theirs whose power they hold.

        `on` leaves out memberships that are not in force that day.
        """
        return self.filter(_whose(person, memberships, on))

    def open_of(self, person: Person, memberships: Iterable[Membership], on: date | None = None) -> Self:
        """Return what still waits of that: each way in is a range of an index that holds open ones alone."""
        return self.filter(_whose(person, memberships, on, closed_at=None))

    def for_list(self) -> Self:
        """Return them as the list shows them, with what each row needs."""
        return self.select_related("organisation", "admission__system__organisation")

    def keyed(self, key_or_prefix: str) -> Self:
        """Return the to-do of this key and all below it: "cases.Case:7" finds "cases.Case:7:sign"."""
        itself_or_below = models.Q(key=key_or_prefix) | models.Q(key__gte=key_or_prefix + ":")
        return self.filter(
            itself_or_below, key__gte=key_or_prefix, key__lt=key_or_prefix + ";"
        )  # ";" follows ":"


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
                condition=models.Q(closed_at=None, person=None),
            ),
            models.Index(
                fields=["person", "due", "id"],
                name="open_todos_of_person",
                condition=models.Q(closed_at=None, person__isnull=False),
            ),
            models.Index(fields=["key"], name="open_todos_by_key", condition=models.Q(closed_at=None)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_from_outside(self) -> bool:
        """Whether another system asks for it, so that it is ticked off here."""
        return self.admission_id is not None


def speaker_index(person: Person, todo_key: str = "") -> str:
    """Return the keyed index of a speaker (and of one to-do, if given); nobody reads a name from it."""
    return blind_index(f"todos.Pointless/{person.token}/{todo_key}")


class PointlessQuerySet(models.QuerySet["Pointless"]):
    """Who answers what."""

    def open(self) -> Self:
        """What nobody has answered yet."""
        return self.filter(answered_at=None)

    def answerable_by(self, memberships: Iterable[Membership]) -> Self:
        """What the caller's bodies have to answer."""
        handling = {role.organisation_id for role in memberships if Power.HANDLE in role.powers}
        return self.filter(issuer__in=handling)

    def said_by(self, person: Person) -> Self:
        """What one person said, for themselves alone."""
        return self.filter(speaker_index=speaker_index(person))


class Pointless(models.Model):
    """A worker says that a task or rule is pointless; its issuer answers by a date.

    The speaker's name stays hidden from everyone: the row holds keyed indexes from which nobody reads a name,
    to let the speaker say a thing once and find it again. `matter` is the kind of task, never whose case.
    """

    token = TokenField()
    matter = models.CharField(_("什么任务"), max_length=60)
    origin = models.CharField(_("来源"), max_length=60)
    reason = models.CharField(_("为什么"), max_length=12, choices=Reason)
    words = models.CharField(_("补充的话"), max_length=500, blank=True)
    said_on = models.DateField(_("提出日期"))  # no time of day: it would point at who was at work
    speaker_index = models.CharField(max_length=64, db_index=True, editable=False)
    once = models.CharField(max_length=64, unique=True, editable=False)  # of speaker and to-do together
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("谁来答复"))
    answer_by = models.DateField(_("答复期限"))
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome, blank=True)
    answer = models.CharField(_("答复"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = PointlessQuerySet.as_manager()

    class Meta:
        verbose_name = _("减负意见")
        indexes = [models.Index(fields=["issuer", "answer_by"], name="pointless_of_issuer")]

    def __str__(self) -> str:
        return self.matter
