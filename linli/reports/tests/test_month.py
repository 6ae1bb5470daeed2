"""The monthly report: sentences from figures, figures from events, files that others can read."""

import io
import shutil
import subprocess
from datetime import date, timedelta
from typing import Any

import docx2txt
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from linli.base.errors import Refused
from linli.cases import actions as cases
from linli.cases.actions import Verdict
from linli.cases.tests.rows import HOUR, filed, resolved
from linli.reports import actions, papers
from linli.reports.models.figures import figures_of
from linli.reports.models.hazards import hazards
from linli.reports.rules import Who
from linli.reports.rules.month import lead, middle, month_ends, sections, took_words
from tests.cast import MONDAY, Willow

MARCH = date(2026, 3, 1)
APRIL = MONDAY + timedelta(days=30)
CLOSING = "下一步，社区将请䶮师傅、𬱖老师开设学堂。\n\n书记 王建国"


def words_of(figures: dict[str, Any]) -> str:
    return "".join(words for section in sections(figures) for words in section.paragraphs)


# ---- words, without a database ----


def test_a_sentence_stands_only_where_its_figure_is() -> None:
    assert sections({}) == []
    assert "本月没有收到居民诉求" in words_of({"filed": 0})
    told = words_of({"filed": 3, "by_matter": [["报修", 2], ["投诉", 1]], "solved": 0, "declined": 1})
    assert "本月共收到居民诉求 3 件" in told
    assert "报修 2 件、投诉 1 件" in told
    assert "不予受理并说明理由 1 件" in told
    assert "办结" not in told.replace("办结时间", "")
    assert " 0 件" not in told


def test_silence_is_never_told_as_content() -> None:
    told = words_of({"silent": 4, "rated": 2, "satisfied": 0})
    assert "到期没有回音 4 件，按“未确认”计，不算满意" in told
    assert "有 2 件给了评价，其中满意及以上 0 件" in told


def test_the_lead_says_what_is_counted_from_when_to_when() -> None:
    told = lead({"place": "柳树社区", "first": "2026-02-01", "last": "2026-02-28"})
    assert "2026年2月1日至2026年2月28日" in told
    assert "不涉及个人" in told


@pytest.mark.parametrize(
    ("hours", "words"), [(None, ""), (0.5, "不到 1 小时"), (5, "5 小时"), (36, "1.5 天"), (48, "2 天")]
)
def test_a_time_is_said_in_hours_or_days(hours: float | None, words: str) -> None:
    assert took_words(hours) == words


def test_months_end_and_middles_are_medians() -> None:
    assert [month_ends(date(2026, m, 1)).day for m in (1, 2, 4, 12)] == [31, 28, 30, 31]
    assert month_ends(date(2028, 2, 1)).day == 29
    assert (middle([1.0, 3.0, 100.0]), middle([])) == (3.0, None)


# ---- figures from events ----


@pytest.fixture
def march(willow: Willow) -> Willow:
    case = resolved(willow)
    cases.confirm(
        case, willow.zhang, Verdict("solved", 5, "修得很快，谢谢"), by=willow.zhang, at=MONDAY + 8 * HOUR
    )
    filed(willow, text="3幢电动车堵在楼道，怕着火。", at=MONDAY + 10 * HOUR, matter="hazard", category=None)
    filed(willow, text="二月的路灯。", at=MONDAY - timedelta(days=20))
    return willow


@pytest.mark.django_db
def test_a_months_figures_count_what_happened_in_it(march: Willow) -> None:
    figures = figures_of(march.community, MARCH, APRIL)
    assert (figures["filed"], figures["solved"], figures["said_solved"]) == (2, 1, 1)
    assert (figures["rated"], figures["satisfied"], figures["words"]) == (1, 1, 1)
    assert figures["median_hours"] == 5
    assert figures["open"] == 2
    assert (figures["hazards"], figures["hazards_open"]) == (1, 1)
    assert ["路灯不亮", 1] in [row[:2] for row in figures["by_category"]]
    assert figures["residents"] == 3
    february = figures_of(march.community, date(2026, 2, 1), APRIL)
    assert (february["filed"], february["solved"]) == (1, 0)


@pytest.mark.django_db
def test_what_came_back_after_the_month_stands_as_it_was_at_its_end(march: Willow) -> None:
    """Item 10: the report is written from events; "not solved" in April does not undo what was done in March."""
    case = resolved(march, matter="hazard", at=MONDAY + timedelta(days=1))
    before = figures_of(march.community, MARCH, APRIL - timedelta(days=6))
    cases.confirm(case, march.zhang, Verdict("not_solved", None, "还是不亮"), by=march.zhang, at=APRIL)
    case.refresh_from_db()
    assert case.resolved_at is None
    after = figures_of(march.community, MARCH, APRIL + HOUR)
    for name in ("filed", "solved", "open", "hazards", "hazards_done", "hazards_open", "median_hours"):
        assert after[name] == before[name], name
    assert (after["solved"], after["hazards_done"]) == (2, 1)
    april = figures_of(march.community, date(2026, 4, 1), APRIL + HOUR)
    assert (april["solved"], april["open"], april["said_not_solved"]) == (0, 3, 1)
    then, now = (
        {row.name: row.facts["case_state"] for row in hazards(march.community, day, Who(), frozenset())}
        for day in (date(2026, 3, 31), APRIL.date())
    )
    assert (then[case.subject], now[case.subject]) == ("done", "open")


@pytest.mark.django_db
def test_a_month_that_is_not_over_is_counted_up_to_now(march: Willow) -> None:
    figures = figures_of(march.community, MARCH, MONDAY + 9 * HOUR)
    assert (figures["last"], figures["filed"], figures["late"]) == ("2026-03-09", 1, 1)


@pytest.mark.django_db
def test_figures_cost_as_many_queries_for_many_events_as_for_few(march: Willow) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            figures_of(march.community, MARCH, APRIL)
        return len(caught)

    few = queries()
    for n in range(5):
        filed(march, text=f"第{n}盏路灯", at=MONDAY + n * HOUR)
    assert queries() == few <= 20


@pytest.mark.django_db
def test_each_writing_is_a_version_with_its_own_figures_and_closing_words(march: Willow) -> None:
    first = actions.write_month(march.community, date(2026, 3, 20), "", by=march.wang, at=MONDAY + 12 * HOUR)
    filed(march, text="又一盏", at=MONDAY + 13 * HOUR)
    second = actions.write_month(march.community, MARCH, CLOSING, by=march.wang, at=MONDAY + 14 * HOUR)
    first.refresh_from_db()
    assert (first.version, second.version, first.closing, second.closing) == (1, 2, "", CLOSING)
    assert second.figures["filed"] == first.figures["filed"] + 1
    with pytest.raises(Refused, match="还没开始"):
        actions.write_month(march.community, date(2026, 4, 1), "", by=march.wang, at=MONDAY)
    with pytest.raises(Refused, match="负责"):
        actions.write_month(march.community, MARCH, "", by=march.stranger, at=MONDAY)


@pytest.mark.django_db
def test_no_name_and_no_ranking_stands_in_it(march: Willow) -> None:
    """G04, G06: no staff appraisal; the report counts matters, never persons."""
    report = actions.write_month(march.community, MARCH, "", by=march.wang, at=MONDAY + 9 * HOUR)
    told = docx2txt.process(io.BytesIO(papers.docx(report)))
    assert not [person.name for person in march.everyone().values() if person.name in told]
    assert not [word for word in ("排名", "第一名", "人均", "在线时长") if word in told]


# ---- files, read by other programs ----


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.django_db
def test_the_word_file_is_read_back_by_another_library(march: Willow) -> None:
    """Done-line 7: DOCX read back by an independent library, with Chinese text that can be copied."""
    report = actions.write_month(march.community, MARCH, CLOSING, by=march.wang, at=MONDAY + 9 * HOUR)
    told = squeezed(docx2txt.process(io.BytesIO(papers.docx(report))))
    for words in (
        "柳树社区2026年3月工作情况报告",
        "一、听到的声音",
        "本月共收到居民诉求",
        "路灯不亮",
        "䶮师傅、𬱖老师",
        "书记王建国",
    ):
        assert words in told, words


@pytest.mark.django_db
@pytest.mark.skipif(shutil.which("fc-list") is None, reason="no fonts on this machine")
def test_the_pdf_is_read_back_by_two_other_programs_and_its_chinese_can_be_copied(march: Willow) -> None:
    """Done-line 7: PDF read back by an independent library, with Chinese text that can be copied."""
    report = actions.write_month(march.community, MARCH, CLOSING, by=march.wang, at=MONDAY + 9 * HOUR)
    content = papers.as_pdf(report)
    assert "柳树社区2026年3月工作情况报告" in PdfReader(io.BytesIO(content)).pages[0].extract_text()
    told = squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))
    for words in ("柳树社区2026年3月工作情况报告", "一、听到的声音", "路灯不亮", "䶮师傅", "书记王建国"):
        assert words in told, words
    assert "𬱖老师" in told or "〔U+2CC56〕老师" in told
    if program := shutil.which("pdftotext"):
        done = subprocess.run([program, "-", "-"], input=content, capture_output=True, check=True)
        assert "柳树社区2026年3月工作情况报告" in squeezed(done.stdout.decode())
