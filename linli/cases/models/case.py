"""The case itself, and the phrases by which its rows are found."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from linli.base.compiled import Compiled
from linli.base.fields import PathField, TokenField
from linli.cases.models.phrases import handled_by, opens_at_a_glance, within_place
from linli.cases.rules import CLOSED, OPEN, Channel, Rung, State, Tier, Visibility
from linli.duties.models import Category, DutyLine, DutyList, Matter
from linli.organisations.models import Membership, Organisation
from linli.people.models import Person, Proxy
from linli.places.models import Place
from linli.places.rules import JOINED_BY

# What every act on a case needs to know of its neighbours.
NEIGHBOURS = ("category", "duty_line", "place", "community", "owner", "lead", "reporter")
NOT_SHOWN = (State.MERGED, State.WITHDRAWN)
ACTING_SCOPES = (Proxy.Scope.CASES, Proxy.Scope.EVERYTHING)
# Newest cases in which words are looked for, so that a search costs the same after ten years.
SEARCHED = 5_000
NUMBER = re.compile(r"\d{8}(-\d{1,9})?")


def _asked_by(person: Person, at: datetime) -> Q:
    principals = Proxy.objects.in_force(at).filter(agent=person, scope__in=ACTING_SCOPES)
    return Q(reporter=person) | Q(reporter__in=principals.values("principal"))


class CaseQuerySet(models.QuerySet["Case"]):
    """Rows come from these phrases, never from a bare filter in a view."""

    def with_neighbours(self) -> Self:
        """Read along what every act needs: category, duty line, place, community, owner, lead and reporter."""
        return self.select_related(*NEIGHBOURS)

    def public(self) -> Self:
        """What anyone may read (`public_title`, `public_text`, `public_answer` and public events only)."""
        return self.filter(visibility=Visibility.PUBLIC).exclude(state__in=NOT_SHOWN)

    def of_person(self, person: Person) -> Self:
        """What this person said, in whatever way."""
        return self.filter(reporter=person)

    def followed_by(self, person: Person) -> Self:
        """Public cases that this person also met with, or follows."""
        return self.public().filter(supporters__person=person)

    def handled_by(self, memberships: Iterable[Membership]) -> Self:
        """What these memberships may open and work on; at a desk, all that is said at its places.

        For one row by token. Lists use `in_scope_of` (a desk) and `Order.objects.open_for` (a unit), which are
        one index range each.
        """
        return self.filter(handled_by(list(memberships)))

    def in_scope_of(self, memberships: Iterable[Membership]) -> Self:
        """What is said at the places at whose desk these memberships work: one index range per place."""
        return self.filter(handled_by(list(memberships), by_place_alone=True))

    def seen_by(self, person: Person | None, memberships: Iterable[Membership], at: datetime) -> Self:
        """What this person may read in full: their own, what they act for as family, and what they handle."""
        if person is None:
            return self.none()
        return self.filter(_asked_by(person, at) | handled_by(list(memberships)))

    def asked_by(self, person: Person | None, receipts: Iterable[str], at: datetime) -> Self:
        """What this person asked for, or their family did, or whose receipt they hold."""
        held = Q(receipt__in=list(receipts))
        return self.filter(held | _asked_by(person, at) if person is not None else held)

    def readable_by(
        self, person: Person | None, memberships: Iterable[Membership], receipts: Iterable[str], at: datetime
    ) -> Self:
        """What is seen in full, and what somebody without an account holds the receipt of."""
        asked = self.asked_by(person, receipts, at)
        return asked if person is None else asked | self.seen_by(person, memberships, at)

    def matching(self, words: str) -> Self:
        """Find by number (exactly, or all of a day by its first digits), else by words in title or text.

        Numbers are one index range among all; words are read for in the newest `SEARCHED` of these rows.
        """
        typed = words.strip()
        if NUMBER.fullmatch(typed):
            return self.filter(number__gte=typed, number__lt=typed + "~")
        eldest = Subquery(self.order_by("-pk").values("pk")[SEARCHED - 1 : SEARCHED])
        found = Q(title__icontains=typed) | Q(text__icontains=typed)
        return self.filter(found, pk__gte=Coalesce(eldest, 0))

    def within(self, place: Place) -> Self:
        """Cases at or under `place`, by the column that holds its tier where there is one."""
        return self.filter(within_place(place))

    def live(self) -> Self:
        """What was said here and now, not imported as history."""
        return self.filter(is_history=False)

    def running(self) -> Self:
        """What is not closed and whose clocks count (a resolved case still waits for its asker)."""
        return self.filter(closed_at=None, is_history=False)

    def unsolved(self) -> Self:
        """What somebody still has to work on."""
        return self.running().filter(state__in=OPEN)

    def overdue(self, at: datetime) -> Self:
        """What is past its limit at `at`; a parked case is not."""
        return self.unsolved().exclude(state=State.PAUSED).filter(due__lt=at)


class Case(models.Model):
    """One voice. Overdue is computed from `due` and a time; counts kept here are kept by actions alone."""

    Visibility = Visibility
    Tier = Tier

    # The version in which the request read it whole, with its neighbours (None: it did not).
    read_version: int | None = None

    token = TokenField()
    receipt = TokenField()  # on the slip of paper: whoever holds it may read on, without signing in
    number = PathField(_("编号"), max_length=24, unique=True)  # 20261122-000123, counted per day
    version = models.PositiveIntegerField(default=0)  # moves with every change: cache key and edit check
    # The form's key: posted twice, filed once.
    once = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    matter = models.CharField(_("性质"), max_length=12, choices=Matter)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.FILED)
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel)
    # Imported: clocks are shown and stay silent, nobody is told.
    is_history = models.BooleanField(_("历史导入"), default=False)
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("内容"), max_length=10_000)
    answers = models.JSONField(_("问答"), default=dict)

    reporter = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="cases", verbose_name=_("提出人")
    )
    filed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("录入人")
    )
    filed_at = models.DateTimeField(_("提出时间"))

    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("地点"))
    place_words = models.CharField(_("地点说明"), max_length=200, blank=True)
    estate = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    grid = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    community = models.ForeignKey(Place, models.PROTECT, related_name="+")
    street = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    district = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    category = models.ForeignKey(
        Category, models.PROTECT, null=True, related_name="+", verbose_name=_("类别")
    )
    duty_list = models.ForeignKey(
        DutyList, models.PROTECT, null=True, related_name="+", verbose_name=_("适用清单版本")
    )
    duty_line = models.ForeignKey(
        DutyLine, models.PROTECT, null=True, related_name="+", verbose_name=_("适用条目")
    )
    tier = models.CharField(_("当前层级"), max_length=10, choices=Tier, default=Tier.COMMUNITY)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("首问责任单位")
    )
    lead = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("主办单位")
    )
    proposed_lead = models.ForeignKey(  # by the duty list, until a person dispatches
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("拟主办单位")
    )
    because = models.JSONField(_("派单依据"), default=list)  # sentences that cite the duty line
    clock_from = models.DateTimeField(_("本轮起算"))  # filing, or when "not solved" started another round
    is_urgent = models.BooleanField(_("紧急"), default=False)  # its limit counts 紧急工作时
    response_due = models.DateTimeField(_("首次回应期限"), null=True)
    responded_at = models.DateTimeField(_("首次回应"), null=True)
    update_due = models.DateTimeField(_("再次回复期限"), null=True)  # only while the resident waits for us
    asked_more_at = models.DateTimeField(_("请补充时间"), null=True)  # while we wait for the resident
    due = models.DateTimeField(_("办结期限"), null=True)
    due_words = models.CharField(_("期限说明"), max_length=500, blank=True)
    is_due_certain = models.BooleanField(default=True)  # False: crosses a year without a published calendar
    reminder = models.PositiveSmallIntegerField(_("最近提醒"), choices=Rung, default=Rung.NONE)
    remind_at = models.DateTimeField(null=True)  # when the next rung is told
    resolved_at = models.DateTimeField(_("办结时间"), null=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True)
    round = models.PositiveSmallIntegerField(_("第几轮"), default=1)  # "not solved" starts another
    paused_minutes = models.PositiveIntegerField(default=0)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", verbose_name=_("并入")
    )
    split_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="parts", verbose_name=_("拆自")
    )

    visibility = models.CharField(
        _("公开状态"), max_length=8, choices=Visibility, default=Visibility.CHECKING
    )
    public_title = models.CharField(_("公开标题"), max_length=120, blank=True)
    public_text = models.TextField(_("公开内容"), blank=True)
    public_answer = models.TextField(_("公开答复"), blank=True)
    supports = models.PositiveIntegerField(_("也遇到"), default=0)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("诉求")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(CLOSED), closed_at__isnull=False)
                | (~Q(state__in=sorted(CLOSED)) & Q(closed_at__isnull=True)),
                name="closed_case_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.MERGED) | Q(parent__isnull=False), name="merged_case_has_parent"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RESOLVED) | Q(resolved_at__isnull=False),
                name="resolved_case_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "id"], name="cases_newest"),
            models.Index(fields=["community", "state", "id"], name="cases_by_state"),
            models.Index(fields=["estate", "visibility", "id"], name="cases_of_estate"),
            models.Index(fields=["community", "visibility", "id"], name="cases_public"),
            models.Index(fields=["street", "id"], name="cases_of_street"),
            models.Index(fields=["district", "id"], name="cases_of_district"),
            models.Index(fields=["reporter", "id"], name="cases_of_reporter"),
            models.Index(fields=["place", "id"], name="cases_at_place"),
            # By the days that are tallied.
            models.Index(fields=["filed_at"], name="cases_by_filing"),
            models.Index(fields=["response_due"], name="cases_by_response_due"),
            models.Index(fields=["closed_at"], name="cases_declined", condition=Q(state=State.DECLINED)),
            models.Index(fields=["due"], name="cases_running", condition=Q(closed_at=None, is_history=False)),
            models.Index(fields=["remind_at"], name="cases_to_remind", condition=Q(remind_at__isnull=False)),
            models.Index(
                fields=["response_due"],
                name="cases_to_answer",
                condition=Q(responded_at=None, closed_at=None, is_history=False),
            ),
            models.Index(
                fields=["update_due"], name="cases_to_update", condition=Q(update_due__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def subject(self) -> str:
        """The name by which lower floors know this case."""
        return f"cases.Case:{self.pk}"

    @property
    def address(self) -> str:
        """The path of its page; POST `address` + verb + "/" does what the verb says."""
        return f"/cases/{self.token}/"

    @property
    def where(self) -> str:
        """The estate and what of it, for those who work on it: every estate has a "4幢"."""
        below = self.place.full_name.split(JOINED_BY)[1:]  # what stands first is the community
        return JOINED_BY.join(dict.fromkeys([*below[:1], self.place.name]))

    @property
    def shown_title(self) -> str:
        """The title that may stand in notices, lists of others and public pages."""
        return self.public_title or str(self.get_matter_display())

    def is_overdue(self, at: datetime) -> bool:
        """Whether the limit has passed at `at` while the matter is unsolved and not parked."""
        return self.left(at) < timedelta(0)

    def left(self, at: datetime) -> timedelta:
        """Return the plain time until the limit (negative when overdue); zero where no clock runs."""
        if self.due is None or self.state not in OPEN or self.state == State.PAUSED or self.is_history:
            return timedelta(0)
        return self.due - at


_WHOLE = Compiled(lambda token: Case.objects.with_neighbours().filter(token=token), token=models.CharField())


def handled_case(token: str, memberships: Sequence[Membership]) -> Case | None:
    """Return one case with its neighbours, ready to be acted on, if these memberships open it (`handled_by`)."""
    for case in _WHOLE.read(token=token):
        if (
            opens_at_a_glance(case, memberships)
            or Case.objects.handled_by(memberships).filter(pk=case.pk).exists()
        ):
            case.read_version = case.version
            return case
    return None
