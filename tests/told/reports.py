"""What superiors demanded: a workbook taken in and filled twice, its gaps asked for, a month written."""

import io
from typing import TYPE_CHECKING

from openpyxl import Workbook

from linli.reports import actions
from linli.reports.actions import Asked, Upload
from linli.reports.models import Wanted
from linli.reports.rules import Subject, Who

if TYPE_CHECKING:
    from tests.world import LivedIn

HEADER = ("序号", "姓名", "性别", "出生日期", "是否有电动自行车")


def workbook() -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.active.append(["人员统计表"])
    book.active.append(list(HEADER))
    book.save(out)
    return out.getvalue()


def tell(world: "LivedIn") -> None:
    cast, now = world.willow, world.now
    day = now.date()
    asked = Asked("柳河街道社会事务办公室", "柳社〔2026〕1号", "month", day, day.replace(year=day.year + 1))
    upload = Upload("人员统计表.xlsx", workbook())
    template = actions.make("人员统计表", cast.community, Subject.PERSON, upload, asked, by=cast.sun, at=now)
    template = actions.map_columns(template, [], Who(), is_whole=False, by=cast.sun, at=now)
    on = day
    before, filling = (
        actions.fill(template, cast.community, on, is_whole=False, by=cast.sun, at=now) for _time in range(2)
    )
    actions.ask(filling, by=cast.sun, at=now)
    report = actions.write_month(cast.community, day, "下一步，多走动。", by=cast.wang, at=now)
    world.names |= {
        "report_template": template.token,
        "report_filling": filling.token,
        "report_before": before.token,
        "report_wanted": Wanted.objects.open().filter(person=cast.chen).order_by("pk")[0].token,
        "report_month": report.token,
    }
