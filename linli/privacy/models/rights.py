"""What people ask about their own data, and what they are answered."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.base.fields import SealedField, TokenField, sealed_in
from linli.organisations.models import Membership
from linli.people.models import Person
from linli.places.models import Place, inside
from linli.privacy.rules import Outcome, Right


class RightsRequestQuerySet(models.QuerySet["RightsRequest"]):
    def of(self, person: Person) -> Self:
        """Return what this person asked, the newest first."""
        return self.filter(person=person).order_by("-pk")

    def guarded_by(self, memberships: list[Membership]) -> Self:
        """Return those from the places that the holders of these roles guard, and from people without a home."""
        return self.filter(inside([row.place for row in memberships], "place__") | Q(place=None))

    def unanswered(self) -> Self:
        """Return those that wait for an answer, the most urgent first."""
        return self.filter(answered_at=None).order_by("due", "pk")


class RightsRequest(models.Model):
    """One request to correct, erase, explain … with a day by which it is answered (个人信息保护法 第五十条).

    What is wrong with a number is said by writing the number: `words` and `answer` are sealed.
    """

    token = TokenField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="rights_requests")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("要求"), max_length=8, choices=Right)
    words_sealed = SealedField("words")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("提出人"))
    asked_at = models.DateTimeField(_("提出时间"))
    due = models.DateTimeField(_("答复期限"))
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome, blank=True)
    answer_sealed = SealedField("answer")
    done = models.JSONField(_("做了什么"), default=list, blank=True)  # [{title, count, stays}]
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = RightsRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("权利请求")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(answered_at=None), name="one_open_request_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, outcome="")
                | (Q(answered_at__isnull=False) & ~Q(outcome="") & ~Q(answer_sealed=b"")),
                name="request_answered_with_words",
            ),
        ]
        indexes = [models.Index(fields=["due"], condition=Q(answered_at=None), name="requests_waiting")]

    def __str__(self) -> str:
        return self.token

    @property
    def words(self) -> str:
        """What was asked, in clear."""
        return sealed_in(self, "words_sealed").read(self)

    @words.setter
    def words(self, words: str) -> None:
        sealed_in(self, "words_sealed").write(self, words)

    @property
    def answer(self) -> str:
        """What was answered, in clear; "" before."""
        return sealed_in(self, "answer_sealed").read(self)

    @answer.setter
    def answer(self, words: str) -> None:
        sealed_in(self, "answer_sealed").write(self, words)

    def is_overdue(self, at: datetime) -> bool:
        """Whether the answer is late."""
        return self.answered_at is None and at >= self.due
