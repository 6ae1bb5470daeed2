"""Ledgers that came in: from which source, how they were read, what became of each row, what a person has to decide."""

import json
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.base.fields import BlindIndexField, SealedField, TokenField
from linli.imports.rules.dates import DayOrder
from linli.imports.rules.runs import REGISTERS, RUNNING, Decision, State
from linli.organisations.models import Membership
from linli.people.models import Person
from linli.places.models import Place, grounds, inside
from linli.register.rules import FIELDS

__all__ = ["BrokenRows", "Conflict", "Export", "Run", "Source", "State"]


class SourceQuerySet(models.QuerySet["Source"]):
    def within(self, memberships: list[Membership]) -> Self:
        """Return the sources of the places whose register the caller keeps."""
        return self.filter(inside(grounds(memberships, REGISTERS), "place__"))


class Source(models.Model):
    """Where ledgers come from (派出所人口台账 …), with how their columns were read the last time."""

    token = TokenField()
    # None: everywhere, for the operator's command alone.
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("范围")
    )
    name = models.CharField(_("来源名称"), max_length=60)
    mapping = models.JSONField(_("栏目对应"), default=dict, blank=True)  # {heading: code of a column}
    day_order = models.CharField(_("日期写法"), max_length=8, choices=DayOrder, default=DayOrder.AUTO)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(_("登记时间"))

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("台账来源")
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="one_source_of_a_name")]

    def __str__(self) -> str:
        return self.name


class RunQuerySet(models.QuerySet["Run"]):
    def within(self, memberships: list[Membership]) -> Self:
        """Return the imports into places whose register the caller keeps."""
        return self.filter(inside(grounds(memberships, REGISTERS), "place__"))

    def of_digest(self, digest: str) -> Self:
        """Return the imports of the same file that were not given up."""
        return self.filter(digest=digest).exclude(state__in=[State.STOPPED, State.FAILED])


class Run(models.Model):
    """One file on its way into the register. `done` rows are dealt with; going on starts behind them.

    The file lies sealed under `file` until `purged_at`. `shape` is how it is read (actions.reading.Shape), `found`
    what a person should know of it (formulas, merged cells, sheets), `counts` rows by rules.Outcome.
    """

    State = State

    token = TokenField()
    source = models.ForeignKey(Source, models.PROTECT, related_name="runs", verbose_name=_("来源"))
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("范围")
    )
    by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("导入人")
    )
    file_name = models.CharField(_("文件"), max_length=200)
    file = models.CharField(max_length=40, blank=True, editable=False)  # "": the command read it where it lay
    size = models.BigIntegerField(_("大小"))  # bytes
    digest = models.CharField(max_length=64, db_index=True, editable=False)  # keyed, of the file's SHA-256
    shape = models.JSONField(default=dict, editable=False)
    found = models.JSONField(default=dict, editable=False)
    headings = models.JSONField(_("表头"), default=list, editable=False)
    mapping = models.JSONField(_("栏目对应"), default=dict, blank=True)
    day_order = models.CharField(_("日期写法"), max_length=8, choices=DayOrder, default=DayOrder.AUTO)
    stated_on = models.DateField(_("台账日期"))
    plants_homes = models.BooleanField(_("没有的住处新建"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.RECEIVED)
    problem = models.CharField(_("原因"), max_length=300, blank=True)
    done = models.PositiveBigIntegerField(_("处理到第几行"), default=0)
    percent = models.PositiveSmallIntegerField(_("进度"), default=0)
    counts = models.JSONField(_("结果"), default=dict, blank=True)
    checked = models.JSONField(_("试算结果"), default=dict, blank=True)
    examples_sealed = SealedField("examples")
    uploaded_at = models.DateTimeField(_("上传时间"))
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    beat_at = models.DateTimeField(null=True, blank=True, editable=False)  # the last sign of life
    ended_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    purged_at = models.DateTimeField(_("文件删除时间"), null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("台账批次")
        indexes = [models.Index(fields=["place", "-id"], name="runs_at_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["digest"],
                condition=Q(state__in=[state.value for state in sorted(RUNNING)]),
                name="a_file_is_loaded_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def subject(self) -> str:
        """The name by which lower floors know this import."""
        return f"imports.Run:{self.pk}"

    @property
    def examples(self) -> dict[str, list[list[str]]]:
        """Examples of each outcome: [number of the row, masked name, what]."""
        field: Any = self._meta.get_field("examples_sealed")
        text = field.read(self)
        found: dict[str, list[list[str]]] = json.loads(text) if text else {}
        return found

    @examples.setter
    def examples(self, examples: dict[str, list[list[str]]]) -> None:
        field: Any = self._meta.get_field("examples_sealed")
        field.write(self, json.dumps(examples, ensure_ascii=False) if examples else "")

    @property
    def is_running(self) -> bool:
        """Whether a worker deals with it now."""
        return self.state in RUNNING

    @property
    def rows_counted(self) -> int:
        """How many rows the check found, 0 before it."""
        return sum(int(count) for count in self.checked.values()) if self.checked else 0


class BrokenRows(models.Model):
    """The rows of one chunk that were not loaded, sealed: [[number, reason, [cells …]], …]."""

    token = TokenField()
    run = models.ForeignKey(Run, models.CASCADE, related_name="broken_rows")
    first = models.PositiveBigIntegerField()  # number of the first of them
    count = models.PositiveIntegerField()
    rows_sealed = SealedField("rows")

    class Meta:
        verbose_name = _("没有导入的行")
        constraints = [models.UniqueConstraint(fields=["run", "first"], name="broken_rows_once")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.first}"

    @property
    def rows(self) -> list[tuple[int, str, list[str]]]:
        """The rows in clear."""
        field: Any = self._meta.get_field("rows_sealed")
        return [(number, reason, cells) for number, reason, cells in json.loads(field.read(self) or "[]")]


# What a ledger says besides facts, of how somebody lives; offered with the number of the home before it.
OTHERS = {
    "home": _("住处"),
    "tenure": _("居住身份"),
    "lives_there": _("是否住在这里"),
    "is_registered": _("户口是否在这里"),
    "since": _("入住日期"),
    "until": _("搬离日期"),
    "household": _("户号"),
    "relation": _("与户主关系"),
}


def label_of(field: str) -> str:
    """Return what a field is called."""
    return str(FIELDS[field].label if field in FIELDS else OTHERS[field])


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def within(self, memberships: list[Membership]) -> Self:
        """Return the conflicts of imports into places whose register the caller keeps."""
        return self.filter(inside(grounds(memberships, REGISTERS), "run__place__"))

    def open(self) -> Self:
        """Return those that wait for a person."""
        return self.filter(decision=Decision.OPEN)


class Conflict(models.Model):
    """That a ledger says other than what is held. `field` is one of register.rules.FIELDS or of OTHERS.

    The offered value is known again by its index, so that what was decided is not asked again.
    """

    Decision = Decision

    token = TokenField()
    run = models.ForeignKey(Run, models.CASCADE, related_name="conflicts", verbose_name=_("台账批次"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("居民"))
    row = models.PositiveBigIntegerField(_("行"))
    field = models.CharField(_("哪一项"), max_length=20)
    held_sealed = SealedField("held")
    offered_sealed = SealedField("offered")
    offered_index = BlindIndexField()
    is_elsewhere = models.BooleanField(default=False)  # the person lives outside the place of the import
    decision = models.CharField(_("决定"), max_length=10, choices=Decision, default=Decision.OPEN)
    decided_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("资料冲突")
        indexes = [
            models.Index(fields=["run", "decision", "row", "id"], name="conflicts_of_run"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "field", "offered_index"], name="asked_once_about_a_value"
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.row} {self.field}"

    @property
    def held(self) -> str:
        """What the register held when the ledger came, as stored; a home as its number."""
        field: Any = self._meta.get_field("held_sealed")
        return str(field.read(self))

    @property
    def offered(self) -> str:
        """What the ledger says, as stored; a home as its number."""
        field: Any = self._meta.get_field("offered_sealed")
        return str(field.read(self))

    @property
    def label(self) -> str:
        """What it is about, for people."""
        return label_of(self.field)


class Export(models.Model):
    """A list that was taken out: by whom, why, which rows (their hash), until when the file stays."""

    token = TokenField()
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("范围"))
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name=_("导出人"))
    kind = models.CharField(_("格式"), max_length=4)
    fields = models.JSONField(_("栏目"), default=list)
    is_clear = models.BooleanField(_("不遮挡"), default=False)
    reason = models.CharField(_("事由"), max_length=200)
    rows = models.PositiveIntegerField(_("人数"))
    rows_hash = models.CharField(_("内容哈希"), max_length=64)  # SHA-256 over the cells in order
    file = models.CharField(max_length=40, editable=False)
    at = models.DateTimeField(_("导出时间"))
    purged_at = models.DateTimeField(_("删除时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("导出记录")

    def __str__(self) -> str:
        return self.token
