"""Owners' committees: a term is prepared, elected, filed; members come and go, and with them their access."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from linli.base.errors import require
from linli.base.words import said as _
from linli.organisations import actions as organisations
from linli.organisations.models import Membership
from linli.organisations.rules import Role
from linli.partners.actions.acting import (
    clerk_seat,
    close_todos,
    end_of,
    happened,
    lock,
    open_for_desk,
    open_for_partner,
    said,
)
from linli.partners.models import Partner, Term, TermMember
from linli.partners.rules import LONGEST_YEARS, Kind, Post, Verb, ends_on
from linli.partners.rules.terms import FILING_RULE, SEATS, TERM_RULE, filing_due
from linli.people import actions as people
from linli.people.models import Person


@transaction.atomic
def prepare_term(partner: Partner, *, by: Person, at: datetime) -> Term:
    """Begin to prepare the next term (筹备换届); one that is in preparation is returned."""
    partner = _committee(partner, by, at)
    latest = partner.terms.order_by("-number").first()
    if latest is not None and latest.elected_on is None:
        return latest
    term = Term.objects.create(
        partner=partner, number=latest.number + 1 if latest else 1, prepared_on=localdate(at)
    )
    happened(partner, Verb.TERM_PREPARED, at, by=by, words=_("第 %(n)s 届") % {"n": term.number})
    return term


@transaction.atomic
def elect(partner: Partner, elected_on: date, years: int, seats: int, *, by: Person, at: datetime) -> Term:
    """Enter that a new committee was elected: the term in preparation begins, the one before ends that day and
    its members' access with it. Filing is due in 30 days.
    """
    partner = _committee(partner, by, at)
    require(elected_on <= localdate(at), _("选举日期在今天以后，请核对。"))
    require(
        1 <= years <= LONGEST_YEARS,
        _("一届最长 %(years)s 年。") % {"years": LONGEST_YEARS},
        rule=TERM_RULE,
    )
    require(seats in SEATS, _("委员由 5 至 11 人单数组成，请核对名额。"), rule=TERM_RULE)
    latest = partner.terms.order_by("-number").first()
    if latest is not None and latest.elected_on == elected_on:
        return latest
    require(
        latest is None or latest.elected_on is None or latest.elected_on < elected_on,
        _("选举日期早于上一届，请核对。"),
    )
    term = latest if latest is not None and latest.elected_on is None else None
    if term is None:
        term = Term(partner=partner, number=latest.number + 1 if latest else 1)
    for old in partner.terms.filter(ended_on=None, elected_on__isnull=False):
        _end_term(old, elected_on, by, at)
    term.elected_on, term.ends_on, term.seats = elected_on, ends_on(elected_on, years), seats
    term.save()
    happened(
        partner, Verb.TERM_ELECTED, at, by=by, words=_("第 %(n)s 届") % {"n": term.number},
        since=elected_on.isoformat(), until=term.ends_on.isoformat(),
    )  # fmt: skip
    close_todos(partner, "renewal", at)
    title = _("业委会备案，选举后 30 日内（%(rule)s）：%(name)s") % {
        "rule": FILING_RULE,
        "name": partner.name,
    }
    open_for_partner(partner, f"filing:{term.pk}", title, end_of(filing_due(elected_on)), at)
    open_for_desk(partner, f"filing:{term.pk}", title, end_of(filing_due(elected_on)), at)
    return term


@transaction.atomic
def file_term(term: Term, filed_on: date, number: str, *, by: Person, at: datetime) -> Term:
    """Note that the election was filed with the street and the housing authority."""
    partner = _committee(term.partner, by, at)
    row = Term.objects.select_for_update().get(pk=term.pk)
    require(row.elected_on is not None, _("还没有选举产生，不能备案。"))
    require(row.elected_on is not None and filed_on >= row.elected_on, _("备案日期早于选举日期，请核对。"))
    require(filed_on <= localdate(at), _("备案日期在今天以后，请核对。"))
    if row.filed_on is None:
        row.filed_on, row.filing_number = filed_on, said(number, _("备案编号"))[:60]
        row.save(update_fields=["filed_on", "filing_number"])
        happened(
            partner, Verb.TERM_FILED, at, by=by, words=_("第 %(n)s 届") % {"n": row.number},
            since=filed_on.isoformat(),
        )  # fmt: skip
        close_todos(partner, f"filing:{row.pk}", at)
    return row


@transaction.atomic
def seat_member(
    term: Term, name: str, phone: str, post: str, since: date, *, by: Person, at: datetime
) -> TermMember:
    """Seat an elected owner, who may act for the committee from that day; each is told."""
    partner = _committee(term.partner, by, at)
    row = Term.objects.select_for_update().get(pk=term.pk)
    require(row.ended_on is None, _("这一届已经换届，不能再加委员。"))
    require(row.elected_on is not None, _("还没有选举产生，不能登记委员。"))
    require(post in Post.values, _("请选职务。"))
    require(bool(name.strip()) and bool(phone.strip()), _("请写姓名和手机号。"))
    person = people.register(name, phone, at, by)
    seated = row.members.filter(until=None)
    if known := seated.filter(person=person).first():
        return known
    require(seated.count() < row.seats, _("委员已满 %(n)s 人。") % {"n": row.seats})
    require(
        post != Post.CHAIR or not seated.filter(post=Post.CHAIR).exists(),
        _("已经有主任。换主任请先让原主任卸任或改任。"),
    )
    member = TermMember.objects.create(term=row, person=person, post=post, since=since)
    if partner.organisation is not None:
        for place in partner.serves.all():
            organisations.appoint(person, partner.organisation, Role.COMMITTEE_MEMBER, place, since, by, at)
    happened(partner, Verb.MEMBER_JOINED, at, by=by, words=member.get_post_display())
    return member


@transaction.atomic
def unseat_member(member: TermMember, on: date, *, by: Person, at: datetime) -> TermMember:
    """End a seat: `on` is the first day without it, and without access."""
    partner = _committee(member.term.partner, by, at)
    row = TermMember.objects.select_for_update(of=("self",)).select_related("person").get(pk=member.pk)
    if row.until is None:
        _unseat(partner, row, on, by, at)
        happened(partner, Verb.MEMBER_LEFT, at, by=by, words=row.get_post_display())
    return row


def _end_term(term: Term, on: date, by: Person, at: datetime) -> None:
    term.ended_on = on
    term.save(update_fields=["ended_on"])
    for member in term.members.filter(until=None).select_related("person"):
        _unseat(term.partner, member, localdate(at), by, at)


def _unseat(partner: Partner, member: TermMember, on: date, by: Person, at: datetime) -> None:
    member.until = max(on, member.since)
    member.save(update_fields=["until"])
    held = Membership.objects.filter(
        person=member.person, organisation=partner.organisation, role=Role.COMMITTEE_MEMBER
    )
    for membership in held.exclude(until__lte=member.until):
        organisations.dismiss(membership, member.until, by, at)


def _committee(partner: Partner, by: Person, at: datetime) -> Partner:
    row = lock(partner)
    clerk_seat(by, row.place, at)
    require(row.kind == Kind.OWNERS_COMMITTEE, _("只有业主委员会才有届次。"))
    return row
