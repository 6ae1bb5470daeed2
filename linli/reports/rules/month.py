"""The monthly work report in words: each sentence from a figure, and none where its figure is not there.

The form follows 党政机关公文格式 (GB/T 9704-2012): title, 一、 (一) headings, tables with a unit, date below. It counts
what was said and done, never who did it: no staff, no ranking, no names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.utils.translation import gettext as _

MOST_CATEGORIES = 12
FIGURE_DIGITS = "零一二三四五六七八九十"


@dataclass(frozen=True)
class Table:
    """A table of the report, with its name and unit above it."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """One numbered part: heading, paragraphs, tables."""

    title: str
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...] = ()


def month_ends(first: date) -> date:
    """Return the last day of the month that begins on `first`."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def took_words(hours: float | None) -> str:
    """Return a time in words: under a day in hours, else in days; "" where there is none."""
    if hours is None:
        return ""
    if hours < 1:
        return _("不到 1 小时")
    if hours < 24:
        return _("%(n)d 小时") % {"n": round(hours)}
    return _("%(n)s 天") % {"n": f"{hours / 24:.1f}".removesuffix(".0")}


def middle(hours: Sequence[float]) -> float | None:
    """Return the median: half of the matters took no longer. None of nothing."""
    return median(hours) if hours else None


def sections(figures: Mapping[str, Any]) -> list[Section]:
    """Return the parts that have something to say, in order. `figures` are those of `models.figures`."""
    made = [
        _voices(figures),
        _solving(figures),
        _answers(figures),
        _hazards(figures),
        _register(figures),
        _notices(figures),
    ]
    return [section for section in made if section.paragraphs or section.tables]


def lead(figures: Mapping[str, Any]) -> str:
    """Return the first paragraph: what the report counts, from when to when."""
    return _(
        "%(place)s%(month)s工作情况报告如下。文中数字由邻里平台按办理过程自动汇总，统计时间为%(first)s至%(last)s，"
        "生成后发生的变化不再改动；只计事项数量，不涉及个人。"
    ) % {
        "place": figures["place"],
        "month": month_words(date.fromisoformat(figures["first"])),
        "first": day_words(date.fromisoformat(figures["first"])),
        "last": day_words(date.fromisoformat(figures["last"])),
    }


def title(figures: Mapping[str, Any]) -> str:
    """Return the title: 柳树社区2026年3月工作情况报告."""
    return _("%(place)s%(month)s工作情况报告") % {
        "place": figures["place"],
        "month": month_words(date.fromisoformat(figures["first"])),
    }


def numbered(index: int) -> str:
    """Return 一、 二、 … for the parts of a report; there are at most ten."""
    return f"{FIGURE_DIGITS[index]}、"


def month_words(day: date) -> str:
    """2026年3月."""
    return f"{day.year}年{day.month}月"


def day_words(day: date) -> str:
    """2026年3月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _said(parts: Sequence[tuple[str, Any]]) -> list[str]:
    """Return the sentences whose figure is there and not zero."""
    return [sentence % {"n": figure} for sentence, figure in parts if figure]


def _paragraph(sentences: Sequence[str]) -> tuple[str, ...]:
    return ("".join(sentences),) if sentences else ()


def _listed(rows: Sequence[Sequence[Any]]) -> str:
    return "、".join(_("%(what)s %(n)d 件") % {"what": row[0], "n": row[1]} for row in rows)


def _voices(figures: Mapping[str, Any]) -> Section:
    sentences = _said(
        [(_("本月共收到居民诉求 %(n)d 件（按提出时间计，不含撤回和合并的）。"), figures.get("filed"))]
    )
    if figures.get("filed") == 0:
        sentences.append(_("本月没有收到居民诉求。"))
    if figures.get("by_matter"):
        sentences.append(_("其中%(list)s。") % {"list": _listed(figures["by_matter"])})
    if figures.get("by_channel"):
        sentences.append(_("提出渠道：%(list)s。") % {"list": _listed(figures["by_channel"])})
    sentences += _said(
        [
            (_("邻居点“我也遇到”共 %(n)d 次。"), figures.get("supports")),
            (_("工作人员上门走访时记下 %(n)d 件。"), figures.get("visits")),
            (_("替不便使用手机的居民代办 %(n)d 次。"), figures.get("assisted")),
        ]
    )
    return Section(_("听到的声音"), _paragraph(sentences))


def _solving(figures: Mapping[str, Any]) -> Section:
    sentences = _said(
        [
            (_("本月办结 %(n)d 件（按办结时间计，含以前月份提出的）。"), figures.get("solved")),
            (_("其中当场办结 %(n)d 件。"), figures.get("on_spot")),
        ]
    )
    if took := took_words(figures.get("median_hours")):
        sentences.append(
            _("从提出到办结，一半的事项不超过%(took)s（自然时间，含夜间和节假日）。") % {"took": took}
        )
    if figures.get("had_limit"):
        sentences.append(
            _("有办理期限的 %(all)d 件中，按期 %(n)d 件。")
            % {"all": figures["had_limit"], "n": figures.get("within_limit", 0)}
        )
    sentences += _said(
        [
            (_("依法不予受理并说明理由 %(n)d 件。"), figures.get("declined")),
            (_("请求上级或部门支援 %(n)d 次。"), figures.get("helped")),
            (_("期末仍在办理 %(n)d 件。"), figures.get("open")),
            (_("其中超过期限 %(n)d 件。"), figures.get("late")),
        ]
    )
    rows = tuple(
        (str(name), str(filed), str(solved), took_words(hours) or "—")
        for name, filed, solved, hours in figures.get("by_category", ())
    )
    head = (_("类别"), _("收到（件）"), _("办结（件）"), _("办结用时（中位数）"))
    tables = (Table(_("表1 各类事项收到和办结情况"), head, rows),) if rows else ()
    return Section(_("办理情况"), _paragraph(sentences), tables)


def _answers(figures: Mapping[str, Any]) -> Section:
    sentences = _said(
        [
            (_("办结后由提出人本人确认：确认解决 %(n)d 件。"), figures.get("said_solved")),
            (_("部分解决 %(n)d 件。"), figures.get("said_partly")),
            (_("没解决、退回重办 %(n)d 件。"), figures.get("said_not_solved")),
            (_("到期没有回音 %(n)d 件，按“未确认”计，不算满意。"), figures.get("silent")),
        ]
    )
    if figures.get("rated"):
        sentences.append(
            _("有 %(all)d 件给了评价，其中满意及以上 %(n)d 件。")
            % {"all": figures["rated"], "n": figures.get("satisfied", 0)}
        )
    sentences += _said(
        [
            (_("居民在评价里写了 %(n)d 条话，已转给办理单位。"), figures.get("words")),
            (_("收到投诉 %(n)d 件。"), figures.get("complaints")),
            (_("收到建议 %(n)d 件。"), figures.get("suggestions")),
            (_("对平台本身提意见 %(n)d 件。"), figures.get("feedback")),
        ]
    )
    return Section(_("居民怎么说"), _paragraph(sentences))


def _hazards(figures: Mapping[str, Any]) -> Section:
    sentences = _said(
        [
            (_("本月发现安全隐患 %(n)d 处。"), figures.get("hazards")),
            (_("整改完成 %(n)d 处（含以前月份发现的）。"), figures.get("hazards_done")),
            (_("期末尚在整改 %(n)d 处。"), figures.get("hazards_open")),
        ]
    )
    return Section(_("安全隐患"), _paragraph(sentences))


def _register(figures: Mapping[str, Any]) -> Section:
    events = figures.get("events", ())
    sentences = []
    if events:
        listed = "、".join(_("%(what)s %(n)d 起") % {"what": name, "n": count} for name, count in events)
        sentences.append(_("人口和房屋变动（按登记时间计）：%(list)s。") % {"list": listed})
    sentences += _said(
        [
            (_("居民档案更正 %(n)d 项。"), figures.get("fact_changes")),
            (_("其中居民自己提出并确认的更正 %(n)d 次。"), figures.get("corrections")),
            (_("期末登记在住 %(n)d 人。"), figures.get("residents")),
        ]
    )
    return Section(_("人口和房屋变动"), _paragraph(sentences))


def _notices(figures: Mapping[str, Any]) -> Section:
    sentences = _said(
        [
            (_("向居民发出通知 %(n)d 人次（办理进展等，不含工作人员）。"), figures.get("notices")),
            (_("其中生命安全提醒 %(n)d 人次。"), figures.get("urgent")),
            (_("修订权责清单 %(n)d 次。"), figures.get("duty_lists")),
            (_("新发现没有单位对应的事项 %(n)d 处，先由社区服务台兜底。"), figures.get("gaps")),
            (_("应上级要求填报表格 %(n)d 份，均由已有信息生成。"), figures.get("fillings")),
        ]
    )
    return Section(_("通知和权责"), _paragraph(sentences))
