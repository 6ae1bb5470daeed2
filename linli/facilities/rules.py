"""Numbers, conditions and rhythms of facilities."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.base.errors import require
from linli.places.rules import FacilityClass

CLASS_CODES: dict[str, str] = {  # GB/T 30428; 05 is 房屋土地, which are no facilities here
    FacilityClass.UTILITY: "01",
    FacilityClass.ROAD: "02",
    FacilityClass.APPEARANCE: "03",
    FacilityClass.GREENERY: "04",
    FacilityClass.OTHER: "06",
}
NUMBER_LENGTH = 16
LARGEST_SERIAL = 999_999
LONGEST_MONTHS, LONGEST_DAYS = 240, 3660


class Condition(models.TextChoices):
    """How a facility is."""

    GOOD = "good", gettext_lazy("良好")
    TO_MEND = "to_mend", gettext_lazy("待修")
    STOPPED = "stopped", gettext_lazy("停用")
    MISSING = "missing", gettext_lazy("缺失")


class Payer(models.TextChoices):
    """Who pays for its upkeep."""

    FISCAL = "fiscal", gettext_lazy("财政")
    SERVICE_FEE = "fee", gettext_lazy("物业费")
    COMMON_INCOME = "common", gettext_lazy("业主公共收益")
    REPAIR_FUND = "repair", gettext_lazy("住宅专项维修资金")
    OWNER = "owner", gettext_lazy("产权单位")
    UNKNOWN = "unknown", gettext_lazy("还没有查清")


class Unit(models.TextChoices):
    """What an interval counts in."""

    DAY = "day", gettext_lazy("天")
    MONTH = "month", gettext_lazy("个月")


class Doer(models.TextChoices):
    """Who looks."""

    RESPONSIBLE = "responsible", gettext_lazy("管理单位")
    MAINTAINER = "maintainer", gettext_lazy("维保单位")
    STATUTORY = "statutory", gettext_lazy("法定检验机构")


class Result(models.TextChoices):
    """What an inspection found."""

    FINE = "fine", gettext_lazy("正常")
    MENDED = "mended", gettext_lazy("有小问题，当场修好了")
    DEFECT = "defect", gettext_lazy("有问题，要修")


class Standing(models.TextChoices):
    """Where the next inspection stands on a day."""

    CALM = "calm", gettext_lazy("没到时候")
    SOON = "soon", gettext_lazy("快到期")
    LATE = "late", gettext_lazy("已过期")


def facility_number(district_code: str, kind_code: str, serial: int) -> str:
    """Return the 16 digits of a facility (部件编码, structure of CJ/T 214): county, class, kind, sequence.

    Where the county has no code it is 000000; refused where the sequence of a kind in a county is used up.
    """
    require(1 <= serial <= LARGEST_SERIAL, _("这一种部件的编号用完了。"))
    county = district_code[:6] if district_code[:6].isdigit() else ""
    return f"{county:0<6}{kind_code}{serial:06}"


def after(day: date, every: int, unit: str) -> date:
    """Return the day `every` units after `day`; a month later is the same day or the month's last."""
    if unit == Unit.DAY:
        return day + timedelta(days=every)
    years, month = divmod(day.month - 1 + every, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def standing(due_on: date, warn_days: int, today: date) -> Standing:
    """Return where an inspection due by the end of `due_on` stands."""
    if today > due_on:
        return Standing.LATE
    return Standing.SOON if today >= due_on - timedelta(days=warn_days) else Standing.CALM


@dataclass(frozen=True)
class Rhythm:
    """How often, by whom, on what basis, and how many days ahead to warn."""

    every: int
    unit: str
    doer: str
    warn_days: int
    basis: str


def require_rhythm(rhythm: Rhythm) -> None:
    """Refuse a rhythm that cannot be, or that says no basis."""
    longest = LONGEST_DAYS if rhythm.unit == Unit.DAY else LONGEST_MONTHS
    require(rhythm.unit in Unit.values, _("请选按天还是按月。"))
    require(rhythm.doer in Doer.values, _("请选由谁来查。"))
    require(1 <= rhythm.every <= longest, _("周期请写 1 到 %(n)s。") % {"n": longest})
    require(0 <= rhythm.warn_days <= 180, _("提前提醒请写 0 到 180 天。"))
    require(bool(rhythm.basis.strip()), _("请写依据：哪部法规、哪个标准、哪份合同；没有就写“建议周期”。"))
