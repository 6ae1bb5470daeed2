"""Residents say what is wrong in their own record or who belongs to them; a worker says yes or no, both are told."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from linli.base.errors import Refused, require
from linli.base.words import said as _
from linli.base.worktime import Unit, due
from linli.duties import actions as duties
from linli.organisations import actions as organisations
from linli.organisations.rules import Power
from linli.people import actions as people
from linli.people.models import Person, Residency
from linli.people.rules import Tenure
from linli.places.models import Place
from linli.register.actions.finding import index
from linli.register.actions.happening import Report
from linli.register.actions.households import join
from linli.register.actions.living import Newborn, birth
from linli.register.actions.stating import state
from linli.register.actions.tagging import untag
from linli.register.models import Correction, HouseholdMember, Tag
from linli.register.rules import (
    FIELDS,
    CorrectionKind,
    CorrectionState,
    IdentityKind,
    Source,
    Value,
    as_text,
    checked_identity,
    clean_value,
    codes,
    read_day,
)
from linli.todos import actions as todos

WORKING_DAYS = 5  # within which the desk answers
MOST_WAITING = 20
OF_FAMILY = frozenset({"name", "phone", "sex", "birth_date", "identity_kind", "identity", "relation"})


@transaction.atomic
def propose(
    person: Person,
    values: Mapping[str, Value],
    *,
    by: Person,
    at: datetime,
    kind: str = CorrectionKind.FACTS,
    note: str = "",
) -> Correction:
    """Propose a change of a person's own record; it waits at the desk of their community.

    `values` are {field: value} for facts; for family and newborn those of the person to add (`OF_FAMILY`, and
    "tenure"); for a tag {"tag": its token}. What is plainly wrong is refused at once. The same again while the
    first still waits changes nothing. The caller checked that `by` is the person or acts for them.
    """
    row = Person.objects.select_for_update().get(pk=person.pk)
    home = row.home_now(localdate(at))
    if home is None:
        raise Refused(_("您还没有登记住处，社区还不知道该由谁来核实。请先在“我的住处”里登记。"))
    clean = _CHECKS[kind](row, values, localdate(at))
    note = " ".join(note.split())
    require(len(note) <= 200, _("说明最多 200 个字，请写短一些。"))
    waiting = Correction.objects.filter(person=row, kind=kind, state=CorrectionState.WAITING)
    same = next((held for held in waiting.order_by("pk") if held.values == clean and held.note == note), None)
    if same is not None:
        return same
    require(waiting.count() < MOST_WAITING, _("您还有很多申请在等社区处理，请先等一等。"))
    made = Correction(
        person=row, kind=kind, note=note, place=home.community or home, proposed_by=by, proposed_at=at
    )
    made.values = clean
    made.save()
    _open_todo(made, home, at)
    return made


def rule_on_correction(
    correction: Correction, *, accept: bool, by: Person, at: datetime, reason: str = ""
) -> Correction:
    """Say yes or no to what was proposed. Yes writes it at once; no needs a reason. Who proposed it is told.

    Ruled on already, nothing changes. Nobody rules on what they proposed or what concerns themselves.
    """
    with transaction.atomic():
        row = (
            Correction.objects.select_for_update(of=("self",))
            .select_related("person", "proposed_by", "place")
            .get(pk=correction.pk)
        )
        if row.state != CorrectionState.WAITING:
            return row
        require(by.pk not in {row.person_id, row.proposed_by_id}, _("不能处理自己的申请，请同事来办。"))
        reason = " ".join(reason.split())
        require(accept or bool(reason), _("没有采纳请写明原因，申请人会看到。"))
        require(len(reason) <= 200, _("原因最多 200 个字，请写短一些。"))
        if accept:
            _APPLIERS[row.kind](row, by, at)
        _close(row, CorrectionState.ACCEPTED if accept else CorrectionState.REFUSED, by, reason, at)
        _tell(row, at)
        return row


@transaction.atomic
def withdraw_correction(correction: Correction, *, by: Person, at: datetime) -> Correction:
    """Take a proposal back before it was ruled on."""
    row = Correction.objects.select_for_update().get(pk=correction.pk)
    if row.state == CorrectionState.WAITING:
        _close(row, CorrectionState.WITHDRAWN, by, "", at)
    return row


def _close(row: Correction, state_now: str, by: Person, reason: str, at: datetime) -> None:
    row.state, row.ruled_by, row.ruled_at, row.reason = state_now, by, at, reason
    row.save(update_fields=["state", "ruled_by", "ruled_at", "reason"])
    todos.close(f"register.Correction:{row.pk}", at)


def _facts(person: Person, values: Mapping[str, Value], on: date) -> dict[str, str]:
    """Facts: each readable by itself; a paper's number with its kind."""
    require(bool(values), _("请写要更正的内容。"))
    require(set(values) <= set(FIELDS) - {"died_on"}, _("没有这一项资料。"))
    clean = {
        field: as_text(clean_value(field, value, on))
        for field, value in values.items()
        if field != "identity"
    }
    if "identity" in values:
        kind = clean.get("identity_kind") or IdentityKind.RESIDENT
        clean["identity"] = checked_identity(kind, str(values["identity"]), on)
        clean["identity_kind"] = kind
    require(clean.get("name", "-") != "", _("请写姓名。"))
    return clean


def _family(person: Person, values: Mapping[str, Value], on: date) -> dict[str, str]:
    """Somebody of the family: a name and what they are to the head; the rest as far as it is known."""
    facts = {field: value for field, value in values.items() if field in OF_FAMILY - {"relation"} and value}
    require(bool(facts.get("name")), _("请写家人的姓名。"))
    relation = str(values.get("relation", ""))
    require(relation in codes("relation"), _("请选择与户主的关系。"))
    return _facts(person, facts, on) | {"relation": relation}


def _newborn(person: Person, values: Mapping[str, Value], on: date) -> dict[str, str]:
    """A child without papers: name, sex and day."""
    require(bool(values.get("name")), _("请写孩子的姓名；还没取名，可以先写“李某之子”。"))
    require(values.get("sex") in codes("sex"), _("请选择性别。"))
    require(bool(values.get("birth_date")), _("请写出生日期。"))
    facts = {field: values[field] for field in ("name", "sex", "birth_date")}
    return _facts(person, facts, on)


def _tag(person: Person, values: Mapping[str, Value], on: date) -> dict[str, str]:
    """A tag of one's own."""
    held = Tag.objects.filter(person=person, token=str(values.get("tag", "")), until=None).first()
    require(held is not None, _("没有这个标签，或者它已经结束了。"))
    return {"tag": str(values["tag"])}


_CHECKS: dict[str, Callable[[Person, Mapping[str, Value], date], dict[str, str]]] = {
    CorrectionKind.FACTS: _facts,
    CorrectionKind.FAMILY: _family,
    CorrectionKind.NEWBORN: _newborn,
    CorrectionKind.TAG: _tag,
}


def _source(row: Correction) -> str:
    return Source.SELF if row.proposed_by_id == row.person_id else Source.FAMILY


def _apply_facts(row: Correction, by: Person, at: datetime) -> None:
    state(row.person, row.values, source=_source(row), stated_on=localdate(row.proposed_at), by=by, at=at)


def _apply_family(row: Correction, by: Person, at: datetime) -> None:
    values = row.values
    relation = values.pop("relation")
    home = row.person.home_now(localdate(at))
    if home is None:
        raise Refused(_("这位居民已经没有登记住处，请先登记住处。"))
    added = people.register(values["name"], values.get("phone", ""), at, by)
    state(added, values, source=_source(row), stated_on=localdate(row.proposed_at), by=by, at=at)
    residency = people.settle(added, home, Tenure.FAMILY, localdate(at), Residency.Source.FAMILY, at)
    people.verify(residency, by, at, Residency.Source.COUNTER)
    member = HouseholdMember.objects.filter(person=row.person, until=None).select_related("household").first()
    if member is not None:
        join(member.household, added, relation, localdate(at), by=by, at=at)
    index([added.pk], at)


def _apply_newborn(row: Correction, by: Person, at: datetime) -> None:
    values = row.values
    report = Report(read_day(values["birth_date"]), _source(row), by, at, note=row.note)
    birth([row.person], Newborn(values["name"], values["sex"]), report)


def _apply_tag(row: Correction, by: Person, at: datetime) -> None:
    held = Tag.objects.filter(token=row.values["tag"], person=row.person).first()
    if held is not None:
        untag(held, because=_("本人提出异议，已核实"), by=by, at=at)


_APPLIERS: dict[str, Callable[[Correction, Person, datetime], None]] = {
    CorrectionKind.FACTS: _apply_facts,
    CorrectionKind.FAMILY: _apply_family,
    CorrectionKind.NEWBORN: _apply_newborn,
    CorrectionKind.TAG: _apply_tag,
}


def _open_todo(row: Correction, home: Place, at: datetime) -> None:
    """Put it on the list of the desk, to be answered within working days; one tap says yes."""
    address = reverse("register:correction", args=[row.token])
    limit = due(at, WORKING_DAYS, Unit.WORKING_DAY, duties.calendar_of(home))
    labels = [str(FIELDS[field].label) for field in row.fields if field in FIELDS]
    what = "、".join(labels) if row.kind == CorrectionKind.FACTS else ""
    todos.open_todo(
        f"register.Correction:{row.pk}",
        f"register.Correction:{row.pk}",
        _("%(name)s：%(kind)s%(what)s")
        % {"name": row.person.masked, "kind": row.get_kind_display(), "what": f"（{what}）" if what else ""},
        limit.at,
        address,
        at,
        organisation=organisations.desk(row.place),
        power=Power.INTAKE,
        place_words=str(row.place),
        acts=[{"label": _("采纳"), "address": reverse("register:accept", args=[row.token]), "fields": {}}],
        origin="register",
    )


def _tell(row: Correction, at: datetime) -> None:
    """Tell who proposed it, and the person where family did."""
    accepted = row.state == CorrectionState.ACCEPTED
    title = _("您提出的更正已采纳") if accepted else _("您提出的更正没有采纳")
    words = {"kind": row.get_kind_display(), "reason": row.reason}
    body = _("%(kind)s：已写进档案。") if accepted else _("%(kind)s：%(reason)s")
    told = {person.pk: person for person in (row.proposed_by, row.person) if person is not None}
    for person in told.values():
        people.notify(
            person, f"register-correction:{row.token}", title, body % words, reverse("register:mine"), at
        )
