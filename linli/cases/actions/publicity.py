"""What the public reads: looked over by a person first, changed and hidden with a history."""

from datetime import datetime

from django.db import transaction

from linli.base import worktime
from linli.base.errors import require
from linli.base.words import said as _
from linli.base.worktime import Unit
from linli.cases.actions.acting import desk_seat, keep, lock
from linli.cases.actions.telling import happened, open_case_todo, public_form, require_words
from linli.cases.models import Case, Moderation
from linli.cases.rules import Verb, Visibility
from linli.duties.actions import calendar_of
from linli.duties.models import Matter
from linli.organisations.rules import Power
from linli.people.models import Person, Proxy, may_act_for
from linli.todos import actions as todos
from linli.todos.models import Todo

FIELDS = ("public_title", "public_text", "public_answer")


def proposed_texts(case: Case) -> dict[str, str]:
    """Return what the public would read as it stands; what nobody looked over yet is masked here with care."""
    if case.public_text or not case.text:
        title, text = case.public_title, case.public_text
    else:
        title, text = public_form(case.title)[:120], public_form(case.text)
    return {"public_title": title, "public_text": text, "public_answer": case.public_answer}


@transaction.atomic
def moderate(case: Case, *, by: Person, at: datetime, reason: str = "", **texts: str) -> Case:
    """Set what the public reads (`public_title`, `public_text`, `public_answer`; those left out stay) and show it."""
    lock(case)
    membership = desk_seat(case, by, at)
    require(set(texts) <= set(FIELDS), _("只能改公开标题、公开内容和公开答复。"))
    require(case.visibility != Visibility.PRIVATE, _("提出人不愿公开的事不能公开。"))
    texts = proposed_texts(case) | texts
    changed = {name: text for name, text in texts.items() if getattr(case, name) != text}
    require(bool(texts.get("public_title", case.public_title).strip()), _("公开标题不能空着。"))
    for name, text in changed.items():
        _remember(case, name, getattr(case, name), text, reason, by, at)
    keep(case, **changed, visibility=Visibility.PUBLIC)
    todos.close(f"{case.subject}:moderate", at)
    happened(case, Verb.MODERATED, at, by=by, organisation=membership.organisation, words=reason)
    return case


@transaction.atomic
def photos_came(case: Case, at: datetime) -> None:
    """Ask the desk to look over photos that came to a case which is public already, so that none waits unseen.

    Looking the case over (or hiding it) takes it off the list; where one waits already, nothing is added.
    """
    case.refresh_from_db(fields=["visibility", "version", "owner"])
    key = f"{case.subject}:moderate"
    if case.visibility != Visibility.PUBLIC or Todo.objects.keyed(key).open().exists():
        return
    due = worktime.due(at, 1, Unit.WORKING_DAY, calendar_of(case.place)).at
    title = _("有新照片等审校：%(title)s") % {"title": case.title}
    open_case_todo(
        case, f"{key}:photos-{case.version}", title, due, at, organisation=case.owner, power=Power.DISPATCH
    )


@transaction.atomic
def hide(case: Case, *, by: Person, at: datetime, reason: str) -> Case:
    """Take a case out of public view: the desk with a reason, or the asker who changed their mind at any time."""
    lock(case)
    reason = require_words(reason, _("不公开的原因"))
    own = case.reporter is not None and may_act_for(by, case.reporter, Proxy.Scope.CASES, at)
    membership = None if own else desk_seat(case, by, at)
    if case.visibility == Visibility.PRIVATE:
        return case
    _remember(case, "visibility", case.visibility, Visibility.PRIVATE, reason, by, at)
    keep(case, visibility=Visibility.PRIVATE)
    todos.close(f"{case.subject}:moderate", at)
    body = membership.organisation if membership else None
    happened(case, Verb.HIDDEN, at, by=by, organisation=body, words=reason)
    return case


@transaction.atomic
def show(case: Case, *, by: Person, at: datetime, reason: str) -> Case:
    """Bring a case back into public view with the texts it had, with a reason."""
    lock(case)
    membership = desk_seat(case, by, at)
    reason = require_words(reason, _("公开的原因"))
    require(case.matter != Matter.HELP, _("求助涉及个人，不能公开。"))
    hidden_by = case.moderations.filter(field="visibility", after=Visibility.PRIVATE).order_by("-pk").first()
    asked = hidden_by is not None and case.reporter_id is not None and hidden_by.by_id == case.reporter_id
    require(not asked, _("提出人自己要求不公开，不能再公开。"))
    if case.visibility == Visibility.PUBLIC:
        return case
    _remember(case, "visibility", case.visibility, Visibility.PUBLIC, reason, by, at)
    keep(case, visibility=Visibility.PUBLIC)
    happened(case, Verb.SHOWN, at, by=by, organisation=membership.organisation, words=reason)
    return case


def _remember(case: Case, field: str, before: str, after: str, reason: str, by: Person, at: datetime) -> None:
    Moderation.objects.create(
        case=case, field=field, before=before, after=after, reason=reason[:200], by=by, at=at
    )
