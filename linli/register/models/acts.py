"""What residents propose, what may be one person twice, and acts that change several rows at once."""

import json
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.base.fields import SealedField, TokenField, sealed_in
from linli.organisations.models import Membership
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.places.models import Place, inside
from linli.register.rules import CorrectionKind, CorrectionState, DuplicateState, EventKind, Likeness, Source

DESK_POWERS = frozenset({str(Power.REGISTER), str(Power.INTAKE)})


def registered_places(memberships: list[Membership]) -> list[Place]:
    """Return the places whose register the holders of these roles keep."""
    return [row.place for row in memberships if row.powers & DESK_POWERS]


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def within(self, memberships: list[Membership]) -> Self:
        """Return what was proposed where the holders of these roles keep the register.

        `place` is the community; a grid worker answers for all of it.
        """
        communities = {place.community_id for place in registered_places(memberships)}
        wide = [place for place in registered_places(memberships) if place.community_id is None]
        return self.filter(Q(place__in=communities - {None}) | inside(wide, "place__"))

    def waiting_within(self, memberships: list[Membership]) -> Self:
        """Return what waits for the holders of these roles."""
        return self.within(memberships).filter(state=CorrectionState.WAITING)


class Correction(models.Model):
    """What a resident (or family for them) proposes to change of their own record; a worker says yes or no.

    `values` are {field: text} for facts, the new person's for family; sealed, since they may be anything.
    """

    Kind, State = CorrectionKind, CorrectionState

    token = TokenField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="corrections", verbose_name=_("本人"))
    kind = models.CharField(_("种类"), max_length=10, choices=CorrectionKind, default=CorrectionKind.FACTS)
    values_sealed = SealedField("values")
    fields = models.JSONField(default=list, blank=True)  # which, so that lists need not unseal
    note = models.CharField(_("说明"), max_length=200, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("社区"))
    proposed_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="+", verbose_name=_("提出人")
    )
    proposed_at = models.DateTimeField(_("提出时间"))
    state = models.CharField(
        _("状态"), max_length=10, choices=CorrectionState, default=CorrectionState.WAITING
    )
    ruled_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    ruled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    reason = models.CharField(_("处理说明"), max_length=200, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("更正申请")
        indexes = [models.Index(fields=["place", "state", "id"], name="corrections_waiting")]

    def __str__(self) -> str:
        return self.token

    @property
    def values(self) -> dict[str, str]:
        """What is proposed, in clear."""
        text = sealed_in(self, "values_sealed").read(self)
        found: dict[str, str] = json.loads(text) if text else {}
        return found

    @values.setter
    def values(self, values: dict[str, str]) -> None:
        text = json.dumps(values, ensure_ascii=False)
        sealed_in(self, "values_sealed").write(self, text)
        self.fields = sorted(values)


class DuplicateQuerySet(models.QuerySet["Duplicate"]):
    def open_within(self, memberships: list[Membership]) -> Self:
        """Return what waits to be judged by the holders of these roles; a pair belongs to a community."""
        communities = {place.community_id for place in registered_places(memberships)}
        wide = [place for place in registered_places(memberships) if place.community_id is None]
        here = Q(place__in=communities - {None}) | inside(wide, "place__")
        return self.filter(here, state=DuplicateState.OPEN)


class Duplicate(models.Model):
    """Two rows that may be one human being, with the reasons; a worker judges."""

    State = DuplicateState

    token = TokenField()
    first = models.ForeignKey(Person, models.CASCADE, related_name="+")  # the elder row
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("社区"))
    reasons = models.JSONField(default=list)  # codes of rules.Likeness
    found_at = models.DateTimeField(_("发现时间"))
    state = models.CharField(_("状态"), max_length=10, choices=DuplicateState, default=DuplicateState.OPEN)
    ruled_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    ruled_at = models.DateTimeField(_("判断时间"), null=True, blank=True)

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = _("疑似重复")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_suspicion_of_a_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="elder_row_first"),
        ]
        indexes = [models.Index(fields=["place", "state", "id"], name="duplicates_open")]

    def __str__(self) -> str:
        return self.token

    @property
    def reason_words(self) -> list[str]:
        """The reasons, for people."""
        return [str(Likeness(code).label) for code in self.reasons]


class Merge(models.Model):
    """That one row was merged into another, with what was moved, so that it can be taken apart exactly."""

    token = TokenField()
    kept = models.ForeignKey(Person, models.CASCADE, related_name="merges", verbose_name=_("保留的"))
    dropped = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("并入的"))
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name=_("操作人"))
    at = models.DateTimeField(_("合并时间"))
    undo = models.JSONField(default=dict, editable=False)
    undone_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("档案合并")

    def __str__(self) -> str:
        return self.token


class EventQuerySet(models.QuerySet["Event"]):
    def within(self, places: list[Place]) -> Self:
        """Return what happened at homes at or under one of `places`."""
        return self.filter(inside(places, "place__"))


class Event(models.Model):
    """A move, a birth, a death, a letting or a sale: one act that changed all it must, and its paper."""

    Kind = EventKind

    token = TokenField()
    kind = models.CharField(_("种类"), max_length=12, choices=EventKind)
    on = models.DateField(_("哪天"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("住处"))
    place_before = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    persons: "models.ManyToManyField[Person, Any]" = models.ManyToManyField(
        Person, related_name="events", verbose_name=_("当事人")
    )
    source = models.CharField(_("来源"), max_length=10, choices=Source)
    paper_sealed = SealedField("paper")  # number of the certificate or contract
    note = models.CharField(_("说明"), max_length=200, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name=_("办理人"))
    at = models.DateTimeField(_("办理时间"))
    undo = models.JSONField(default=dict, editable=False)
    undone_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("人口变动")
        indexes = [models.Index(fields=["place", "on"], name="events_at_place")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"

    @property
    def paper(self) -> str:
        """Number of the certificate, contract or deed in clear."""
        return sealed_in(self, "paper_sealed").read(self)

    @paper.setter
    def paper(self, words: str) -> None:
        sealed_in(self, "paper_sealed").write(self, words)
