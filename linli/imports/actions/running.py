"""A ledger's way: received, its columns mapped, checked without writing, loaded; stopped, taken up again, purged.

Going on is a job that works for a while and then asks for its next turn; what is done is noted on the run in the
transaction of each chunk, so that a killed worker loses at most one chunk's work and doubles nothing.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from linli.base.bulk import few_collections
from linli.base.crypto import blind_index
from linli.base.errors import Refused, require
from linli.base.fields import public_token
from linli.base.jobs import later
from linli.base.text import graphemes
from linli.base.words import said as _
from linli.imports.actions import files, marks
from linli.imports.actions.homes import HomeFinder
from linli.imports.actions.loading import TakenOver, Tools, deal_with
from linli.imports.actions.reading import Row, Shape, look, rows_of
from linli.imports.models import Export, Run, Source, State
from linli.imports.rules.columns import HEADING_WORDS, check_mapping, places_of, propose
from linli.imports.rules.dates import DayOrder
from linli.imports.rules.rows import RowReader
from linli.imports.rules.runs import (
    CHUNK,
    KEPT_ERRORS,
    LOST_AFTER,
    ORPHANED,
    RUNNING,
    SLICE,
    kept_until,
    may_follow,
)
from linli.imports.rules.tables import check_size
from linli.people.models import Person
from linli.places.models import Place
from linli.privacy import actions as privacy
from linli.register.actions.bulk import Told

JOB = "linli.imports.jobs.go_on"
PIECE = 1024 * 1024


def digest_of(pieces: Iterator[bytes]) -> str:
    """Return by what the same file is known again: keyed, so that it says nothing of what is in it."""
    whole = hashlib.sha256()
    for piece in pieces:
        whole.update(piece)
    return str(blind_index(f"imports.Run:{whole.hexdigest()}"))


@transaction.atomic
def source_of(place: Place | None, name: str, by: Person | None, at: datetime) -> Source:
    """Return the source of that name at a place; a name that is new makes one."""
    name = " ".join(name.split())
    require(bool(name), _("请写明台账从哪里来，例如“派出所人口台账”。"))
    require(len(graphemes(name)) <= 60, _("来源名称最多 60 个字。"))
    found = Source.objects.select_for_update().filter(place=place, name=name).first()
    return found or Source.objects.create(place=place, name=name, made_by=by, made_at=at)


@transaction.atomic
def receive(
    source: Source, file: str, file_name: str, size: int, *, stated_on: date, by: Person | None, at: datetime
) -> Run:
    """Take in an uploaded file that lies sealed under `file`: look at its beginning and propose what its columns are.

    Raises Refused (and the caller drops the file) where it is no table, a dangerous one, or of a day to come. The
    same file that is on its way already is that run, also where somebody else brought it.
    """
    require(stated_on <= localdate(at), _("台账日期不能晚于今天。"))
    with files.opened(file) as content:
        digest = digest_of(iter(lambda: content.read(PIECE), b""))
        content.seek(0)
        return _begin(source, content, Run(
            source=source, place=source.place, by=by, file=file, file_name=Path(file_name).name[:200], size=size,
            digest=digest, stated_on=stated_on, uploaded_at=at, day_order=source.day_order,
        ))  # fmt: skip


@transaction.atomic
def take_path(
    source: Source, path: Path, *, limit: int, stated_on: date, by: Person | None, at: datetime
) -> Run:
    """Begin with a file that the operator reads where it lies; one that was broken off is taken up again."""
    size = path.stat().st_size
    check_size(size, limit)
    with path.open("rb") as content:
        digest = digest_of(iter(lambda: content.read(PIECE), b""))
        content.seek(0)
        begun = Run.objects.of_digest(digest).filter(source=source, state=State.LOADING, file="").first()
        if begun is not None:
            return begun
        return _begin(source, content, Run(
            source=source, place=source.place, by=by, file_name=path.name[:200], size=size, digest=digest,
            stated_on=stated_on, uploaded_at=at, day_order=source.day_order,
        ))  # fmt: skip


def _begin(source: Source, content: BinaryIO, run: Run) -> Run:
    _look_again(run, content)
    run.mapping = propose(run.headings, source.mapping)
    run.save(force_insert=True)
    return run


def _look_again(run: Run, content: BinaryIO, sheet: str = "") -> None:
    opened = look(content, run.file_name, HEADING_WORDS, sheet)
    run.shape, run.headings = asdict(opened.shape), opened.headings
    run.found = asdict(opened.found) | {"sheets": opened.sheets}


def same_file(run: Run) -> Run | None:
    """Return another run of the same file that is on its way or done, the newest: two people may bring it at once."""
    others = Run.objects.of_digest(run.digest).exclude(pk=run.pk).exclude(state=State.RECEIVED)
    return others.select_related("by", "source").order_by("-pk").first()


@transaction.atomic
def choose_sheet(run: Run, sheet: str, by: Person, at: datetime) -> Run:
    """Read another sheet of the workbook; its columns are proposed anew."""
    row = _locked(run)
    require(row.state in {State.RECEIVED, State.CHECKED}, _("已经开始处理，不能再换表。"))
    with files.opened(row.file) as content:
        _look_again(row, content, sheet)
    row.mapping = propose(row.headings, row.source.mapping)
    row.save(update_fields=["shape", "headings", "found", "mapping"])
    return row


def samples_of(run: Run) -> list[list[str]]:
    """Return the first rows below the headings, for whoever maps the columns."""
    with files.opened(run.file) as content, closing(rows_of(content, Shape(**run.shape))) as rows:
        return [cells for _number, cells in islice(rows, 3)]


@transaction.atomic
def map_columns(
    run: Run,
    mapping: Mapping[str, str],
    day_order: str,
    *,
    plants_homes: bool,
    by: Person | None,
    at: datetime,
) -> Run:
    """Say what each column holds; its source remembers it. Refused where a column would be lost or means two things."""
    row = _locked(run)
    require(may_follow(row.state, State.CHECKING), _("这次导入已经开始或结束，不能再改栏目。"))
    require(day_order in DayOrder.values, _("请选择日期的写法。"))
    chosen = {heading: mapping.get(heading, "") for heading in row.headings}
    check_mapping(row.headings, chosen)
    row.mapping, row.day_order, row.plants_homes = chosen, day_order, plants_homes
    row.save(update_fields=["mapping", "day_order", "plants_homes"])
    Source.objects.filter(pk=row.source_id).update(mapping=row.source.mapping | chosen, day_order=day_order)
    return row


def check(run: Run, by: Person | None, at: datetime) -> Run:
    """Begin to go through the file without writing anything."""
    return _set_out(run, State.CHECKING, at)


def load(run: Run, by: Person | None, at: datetime) -> Run:
    """Begin to load, or go on where it was stopped; only while assessments of it (and of tags in it) are in force."""
    _require_assessed(run, at)
    return _set_out(run, State.LOADING, at)


def load_unchecked(run: Run, by: Person | None, at: datetime) -> Run:
    """Begin to load without a check before it; for the operator's command, which says what became of the rows.

    On a worker's behalf it needs the assessments as in the pages. An operator alone fills a house in which nobody is
    yet who could write one; the command says what is missing.
    """
    if by is not None:
        _require_assessed(run, at)
    return _set_out(run, State.LOADING, at, is_checked=True)


def _require_assessed(run: Run, at: datetime) -> None:
    privacy.require_assessed("register.import", at)
    if "tags" in run.mapping.values():
        privacy.require_assessed("register.tags", at)


def _set_out(run: Run, state: str, at: datetime, *, is_checked: bool = False) -> Run:
    try:
        with transaction.atomic():
            row = _locked(run)
            if row.state == state:
                return row
            fits = may_follow(row.state, state) or (is_checked and row.state == State.RECEIVED)
            require(fits, _("这次导入现在不能这样做，请刷新页面看看它到了哪一步。"))
            require(not row.purged_at, _("文件已经按期删除，请重新上传。"))
            check_mapping(row.headings, row.mapping)
            goes_on = row.state == State.STOPPED and state == State.LOADING and row.done > 0
            if not goes_on:
                row.counts, row.done, row.percent, row.examples = {}, 0, 0, {}
                row.broken_rows.all().delete()
                marks.drop(row)
            row.state, row.problem, row.started_at, row.beat_at = state, "", at, at
            row.save()
            if row.file:
                later(JOB, row.token)
            return row
    except IntegrityError:
        raise Refused(_("这个文件正在由另一次导入处理，请等它完成。")) from None


@transaction.atomic
def stop(run: Run, by: Person, at: datetime) -> Run:
    """Stop after the present chunk; what was loaded stays, and loading can be taken up again."""
    row = _locked(run)
    require(may_follow(row.state, State.STOPPED), _("这次导入已经结束。"))
    if row.state != State.LOADING:  # a check leaves nothing to be taken up again
        row.done, row.counts, row.percent = 0, {}, 0
    row.state, row.ended_at = State.STOPPED, at
    row.save(update_fields=["state", "ended_at", "done", "counts", "percent"])
    return row


def _locked(run: Run) -> Run:
    return Run.objects.select_for_update(of=("self",)).select_related("source", "place", "by").get(pk=run.pk)


def go_on(
    token: str,
    clock: Callable[[], datetime],
    *,
    seconds: float = SLICE,
    path: Path | None = None,
    progress: Callable[[Run], None] = lambda run: None,
) -> Run | None:
    """Deal with the rows that are left for so many seconds; where more are left, another job follows.

    With `path` (the operator's command) the file is read there, to its end. A second run is recognised by the rows
    that are done: whoever finds the run elsewhere than they left it leaves.
    """
    run = Run.objects.filter(token=token, state__in=RUNNING).select_related("source", "place", "by").first()
    if run is None:
        return None
    until = time.monotonic() + (seconds if path is None else float("inf"))
    try:
        with path.open("rb") if path is not None else files.opened(run.file) as content:
            run, is_over = _go_through(run, content, clock, until, progress)
    except TakenOver:
        return None
    except Refused as refused:
        return fail(run, refused.reason, clock())
    if is_over:
        return _finish(run, clock())
    later(JOB, token)
    return run


def _go_through(
    run: Run,
    content: BinaryIO,
    clock: Callable[[], datetime],
    until: float,
    progress: Callable[[Run], None],
) -> tuple[Run, bool]:
    tools = tools_of(run, clock())
    with few_collections(), closing(rows_of(content, Shape(**run.shape), after=run.done)) as rows:
        while lot := list(islice(rows, CHUNK)):
            run = deal_with(run, lot, tools, clock(), _percent(run, lot, content))
            progress(run)
            if time.monotonic() > until:
                return run, False
    return run, True


def _percent(run: Run, lot: list[Row], content: BinaryIO) -> int:
    total = run.rows_counted
    if run.state == State.LOADING and total:
        return min(int(100 * (sum(run.counts.values()) + len(lot)) / total), 99)
    return min(int(100 * content.tell() / max(run.size, 1)), 99) if run.shape["kind"] == "csv" else 0


def tools_of(run: Run, at: datetime) -> Tools:
    """Return what reading and comparing this run's rows needs."""
    reader = RowReader(
        places_of(run.headings, run.mapping), len(run.headings), localdate(at), order=run.day_order
    )
    finder = HomeFinder(
        run.place, plants=run.plants_homes, plants_communities=run.plants_homes and not run.file
    )
    told = Told(run.source.name, run.stated_on, run.by, at)
    seen = marks.read(run) if run.state == State.CHECKING else set()
    scope = run.place.path if run.place else ""
    return Tools(run.pk, reader, finder, told, scope, seen=seen, examples=run.examples)


@transaction.atomic
def _finish(run: Run, at: datetime) -> Run:
    row = _locked(run)
    if row.state == State.CHECKING:
        row.state = State.CHECKED
        row.checked = {outcome: count for outcome, count in row.counts.items() if outcome != "planted"}
    elif row.state == State.LOADING:
        row.state = State.LOADED
    row.percent, row.ended_at, row.beat_at = 100, at, at
    row.save()
    marks.drop(row)
    return row


@transaction.atomic
def fail(run: Run, reason: str, at: datetime) -> Run:
    """Note that the file cannot be read any further, with the sentence that says why."""
    row = _locked(run)
    if row.state in RUNNING:
        row.state, row.problem, row.ended_at = State.FAILED, reason[:300], at
        row.save(update_fields=["state", "problem", "ended_at"])
    return row


def wake(at: datetime) -> int:
    """Take up runs that gave no sign of life for long: their worker is gone. Returns how many."""
    lost = Run.objects.filter(state__in=RUNNING, beat_at__lt=at - LOST_AFTER).exclude(file="")
    tokens = list(lost.values_list("token", flat=True))
    for token in tokens:
        with transaction.atomic():
            Run.objects.filter(token=token).update(beat_at=at)
            later(JOB, token)
    return len(tokens)


def purge(at: datetime) -> int:
    """Delete uploaded files and rows that were not loaded when their time is over; returns how many files."""
    gone = 0
    for run in Run.objects.filter(purged_at=None).exclude(state__in=RUNNING):
        if kept_until(run.state, run.ended_at or run.uploaded_at) <= at:
            drop_file(run, at)
            gone += 1
    for run in Run.objects.filter(uploaded_at__lt=at - KEPT_ERRORS, broken_rows__isnull=False).distinct():
        run.broken_rows.all().delete()
    return gone + _drop_orphans(at)


def _drop_orphans(at: datetime) -> int:
    """Delete files that no row names any more: of uploads that broke off, of forms that were refused."""
    old = [path for path in files.lying() if path.stat().st_mtime < (at - ORPHANED).timestamp()]
    names = [path.name for path in old]
    known = set(Run.objects.filter(file__in=names).values_list("file", flat=True))
    known |= set(Export.objects.filter(file__in=names).values_list("file", flat=True))
    known |= {
        f"{token}.met" for token in Run.objects.filter(state=State.CHECKING).values_list("token", flat=True)
    }
    gone = [name for name in names if name not in known]
    for name in gone:
        files.drop(name)
    return len(gone)


@transaction.atomic
def drop_file(run: Run, at: datetime) -> None:
    """Delete the uploaded file of a run once this transaction is kept."""
    row = _locked(run)
    row.purged_at, row.examples = at, {}
    row.save(update_fields=["purged_at", "examples_sealed"])
    if row.file:
        transaction.on_commit(lambda: files.drop(row.file))
    marks.drop(row)


def new_file_name() -> str:
    """Return a name under which a file is kept; it says nothing."""
    return f"{public_token()}{public_token()}"
