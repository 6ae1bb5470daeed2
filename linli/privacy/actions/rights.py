"""See, copy, correct, erase, have explained: what people ask about their own data (个人信息保护法 44–50)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils.timezone import localdate, localtime

from linli.base.errors import require
from linli.base.words import said as _
from linli.base.work_calendar import Unit
from linli.base.worktime import due
from linli.people import actions as people
from linli.people.models import Person, may_act_for
from linli.people.rules import Scope
from linli.privacy import told
from linli.privacy.actions.officers import LOG, alert, guards, officers_of
from linli.privacy.models import LegalHold, RightsRequest, catalogue
from linli.privacy.rules import ANSWER_DAYS, Chapter, Erased, Field, Holder, Outcome, Right
from linli.trail import actions as trail
from linli.trail.models import subjects_of
from linli.trail.rules import Purpose
from linli.transparency import actions as transparency

RULE = "个人信息保护法 第四十七条"


@transaction.atomic
def holdings(person: Person, by: Person, by_words: str, reason: str, at: datetime) -> list[Chapter]:
    """Return everything that Linli holds about `person`, chapter by chapter, as text.

    To anybody but the person it leaves a line in their trail, in this transaction, and names other people masked: the
    right to a copy is no way to read about a neighbour. Which tables and columns: what the top of the house tells and
    the catalogue lists.
    """
    purpose = Purpose.FAMILY if may_act_for(by, person, Scope.EVERYTHING, at) else Purpose.EXPORT
    trail.looked(person.subject, by.subject, by_words, _("全部个人信息副本"), reason, at, "", purpose)
    listed: dict[str, list[Field]] = {}
    for field in catalogue().values():
        listed.setdefault(field.table, []).append(field)
    named: set[Person] = set()
    read = [_chapter(holder, listed.get(holder.table, []), person, named, at) for holder in told.holders()]
    chapters = [chapter for chapter in read if chapter is not None and chapter.rows]
    return chapters if by == person else [_masked(chapter, named - {person, by}) for chapter in chapters]


def _masked(chapter: Chapter, others: set[Person]) -> Chapter:
    """Return the chapter with the names of `others` masked, in columns and within sentences."""
    longest_first = sorted((other for other in others if other.name), key=lambda other: -len(other.name))

    def hide(text: str) -> str:
        for other in longest_first:
            text = text.replace(other.name, other.masked)
        return text

    return replace(chapter, rows=[{label: hide(text) for label, text in row.items()} for row in chapter.rows])


def _chapter(
    holder: Holder, fields: list[Field], person: Person, named: set[Person], at: datetime
) -> Chapter | None:
    """Return what one table holds about `person`, and add whom its rows name to `named`."""
    try:
        model = apps.get_model(holder.table)
    except LookupError:  # this deployment has switched the domain off
        return None
    columns = [(field.label, field.code.rpartition(".")[2]) for field in fields]
    names = [(label, name) for label, name in columns if name not in holder.hides]
    related = [
        f.name
        for f in model._meta.concrete_fields
        if f.many_to_one and f.name in {name for _l, name in names}
    ]
    rows = _rows(model, holder, person, at).order_by(holder.order).distinct()
    found: Iterable[Any] = rows.select_related(*related) if related else rows
    named.update(
        other for row in found for name in related if isinstance(other := getattr(row, name), Person)
    )
    told_rows = [{label: text for label, name in names if (text := _text(row, name))} for row in found]
    return Chapter(holder.table, str(holder.title), [row for row in told_rows if row])


def _rows(model: type[models.Model], holder: Holder, person: Person, at: datetime) -> "models.QuerySet[Any]":
    """Return the rows about `person`: a look that the law withholds for now is not read here either."""
    if not holder.is_text:
        return model._base_manager.filter(**{holder.person: person.pk})
    rows = model._default_manager.filter(**{f"{holder.person}__in": subjects_of(person.subject)})
    return getattr(rows, holder.phrase)(at) if holder.phrase else rows


def _text(row: models.Model, name: str) -> str:
    words = told.in_words().get(f"{row._meta.label}.{name}")
    if words is not None:
        return words(row)
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name, None)
    if value is None or (not value and isinstance(value, (str, list, dict))):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return "；".join(f"{key}：{inner}" for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return "、".join(str(inner) for inner in value)
    return str(getattr(value, "full_name", value))


@transaction.atomic
def ask(
    person: Person, kind: str, words: str, by: Person, at: datetime, *, is_counter: bool = False
) -> RightsRequest:
    """Ask for something about one's own data; a data officer answers within 15 working days, with reasons.

    By the person, a proxy in everything, or a worker for them (`is_counter`, checked by the caller). One request of a
    kind is open at a time; asking again is the same request.
    """
    require(kind in Right.values, _("请选择要做什么：更正、删除、解释、纸质副本或不要再用。"))
    require(
        is_counter or may_act_for(by, person, Scope.EVERYTHING, at), _("只有本人或代办一切事务的家人可以提。")
    )
    words = words.strip()
    require(bool(words), _("请写明是哪一项信息、希望怎样。"))
    require(len(words) <= 1000, _("最多 1000 个字，请写短一些。"))
    Person.objects.select_for_update().get(pk=person.pk)
    held = RightsRequest.objects.unanswered().filter(person=person, kind=kind).first()
    if held is not None:
        return held
    home = person.home_now(localdate(at))
    answer_by = due(at, ANSWER_DAYS, Unit.WORKING_DAY, told.calendar_of(home)).at
    request = RightsRequest(person=person, place=home, kind=kind, asked_by=by, asked_at=at, due=answer_by)
    request.words = words
    request.save()
    alert(
        home,
        f"privacy.RightsRequest:{request.pk}:answer",
        _("答复个人信息请求：%(kind)s") % {"kind": request.get_kind_display()},
        _("请在期限内办理并写明理由。"),
        f"/privacy/requests/{request.token}/",
        answer_by,
        at,
    )
    return request


@transaction.atomic
def answer(request: RightsRequest, outcome: str, words: str, by: Person, at: datetime) -> RightsRequest:
    """Answer a request with reasons. Granting an erasure erases what may go and says what stays and why.

    Refused while a proceeding, a role or something open needs the data (PIPL 47). Again changes nothing.
    """
    row = (
        RightsRequest.objects.select_for_update(of=("self",))
        .select_related("person", "place")
        .get(pk=request.pk)
    )
    require(guards(by, row.place, at), _("只有这里的数据官可以答复。"))
    require(
        by.pk not in {row.person_id, row.asked_by_id} or len(officers_of(row.place, at)) == 1,
        _("自己提的请求要由别的数据官答复。"),
    )
    require(outcome in Outcome.values, _("请选择结果。"))
    require(
        bool(words.strip()), _("请写明理由：照办了什么，没有照办的为什么。"), rule="个人信息保护法 第五十条"
    )
    if row.answered_at is not None:
        return row
    done: list[Erased] = []
    if row.kind == Right.ERASE and outcome != Outcome.REFUSED:
        done = erase(row.person, by, at)
        outcome = Outcome.PARTLY if any(part.stays for part in done) else Outcome.GRANTED
    row.outcome, row.answer, row.answered_by, row.answered_at = outcome, words.strip()[:1000], by, at
    row.done = [{"title": part.title, "count": part.count, "stays": part.stays} for part in done]
    row.save(update_fields=["outcome", "answer_sealed", "answered_by", "answered_at", "done"])
    told.close_todo(f"privacy.RightsRequest:{row.pk}:answer", at)
    people.notify(
        row.person,
        f"privacy.RightsRequest:{row.pk}:answered",
        _("您关于个人信息的请求有答复了"),
        _("%(kind)s：%(outcome)s。点开看理由。")
        % {"kind": row.get_kind_display(), "outcome": row.get_outcome_display()},
        f"/privacy/mine/asked/{row.token}/",
        at,
    )
    facts = {"kind": row.kind, "outcome": row.outcome, "in_time": at < row.due}
    transparency.record(LOG, "privacy.answered", f"privacy.RightsRequest:{row.pk}", row.token, facts, at)
    return row


@transaction.atomic
def erase(person: Person, by: Person, at: datetime) -> list[Erased]:
    """Erase what may go of `person`, in every domain, and return what went and what stays, with the reason."""
    require(
        not LegalHold.objects.in_force().filter(person=person).exists(),
        _("这些信息正在依法保留，暂时不能删除。"),
        rule=RULE,
    )
    today = localdate(at)
    require(
        not person.memberships.filter(models.Q(until=None) | models.Q(until__gt=today)).exists(),
        _("本人还在担任工作岗位，请先办理离岗再删除。"),
        rule=RULE,
    )
    running = told.open_matters(person, at)
    require(
        not running,
        _("还有没办完的事：%(matters)s。办完后再删除，或者先撤回。") % {"matters": "、".join(running)},
        rule=RULE,
    )
    lives_here = person.home_now(today) is not None
    return told.erase_everywhere(person, by, at, lives_here=lives_here)
