"""Ledgers for tests, and what loads them without a worker process."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from linli.imports import actions
from linli.imports.actions import files
from linli.imports.models import Run
from linli.imports.rules.columns import IGNORED, lost
from linli.register.rules import check_digit
from tests.cast import MONDAY, Willow

HEADINGS = ["姓名", "身份证号", "性别", "出生日期", "联系电话", "小区", "楼栋", "室号", "居住身份"]
LEDGER_DAY = date(2026, 3, 1)
WANG = ["王小明", "11010519491231002X", "女", "1949-12-31", "13900000001", "杨柳苑", "3幢", "502室", "家属"]
OTHER_NUMBER = "11010519491231004" + check_digit("11010519491231004")
BABY = ["王宝", "", "男", "2026-02-11", "", "杨柳苑", "3号楼", "502", "家属"]


def text(
    rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS, encoding: str = "utf-8-sig"
) -> bytes:
    """A CSV as a spreadsheet writes it."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode(encoding)


def received(
    house: Willow,
    content: bytes,
    name: str = "台账.csv",
    *,
    stated_on: date = LEDGER_DAY,
    at: datetime = MONDAY,
    source: str = "派出所人口台账",
    **more: Any,
) -> Run:
    """An uploaded ledger, as its page takes it in."""
    source_row = actions.source_of(house.community, source, house.sun, at)
    file = actions.new_file_name()
    size = files.keep(file, [content])
    by = more.get("by", house.sun)
    return actions.receive(source_row, file, name, size, stated_on=stated_on, by=by, at=at)


def mapped(run: Run, *, plants_homes: bool = False, at: datetime = MONDAY) -> Run:
    """Its columns as proposed; what says nothing stays behind."""
    mapping = run.mapping | dict.fromkeys(lost(run.headings, run.mapping), IGNORED)
    return actions.map_columns(run, mapping, run.day_order, plants_homes=plants_homes, by=run.by, at=at)


def gone_on(run: Run, at: datetime = MONDAY) -> Run:
    """What the worker makes of it."""
    done = actions.go_on(run.token, lambda: at)
    assert done is not None
    return done


def checked(run: Run, at: datetime = MONDAY) -> Run:
    return gone_on(actions.check(run, run.by, at), at)


def loaded(run: Run, at: datetime = MONDAY) -> Run:
    """Checked and loaded."""
    return gone_on(actions.load(checked(run, at), run.by, at), at)


def load_rows(house: Willow, rows: Sequence[Sequence[str]], **more: Any) -> Run:
    """All of it at once."""
    plants = more.pop("plants_homes", False)
    return loaded(mapped(received(house, text(rows), **more), plants_homes=plants))
