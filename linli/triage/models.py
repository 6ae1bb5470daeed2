"""What the proposer has learned: how often a word, or a place, went with a label that a person chose."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Count as Number
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Count(models.Model):
    """`count` times, a text with `feature` was given `label` in the question `task` ("category", "unit")."""

    task = models.CharField(max_length=12)
    feature = models.CharField(max_length=60)
    label = models.CharField(max_length=60)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("派单经验")
        constraints = [
            models.UniqueConstraint(fields=["task", "feature", "label"], name="one_count_per_feature")
        ]


@dataclass(frozen=True)
class GroupError:
    """Of `cases` of one group in which a person chose: how often the first proposal, and one of three, was it."""

    task: str
    group: str
    cases: int
    first: int
    among_three: int


class Proposals(models.QuerySet["Proposal"]):
    """Phrases for lists of proposals."""

    def errors_since(self, since: datetime) -> Iterator[GroupError]:
        """Hits by task and group; what nobody has decided yet, and where nothing was proposed, is left out."""
        decided = self.filter(at__gte=since, rank__isnull=False).exclude(engine="")
        rows = decided.values("task", "group").annotate(
            cases=Number("pk"),
            first=Number("pk", filter=Q(rank=1)),
            among_three=Number("pk", filter=Q(rank__gte=1)),
        )
        return (GroupError(**row) for row in rows.order_by("task", "group"))


class Proposal(models.Model):
    """What was proposed and what a person then chose; the card's error figures come from these rows."""

    subject = models.CharField(max_length=60, db_index=True)
    task = models.CharField(max_length=12)
    proposed = models.JSONField()  # [{"label", "score", "because": [words]}], best first, at most three
    engine = models.CharField(max_length=100, blank=True)  # which engine spoke
    chosen = models.CharField(max_length=60, blank=True)
    rank = models.PositiveSmallIntegerField(
        null=True
    )  # seat of the chosen among the proposed; 0: not among them
    group = models.CharField(max_length=20, blank=True)  # channel, for the error by group
    at = models.DateTimeField(_("时间"))

    objects = Proposals.as_manager()

    class Meta:
        verbose_name = _("派单建议")
        indexes = [models.Index(fields=["task", "at"], name="proposals_by_time")]
