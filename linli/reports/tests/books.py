"""Workbooks as superiors send them, made by the tests themselves."""

import io
import zipfile
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from linli.base.tests.zips import packed

THIN = Side(style="thin")


def content_of(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))


def elders(rows: int = 3) -> Any:
    """A street's form: title, "填表单位" line, two header rows with groups, column numbers, a sum, signatures."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "汇总表"
    sheet["A1"] = "柳河街道老年人情况统计表"
    sheet.merge_cells("A1:J1")
    sheet["A2"], sheet["F2"] = "填表单位：", "填表日期："
    for area, words in (
        ("A3:A4", "序号"), ("B3:E3", "基本信息"), ("F3:G3", "监护人"), ("H3:H4", "现居住地址"),
        ("I3:I4", "建筑面积（百平方米）"), ("J3:J4", "审核意见"),
    ):  # fmt: skip
        sheet.merge_cells(area)
        sheet[area.partition(":")[0]] = words
    for cell, words in (
        ("B4", "姓  名"), ("C4", "性别"), ("D4", "公民身份\n号码"),
        ("E4", "出生年月"), ("F4", "姓名"), ("G4", "联系电话"),
    ):  # fmt: skip
        sheet[cell] = words
    for column in range(1, 11):
        sheet.cell(5, column, column)
        sheet.cell(6, column).border = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
    sheet["B6"].font = Font(name="仿宋", size=12)
    sheet["B6"].fill = PatternFill("solid", fgColor="FFF2CC")
    sheet.row_dimensions[6].height = 24
    foot = 6 + rows
    sheet.cell(foot, 1, "合计")
    sheet.cell(foot, 9, f"=SUM(I6:I{foot - 1})")
    sheet.cell(foot + 1, 1, "填表人：")
    sheet.merge_cells(start_row=foot + 1, end_row=foot + 1, start_column=1, end_column=4)
    sheet.column_dimensions["D"].width = 23.5
    choices = DataValidation(type="list", formula1='"男性,女性"', sqref=f"C6:C{foot - 1}")
    sheet.add_data_validation(choices)
    sheet.conditional_formatting.add(
        f"I6:I{foot - 1}", CellIsRule(operator="greaterThan", formula=["1"], font=Font(bold=True))
    )
    sheet.print_area = f"A1:J{foot + 1}"
    sheet.print_title_rows = "3:4"
    sheet.page_setup.orientation = "landscape"
    sheet.oddFooter.right.text = "街道印"
    sums = book.create_sheet("分析")
    sums["A1"] = f"=SUM(汇总表!I6:I{foot - 1})/汇总表!I{foot}"
    book.create_sheet("字典").sheet_state = "hidden"
    return book


def repacked(content: bytes, more: dict[str, bytes]) -> bytes:
    """A workbook with further parts, or other contents of its own."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return packed(parts | more)
