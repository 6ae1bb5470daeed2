"""Evaluation by bodies: criteria are published first, the evaluated body is heard, then all of it is public."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from linli.base.errors import require
from linli.base.words import said as _
from linli.base.worktime import Unit, due
from linli.duties import actions as duties
from linli.partners.actions.acting import (
    clerk_seat,
    close_todos,
    decider_seat,
    happened,
    lock,
    member_seat,
    open_for_desk,
    open_for_partner,
    said,
)
from linli.partners.models import Evaluation, Partner, Standard
from linli.partners.rules import ANSWER_DAYS, Kind, Verb, why_not_judged, why_not_standard
from linli.partners.rules.judging import FORBIDDEN_RULE
from linli.people.models import Person
from linli.places.models import Place


@transaction.atomic
def publish_standard(
    kind: str,
    place: Place,
    title: str,
    criteria: Sequence[str],
    every_months: int,
    *,
    by: Person,
    at: datetime,
) -> Standard:
    """Publish criteria for a kind of partner at a place; they replace the older ones for periods that begin now."""
    decider_seat(by, place, at)
    lines = [line.strip() for line in criteria if line.strip()]
    problem = why_not_standard(lines)
    require(not problem, problem, rule=FORBIDDEN_RULE)
    require(kind in Kind.values, _("请选评价哪类单位。"))
    require(1 <= every_months <= 36, _("几个月评一次请写 1 到 36。"))
    today, words = localdate(at), said(title, _("标准名称"))
    standing = Standard.objects.select_for_update().filter(kind=kind, place=place, replaced_on=None)
    if same := standing.filter(title=words, criteria=lines).first():
        return same
    standing.update(replaced_on=today)
    return Standard.objects.create(
        kind=kind,
        place=place,
        title=words,
        criteria=lines,
        every_months=every_months,
        published_on=today,
        published_by=by,
    )


def standard_for(partner: Partner, since: date) -> Standard | None:
    """Return the criteria that held when the period began: the nearest place's, published by then."""
    rows = Standard.objects.filter(
        kind=partner.kind, place__in=partner.place.ancestor_ids(), published_on__lte=since
    )
    return rows.order_by("-place__path", "-published_on", "-pk").first()


@transaction.atomic
def draft_evaluation(partner: Partner, since: date, until: date, *, by: Person, at: datetime) -> Evaluation:
    """Begin an evaluation of a period by the criteria that were public when it began; again gives the same."""
    partner = lock(partner)
    seat = clerk_seat(by, partner.place, at)
    require(since <= until <= localdate(at), _("评价期要已经结束，且开始不晚于结束。"))
    require(seat.organisation_id != partner.organisation_id, _("自己不能评价自己的单位。"))
    standard = standard_for(partner, since)
    require(
        standard is not None,
        _("这一期开始时还没有公布评价标准。请先公布标准，从公布以后的时间评起。"),
    )
    assert standard is not None  # noqa: S101 — for the type checker
    row, _made = Evaluation.objects.get_or_create(
        partner=partner,
        standard=standard,
        since=since,
        defaults={"until": until, "evaluator": seat.organisation, "drafted_by": by, "drafted_at": at},
    )
    return row


@transaction.atomic
def judge(
    evaluation: Evaluation, findings: Mapping[str, tuple[str, str]], summary: str, *, by: Person, at: datetime
) -> Evaluation:
    """Write what was found, criterion by criterion, and send it to the body, which may answer for ten working days.

    `findings` are (met, reason) by the place of the criterion as text.
    """
    partner, row = _locked(evaluation)
    clerk_seat(by, partner.place, at)
    require(row.published_at is None, _("已经公布的评价不能再改；有错请另发更正。"))
    problem = why_not_judged(row.standard.criteria, findings, row.standard.published_on, row.since)
    require(not problem, problem)
    row.findings = {place: [met, reason.strip()] for place, (met, reason) in findings.items()}
    row.summary = summary.strip()[:500]
    row.sent_at = at
    row.answer_due = due(at, ANSWER_DAYS, Unit.WORKING_DAY, duties.calendar_of(partner.place)).at
    row.answer, row.answered_at = "", None
    row.save()
    key = f"evaluation:{row.pk}:{at:%Y%m%d%H%M%S}"
    title = _("对本单位的评价，请看并说说意见")
    close_todos(partner, f"evaluation:{row.pk}", at)
    open_for_partner(partner, key, title, row.answer_due, at, row.address)
    title = _("公布评价：%(name)s（要另一位来公布）") % {"name": partner.name}
    open_for_desk(partner, key, title, row.answer_due, at, row.address)
    return row


@transaction.atomic
def answer_evaluation(evaluation: Evaluation, words: str, *, by: Person, at: datetime) -> Evaluation:
    """Let the evaluated body answer; its words are published together with the findings."""
    partner, row = _locked(evaluation)
    member_seat(partner, by, at)
    require(row.sent_at is not None, _("这份评价还没有写完。"))
    require(row.published_at is None, _("评价已经公布。不服可以向街道提出复核。"))
    row.answer, row.answered_at = said(words, _("您单位的意见，没有意见就写“没有意见”"))[:2000], at
    row.save(update_fields=["answer", "answered_at"])
    close_todos(partner, f"evaluation:{row.pk}", at)
    title = _("公布评价：%(name)s（要另一位来公布）") % {"name": partner.name}
    open_for_desk(partner, f"publish:{row.pk}", title, row.answer_due or at, at, row.address)
    return row


@transaction.atomic
def publish_evaluation(evaluation: Evaluation, *, by: Person, at: datetime) -> Evaluation:
    """Publish findings and answer: another person than who drafted, after the body was heard or let time pass."""
    partner, row = _locked(evaluation)
    seat = decider_seat(by, partner.place, at)
    if row.published_at is not None:
        return row
    require(row.sent_at is not None, _("这份评价还没有写完，也没有送本单位听取意见。"))
    require(
        row.is_heard(at),
        _("还没有听取这个单位的意见。最早 %(day)s 以后可以公布。")
        % {"day": localdate(row.answer_due).isoformat() if row.answer_due else ""},
        rule=_("先听取意见，再公布"),
    )
    require(row.drafted_by_id != by.pk, _("起草的人不能自己公布，请另一位负责人来办。"))
    row.published_at, row.published_by = at, by
    row.save(update_fields=["published_at", "published_by"])
    happened(
        partner, Verb.EVALUATED, at, by=by, unit=seat.organisation,
        words=f"{row.since:%Y-%m-%d} – {row.until:%Y-%m-%d}",
        since=row.since.isoformat(), until=row.until.isoformat(),
    )  # fmt: skip
    close_todos(partner, f"publish:{row.pk}", at)
    close_todos(partner, f"evaluation:{row.pk}", at)
    return row


def _locked(evaluation: Evaluation) -> tuple[Partner, Evaluation]:
    partner = lock(evaluation.partner)
    rows = Evaluation.objects.select_for_update(of=("self",)).select_related("standard")
    return partner, rows.get(pk=evaluation.pk)
