"""Versions of the duty list: a draft is a copy that may change, a published list never does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.duties.actions.deciding import explain
from linli.duties.actions.gaps import review_gaps
from linli.duties.models import Category, DutyLine, DutyList
from linli.duties.record import KIND, facts_of, ref_of
from linli.duties.rules import check_line, next_number
from linli.organisations.models import Tier
from linli.people.models import Person
from linli.places.models import Ownership, Place
from linli.transparency import actions as transparency

FIRST = 1


@dataclass(frozen=True)
class Terms:
    """What a line says. Limits are (amount, unit); stages are {"name", "amount", "unit"} and run in order."""

    lead: str
    basis: str
    sign: tuple[int, str]
    response: tuple[int, str]
    stages: Sequence[dict[str, Any]]
    assists: Sequence[str] = field(default_factory=list)
    next_tier: str = Tier.STREET.value
    source: str = ""


@transaction.atomic
def draft(place: Place, *, by: Person | None, at: datetime) -> DutyList:
    """Return the draft for `place`, making it as a copy of the list in force there; asking twice makes one."""
    Place.objects.select_for_update().get(pk=place.pk)
    held = DutyList.objects.filter(place=place, published_at=None).first()
    if held is not None:
        return held
    base = DutyList.objects.in_force(place, at)
    newest = DutyList.objects.filter(place=place).order_by("-number").first()
    number = newest.number + 1 if newest else FIRST
    copy = DutyList.objects.create(place=place, number=number, based_on=base, created_at=at, created_by=by)
    if base is not None:
        DutyLine.objects.bulk_create([_copied(line, copy) for line in base.ordered_lines()], batch_size=200)
    return copy


@transaction.atomic
def discard(duty_list: DutyList, *, by: Person, at: datetime) -> None:
    """Throw a draft away; what is published stays as it is."""
    _draft_of(duty_list).delete()


@transaction.atomic
def add_line(
    duty_list: DutyList,
    category: Category,
    terms: Terms,
    *,
    place: Place | None = None,
    ownership: str = "",
    by: Person | None,
    at: datetime,
) -> DutyLine:
    """Add a line to a draft: for `category`, at or under `place` (None: anywhere), for `ownership` ("": any)."""
    row = _draft_of(duty_list)
    _check_terms(row, terms, place, ownership)
    _check_single(row, category, place, ownership, None)
    group = str((category.parent or category).order)
    number = next_number(group, row.lines.values_list("number", flat=True))
    return DutyLine.objects.create(
        duty_list=row, number=number, category=category, place=place, ownership=ownership, **_columns(terms)
    )


@transaction.atomic
def change_line(
    line: DutyLine,
    terms: Terms,
    *,
    place: Place | None = None,
    ownership: str = "",
    by: Person | None,
    at: datetime,
) -> DutyLine:
    """Rewrite a line of a draft; number and category stay."""
    row = _draft_of(line.duty_list)
    _check_terms(row, terms, place, ownership)
    _check_single(row, line.category, place, ownership, line.pk)
    changed = DutyLine.objects.select_for_update().get(pk=line.pk)
    changed.place, changed.ownership = place, ownership
    for name, value in _columns(terms).items():
        setattr(changed, name, value)
    changed.save()
    return changed


@transaction.atomic
def remove_line(line: DutyLine, *, by: Person, at: datetime) -> None:
    """Take a line out of a draft."""
    _draft_of(line.duty_list)
    DutyLine.objects.filter(pk=line.pk).delete()


@transaction.atomic
def publish(duty_list: DutyList, *, note: str = "", by: Person | None, at: datetime) -> DutyList:
    """Put a draft in force from `at`: it is immutable from now on, recorded publicly, and closes gaps it fills.

    Cases keep the version they were filed under. Publishing again is refused.
    """
    row = _draft_of(duty_list)
    lines = row.ordered_lines()
    require(bool(lines), _("这份清单还没有条目，请先写一条再发布。"))
    row.note = note.strip()[:300] or row.note
    row.published_at, row.published_by = at, by
    row.save(update_fields=["note", "published_at", "published_by"])
    _record(row, lines, at)
    review_gaps([row.place], at)
    return row


@transaction.atomic
def add_precedent(
    category: Category, place: Place, lead: str, basis: str, source: str, *, by: Person | None, at: datetime
) -> DutyLine:
    """Turn a ruling (退单裁定, `source`) into a line of the draft: from now on `lead` leads `category` at `place`.

    Limits and co-units are those that decided so far. The same ruling again changes the same line.
    """
    held = explain(category, place, at)
    duty_list = draft(held.duty_list.place if held.duty_list else place, by=by, at=at)
    stages = [{"name": name, "amount": amount, "unit": unit} for name, amount, unit in held.stages]
    assists = [function for function in (held.line.assists if held.line else []) if function != lead]
    sign, response = held.limits
    terms = Terms(lead, basis, sign, response, stages, assists, held.next_tier, source[:200])
    line = duty_list.lines.filter(category=category, place=place, ownership="").first()
    if line is not None:
        return change_line(line, terms, place=place, by=by, at=at)
    return add_line(duty_list, category, terms, place=place, by=by, at=at)


def _draft_of(duty_list: DutyList) -> DutyList:
    """Lock the list and insist that it is a draft."""
    row = DutyList.objects.select_for_update().get(pk=duty_list.pk)
    require(
        row.is_draft,
        _("第 %(number)d 版已经发布，不能再改。请起草新的一版，发布后旧件仍按旧版办。")
        % {"number": row.number},
    )
    return row


def _check_terms(duty_list: DutyList, terms: Terms, place: Place | None, ownership: str) -> None:
    stages = [(stage["name"], stage["amount"], stage["unit"]) for stage in terms.stages]
    check_line(terms.lead, terms.basis, [terms.sign, terms.response], stages)
    require(terms.lead not in terms.assists, _("主办不用再写进协办，请从协办里去掉。"))
    require(ownership in ("", *Ownership.values), _("请选一种权属，或者选「不限」。"))
    require(terms.next_tier in (Tier.STREET, Tier.DISTRICT), _("请选超期后上报到街道还是区县。"))
    require(
        place is None or duty_list.place.holds(place),
        _("地点要在「%(place)s」范围内。") % {"place": duty_list.place.name},
    )


def _check_single(
    duty_list: DutyList, category: Category, place: Place | None, ownership: str, but: int | None
) -> None:
    twins = duty_list.lines.filter(category=category, place=place, ownership=ownership)
    twin = (twins if but is None else twins.exclude(pk=but)).first()
    require(
        twin is None,
        _("第 %(number)s 条已经写了同一类事、同一地点和权属，请直接修改那一条。")
        % {"number": twin.number if twin else ""},
    )


def _columns(terms: Terms) -> dict[str, Any]:
    return {
        "lead": terms.lead,
        "assists": list(terms.assists),
        "basis": terms.basis.strip(),
        "sign_amount": terms.sign[0],
        "sign_unit": str(terms.sign[1]),
        "response_amount": terms.response[0],
        "response_unit": str(terms.response[1]),
        "stages": [dict(stage) for stage in terms.stages],
        "next_tier": terms.next_tier,
        "source": terms.source,
    }


def _copied(line: DutyLine, duty_list: DutyList) -> DutyLine:
    return DutyLine(
        duty_list=duty_list,
        number=line.number,
        category=line.category,
        place=line.place,
        ownership=line.ownership,
        lead=line.lead,
        assists=line.assists,
        basis=line.basis,
        sign_amount=line.sign_amount,
        sign_unit=line.sign_unit,
        response_amount=line.response_amount,
        response_unit=line.response_unit,
        stages=line.stages,
        next_tier=line.next_tier,
        source=line.source,
    )


def _record(duty_list: DutyList, lines: Sequence[DutyLine], at: datetime) -> None:
    """Commit the published list to the public record: its size and the digest of every line's terms."""
    log = next((place.code for place in duty_list.place.chain() if place.code), None)
    if log is None:
        return
    subject = f"{KIND}:{duty_list.pk}"
    transparency.record(log, "duties.published", subject, ref_of(duty_list), facts_of(duty_list, lines), at)
