"""Sending files: always to be saved, never cached, under a name that any system can write."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def file(content: bytes, name: str, kind: str) -> HttpResponse:
    """Return a file to save."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def workbook(content: bytes, name: str) -> HttpResponse:
    """Return a workbook to save."""
    return file(content, name if name.lower().endswith(".xlsx") else f"{name}.xlsx", XLSX)
