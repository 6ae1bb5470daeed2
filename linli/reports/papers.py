"""The monthly report as files: DOCX to edit further, PDF to send."""

import io
from typing import Any

from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import override
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from linli.base.documents import pdf
from linli.reports.models import MonthlyReport
from linli.reports.rules.month import Section, Table, day_words, lead, numbered, sections, title

# GB/T 9704-2012: title in 小标宋 二号, text in 仿宋 三号, headings in 黑体; margins 37 mm above, 28 mm left.
BODY, HEADING, TITLE = "仿宋", "黑体", "方正小标宋简体"


@override(settings.LANGUAGE_CODE)  # an official paper is in the deployment's language, whoever takes it along
def content_of(report: MonthlyReport) -> dict[str, Any]:
    """Return what a page shows of the report: title, first paragraph, numbered parts, closing paragraphs."""
    return {
        "title": title(report.figures),
        "lead": lead(report.figures),
        "sections": [
            {"number": numbered(index), "section": section}
            for index, section in enumerate(sections(report.figures), start=1)
        ],
        "closing": closing_paragraphs(report),
    }


@override(settings.LANGUAGE_CODE)
def docx(report: MonthlyReport) -> bytes:
    """Return the report as a Word document, in the fonts and margins of an official paper."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin, page.bottom_margin = Cm(3.7), Cm(3.5)
    page.left_margin, page.right_margin = Cm(2.8), Cm(2.6)
    document.core_properties.title = title(report.figures)
    document.core_properties.author = report.figures["place"]
    _line(document, title(report.figures), TITLE, 22, is_centred=True)
    _line(document, lead(report.figures), BODY, 16, indent=True)
    for index, section in enumerate(sections(report.figures), start=1):
        _section(document, index, section)
    for words in closing_paragraphs(report):
        _line(document, words, BODY, 16, indent=True)
    _line(document, report.figures["place"], BODY, 16, is_right=True)
    _line(document, day_words(localdate(report.made_at)), BODY, 16, is_right=True)
    out = io.BytesIO()
    into_memory = document.save
    into_memory(out)
    return out.getvalue()


def closing_paragraphs(report: MonthlyReport) -> list[str]:
    """Return what the secretary added, paragraph by paragraph."""
    return [words.strip() for words in report.closing.split("\n") if words.strip()]


@override(settings.LANGUAGE_CODE)
def as_pdf(report: MonthlyReport) -> bytes:
    """Return the report as PDF/A whose text can be copied; a sign that no font has is printed as its code."""
    values: dict[str, Any] = {
        "title": title(report.figures),
        "on": localdate(report.made_at).isoformat(),
        "lead": lead(report.figures),
        "sections": [
            {
                "title": f"{numbered(index)}{section.title}",
                "paragraphs": list(section.paragraphs),
                "tables": [
                    {
                        "title": table.title,
                        "head": list(table.head),
                        "rows": [list(row) for row in table.rows],
                    }
                    for table in section.tables
                ],
            }
            for index, section in enumerate(sections(report.figures), start=1)
        ],
        "closing": closing_paragraphs(report),
        "signed": report.figures["place"],
        "day": day_words(localdate(report.made_at)),
    }
    return pdf("reports/month.typ", values, spell_unshown=True)


def _section(document: Any, index: int, section: Section) -> None:
    _line(document, f"{numbered(index)}{section.title}", HEADING, 16, indent=True)
    for words in section.paragraphs:
        _line(document, words, BODY, 16, indent=True)
    for table in section.tables:
        _table(document, table)


def _table(document: Any, table: Table) -> None:
    _line(document, table.title, HEADING, 12, is_centred=True)
    grid = document.add_table(rows=1, cols=len(table.head), style="Table Grid")
    for cell, words in zip(grid.rows[0].cells, table.head, strict=True):
        _write(cell.paragraphs[0], words, HEADING, 12)
    for row in table.rows:
        for cell, words in zip(grid.add_row().cells, row, strict=True):
            _write(cell.paragraphs[0], words, BODY, 12)


def _line(
    document: Any, words: str, font: str, size: int, *,
    indent: bool = False, is_centred: bool = False, is_right: bool = False,
) -> None:  # fmt: skip
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.line_spacing, layout.space_after = Pt(28), Pt(0)
    if indent:
        layout.first_line_indent = Pt(2 * size)
    if is_centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        layout.space_after = Pt(12)
    if is_right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _write(paragraph, words, font, size)


def _write(paragraph: Any, words: str, font: str, size: int) -> None:
    run = paragraph.add_run(words)
    run.font.size, run.font.name = Pt(size), font
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
