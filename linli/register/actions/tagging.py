"""Tags come and go: each for a purpose with a legal basis, from a day to a day."""

import csv
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.people.models import Person
from linli.privacy import actions as privacy
from linli.privacy.models import withdrawn
from linli.register.actions.finding import index
from linli.register.models import Tag, TagKind
from linli.register.rules import Sensitivity, Source

KINDS = Path(__file__).resolve().parents[1] / "tag_kinds.csv"


@transaction.atomic
def load_tag_kinds() -> int:
    """Add the common kinds of tags that are not there yet, each with purpose and legal basis; returns how many.

    Kinds are recognised by code, so a second run adds nothing and leaves what was tuned as it is.
    """
    known = set(TagKind.objects.values_list("code", flat=True))
    with KINDS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["code"] not in known]
    made = [TagKind(**(row | {"shelf_life_days": int(row["shelf_life_days"])})) for row in rows]
    return len(TagKind.objects.bulk_create(made))


@transaction.atomic
def add_tag_kind(
    code: str, name: str, *, purpose: str, legal_basis: str, sensitivity: str, shelf_life_days: int | None
) -> TagKind:
    """Add a kind of tag. Without a purpose and a legal basis nobody may be tagged (个人信息保护法 第六条、第十三条)."""
    name, purpose, legal_basis = (" ".join(text.split()) for text in (name, purpose, legal_basis))
    require(bool(name), _("请写标签名称。"))
    require(bool(purpose), _("请写用途：为什么要知道。"), rule=_("个人信息保护法第六条"))
    require(bool(legal_basis), _("请写法律依据，或者写“本人同意”。"), rule=_("个人信息保护法第十三条"))
    require(sensitivity in Sensitivity.values, _("请选择敏感程度。"))
    taken = TagKind.objects.filter(name=name).exists() or TagKind.objects.filter(code=code).exists()
    require(not taken, _("已经有“%(name)s”这个标签了。") % {"name": name})
    return TagKind.objects.create(
        code=code,
        name=name,
        purpose=purpose,
        legal_basis=legal_basis,
        sensitivity=sensitivity,
        shelf_life_days=shelf_life_days,
    )


@transaction.atomic
def tag(
    person: Person,
    kind: TagKind,
    *,
    since: date,
    source: str,
    by: Person | None,
    at: datetime,
    source_words: str = "",
    detail: str = "",
) -> Tag:
    """Put a tag on a person from the day `since`. Who has it already keeps the row, whose confirmed day moves.

    `detail` (level, number of a certificate) is sealed. A sensitive kind only while an assessment of tags is in force.
    The caller checked `by`'s right.
    """
    if kind.sensitivity == Sensitivity.SENSITIVE:
        privacy.require_assessed("register.tags", at)
    require(source in Source.values, _("请写明是怎么知道的。"))
    require(since <= localdate(at), _("标签的起始日不能晚于今天。"))
    require(kind.retired_at is None, _("“%(name)s”已停用，不能再加。") % {"name": kind.name})
    row = Person.objects.select_for_update().get(pk=person.pk)
    require(row.merged_into_id is None, _("这份档案已经并入另一份，请到保留的那一份里改。"))
    require(row.closed_at is None, _("这位居民已登记去世，不能再加标签。"))
    require(
        not withdrawn([row.pk], [kind.code]),
        _("本人撤回了对“%(name)s”的同意，重新同意后才能再加。") % {"name": kind.name},
        rule=_("个人信息保护法第十五条"),
    )
    held = Tag.objects.select_for_update().filter(person=row, kind=kind, until=None).first()
    if held is not None:
        held.confirmed_on = max(held.confirmed_on, localdate(at))
        held.detail = detail or held.detail
        held.save(update_fields=["confirmed_on", "detail_sealed"])
        return held
    made = Tag(
        person=row,
        kind=kind,
        since=since,
        source=source,
        source_words=source_words.strip()[:120],
        stated_on=localdate(at),
        entered_by=by,
        confirmed_on=localdate(at),
    )
    made.detail = detail.strip()[:120]
    made.save()
    index([row.pk], at)
    return made


@transaction.atomic
def untag(held: Tag, *, because: str, by: Person | None, at: datetime, on: date | None = None) -> Tag:
    """End a tag: `on` is the first day without it. The row stays as history. Again changes nothing."""
    row = Tag.objects.select_for_update().get(pk=held.pk)
    if row.until is not None:
        return row
    require(bool(because.strip()), _("请写为什么结束，例如“低保到期”。"))
    day = on or localdate(at)
    require(day >= row.since, _("结束日不能早于起始日。"))
    row.until, row.ended_by, row.ended_because = day, by, because.strip()[:120]
    row.save(update_fields=["until", "ended_by", "ended_because"])
    index([row.person_id], at)
    return row


@transaction.atomic
def confirm_tag(held: Tag, *, by: Person, at: datetime) -> Tag:
    """Note that a tag still holds today."""
    row = Tag.objects.select_for_update().get(pk=held.pk)
    require(row.until is None, _("这个标签已经结束了。"))
    row.confirmed_on = max(row.confirmed_on, localdate(at))
    row.save(update_fields=["confirmed_on"])
    return row
