"""A partner: a body that works in the community, its papers, its history, its suspension and its hand-over."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.organisations.models import Membership, Organisation
from linli.organisations.rules import Power
from linli.partners.rules import REQUIRED, TAKES_PART, Kind, PaperKind, State, Verb
from linli.people.models import Person
from linli.places.models import Place, inside

OVERSEES = frozenset({Power.DISPATCH, Power.OVERSEE, Power.AUDIT})


def desk_places(memberships: Iterable[Membership]) -> list[Place]:
    """Return the places whose partners the caller looks after: those of a desk, of overseers and auditors."""
    return [row.place for row in memberships if row.powers & OVERSEES]


class PartnerQuerySet(models.QuerySet["Partner"]):
    def shown(self) -> Self:
        """Return what everybody may read of: who is admitted, or suspended."""
        return self.filter(state__in=TAKES_PART)

    def once_admitted(self) -> Self:
        """Return whoever has a public page: admitted now or once, so that contracts and findings stay readable."""
        return self.exclude(admitted_at=None)

    def looked_after_by(self, memberships: Iterable[Membership]) -> Self:
        """Return those filed at or under the caller's desks."""
        return self.filter(inside(desk_places(memberships), "place__"))

    def of_own(self, person: Person, memberships: Iterable[Membership]) -> Self:
        """Return those the caller works for, applied for, or leads."""
        bodies = {row.organisation_id for row in memberships}
        mine = Q(organisation__in=bodies) | Q(leader=person)
        return self.filter(mine | Q(applied_by=person, organisation=None))

    def opened_by(self, person: Person, memberships: Iterable[Membership]) -> Self:
        """Return those whose file the caller may open."""
        held = list(memberships)
        return self.of_own(person, held) | self.looked_after_by(held)


class Partner(models.Model):
    """A body in the community's life: property company, owners' committee, social organisation, enterprise,
    department or residents' group. `organisation` is what duty lines and roles know it by, once admitted.
    """

    token = TokenField()
    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    name = models.CharField(_("名称"), max_length=80)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    purpose = models.CharField(_("做什么"), max_length=300)
    telephone = models.CharField(_("对外电话"), max_length=30, blank=True)
    address = models.CharField(_("办公地址"), max_length=120, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("登记地"))
    serves = models.ManyToManyField(Place, related_name="+", verbose_name=_("服务范围"))
    organisation = models.OneToOneField(
        Organisation, models.PROTECT, null=True, blank=True, related_name="partner"
    )
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.APPLIED)
    applied_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(_("申请时间"))
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    admitted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    admitted_at = models.DateTimeField(_("入驻时间"), null=True, blank=True)
    refused_because = models.CharField(_("不予批准的理由"), max_length=300, blank=True)
    leave_asked_at = models.DateTimeField(_("申请退出时间"), null=True, blank=True)
    left_at = models.DateTimeField(_("退出时间"), null=True, blank=True)
    # Of a residents' group: who leads it (signs in as a resident), who of the community stands by, where it meets.
    leader = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    mentor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    room_words = models.CharField(_("活动场地"), max_length=120, blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("合作单位")
        indexes = [models.Index(fields=["state", "name", "id"], name="partner_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code", "place"],
                condition=~Q(credit_code="") & ~Q(state__in=[State.LEFT]),
                name="partner_once_at_a_place",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | Q(admitted_by=None) | ~Q(checked_by=models.F("admitted_by")),
                name="partner_checked_and_admitted_by_two",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """This row as text."""
        return f"partners.Partner:{self.pk}"

    @property
    def address_of_file(self) -> str:
        """The page of those who look after it and of its own people."""
        return reverse("partners:file", args=[self.token])

    @property
    def required_papers(self) -> frozenset[str]:
        """The kinds of paper without which it takes no new orders."""
        return REQUIRED[self.kind]

    def takes_orders(self, on: date) -> bool:
        """Whether it may be given new work, contracts and bookings on that day."""
        if self.state != State.ADMITTED:
            return False
        return self.organisation is None or self.organisation.takes_orders(on)


class Paper(models.Model):
    """A certificate: what, by whom, from when to when; the scan is an attachment of this row."""

    token = TokenField()
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="papers")
    kind = models.CharField(_("证照种类"), max_length=10, choices=PaperKind)
    number = models.CharField(_("证照编号"), max_length=60)
    issuer = models.CharField(_("发证机关"), max_length=80)
    issued_on = models.DateField(_("发证日期"))
    expires_on = models.DateField(
        _("有效期至"), null=True, blank=True
    )  # the last day; None: long-term (长期)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("登记时间"))
    replaced_at = models.DateTimeField(_("换新或作废时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("证照")
        indexes = [models.Index(fields=["expires_on"], name="paper_runs_out", condition=Q(replaced_at=None))]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=models.F("issued_on")),
                name="paper_expires_after_issue",
            ),
            models.UniqueConstraint(
                fields=["partner", "kind", "number"],
                condition=Q(replaced_at=None),
                name="paper_stands_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def subject(self) -> str:
        """This row as text; its scan hangs on it."""
        return f"partners.Paper:{self.pk}"


class PartnerEvent(models.Model):
    """One line of a partner's timeline. `words` of public lines are checked by whoever writes them."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="events")
    verb = models.CharField(_("事项"), max_length=16, choices=Verb)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    by_words = models.CharField(_("经办"), max_length=80, blank=True)  # a body, never a name
    words = models.CharField(_("说明"), max_length=500, blank=True)
    is_public = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("合作单位办理记录")
        indexes = [models.Index(fields=["partner", "id"], name="events_of_partner")]

    def __str__(self) -> str:
        return self.get_verb_display()


class Suspension(models.Model):
    """A stop with a reason, heard before it is decided whether the body goes on or leaves."""

    token = TokenField()
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="suspensions")
    reason = models.CharField(_("理由"), max_length=500)
    basis = models.CharField(_("依据"), max_length=200)
    suspended_on = models.DateField(_("暂停日"))
    suspended_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    answer_due = models.DateTimeField(_("陈述申辩期限"))
    statement = models.CharField(_("陈述申辩"), max_length=2000, blank=True)
    stated_at = models.DateTimeField(_("陈述时间"), null=True, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(_("决定和理由"), max_length=500, blank=True)
    is_resumed = models.BooleanField(_("恢复"), default=False)

    class Meta:
        verbose_name = _("暂停处置")
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(decided_at=None), name="one_open_suspension"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("suspended_by")),
                name="suspended_and_decided_by_two",
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    def is_heard(self, now: datetime) -> bool:
        """Whether it may be decided: the body has spoken, or let the time pass."""
        return self.stated_at is not None or self.answer_due < now


class HandoverItem(models.Model):
    """One thing to hand over at the end: to whom it went, and when."""

    token = TokenField()
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="handover")
    words = models.CharField(_("移交什么"), max_length=120)
    due_on = models.DateField(_("移交期限"))
    done_on = models.DateField(_("移交日"), null=True, blank=True)
    received_by = models.CharField(_("交给了谁"), max_length=80, blank=True)  # a body
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("交接事项")

    def __str__(self) -> str:
        return self.words
