"""What superiors demand of 柳树社区: two departments' tables that overlap, the shipped ledgers, two monthly reports."""

import io
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localdate
from openpyxl import Workbook
from openpyxl.writer.excel import save_workbook

from linli.demo.world import Say, World
from linli.people.models import Person
from linli.reports import actions
from linli.reports.actions import Asked, Upload
from linli.reports.models import Template
from linli.reports.rules import Period, Subject, Who

# Demander, document, table, header (group, name), who is in it: all of it invented.
DEMANDS: tuple[tuple[str, str, str, tuple[tuple[str, str], ...], Who], ...] = (
    (
        "东岸区民政局",
        "东民〔2026〕17号（演示）",
        "高龄老人津贴核对表",
        (
            ("", "序号"), ("老人情况", "姓名"), ("老人情况", "性别"), ("老人情况", "身份证号码"),
            ("老人情况", "出生年月"), ("老人情况", "联系电话"), ("居住", "现住址"), ("居住", "是否独居"),
            ("", "备注"),
        ),
        Who(youngest=80),
    ),
    (
        "东岸区卫生健康局",
        "东卫〔2026〕9号（演示）",
        "老年人健康服务名册",
        (
            ("", "序号"), ("基本信息", "姓名"), ("基本信息", "身份证号码"), ("基本信息", "联系电话"),
            ("基本信息", "年龄"), ("基本信息", "现住址"), ("紧急联系人", "姓名"), ("紧急联系人", "联系电话"),
        ),
        Who(youngest=65),
    ),
)  # fmt: skip
ESTATE = "师范宿舍"  # the smallest old estate: filled in the demo, so that it is quick


def fill(world: World, cast: dict[str, Person], at: datetime, say: Say) -> None:
    """Take in two tables, fill each for one estate, ask for what is missing, ship the ledgers, write two months."""
    say("上级要的表和月度工作报告")
    sun, wang, estate = cast["sun"], cast["wang"], world.estates[ESTATE]
    before = at - timedelta(days=20)
    for number, (demander, basis, name, header, who) in enumerate(DEMANDS):
        template = _made(world, sun, (demander, basis, name), header, who, before)
        first = actions.fill(template, estate, localdate(before), is_whole=False, by=sun, at=before)
        if number == 0:
            actions.ask(first, by=sun, at=before)
        actions.fill(template, estate, localdate(at), is_whole=False, by=sun, at=at)
    ledgers = {row.shipped: row for row in actions.ship(world.community, by=sun, at=before)}
    actions.fill(ledgers["hazards"], world.community, localdate(at), is_whole=False, by=sun, at=at)
    actions.fill(ledgers["lettings"], estate, localdate(at), is_whole=False, by=sun, at=at)
    last_month = localdate(at).replace(day=1) - timedelta(days=1)
    closing = "下一步，社区将把居民反映集中的路灯、楼道堆物两件事排上日程，办完再请提出的居民来看。"
    for month in (last_month, localdate(at)):
        actions.write_month(world.community, month, closing, by=wang, at=at)


def _made(
    world: World, by: Person, told: tuple[str, str, str], header: tuple[tuple[str, str], ...], who: Who, at: datetime
) -> Template:  # fmt: skip
    demander, basis, name = told
    day = localdate(at)
    asked = Asked(
        demander, basis, Period.QUARTER, day, day + timedelta(days=365), world_body(world, demander)
    )
    upload = Upload(f"{name}.xlsx", workbook(name, header))
    template = actions.make(name, world.community, Subject.PERSON, upload, asked, by=by, at=at)
    return actions.map_columns(template, [], who, is_whole=True, by=by, at=at)


def world_body(world: World, name: str) -> Any:
    """Return the body of that name, None where the demo has none."""
    return next((body for body in world.bodies.values() if body.name == name), None)


def workbook(name: str, header: tuple[tuple[str, str], ...]) -> bytes:
    """Return a table as a department would send it: a title, merged groups, names of columns, a signature line."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = name
    sheet.cell(1, 1, name)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(header))
    for number, (group, column) in enumerate(header, start=1):
        sheet.cell(2, number, group or column)
        sheet.cell(3, number, column)
        if not group:
            sheet.merge_cells(start_row=2, end_row=3, start_column=number, end_column=number)
    for group in dict.fromkeys(group for group, _column in header if group):
        numbers = [number for number, (one, _column) in enumerate(header, start=1) if one == group]
        if len(numbers) > 1:
            sheet.merge_cells(start_row=2, end_row=2, start_column=numbers[0], end_column=numbers[-1])
    sheet.cell(7, 1, "填表人：")
    out = io.BytesIO()
    save_workbook(book, out)
    return out.getvalue()
