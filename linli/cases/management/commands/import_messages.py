"""linli import-messages FILE --place CODE: take over what was said elsewhere, as history."""

import csv
from argparse import ArgumentParser
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.errors import Refused
from linli.base.tables import decoded, harmless
from linli.cases import actions
from linli.cases.rules import Broken, Message, messages_in
from linli.places.models import Place

BATCH = 100


class Command(BaseCommand):
    help = "Take over messages (CSV) as history: limits are shown, clocks stay silent, nobody is told."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--place", required=True, help="division code of a community")
        parser.add_argument("--errors", type=Path, default=settings.DATA / "message-errors.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        place = Place.objects.of_code(options["place"])
        if place is None:
            raise CommandError(_("没有区划代码是 %(code)s 的地点。") % {"code": options["place"]})
        try:
            text = decoded(options["file"].read_bytes(), is_lenient=True)
        except OSError as error:
            raise CommandError(_("读不到文件：%(error)s") % {"error": error}) from error
        now = timezone.now()
        rows = messages_in(text, now)
        broken: list[Broken] = []
        try:
            added, known, without = self.take(actions.Intake(place, now), rows, broken)
        except Refused as refused:
            raise CommandError(str(refused.reason)) from refused
        self.keep_broken(broken, options["errors"])
        self.report(added, known, without, len(broken))

    def take(self, intake: actions.Intake, rows: Any, broken: list[Broken]) -> tuple[int, int, int]:
        """Record batch by batch; returns (added, already there, of the added without a category)."""
        added = known = without = done = 0
        while batch := list(islice(rows, BATCH)):
            messages = [row for row in batch if isinstance(row, Message)]
            broken += [row for row in batch if isinstance(row, Broken)]
            taken = intake.record(messages)
            broken += taken.refused
            added += taken.added
            known += len(messages) - taken.added - len(taken.refused)
            without += taken.without_category
            done += len(batch)
            self.say(done)
        return added, known, without

    def say(self, done: int) -> None:
        """Show how far it is, on one line of a terminal and on lines of a log."""
        end = "\r" if self.stdout.isatty() else "\n"
        self.stdout.write(_("已处理 %(n)d 行") % {"n": done}, ending=end)
        self.stdout.flush()

    def report(self, added: int, known: int, without: int, broken: int) -> None:
        """Print what became of the file, and the share for which no category spoke."""
        self.stdout.write("")
        self.stdout.write(_("新增 %(n)d 件") % {"n": added})
        self.stdout.write(_("已有 %(n)d 件，没有重复导入") % {"n": known})
        share = 100 * without / added if added else 0.0
        words = {"n": without, "share": f"{share:.1f}"}
        self.stdout.write(_("归入“其他”：%(n)d 件，占新增的 %(share)s%%") % words)
        self.stdout.write(_("没有导入：%(n)d 行") % {"n": broken})

    def keep_broken(self, broken: list[Broken], path: Path) -> None:
        """Write the rows that could not be taken, each with its reason, or take away an old list of them."""
        if not broken:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([_("行"), _("原因"), _("内容")])
            writer.writerows([row.line, row.reason, *map(harmless, row.cells)] for row in broken)
        self.stdout.write(_("没有导入的行和原因在 %(path)s") % {"path": path})
