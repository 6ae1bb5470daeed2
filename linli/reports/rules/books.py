"""Opening a superior's workbook with as much of what they made as can be kept."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.xml.functions import iterparse

from linli.base.errors import require
from linli.base.workbooks import broken

NEWER = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
FORMULA = "{http://schemas.microsoft.com/office/excel/2006/main}f"
PLACES = "{http://schemas.microsoft.com/office/excel/2006/main}sqref"
KEPT = ("errorStyle", "errorTitle", "error", "promptTitle", "prompt", "operator")
SWITCHES = ("allowBlank", "showErrorMessage", "showInputMessage", "showDropDown")


def open_workbook(content: bytes) -> Any:
    """Open a workbook that `guarding.checked` let in. Raises Refused where its inside is broken."""
    try:
        reader: Any = ExcelReader(io.BytesIO(content), rich_text=True)  # words in several colours stay so
        reader.read()
        _add_newer_lists(reader, content)
    except Exception:  # a broken package fails in as many ways as it has parts
        raise broken() from None
    return reader.wb


def sheet_of(book: Any, title: str) -> Any:
    """Return the sheet of that name. Raises Refused where the workbook has none."""
    require(title in book.sheetnames, _("表格里没有“%(sheet)s”这一页。") % {"sheet": title})
    return book[title]


def _add_newer_lists(reader: Any, content: bytes) -> None:
    """Add the drop-down lists whose words stand on another sheet.

    Spreadsheets since 2010 write those into an extension, which the library passes over: the superior's own
    lists would be gone from the filled workbook.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for sheet, part in reader.parser.find_sheets():
            if "chartsheet" in part.Type or b"x14:dataValidation" not in package.read(part.target):
                continue
            with package.open(part.target) as source:
                for rule in _newer_lists(source):
                    reader.wb[sheet.name].add_data_validation(rule)


def _newer_lists(source: Any) -> Iterator[DataValidation]:
    for _event, found in iterparse(source):
        if found.tag == f"{NEWER}dataValidation":
            formulas = [node.text or "" for node in found.iter(FORMULA)]
            yield DataValidation(
                type=found.get("type", "none"),
                formula1=formulas[0] if formulas else None,
                formula2=formulas[1] if len(formulas) > 1 else None,
                sqref=next(node.text for node in found.iter(PLACES)),
                **{name: found.get(name) for name in KEPT if found.get(name)},
                **{name: found.get(name) in {"1", "true"} for name in SWITCHES},
            )
            found.clear()
        elif found.tag.endswith("}row"):
            found.clear()
