"""Other systems post to-dos: admitted with basis, hours, money and an end, or the task comes back (C06)."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localtime

from linli.base.errors import Refused, require
from linli.base.words import said as _
from linli.organisations import actions as organisations
from linli.organisations.models import Organisation
from linli.organisations.rules import Power
from linli.people.models import Person
from linli.places.models import Place
from linli.todos.actions.listing import close, open_todo, reschedule
from linli.todos.models import Admission, OutsideSystem, Todo

EXTERNAL_ID = re.compile(r"[A-Za-z0-9._-]{1,60}")
ADMISSION_RULE = "减负准入：依据、用时、经费、期限四项齐全才能派给社区（C06）"


@dataclass(frozen=True)
class Task:
    """What another system asks for: its own `id`, the admitted `task`, and where it is to be done."""

    id: str
    task: str
    title: str
    due: datetime
    place: str  # 12-digit division code
    function: str  # 职能 of the body that is to do it, "community_desk"
    address: str  # its page in the other system, https


@dataclass(frozen=True)
class Line:
    """What an admission states: the basis, hours and yuan per community and month, and its last day."""

    task: str
    basis: str
    hours: Decimal
    money: Decimal
    until: date


@transaction.atomic
def add_system(name: str, organisation: Organisation, by: Person, at: datetime) -> tuple[OutsideSystem, str]:
    """Register a system of `organisation`; returns it with its token, shown once and kept only as a hash."""
    require(bool(name.strip()), _("请写系统名称。"))
    token = secrets.token_urlsafe(32)
    system = OutsideSystem.objects.create(
        name=name.strip(), organisation=organisation, token_hash=_hash(token), added_at=at, added_by=by
    )
    return system, token


@transaction.atomic
def renew_token(system: OutsideSystem) -> str:
    """Give a system a new token; the old one opens nothing from now on."""
    token = secrets.token_urlsafe(32)
    OutsideSystem.objects.filter(pk=system.pk).update(token_hash=_hash(token), is_active=True)
    return token


@transaction.atomic
def retire_system(system: OutsideSystem, at: datetime) -> None:
    """Shut a system out and end what it was admitted for; what it posted stays on the lists until done."""
    OutsideSystem.objects.filter(pk=system.pk).update(is_active=False)
    Admission.objects.filter(system=system, ended_at=None).update(ended_at=at)


@transaction.atomic
def admit(system: OutsideSystem, line: Line, by: Person, at: datetime) -> Admission:
    """Admit one task of a system, publicly; a line in force is replaced."""
    require(system.is_active, _("这个系统已停用，请先换发令牌。"))
    require(bool(line.task.strip()), _("请写任务名称。"))
    require(bool(line.basis.strip()), _("请写依据：哪一份文件的哪一条。"))
    require(line.hours >= 0 and line.money >= 0, _("用时和经费不能小于 0；不花钱请写 0。"))
    require(line.until > localtime(at).date(), _("到期日要在今天以后。"))
    Admission.objects.filter(system=system, task=line.task.strip(), ended_at=None).update(ended_at=at)
    return Admission.objects.create(
        system=system,
        task=line.task.strip(),
        basis=line.basis.strip(),
        hours=line.hours,
        money=line.money,
        until=line.until,
        admitted_by=by,
        admitted_at=at,
    )


@transaction.atomic
def end_admission(admission: Admission, at: datetime) -> None:
    """End an admission before its day; new tasks of the kind come back from now on."""
    Admission.objects.filter(pk=admission.pk, ended_at=None).update(ended_at=at)


def system_of(token: str) -> OutsideSystem | None:
    """Return the active system that shows this token."""
    return (
        OutsideSystem.objects.select_related("organisation")
        .filter(token_hash=_hash(token), is_active=True)
        .first()
    )


@transaction.atomic
def post_from_outside(system: OutsideSystem, task: Task, at: datetime) -> tuple[Todo, bool]:
    """Put an admitted task on the list of the body it is meant for; returns it and whether it is new.

    Posting the same `id` again changes nothing and returns what stands.
    """
    known = _find(system, task.id)
    if known is not None:
        return known, False
    admission = _admission(system, task.task, localtime(at).date())
    body = _body(task)
    todo = open_todo(
        _key(system, task.id),
        f"todos.Admission:{admission.pk}",
        f"{admission.task}：{task.title}" if task.title else admission.task,
        task.due,
        task.address,
        at,
        organisation=body,
        power=Power.HANDLE,
        place_words=_place(task.place).name,
        origin=system.name,
        admission=admission,
    )
    return todo, True


@transaction.atomic
def close_from_outside(system: OutsideSystem, external_id: str, at: datetime) -> Todo:
    """Take a task off the list because it is done or no longer wanted; again changes nothing."""
    todo = posted(system, external_id)
    close(todo.key, at)
    todo.refresh_from_db()
    return todo


@transaction.atomic
def reschedule_from_outside(system: OutsideSystem, external_id: str, due: datetime) -> Todo:
    """Give an open task another due time."""
    todo = posted(system, external_id)
    require(todo.closed_at is None, _("这项任务已经办结，不能再改期限。"))
    reschedule(todo.key, due)
    todo.refresh_from_db()
    return todo


@transaction.atomic
def finish(todo: Todo, at: datetime) -> None:
    """Tick off a task from outside; a matter of Linli's own is finished on its page."""
    require(todo.is_from_outside, _("这件事请打开它的页面办理，办好后会自动从待办里消失。"))
    close(todo.key, at)


def _find(system: OutsideSystem, external_id: str) -> Todo | None:
    return Todo.objects.filter(key=_key(system, external_id)).first()


def posted(system: OutsideSystem, external_id: str) -> Todo:
    """Return what `system` posted under its own `external_id`; refused where there is nothing."""
    todo = _find(system, external_id)
    if todo is None:
        raise Refused(_("没有编号为 %(id)s 的任务，请核对后再发。") % {"id": external_id})
    return todo


def _admission(system: OutsideSystem, task: str, on: date) -> Admission:
    """Return the line in force; without one the task goes back to who asked, with the reason."""
    admission = system.admissions.filter(task=task, ended_at=None).first()
    if admission is None:
        words = _("任务“%(task)s”没有准入，退回“%(body)s”：请先写明依据、用时、经费和到期日，由区县准入。")
        raise Refused(words % {"task": task, "body": system.organisation}, rule=ADMISSION_RULE)
    if not admission.is_in_force(on):
        words = _("任务“%(task)s”的准入已于 %(until)s 到期，退回“%(body)s”：需要继续的请重新准入。")
        told = {"task": task, "until": admission.until.isoformat(), "body": system.organisation}
        raise Refused(words % told, rule=ADMISSION_RULE)
    return admission


def _place(code: str) -> Place:
    place = Place.objects.of_code(code)
    if place is None:
        raise Refused(_("没有区划代码为 %(code)s 的地方，请核对 12 位代码。") % {"code": code})
    return place


def _body(task: Task) -> Organisation:
    """Return who is to do it. A place without such a body gets nothing: the task comes back."""
    body = organisations.find(task.function, _place(task.place))
    if body is None:
        told = {"place": task.place, "function": task.function}
        raise Refused(_("%(place)s 没有职能为 %(function)s 的单位，请改派。") % told)
    return body


def _key(system: OutsideSystem, external_id: str) -> str:
    require(EXTERNAL_ID.fullmatch(external_id) is not None, _("编号只能用字母、数字和 . _ -，最多 60 位。"))
    return f"todos.OutsideSystem:{system.pk}:{external_id}"


def _hash(token: str) -> str:
    """A random token of 256 bits needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
