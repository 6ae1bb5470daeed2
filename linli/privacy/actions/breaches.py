"""When data leaked, and when a body misused it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from linli.base.errors import require
from linli.base.words import said as _
from linli.base.work_calendar import Unit
from linli.base.worktime import due
from linli.organisations import actions as organisations
from linli.organisations.models import Membership, Organisation
from linli.people.models import Person, Residency
from linli.places.models import Place
from linli.privacy import told
from linli.privacy.actions.officers import LOG, guards
from linli.privacy.models import Finding, Incident, SecurityItem
from linli.privacy.rules import CHECKS, HEARING_DAYS, Severity, Step
from linli.trail import actions as trail
from linli.trail.rules import Purpose
from linli.transparency import actions as transparency

RULE = "个人信息保护法 第五十七条"
SAID = ("kinds", "causes", "harm", "remedies", "advice", "contact")
CONTACTS = 20_000  # at most in one list


@transaction.atomic
def record_incident(
    place: Place,
    said: dict[str, str],
    severity: str,
    found_at: datetime,
    by: Person,
    at: datetime,
    *,
    is_drill: bool = False,
) -> Incident:
    """Write down an incident (or a drill) with everything that PIPL 57 wants said; the same form twice is one row."""
    require(guards(by, place, at), _("只有这里的数据官可以登记信息安全事件。"))
    require(severity in Severity.values, _("请选择危害程度。"))
    require(found_at <= at, _("发现时间不能在将来。"))
    for name in SAID:
        require(
            bool(said.get(name, "").strip()),
            _("请写全：涉及哪些信息、原因、可能的危害、补救措施、本人怎样减轻危害、联系方式。"),
            rule=RULE,
        )
    facts: dict[str, Any] = {name: said[name].strip() for name in SAID}
    made, is_new = Incident.objects.get_or_create(
        place=place, found_at=found_at, kinds=facts["kinds"], is_drill=is_drill,
        defaults=facts | {"severity": severity, "by": by, "at": at},
    )  # fmt: skip
    if is_new:
        public = {"severity": severity, "is_drill": is_drill, "place": place.code or place.full_name}
        transparency.record(LOG, "privacy.incident", f"privacy.Incident:{made.pk}", made.token, public, at)
    return made


@transaction.atomic
def report_incident(incident: Incident, to: str, by: Person, at: datetime) -> Incident:
    """Write down that the authority was told."""
    row = _locked(incident, by, at)
    require(bool(to.strip()), _("请写明报告给了哪个主管部门。"))
    if row.reported_at is None:
        row.reported_at, row.reported_to = at, to.strip()[:120]
        row.save(update_fields=["reported_at", "reported_to"])
    return row


def concerned(incident: Incident, at: datetime) -> list[Person]:
    """Return those who live at or under the incident's place, at most 20,000."""
    return list(Person.objects.living_within([incident.place], localdate(at)).order_by("pk")[:CONTACTS])


@transaction.atomic
def contacts(incident: Incident, by: Person, by_words: str, at: datetime) -> list[tuple[str, str, str]]:
    """Return (name, phone, home) of everybody concerned, to be told; each reads of it in their trail."""
    row = _locked(incident, by, at)
    persons = concerned(row, at)
    trail.looked_at_many(
        [person.subject for person in persons], by.subject, by_words, _("姓名、电话、住址"),
        _("通知信息安全事件的当事人"), at, f"privacy.Incident:{row.pk}", Purpose.EXPORT,
    )  # fmt: skip
    residencies = (
        Residency.objects.on(localdate(at)).within([row.place]).select_related("home").order_by("pk")
    )
    homes = {residency.person_id: residency.home.full_name for residency in residencies}
    return [(person.name, person.phone, homes.get(person.pk, "")) for person in persons]


def letter(incident: Incident) -> str:
    """Return the notice to those concerned, with the contents of PIPL 57."""
    return _(
        "您好。我们发现一起可能影响您个人信息的事件。涉及的信息：%(kinds)s。原因：%(causes)s。可能的危害：%(harm)s。"
        "我们已经采取的措施：%(remedies)s。您可以这样做：%(advice)s。联系我们：%(contact)s。"
    ) % {name: getattr(incident, name) for name in SAID}


@transaction.atomic
def tell_concerned(incident: Incident, by: Person, at: datetime) -> Incident:
    """Tell everybody concerned through Linli; a drill tells nobody and counts whom it would have told."""
    row = _locked(incident, by, at)
    if row.told_at is not None:
        return row
    persons = concerned(row, at)
    if not row.is_drill:
        told.tell(
            persons,
            f"privacy.Incident:{row.pk}",
            _("关于您个人信息的一件事，请看"),
            letter(row),
            "/privacy/mine/",
            at,
        )
    row.told_at, row.told_count = at, len(persons)
    row.save(update_fields=["told_at", "told_count"])
    return row


@transaction.atomic
def close_incident(
    incident: Incident, lessons: str, not_told_because: str, by: Person, at: datetime
) -> Incident:
    """Close it: those concerned were told, or there is a reason why not (harm averted); and what changes now."""
    row = _locked(incident, by, at)
    require(bool(lessons.strip()), _("请写明改进：以后怎样不再发生。"))
    require(
        row.is_drill or row.told_at is not None or bool(not_told_because.strip()),
        _("请先通知本人；确实能避免危害而不通知的，写明理由。"),
        rule=RULE,
    )
    if row.closed_at is None:
        row.closed_at, row.lessons, row.not_told_because = at, lessons.strip(), not_told_because.strip()[:300]
        row.save(update_fields=["closed_at", "lessons", "not_told_because"])
    return row


def _locked(incident: Incident, by: Person, at: datetime) -> Incident:
    row = Incident.objects.select_for_update(of=("self",)).select_related("place").get(pk=incident.pk)
    require(guards(by, row.place, at), _("只有这里的数据官可以处理这件事。"))
    return row


@transaction.atomic
def open_finding(organisation: Organisation, what: str, by: Person, at: datetime) -> Finding:
    """Say that a body seems to have misused data; it has 5 working days to be heard."""
    require(guards(by, None, at), _("只有数据官可以提出违规认定。"))
    require(len(what.strip()) >= 10, _("请写明查到了什么，至少十个字，不要写居民姓名。"))
    hearing = due(at, HEARING_DAYS, Unit.WORKING_DAY, told.calendar_of(None)).at
    made, _is_new = Finding.objects.get_or_create(
        organisation=organisation, what=what.strip(), decided_by=None,
        defaults={"opened_by": by, "opened_at": at, "hearing_due": hearing},
    )  # fmt: skip
    told.open_todo(
        f"privacy.Finding:{made.pk}:hear", _("请就个人信息使用情况作说明"), hearing,
        f"/privacy/findings/{made.token}/", at, organisation=organisation, power="", origin="privacy",
    )  # fmt: skip
    return made


@transaction.atomic
def hear(finding: Finding, words: str, by: Person, at: datetime) -> Finding:
    """Take down what the body says; one of its own people says it."""
    row = Finding.objects.select_for_update().get(pk=finding.pk)
    member = Membership.objects.on(localdate(at)).filter(person=by, organisation=row.organisation_id)
    require(member.exists(), _("只有该单位的人可以代表单位说明。"))
    require(bool(words.strip()), _("请写明情况。"))
    require(row.decided_by_id is None, _("结论已经作出，请向街道反映。"))
    row.heard, row.heard_at, row.heard_by = words.strip()[:2000], at, by
    row.save(update_fields=["heard", "heard_at", "heard_by"])
    told.close_todo(f"privacy.Finding:{row.pk}:hear", at)
    return row


@transaction.atomic
def decide_finding(finding: Finding, is_misuse: bool, conclusion: str, by: Person, at: datetime) -> Finding:
    """Conclude: misuse ends every role of the body from today and is published. Only after the body was heard.

    Heard means that it spoke, or let its 5 working days pass. Again changes nothing.
    """
    row = Finding.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=finding.pk)
    require(guards(by, None, at), _("只有数据官可以作结论。"))
    require(row.opened_by_id != by.pk or row.heard_at is not None, _("提出人作结论前，必须先听该单位说明。"))
    require(
        row.heard_at is not None or at >= row.hearing_due, _("还没听该单位说明，期限也没到，不能作结论。")
    )
    require(len(conclusion.strip()) >= 10, _("请写明结论和理由，至少十个字，不要写居民姓名。"))
    if row.decided_by_id is not None:
        return row
    row.is_misuse, row.conclusion, row.decided_by = is_misuse, conclusion.strip(), by
    if is_misuse:
        row.ended_roles = _end_access(row.organisation, by, at)
        row.published_at = at
        facts = {
            "body": row.organisation.name,
            "what": row.what,
            "heard": row.heard_at is not None,
            "conclusion": row.conclusion,
        }
        transparency.record(LOG, "privacy.misuse", f"privacy.Finding:{row.pk}", row.token, facts, at)
    row.save(update_fields=["is_misuse", "conclusion", "decided_by", "ended_roles", "published_at"])
    told.close_todo(f"privacy.Finding:{row.pk}:hear", at)
    return row


def _end_access(organisation: Organisation, by: Person, at: datetime) -> int:
    """End every role of the body: rights come from roles alone, so nothing is left to see with."""
    today = localdate(at)
    held = list(Membership.objects.on(today).filter(organisation=organisation))
    for membership in held:
        organisations.dismiss(membership, today, by, at)
    organisations.let_take_orders(organisation, today, at)
    return len(held)


@transaction.atomic
def check_item(place: Place, code: str, step: str, note: str, by: Person, at: datetime) -> SecurityItem:
    """Write down where an item of the security check-list stands."""
    require(guards(by, place, at), _("只有这里的数据官可以填写安全检查。"))
    require(code in dict(CHECKS) and step in Step.values, _("请选择检查项和情况。"))
    require(step != Step.NOT_OURS or bool(note.strip()), _("写“不适用”的，请说明为什么。"))
    made, _is_new = SecurityItem.objects.update_or_create(
        place=place, code=code, defaults={"step": step, "note": note.strip()[:300], "by": by, "at": at}
    )
    return made
