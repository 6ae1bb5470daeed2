"""Taking a list out: what a worker may see, masked unless a reason is typed, one trace for each person in it."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice

from django.db import transaction
from django.utils.timezone import localdate, localtime

from linli.base.errors import require
from linli.base.text import graphemes
from linli.base.words import said as _
from linli.imports.actions import files, outgoing
from linli.imports.actions.deciding import forget_exports, looker_words
from linli.imports.actions.running import new_file_name
from linli.imports.models import Export
from linli.imports.rules.exports import EXPORTED, MOST_EXPORTED, cell_of, header_of
from linli.imports.rules.runs import KEPT_EXPORT
from linli.organisations.models import Membership
from linli.people.models import Person
from linli.places.models import Place
from linli.privacy import actions as privacy
from linli.register.models import known
from linli.trail import actions as trail
from linli.trail.rules import Purpose

LOT = 1_000


@transaction.atomic
def export(
    place: Place,
    fields: Sequence[str],
    kind: str,
    *,
    reason: str,
    is_clear: bool,
    by: Person,
    memberships: list[Membership],
    at: datetime,
) -> Export:
    """Write the list of who lives at or under `place` to a sealed file, and a trace for each of them.

    Values are masked unless `is_clear`; either way a reason is typed. The first row of the file says who took it out,
    when and why, and the hash of its rows. In clear only while an assessment of that is in force.
    The caller checked that `by` keeps the register of the place.
    """
    reason = " ".join(reason.split())
    require(kind in {"csv", "xlsx"}, _("请选择 CSV 或 XLSX。"))
    require(bool(reason), _("请写明为什么要导出、给谁用；名单里每个人都看得到这句话。"))
    require(len(graphemes(reason)) <= 200, _("事由最多 200 个字，请写短一些。"))
    if is_clear:
        privacy.require_assessed("register.export_clear", at)
    chosen = [field for field in EXPORTED if field in fields]
    require(bool(chosen), _("请至少选一栏。"))
    today = localdate(at)
    persons = Person.objects.living_within([place], today).filter(merged_into=None)
    ids = list(persons.order_by("name", "pk").values_list("pk", flat=True)[: MOST_EXPORTED + 1])
    require(
        len(ids) <= MOST_EXPORTED,
        _("这里有 %(n)d 人以上，一次最多导出 %(most)d 人。请选小一些的范围。")
        % {"n": MOST_EXPORTED, "most": MOST_EXPORTED},
    )
    _leave_traces(ids, chosen, reason, is_clear=is_clear, by=by, memberships=memberships, at=at)
    digest = hashlib.sha256()
    for row in _rows(ids, chosen, today, is_clear=is_clear):
        digest.update("\x1f".join(row).encode() + b"\x1e")
    made = Export(
        place=place, by=by, kind=kind, fields=chosen, is_clear=is_clear, reason=reason, rows=len(ids),
        rows_hash=digest.hexdigest(), file=new_file_name(), at=at,
    )  # fmt: skip
    table = _with_watermark(made, looker_words(by, memberships), _rows(ids, chosen, today, is_clear=is_clear))
    files.keep(made.file, outgoing.pieces(table, kind, _("居民名单")))
    made.save()
    return made


def _leave_traces(
    ids: list[int],
    fields: list[str],
    reason: str,
    *,
    is_clear: bool,
    by: Person,
    memberships: list[Membership],
    at: datetime,
) -> None:
    shown = "、".join(header_of(field) for field in fields)
    words = _("导出名单（不遮挡）：%(fields)s") if is_clear else _("导出名单（已遮挡）：%(fields)s")
    trail.looked_at_many(
        [f"people.Person:{pk}" for pk in ids],
        by.subject,
        looker_words(by, memberships),
        words % {"fields": shown},
        reason,
        at,
        purpose=Purpose.EXPORT,
    )


def _rows(ids: list[int], fields: list[str], today: date, *, is_clear: bool) -> Iterator[list[str]]:
    remaining = iter(ids)
    while lot := list(islice(remaining, LOT)):
        held = known(lot, fields, today)
        for pk in lot:
            yield [cell_of(field, held[pk].get(field, ""), is_clear=is_clear) for field in fields]


def _with_watermark(made: Export, who: str, rows: Iterator[list[str]]) -> Iterator[list[str]]:
    mark = _("%(who)s 于 %(when)s 导出，%(n)d 人，事由：%(reason)s；内容哈希 %(hash)s；请勿外传，用完删除")
    yield [
        mark
        % {
            "who": who,
            "when": f"{localtime(made.at):%Y-%m-%d %H:%M}",
            "n": made.rows,
            "reason": made.reason,
            "hash": made.rows_hash[:16],
        }
    ]
    yield [header_of(field) for field in made.fields]
    yield from rows


def purge_exports(at: datetime) -> int:
    """Delete files that were taken out a day ago; returns how many."""
    gone = forget_exports(at, at - KEPT_EXPORT)
    for row in gone:
        files.drop(row.file)
    return len(gone)


def pieces_of(made: Export) -> Iterator[bytes]:
    """Yield the file of an export. Raises Refused where its day is over."""
    with files.opened(made.file) as file:
        while piece := file.read(256 * 1024):
            yield piece
