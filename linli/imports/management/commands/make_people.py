"""linli make-people N FILE: invented people in a ledger, for trying an import at full size."""

import csv
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from linli.imports.rules.making import HEADINGS, people

MOST_IN_A_SHEET = 1_048_575


class Command(BaseCommand):
    help = (
        "Write a ledger of N invented people (CSV, or XLSX by the file's ending): valid check digits of an area that "
        "does not exist (98), families in invented communities of some 5,600 people (codes from 989901001001), one row "
        "in 1,000 broken in ten ways. The same seed and day write the same file. `linli import-people FILE` plants the "
        "communities, buildings and homes that the file names (unless --known-homes) and loads it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("count", type=int)
        parser.add_argument("file", type=Path)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--on",
            type=date.fromisoformat,
            help="day of the ledger, for ages (default: the first of this year)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path, count = options["file"], options["count"]
        on = options["on"] or timezone.localdate().replace(month=1, day=1)
        if count < 1:
            raise CommandError(_("人数要大于 0。"))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write = self.write_workbook if path.suffix.lower() == ".xlsx" else self.write_text
            write(path, count, people(count, options["seed"], stated_on=on))
        except OSError as error:
            raise CommandError(_("写不了文件：%(error)s") % {"error": error}) from error
        self.stdout.write(_("写好了 %(n)d 人：%(path)s") % {"n": count, "path": path})

    def write_text(self, path: Path, count: int, rows: Any) -> None:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            writer.writerows(rows)

    def write_workbook(self, path: Path, count: int, rows: Any) -> None:
        if count > MOST_IN_A_SHEET:
            raise CommandError(_("一张表最多 1,048,575 人，更多请写成 .csv。"))
        book = Workbook(write_only=True)
        sheet = book.create_sheet(_("人口"))
        sheet.append(HEADINGS)
        for row in rows:
            sheet.append(row)
        book.save(path)
