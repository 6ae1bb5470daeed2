"""Residents' groups: one page to register, then a mentor, a room, a small grant, and a way to grow."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from linli.base.errors import require
from linli.base.words import said as _
from linli.organisations import actions as organisations
from linli.organisations.models import Membership, Tier
from linli.organisations.rules import Power
from linli.partners.actions.acting import (
    clerk_seat,
    close_todos,
    decider_seat,
    end_of,
    happened,
    lock,
    member_seat,
    open_for_partner,
    said,
)
from linli.partners.actions.papers import Certified, add_paper, refresh_orders
from linli.partners.models import Grant, Partner
from linli.partners.rules import FUNCTIONS, Kind, PaperKind, State, Verb, credit_code
from linli.people.models import Person

ACCOUNT_DAYS = 90


@transaction.atomic
def stand_by(partner: Partner, mentor: Person, room_words: str, *, by: Person, at: datetime) -> Partner:
    """Give a group a mentor (a worker of the community) and say in which room it may meet."""
    partner = _group(partner)
    seat = clerk_seat(by, partner.place, at)
    works_here = any(
        Power.INTAKE in role.powers and role.covers(partner.place)
        for role in Membership.objects.current(mentor, localdate(at))
    )
    require(works_here, _("联系人请选本社区的工作人员。"))
    if (partner.mentor_id, partner.room_words) == (mentor.pk, room_words.strip()):
        return partner
    partner.mentor, partner.room_words = mentor, room_words.strip()[:120]
    partner.save(update_fields=["mentor", "room_words"])
    happened(partner, Verb.MENTORED, at, by=by, unit=seat.organisation, words=partner.room_words)
    return partner


@transaction.atomic
def grant(partner: Partner, purpose: str, amount: Decimal, *, by: Person, at: datetime) -> Grant:
    """Give a small grant, up to the limit of the deployment; the one before must have been accounted for."""
    partner = _group(partner)
    seat = decider_seat(by, partner.place, at)
    words = said(purpose, _("这笔钱做什么用"))[:200]
    require(partner.state == State.ADMITTED, _("小组还没有登记好，不能拨资助。"))
    require(partner.leader_id != by.pk, _("不能给自己带的小组拨钱，请另一位来办。"))
    require(amount > 0, _("金额要大于零。"))
    require(
        amount <= settings.GROUP_GRANT_LIMIT,
        _("一次小额资助最多 %(limit)s 元。更多请走项目申请。") % {"limit": settings.GROUP_GRANT_LIMIT},
    )
    require(
        not partner.grants.filter(accounted_on=None).exists(), _("上一笔资助还没有报账，报好了再拨下一笔。")
    )
    row = Grant.objects.create(
        partner=partner, purpose=words, amount=amount, given_on=localdate(at), given_by=by
    )
    happened(partner, Verb.GRANTED, at, by=by, unit=seat.organisation, words=words, amount=str(amount))
    due = end_of(localdate(at) + timedelta(days=ACCOUNT_DAYS))
    title = _("给资助报账：%(purpose)s（一句话、一张照片就行）") % {"purpose": words}
    open_for_partner(partner, f"grant:{row.pk}", title, due, at)
    return row


@transaction.atomic
def account_for(row: Grant, spent: Decimal, words: str, *, by: Person, at: datetime) -> Grant:
    """Say where the money of a grant went; what was not used goes back."""
    partner = lock(row.partner)
    member_seat(partner, by, at)
    held = Grant.objects.select_for_update().get(pk=row.pk)
    require(0 <= spent <= held.amount, _("用掉的钱不能多于拨的 %(amount)s 元。") % {"amount": held.amount})
    if held.accounted_on is None:
        held.spent, held.accounted_on = spent, localdate(at)
        held.accounted_words = said(words, _("钱花在哪里"))[:300]
        held.save(update_fields=["spent", "accounted_on", "accounted_words"])
        happened(partner, Verb.GRANT_ACCOUNTED, at, by=by, words=held.accounted_words, amount=str(spent))
        close_todos(partner, f"grant:{held.pk}", at)
    return held


@transaction.atomic
def grow(partner: Partner, code: str, certified: Certified, *, by: Person, at: datetime) -> Partner:
    """Let a group that was filed or registered become a social organisation: same file, same history, now with a
    code, a certificate and an organisation of its own.
    """
    partner = _group(partner)
    seat = decider_seat(by, partner.place, at)
    require(partner.state == State.ADMITTED, _("小组还没有登记好，不能转为社会组织。"))
    clean = credit_code(code)
    taken = Partner.objects.filter(place=partner.place, credit_code=clean).exclude(state=State.LEFT)
    require(not taken.exists(), _("这个统一社会信用代码在这里已经登记过了。"))
    partner.kind, partner.credit_code = Kind.SOCIAL_ORGANISATION, clean
    partner.organisation = organisations.create(
        partner.name,
        FUNCTIONS[Kind.SOCIAL_ORGANISATION],
        Tier.OUTSIDE,
        list(partner.serves.all()),
        at,
        telephone=partner.telephone,
    )
    partner.save(update_fields=["kind", "credit_code", "organisation"])
    add_paper(partner, replace(certified, kind=PaperKind.SOCIAL_REGISTRATION), by=by, at=at)
    partner = lock(partner)
    refresh_orders(partner, at)
    happened(partner, Verb.GREW, at, by=by, unit=seat.organisation, words=clean)
    return partner


def _group(partner: Partner) -> Partner:
    row = lock(partner)
    require(row.kind == Kind.RESIDENTS_GROUP, _("这是居民小组才有的事。"))
    return row
