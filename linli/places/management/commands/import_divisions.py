"""linli import-divisions FOLDER: load the official division tables."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.errors import Refused
from linli.base.tables import harmless
from linli.places import actions as places


class Command(BaseCommand):
    help = "Load the official division tables (CSV) of a folder; running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--errors", type=Path, default=settings.DATA / "division-errors.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = places.import_divisions(options["folder"], at=timezone.now(), progress=self.say)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        words = {
            "added": _("新增"),
            "renamed": _("改名"),
            "recoded": _("换代码，旧代码仍可查到"),
            "moved": _("换上级"),
            "aliased": _("记下旧代码"),
            "unchanged": _("没有变化"),
            "old_code": _("是旧代码，已有新的"),
            "pseudo": _("虚设区划，下级直接归上一级"),
        }
        self.stdout.write("")
        for what, count in result.counts.items():
            if what in words:
                self.stdout.write(f"{words[what]}: {count}")
        self.keep_faults(result.faults, options["errors"])

    def say(self, done: int, total: int) -> None:
        """Show how far it is, on one line of a terminal and on lines of a log."""
        end = "\r" if self.stdout.isatty() else "\n"
        self.stdout.write(_("已处理 %(done)s / %(total)s") % {"done": done, "total": total}, ending=end)
        self.stdout.flush()

    def keep_faults(self, faults: list[places.Fault], path: Path) -> None:
        """Write the rows that could not be loaded, each with its reason, or take away an old list of them."""
        if not faults:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        columns = list(dict.fromkeys(column for fault in faults for column in fault.line.cells))
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([_("文件"), _("行"), _("原因"), *columns])
            for fault in faults:
                cells = [harmless(fault.line.cells.get(column, "")) for column in columns]
                writer.writerow([fault.line.file, fault.line.number, fault.reason, *cells])
        self.stderr.write(_("%(n)s 行没有导入，原因写在 %(path)s") % {"n": len(faults), "path": path})
