"""How a case ends: what the askers say, who else looked, and who was called back."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.cases.rules import Outcome, Rating
from linli.organisations.models import Organisation
from linli.people.models import Person


class AnswerQuerySet(models.QuerySet["Answer"]):
    def waiting(self) -> Self:
        """Those who were asked and have not said anything, their time not being over."""
        return self.filter(outcome="")

    def shown_to_handlers(self, at: datetime) -> Self:
        """What those who did the work may see: nothing of a round before its period closes.

        Whoever sees that one of three answered knows who has not. "I was urged to press" is never in it.
        """
        over = Q(answer_by__lte=at) | Q(case__closed_at__isnull=False) | Q(round__lt=F("case__round"))
        return self.filter(over).defer("was_urged", "taken_by")


class Answer(models.Model):
    """What the person who asked said of the result: once per round, by page, SMS or call-back."""

    Outcome = Outcome
    Rating = Rating

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="verdicts", verbose_name=_("诉求"))
    # Where cases were merged each reporter is asked, and answers for themselves.
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("提出人"))
    round = models.PositiveSmallIntegerField(_("第几轮"))
    asked_at = models.DateTimeField(_("询问时间"))
    answer_by = models.DateTimeField(_("等候至"))
    answered_at = models.DateTimeField(_("回答时间"), null=True)
    channel = models.CharField(_("方式"), max_length=10, blank=True)  # page, sms, counter, call_back
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, blank=True)
    rating = models.PositiveSmallIntegerField(_("评价"), choices=Rating, null=True)
    words = models.TextField(_("意见"), blank=True)
    was_urged = models.BooleanField(_("被催着点的"), default=False)  # confidential
    # Who pressed for the asker: family, an assisting worker, the caller of a call-back.
    taken_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("居民确认")
        constraints = [
            models.UniqueConstraint(fields=["case", "person", "round"], name="asked_once_per_round"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=False) | Q(rating__isnull=True), name="only_answers_rate"
            ),
        ]
        indexes = [
            models.Index(fields=["answer_by"], name="answers_awaited", condition=Q(outcome="")),
            models.Index(fields=["answer_by"], name="answers_silent", condition=Q(outcome=Outcome.SILENT)),
            models.Index(
                fields=["answered_at"], name="answers_by_time", condition=Q(answered_at__isnull=False)
            ),
            models.Index(fields=["person", "id"], name="answers_of_person"),
        ]

    def __str__(self) -> str:
        return self.get_outcome_display()

    @property
    def key(self) -> str:
        """The name below which this question's to-dos stand."""
        return f"cases.Answer:{self.pk}"


class CallBack(models.Model):
    """回访: a call by a body that did not do the work, within one budget per person."""

    answer = models.OneToOneField(
        Answer, models.CASCADE, related_name="call_back", verbose_name=_("居民确认")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("回访单位")
    )
    reason = models.CharField(_("为什么抽中"), max_length=100)
    asked_at = models.DateTimeField(_("抽中时间"))
    called_at = models.DateTimeField(_("回访时间"), null=True)
    called_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    was_reached = models.BooleanField(_("接通"), null=True)

    class Meta:
        verbose_name = _("回访")

    def __str__(self) -> str:
        return self.reason


class Check(models.Model):
    """核查: another body looks where no person asked, or where the desk wants certainty."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="checks", verbose_name=_("诉求"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("核查单位")
    )
    round = models.PositiveSmallIntegerField(_("第几轮"), default=1)
    asked_at = models.DateTimeField(_("提出时间"))
    checked_at = models.DateTimeField(_("核查时间"), null=True)
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    is_passed = models.BooleanField(_("属实"), null=True)
    words = models.CharField(_("核查意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("核查")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(checked_at=None), name="one_open_check_per_case"
            )
        ]
        indexes = [
            models.Index(fields=["checked_at"], name="checks_by_time", condition=Q(checked_at__isnull=False))
        ]

    def __str__(self) -> str:
        return self.words or str(self.organisation)

    @property
    def key(self) -> str:
        """The name of the to-do that waits for the checker."""
        return f"cases.Check:{self.pk}"
