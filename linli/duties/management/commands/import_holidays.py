"""linli import-holidays FILE --year YEAR --notice NUMBER: the State Council's notice as a small table."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.errors import Refused
from linli.base.tables import decoded
from linli.duties import actions
from linli.duties.actions import HolidayRow
from linli.duties.rules import read_holidays


class Command(BaseCommand):
    help = "Import a year's holidays and make-up days; importing the same again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument(
            "--notice", required=True, help="number of the notice, e.g. 国办发明电〔2026〕7号"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = decoded(options["file"].read_bytes())
            rows = [HolidayRow(day, working, name) for day, working, name in read_holidays(text)]
            changed = actions.import_holidays(
                options["year"], rows, options["notice"], by=None, at=timezone.now()
            )
        except (OSError, Refused) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(_("%(year)d 年：改了 %(n)d 天。") % {"year": options["year"], "n": changed})
